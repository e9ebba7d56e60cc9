//! nginx's access log with the variables of the upstream, as JSON or as `name=value` pairs: one field a
//! variable, named like it.

use super::entry::{Entry, Found};
use super::shared::proxied::Proxied;
use super::shared::request_line;
use super::{About, Dialect};
use crate::model::Layer;

pub struct Nginx;

const ABOUT: About = About {
    id: "nginx",
    title: "nginx access log in JSON or in name=value pairs",
    layer: Layer::Proxy,
    tells: "status of every upstream that was tried, elapsed time, nginx's own id, the provider's id and the body where they are logged",
    lacks: "error types; errors inside streams look like success",
};

impl Dialect for Nginx {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "\"upstream_",
            "\"request_time",
            "upstream_status",
            "upstream_addr",
            "upstream_response_time",
            "request_time=",
            " rt=",
            " urt=",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let log = match entry.fields {
            Some(node) => Proxied::of_node(node),
            None => pairs(&entry.text),
        };
        if log.is_of_proxy() {
            log.read(&ABOUT, entry, found);
        }
    }
}

/// `gw.example "POST /v1/messages HTTP/1.1" status=529 upstream_status="500, 529"`: the request may have no name.
fn pairs(text: &[u8]) -> Proxied<'_> {
    let mut log = Proxied::of_pairs(text);
    if let Some(line) = request_line::find(text) {
        log.add("uri", line.path);
        log.add("method", line.method);
    }
    log
}

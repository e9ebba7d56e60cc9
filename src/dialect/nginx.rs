//! nginx's access log with the variables of the upstream, as JSON or as `name=value` pairs: one field a
//! variable, named like it.

use super::entry::{Entry, Found};
use super::shared::proxied::Proxied;
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
            None => Proxied::of_pairs(&entry.text),
        };
        if log.is_of_proxy() {
            log.read(&ABOUT, entry, found);
        }
    }
}

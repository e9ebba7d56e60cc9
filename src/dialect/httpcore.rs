//! httpcore and httpcore2: what happens on the connection, step by step.

use super::entry::{Entry, Found};
use super::shared::{address, headers, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, Layer, Stage};

pub struct Httpcore;

const ABOUT: About = About {
    id: "httpcore",
    title: "httpcore connection traces (DEBUG)",
    layer: Layer::Client,
    tells: "status, all response headers with their ids, host, time of every step, why a connection failed",
    lacks: "URL path, model, request headers and bodies, response bodies",
};

impl Dialect for Httpcore {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "connect_tcp.",
            "start_tls.",
            "send_request_headers.",
            "send_request_body.",
            "receive_response_",
            "response_closed.",
            "connect_unix_socket.",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        // `httpcore.connection connect_tcp.started host='api.anthropic.com' port=443 …`
        let find = |needle: &str| memchr::memmem::find(&text, needle.as_bytes());
        if let Some(at) = find("receive_response_headers.complete") {
            response(entry, found, &text, at);
        } else if let Some(at) = find("send_request_headers.started").filter(|_| find("b'CONNECT'").is_none()) {
            let fact = entry.fact(&ABOUT, Stage::Begin(3), at);
            found.push(fact);
        } else if let Some(at) = find(".failed exception=") {
            failure(entry, found, &text, at);
        } else {
            found.understood();
        }
    }
}

/// `return_value=(b'HTTP/1.1', 529, b'', [(b'Date', b'…'), …])`
fn response(entry: &Entry<'_>, found: &mut Found<'_>, text: &[u8], at: usize) {
    let Some((tuple, _)) = Node::read(text.get(at..).unwrap_or_default()) else { return found.understood() };
    let values: Vec<&Node<'_>> = tuple.entries().map(|(_, value)| value).collect();
    let Some(status) = values.iter().find_map(|v| v.number::<u16>()) else { return found.understood() };
    let mut fact = entry.fact(&ABOUT, Stage::Response(0), at);
    let list = values.iter().find(|v| v.is_group());
    if let Some(list) = list {
        headers::read(list, found.clean, &mut fact.seen, &mut fact.links);
    }
    // a proxy that lets a connection through says 200 without a header worth the name
    if list.is_none_or(|l| l.entries().next().is_none()) && status == 200 {
        return found.understood();
    }
    fact.seen.status = Some(status);
    found.push(fact);
}

/// `connect_tcp.failed exception=ConnectError(…)`
fn failure(entry: &Entry<'_>, found: &mut Found<'_>, text: &[u8], at: usize) {
    let rest = text.get(at..).unwrap_or_default();
    let Some(trouble) = trouble::of(rest) else { return found.understood() };
    // a response that breaks off had begun
    let body = memchr::memmem::find(text, b"receive_response_body").is_some();
    let mut fact: Fact = entry.fact(&ABOUT, if body { Stage::Detail } else { Stage::Response(0) }, at);
    fact.seen.trouble = Some(if body { crate::model::Trouble::StreamCut } else { trouble });
    if let Some(host) = super::entry::between(text, "host='", "'").filter(|h| address::is_host(h)) {
        fact.seen.base_url = found.clean.base_url(&[b"https://", host].concat());
    }
    found.push(fact);
}

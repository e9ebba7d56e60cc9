//! Portkey's gateway: one event a request in the feed that its console shows, with each target that was tried.

use super::entry::{Entry, Found};
use super::shared::{address, body, request, status, trouble};
use super::{About, Dialect};
use crate::literal::{Node, Timestamp};
use crate::model::{Fact, IdKind, Layer, LinkKind, Stage};

pub struct Portkey;

const ABOUT: About = About {
    id: "portkey",
    title: "Portkey gateway: the feed of its log (/log/stream)",
    layer: Layer::Gateway,
    tells: "status, model, endpoint, payload and error body of the last attempt at each target, elapsed time over all its retries",
    lacks: "retries, their number and their times; the provider's request id unless an error body names it; zone",
};

impl Dialect for Portkey {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["\"requestOptions\""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let read = match entry.fields {
            Some(node) => Some(node.clone()),
            None => {
                memchr::memchr(b'{', &entry.text).and_then(|at| Node::read(entry.text.get(at..)?)).map(|(node, _)| node)
            }
        };
        let Some(event) = read else { return };
        let Some(targets) = event.get("requestOptions").filter(|t| t.is_group()) else { return };
        let time = event.get("time").and_then(Node::bytes).and_then(Timestamp::begins).map(|(time, _)| time);
        let targets: Vec<&Node<'_>> = targets.entries().map(|(_, target)| target).collect();
        for (index, target) in targets.iter().enumerate() {
            let last = index + 1 == targets.len();
            let mut fact = entry.fact(&ABOUT, if last { Stage::Whole } else { Stage::Retry }, 0);
            if time.is_some() {
                (fact.time, fact.time_inherited) = (time, false);
            }
            read_target(target, found, &mut fact);
            if last {
                answer(&event, &mut fact);
            }
            found.push(fact);
        }
    }
}

fn read_target(target: &Node<'_>, found: &mut Found<'_>, fact: &mut Fact) {
    let seen = &mut fact.seen;
    let sent = target.at(&["transformedRequest", "body"]).filter(|b| request::is_request(b));
    if let Some(sent) = sent.or_else(|| target.get("requestParams")) {
        request::read(sent, found.clean, seen);
    }
    if let Some(url) = target.at(&["providerOptions", "requestURL"]).and_then(Node::bytes) {
        address::read_url(url, found.clean, seen);
    }
    let original = target.at(&["originalResponse", "body"]);
    seen.status = target.at(&["response", "status"]).and_then(Node::number).filter(|s| status::is_one(*s));
    if let Some(answer) = original {
        if body::is_error(answer) {
            body::error(answer, found.clean, seen);
        } else {
            body::success(answer, found.clean, seen);
        }
    } else if let Some(text) = target
        .at(&["response", "error", "message"])
        .or_else(|| target.at(&["response", "html-message"]))
        .and_then(Node::bytes)
    {
        // what its own library said of the connection
        seen.trouble = trouble::of(text);
    }
    if let Some(id) = target.get("hookSpanId").and_then(Node::bytes) {
        seen.ids.extend(found.clean.named_id(IdKind::GatewayRequest, "hookSpanId", id));
        fact.links.extend(super::entry::link(LinkKind::Gateway, id, found.clean));
    }
    fact.seen.marks.gateway = true;
}

/// What the client got.
fn answer(event: &Node<'_>, fact: &mut Fact) {
    let seen = &mut fact.seen;
    seen.elapsed_ms = event.get("duration").and_then(Node::number);
    let status: Option<u16> = event.get("status").and_then(Node::number).filter(|s| status::is_one(*s));
    if seen.trouble.is_some() {
        // it never had a response to pass on
        seen.reported_status = status;
    } else {
        seen.status = seen.status.or(status);
    }
}

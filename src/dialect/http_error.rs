//! Errors that HTTP clients and generated SDKs for JavaScript print: beside the message stands the response, or all
//! that the client knows of the request. Each has names of its own for the same few things.

use super::entry::{Entry, Found};
use super::shared::{address, body, error_text, headers, request};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, Layer, Stage};
use crate::redact::Cleaner;

pub struct HttpError;

const ABOUT: About = About {
    id: "http-error",
    title: "Errors and responses of HTTP clients (got, ky, fetch), AWS' and generated SDKs for JavaScript, as util.inspect prints them",
    layer: Layer::Client,
    tells: "status, error type, request id, URL and headers of the last attempt; with AWS' SDK how many attempts there were",
    lacks: "earlier attempts, time",
};

/// Where each of them keeps the status.
const STATUS: &[&[&str]] = &[
    &["statusCode"],
    &["status"],
    &["$metadata", "httpStatusCode"],
    &["metadata", "httpStatusCode"],
    &["response", "status"],
    &["response", "statusCode"],
    &["rawResponse", "status"],
];
/// Headers of the response.
const HEADERS: &[&[&str]] =
    &[&["response", "headers"], &["rawResponse", "headers"], &["responseHeaders"], &["headers"]];
/// What was called.
const URL: &[&[&str]] =
    &[&["response", "url"], &["rawResponse", "url"], &["request", "url"], &["options", "url", "href"], &["url"]];
/// What was sent, and what came back.
const SENT: &[&[&str]] = &[&["options", "body"]];
const ANSWERED: &[&[&str]] = &[&["responseBody"], &["response", "body"], &["body"]];
/// AWS' own account of a call.
const METADATA: &[&str] = &["$metadata", "metadata"];

impl Dialect for HttpError {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["HTTPError: ", "rawResponse: ", "$metadata", "httpStatusCode: ", "Response {\n", "ApiError: {"]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let read = entry.fields.map(|fields| (0, fields.clone())).or_else(|| object(&text));
        let Some((at, object)) = read else { return };
        let mut fact = entry.fact(&ABOUT, Stage::Error, at);
        let exception = error_text::exceptions(text.get(..at).unwrap_or_default()).last();
        let class = exception.as_ref().map(|e| e.class.to_vec());
        if let Some(exception) = exception {
            error_text::one(exception, found.clean, &mut fact.seen);
        }
        fields(&object, found.clean, &mut fact);
        let seen = &mut fact.seen;
        if metadata(&object).is_some() && seen.error_type.is_none() {
            // AWS names the class by the error
            let kind = class.filter(|c| c.ends_with(b"Exception"));
            seen.error_type = kind.and_then(|kind| found.clean.word(&kind));
        }
        let is_llms = seen.request_id.is_some()
            || seen.marks.provider_body
            || seen.model.is_some()
            || first(&object, URL).and_then(Node::bytes).is_some_and(address::is_llm_url);
        if seen.status.is_some() && is_llms {
            fact.stage = if seen.failed() { Stage::Error } else { Stage::Whole };
            found.push(fact);
        }
    }
}

/// The object behind the message and the frames, and where it begins.
fn object(text: &[u8]) -> Option<(usize, Node<'_>)> {
    let opens = memchr::memmem::find_iter(text, b"{\n").take(8);
    opens
        .filter_map(|at| Some((at, Node::read(text.get(at..)?)?.0)))
        .find(|(_, node)| first(node, STATUS).or(first(node, URL)).is_some())
}

fn first<'n, 't>(node: &'n Node<'t>, paths: &[&[&str]]) -> Option<&'n Node<'t>> {
    paths.iter().find_map(|path| node.at(path))
}

fn metadata<'n, 't>(node: &'n Node<'t>) -> Option<&'n Node<'t>> {
    METADATA.iter().filter_map(|name| node.get(name)).find(|m| m.get("httpStatusCode").is_some())
}

/// What the object tells of the attempt.
fn fields(object: &Node<'_>, clean: &mut Cleaner, fact: &mut Fact) {
    let seen = &mut fact.seen;
    seen.status = first(object, STATUS).and_then(Node::number).or(seen.status);
    if let Some(sent) = first(object, SENT).and_then(Node::bytes) {
        request::sent(sent, clean, seen);
    }
    if let Some(list) = first(object, HEADERS) {
        headers::read(list, clean, seen, &mut fact.links);
    }
    if let Some(url) = first(object, URL).and_then(Node::bytes).filter(|url| address::is_llm_url(url)) {
        address::read_url(url, clean, seen);
    }
    if let Some(answer) = first(object, ANSWERED).and_then(Node::bytes) {
        body::answer(answer, clean, seen);
    }
    if let Some(model) = object.at(&["input", "modelId"]).and_then(Node::bytes) {
        seen.model = seen.model.take().or_else(|| clean.model(model));
    }
    let Some(metadata) = metadata(object) else { return };
    if let Some(id) = metadata.get("requestId").and_then(Node::bytes) {
        body::request_id(id, clean, seen);
    }
    if let Some(attempts) = metadata.get("attempts").and_then(Node::number) {
        seen.count(attempts);
    }
}

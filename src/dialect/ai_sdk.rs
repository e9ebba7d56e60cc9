//! The Vercel AI SDK's errors, as `util.inspect` or JSON: one of them carries every attempt of its call.

use super::entry::{Entry, Found};
use super::shared::{address, body, error_text, headers, request, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, Layer, Marks, Stage, Trouble};

pub struct AiSdk;

const ABOUT: About = About {
    id: "ai-sdk",
    title: "Errors of the Vercel AI SDK (console.error, JSON.stringify, pino)",
    layer: Layer::Client,
    tells: "all attempts of a call that failed: status, error type, request id, URL; of the last one headers and the request's shape",
    lacks: "times; request ids of errors inside streams; calls that succeeded",
};

/// Errors inside errors are sought so deep.
const MAX_DEPTH: usize = 4;

impl Dialect for AiSdk {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["AI_RetryError", "AI_APICallError", "AI_StreamProviderError", "vercel.ai.error"]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let printed: Vec<Printed<'_>> = printed(&text).collect();
        if !printed.is_empty() {
            let attempts: Vec<&Printed<'_>> = printed.iter().filter(|p| p.kind != "AI_RetryError" && !p.last).collect();
            for (i, error) in attempts.iter().enumerate() {
                attempt(entry, found, error.at, error.kind, error.object.as_ref(), (i, attempts.len()));
            }
            // the last one stands there again, in more detail
            for error in printed.iter().filter(|p| p.last) {
                again(entry, found, error.at, error.object.as_ref());
            }
        } else if let Some(error) =
            entry.fields.or(Node::read(&text).map(|(node, _)| node).as_ref()).and_then(|n| find(n, 0))
        {
            structured(entry, found, error);
        }
    }
}

/// An error in the form of `util.inspect`.
struct Printed<'t> {
    at: usize,
    kind: &'static str,
    /// Whether it repeats the last of `errors`.
    last: bool,
    object: Option<Node<'t>>,
}

const KINDS: &[&str] = &["AI_RetryError", "AI_APICallError", "AI_StreamProviderError"];

/// `APICallError [AI_APICallError]: Overloaded`, frames, `{`, fields.
fn printed(text: &[u8]) -> impl Iterator<Item = Printed<'_>> {
    let heads = memchr::memmem::find_iter(text, b" [AI_").filter_map(|at| {
        let rest = text.get(at + 2..)?;
        let kind = KINDS
            .iter()
            .find(|k| rest.starts_with(k.as_bytes()) && rest.get(k.len()..).is_some_and(|r| r.starts_with(b"]")))?;
        Some((at, *kind))
    });
    let heads: Vec<(usize, &'static str)> = heads.collect();
    let ends: Vec<usize> = heads.iter().skip(1).map(|(at, _)| *at).chain([text.len()]).collect();
    heads.into_iter().zip(ends).map(|((at, kind), end)| {
        let own = text.get(at..end).unwrap_or_default();
        // the fields follow the frames
        let fields = memchr::memmem::find(own, b" {\n")
            .or_else(|| memchr::memmem::find(own, b" {\r\n"))
            .filter(|_| kind != "AI_RetryError");
        let object = fields.and_then(|brace| Node::read(text.get(at + brace..)?)).map(|(node, _)| node);
        let line = memchr::memrchr(b'\n', text.get(..at).unwrap_or_default()).map_or(0, |n| n + 1);
        let last = text.get(line..at).is_some_and(|l| l.trim_ascii_start().starts_with(b"lastError:"));
        Printed { at, kind, last, object }
    })
}

/// The error in a structured record: on its own, or under `err`, `error` and the like.
fn find<'n, 't>(node: &'n Node<'t>, depth: usize) -> Option<&'n Node<'t>> {
    let ours = node.get("lastError").is_some_and(Node::is_group)
        || node.get("name").and_then(Node::str).is_some_and(|n| KINDS.contains(&n))
        || node.get("requestBodyValues").is_some();
    if ours {
        return Some(node);
    }
    if depth >= MAX_DEPTH {
        return None;
    }
    node.entries()
        .filter(|(name, value)| !name.is_empty() && value.is_group())
        .find_map(|(_, value)| find(value, depth + 1))
}

fn structured(entry: &Entry<'_>, found: &mut Found<'_>, error: &Node<'_>) {
    let kind = |node: &Node<'_>| {
        KINDS.iter().find(|k| node.get("name").and_then(Node::str) == Some(**k)).copied().unwrap_or("AI_APICallError")
    };
    let Some(errors) = error.get("errors").filter(|e| e.entries().next().is_some()) else {
        let only = error.get("lastError").filter(|e| e.is_group()).unwrap_or(error);
        return attempt(entry, found, 0, kind(only), Some(only), (0, 1));
    };
    let all: Vec<&Node<'_>> = errors.entries().map(|(_, e)| e).filter(|e| e.is_group()).collect();
    for (i, one) in all.iter().enumerate() {
        attempt(entry, found, 0, kind(one), Some(one), (i, all.len()));
    }
    if let Some(last) = error.get("lastError") {
        again(entry, found, 0, Some(last));
    }
}

/// One attempt, and its place among those of its call.
fn attempt(
    entry: &Entry<'_>,
    found: &mut Found<'_>,
    at: usize,
    kind: &'static str,
    object: Option<&Node<'_>>,
    (index, of): (usize, usize),
) {
    let mut fact = entry.fact(&ABOUT, Stage::Whole, at);
    fact.seen.exception = found.clean.word(kind.as_bytes());
    if let Some(object) = object {
        fields(object, found, &mut fact);
    }
    if kind == "AI_StreamProviderError" {
        // it chooses a status by the error's type; what arrived was the beginning of a stream
        fact.seen.reported_status = fact.seen.status.take();
        fact.seen.trouble = Some(Trouble::StreamError);
        fact.seen.stream = Some(true);
    } else if fact.seen.status.is_none() && fact.seen.error_type.is_none() {
        fact.seen.trouble = trouble::of(entry.text.get(at..).unwrap_or_default());
    }
    if of > 1 {
        fact.seen.number = Some(index as u32 + 1);
        fact.seen.retries_left = Some((of - 1 - index) as u32);
    } else {
        fact.stage = Stage::Error;
    }
    found.push(fact);
}

/// More about the attempt told last.
fn again(entry: &Entry<'_>, found: &mut Found<'_>, at: usize, object: Option<&Node<'_>>) {
    let Some(object) = object else { return };
    let mut fact = entry.fact(&ABOUT, Stage::Detail, at);
    fields(object, found, &mut fact);
    found.push(fact);
}

fn fields(object: &Node<'_>, found: &mut Found<'_>, fact: &mut Fact) {
    let seen = &mut fact.seen;
    if let Some(sent) = object.get("requestBodyValues").filter(|b| b.is_group()) {
        request::read(sent, found.clean, seen);
    }
    seen.marks = Marks::default();
    if let Some(url) = object.get("url").and_then(Node::bytes) {
        address::read_url(url, found.clean, seen);
    }
    seen.status = object.get("statusCode").and_then(Node::number);
    if let Some(list) = object.get("responseHeaders") {
        headers::read(list, found.clean, seen, &mut fact.links);
    }
    if let Some(text) = object.get("responseBody").and_then(Node::bytes) {
        body::answer(text, found.clean, seen);
    }
    let kind =
        object.get("type").or_else(|| object.at(&["data", "type"])).and_then(Node::bytes).filter(|t| *t != b"error");
    seen.error_type = seen.error_type.take().or_else(|| found.clean.word(kind?));
    if let Some(data) = object.get("data").filter(|d| body::is_error(d)) {
        body::error(data, found.clean, seen);
    }
    if let Some(cause) = object.get("cause").and_then(|c| c.get("code")).and_then(Node::bytes) {
        seen.cause = found.clean.word(cause);
    }
    if seen.error_type.is_none()
        && seen.status.is_none()
        && let Some(message) = object.get("message").and_then(Node::bytes)
    {
        error_text::read(message, found.clean, seen);
    }
}

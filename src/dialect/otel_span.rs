//! OpenTelemetry spans of calls to LLMs: what the console exporters print and OTLP/JSON, with the attributes of
//! the GenAI conventions, of the SDKs' own spans and of HTTP client instrumentations.

use super::entry::{Entry, Found};
use super::shared::fields::{self, Field};
use super::shared::{address, status};
use super::{About, Dialect};
use crate::literal::{Node, Timestamp};
use crate::model::{Layer, Seen, Stage, Trouble};

pub struct OtelSpan;

const ABOUT: About = About {
    id: "otel-span",
    title: "OpenTelemetry spans of LLM calls (console exporter, OTLP/JSON)",
    layer: Layer::Client,
    tells: "model, endpoint, status, error type, request id of the last attempt, how many attempts there were, duration of the call",
    lacks: "status, id and time of the attempts before the last",
};

impl Dialect for OtelSpan {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["\"resourceSpans\"", "\"trace_id\"", "\"traceId\"", "traceId: '", "\"resource_spans\""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let Some(node) = entry.fields else { return };
        if node.get("resourceSpans").or_else(|| node.get("resource_spans")).is_some() {
            found.understood();
            for span in spans(node) {
                one(span, entry, found);
            }
        } else if node.get("attributes").is_some_and(Node::is_group)
            && (node.get("context").or_else(|| node.get("traceId")).is_some())
            && node.get("name").is_some()
        {
            found.understood();
            one(node, entry, found);
        }
    }
}

/// The spans of an OTLP export.
fn spans<'n>(node: &'n Node<'_>) -> impl Iterator<Item = &'n Node<'n>> {
    let list = |node: &'n Node<'_>, names: [&str; 2]| {
        let found = names.iter().find_map(|name| node.get(name));
        found.into_iter().flat_map(|list| list.entries().map(|(_, item)| item)).collect::<Vec<_>>()
    };
    let resources = list(node, ["resourceSpans", "resource_spans"]);
    let scopes = resources.into_iter().flat_map(move |r| list(r, ["scopeSpans", "scope_spans"]));
    scopes.flat_map(move |s| list(s, ["spans", "spans"]))
}

/// An attribute's value, where a type stands around it: `{"intValue": "529"}`.
fn value<'n>(value: &'n Node<'n>) -> &'n Node<'n> {
    match value.entries().next() {
        Some((kind, inner)) if kind.ends_with(b"Value") || kind.ends_with(b"_value") => inner,
        _ => value,
    }
}

fn one(span: &Node<'_>, entry: &Entry<'_>, found: &mut Found<'_>) {
    let Some(list) = span.get("attributes") else { return };
    let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
    let seen = &mut fact.seen;
    let mut kind = None;
    let mut genai = false;
    for (name, told) in list.pairs() {
        let told = value(told);
        genai |= name.starts_with(b"gen_ai.") || name.starts_with(b"anthropic.") || name.starts_with(b"llm.");
        match name {
            // a class of errors: the provider's name for it, the exception's, or the status
            b"error.type" => kind = told.bytes(),
            _ => {
                let folded = fields::fold(name);
                // the last two parts of a longer name: `http.response.status_code`
                let field = fields::field(&folded);
                if let Some(field) = field.filter(|f| !matches!(f, Field::Request_ | Field::Response | Field::Headers))
                {
                    fields::leaf(field, told, found.clean, seen, &mut fact.links);
                }
            }
        }
    }
    let host = list.header("server.address").map(value).and_then(Node::bytes).is_some_and(address::is_host);
    let llm = genai || host || seen.endpoint.as_ref().is_some_and(|e| address::is_endpoint(e.as_str().as_bytes()));
    if !llm {
        return;
    }
    if let Some(kind) = kind {
        error_type(kind, found, seen);
    }
    failure(span, found, seen);
    if seen.status.is_none() && !seen.failed() && seen.request_id.is_none() {
        return;
    }
    if seen.status.is_some_and(|s| s < 400) && seen.error_type.is_some() {
        seen.trouble = seen.trouble.or(Some(Trouble::StreamError));
    }
    times(span, &mut fact);
    if fact.seen.status.is_none() && fact.seen.failed() {
        fact.stage = Stage::Error;
    }
    for (name, field) in [("trace_id", Field::Trace), ("span_id", Field::Span)] {
        let camel = if name == "trace_id" { "traceId" } else { "spanId" };
        let id = span.at(&["context", name]).or_else(|| span.get(camel)).and_then(Node::bytes);
        if let Some(id) = id.map(|id| id.strip_prefix(b"0x").unwrap_or(id)) {
            fields::leaf(field, &Node::Bare(id), found.clean, &mut fact.seen, &mut fact.links);
        }
    }
    found.push(fact);
}

/// `overloaded_error`, `anthropic.RateLimitError`, `529`.
fn error_type(kind: &[u8], found: &mut Found<'_>, seen: &mut Seen) {
    if kind.iter().all(u8::is_ascii_digit) {
        seen.status = seen.status.or_else(|| status::begins(kind));
    } else if kind.contains(&b'.')
        || kind.first().is_some_and(u8::is_ascii_uppercase)
            && kind.iter().any(u8::is_ascii_lowercase)
            && !kind.contains(&b'_')
    {
        seen.exception = seen.exception.take().or_else(|| found.clean.word(kind));
    } else if kind != b"_OTHER" {
        seen.error_type = seen.error_type.take().or_else(|| found.clean.word(kind));
    }
}

/// What the span's status and its exception events say.
fn failure(span: &Node<'_>, found: &mut Found<'_>, seen: &mut Seen) {
    let mut texts: Vec<&[u8]> = Vec::new();
    let events = span.get("events").into_iter().flat_map(|e| e.entries().map(|(_, event)| event).collect::<Vec<_>>());
    for attributes in events.filter_map(|e| e.get("attributes")) {
        for name in ["exception.message", "exception.stacktrace"] {
            texts.extend(attributes.header(name).map(value).and_then(Node::bytes));
        }
        if let Some(class) = attributes.header("exception.type").map(value).and_then(Node::bytes) {
            seen.exception = seen.exception.take().or_else(|| found.clean.word(class));
        }
    }
    let told = span.at(&["status", "description"]).or_else(|| span.at(&["status", "message"])).and_then(Node::bytes);
    for text in texts.into_iter().chain(told) {
        fields::leaf(Field::ErrorText, &Node::Bare(text), found.clean, seen, &mut Vec::new());
    }
}

/// When it began and how long it took; of a call with retries that is not the last attempt's time.
fn times(span: &Node<'_>, fact: &mut crate::model::Fact) {
    let time = |names: [&str; 3]| {
        let text = names.iter().find_map(|name| span.get(name)).and_then(Node::bytes)?;
        Timestamp::begins(text)
            .map(|(time, _)| time)
            .filter(|t| t.utc_ms().is_some())
            .or_else(|| Timestamp::epoch(text))
    };
    let (start, end) = (
        time(["start_time", "startTimeUnixNano", "start_time_unix_nano"]),
        time(["end_time", "endTimeUnixNano", "end_time_unix_nano"]),
    );
    let retried = fact.seen.earlier.is_some_and(|n| n > 0);
    if let Some(time) = if retried { end.or(start) } else { start.or(end) } {
        fact.time = Some(time);
        fact.time_inherited = false;
    }
    if let Some((start, end)) = start.and_then(|t| t.utc_ms()).zip(end.and_then(|t| t.utc_ms())).filter(|_| !retried) {
        fact.seen.elapsed_ms = u64::try_from(end - start).ok();
    }
}

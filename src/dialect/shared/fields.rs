//! Fields of structured logs: what each name tells, whatever program wrote it.
//!
//! Names come from OpenTelemetry's semantic conventions, the Elastic Common Schema, Datadog, and the habits
//! of programs. Spelling does not matter: `statusCode`, `status_code` and `status.code` are one.

mod names;

pub use names::{Field, field};

use super::{address, body, error_text, headers, request, status};
use crate::literal::Node;
use crate::model::{Id, IdKind, Link, LinkKind, Seen, UserBy, id_kind};
use crate::redact::Cleaner;

/// Objects are looked into so deep.
const MAX_DEPTH: usize = 5;

/// Objects whose own name adds nothing: their fields count as if they stood outside.
const TRANSPARENT: &[&str] = &[
    "error",
    "err",
    "exc",
    "exception",
    "response",
    "res",
    "request",
    "req",
    "http",
    "attributes",
    "fields",
    "context",
    "extra",
    "data",
    "event",
    "meta",
    "metadata",
    "details",
    "labels",
    "record",
    "llm",
    "span",
    "cause",
    "upstream",
    "props",
    "properties",
    "jsonpayload",
    "httprequest",
    "responsemetadata",
];

/// Objects that some programs print as lists of such.
const LISTS: &[&str] = &["error", "exception", "exc", "cause"];

/// Letters and digits in lower case.
#[must_use]
pub fn fold(name: &[u8]) -> String {
    name.iter().filter(|b| b.is_ascii_alphanumeric()).map(|b| b.to_ascii_lowercase() as char).collect()
}

/// Reads all fields of an object, and of the objects in it.
pub fn read(node: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen, links: &mut Vec<Link>) {
    inner(node, "", 0, clean, seen, links);
}

fn inner(node: &Node<'_>, parent: &str, depth: usize, clean: &mut Cleaner, seen: &mut Seen, links: &mut Vec<Link>) {
    for (name, value) in node.entries() {
        if name.is_empty() {
            if let Some((name, value)) = attribute(value).filter(|_| parent == "attributes") {
                if let Some(told) = field(&fold(name)) {
                    leaf(told, value, clean, seen, links);
                }
            } else if LISTS.contains(&parent) && value.is_group() && depth < MAX_DEPTH {
                // a chain of exceptions
                inner(value, parent, depth + 1, clean, seen, links);
            }
            continue;
        }
        // Serilog's compact form marks its own names
        let own = if name == b"@x" { "exception".to_owned() } else { fold(name) };
        let told = field(&format!("{parent}{own}")).or_else(|| field(&own));
        match (told, value.is_group()) {
            (Some(Field::Headers), true) => headers::read(value, clean, seen, links),
            (Some(Field::Request_), _) => request_body(value, clean, seen),
            (Some(Field::Response), _) => response_body(value, clean, seen),
            (Some(told @ (Field::User | Field::EndUser)), true) => {
                // an object that says who it is: `"user": {"id": …}`
                if let Some(id) = ["id", "user_id", "userId", "email"].iter().find_map(|name| value.get(name)) {
                    leaf(told, id, clean, seen, links);
                }
            }
            (_, true) if depth < MAX_DEPTH => {
                if body::is_error(value) || own == "error" && body::is_error(node) {
                    body::error(if body::is_error(value) { value } else { node }, clean, seen);
                }
                if request::is_request(value) {
                    request::read(value, clean, seen);
                } else if TRANSPARENT.contains(&own.as_str()) {
                    inner(value, &own, depth + 1, clean, seen, links);
                }
            }
            (Some(told), false) => leaf(told, value, clean, seen, links),
            _ => {}
        }
    }
}

/// `POST /v1/messages HTTP/1.1`, of an LLM's API.
fn request_line(line: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    let mut words = line.split(|b| *b == b' ');
    let parts = (words.next(), words.next(), words.next());
    let (Some(method), Some(target), Some(version)) = parts else { return };
    if version.starts_with(b"HTTP/") && address::is_endpoint(target) {
        seen.method = seen.method.take().or_else(|| clean.word(method));
        address::read_path(target, clean, seen);
    }
}

/// OpenTelemetry's `{"key":"http.response.status_code","value":{"intValue":"529"}}`.
fn attribute<'n, 't>(pair: &'n Node<'t>) -> Option<(&'n [u8], &'n Node<'t>)> {
    let (_, value) = pair.get("value")?.entries().next()?;
    Some((pair.get("key")?.bytes()?, value))
}

/// Reads a value of which is known what it tells, whatever its name.
pub fn value(told: Field, value: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen, links: &mut Vec<Link>) {
    match told {
        Field::Headers if value.is_group() => headers::read(value, clean, seen, links),
        Field::Request_ => request_body(value, clean, seen),
        Field::Response => response_body(value, clean, seen),
        Field::ErrorText if value.is_group() => inner(value, "error", 0, clean, seen, links),
        _ => leaf(told, value, clean, seen, links),
    }
}

fn request_body(value: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen) {
    match value {
        Node::Text(text) => {
            if let Some((node, _)) = Node::read(text).filter(|(n, _)| request::is_request(n)) {
                request::read(&node, clean, seen);
            }
        }
        node if request::is_request(node) => request::read(node, clean, seen),
        _ => {}
    }
}

fn response_body(value: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen) {
    match value {
        Node::Text(text) => {
            body::nested(text, clean, seen);
        }
        node if body::is_error(node) => {
            body::error(node, clean, seen);
        }
        node => body::success(node, clean, seen),
    }
}

/// Reads one field.
pub fn leaf(told: Field, value: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen, links: &mut Vec<Link>) {
    let Some(bytes) = value.bytes().map(<[u8]>::trim_ascii).filter(|b| !b.is_empty() && *b != b"-") else { return };
    let millis = |n: f64| (n.is_finite() && n >= 0.0).then_some(n.round() as u64);
    match told {
        Field::Status => seen.status = seen.status.or_else(|| status::with_reason(bytes)),
        Field::ErrorType => {
            // OpenTelemetry and the Elastic schema put the class of the exception there
            if error_text::is_class(bytes) {
                seen.exception = seen.exception.take().or_else(|| clean.word(bytes));
                return;
            }
            seen.marks.body_class |= bytes == b"error";
            let kind = Some(bytes).filter(|kind| body::is_type(kind));
            seen.error_type = seen.error_type.take().or_else(|| clean.word(kind?));
        }
        Field::ErrorCode => seen.error_code = seen.error_code.take().or_else(|| clean.word(bytes)),
        Field::Exception => seen.exception = seen.exception.take().or_else(|| clean.word(bytes)),
        Field::ErrorText => error(bytes, clean, seen),
        Field::Request => match id_kind(bytes) {
            Some(IdKind::ProviderRequest) => body::request_id(bytes, clean, seen),
            _ => id(IdKind::GatewayRequest, bytes, clean, seen),
        },
        Field::ProviderRequest => body::request_id(bytes, clean, seen),
        Field::GatewayRequest => {
            id(IdKind::GatewayRequest, bytes, clean, seen);
            links.extend(clean.id(bytes).map(|value| Link { kind: LinkKind::Gateway, value }));
        }
        Field::Ray => id(IdKind::EdgeRay, bytes, clean, seen),
        Field::Trace => {
            id(IdKind::Trace, bytes, clean, seen);
            links.extend(clean.id(bytes).map(|value| Link { kind: LinkKind::Trace, value }));
        }
        Field::Span => id(IdKind::Span, bytes, clean, seen),
        Field::Session => id(IdKind::Session, bytes, clean, seen),
        Field::Correlation => {
            id(IdKind::Correlation, bytes, clean, seen);
            links.extend(clean.id(bytes).map(|value| Link { kind: LinkKind::Trace, value }));
        }
        Field::Model => seen.model = seen.model.take().or_else(|| clean.model(bytes)),
        Field::Url | Field::Path if address::parts(bytes).is_some() => address::read_url(bytes, clean, seen),
        Field::Url | Field::Path if bytes.starts_with(b"/") => address::read_path(bytes, clean, seen),
        Field::Target if address::is_endpoint(bytes) => address::read_path(bytes, clean, seen),
        Field::Url | Field::Path | Field::Target => {}
        Field::Base => seen.base_url = seen.base_url.take().or_else(|| clean.base_url(bytes)),
        Field::RequestLine => request_line(bytes, clean, seen),
        Field::Method => seen.method = seen.method.take().or_else(|| clean.word(bytes)),
        Field::Millis => seen.elapsed_ms = seen.elapsed_ms.or_else(|| millis(value.number()?)),
        Field::Seconds => seen.elapsed_ms = seen.elapsed_ms.or_else(|| millis(value.number::<f64>()? * 1000.0)),
        Field::Attempt => seen.number = seen.number.or_else(|| value.number().filter(|n| *n > 0)),
        Field::Retries => {
            if let Some(number) = value.number::<u32>().and_then(|n| n.checked_add(1)) {
                seen.count(number);
            }
        }
        Field::Most => seen.most = seen.most.or_else(|| value.number()),
        Field::WaitMillis => seen.wait_ms = seen.wait_ms.or_else(|| millis(value.number()?)),
        Field::WaitSeconds => seen.wait_ms = seen.wait_ms.or_else(|| millis(value.number::<f64>()? * 1000.0)),
        Field::RetryAfter => {
            seen.retry_after_s =
                seen.retry_after_s.or_else(|| value.number().filter(|s: &f64| s.is_finite() && *s >= 0.0))
        }
        Field::Stream => seen.stream = seen.stream.or_else(|| value.bool()),
        Field::Region => seen.region = seen.region.take().or_else(|| clean.version(bytes)),
        Field::User => seen.is_for(clean.user(UserBy::Log, bytes)),
        Field::EndUser => seen.is_for(clean.user(UserBy::End, bytes)),
        Field::Headers | Field::Request_ | Field::Response => {}
    }
}

/// The text of an error: an exception, a body, or a sentence.
fn error(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    // an object that was cut is no sentence
    if !error_text::message(text, clean, seen) && !text.starts_with(b"{") {
        seen.message = seen.message.take().or_else(|| clean.message(text));
    }
}

fn id(kind: IdKind, value: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    if let Some(value) = clean.id(value) {
        let kind = id_kind(value.as_str().as_bytes()).unwrap_or(kind);
        seen.add_id(Id { kind, name: None, value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn seen(text: &str) -> Seen {
        let mut seen = Seen::default();
        let (node, _) = Node::read(text.as_bytes()).unwrap();
        read(&node, &mut Cleaner::new(RuleSet::builtin(), Classes::default()), &mut seen, &mut Vec::new());
        seen
    }

    #[test]
    fn every_schema_says_the_same() {
        for text in [
            r#"{"status":529,"error_type":"overloaded_error","request_id":"req_011CT713MmvDeEszFAzwPU4y","model":"claude-sonnet-5","endpoint":"https://api.anthropic.com/v1/messages","elapsed_ms":36.8}"#,
            r#"{"http":{"response":{"status_code":529}},"error":{"type":"overloaded_error"},"http.response.header.request-id":"req_011CT713MmvDeEszFAzwPU4y","gen_ai.request.model":"claude-sonnet-5","url.path":"/v1/messages","durationMs":"37"}"#,
            r#"{"err":{"message":"529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_011CT713MmvDeEszFAzwPU4y\"}","status":529},"model":"claude-sonnet-5","path":"/v1/messages","latency_s":0.037}"#,
        ] {
            let seen = seen(text);
            assert_eq!(seen.status, Some(529), "{text}");
            assert_eq!(seen.error_type.unwrap(), "overloaded_error", "{text}");
            assert_eq!(seen.request_id.unwrap(), "req_011CT713MmvDeEszFAzwPU4y", "{text}");
            assert_eq!(
                (seen.model.unwrap().as_str(), seen.endpoint.unwrap().as_str(), seen.elapsed_ms),
                ("claude-sonnet-5", "/v1/messages", Some(37)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_frameworks_request_id_is_its_own() {
        let seen = seen(r#"{"reqId":"req-1","request_id":"07bb51160c5d4dd7b2d8a2ca0f5a6dd9","status":500}"#);
        assert_eq!(seen.request_id, None);
        assert_eq!(seen.ids.len(), 2);
    }
}

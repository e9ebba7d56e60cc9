//! Fields of structured logs: what each name tells, whatever program wrote it.
//!
//! Names come from OpenTelemetry's semantic conventions, the Elastic Common Schema, Datadog, and the habits
//! of programs. Spelling does not matter: `statusCode`, `status_code` and `status.code` are one.

use super::{address, body, error_text, headers, request};
use crate::literal::Node;
use crate::model::{Id, IdKind, Link, LinkKind, Seen, id_kind};
use crate::redact::Cleaner;

/// Objects are looked into so deep.
const MAX_DEPTH: usize = 5;

/// What a field tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// HTTP status.
    Status,
    /// The provider's name for the error.
    ErrorType,
    /// Its finer code.
    ErrorCode,
    /// The class of the exception.
    Exception,
    /// The text of an error.
    ErrorText,
    /// The provider's id, if the value has the provider's shape; else somebody's id of the request.
    Request,
    /// The provider's id in whatever shape.
    ProviderRequest,
    /// An id that joins with a gateway's log.
    GatewayRequest,
    /// Another id.
    Ray,
    /// A trace.
    Trace,
    /// A span.
    Span,
    /// A session.
    Session,
    /// The caller's own id.
    Correlation,
    /// The model.
    Model,
    /// A URL.
    Url,
    /// A path.
    Path,
    /// A base URL or host.
    Base,
    /// HTTP method.
    Method,
    /// Elapsed milliseconds.
    Millis,
    /// Elapsed seconds.
    Seconds,
    /// Number of the attempt, from 1.
    Attempt,
    /// Retries before this attempt.
    Retries,
    /// Most attempts.
    Most,
    /// Wait before the next attempt in milliseconds.
    WaitMillis,
    /// Wait before the next attempt in seconds.
    WaitSeconds,
    /// What the server asked for, in seconds.
    RetryAfter,
    /// Whether the answer is streamed.
    Stream,
    /// Headers.
    Headers,
    /// The body of a request.
    Request_,
    /// The body of a response.
    Response,
    /// The cloud region.
    Region,
}

/// Names, folded: letters and digits in lower case. Of `a.b.c` the longest end that is listed decides.
const FIELDS: &[(&str, Field)] = &[
    ("status", Field::Status),
    ("statuscode", Field::Status),
    ("httpstatus", Field::Status),
    ("httpstatuscode", Field::Status),
    ("httpcode", Field::Status),
    ("responsecode", Field::Status),
    ("responsestatus", Field::Status),
    ("responsecode", Field::Status),
    ("responsestatuscode", Field::Status),
    ("httpresponsestatuscode", Field::Status),
    ("errorstatus", Field::Status),
    ("apierrorstatus", Field::Status),
    ("upstreamstatus", Field::Status),
    ("errortype", Field::ErrorType),
    ("apierrortype", Field::ErrorType),
    ("llmerrortype", Field::ErrorType),
    ("errorcode", Field::ErrorCode),
    ("exceptiontype", Field::Exception),
    ("exctype", Field::Exception),
    ("exceptionclass", Field::Exception),
    ("errorclass", Field::Exception),
    ("errorname", Field::Exception),
    ("errname", Field::Exception),
    ("errtype", Field::Exception),
    ("errormessage", Field::ErrorText),
    ("errmessage", Field::ErrorText),
    ("errormsg", Field::ErrorText),
    ("exceptionmessage", Field::ErrorText),
    ("error", Field::ErrorText),
    ("err", Field::ErrorText),
    ("exception", Field::ErrorText),
    ("excinfo", Field::ErrorText),
    ("excvalue", Field::ErrorText),
    ("exceptionvalue", Field::ErrorText),
    ("stack", Field::ErrorText),
    ("stacktrace", Field::ErrorText),
    ("traceback", Field::ErrorText),
    ("statusmessage", Field::ErrorText),
    ("requestid", Field::Request),
    ("xrequestid", Field::Request),
    ("reqid", Field::Request),
    ("httpresponseheaderrequestid", Field::ProviderRequest),
    ("anthropicrequestid", Field::ProviderRequest),
    ("openairequestid", Field::ProviderRequest),
    ("llmrequestid", Field::ProviderRequest),
    ("providerrequestid", Field::ProviderRequest),
    ("upstreamrequestid", Field::ProviderRequest),
    ("awsrequestid", Field::ProviderRequest),
    ("azureservicerequestid", Field::ProviderRequest),
    ("azservicerequestid", Field::ProviderRequest),
    ("xamznrequestid", Field::ProviderRequest),
    ("apimrequestid", Field::ProviderRequest),
    ("litellmcallid", Field::GatewayRequest),
    ("gatewayrequestid", Field::GatewayRequest),
    ("cfray", Field::Ray),
    ("rayid", Field::Ray),
    ("traceid", Field::Trace),
    ("ddtraceid", Field::Trace),
    ("oteltraceid", Field::Trace),
    ("traceparent", Field::Trace),
    ("spanid", Field::Span),
    ("ddspanid", Field::Span),
    ("sessionid", Field::Session),
    ("conversationid", Field::Session),
    ("genaiconversationid", Field::Session),
    ("correlationid", Field::Correlation),
    ("corrid", Field::Correlation),
    ("jobid", Field::Correlation),
    ("model", Field::Model),
    ("modelname", Field::Model),
    ("modelid", Field::Model),
    ("genairequestmodel", Field::Model),
    ("requestmodel", Field::Model),
    ("llmmodel", Field::Model),
    ("llmrequestmodel", Field::Model),
    ("genairesponsemodel", Field::Model),
    ("url", Field::Url),
    ("urlfull", Field::Url),
    ("httpurl", Field::Url),
    ("requesturl", Field::Url),
    ("urleffective", Field::Url),
    ("endpoint", Field::Url),
    ("path", Field::Path),
    ("urlpath", Field::Path),
    ("httptarget", Field::Path),
    ("uri", Field::Path),
    ("requesturi", Field::Path),
    ("route", Field::Path),
    ("baseurl", Field::Base),
    ("apibase", Field::Base),
    ("method", Field::Method),
    ("httpmethod", Field::Method),
    ("httprequestmethod", Field::Method),
    ("requestmethod", Field::Method),
    ("elapsedms", Field::Millis),
    ("durationms", Field::Millis),
    ("latencyms", Field::Millis),
    ("responsetimems", Field::Millis),
    ("tookms", Field::Millis),
    ("totalms", Field::Millis),
    ("responsetime", Field::Millis),
    ("requesttime", Field::Seconds),
    ("elapseds", Field::Seconds),
    ("timetotal", Field::Seconds),
    ("elapsedseconds", Field::Seconds),
    ("durations", Field::Seconds),
    ("durationseconds", Field::Seconds),
    ("latencys", Field::Seconds),
    ("latencyseconds", Field::Seconds),
    ("attempt", Field::Attempt),
    ("attemptnumber", Field::Attempt),
    ("attemptno", Field::Attempt),
    ("retryattempt", Field::Attempt),
    ("retrycount", Field::Retries),
    ("retriestaken", Field::Retries),
    ("resendcount", Field::Retries),
    ("httprequestresendcount", Field::Retries),
    ("maxattempts", Field::Most),
    ("waitms", Field::WaitMillis),
    ("sleepms", Field::WaitMillis),
    ("backoffms", Field::WaitMillis),
    ("delayms", Field::WaitMillis),
    ("retryinms", Field::WaitMillis),
    ("retrydelayms", Field::WaitMillis),
    ("waits", Field::WaitSeconds),
    ("sleeps", Field::WaitSeconds),
    ("backoffs", Field::WaitSeconds),
    ("waitseconds", Field::WaitSeconds),
    ("retryafter", Field::RetryAfter),
    ("retryafters", Field::RetryAfter),
    ("stream", Field::Stream),
    ("genairequeststream", Field::Stream),
    ("headers", Field::Headers),
    ("responseheaders", Field::Headers),
    ("requestheaders", Field::Headers),
    ("requestbody", Field::Request_),
    ("body", Field::Request_),
    ("jsondata", Field::Request_),
    ("payload", Field::Request_),
    ("params", Field::Request_),
    ("responsebody", Field::Response),
    ("region", Field::Region),
    ("cloudregion", Field::Region),
];

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
];

/// Objects that some programs print as lists of such.
const LISTS: &[&str] = &["error", "exception", "exc", "cause"];

/// What a name tells.
#[must_use]
pub fn field(folded: &str) -> Option<Field> {
    FIELDS.iter().find(|(name, _)| *name == folded).map(|(_, field)| *field)
}

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
            // a chain of exceptions
            if LISTS.contains(&parent) && value.is_group() && depth < MAX_DEPTH {
                inner(value, parent, depth + 1, clean, seen, links);
            }
            continue;
        }
        let own = fold(name);
        let told = field(&format!("{parent}{own}")).or_else(|| field(&own));
        match (told, value.is_group()) {
            (Some(Field::Headers), true) => headers::read(value, clean, seen, links),
            (Some(Field::Request_), _) => request_body(value, clean, seen),
            (Some(Field::Response), _) => response_body(value, clean, seen),
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
        Field::Status => seen.status = seen.status.or_else(|| value.number().filter(|s| (100..600).contains(s))),
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
        Field::Url | Field::Path => {}
        Field::Base => seen.base_url = seen.base_url.take().or_else(|| clean.base_url(bytes)),
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
        Field::Headers | Field::Request_ | Field::Response => {}
    }
}

/// The text of an error: an exception, a body, or a sentence.
fn error(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    if !error_text::message(text, clean, seen) {
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

//! Bodies of responses: the errors of all providers, and what a success says of itself.

use super::error_text;
use crate::literal::Node;
use crate::model::{Id, IdKind, Seen, Trouble, id_kind};
use crate::redact::Cleaner;

/// What stands in the place of a type and is none: the body's own, and the class that a logger puts there.
const CLASSES: &[&[u8]] = &[b"error", b"Error", b"Object"];

/// Reads the body of an error: Anthropic's, OpenAI's, Google's, AWS's, a gateway's around one of them.
/// Whether it was one.
pub fn error(body: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let request = body.get("request_id").or_else(|| body.get("requestId")).or_else(|| body.get("requestID"));
    if let Some(id) = request.and_then(Node::bytes) {
        request_id(id, clean, seen);
    }
    let Some(error) = body.get("error").filter(|e| e.is_group()) else {
        return flat(body, clean, seen) || aws(body, clean, seen);
    };
    // an SDK's error holds the whole body under the name that the body itself uses
    if error.get("error").is_some_and(Node::is_group) {
        return self::error(error, clean, seen);
    }
    let text = |name: &str| error.get(name).and_then(Node::bytes);
    // LiteLLM's own error has its own type around what the provider said
    let around = text("message").filter(|m| m.starts_with(b"litellm."));
    if let Some(message) = around {
        seen.marks.gateway = true;
        nested(message, clean, seen);
    }
    // Google names the error in `status`, and its `code` is the HTTP status
    let google = text("status").filter(|s| s.iter().all(|b| b.is_ascii_uppercase() || *b == b'_'));
    // a logger's error has a class where a body has a type
    let logged = error.get("code").is_none() && error.get("param").is_none();
    if let Some(class) = text("type").filter(|t| logged && error_text::is_class(t)) {
        seen.exception = seen.exception.take().or_else(|| clean.word(class));
        return text("message").is_some_and(|message| error_text::message(message, clean, seen));
    }
    // AWS names the class where others have a code
    let class = text("code").filter(|code| code.ends_with(b"Exception"));
    let kind = google.or_else(|| text("type")).or(class).filter(|t| is_type(t));
    seen.error_type = seen.error_type.take().or_else(|| clean.word(kind?));
    match error.get("code").and_then(Node::number::<u16>) {
        Some(status) if (400..600).contains(&status) => seen.status = seen.status.or(Some(status)),
        _ if class.is_some() => {}
        _ => seen.error_code = seen.error_code.take().or_else(|| clean.word(text("code")?)),
    }
    if let Some(message) = text("message") {
        seen.message = seen.message.take().or_else(|| clean.message(message));
        in_message(message, clean, seen);
    }
    // a router quotes its upstream's answer
    if let Some(raw) = error.at(&["metadata", "raw"]).and_then(Node::bytes) {
        seen.marks.gateway = true;
        nested(raw, clean, seen);
    }
    seen.marks.provider_body |= around.is_none() && seen.error_type.is_some();
    true
}

/// Whether the value of a `type` names an error rather than the kind of object that it stands in.
#[must_use]
pub fn is_type(kind: &[u8]) -> bool {
    !CLASSES.contains(&kind)
}

/// Mistral's, and that of servers which run models: `{"object":"error","message":…,"type":…,"code":…}`.
fn flat(body: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen) -> bool {
    if !is_flat(body) {
        return false;
    }
    let text = |name: &str| body.get(name).and_then(Node::bytes);
    seen.error_type = seen.error_type.take().or_else(|| clean.word(text("type").filter(|t| is_type(t))?));
    match body.get("code").and_then(Node::number::<u16>) {
        Some(status) if (400..600).contains(&status) => seen.status = seen.status.or(Some(status)),
        _ => seen.error_code = seen.error_code.take().or_else(|| clean.word(text("code")?)),
    }
    seen.message = seen.message.take().or_else(|| clean.message(text("message")?));
    seen.marks.provider_body |= seen.error_type.is_some();
    true
}

fn is_flat(body: &Node<'_>) -> bool {
    body.get("object").and_then(Node::bytes) == Some(b"error") && body.get("message").is_some()
}

fn aws(body: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let kind = body.get("__type").or_else(|| body.get("Code")).and_then(Node::bytes);
    if let Some(kind) = kind {
        // `com.amazon.coral.service#ThrottlingException`
        seen.error_type = seen.error_type.take().or_else(|| clean.word(kind.rsplit(|b| *b == b'#').next()?));
    }
    if let Some(message) = body.get("message").or_else(|| body.get("Message")).and_then(Node::bytes) {
        seen.message = seen.message.take().or_else(|| clean.message(message));
    }
    kind.is_some()
}

/// A message may quote a whole body, or name the request that support should look for.
fn in_message(message: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    if memchr::memmem::find(message, b"{\"").or_else(|| memchr::memmem::find(message, b"{'")).is_some() {
        nested(message, clean, seen);
    } else if seen.request_id.is_none()
        && memchr::memmem::find(message, b"request ID")
            .or_else(|| memchr::memmem::find(message, b"request id"))
            .is_some()
    {
        let mut words = message.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')));
        if let Some(id) = words.rfind(|w| id_kind(w) == Some(IdKind::ProviderRequest) || crate::model::is_uuid(w)) {
            request_id(id, clean, seen);
        }
    }
}

/// Reads the first error body that a text quotes.
pub fn nested(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let mut at = 0;
    while let Some(brace) = memchr::memchr(b'{', text.get(at..).unwrap_or_default()) {
        at += brace;
        if let Some((body, _)) = Node::read(text.get(at..).unwrap_or_default())
            && is_error(&body)
        {
            return error(&body, clean, seen);
        }
        at += 1;
        if at > 4096 {
            break;
        }
    }
    false
}

/// Whether an object is the body of an error.
#[must_use]
pub fn is_error(body: &Node<'_>) -> bool {
    body.get("error").is_some_and(Node::is_group) || body.get("__type").is_some() || is_flat(body)
}

/// Takes the provider's id of the request.
pub fn request_id(id: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    if let Some(id) = clean.request_id(id)
        && seen.request_id.is_none()
    {
        seen.marks.provider_id = true;
        seen.request_id = Some(id);
    }
}

/// Reads the body of a success: the message's id and the model that answered.
pub fn success(body: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen) {
    if let Some(id) = body.get("id").and_then(Node::bytes).filter(|id| id_kind(id) == Some(IdKind::Message))
        && let Some(value) = clean.id(id)
    {
        seen.add_id(Id { kind: IdKind::Message, name: None, value });
    }
    if let Some(model) = body.get("model").and_then(Node::bytes) {
        seen.model = seen.model.take().or_else(|| clean.model(model));
    }
}

/// Reads a response's body as it was received: an error, a success, a stream of events, a page.
pub fn answer(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    let start = text.trim_ascii_start();
    if matches!(start.first(), Some(b'{' | b'[')) {
        match Node::read(start) {
            Some((body, _)) if is_error(&body) => {
                error(&body, clean, seen);
            }
            Some((body, _)) => success(&body, clean, seen),
            None => {}
        }
    } else if memchr::memmem::find(start, b"data: {").is_some() {
        events(start, clean, seen);
    } else if start.first() == Some(&b'<') {
        seen.marks.html = true;
    }
}

/// Reads a stream of events: the message that it began, and the error that ended it. Whether there was one of them.
pub fn events(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let mut any = false;
    for at in memchr::memmem::find_iter(text, b"data: {") {
        let event = text.get(at + 6..).unwrap_or_default();
        let head = event.get(..event.len().min(64)).unwrap_or_default();
        let has = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
        let (begins, fails) = (
            has("\"message_start\"")
                || has("\"response.created\"")
                || has("\"chat.completion.chunk\"") && seen.model.is_none(),
            has("\"error\""),
        );
        let Some((node, _)) = Node::read(event).filter(|_| begins || fails) else { continue };
        if is_error(&node) {
            error(&node, clean, seen);
            seen.trouble = Some(Trouble::StreamError);
            any = true;
        } else if begins {
            success(node.get("message").or_else(|| node.get("response")).unwrap_or(&node), clean, seen);
            any = true;
        }
    }
    if any {
        seen.stream = Some(true);
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn read(text: &str) -> (String, String, Option<u16>) {
        let mut seen = Seen::default();
        nested(text.as_bytes(), &mut Cleaner::new(RuleSet::builtin(), Classes::default()), &mut seen);
        (
            seen.error_type.map(|c| c.to_string()).unwrap_or_default(),
            seen.request_id.map(|c| c.to_string()).unwrap_or_default(),
            seen.status,
        )
    }

    #[test]
    fn each_providers_errors() {
        let id = "req_011CT713MmvDeEszFAzwPU4y";
        for (text, kind, with_id, status) in [
            (
                format!(
                    r#"{{"type":"error","error":{{"type":"overloaded_error","message":"Overloaded"}},"request_id":"{id}"}}"#
                ),
                "overloaded_error",
                true,
                None,
            ),
            (
                format!(
                    "Error code: 500 - {{'type': 'error', 'error': {{'type': 'api_error', 'message': 'x'}}, 'request_id': '{id}'}}"
                ),
                "api_error",
                true,
                None,
            ),
            (
                r#"{"error":{"message":"x","type":"server_error","param":null,"code":null}}"#.to_owned(),
                "server_error",
                false,
                None,
            ),
            (
                r#"{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}"#.to_owned(),
                "UNAVAILABLE",
                false,
                Some(503),
            ),
            (
                r#"{"__type":"com.amazon#ThrottlingException","message":"x"}"#.to_owned(),
                "ThrottlingException",
                false,
                None,
            ),
            (
                format!(
                    r#"{{"error":{{"message":"litellm.X: AnthropicException - {{\"type\":\"error\",\"error\":{{\"type\":\"api_error\"}},\"request_id\":\"{id}\"}}","type":null,"code":"500"}}}}"#
                ),
                "api_error",
                true,
                Some(500),
            ),
            (
                format!(
                    r#"{{"error":{{"code":502,"message":"Provider returned error","metadata":{{"raw":"{{\"error\":{{\"type\":\"overloaded_error\"}},\"request_id\":\"{id}\"}}"}}}}}}"#
                ),
                "overloaded_error",
                true,
                Some(502),
            ),
        ] {
            assert_eq!(
                read(&text),
                (kind.to_owned(), if with_id { id.to_owned() } else { String::new() }, status),
                "{text}"
            );
        }
    }
}

//! Errors of LLM libraries for JavaScript as `console.error`, an uncaught exception or a logger dumps them: the
//! class, the message, the stack, and an object with the error's own fields.

use super::entry::{Entry, Found};
use super::shared::error_text::Exception;
use super::shared::{address, body, error_text, headers, sentence, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, Layer, Seen, Stage, Trouble};
use crate::redact::Cleaner;

pub struct NodeError;

const ABOUT: About = About {
    id: "node-error",
    title: "Error objects of SDKs for JavaScript, as util.inspect prints them",
    layer: Layer::Client,
    tells: "status, error type, request id and response headers of the last attempt, cause of a lost connection",
    lacks: "earlier attempts, model, URL, time",
};

/// Classes of the SDKs.
const CLASSES: &[&str] = &[
    "APIError",
    "APIUserAbortError",
    "APIConnectionError",
    "APIConnectionTimeoutError",
    "BadRequestError",
    "AuthenticationError",
    "PermissionDeniedError",
    "NotFoundError",
    "ConflictError",
    "UnprocessableEntityError",
    "RateLimitError",
    "InternalServerError",
    "OverloadedError",
    "AnthropicError",
    "OpenAIError",
    "ApiError",
];

impl Dialect for NodeError {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["\n    at ", "requestID: ", "TypeError: terminated", "TypeError: fetch failed"]
    }

    fn reads_errors(&self) -> bool {
        true
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let generated = memchr::memmem::find(&text, b" APIError.generate (").is_some();
        // a stack that a logger prints has lost the class
        let exception = error_text::exceptions(&text).find(|e| is_mine(e) || generated && e.class == b"Error");
        // an error page in the message parts the class from the object
        let Some(exception) = exception else {
            if memchr::memmem::find(&text, b"  requestID: ").is_some() {
                let mut fact = entry.fact(&ABOUT, Stage::Error, 0);
                properties(&text, found.clean, &mut fact);
                found.push(fact);
            } else if let Some(at) = memchr::memmem::find(&text, b"TypeError: terminated") {
                // what undici says when a response breaks off: of whichever attempt had one last
                let mut fact = entry.fact(&ABOUT, Stage::Detail, at);
                fact.seen.trouble = Some(Trouble::StreamCut);
                found.push(fact);
            }
            return;
        };
        let mut fact = entry.fact(&ABOUT, Stage::Error, exception.at);
        error_text::one(exception, found.clean, &mut fact.seen);
        let said = error_text::first_line(exception.rest);
        if let Some(url) = address::find(said).filter(|_| !sentence::read(said, found.clean, &mut fact.seen)) {
            address::read_url(url, found.clean, &mut fact.seen);
        }
        properties(&text, found.clean, &mut fact);
        if fact.seen.status.is_none() && fact.seen.error_type.is_none() {
            fact.seen.trouble = fact.seen.trouble.or_else(|| trouble::of(&text));
        }
        if memchr::memmem::find(error_text::first_line(exception.rest), b"<html")
            .or_else(|| memchr::memmem::find(error_text::first_line(exception.rest), b"<!DOCTYPE"))
            .is_some()
        {
            fact.seen.marks.html = true;
        }
        found.push(fact);
    }
}

/// An SDK's error; node-fetch's or ofetch's, whose message names what was asked.
fn is_mine(exception: &Exception<'_>) -> bool {
    let fetch = exception.class == b"FetchError" && address::find(error_text::first_line(exception.rest)).is_some();
    fetch || CLASSES.iter().any(|c| exception.class == c.as_bytes())
}

/// The error's own fields, in the object behind the stack.
fn properties(text: &[u8], clean: &mut Cleaner, fact: &mut Fact) {
    let Some(at) =
        memchr::memmem::find(text, b"\n  status: ").or_else(|| memchr::memmem::find(text, b"\n  requestID: "))
    else {
        return;
    };
    let Some(open) = memchr::memrchr(b'{', text.get(..at + 1).unwrap_or_default()) else { return };
    let Some((object, _)) = Node::read(text.get(open..).unwrap_or_default()) else { return };
    let seen: &mut Seen = &mut fact.seen;
    seen.status = seen.status.or_else(|| object.get("status").and_then(Node::number));
    if let Some(list) = object.get("headers") {
        headers::read(list, clean, seen, &mut fact.links);
    }
    if let Some(id) = object.get("requestID").or_else(|| object.get("request_id")).and_then(Node::bytes) {
        body::request_id(id, clean, seen);
    }
    if body::is_error(&object) {
        body::error(&object, clean, seen);
    }
    let word = |name: &str| object.get(name).and_then(Node::bytes);
    seen.error_type = seen.error_type.take().or_else(|| clean.word(word("type")?));
    seen.error_code = seen.error_code.take().or_else(|| clean.word(word("code")?));
}

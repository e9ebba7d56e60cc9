//! Structured logs of any program: JSON lines whose fields are named as fields usually are.

use super::entry::{Entry, Found};
use super::shared::{address, body, error_text, sentence, unaddressed};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Layer, Seen, Stage};
use crate::redact::Cleaner;

pub struct Json;

const ABOUT: About = About {
    id: "json",
    title: "JSON lines of any logger (structlog, pino, winston, python-json-logger, loguru, OpenTelemetry names)",
    layer: Layer::Client,
    tells: "what its fields say: status, error type, request id, model, endpoint, elapsed time, attempt",
    lacks: "whatever the program did not log; which attempts are one call, unless it counts them",
};

impl Dialect for Json {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[]
    }

    fn reads_any(&self, structured: bool) -> bool {
        structured
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let Some(node) = entry.fields else { return };
        let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
        entry.custom.fields(node, found.clean, &mut fact.seen, &mut fact.links);
        // the message may be an error in words
        if fact.seen.status.is_none()
            && fact.seen.error_type.is_none()
            && entry.text.len() != entry.record.text.len()
            && !error_text::read(&entry.text, found.clean, &mut fact.seen)
            && !sentence::read(error_text::first_line(&entry.text), found.clean, &mut fact.seen)
        {
            body::nested(&entry.text, found.clean, &mut fact.seen);
        }
        let unaddressed = |seen: &mut Seen, clean: &mut Cleaner| {
            unaddressed::stands_in(entry.record.text) && unaddressed::read(&sentence_of(entry, node), clean, seen)
        };
        if tells_an_attempt(&fact.seen) || unaddressed(&mut fact.seen, found.clean) {
            fact.stage = match fact.seen.status {
                None if fact.seen.failed() => Stage::Error,
                // headers alone are of the response told before them
                None if is_headers(node) => Stage::Detail,
                _ => Stage::Whole,
            };
            found.push(fact);
        }
    }
}

/// The first line of the message, and of the error beside it.
fn sentence_of(entry: &Entry<'_>, node: &Node<'_>) -> Vec<u8> {
    const ERRORS: &[&[&str]] = &[&["error"], &["err"], &["error", "message"], &["err", "message"], &["exception"]];
    let error = ERRORS.iter().find_map(|path| node.at(path).and_then(Node::bytes)).unwrap_or_default();
    [error_text::first_line(&entry.text), b" ", error_text::first_line(error)].concat()
}

/// Whether an object is a response's headers, whatever its keys are: `{:date=>"Wed, …", :server=>"cloudflare", …}`.
fn is_headers(node: &Node<'_>) -> bool {
    let has = |name: &str| node.entries().any(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes()));
    has("date") && has("server")
}

/// Whether what was read is about a call to an LLM, and about how it ended.
pub fn tells_an_attempt(seen: &Seen) -> bool {
    let ended =
        seen.status.is_some() || seen.error_type.is_some() || seen.trouble.is_some() || seen.request_id.is_some();
    let llm = seen.request_id.is_some()
        || seen.marks.provider_body
        || seen.model.is_some()
        || seen.endpoint.as_ref().is_some_and(|e| address::is_endpoint(e.as_str().as_bytes()))
        || seen.base_url.as_ref().is_some_and(|b| address::is_llm_url(b.as_str().as_bytes()));
    ended && llm
}

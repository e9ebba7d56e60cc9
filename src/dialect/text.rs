//! Plain text that no other dialect reads: what can be recognised by its own shape.

use super::entry::{Entry, Found};
use super::shared::{address, body, error_text, headers, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, IdKind, Layer, Seen, Stage, id_kind};

pub struct Text;

const ABOUT: About = About {
    id: "text",
    title: "Plain text of any program",
    layer: Layer::Client,
    tells: "request ids, error bodies, statuses and error types where they stand in a line of their own",
    lacks: "everything that only the program's author knows",
};

/// Types of errors that providers name so and nobody else does.
const TYPES: &[&str] = &[
    "overloaded_error",
    "rate_limit_error",
    "api_error",
    "authentication_error",
    "permission_error",
    "invalid_request_error",
    "not_found_error",
    "request_too_large",
    "timeout_error",
    "billing_error",
    "conflict_error",
    "server_error",
    "service_unavailable_error",
    "insufficient_quota",
    "rate_limit_exceeded",
    "RESOURCE_EXHAUSTED",
    "UNAVAILABLE",
    "DEADLINE_EXCEEDED",
    "ThrottlingException",
    "ModelErrorException",
    "ModelTimeoutException",
    "ServiceUnavailableException",
    "InternalServerException",
];

impl Dialect for Text {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[]
    }

    fn reads_any(&self, structured: bool) -> bool {
        !structured
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        for (at, line) in lines(&entry.text) {
            if let Some(fact) = response_headers(entry, at, line, found) {
                found.push(fact);
                continue;
            }
            let mut fact = entry.fact(&ABOUT, Stage::Whole, at);
            one_line(line, found, &mut fact.seen);
            let seen = &mut fact.seen;
            if seen.request_id.is_none() && seen.error_type.is_none() {
                continue;
            }
            seen.status = seen
                .status
                .or_else(|| error_text::status(line))
                .or_else(|| before_body(line))
                .or_else(|| behind_url(line));
            if seen.status.is_none() && seen.error_type.is_none() {
                seen.trouble = trouble::of(line);
            }
            if let Some(url) = url(line) {
                address::read_url(url, found.clean, seen);
            }
            fact.stage = if seen.failed() { Stage::Error } else { Stage::Detail };
            found.push(fact);
        }
    }
}

/// `response headers: {'date': '…', 'request-id': '…'}`, `Headers({…})`: whose, only what stands before them tells.
pub fn response_headers(entry: &Entry<'_>, at: usize, line: &[u8], found: &mut Found<'_>) -> Option<Fact> {
    let named = memchr::memmem::find(line, b"eaders").filter(|at| *at < 200)?;
    let rest = line.get(named..)?;
    let gap = rest.iter().take(16).position(|b| matches!(b, b'{' | b'['))?;
    let (list, _) = Node::read(rest.get(gap..)?)?;
    // a request names its host, a response the time
    if list.header("date").is_none() || list.header("host").is_some() {
        return None;
    }
    let mut fact = entry.fact(&ABOUT, Stage::Part, at);
    headers::read(&list, found.clean, &mut fact.seen, &mut fact.links);
    Some(fact)
}

/// The lines of a text, and where each begins.
pub fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    text.split(|b| *b == b'\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    })
}

fn one_line(line: &[u8], found: &mut Found<'_>, seen: &mut Seen) {
    body::nested(line, found.clean, seen);
    for word in line.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))) {
        if seen.request_id.is_none() && word.starts_with(b"req_") && id_kind(word) == Some(IdKind::ProviderRequest) {
            body::request_id(word, found.clean, seen);
        } else if seen.error_type.is_none() && TYPES.iter().any(|t| word == t.as_bytes()) {
            seen.error_type = found.clean.word(word);
        }
    }
    // `model=claude-…`, `"model": "…"`
    if let Some(at) = memchr::memmem::find(line, b"model") {
        let rest = line.get(at + 5..).unwrap_or_default();
        let start = rest.iter().take(4).position(|b| b.is_ascii_alphabetic()).unwrap_or(0);
        if rest.iter().take(start).any(|b| matches!(b, b'=' | b':')) {
            let value = rest.get(start..).unwrap_or_default();
            let len = value
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'/' | b':' | b'@'))
                .count();
            seen.model = seen.model.take().or_else(|| found.clean.model(value.get(..len)?));
        }
    }
}

/// `status 500 {"type":"error",…}`: the word just before the body.
fn before_body(line: &[u8]) -> Option<u16> {
    let before = line.get(..memchr::memchr(b'{', line)?)?.trim_ascii_end();
    let word = before.rsplit(|b| matches!(b, b' ' | b'=' | b':' | b'(')).next()?;
    error_text::status(&[b": ", word].concat())
}

/// `POST https://… -> 500 …`: the word behind the arrow behind the URL.
fn behind_url(line: &[u8]) -> Option<u16> {
    let url = url(line)?;
    let at = memchr::memmem::find(line, url)? + url.len();
    let rest = line.get(at..)?.trim_ascii_start();
    let word = ["->", "=>", "→"].iter().find_map(|arrow| rest.strip_prefix(arrow.as_bytes()))?;
    error_text::status(&[b": ", word.trim_ascii_start()].concat())
}

/// The URL of an LLM API in a line.
pub fn url(line: &[u8]) -> Option<&[u8]> {
    memchr::memmem::find_iter(line, b"http").find_map(|at| {
        let rest = line.get(at..)?;
        let len = rest
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<' | b'>' | b')' | b',' | b'`'))
            .unwrap_or(rest.len());
        rest.get(..len).filter(|u| address::is_llm_url(u))
    })
}

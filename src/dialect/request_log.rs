//! Lines that web frameworks and forward proxies print of a request, one each: morgan (Express), Gin, Hypercorn, Squid.

use super::entry::{Entry, Found};
use super::shared::{address, body, status};
use super::{About, Dialect};
use crate::model::{IdKind, Layer, Stage, id_kind};

pub struct RequestLog;

const ABOUT: About = About {
    id: "request-log",
    title: "Request lines of web frameworks and forward proxies (morgan, Gin, Hypercorn, Squid)",
    layer: Layer::Proxy,
    tells: "path and status of what the server answered, the time where the line has one",
    lacks: "request ids, error types, which upstream answered; attempts behind the server",
};

/// So far behind the path a version may stand.
const VERSIONS: &[&[u8]] = &[b" HTTP/1.1", b" HTTP/1.0", b" HTTP/2.0", b" HTTP/2", b" 1.1", b" 2"];

impl Dialect for RequestLog {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["POST "]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let line = entry.line(0).to_vec();
        let Some(at) = memchr::memmem::find(&line, b"POST ") else { return };
        let (before, rest) = (line.get(..at).unwrap_or_default(), line.get(at + 5..).unwrap_or_default());
        let rest = rest.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
        let len = rest.iter().position(|b| matches!(b, b' ' | b'"' | b')')).unwrap_or(rest.len());
        let (target, after) = (rest.get(..len).unwrap_or_default(), rest.get(len..).unwrap_or_default());
        if !(address::is_endpoint(target) || address::is_llm_url(target)) {
            return;
        }
        let squid = squid(before);
        let Some(status) = squid.or_else(|| gin(before)).or_else(|| beside(before, after)) else { return };
        let mut fact = entry.fact(&ABOUT, if squid.is_some() { Stage::Whole } else { Stage::Answer }, 0);
        address::read_url(target, found.clean, &mut fact.seen);
        fact.seen.method = found.clean.word(b"POST");
        fact.seen.status = Some(status);
        // Squid and Guzzle may be told to add headers of the response
        for word in after.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))) {
            if word.starts_with(b"req_") && id_kind(word) == Some(IdKind::ProviderRequest) {
                body::request_id(word, found.clean, &mut fact.seen);
            }
        }
        found.push(fact);
    }
}

/// `503 "POST /v1/messages" 141`: behind it stands a size, and that may look like a status. Where either may be one, none
/// is known.
fn beside(before: &[u8], after: &[u8]) -> Option<u16> {
    let before = before.strip_suffix(b"\"").unwrap_or(before).strip_suffix(b" ").unwrap_or_default();
    let first = before.rsplit(|b| *b == b' ').next().filter(|word| word.len() == 3).and_then(status::begins);
    match (first, behind(after)) {
        (Some(first), Some(second)) => (first == second).then_some(first),
        (first, second) => first.or(second),
    }
}

/// `POST /v1/messages 500 231.123 ms - 131`, `POST /v1/messages 1.1 500 131 231000`: sizes and times follow the status,
/// an id, or nothing does.
fn behind(after: &[u8]) -> Option<u16> {
    // ` 2` is one, and the first digit of ` 200`
    let whole = |rest: &&[u8]| !rest.first().is_some_and(u8::is_ascii_digit);
    let after = VERSIONS.iter().find_map(|version| after.strip_prefix(*version).filter(whole)).unwrap_or(after);
    let after = after.strip_prefix(b"\"").unwrap_or(after).strip_prefix(b" ")?;
    let next = after.get(3..)?.trim_ascii_start();
    let counts = next.first().is_none_or(|b| b.is_ascii_digit() || *b == b'-');
    if !counts && !next.starts_with(b"req_") {
        return None;
    }
    status::begins(after.get(..3)?)
}

/// `[GIN] 2026/11/25 - 00:40:00 | 500 |  231.123ms |        10.0.0.7 | POST     "/v1/messages"`
fn gin(before: &[u8]) -> Option<u16> {
    let mut columns = before.split(|b| *b == b'|');
    let first = columns.next()?;
    memchr::memmem::find(first, b"[GIN]")?;
    status::begins(columns.next()?)
}

/// `1795567200.123    231 10.0.0.7 TCP_MISS/500 863 POST https://…`
pub(super) fn squid(before: &[u8]) -> Option<u16> {
    let mut words = before.trim_ascii_end().rsplit(|b| *b == b' ');
    let (size, result) = (words.next()?, words.next()?);
    let slash = memchr::memchr(b'/', result)?;
    let sound = size.iter().all(u8::is_ascii_digit)
        && result.get(..slash)?.iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
        && slash > 2;
    sound.then(|| status::begins(result.get(slash + 1..)?)).flatten()
}

//! Lines of `key=value` pairs: logfmt, structlog's console, messages that programs write so; and messages with an
//! object of fields behind them.

use super::entry::{Entry, Found, last_object, leading_number};
use super::json;
use super::shared::fields::{self, Field};
use super::shared::{body, error_text, message, status};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Layer, Seen, Stage};
use std::borrow::Cow;

pub struct KeyValues;

const ABOUT: About = About {
    id: "key-values",
    title: "Lines of key=value pairs (logfmt, structlog's console)",
    layer: Layer::Client,
    tells: "what its keys say: status, error type, request id, model, endpoint, elapsed time, attempt",
    lacks: "whatever the program did not log; which attempts are one call, unless it counts them",
};

/// A line with fewer pairs is a sentence.
const LEAST: usize = 3;
/// No line has more.
const MOST: usize = 200;

impl Dialect for KeyValues {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "status=",
            "status_code=",
            "statusCode=",
            "request_id=",
            "requestId=",
            "HTTP/",
            "error_type=",
            "http_status=",
            "error.type=",
            "status\":",
            "statusCode\":",
            "status_code\":",
            "requestId\":",
            "request_id\":",
            "error_type\":",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        if entry.fields.is_some() {
            return;
        }
        let line = entry.line(0).to_vec();
        let pairs: Vec<(&[u8], Cow<'_, [u8]>)> = Pairs { line: &line, at: 0 }.take(MOST).collect();
        // the arguments of an object's repr are no fields of the line
        if object(entry, &line, found) {
            return;
        }
        if pairs.len() < LEAST || error_text::exceptions(&line).any(|e| e.rest.starts_with(b"(")) {
            return;
        }
        let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
        if let Some((_, said)) = pairs.iter().find(|(key, _)| matches!(*key, b"msg" | b"message"))
            && let Some(half) = message::read(said, found.clean, &mut fact.seen, &mut fact.links)
        {
            if half == message::Half::Request {
                fact.stage = Stage::Asks;
            }
            return found.push(fact);
        }
        for (key, value) in &pairs {
            let folded = fields::fold(key);
            if matches!(folded.as_str(), "elapsed" | "duration" | "latency" | "took") {
                duration(value, &mut fact.seen);
                continue;
            }
            match fields::field(&folded) {
                // `attempt=2/3`
                Some(Field::Attempt) => attempt(value, &mut fact.seen),
                Some(Field::Headers | Field::Request_ | Field::Response) | None => {}
                Some(told) => {
                    fields::leaf(told, &Node::Text(Cow::Borrowed(value)), found.clean, &mut fact.seen, &mut fact.links)
                }
            }
        }
        if fact.seen.error_type.is_none() {
            // a body among the pairs, written as it is
            body::nested(&line, found.clean, &mut fact.seen);
        }
        let pairs = pairs.iter().map(|(key, value)| (*key, value.as_ref()));
        entry.custom.pairs(pairs, found.clean, &mut fact.seen, &mut fact.links);
        fact.seen.status = fact.seen.status.or_else(|| status::documented(&line, &fact.seen));
        if json::tells_an_attempt(&fact.seen) {
            fact.stage = if fact.seen.status.is_none() && fact.seen.failed() { Stage::Error } else { Stage::Whole };
            found.push(fact);
        }
    }
}

/// `ERROR claude failed {"status": 529, "request_id": "req_…"}`: the fields as an object behind the message. Whether
/// they tell of an attempt.
fn object(entry: &Entry<'_>, line: &[u8], found: &mut Found<'_>) -> bool {
    let Some((node, rest)) = last_object(line) else { return false };
    // PHP's logger adds a list of its own
    if !matches!(rest, b"" | b"[]" | b"{}") || body::is_error(&node) {
        return false;
    }
    let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
    entry.custom.fields(&node, found.clean, &mut fact.seen, &mut fact.links);
    let told = json::tells_an_attempt(&fact.seen);
    if told {
        fact.stage = if fact.seen.status.is_none() && fact.seen.failed() { Stage::Error } else { Stage::Whole };
        found.push(fact);
    }
    told
}

/// `1.2s`, `350ms`; a bare number has no unit.
fn duration(value: &[u8], seen: &mut Seen) {
    let Some(number) = leading_number(value) else { return };
    let factor = if value.ends_with(b"ms") {
        1.0
    } else if value.ends_with(b"s") {
        1000.0
    } else {
        return;
    };
    seen.elapsed_ms = seen.elapsed_ms.or(Some((number * factor).round() as u64));
}

fn attempt(value: &[u8], seen: &mut Seen) {
    let mut numbers = value.split(|b| *b == b'/').map(|n| leading_number(n).map(|n| n as u32).filter(|n| *n > 0));
    seen.number = seen.number.or(numbers.next().flatten());
    seen.most = seen.most.or(numbers.next().flatten());
}

/// The pairs of a line.
struct Pairs<'t> {
    line: &'t [u8],
    at: usize,
}

impl<'t> Iterator for Pairs<'t> {
    type Item = (&'t [u8], Cow<'t, [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let equals = self.at + memchr::memchr(b'=', self.line.get(self.at..)?)?;
            let before = self.line.get(self.at..equals)?;
            let len = before
                .iter()
                .rev()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
                .count();
            let key = before.get(before.len() - len..)?;
            let free = before.len() == len
                || matches!(
                    before.get(before.len() - len - 1),
                    Some(b' ' | b',' | b'(' | b'[' | b'{' | b'\t' | b';' | b'|')
                );
            let rest = self.line.get(equals + 1..)?;
            let (value, len) = value(rest);
            self.at = equals + 1 + len;
            if free && !key.is_empty() {
                return Some((key, value));
            }
        }
    }
}

/// A value and how long it is, quoted or up to the next blank.
fn value(rest: &[u8]) -> (Cow<'_, [u8]>, usize) {
    if matches!(rest.first(), Some(b'"' | b'\''))
        && let Some((Node::Text(text), span)) = Node::read(rest)
    {
        return (text, span.end.max(1));
    }
    let len = rest
        .iter()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b',' | b')' | b']' | b';'))
        .unwrap_or(rest.len());
    (Cow::Borrowed(rest.get(..len).unwrap_or_default()), len)
}

//! mitmdump's flows: a line for the request, an indented one for the response, and with more detail the headers
//! and bodies of both.

use super::entry::{Entry, Found};
use super::shared::{address, body, headers, request, trouble};
use super::{About, Dialect};
use crate::input::header_block::is_header;
use crate::model::{Layer, Link, Marks, Seen, Stage, Trouble};
use crate::redact::Cleaner;

pub struct Mitmproxy;

const ABOUT: About = About {
    id: "mitmproxy",
    title: "Flows as mitmdump prints them",
    layer: Layer::Proxy,
    tells: "URL and status of every request; with --flow-detail 2 headers and ids, with 3 bodies",
    lacks: "times of requests; retries as such",
};

impl Dialect for Mitmproxy {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[" << "]
    }

    /// `127.0.0.1:52936: POST https://api.anthropic.com/v1/messages`, and indented below it ` << 500 Internal Server Error 131b`
    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let Some((head, rest)) = split_at_line(&text) else { return };
        let mut words = head.split(|b| *b == b' ').skip_while(|w| !w.ends_with(b":")).skip(1);
        let Some((method, url)) = words
            .next()
            .zip(words.next())
            .filter(|(m, u)| m.iter().all(u8::is_ascii_uppercase) && address::parts(u).is_some())
        else {
            return;
        };
        let Some(at) = answer_at(rest) else { return };
        if !address::is_llm_url(url) || method == b"OPTIONS" {
            return found.understood();
        }
        let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
        let (sent, got) = rest.split_at(at);
        message(sent, request::sent, found, &mut fact.seen, &mut fact.links);
        fact.seen.marks = Marks::default();
        fact.seen.method = found.clean.word(method);
        address::read_url(url, found.clean, &mut fact.seen);
        let (line, below) = split_at_line(got).unwrap_or((got, b""));
        let told = line.trim_ascii().strip_prefix(b"<< ").unwrap_or_default();
        let told = told.strip_prefix(b"HTTP/2.0 ").or_else(|| told.strip_prefix(b"HTTP/3 ")).unwrap_or(told);
        fact.seen.status = told
            .get(..3)
            .filter(|s| s.iter().all(u8::is_ascii_digit))
            .and_then(|s| std::str::from_utf8(s).ok()?.parse().ok());
        if fact.seen.status.is_none() {
            // `<< Server connection to … failed: Error connecting to …`
            fact.seen.trouble = Some(trouble::of(told).unwrap_or(Trouble::NoResponse));
        }
        message(below, body::answer, found, &mut fact.seen, &mut fact.links);
        found.push(fact);
    }
}

/// The first line, without its indent, and what follows it.
fn split_at_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b'\n', text)?;
    Some((text.get(..end)?.trim_ascii_end(), text.get(end + 1..)?))
}

/// Where the line of the response begins: bodies are indented by four, it by more or less than headers are.
fn answer_at(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for line in text.split(|b| *b == b'\n') {
        if line.trim_ascii_start().starts_with(b"<< ") {
            return Some(at);
        }
        at += line.len() + 1;
    }
    None
}

/// Headers, an empty line that a wrapper may have swallowed, a body; all indented.
fn message(
    text: &[u8],
    of_body: impl Fn(&[u8], &mut Cleaner, &mut Seen),
    found: &mut Found<'_>,
    seen: &mut Seen,
    links: &mut Vec<Link>,
) {
    let mut end = 0;
    let mut lines = Vec::new();
    for line in text.split(|b| *b == b'\n') {
        let header = line.trim_ascii();
        if !is_header(header) || header.starts_with(b"event:") || header.starts_with(b"data:") {
            break;
        }
        end += line.len() + 1;
        lines.push(header);
    }
    headers::read_lines(lines.into_iter(), found.clean, seen, links);
    of_body(text.get(end..).unwrap_or_default(), found.clean, seen);
}

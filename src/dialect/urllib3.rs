//! urllib3, and requests and botocore on top of it: one line when a response has come, one for each retry.

use super::entry::{Entry, Found, between, leading_number};
use super::shared::{address, error_text, status, trouble};
use super::{About, Dialect};
use crate::model::{Layer, Stage};

pub struct Urllib3;

const ABOUT: About = About {
    id: "urllib3",
    title: "urllib3 connection pool and retry lines (under requests and boto3)",
    layer: Layer::Client,
    tells: "URL, status, retries left, why a connection broke",
    lacks: "request ids, error types, headers and bodies; what urllib3 does not log at its level",
};

const RESPONSE: &str = " HTTP/1.1\" ";
const COUNTED: &str = "Incremented Retry for (url=";
const POOL: &str = "ConnectionPool(host='";
const BROKEN: &str = "after connection broken by ";

impl Dialect for Urllib3 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[RESPONSE, COUNTED, BROKEN, POOL]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        if let Some(at) = entry.places(COUNTED).next() {
            retry(entry, found, at);
        } else if let Some(at) = entry.places(BROKEN).next() {
            broken(entry, found, at);
        } else if let Some(at) = entry.places(RESPONSE).next() {
            response(entry, found, at);
        } else if let Some(at) = entry.places(POOL).last() {
            gave_up(entry, found, at);
        }
    }
}

/// `https://api.anthropic.com:443 "POST /v1/messages HTTP/1.1" 500 131`
fn response(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let from = memchr::memrchr(b'\n', entry.text.get(..at).unwrap_or_default()).map_or(0, |n| n + 1);
    let line = entry.line(from).to_vec();
    let Some(quote) = memchr::memmem::find(&line, b" \"") else { return };
    let base = line.get(..quote).unwrap_or_default();
    let base = base.rsplit(|b| b.is_ascii_whitespace()).next().unwrap_or_default();
    // a logger's name may stand before it without a blank
    let Some(scheme) = memchr::memmem::rfind(base, b"http://").or_else(|| memchr::memmem::rfind(base, b"https://"))
    else {
        return;
    };
    let base = base.get(scheme..).unwrap_or_default();
    let mut words = line.get(quote + 2..).unwrap_or_default().split(|b| *b == b' ');
    let (Some(method), Some(path)) = (words.next(), words.next().filter(|p| p.starts_with(b"/"))) else { return };
    let url = [base, path].concat();
    if !address::is_llm_url(&url) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Response(1), from);
    address::read_url(&url, found.clean, &mut fact.seen);
    fact.seen.method = found.clean.word(method);
    let after = memchr::memmem::find(&line, RESPONSE.as_bytes())
        .and_then(|i| line.get(i + RESPONSE.len()..))
        .unwrap_or_default();
    fact.seen.status = status::begins(after.split(|b| *b == b' ').next().unwrap_or_default());
    found.push(fact);
}

/// `Incremented Retry for (url='/v1/messages'): Retry(total=2, connect=None, …)`: two more after the next.
fn retry(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let path = between(&line, "(url='", "'").unwrap_or_default();
    if !address::is_endpoint(path) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Retry, at);
    address::read_path(path, found.clean, &mut fact.seen);
    fact.seen.retries_left = left(&line);
    found.push(fact);
}

/// `Retrying (Retry(total=2, …)) after connection broken by 'NewConnectionError(…)': /v1/messages`
fn broken(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let path = line.rsplit(|b| b.is_ascii_whitespace()).next().unwrap_or_default();
    if !address::is_endpoint(path) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Retry, at);
    address::read_path(path, found.clean, &mut fact.seen);
    fact.seen.trouble = trouble::of(&line);
    let before = entry.text.get(..at).unwrap_or_default();
    fact.seen.retries_left =
        left(before.get(memchr::memrchr(b'\n', before).map_or(0, |n| n + 1)..).unwrap_or_default());
    found.push(fact);
}

/// `HTTPSConnectionPool(host='api.anthropic.com', port=443): Max retries exceeded with url: /v1/messages (Caused by
/// ResponseError('too many 529 error responses'))`, `…: Read timed out. (read timeout=60)`
fn gave_up(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let host = between(&line, POOL, "'").unwrap_or_default();
    let path = between(&line, "with url: ", " ").unwrap_or_default();
    if !address::is_host(host) && !address::is_endpoint(path) {
        return;
    }
    let mut fact = entry.fact(&ABOUT, Stage::Error, at);
    let scheme: &[u8] =
        if entry.text.get(..at).is_some_and(|before| before.ends_with(b"HTTPS")) { b"https://" } else { b"http://" };
    let port = between(&line, "port=", ")").unwrap_or_default();
    let seen = &mut fact.seen;
    address::read_url(&[scheme, host, b":", port, path].concat(), found.clean, seen);
    seen.status = between(&line, "too many ", " error responses").and_then(status::begins);
    if seen.status.is_none() {
        seen.trouble = trouble::of(&line);
    }
    seen.exception =
        error_text::exceptions(&entry.text).take_while(|e| e.at < at).last().and_then(|e| found.clean.word(e.class));
    found.push(fact);
}

/// What is left when the next attempt has failed, and that one.
fn left(line: &[u8]) -> Option<u32> {
    let total = memchr::memmem::find(line, b"Retry(total=").and_then(|i| leading_number(line.get(i + 12..)?))?;
    Some(total as u32 + 1)
}

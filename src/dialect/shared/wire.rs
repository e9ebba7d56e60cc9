//! Request lines and status lines as tools print them of what goes over a wire, behind whatever they put before it:
//! `-> POST /v1/messages HTTP/1.1`, `http-outgoing-0 << "HTTP/1.1 503 Service Unavailable[\r][\n]"`. They end their line:
//! what goes on is the entry of an access log, or a sentence.

use super::{address, status};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// What a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'l> {
    /// `POST`, `/v1/messages` or a URL.
    Request(&'l [u8], &'l [u8]),
    /// 529
    Status(u16),
}

const METHODS: &[&[u8]] = &[b"POST", b"GET", b"PUT", b"PATCH", b"DELETE", b"HEAD", b"OPTIONS", b"CONNECT"];
/// How line ends are written out, the longer first.
const ENDS: &[&[u8]] = &[b"[\\n]", b"[\\r]", b"[\\r\\n]", b"[0x0a]", b"[0x0d]", b"\\n", b"\\r"];
/// What clients say of a status, and of nothing else.
const SAID: &[&str] = &[
    "The remote server returned an error: (",
    "Response status code does not indicate success: ",
    "Server returned HTTP response code: ",
];
/// Lines that are a name and a status.
const NAMES: &[&[u8]] = &[b"StatusCode", b"Status", b"RESPONSE"];

/// One of these or of [`OTHERS`] stands in every line that is read.
pub const MARKS: &[&str] = &["HTTP/", "://"];
/// What stands in lines without either.
pub const OTHERS: &[&str] = &[
    "RestClient.",
    "# => ",
    "StatusCode",
    "Status ",
    "RESPONSE",
    "returned an error: (",
    "indicate success: ",
    "HTTP response code: ",
];

static WORDS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(OTHERS).ok());

/// Reads a line.
#[must_use]
pub fn read(line: &[u8]) -> Option<Shown<'_>> {
    if memchr::memmem::find(line, b"HTTP/").is_some() {
        let line = unended(line)?;
        return status_line(line).map(Shown::Status).or_else(|| request_line(line));
    }
    if let Some(shown) = url_alone(line) {
        return Some(shown);
    }
    if !WORDS.as_ref().is_some_and(|words| words.is_match(line)) {
        return None;
    }
    let line = line.trim_ascii_end();
    ruby(line).or_else(|| said(line).or_else(|| named(line)).or_else(|| commented(line)).map(Shown::Status))
}

/// A line without its end, written out or not. What stands in quotes without one is quoted by a sentence or a log.
fn unended(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii_end();
    let mut rest = line.strip_suffix(b"\"").or_else(|| line.strip_suffix(b"'")).unwrap_or(line);
    let quoted = rest.len() < line.len();
    let inner = rest;
    while let Some(head) = ENDS.iter().find_map(|end| rest.strip_suffix(*end)) {
        rest = head;
    }
    (!quoted || rest.len() < inner.len()).then(|| rest.trim_ascii_end())
}

/// `HTTP/1.1 529 `, with its reason or without.
fn status_line(line: &[u8]) -> Option<u16> {
    let at = memchr::memmem::rfind(line, b"HTTP/")?;
    let (before, rest) = (line.get(..at)?, line.get(at + 5..)?);
    let (version, code) = rest.split_at(rest.iter().position(|b| *b == b' ')?);
    // behind a URL it is part of a sentence
    let shown = stands_free(before) && is_version(version) && memchr::memmem::find(before, b"://").is_none();
    status::with_reason(code).filter(|_| shown && !is_value(before))
}

/// `:status_line => "`: what a field says stands anywhere among the others.
fn is_value(before: &[u8]) -> bool {
    let name = before.strip_suffix(b"\"").map(<[u8]>::trim_ascii_end);
    name.is_some_and(|name| name.ends_with(b"=>") || name.ends_with(b":") || name.ends_with(b"="))
}

/// `POST /v1/messages HTTP/1.1`
fn request_line(line: &[u8]) -> Option<Shown<'_>> {
    let at = memchr::memmem::rfind(line, b" HTTP/")?;
    let (head, version) = (line.get(..at)?, line.get(at + 6..)?);
    let target = head.rsplit(|b| *b == b' ').next()?;
    let before = head.get(..head.len() - target.len())?.strip_suffix(b" ")?;
    let method = METHODS.iter().find(|method| before.ends_with(method))?;
    let before = before.get(..before.len() - method.len())?;
    let asked = target.starts_with(b"/") || memchr::memmem::find(target, b"://").is_some() || **method == *b"CONNECT";
    (asked && is_version(version) && stands_free(before)).then_some(Shown::Request(method, target))
}

/// `[INFO] POST https://api.anthropic.com/v1/messages attempt=1`
fn url_alone(line: &[u8]) -> Option<Shown<'_>> {
    // an indented line explains the one above it
    let url = address::find(line).filter(|_| line.first().is_some_and(|b| !b.is_ascii_whitespace()))?;
    let line = line.trim_ascii_end();
    let at = memchr::memmem::find(line, url)?;
    let before = line.get(..at)?.strip_suffix(b" ")?;
    let method = METHODS.iter().find(|method| before.ends_with(method))?;
    let before = before.get(..before.len() - method.len())?.trim_ascii_end();
    let last = before.rsplit(|b| *b == b' ').next().unwrap_or_default();
    // a mark, a level or a time stands before it, not a sentence
    let free = matches!(last.last(), None | Some(b']' | b'>' | b':' | b'|' | b'-' | b'Z'))
        || [b"INFO".as_slice(), b"DEBUG", b"TRACE", b"info", b"debug", b"Sending"].contains(&last)
        || last.first().is_some_and(u8::is_ascii_digit);
    let behind = line.get(at + url.len()..)?.trim_ascii();
    let pairs = behind.split(|b| *b == b' ').all(|word| memchr::memchr(b'=', word).is_some_and(|at| at > 0));
    let payload = behind.starts_with(b"with ") && behind.ends_with(b"-byte payload");
    (free && (behind.is_empty() || pairs || payload)).then_some(Shown::Request(method, url))
}

/// `RestClient.post "https://api.openai.com/v1/chat/completions", 655 byte(s) length, …`
fn ruby(line: &[u8]) -> Option<Shown<'_>> {
    let at = memchr::memmem::find(line, b"RestClient.")? + b"RestClient.".len();
    let rest = line.get(at..)?;
    let (method, quoted) = rest.split_at(rest.iter().position(|b| *b == b' ')?);
    let method = METHODS.iter().find(|known| known.eq_ignore_ascii_case(method))?;
    let url = quoted.strip_prefix(b" \"")?.split(|b| *b == b'"').next()?;
    Some(Shown::Request(method, url))
}

/// `# => 429 TooManyRequests | application/json 332 bytes, 0.04s`
fn commented(line: &[u8]) -> Option<u16> {
    let at = memchr::memmem::find(line, b"# => ")? + b"# => ".len();
    let rest = line.get(at..)?;
    status::begins(rest).filter(|_| memchr::memmem::find(rest, b" | ").is_some())
}

/// `The remote server returned an error: (429) Too Many Requests.`
fn said(line: &[u8]) -> Option<u16> {
    SAID.iter().find_map(|words| {
        let at = memchr::memmem::find(line, words.as_bytes())?;
        status::begins(line.get(at + words.len()..)?)
    })
}

/// `StatusCode        : 429`, `RESPONSE: 500 Internal Server Error`, `[INFO] Status 503`
fn named(line: &[u8]) -> Option<u16> {
    let name = NAMES.iter().find_map(|name| Some((memchr::memmem::rfind(line, name)?, name.len())));
    let (at, len) = name.filter(|(at, _)| stands_free(line.get(..*at).unwrap_or_default()))?;
    let rest = line.get(at + len..)?;
    let value = rest.trim_ascii_start().strip_prefix(b":").unwrap_or(rest);
    status::with_reason(value).filter(|_| value.first() == Some(&b' '))
}

fn is_version(version: &[u8]) -> bool {
    matches!(version, b"1.0" | b"1.1" | b"2" | b"2.0" | b"3" | b"3.0")
}

/// Whether what stands before a word is not the beginning of the word.
fn stands_free(before: &[u8]) -> bool {
    before.last().is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'/' | b'_' | b'-' | b'.' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_many_tools() {
        let post = Shown::Request(b"POST", b"/v1/messages");
        for (line, shown) in [
            ("-> POST /v1/messages HTTP/1.1", Some(post)),
            (r#"DEBUG wire - http-outgoing-0 >> "POST /v1/messages HTTP/1.1[\r][\n]""#, Some(post)),
            (r"dumpio_in (data-HEAP): POST /v1/messages HTTP/1.1\r\n", Some(post)),
            ("00000001:f.clireq[000a:ffffffff]: POST /v1/messages HTTP/1.1", Some(post)),
            ("<- HTTP/1.1 529 ", Some(Shown::Status(529))),
            (r#"DEBUG wire - http-outgoing-0 << "HTTP/1.1 503 Service Unavailable[\r][\n]""#, Some(Shown::Status(503))),
            ("resp='HTTP/1.1 429 Too Many Requests", Some(Shown::Status(429))),
            ("RESPONSE: 500 Internal Server Error", Some(Shown::Status(500))),
            ("StatusCode        : 429", Some(Shown::Status(429))),
            ("2026-03-02T14:00:00Z [INFO] Status 503", Some(Shown::Status(503))),
            ("App : The remote server returned an error: (429) Too Many Requests.", Some(Shown::Status(429))),
            (
                "[INFO] POST https://api.anthropic.com/v1/messages attempt=2",
                Some(Shown::Request(b"POST", b"https://api.anthropic.com/v1/messages")),
            ),
            ("10.0.0.7 - - [x] \"POST /v1/messages HTTP/1.1\" 500 3", None),
            ("10.0.0.7 b/s 0/0/32 429 837 \"POST /v1/messages HTTP/1.1\"", None),
            ("HTTP Request: POST https://api.anthropic.com/v1/messages \"HTTP/1.1 529 \"", None),
            ("# => 529 Unknown | application/json 332 bytes, 0.04s", Some(Shown::Status(529))),
            (
                r#"RestClient.post "https://api.anthropic.com/v1/messages", 655 byte(s) length, "Accept"=>"*/*""#,
                Some(Shown::Request(b"POST", b"https://api.anthropic.com/v1/messages")),
            ),
            ("  POST https://api.anthropic.com/v1/messages", None),
            ("failed for POST https://api.anthropic.com/v1/messages", None),
            ("POST https://api.anthropic.com/v1/messages failed", None),
            ("POST https://api.anthropic.com/v1/messages: 529", None),
            (r#"  :status_line   => "HTTP/1.1 529 \r\n""#, None),
            ("the answer is HTTP/1.1", None),
            ("Status 503 documents", None),
            ("OrderStatus 503", None),
        ] {
            assert_eq!(read(line.as_bytes()), shown, "{line}");
        }
    }
}

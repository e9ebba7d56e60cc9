//! Sentences in which HTTP clients say what was asked and what came of it.
//!
//! Each has words of its own: Guzzle, reqwest, Go's `net/http`, Spring, Faraday. What they share is the URL of an
//! LLM's API with a status or a failure beside it.

use super::{address, status, trouble};
use crate::model::{Seen, Trouble};
use crate::redact::Cleaner;

/// What closes the URL.
const CLOSING: &[u8] = b"\\\"'`)]>";
/// What stands between the URL and the status behind it.
const BEHIND: &[&str] = &[
    ": ",
    "-> ",
    "=> ",
    "→ ",
    "resulted in a ",
    "responded ",
    "returned ",
    "answered ",
    "failed with ",
    "failed: ",
    "got ",
];
/// What leads from the status to the URL behind it.
const BEFORE: &[&str] = &["for url: ", "for URL: ", "for url (", "for url '", "for url ", "for ", "from ", ", url='"];
/// What a number counts that is no status.
const UNITS: &[&[u8]] = &[b"ms", b"s", b"sec", b"seconds", b"milliseconds", b"tokens", b"bytes", b"times"];
/// The status stands so near before the URL.
const NEAR: usize = 100;

/// Reads the sentence in a line. Whether it tells how an attempt ended.
pub fn read(line: &[u8], clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let Some((before, url, behind)) = address::find(line).and_then(|url| around(line, url)) else { return false };
    let status = status_behind(behind).or_else(|| status_before(before));
    let broke = if status.is_none() { broken(before, behind) } else { None };
    if status.is_none() && broke.is_none() {
        return false;
    }
    address::read_url(url, clean, seen);
    let method = before.rsplit(|b| !b.is_ascii_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
    if matches!(method.to_ascii_uppercase().as_slice(), b"POST" | b"GET" | b"PUT") {
        seen.method = seen.method.take().or_else(|| clean.word(&method.to_ascii_uppercase()));
    }
    seen.status = seen.status.or(status);
    seen.trouble = seen.trouble.or(broke);
    true
}

/// What stands around the URL, without what closes it.
fn around<'l>(line: &'l [u8], url: &'l [u8]) -> Option<(&'l [u8], &'l [u8], &'l [u8])> {
    let at = memchr::memmem::find(line, url)?;
    let mut behind = line.get(at + url.len()..)?;
    while let Some(rest) = behind.split_first().filter(|(b, _)| CLOSING.contains(b)).map(|(_, rest)| rest) {
        behind = rest;
    }
    Some((line.get(..at)?, url, behind))
}

/// ``` resulted in a `529 ` response```, `: 529 Overloaded`, ` responded with status 529 in 87 ms`
fn status_behind(behind: &[u8]) -> Option<u16> {
    let behind = behind.trim_ascii_start();
    if let Some(at) = memchr::memmem::find(behind, b"HTTP request failed! HTTP/") {
        let version = behind.get(at + "HTTP request failed! HTTP/".len()..)?;
        return status::begins(version.get(version.iter().position(|b| *b == b' ')?..)?);
    }
    let rest = BEHIND.iter().find_map(|words| behind.strip_prefix(words.as_bytes()))?.trim_ascii_start();
    let rest = rest.strip_prefix(b"with ").unwrap_or(rest);
    let rest = rest.strip_prefix(b"an ").or_else(|| rest.strip_prefix(b"a ")).unwrap_or(rest);
    let rest = rest.strip_prefix(b"HTTP ").or_else(|| rest.strip_prefix(b"status ")).unwrap_or(rest);
    let rest = rest.strip_prefix(b"code ").unwrap_or(rest);
    status::begins(rest.strip_prefix(b"`").unwrap_or(rest).get(..4.min(rest.len()))?)
}

/// `HTTP status server error (529 <unknown status code>) for url (https://…`, `429 Too Many Requests from POST https://…`,
/// `reqwest::Error { kind: Status(500, None), url: "https://…`
fn status_before(before: &[u8]) -> Option<u16> {
    let near = before.get(before.len().saturating_sub(NEAR)..).unwrap_or_default();
    if let Some(at) = memchr::memmem::find(near, b"kind: Status(") {
        return status::begins(near.get(at + b"kind: Status(".len()..)?);
    }
    if let Some(near) = near.strip_suffix(b": POST ").or_else(|| near.strip_suffix(b": GET ")) {
        return status::said(near).filter(|status| *status >= 400);
    }
    let near = near.strip_suffix(b"POST ").or_else(|| near.strip_suffix(b"GET ")).unwrap_or(near);
    let near = BEFORE.iter().find_map(|words| near.strip_suffix(words.as_bytes()))?;
    let words = near.split(|b| matches!(b, b' ' | b'(' | b')' | b',' | b'`' | b'"' | b'\'')).filter(|w| !w.is_empty());
    // behind a colon in a word stands a port
    let words: Vec<&[u8]> = words.map(|w| w.strip_suffix(b":").unwrap_or(w)).collect();
    let status = |(i, word): (usize, &&[u8])| {
        let counts = words.get(i + 1).is_some_and(|next| UNITS.contains(next));
        let port =
            i.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|before| before.eq_ignore_ascii_case(b"port"));
        let status = status::begins(word).filter(|_| word.len() == 3 && !counts && !port);
        status.filter(|status| *status >= 400)
    };
    words.iter().enumerate().rev().find_map(status)
}

/// `Post "https://…": dial tcp …: connection refused`, `error sending request for url (https://…): operation timed out`,
/// `cURL error 28: Operation timed out … for https://…`
fn broken(before: &[u8], behind: &[u8]) -> Option<Trouble> {
    let says = |words: &str| memchr::memmem::find(before, words.as_bytes()).is_some();
    let quoted = before.ends_with(b"\"") && behind.starts_with(b": ");
    let named = says("error sending request") || says("reqwest::Error");
    // PHP opens URLs like files
    if behind.starts_with(b": ") && memchr::memmem::find(behind, b"ailed to open stream: ").is_some() {
        return trouble::of(behind).or(Some(Trouble::NoResponse));
    }
    if says("cURL error ") {
        return trouble::of(before);
    }
    if !quoted && !named {
        return None;
    }
    trouble::of(behind).or_else(|| named.then_some(Trouble::NoResponse))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    #[test]
    fn each_client_has_its_own_words() {
        for (line, status, broke) in [
            (
                "Server error: `POST https://api.anthropic.com/v1/messages` resulted in a `529 ` response",
                Some(529),
                None,
            ),
            (
                "HTTP status server error (529 <unknown status code>) for url (https://api.anthropic.com/v1/messages)",
                Some(529),
                None,
            ),
            (
                "reqwest::Error { kind: Status(500, None), url: \"https://api.anthropic.com/v1/messages\" }",
                Some(500),
                None,
            ),
            ("the server responded with status 529 for POST https://api.anthropic.com/v1/messages", Some(529), None),
            ("429 Too Many Requests from POST https://api.anthropic.com/v1/messages", Some(429), None),
            ("POST \"https://api.anthropic.com/v1/messages\": 529 Overloaded", Some(529), None),
            (r#"err="POST \"https://api.anthropic.com/v1/messages\": 529 ""#, Some(529), None),
            ("HTTP POST https://api.anthropic.com/v1/messages responded 529 in 231.1 ms", Some(529), None),
            (
                "error sending request for url (https://api.anthropic.com/v1/messages): operation timed out",
                None,
                Some(Trouble::ClientTimeout),
            ),
            (
                "Post \"https://api.anthropic.com/v1/messages\": dial tcp: lookup api.anthropic.com: no such host",
                None,
                Some(Trouble::Dns),
            ),
            (
                "cURL error 28: Operation timed out after 30001 milliseconds for https://api.anthropic.com/v1/messages",
                None,
                Some(Trouble::ClientTimeout),
            ),
            ("Post \"https://api.anthropic.com/v1/messages\": EOF", None, Some(Trouble::Reset)),
            (
                "file_get_contents(https://api.anthropic.com/v1/messages): Failed to open stream: HTTP request failed! HTTP/1.1 529 ",
                Some(529),
                None,
            ),
            (
                "file_get_contents(https://api.anthropic.com/v1/messages): Failed to open stream: HTTP request failed!",
                None,
                Some(Trouble::NoResponse),
            ),
            (
                "Server error '500 Internal Server Error' for url 'https://api.anthropic.com/v1/messages'",
                Some(500),
                None,
            ),
            ("529, message='', url='https://api.anthropic.com/v1/messages'", Some(529), None),
            (
                "Request failed with status code 429 (Too Many Requests): POST https://api.anthropic.com/v1/messages",
                Some(429),
                None,
            ),
            ("in 429 ms: POST https://api.anthropic.com/v1/messages", None, None),
            ("retrying in 500 ms for https://api.anthropic.com/v1/messages", None, None),
            ("calling https://api.anthropic.com/v1/messages with timeout of 600", None, None),
            ("529 for https://example.com/", None, None),
            (
                "cURL error 7: Failed to connect to api.anthropic.com port 443 after 3 ms: Couldn't connect to server for https://api.anthropic.com/v1/messages",
                None,
                Some(Trouble::Connect),
            ),
            ("tunnel through proxy.internal:443 for https://api.anthropic.com/v1/messages", None, None),
        ] {
            let mut seen = Seen::default();
            let told = read(line.as_bytes(), &mut Cleaner::new(RuleSet::builtin(), Classes::default()), &mut seen);
            assert_eq!(
                (seen.status, seen.trouble, told),
                (status, broke, status.is_some() || broke.is_some()),
                "{line}"
            );
        }
    }
}

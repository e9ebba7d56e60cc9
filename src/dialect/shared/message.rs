//! HTTP messages inside a text: what a logger prints as its message, escaped or not, is a whole request or a whole
//! response, with a word before it at most.

use super::{address, body, headers, request};
use crate::input::header_block::{is_request, is_status};
use crate::model::{Link, Marks, Seen};
use crate::redact::Cleaner;

/// A message begins within so many lines.
const HEAD: usize = 2;

/// Which half of an exchange a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The request.
    Request,
    /// The response.
    Response,
}

/// Reads the message in a text.
pub fn read(text: &[u8], clean: &mut Cleaner, seen: &mut Seen, links: &mut Vec<Link>) -> Option<Half> {
    let (first, rest) = begin(text)?;
    let (head, body) = parts(rest);
    let mut words = first.split(|b| *b == b' ');
    if is_status(first) {
        seen.status = words.nth(1).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
        headers::read_lines(head.split(|b| *b == b'\n'), clean, seen, links);
        body::answer(body, clean, seen);
        return Some(Half::Response);
    }
    let (method, target) = (words.next()?, words.next()?);
    headers::read_lines(head.split(|b| *b == b'\n'), clean, seen, links);
    seen.marks = Marks::default();
    seen.method = clean.word(method);
    let host = head.split(|b| *b == b'\n').find_map(host).unwrap_or_default();
    if address::is_host(host) {
        address::read_url(&[b"https://", host, target].concat(), clean, seen);
    } else if address::is_endpoint(target) {
        address::read_path(target, clean, seen);
    }
    request::sent(body.trim_ascii(), clean, seen);
    Some(Half::Request)
}

/// The line that begins a message, and what follows it.
fn begin(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = text;
    for _ in 0..HEAD {
        let end = memchr::memchr(b'\n', rest)?;
        let (line, behind) = (rest.get(..end)?.trim_ascii(), rest.get(end + 1..)?);
        if is_status(line) || is_request(line) {
            return Some((line, behind));
        }
        rest = behind;
    }
    None
}

/// The headers, and the body behind the empty line.
fn parts(text: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in text.split(|b| *b == b'\n') {
        if line.trim_ascii().is_empty() {
            return (text.get(..at).unwrap_or_default(), text.get(at + line.len()..).unwrap_or_default());
        }
        at += line.len() + 1;
    }
    (text, b"")
}

fn host(line: &[u8]) -> Option<&[u8]> {
    let name = line.get(..5).filter(|name| name.eq_ignore_ascii_case(b"host:"))?;
    line.get(name.len()..).map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn read_text(text: &str) -> (Option<Half>, Seen) {
        let mut seen = Seen::default();
        let mut clean = Cleaner::new(RuleSet::builtin(), Classes::default());
        (read(text.as_bytes(), &mut clean, &mut seen, &mut Vec::new()), seen)
    }

    #[test]
    fn both_halves() {
        let (half, seen) = read_text(
            "Response:\nHTTP/2.0 529 \r\nRequest-Id: req_011CT713MmvDeEszFAzwPU4y\r\n\r\n{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n",
        );
        assert_eq!((half, seen.status), (Some(Half::Response), Some(529)));
        assert_eq!(seen.error_type.unwrap(), "overloaded_error");
        assert_eq!(seen.request_id.unwrap(), "req_011CT713MmvDeEszFAzwPU4y");
        let (half, seen) = read_text(
            "Request:\nPOST /v1/messages HTTP/1.1\r\nHost: api.anthropic.com\r\n\r\n\n{\"model\":\"claude-sonnet-5\",\"messages\":[]}",
        );
        assert_eq!(half, Some(Half::Request));
        assert_eq!(
            (seen.endpoint.unwrap().as_str(), seen.model.unwrap().as_str()),
            ("/v1/messages", "claude-sonnet-5")
        );
        assert_eq!(read_text("the answer was\nHTTP/1.1 or so\n").0, None);
    }
}

//! Docker's `json-file` log driver: `{"log":"…\n","stream":"stdout","time":"…"}`, records cut at 16 KiB.

use super::{Coding, Wrapped, Wrapper};
use crate::literal::Span;

pub(super) struct Docker;

impl Wrapper for Docker {
    fn id(&self) -> &'static str {
        "docker-json-file"
    }

    fn begins(&self, first: u8) -> bool {
        first == b'{'
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        let log = line.strip_prefix(b"{\"log\":\"")?;
        let end = string_end(log)?;
        let rest = log.get(end..)?;
        let stream = value(rest, b"\"stream\":\"").map(|span| span.of(rest)).unwrap_or_default();
        let time = value(rest, b"\"time\":\"")?;
        let (from, to) = (8, 8 + end);
        // a record that does not end with a line end goes on in the next
        let goes_on = !log.get(..end)?.ends_with(b"\\n");
        let time = Some(time.shifted(to));
        Some(Wrapped {
            source: stream,
            payload: Span::new(from, to),
            coding: Coding::Json,
            goes_on,
            time,
            ..Wrapped::default()
        })
    }
}

/// The length of a JSON string up to its closing quote.
pub(super) fn string_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The string behind a key, without its quotes.
pub(super) fn value(text: &[u8], key: &[u8]) -> Option<Span> {
    let at = memchr::memmem::find(text, key)? + key.len();
    let end = string_end(text.get(at..)?)?;
    Some(Span::new(at, at + end))
}

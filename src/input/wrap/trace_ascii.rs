//! `curl --trace-ascii`: 64 columns of text behind a hexadecimal offset, keys and prompts cut anywhere.

use super::{Wrapped, Wrapper};
use crate::literal::Span;

/// How much of the text stands on one line.
const COLUMNS: usize = 64;

pub(super) struct TraceAscii;

/// `50 4f 53 54`, `504f 5354`: without `-ascii` the bytes stand there in hexadecimal, too, and their places matter.
fn is_dump(payload: &[u8]) -> bool {
    let mut words = payload.split(|b| *b == b' ');
    let is_hex = |word: &[u8]| matches!(word.len(), 2 | 4) && word.iter().all(u8::is_ascii_hexdigit);
    words.next().is_some_and(is_hex) && words.next().is_some_and(|word| word.is_empty() || is_hex(word))
}

impl Wrapper for TraceAscii {
    fn id(&self) -> &'static str {
        "curl-trace-ascii"
    }

    fn begins(&self, first: u8) -> bool {
        first.is_ascii_digit() || (b'a'..=b'f').contains(&first) || matches!(first, b'=' | b'<')
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        let digits = line.iter().take(9).take_while(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(*b)).count();
        if (4..=8).contains(&digits) && line.get(digits..digits + 2) == Some(b": ") {
            let payload = Span::new(digits + 2, line.len());
            if is_dump(payload.of(line)) {
                return None;
            }
            // a header has a line of its own: only what fills the columns goes on
            let goes_on = payload.len() == COLUMNS;
            return Some(Wrapped { source: b"trace", payload, goes_on, ..Wrapped::default() });
        }
        // the time of day stands before it with `--trace-time`
        let marked = |at: usize| {
            [b"=> Send ".as_slice(), b"<= Recv ", b"== Info:"].contains(&line.get(at..at + 8).unwrap_or_default())
        };
        if !marked(0) && !marked(16) {
            return None;
        }
        let payload = Span::new(0, line.len());
        Some(Wrapped { source: b"trace", payload, fresh: true, ..Wrapped::default() })
    }
}

//! `curl --trace-ascii`: 64 columns of text behind a hexadecimal offset, keys and prompts cut anywhere.

use super::{Wrapped, Wrapper};
use crate::literal::Span;

/// How much of the text stands on one line.
const COLUMNS: usize = 64;

pub(super) struct TraceAscii;

impl Wrapper for TraceAscii {
    fn id(&self) -> &'static str {
        "curl-trace-ascii"
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        let digits = line.iter().take(9).take_while(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(*b)).count();
        if (4..=8).contains(&digits) && line.get(digits..digits + 2) == Some(b": ") {
            let payload = Span::new(digits + 2, line.len());
            // a header has a line of its own: only what fills the columns goes on
            let goes_on = payload.len() == COLUMNS;
            return Some(Wrapped { source: b"trace", payload, goes_on, ..Wrapped::default() });
        }
        let head = line.get(..line.len().min(64))?;
        let marker =
            [b" => Send ".as_slice(), b" <= Recv ", b" == Info:"].iter().find_map(|m| memchr::memmem::find(head, m));
        let starts = [b"=> Send ".as_slice(), b"<= Recv ", b"== Info:"].iter().any(|m| head.starts_with(m));
        if !starts && marker.is_none_or(|at| at > 32) {
            return None;
        }
        let payload = Span::new(0, line.len());
        Some(Wrapped { source: b"trace", payload, fresh: true, ..Wrapped::default() })
    }
}

//! The container runtime interface: `2026-11-20T10:00:00.123456789Z stdout F text`, `P` for a part.

use super::{Wrapped, Wrapper};
use crate::literal::Span;

/// The longest time: nine digits of a second, and a zone.
const LONGEST_TIME: usize = 36;

pub(super) struct Cri;

impl Wrapper for Cri {
    fn id(&self) -> &'static str {
        "cri"
    }

    fn begins(&self, first: u8) -> bool {
        first.is_ascii_digit()
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        // the time has no blank, and is dear to read
        let time = memchr::memchr(b' ', line.get(..(LONGEST_TIME + 1).min(line.len()))?)?;
        let rest = line.get(time + 1..)?;
        let source: &[u8] = match rest.get(..7)? {
            b"stdout " => b"stdout",
            b"stderr " => b"stderr",
            _ => return None,
        };
        if rfc3339(line)? != time {
            return None;
        }
        let goes_on = match rest.get(7..9)? {
            b"F " => false,
            b"P " => true,
            _ => return None,
        };
        let payload = Span::new(time + 10, line.len());
        Some(Wrapped { source, payload, goes_on, time: Some(Span::new(0, time)), ..Wrapped::default() })
    }
}

/// The length of an RFC 3339 time at the start of a line that a space follows.
pub(super) fn rfc3339(line: &[u8]) -> Option<usize> {
    let head: &[u8; 20] = line.first_chunk()?;
    let [a, b, c, d, b'-', e, f, b'-', g, h, b'T', i, j, b':', k, l, b':', m, n, _] = *head else { return None };
    if ![a, b, c, d, e, f, g, h, i, j, k, l, m, n].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let rest = line.get(19..)?;
    let zone = rest
        .iter()
        .take(LONGEST_TIME - 19)
        .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'Z' | b'+' | b'-' | b':'))
        .count();
    (rest.get(zone) == Some(&b' ') && zone > 0).then_some(19 + zone)
}

//! Where quoted texts begin and end.

use super::bytes::{backslashes_before, without_padding};
use super::dumps::sigil;

/// What was learned of the quotes of a text; it bounds repeated searches.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    /// Below this offset no closing quote was found, per kind of quote.
    no_close: [usize; 3],
}

impl Quotes {
    /// The closing quote: the same quote behind as many backslashes, or behind that many plus pairs of escaped
    /// backslashes. Only on the same line. All calls are about the same text.
    pub fn closing(&mut self, text: &[u8], from: usize, quote: u8, escapes: usize) -> Option<usize> {
        let kind = match quote {
            b'"' => 0,
            b'\'' => 1,
            _ => 2,
        };
        if escapes == 0 && from < self.no_close[kind] {
            return None;
        }
        let unit = 2 * (escapes + 1);
        let mut at = from;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let found = at + memchr::memchr2(quote, b'\n', rest).unwrap_or(rest.len());
            if text.get(found) != Some(&quote) {
                if escapes == 0 {
                    self.no_close[kind] = found;
                }
                return None;
            }
            let run = backslashes_before(text.get(from..found).unwrap_or_default(), found - from);
            if run % unit == escapes {
                return Some(found);
            }
            at = found + 1;
        }
    }
}

/// The closing quote of a cell of CSV in which quotes are doubled: `"it says ""no"""`. `end` is the first of two.
pub(super) fn cell_end(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let opens = matches!(text.get(..start)?.last(), None | Some(b'\n' | b',' | b';' | b'\t'));
    if !opens || text.get(start) != Some(&b'"') {
        return None;
    }
    let mut at = end;
    while text.get(at + 1) == Some(&b'"') {
        let rest = text.get(at + 2..)?;
        at += 2 + memchr::memchr2(b'"', b'\n', rest).filter(|n| rest.get(*n) == Some(&b'"'))?;
    }
    matches!(text.get(at + 1), None | Some(b'\r' | b'\n' | b',' | b';' | b'\t')).then_some(at)
}

/// Where a quoted text begins whose quote stands at `at`; `None` for an apostrophe inside a word.
/// A string prefix (`b'…'`, `rb"…"`) belongs to it.
pub(super) fn opening(text: &[u8], at: usize) -> Option<usize> {
    let before = text.get(..at).unwrap_or_default();
    let letters =
        before.iter().rev().take(3).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 0x80).count();
    match letters {
        0 => Some(at),
        1 if sigil(before) > 0 => Some(at - sigil(before)),
        1 | 2 => {
            let prefix = before.get(at - letters..).unwrap_or_default();
            prefix.iter().all(|b| matches!(b.to_ascii_lowercase(), b'b' | b'r' | b'u' | b'f')).then(|| at - letters)
        }
        _ => None,
    }
}

/// Where a text that no quote closes ends: with its line, but for what fills it up to the width of a column.
pub(super) fn line_end(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
    from + without_padding(line).len()
}

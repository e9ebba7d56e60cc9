//! How far a quoted text goes, where the quote that seems to close it is not its own, or none stands on its line.

use super::super::protect::looks_like_record;
use super::{MOST_JUDGED, Walk};
use crate::literal::{Quoted, Span, backslashes_before};

/// A text that goes on over lines is followed so far.
const MAX_CONTINUED: usize = 8 << 10;
/// A text with quotes of its own is followed so far.
const MAX_QUOTATION: usize = 4 << 10;

/// Before what an error quotes of the request stands the place in it: one of these, and a number.
const PLACES: [&[u8]; 3] = [b"messages", b"contents", b"input"];
/// What an error says of a place is no longer.
const MAX_PLACE: usize = 120;

impl Walk<'_> {
    /// All that an error quotes of the request, to the end of the message: `messages.0.content.0.text: … must not contain
    /// the sequence: "…"`, `Invalid value in messages[0]: '…'`. The text has quotes and lines of its own.
    pub(super) fn of_request(&self, quoted: Quoted) -> Option<Quoted> {
        let before = self.text.get(quoted.outer.start.saturating_sub(MAX_PLACE)..quoted.outer.start)?;
        // nearly always it is a key that stands before a colon
        let [.., last, b':', b' '] = before else { return None };
        if matches!(last, b'"' | b'\'') {
            return None;
        }
        let line = before.rsplit(|b| *b == b'\n').next()?;
        let said = (0..line.len()).rev().find_map(|at| {
            let (before, behind) = line.split_at(at);
            let step = matches!(behind, [b'.' | b'[', digit, ..] if digit.is_ascii_digit());
            (step && PLACES.iter().any(|place| before.ends_with(place))).then_some(behind)
        })?;
        if said.iter().any(|b| matches!(b, b'"' | b'\'')) {
            return None;
        }
        if self.depth == 0 {
            return Some(quoted);
        }
        let rest = self.text.get(quoted.inner.start..)?;
        let end = memchr::memrchr(quoted.quote, rest).map(|at| quoted.inner.start + at);
        let inner_end = end.map_or(self.text.len(), |end| end - backslashes_before(self.text, end));
        let inner = Span::new(quoted.inner.start, inner_end);
        let outer = Span::new(quoted.outer.start, end.map_or(self.text.len(), |end| end + 1));
        Some(Quoted { inner, outer, closed: true, ..quoted })
    }

    /// All of a text that a message quotes over several lines, which were one while they were escaped:
    /// `Invalid part: "You are …\n\nYour name is "clerk"."`.
    pub(super) fn over_lines(&mut self, quoted: Quoted, depth: usize) -> Option<Quoted> {
        let before = self.text.get(..quoted.outer.start)?;
        let nested = self.depth > 0 && depth == 0 && self.judged <= MOST_JUDGED * self.text.len();
        if quoted.closed || quoted.quote != b'"' || !nested || !before.ends_with(b": ") {
            return None;
        }
        let rest = self.text.get(quoted.inner.start..)?;
        let rest = rest.get(..rest.len().min(MAX_QUOTATION))?;
        self.judged += rest.len();
        self.matched(quoted, rest, quoted.inner.start - 1 - quoted.outer.start)
    }

    /// All of a text that goes on over lines up to its closing quote, as shells, PHP, Ruby, YAML and whoever folds
    /// lines write it.
    pub(super) fn continued(&mut self, quoted: Quoted) -> Option<Quoted> {
        let head = quoted.inner.of(self.text);
        let cut = [b"...".as_slice(), "…".as_bytes()].iter().any(|end| head.ends_with(end));
        let escaped = quoted.inner.start >= 2 && self.text.get(quoted.inner.start - 2) == Some(&b'\\');
        if quoted.closed || self.depth > 0 || head.is_empty() || cut || escaped || self.judged > self.text.len() {
            return None;
        }
        let rest = self.text.get(quoted.inner.end..)?;
        let rest = rest.get(..rest.len().min(MAX_CONTINUED))?;
        let len = continuation(rest, quoted.quote);
        self.judged += len.unwrap_or(rest.len());
        let end = quoted.inner.end + len?;
        let inner = Span::new(quoted.inner.start, end);
        Some(Quoted { inner, outer: Span::new(quoted.outer.start, end + 1), closed: true, ..quoted })
    }

    /// All of a text that a message quotes as it is, quotes and all: `"say "no" twice"`. The quote that seemed to
    /// close it is before a word, so it opened one inside.
    pub(super) fn whole(&mut self, quoted: Quoted) -> Option<Quoted> {
        if !quoted.closed || !self.opens(quoted.outer.end) || self.judged > MOST_JUDGED * self.text.len() {
            return None;
        }
        let rest = self.text.get(quoted.inner.start..)?;
        // no further than that: on a line of nothing but quotes each would seek its end
        let rest = rest.get(..rest.len().min(MAX_QUOTATION))?;
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))?;
        let read = line.len();
        let whole = self.matched(quoted, line, quoted.outer.end - 1 - quoted.inner.end);
        self.judged += whole.map_or(read, |whole| whole.outer.len());
        whole
    }

    /// The text up to the quote that matches the first, past those inside it. `rest` is what follows the first, and
    /// each has so many backslashes before it.
    fn matched(&self, quoted: Quoted, rest: &[u8], escapes: usize) -> Option<Quoted> {
        let mut depth = 1_u32;
        for at in memchr::memchr_iter(quoted.quote, rest) {
            let end = quoted.inner.start + at;
            if backslashes_before(self.text, end) != escapes {
                continue;
            }
            depth = if self.opens(end + 1) { depth + 1 } else { depth - 1 };
            if depth == 0 {
                let inner = Span::new(quoted.inner.start, end - escapes);
                return Some(Quoted { inner, outer: Span::new(quoted.outer.start, end + 1), closed: true, ..quoted });
            }
        }
        None
    }

    /// Whether a quote before `at` opens a text.
    fn opens(&self, at: usize) -> bool {
        self.text.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
    }
}

/// Where the lines behind a text that no quote closed on its own are closed by one; not where a quote opens another
/// text before, or a record begins.
fn continuation(rest: &[u8], quote: u8) -> Option<usize> {
    for at in memchr::memchr_iter(quote, rest) {
        let before = rest.get(..at).and_then(<[u8]>::last).copied().unwrap_or(b' ');
        let behind = rest.get(at + 1).copied().unwrap_or(b'\n');
        let word = |b: u8| b.is_ascii_alphanumeric() || b >= 0x80;
        if before == b'\\' || (word(before) && word(behind)) {
            continue;
        }
        let closes = !matches!(before, b'=' | b'(' | b'[' | b'{' | b' ')
            && matches!(behind, b',' | b')' | b']' | b'}' | b';' | b' ' | b'\r' | b'\n' | b'<');
        let text = rest.get(..at)?;
        return (closes && !text.split(|b| *b == b'\n').skip(1).any(looks_like_record)).then_some(at);
    }
    None
}

//! Text in one spelling: escapes undone at whatever depth, every run of blanks and line ends one blank.
//!
//! A prompt stands in a log as JSON, as a Python repr, as JSON in JSON, wrapped at column 80, percent-encoded.
//! In this spelling it is the same in all of them; no layer has to be decoded for that.

use crate::literal::{BLOCK, Block, Span, hex};
use memchr::memchr;

/// Where a text is spelled otherwise than plainly: the offset of the first escape or run of blanks.
pub(super) fn first_odd(text: &[u8]) -> Option<usize> {
    marks(text, 0).find(|at| is_odd(text, *at))
}

/// Where from `from` on a backslash stands, a percent sign, a line end, or a blank before another.
fn marks(text: &[u8], from: usize) -> impl Iterator<Item = usize> {
    let mut at = from;
    let mut left = 0;
    std::iter::from_fn(move || {
        while left == 0 {
            if at >= text.len() {
                return None;
            }
            let block = Block::of(text, at);
            let blanks = block.bits(|b| b.is(b' '));
            left = block.bits(|b| b.is(b'\\') | b.is(b'%') | b.is(b'\n')) | blanks & blanks >> 1;
            // the last byte of each block is the first of the next, so that two blanks stand in one
            left &= u64::MAX >> 1;
            at += BLOCK - 1;
        }
        let next = left.trailing_zeros() as usize;
        left &= left - 1;
        Some(at - (BLOCK - 1) + next)
    })
}

fn is_odd(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(b'\\') => true,
        Some(b'%') => hex(text, at + 1, 2).is_some(),
        Some(b' ') => text.get(at + 1) == Some(&b' '),
        _ => false,
    }
}

/// A stretch in the common spelling, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<'s> {
    /// As long as `raw` where they correspond byte for byte.
    pub bytes: &'s [u8],
    pub raw: Span,
}

/// Calls `push` with each stretch of a text, in order.
pub(super) fn spell(text: &[u8], push: impl FnMut(Stretch<'_>)) {
    let mut speller = Speller { text, push, blank: None };
    let mut at = 0;
    while at < text.len() {
        let end = speller.plain_end(at);
        speller.plain(at, end);
        at = match text.get(end) {
            Some(b'\\') => speller.escape(end),
            Some(b'%') => speller.percent(end),
            Some(b) if is_blank(*b) => {
                let len = text.get(end..).unwrap_or_default().iter().take_while(|b| is_blank(**b)).count();
                let span = Span::new(end, end + len);
                speller.blank(span, memchr(b'\n', span.of(text)).is_some());
                span.end
            }
            _ => end,
        };
    }
    speller.end_blank();
}

struct Speller<'t, P> {
    text: &'t [u8],
    push: P,
    /// Blanks that were read and not yet passed on, and whether a line ended among them.
    blank: Option<(Span, bool)>,
}

impl<P: FnMut(Stretch<'_>)> Speller<'_, P> {
    /// Where the text that stands for itself ends: before an escape, a line end, two blanks.
    fn plain_end(&self, at: usize) -> usize {
        marks(self.text, at).next().unwrap_or(self.text.len())
    }

    fn plain(&mut self, at: usize, end: usize) {
        let mut run = Span::new(at, end);
        if let Some((blank, wrapped)) = self.blank {
            run.start += margin(run.of(self.text), wrapped);
            if run.is_empty() {
                self.blank = Some((Span::new(blank.start, end), wrapped));
                return;
            }
        }
        let ends_line = self.text.get(end) == Some(&b'\n');
        run.end -= margin_behind(run.of(self.text), ends_line);
        if !run.is_empty() {
            self.pass(run.of(self.text), run);
        }
        if run.end < end {
            self.blank(Span::new(run.end, end), false);
        }
    }

    fn blank(&mut self, span: Span, wrapped: bool) {
        self.blank = match self.blank {
            Some((before, was)) => Some((Span::new(before.start, span.end), was || wrapped)),
            None => Some((span, wrapped)),
        };
    }

    fn end_blank(&mut self) {
        if let Some((raw, _)) = self.blank.take() {
            (self.push)(Stretch { bytes: b" ", raw });
        }
    }

    fn pass(&mut self, bytes: &[u8], raw: Span) {
        self.end_blank();
        (self.push)(Stretch { bytes, raw });
    }

    fn decoded(&mut self, bytes: &[u8], raw: Span) {
        if bytes.iter().all(|b| is_blank(*b)) { self.blank(raw, false) } else { self.pass(bytes, raw) }
    }

    /// Backslashes and what they escape, however often it was escaped; gives where it ends.
    fn escape(&mut self, at: usize) -> usize {
        let after = at + self.text.get(at..).unwrap_or_default().iter().take_while(|b| **b == b'\\').count();
        let byte = |b: Option<u32>| b.map(|b| (after + 3, [b as u8, 0, 0, 0], 1));
        let decoded = match self.text.get(after) {
            Some(b'n' | b't' | b'r' | b'b' | b'f' | b'v') => Some((after + 1, [b' ', 0, 0, 0], 1)),
            Some(b'x') => byte(hex(self.text, after + 1, 2)),
            Some(b'u') => hex(self.text, after + 1, 4).and_then(|code| self.unicode(after + 5, code)),
            _ => None,
        };
        // of other characters only the backslashes go
        let Some((end, bytes, len)) = decoded else { return after };
        self.decoded(bytes.get(..len).unwrap_or_default(), Span::new(at, end));
        end
    }

    /// The character of `\uXXXX`, with the second half behind it where it is a surrogate.
    fn unicode(&self, mut end: usize, mut code: u32) -> Option<(usize, [u8; 4], usize)> {
        if (0xD800..0xDC00).contains(&code) {
            let slashes = self.text.get(end..)?.iter().take_while(|b| **b == b'\\').count();
            let low = (slashes > 0 && self.text.get(end + slashes) == Some(&b'u'))
                .then(|| hex(self.text, end + slashes + 1, 4))
                .flatten();
            if let Some(low @ 0xDC00..=0xDFFF) = low {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                end += slashes + 5;
            }
        }
        let mut bytes = [0; 4];
        let len = char::from_u32(code)?.encode_utf8(&mut bytes).len();
        Some((end, bytes, len))
    }

    fn percent(&mut self, at: usize) -> usize {
        let raw = Span::new(at, at + 3);
        match hex(self.text, at + 1, 2) {
            Some(byte) => {
                self.decoded(&[byte as u8], raw);
                raw.end
            }
            None => {
                self.pass(b"%", Span::new(at, at + 1));
                at + 1
            }
        }
    }
}

/// Blanks at the beginning of a text, and the bars of a box where a line was wrapped.
fn margin(text: &[u8], wrapped: bool) -> usize {
    let mut rest = text;
    loop {
        rest = match rest {
            [b, after @ ..] if is_blank(*b) => after,
            [b'|', after @ ..] | [0xE2, 0x94, 0x82, after @ ..] if wrapped => after,
            _ => return text.len() - rest.len(),
        };
    }
}

/// The same at its end.
fn margin_behind(text: &[u8], wraps: bool) -> usize {
    let mut rest = text;
    loop {
        rest = match rest {
            [before @ .., b] if is_blank(*b) => before,
            [before @ .., b'|'] | [before @ .., 0xE2, 0x94, 0x82] if wraps => before,
            _ => return text.len() - rest.len(),
        };
    }
}

fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

/// A text in the common spelling, with the way back.
#[derive(Debug, Default)]
pub(super) struct Spelled {
    pub bytes: Vec<u8>,
    /// Where stretches begin: in `bytes` and in the raw text. Sorted by both.
    starts: Vec<(usize, usize)>,
}

impl Spelled {
    /// Spells `text[span]` behind what was spelled before, and says where it stands in `bytes`; raw offsets are those
    /// of `text`.
    pub fn add(&mut self, text: &[u8], span: Span) -> Span {
        let start = self.bytes.len();
        spell(span.of(text), |stretch| {
            self.starts.push((self.bytes.len(), stretch.raw.start + span.start));
            self.bytes.extend_from_slice(stretch.bytes);
        });
        let end = self.bytes.len();
        self.starts.push((end, span.end));
        // where one ends, no other begins
        self.bytes.push(0);
        Span::new(start, end)
    }

    /// Forgets what was spelled.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.starts.clear();
    }

    /// The raw offset of an offset in `bytes`.
    pub fn raw(&self, at: usize) -> usize {
        let next = self.starts.partition_point(|(start, _)| *start <= at);
        let (start, raw) = next.checked_sub(1).and_then(|i| self.starts.get(i)).copied().unwrap_or_default();
        let limit = self.starts.get(next).map_or(raw, |(_, raw)| *raw);
        // what follows the end of a piece is another
        (raw + at - start).min(limit.max(raw))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> String {
        let mut out = Spelled::default();
        let whole = out.add(text.as_bytes(), Span::new(0, text.len()));
        String::from_utf8_lossy(whole.of(&out.bytes)).into_owned()
    }

    #[test]
    fn every_spelling_is_the_same() {
        let plain = spelled("He said \"naïve\"\n\tto O'Brien 😀");
        assert_eq!(plain, "He said \"naïve\" to O'Brien 😀");
        for text in [
            r#"He said \"naïve\"\n\tto O'Brien 😀"#,
            r#"He said \"na\u00efve\"\n\tto O'Brien \ud83d\ude00"#,
            r#"He said \\\"na\\u00efve\\\"\\n\\tto O'Brien \\ud83d\\ude00"#,
            r#"He said "na\xc3\xafve"\n\tto O\'Brien \xf0\x9f\x98\x80"#,
            "He said \"naïve\"   \r\n     to O'Brien 😀",
            "│ He said \"naïve\"      │\n│ to O'Brien 😀".trim_start_matches("│ "),
            "He%20said%20%22na%C3%AFve%22%0A%09to%20O%27Brien%20%F0%9F%98%80",
        ] {
            assert_eq!(spelled(text), plain, "{text}");
        }
    }

    #[test]
    fn offsets_lead_back() {
        let text = r"ab\u0041cd  ef";
        let mut out = Spelled::default();
        let first = out.add(text.as_bytes(), Span::new(0, text.len()));
        let second = out.add(text.as_bytes(), Span::new(2, text.len()));
        assert_eq!((first.of(&out.bytes), second.of(&out.bytes)), (b"abAcd ef".as_slice(), b"Acd ef".as_slice()));
        assert_eq!([2, 3, 5, 6, 8].map(|at| out.raw(at)), [2, 8, 10, 12, 14]);
        assert_eq!([0, 1, 6].map(|at| out.raw(second.start + at)), [2, 8, 14]);
    }

    #[test]
    fn odd_places_are_found() {
        assert_eq!(first_odd(b"100% of it, 5%d"), None);
        assert_eq!(first_odd(b"a%20b"), Some(1));
        assert_eq!(first_odd(b"a  b\\"), Some(1));
        assert_eq!(first_odd(b"a\\b"), Some(1));
    }
}

//! Finds what is remembered in text that is about to be written.
//!
//! Nearly all text is passed over at the speed of memory: one look at the filter for every eight bytes, and
//! one for every four while there are short credentials. Only where three stretches in a row are known is the
//! text followed byte by byte, and only what is spelled in some odd way is decoded before.

use super::super::edit::Edit;
use super::super::rules::RuleId;
use super::memory::{CORNER, LONG, Memory, WIDTH};
use super::spelling::{Spelled, first_odd};
use super::words::{credential, own_words, whole_words};
use crate::literal::Span;

/// So many stretches in a row must be known.
const ROW: usize = 3;
/// So many looks at memory do not wait for one another.
const AT_ONCE: usize = 16;
/// How far before oddly spelled text its decoding begins.
const BEFORE: usize = 320;
/// How much text in odd spellings is decoded at a time, and how much of it again for what is cut there.
const DECODED: usize = 64 << 10;
const OVERLAP: usize = BEFORE + 128;
/// How much of the end of a text is looked at for an echo that goes on.
const TAIL: usize = 96;

/// Reports what was taken before and stands there again. Keeps its buffers from text to text.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    spelled: Spelled,
}

impl Finder {
    /// Finds echoes in `text[span]`.
    pub fn find(&mut self, text: &[u8], span: Span, memory: &Memory, echo: RuleId, found: &mut Vec<Edit>) {
        let mut search = Search { text, start: span.start, end: span.end, memory, echo, found };
        let mut at = span.start;
        while at < span.end {
            let odd = first_odd(Span::new(at, span.end).of(text)).map(|odd| at + odd);
            let plain = Span::new(at, odd.unwrap_or(span.end));
            search.read(plain.of(text), &Plain(plain.start));
            let Some(odd) = odd else { return };
            let lines = odd_lines(text, span, odd);
            self.spelled.fill(text, lines);
            search.read(&self.spelled.bytes, &self.spelled);
            // what the end of the decoded piece cuts is read again
            at = if lines.len() >= DECODED && lines.end < span.end { lines.end - OVERLAP } else { lines.end };
        }
    }

    /// Where an echo begins that may go on behind the end of the text.
    pub fn open_at(&mut self, text: &[u8], memory: &Memory) -> Option<usize> {
        let tail = Span::new(text.len().saturating_sub(TAIL), text.len());
        self.spelled.fill(text, tail);
        let piece = self.spelled.bytes.trim_ascii_end();
        let last = piece.len().checked_sub(WIDTH)?;
        let known = memory.has(stretch(piece, last)?);
        known.then(|| self.spelled.raw(known_before(piece, last, memory)))
    }
}

/// The lines from the one with the odd place on that are spelled oddly, and some text before.
fn odd_lines(text: &[u8], span: Span, odd: usize) -> Span {
    let line_end = |at: usize| memchr::memchr(b'\n', Span::new(at, span.end).of(text)).map_or(span.end, |n| at + n + 1);
    let start = odd.saturating_sub(BEFORE).max(span.start);
    let most = (start + DECODED).min(span.end);
    let mut end = line_end(odd);
    while end < most {
        let next = line_end(end);
        if first_odd(Span::new(end, next).of(text)).is_none() {
            break;
        }
        end = next;
    }
    Span::new(start, end.min(most))
}

/// The way from a text that is searched to the text as it stands.
trait Map {
    fn raw(&self, at: usize) -> usize;
}

/// It is the same text from an offset on.
struct Plain(usize);

impl Map for Plain {
    fn raw(&self, at: usize) -> usize {
        self.0 + at
    }
}

impl Map for Spelled {
    fn raw(&self, at: usize) -> usize {
        self.raw(at)
    }
}

struct Search<'s> {
    /// The text as it stands.
    text: &'s [u8],
    /// Where the search begins and ends in it.
    start: usize,
    end: usize,
    memory: &'s Memory,
    echo: RuleId,
    found: &'s mut Vec<Edit>,
}

impl Search<'_> {
    /// Reads a piece of the text in the common spelling.
    fn read(&mut self, piece: &[u8], map: &impl Map) {
        if self.memory.has_short() {
            self.shorts(piece, map);
        }
        if self.memory.has_long() {
            self.longs(piece, map);
        }
    }

    fn longs(&mut self, piece: &[u8], map: &impl Map) {
        let mut from = 0;
        while let Some(row) = known_row(piece, from, self.memory) {
            // words that come again and again make rows by chance: every stretch of the run must be known
            let run = Span::new(known_before(piece, row, self.memory), known_behind(piece, row + WIDTH, self.memory));
            from = run.end + 1 - WIDTH;
            if run.len() >= LONG {
                self.report(run.of(piece), Span::new(map.raw(run.start), map.raw(run.end)));
            }
        }
    }

    fn report(&mut self, run: &[u8], raw: Span) {
        let whole = whole_words(self.text, raw);
        let whole = Span::new(whole.start.max(self.start), whole.end.min(self.end));
        match self.memory.named(run) {
            Some(label) => credential(self.text, whole, label, self.found),
            None => own_words(self.text, whole, run, self.echo, self.found),
        }
    }

    /// Short credentials: whole, and with a boundary on both sides.
    fn shorts(&mut self, piece: &[u8], map: &impl Map) {
        let (corners, _) = piece.as_chunks::<CORNER>();
        for (i, corner) in corners.iter().enumerate() {
            let Some((offsets, lengths)) = self.memory.lies(u32::from_le_bytes(*corner)) else { continue };
            for word in lies(piece, i * CORNER, offsets, lengths) {
                if let Some(label) = self.memory.word(word.of(piece)) {
                    let span = Span::new(map.raw(word.start), map.raw(word.end));
                    self.found.push(Edit::new(span, label.rule, label.what));
                }
            }
        }
    }
}

/// The words around a corner at `at` that lie like a credential that has it.
fn lies(piece: &[u8], at: usize, offsets: u32, lengths: u32) -> impl Iterator<Item = Span> {
    let inner = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    let starts = (0..32).filter(move |n| offsets & 1 << n != 0).filter_map(move |n| at.checked_sub(n));
    let starts = starts.filter(move |start| start.checked_sub(1).is_none_or(|n| !inner(piece.get(n))));
    starts.flat_map(move |start| {
        let ends = (0..32).filter(move |n| lengths & 1 << n != 0).map(move |n| start + n);
        ends.filter(move |end| *end <= piece.len() && !inner(piece.get(*end))).map(move |end| Span::new(start, end))
    })
}

/// Where the next three stretches in a row begin that are all known.
fn known_row(piece: &[u8], from: usize, memory: &Memory) -> Option<usize> {
    let (stretches, _) = piece.get(from..)?.as_chunks::<WIDTH>();
    let number = |s: &[u8; WIDTH]| without_line_ends(u64::from_le_bytes(*s));
    let known = |i: usize| stretches.get(i).is_some_and(|s| memory.has(number(s)));
    for (i, batch) in stretches.chunks(ROW * AT_ONCE).enumerate() {
        // every row has one of these
        let (rows, _) = batch.as_chunks::<ROW>();
        let mut met = memory.which(rows.iter().map(|row| number(&row[ROW - 1])));
        while met != 0 {
            let third = (i * AT_ONCE + met.trailing_zeros() as usize + 1) * ROW - 1;
            if let Some(first) = (third + 1 - ROW..=third).find(|first| (*first..first + ROW).all(known)) {
                return Some(from + first * WIDTH);
            }
            met &= met - 1;
        }
    }
    None
}

/// Where a run begins of which the stretch at `at` is part.
fn known_before(piece: &[u8], at: usize, memory: &Memory) -> usize {
    let unknown = (0..at).rev().find(|n| !stretch(piece, *n).is_some_and(|s| memory.has(s)));
    unknown.map_or(0, |n| n + 1)
}

/// Where a run ends that is known up to `end`. Each of its stretches must be known, or where it ends would depend on
/// where the search began, and the gate begins elsewhere.
fn known_behind(piece: &[u8], end: usize, memory: &Memory) -> usize {
    let Some(mut window) = end.checked_sub(WIDTH).and_then(|last| stretch(piece, last)) else { return end };
    let mut end = end;
    while let Some(b) = piece.get(end) {
        // the window before has no line ends any more
        let next = |b: &u8| window >> 8 | u64::from(if *b == b'\n' { b' ' } else { *b }) << 56;
        let mut step = 1;
        let mut longer = next(b);
        if !memory.has(longer) && matches!(b, b' ' | b'\n') {
            // the line may have been wrapped in the middle of a word
            step = 2;
            longer = piece.get(end + 1).map_or(longer, next);
        }
        if !memory.has(longer) {
            break;
        }
        window = longer;
        end += step;
    }
    end.min(piece.len())
}

/// The stretch at `at`.
fn stretch(piece: &[u8], at: usize) -> Option<u64> {
    piece.get(at..)?.first_chunk().map(|s| without_line_ends(u64::from_le_bytes(*s)))
}

/// Eight bytes with blanks in place of line ends.
#[inline]
fn without_line_ends(word: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let other = word ^ 0x0A0A_0A0A_0A0A_0A0A;
    let line_ends = !(((other & LOW) + LOW) | other | LOW);
    word ^ ((line_ends >> 7) * u64::from(b'\n' ^ b' '))
}

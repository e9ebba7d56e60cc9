//! Finds what is remembered in text that is about to be written.
//!
//! Nearly all text is passed over at the speed of memory: one look at the filter for every 24 bytes, many pieces of
//! text at a time so that no look waits for another, and one for every four while there are short credentials. Only
//! where three stretches in a row are known is the text followed byte by byte, and only what is spelled in some odd way
//! is decoded before.

use super::super::edit::Edit;
use super::super::rules::RuleId;
use super::memory::{CORNER, LONG, Memory, WIDTH};
use super::run::{known_before, known_behind, stretch, without_line_ends};
use super::spelling::{Spelled, first_odd};
use super::words::{credential, own_words, whole_words};
use crate::literal::Span;

/// So many stretches in a row must be known.
const ROW: usize = 3;
/// So much text is read at a time, where there is more, with what is kept of its pieces.
const AT_ONCE: usize = 256 << 10;
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
    pieces: Vec<Piece>,
    /// How much they take, with their text.
    waiting: usize,
    /// The last stretch of each row of each piece, and which of them are known.
    rows: Vec<u64>,
    known: Vec<usize>,
    /// Those of a piece that are in company: where they begin.
    starts: Vec<usize>,
}

/// A piece of text in the common spelling.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it stands: in the text, or among what was spelled.
    span: Span,
    spelled: bool,
    /// The part of the text that is searched.
    within: Span,
}

impl Finder {
    /// Finds echoes in parts of a text, which are in order.
    pub fn find(
        &mut self,
        text: &[u8],
        parts: impl IntoIterator<Item = Span>,
        memory: &Memory,
        echo: RuleId,
        found: &mut Vec<Edit>,
    ) {
        for within in parts {
            let mut at = within.start;
            while at < within.end {
                if self.waiting >= AT_ONCE {
                    self.read(text, memory, echo, found);
                }
                let odd = first_odd(Span::new(at, within.end).of(text)).map(|odd| at + odd);
                self.add(Piece { span: Span::new(at, odd.unwrap_or(within.end)), spelled: false, within });
                let Some(odd) = odd else { break };
                let lines = odd_lines(text, within, odd);
                let span = self.spelled.add(text, lines);
                self.add(Piece { span, spelled: true, within });
                // what the end of the decoded piece cuts is read again
                at = if lines.len() >= DECODED && lines.end < within.end { lines.end - OVERLAP } else { lines.end };
            }
        }
        self.read(text, memory, echo, found);
    }

    fn add(&mut self, piece: Piece) {
        self.waiting += piece.span.len() + size_of::<Piece>();
        self.pieces.push(piece);
    }

    /// Reads the pieces that wait.
    fn read(&mut self, text: &[u8], memory: &Memory, echo: RuleId, found: &mut Vec<Edit>) {
        self.rows.clear();
        for piece in self.pieces.iter().filter(|_| memory.has_long()) {
            self.rows.extend(rows(piece.of(text, &self.spelled)));
        }
        memory.known(&self.rows, &mut self.known);
        let mut known = self.known.as_slice();
        let mut first = 0;
        for piece in &self.pieces {
            let bytes = piece.of(text, &self.spelled);
            let behind = first + bytes.len() / (ROW * WIDTH);
            let (of_piece, others) = known.split_at(known.iter().take_while(|row| **row < behind).count());
            known = others;
            in_company(bytes, of_piece.iter().map(|row| row - first), memory, &mut self.starts);
            first = behind;
            let mut search = Search { text, piece: *piece, bytes, spelled: &self.spelled, memory, echo, found };
            if memory.has_short() {
                search.shorts();
            }
            search.longs(&self.starts);
        }
        self.pieces.clear();
        self.spelled.clear();
        self.waiting = 0;
    }

    /// Where an echo begins that may go on behind the end of the text.
    pub fn open_at(&mut self, text: &[u8], memory: &Memory) -> Option<usize> {
        let tail = Span::new(text.len().saturating_sub(TAIL), text.len());
        self.spelled.clear();
        let tail = self.spelled.add(text, tail);
        let piece = tail.of(&self.spelled.bytes).trim_ascii_end();
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

impl Piece {
    fn of<'t>(&self, text: &'t [u8], spelled: &'t Spelled) -> &'t [u8] {
        self.span.of(if self.spelled { &spelled.bytes } else { text })
    }

    /// Where a part of it stands in the text.
    fn raw(&self, part: Span, spelled: &Spelled) -> Span {
        let part = part.shifted(self.span.start);
        if self.spelled { Span::new(spelled.raw(part.start), spelled.raw(part.end)) } else { part }
    }
}

/// Where the last stretches of some rows stand that are known, and are among three in a row that are. Without branches:
/// each would wait for what memory says.
fn in_company(piece: &[u8], rows: impl ExactSizeIterator<Item = usize>, memory: &Memory, starts: &mut Vec<usize>) {
    starts.clear();
    starts.resize(rows.len(), 0);
    let known = |at: usize| stretch(piece, at).is_some_and(|s| memory.has(s));
    let mut len = 0;
    for row in rows {
        let last = (row * ROW + ROW - 1) * WIDTH;
        starts[len] = last;
        let [a, b, c, d] = [last - 2 * WIDTH, last - WIDTH, last + WIDTH, last + 2 * WIDTH].map(known);
        len += usize::from(a & b | b & c | c & d);
    }
    starts.truncate(len);
}

/// The last stretch of each row of a piece.
fn rows(piece: &[u8]) -> impl Iterator<Item = u64> {
    let (rows, _) = piece.as_chunks::<{ ROW * WIDTH }>();
    rows.iter().map(|row| row.last_chunk().map_or(0, |last| without_line_ends(u64::from_le_bytes(*last))))
}

struct Search<'s> {
    /// The text as it stands.
    text: &'s [u8],
    piece: Piece,
    bytes: &'s [u8],
    spelled: &'s Spelled,
    memory: &'s Memory,
    echo: RuleId,
    found: &'s mut Vec<Edit>,
}

impl Search<'_> {
    /// Long values and texts; at `stretches` begin some of theirs that are known in company.
    fn longs(&mut self, stretches: &[usize]) {
        let mut from = 0;
        for start in stretches.iter().copied() {
            if start < from {
                continue;
            }
            // words that come again and again make rows by chance: every stretch of the run must be known
            let end = known_behind(self.bytes, start + WIDTH, self.memory);
            let run = Span::new(known_before(self.bytes, start, self.memory), end);
            from = run.end + 1 - WIDTH;
            if run.len() >= LONG {
                self.report(run);
            }
        }
    }

    fn report(&mut self, run: Span) {
        let within = self.piece.within;
        let whole = whole_words(self.text, self.piece.raw(run, self.spelled));
        let whole = Span::new(whole.start.max(within.start), whole.end.min(within.end));
        let run = run.of(self.bytes);
        match self.memory.named(run) {
            Some(label) => credential(self.text, whole, label, self.found),
            None => own_words(self.text, whole, run, self.echo, self.found),
        }
    }

    /// Short credentials: whole, and with a boundary on both sides.
    fn shorts(&mut self) {
        let (corners, _) = self.bytes.as_chunks::<CORNER>();
        let known = self.memory.corners();
        for (i, corner) in corners.iter().enumerate() {
            if !known.has(u32::from_le_bytes(*corner)) {
                continue;
            }
            let Some((offsets, lengths)) = self.memory.lies(u32::from_le_bytes(*corner)) else { continue };
            for word in lies(self.bytes, i * CORNER, offsets, lengths) {
                if let Some(label) = self.memory.word(word.of(self.bytes)) {
                    self.found.push(Edit::new(self.piece.raw(word, self.spelled), label.rule, label.what));
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

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 9] =
        ["saffron", "halcyon", "merger", "lantern", "nectar", "willow", "granite", "quillon", "vesper-oak"];

    /// So many words, other ones for each seed.
    fn words(seed: u64, count: u64) -> String {
        let word = |n| crate::redact::hash::mix(seed << 16 | n) as usize % WORDS.len();
        (0..count).map(|n| WORDS[word(n)]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_run_of_known_stretches_is_found() {
        let mut memory = Memory::default();
        (0..12).for_each(|seed| memory.text(words(seed, 8).as_bytes()));
        let mut runs = 0;
        for seed in 100..400 {
            let text = words(seed, 30).into_bytes();
            let mut found = Vec::new();
            Finder::default().find(&text, [Span::new(0, text.len())], &memory, RuleId(0), &mut found);
            let known = |at: &usize| stretch(&text, *at).is_some_and(|s| memory.has(s));
            let mut at = 0;
            while at < text.len() {
                let stretches = (at..text.len()).take_while(known).count();
                let run = Span::new(at, at + (stretches + WIDTH - 1) * usize::from(stretches > 0));
                if run.len() >= LONG {
                    runs += 1;
                    let over = |edit: &Edit| edit.span.start < run.end && run.start < edit.span.end;
                    assert!(found.iter().any(over), "{seed}: {run:?}");
                }
                at += stretches + 1;
            }
        }
        assert!(runs > 100, "{runs}");
    }
}

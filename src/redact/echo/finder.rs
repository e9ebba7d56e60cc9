//! Finds what is remembered in text that is about to be written.

use super::super::edit::{Edit, What};
use super::super::net::chars;
use super::super::rules::RuleId;
use super::super::vocabulary::{Origin, origin};
use super::grams::{Gram, Grams};
use super::letters::letters;
use super::memory::{Fold, Label, Memory, Whole};
use crate::literal::Span;
use crate::model::is_opaque_id;

/// So many more chosen stretches must be known than unknown, in a row, before a text is taken for an echo.
const CERTAIN: i32 = 3;
/// How far a word that is cut by the edge of a match is followed.
const MAX_EDGE: usize = 80;

/// Reads a stream of text and reports what was taken before and stands there again.
///
/// Text arrives in pieces that adjoin; a piece may begin in the middle of an echo.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    grams: Grams,
    fresh: bool,
    chain: Chain,
}

/// Chosen stretches that are known, in a row.
#[derive(Clone, Copy, Debug, Default)]
struct Chain {
    score: i32,
    span: Span,
    hits: u32,
    /// Hits in credentials, and how the first of them is named.
    labelled: u32,
    label: Option<Label>,
    certain: bool,
}

impl Finder {
    /// Forgets what came before: something was taken here, or another source begins.
    pub fn reset(&mut self) {
        *self = Self { fresh: true, ..Self::default() };
    }

    /// Where an echo may have begun that is not certain yet.
    pub fn open_at(&self) -> Option<usize> {
        (self.chain.score > 0).then_some(self.chain.span.start)
    }

    /// Reads `text[span]`, which adjoins what was read before; offsets are those of `text`, and stay
    /// valid as long as the same `text` grows.
    pub fn read(&mut self, text: &[u8], span: Span, memory: &Memory, echo: RuleId, found: &mut Vec<Edit>) {
        let Self { grams, fresh, chain } = self;
        let piece = span.of(text);
        letters(piece, fresh, |letter, at, begins| {
            let step = grams.push(letter, at.shifted(span.start), begins);
            let Some(gram) = step.gram else { return };
            if gram.fresh && memory.may_have(gram.hash) {
                whole(text, gram, memory, found);
            }
            if let Some(chosen) = step.chosen {
                chain.step(text, chosen, memory, echo, found);
            }
        });
    }

    /// The stream ends: what is certain is reported.
    pub fn finish(&mut self, text: &[u8], memory: &Memory, echo: RuleId, found: &mut Vec<Edit>) {
        self.chain.end(text, memory, echo, found);
        self.reset();
    }

    /// The text is cut in front: offsets shrink.
    pub fn shift(&mut self, by: usize) {
        self.grams.shift(by);
        self.chain.span = Span::new(self.chain.span.start.saturating_sub(by), self.chain.span.end.saturating_sub(by));
    }
}

impl Chain {
    fn step(&mut self, text: &[u8], gram: Gram, memory: &Memory, echo: RuleId, found: &mut Vec<Edit>) {
        if memory.has(gram.hash) {
            if self.score == 0 {
                *self = Chain { span: gram.span, ..Chain::default() };
            }
            self.score = (self.score + 1).min(CERTAIN);
            self.certain |= self.score == CERTAIN;
            self.span.end = gram.span.end;
            self.hits += 1;
            if let Some(label) = memory.label(gram.hash) {
                self.labelled += 1;
                self.label.get_or_insert(label);
            }
        } else if self.score > 0 {
            self.score -= 1;
            if self.score == 0 {
                self.end(text, memory, echo, found);
            }
        }
    }

    fn end(&mut self, text: &[u8], memory: &Memory, echo: RuleId, found: &mut Vec<Edit>) {
        if self.certain {
            let span = whole_words(text, stretch(text, self.span, memory));
            match self.label.filter(|_| self.labelled * 2 > self.hits) {
                Some(label) => credential(text, span, label, found),
                None => own_words(text, span, echo, found),
            }
        }
        *self = Chain::default();
    }
}

/// A part of a credential: what stands between blanks and structure, the first part with its name.
fn credential(text: &[u8], span: Span, label: Label, found: &mut Vec<Edit>) {
    let mut at = span.start;
    let mut what = label.what;
    for part in span.of(text).split(|b| is_structure(*b) || b.is_ascii_whitespace()) {
        if part.len() >= 4 {
            found.push(Edit::new(Span::new(at, at + part.len()), label.rule, what));
            what = What::Rest;
        }
        at += part.len() + 1;
    }
}

fn is_structure(b: u8) -> bool {
    matches!(b, b'{' | b'}' | b'[' | b']' | b'"' | b'\'' | b'\n' | b'<' | b'>')
}

/// Both ends of a remembered value are entered densely: follow them stretch by stretch.
fn stretch(text: &[u8], span: Span, memory: &Memory) -> Span {
    let around = Span::new(span.start.saturating_sub(96), (span.end + 96).min(text.len()));
    let mut grams = Grams::default();
    let mut known: Vec<Span> = Vec::new();
    letters(around.of(text), &mut true, |letter, at, fresh| {
        if let Some(gram) = grams.push(letter, at.shifted(around.start), fresh).gram {
            if memory.has(gram.hash) {
                known.push(gram.span);
            }
        }
    });
    let mut out = span;
    for gram in known.iter().rev() {
        if gram.end >= out.start && gram.start < out.start {
            out.start = gram.start;
        }
    }
    for gram in &known {
        if gram.start <= out.end && gram.end > out.end {
            out.end = gram.end;
        }
    }
    out
}

/// A word that the edge of a match cuts belongs to it.
fn whole_words(text: &[u8], span: Span) -> Span {
    let before = text.get(..span.start).unwrap_or_default().iter().rev().take(MAX_EDGE).take_while(|b| is_token_byte(**b)).count();
    let after = text.get(span.end..).unwrap_or_default().iter().take(MAX_EDGE).take_while(|b| is_token_byte(**b)).count();
    Span::new(span.start - before, span.end + after)
}

/// A remembered text may quote what everybody knows: an error's JSON, a request id, a URL. A match without
/// a word of its own stays; of others go the parts that are not known, and identifiers in between stay.
fn own_words(text: &[u8], span: Span, echo: RuleId, found: &mut Vec<Edit>) {
    let mut runs: Vec<(Span, Nature)> = Vec::new();
    let mut joined = false;
    let mut at = span.start;
    while at < span.end {
        let rest = Span::new(at, span.end).of(text);
        let len = rest.iter().take_while(|b| is_token_byte(**b)).count();
        if len == 0 {
            // structure ends a run of words, but for an apostrophe
            joined &= !rest.first().is_some_and(|b| is_structure(*b) && *b != b'\'');
            at += 1;
            continue;
        }
        let token = Span::new(at, at + len);
        at = token.end;
        let nature = nature(token.of(text));
        match runs.last_mut().filter(|_| joined && nature != Nature::Id) {
            Some((run, known)) => {
                run.end = token.end;
                *known = (*known).max(nature);
            }
            None => runs.push((token, nature)),
        }
        joined = nature != Nature::Id;
    }
    if runs.iter().any(|(_, nature)| *nature == Nature::Own) {
        let unknown = runs.iter().filter(|(_, nature)| *nature >= Nature::Code);
        found.extend(unknown.map(|(run, _)| Edit::new(*run, echo, What::Text(chars(run.of(text))))));
    }
}

/// What a token says about where it comes from, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nature {
    /// An identifier that support traces by.
    Id,
    /// Words that programs print, or a number.
    Known,
    /// Letters and digits that are neither.
    Code,
    /// A word that no program prints.
    Own,
}

fn nature(token: &[u8]) -> Nature {
    if is_opaque_id(token) {
        return Nature::Id;
    }
    let parts = token.split(|b| !b.is_ascii_alphanumeric() && *b < 0x80).filter(|part| part.len() > 1);
    let natures = parts.map(|part| {
        let digits = part.iter().filter(|b| b.is_ascii_digit()).count();
        if digits == part.len() || (digits == 0 && origin(part) != Origin::Unknown) {
            Nature::Known
        } else if digits > 0 {
            Nature::Code
        } else {
            Nature::Own
        }
    });
    natures.max().unwrap_or(Nature::Known)
}

fn is_token_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80 || matches!(b, b'-' | b'_')
}

/// A credential that begins with this stretch, whole and with a boundary behind it.
#[cold]
fn whole(text: &[u8], gram: Gram, memory: &Memory, found: &mut Vec<Edit>) {
    for candidate in memory.wholes(gram.hash) {
        if let Some(end) = whole_at(text, gram.span.start, candidate) {
            found.push(Edit::new(Span::new(gram.span.start, end), candidate.label.rule, candidate.label.what));
            return;
        }
    }
}

fn whole_at(text: &[u8], start: usize, candidate: &Whole) -> Option<usize> {
    // in the longest spelling every letter is `\u00XX`; what stands between letters is bounded too
    let window = text.get(start..(start + candidate.letters * 12 + 64).min(text.len()))?;
    let mut fold = Fold::default();
    let mut end = None;
    let mut bounded = true;
    letters(window, &mut true, |letter, span, fresh| {
        if fold.letters < candidate.letters {
            fold.push(letter);
            end = Some(span.end);
        } else if end == Some(span.start) && !fresh {
            bounded = false;
        }
    });
    let same = fold.letters == candidate.letters && fold.hash == candidate.hash && bounded;
    end.filter(|_| same).map(|end| start + end)
}

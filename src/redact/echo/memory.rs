//! What was taken, remembered in a fixed amount of memory and without the text itself.
//!
//! Of a long value every stretch of eight bytes is remembered, as a bit of a filter: whoever looks at every
//! eighth byte of another text meets at least three of them in each run of 32 that the two have in common,
//! wherever it begins. A short credential is remembered as a whole; to be met by who looks at every fourth
//! byte, one stretch of four for each way in which it can lie.

use super::super::edit::What;
use super::super::hash::{Quick, mix};
use super::super::rules::RuleId;
use super::filter::{Corners, Filter};
use super::seen::Seen;
use super::spelling::{first_odd, spell};
use crate::literal::Span;
use std::collections::HashMap;

/// Bytes in a stretch of a long value, and of a short one.
pub(super) const WIDTH: usize = 8;
pub(super) const CORNER: usize = 4;
/// From here on a value is found by its stretches; the shortest run that is an echo.
pub(super) const LONG: usize = 32;
/// Shorter credentials would be found in everything.
const SHORTEST: usize = 8;
/// Short credentials, and stretches of long ones by which they are named.
const MAX_WORDS: usize = 1 << 17;
const MAX_NAMED: usize = 1 << 18;
/// Sentences that end earlier are read with the one behind them.
const SENTENCE: usize = 24;
/// So much of a run tells whether it is a credential.
const NAMED_BY: usize = LONG + 8;
/// Of so many neighbouring stretches one names the credential; a run of [`LONG`] has as many.
const NAMING: usize = LONG - WIDTH + 1;

/// How something that is found again is named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Label {
    pub rule: RuleId,
    pub what: What,
}

/// What was taken; see the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    stretches: Filter,
    corners: Corners,
    /// How the credentials lie that have a corner: bit sets of its offsets in them, and of their lengths.
    lies: HashMap<u32, (u32, u32), Quick>,
    words: HashMap<u64, u32, Quick>,
    named: HashMap<u32, u32, Quick>,
    labels: Vec<Label>,
    seen: Seen,
    spelled: Vec<u8>,
    full: bool,
}

impl Memory {
    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.stretches.is_empty() && self.words.is_empty()
    }

    /// Whether something could not be remembered for lack of room.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Lets go of what only helps to enter more.
    pub fn trim(&mut self) {
        (self.seen, self.spelled) = (Seen::default(), Vec::new());
    }

    /// Remembers a text, in whatever spelling: runs of 32 bytes of it are found again.
    pub fn text(&mut self, value: &[u8]) {
        self.remember(value, None);
    }

    /// Remembers a credential: a short one as a whole word, a long one like a text, but with its name.
    pub fn secret(&mut self, value: &[u8], label: Label) {
        self.remember(value, Some(label));
    }

    fn remember(&mut self, value: &[u8], label: Option<Label>) {
        let shortest = if label.is_some() { SHORTEST } else { LONG };
        if value.len() < shortest || !self.seen.is_new(value, 0) {
            return;
        }
        if first_odd(value).is_none() && memchr::memchr(b'\n', value).is_none() {
            return self.enter(value, label);
        }
        let mut spelled = std::mem::take(&mut self.spelled);
        spelled.clear();
        spell(value, |stretch| spelled.extend_from_slice(stretch.bytes));
        self.enter(&spelled, label);
        self.spelled = spelled;
    }

    /// Enters a value in the common spelling.
    fn enter(&mut self, value: &[u8], label: Option<Label>) {
        if value.len() >= LONG {
            self.add_stretches(value);
        }
        let Some(label) = label.filter(|_| value.len() >= SHORTEST) else { return };
        let number = self.labels.len() as u32;
        if self.words.len() >= MAX_WORDS || self.named.len() >= MAX_NAMED {
            self.full = true;
            return;
        }
        self.labels.push(label);
        if value.len() < LONG {
            self.words.insert(hash(value), number);
            self.add_corners(value);
        } else {
            naming(value, |hash| {
                self.named.entry(hash).or_insert(number);
            });
        }
    }

    /// Adds what is new: conversations are sent again with every request, in ever new company.
    fn add_stretches(&mut self, value: &[u8]) {
        let mut rest = value;
        loop {
            let end = sentence(rest);
            let part = rest.get(..end).unwrap_or_default();
            if self.seen.is_new(part, 1) {
                self.full |= !self.stretches.add(stretches(part));
            }
            if end >= rest.len() {
                return;
            }
            // and what lies over the end of the sentence
            let seam = Span::new((end + 1).saturating_sub(WIDTH), end + WIDTH - 1).of(rest);
            if self.seen.is_new(seam, 1) {
                self.full |= !self.stretches.add(stretches(seam));
            }
            rest = rest.get(end..).unwrap_or_default();
        }
    }

    fn add_corners(&mut self, value: &[u8]) {
        for way in 0..CORNER {
            let corners = value.windows(CORNER).enumerate().skip(way).step_by(CORNER);
            let Some((offset, corner)) = corners.max_by_key(|(_, corner)| rarity(corner)) else { return };
            let corner = corner.iter().rev().fold(0, |word, b| word << 8 | u32::from(*b));
            self.corners.add(corner);
            let (offsets, lengths) = self.lies.entry(corner).or_default();
            *offsets |= 1 << offset;
            *lengths |= 1 << value.len();
        }
    }

    /// Whether a stretch of eight bytes may be part of a remembered value.
    #[inline]
    pub fn has(&self, stretch: u64) -> bool {
        self.stretches.has(stretch)
    }

    /// Which of some stretches may be, in order.
    pub fn known(&self, stretches: &[u64], known: &mut Vec<usize>) {
        self.stretches.known(stretches, known);
    }

    /// Whether long values are remembered, and short ones.
    pub fn has_long(&self) -> bool {
        !self.stretches.is_empty()
    }

    pub fn has_short(&self) -> bool {
        !self.words.is_empty()
    }

    /// Which corners short credentials may have.
    pub(super) fn corners(&self) -> &Corners {
        &self.corners
    }

    /// How credentials with this corner can lie around it: its offsets in them, and their lengths.
    pub fn lies(&self, corner: u32) -> Option<(u32, u32)> {
        self.lies.get(&corner).copied()
    }

    /// How a short credential is named, if this is one.
    pub fn word(&self, value: &[u8]) -> Option<Label> {
        self.words.get(&hash(value)).and_then(|number| self.labels.get(*number as usize)).copied()
    }

    /// How the credential is named with which a run begins.
    pub fn named(&self, run: &[u8]) -> Option<Label> {
        let mut label = None;
        naming(run.get(..NAMED_BY).unwrap_or(run), |hash| {
            label = label.or_else(|| self.named.get(&hash).and_then(|number| self.labels.get(*number as usize)));
        });
        label.copied()
    }
}

/// The length of the sentence, or of the part up to a quote, that a text begins with.
fn sentence(text: &[u8]) -> usize {
    let behind = text.get(SENTENCE..).unwrap_or_default();
    let stop = memchr::memchr3(b'.', b'?', b'!', behind).unwrap_or(behind.len());
    let quote = memchr::memchr(b'"', behind.get(..stop).unwrap_or_default());
    SENTENCE.min(text.len()) + quote.unwrap_or(stop) + usize::from(stop < behind.len() || quote.is_some())
}

/// How rare a few bytes are: words, numbers and hexadecimal digits are everywhere.
fn rarity(bytes: &[u8]) -> usize {
    let small = bytes.iter().any(u8::is_ascii_lowercase);
    let digit = bytes.iter().any(u8::is_ascii_digit);
    let others = bytes.iter().filter(|b| !b.is_ascii_lowercase() && !b.is_ascii_digit()).count();
    2 * others + usize::from(digit) + usize::from(digit && small)
}

/// All stretches of a value.
fn stretches(value: &[u8]) -> impl Iterator<Item = u64> {
    // a window of that length is always one; its number is known beforehand only so
    value.windows(WIDTH).map(|window| window.first_chunk().map_or(0, |window| u64::from_le_bytes(*window)))
}

/// Calls `choose` with the hashes of the stretches that name a credential: of every [`NAMING`] neighbouring ones the
/// smallest (winnowing: Schleimer, Wilkerson and Aiken, 2003), so that two values that share a run of [`LONG`] bytes
/// share one of them.
fn naming(value: &[u8], mut choose: impl FnMut(u32)) {
    let all: Vec<u64> = stretches(value).map(mix).collect();
    let mut chosen: Option<(usize, u64)> = None;
    for (first, window) in all.windows(NAMING).enumerate() {
        let last = window.last().map(|hash| (first + NAMING - 1, *hash));
        let next = match chosen.filter(|(at, _)| *at >= first) {
            Some((_, hash)) if last.is_none_or(|(_, last)| last >= hash) => continue,
            Some(_) => last,
            None => window.iter().enumerate().min_by_key(|(_, hash)| **hash).map(|(i, hash)| (first + i, *hash)),
        };
        chosen = next;
        if let Some((_, hash)) = next {
            choose(hash as u32);
        }
    }
}

fn hash(value: &[u8]) -> u64 {
    mix(value
        .iter()
        .fold(value.len() as u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3).rotate_left(23)))
}

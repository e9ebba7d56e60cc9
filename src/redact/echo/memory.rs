//! What was taken, remembered in a fixed amount of memory and without the text itself.

use super::super::edit::What;
use super::super::hash::{Fnv, mix};
use super::super::rules::RuleId;
use super::grams::{Gram, Grams, WIDTH};
use super::letters::letters;
use std::collections::{HashMap, HashSet};

/// Buckets of the table of text: eight fingerprints each, 16 MiB in all.
const BUCKETS: usize = 1 << 20;
/// Fingerprints in a bucket.
const SLOTS: usize = 8;
/// Bits of the filter before the table; small enough for the second-level cache.
const FILTER_BITS: usize = 1 << 20;
/// Whole values that are recognised when they come again, so that they are not entered again.
const MAX_SEEN: usize = 1 << 16;
/// Credentials that are found again by name, long and short.
const MAX_LABELS: usize = 1 << 18;
/// At both ends of a value every stretch is entered, so that a match ends where the value does.
const DENSE: usize = 16;
/// Credentials of fewer letters would be found in everything.
const SHORTEST: usize = WIDTH;
/// From here on a value is found by its stretches.
const LONG: usize = 32;

/// How something that is found again is named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Label {
    pub rule: RuleId,
    pub what: What,
}

/// A credential that is sought as a whole word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    /// How many letters it has, and their hash.
    pub letters: usize,
    pub hash: u64,
    pub label: Label,
}

/// What was taken; see the module's documentation.
#[derive(Debug)]
pub(crate) struct Memory {
    filter: Vec<u64>,
    table: Vec<u16>,
    labels: HashMap<u64, Label, Fnv>,
    wholes: HashMap<u64, Vec<Whole>, Fnv>,
    seen: HashSet<u64, Fnv>,
    full: bool,
    empty: bool,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            filter: vec![0; FILTER_BITS / 64],
            table: Vec::new(),
            labels: HashMap::with_hasher(Fnv),
            wholes: HashMap::with_hasher(Fnv),
            seen: HashSet::with_hasher(Fnv),
            full: false,
            empty: true,
        }
    }
}

impl Memory {
    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// Whether something could not be remembered for lack of room.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Remembers a text, in whatever spelling: runs of 31 letters of it are found again.
    pub fn text(&mut self, value: &[u8]) {
        if value.len() >= WIDTH && self.is_new(value) {
            self.enter(value, None);
        }
    }

    /// Remembers a credential: as a whole word, and if it is long also in parts.
    pub fn secret(&mut self, value: &[u8], label: Label) {
        if value.len() < SHORTEST || !self.is_new(value) {
            return;
        }
        if value.len() >= LONG {
            self.enter(value, Some(label));
        }
        let mut first = 0;
        let (hash, count) = fold(value, &mut first);
        if count < SHORTEST {
            return;
        }
        if self.wholes.len() >= MAX_LABELS {
            self.full = true;
            return;
        }
        self.empty = false;
        self.mark(first);
        self.wholes.entry(first).or_default().push(Whole { letters: count, hash, label });
    }

    fn is_new(&mut self, value: &[u8]) -> bool {
        let hash = value.chunks(8).fold(value.len() as u64, |h, chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            mix(h ^ u64::from_le_bytes(word))
        });
        if self.seen.len() >= MAX_SEEN {
            return !self.seen.contains(&hash);
        }
        self.seen.insert(hash)
    }

    fn enter(&mut self, value: &[u8], label: Option<Label>) {
        let mut grams = Grams::default();
        let mut made = 0;
        let mut tail = [Gram::default(); DENSE];
        letters(value, &mut true, |letter, span, fresh| {
            let step = grams.push(letter, span, fresh);
            let Some(gram) = step.gram else { return };
            tail[made % DENSE] = gram;
            made += 1;
            if made <= DENSE {
                self.insert(gram.hash, label);
            } else if let Some(chosen) = step.chosen {
                self.insert(chosen.hash, label);
            }
        });
        for gram in tail.iter().take(made) {
            self.insert(gram.hash, label);
        }
    }

    fn insert(&mut self, hash: u64, label: Option<Label>) {
        self.empty = false;
        self.mark(hash);
        if let Some(label) = label {
            if self.labels.len() < MAX_LABELS {
                self.labels.entry(hash).or_insert(label);
            } else {
                self.full = true;
            }
            return;
        }
        if self.table.is_empty() {
            self.table = vec![0; BUCKETS * SLOTS];
        }
        let print = fingerprint(hash);
        for bucket in buckets(hash) {
            let slots = self.table.get_mut(bucket * SLOTS..(bucket + 1) * SLOTS).unwrap_or_default();
            if let Some(slot) = slots.iter_mut().find(|slot| **slot == 0 || **slot == print) {
                *slot = print;
                return;
            }
        }
        self.full = true;
    }

    fn mark(&mut self, hash: u64) {
        let bit = hash as usize % FILTER_BITS;
        self.filter[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether a stretch with this hash may be remembered at all; false is certain.
    #[inline]
    pub fn may_have(&self, hash: u64) -> bool {
        let bit = hash as usize % FILTER_BITS;
        self.filter[bit / 64] & 1 << (bit % 64) != 0
    }

    /// Whether a stretch belongs to a remembered text or credential.
    pub fn has(&self, hash: u64) -> bool {
        if !self.may_have(hash) {
            return false;
        }
        let print = fingerprint(hash);
        let in_bucket = |b: usize| self.table.get(b * SLOTS..(b + 1) * SLOTS).is_some_and(|slots| slots.contains(&print));
        (!self.table.is_empty() && buckets(hash).into_iter().any(in_bucket)) || self.labels.contains_key(&hash)
    }

    /// How the credential is named to which a stretch belongs.
    pub fn label(&self, hash: u64) -> Option<Label> {
        self.labels.get(&hash).copied()
    }

    /// The credentials that begin with a stretch.
    pub fn wholes(&self, hash: u64) -> &[Whole] {
        self.wholes.get(&hash).map_or(&[], Vec::as_slice)
    }
}

/// The hash of all letters of a text and their number; `first` becomes that of the first eight.
pub(super) fn fold(text: &[u8], first: &mut u64) -> (u64, usize) {
    let mut fold = Fold::default();
    letters(text, &mut true, |letter, _, _| fold.push(letter));
    *first = fold.first;
    (fold.hash, fold.letters)
}

/// A running hash over letters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fold {
    pub hash: u64,
    pub letters: usize,
    pub first: u64,
    window: u64,
}

impl Fold {
    pub fn push(&mut self, letter: u8) {
        self.window = self.window >> 8 | u64::from(letter) << 56;
        self.letters += 1;
        if self.letters == WIDTH {
            self.first = mix(self.window);
        }
        self.hash = (self.hash ^ u64::from(letter)).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    }
}

fn fingerprint(hash: u64) -> u16 {
    ((hash >> 48) as u16).max(1)
}

/// The bucket of a hash and the one that takes what does not fit there.
fn buckets(hash: u64) -> [usize; 2] {
    let first = (hash >> 20) as usize % BUCKETS;
    [first, first ^ 1]
}

//! Chooses which eight-letter stretches of a text stand for it.
//!
//! Winnowing (Schleimer, Wilkerson and Aiken, 2003): of every eight neighbouring stretches the one with the
//! smallest hash. Two texts that share a run of fifteen letters choose at least one stretch of it in
//! common, whatever stands around it; of a run of thirty-one, three.

use super::super::hash::mix;
use crate::literal::Span;

/// Letters in a stretch, and neighbouring stretches of which one is chosen.
pub(super) const WIDTH: usize = 8;

/// A stretch of eight letters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gram {
    pub hash: u64,
    /// From the first letter to behind the last, in the text.
    pub span: Span,
    /// Whether a word begins with its first letter.
    pub fresh: bool,
}

/// The sliding window over the letters of a text.
#[derive(Clone, Debug)]
pub(super) struct Grams {
    window: u64,
    starts: [usize; WIDTH],
    fresh: [bool; WIDTH],
    letters: usize,
    recent: [Gram; WIDTH],
    made: usize,
    smallest: usize,
}

impl Default for Grams {
    fn default() -> Self {
        Self {
            window: 0,
            starts: [0; WIDTH],
            fresh: [false; WIDTH],
            letters: 0,
            recent: [Gram::default(); WIDTH],
            made: 0,
            smallest: 0,
        }
    }
}

/// What a letter completed.
pub(super) struct Step {
    /// The stretch that ends with the letter, once there are eight.
    pub gram: Option<Gram>,
    /// The stretch that was chosen with it.
    pub chosen: Option<Gram>,
}

impl Grams {
    /// Takes the next letter.
    #[inline]
    pub fn push(&mut self, letter: u8, span: Span, fresh: bool) -> Step {
        let slot = self.letters % WIDTH;
        self.window = self.window >> 8 | u64::from(letter) << 56;
        self.starts[slot] = span.start;
        self.fresh[slot] = fresh;
        self.letters += 1;
        if self.letters < WIDTH {
            return Step { gram: None, chosen: None };
        }
        let first = self.letters % WIDTH;
        let gram = Gram { hash: mix(self.window), span: Span { start: self.starts[first], end: span.end }, fresh: self.fresh[first] };
        Step { gram: Some(gram), chosen: self.choose(gram) }
    }

    /// The text is cut in front: spans move by so much.
    pub fn shift(&mut self, by: usize) {
        for start in &mut self.starts {
            *start = start.saturating_sub(by);
        }
        for gram in &mut self.recent {
            gram.span = Span::new(gram.span.start.saturating_sub(by), gram.span.end.saturating_sub(by));
        }
    }

    #[inline]
    fn choose(&mut self, gram: Gram) -> Option<Gram> {
        let index = self.made;
        self.made += 1;
        let leaving = index >= WIDTH && self.smallest == index - WIDTH;
        let smaller = index == 0 || gram.hash <= self.recent[self.smallest % WIDTH].hash;
        self.recent[index % WIDTH] = gram;
        if smaller {
            self.smallest = index;
            return Some(gram);
        }
        if leaving {
            self.smallest = self.find_smallest(index);
            return Some(self.recent[self.smallest % WIDTH]);
        }
        None
    }

    /// The index of the smallest of the last eight; of equals the last.
    fn find_smallest(&self, last: usize) -> usize {
        let mut best = last + 1 - WIDTH;
        for index in best + 1..=last {
            if self.recent[index % WIDTH].hash <= self.recent[best % WIDTH].hash {
                best = index;
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::super::letters::letters;
    use super::*;
    use std::collections::HashSet;

    fn chosen(text: &str) -> HashSet<u64> {
        let mut grams = Grams::default();
        let mut out = HashSet::new();
        letters(text.as_bytes(), &mut true, |b, span, fresh| {
            out.extend(grams.push(b, span, fresh).chosen.map(|g| g.hash));
        });
        out
    }

    #[test]
    fn a_shared_run_of_31_letters_shares_three_stretches() {
        let run = "abcdefghijklmnopqrstuvwxyz01234";
        for (before, after) in [("", ""), ("zzz", "yyy"), ("some other text", "9"), ("q7q7q7q7q7q7q7q", "k1k1k1k1k1k1k")] {
            let shared = chosen(run).intersection(&chosen(&format!("{before}{run}{after}"))).count();
            assert!(shared >= 3, "{before} {after}: {shared}");
        }
    }
}

//! What names mean that were met lately. A log has a few dozen names and repeats them on every line; to fold one and
//! look up its endings costs more than all else that is done about it.

use super::super::rules::{RuleSet, UseId};
use super::Special;

/// Logarithm of how many names are kept.
const SLOTS: u32 = 8;
/// Longer names are looked up each time.
const LONGEST: usize = 24;

/// What a name says about its value and about the object around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    pub usage: Option<UseId>,
    pub special: Special,
}

impl Meaning {
    fn of(name: &[u8], rules: &RuleSet) -> Self {
        Self { usage: rules.name(name), special: Special::of(name) }
    }
}

/// A name, filled up with zeros, and how long it is.
type Met = ([u64; LONGEST / 8], usize);

/// One name for each hash of names.
#[derive(Debug, Default)]
pub(super) struct Recent(Vec<Option<(Met, Meaning)>>);

impl Recent {
    /// What a name means. All names of one run are asked of the same rules.
    pub fn meaning(&mut self, name: &[u8], rules: &RuleSet) -> Meaning {
        let Some(met) = met(name) else { return Meaning::of(name, rules) };
        if self.0.is_empty() {
            self.0 = vec![None; 1 << SLOTS];
        }
        let ([a, b, c], len) = met;
        let hash = (a ^ b.rotate_left(21) ^ c.rotate_left(42) ^ len as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let Some(slot) = self.0.get_mut((hash >> (u64::BITS - SLOTS)) as usize) else {
            return Meaning::of(name, rules);
        };
        match slot {
            Some((same, meaning)) if *same == met => *meaning,
            _ => slot.insert((met, Meaning::of(name, rules))).1,
        }
    }
}

fn met(name: &[u8]) -> Option<Met> {
    let mut filled = [0; LONGEST];
    filled.get_mut(..name.len())?.copy_from_slice(name);
    let (words, _) = filled.as_chunks::<8>();
    Some((std::array::from_fn(|n| u64::from_le_bytes(words[n])), name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_the_same_when_it_comes_again() {
        let rules = RuleSet::builtin();
        let mut recent = Recent::default();
        let names: Vec<String> = (0..600)
            .map(|n| format!("field_{n}"))
            .chain(["api_key", "role", "messages", "x-amz-security-token-of-a-service"].map(str::to_owned))
            .collect();
        for name in names.iter().chain(&names) {
            let meaning = recent.meaning(name.as_bytes(), &rules);
            assert_eq!(meaning.usage, rules.name(name.as_bytes()), "{name}");
            assert_eq!(meaning.special, Special::of(name.as_bytes()), "{name}");
        }
    }
}

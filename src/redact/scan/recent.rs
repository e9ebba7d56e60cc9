//! What names mean that were met lately. A log has a few dozen names and repeats them on every line; to fold one and
//! look up its endings costs more than all else that is done about it.

use super::super::rules::{RuleSet, UseId};
use super::Special;

/// Logarithm of how many hashes of names are told apart.
const SETS: u32 = 7;
/// Longer names are looked up each time: the headers of rate limits have up to 46 characters.
const LONGEST: usize = 48;

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

/// Two names for each hash of names, the newer one first.
#[derive(Debug, Default)]
pub(super) struct Recent(Vec<[Option<(Met, Meaning)>; 2]>);

impl Recent {
    /// What a name means. All names of one run are asked of the same rules.
    pub fn meaning(&mut self, name: &[u8], rules: &RuleSet) -> Meaning {
        let Some(met) = met(name) else { return Meaning::of(name, rules) };
        if self.0.is_empty() {
            self.0 = vec![[None; 2]; 1 << SETS];
        }
        let (words, len) = met;
        let hash = words.iter().fold(len as u64, |hash, word| (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let Some(both) = self.0.get_mut((hash >> (u64::BITS - SETS)) as usize) else { return Meaning::of(name, rules) };
        if let Some((_, meaning)) = both.iter().flatten().find(|(same, _)| *same == met) {
            return *meaning;
        }
        let meaning = Meaning::of(name, rules);
        *both = [Some((met, meaning)), both[0]];
        meaning
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

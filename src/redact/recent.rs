//! What names mean that were met lately. A log has a few dozen names and repeats them on every line; to fold one and
//! look up its endings costs more than all else that is done about it.

use super::hash::SPREAD;
use super::rules::{RuleSet, UseId};

/// Logarithm of how many hashes of names are told apart.
const SETS: u32 = 7;
/// Longer names are looked up each time: the headers of rate limits have up to 46 characters.
const LONGEST: usize = 48;

/// A name, filled up with zeros, and how long it is.
type Met = ([u64; LONGEST / 8], usize);

/// A name and what it means.
type Known = (Met, Option<UseId>);

/// Two names for each hash of names, the newer one first.
#[derive(Debug, Default)]
pub(super) struct Recent(Vec<[Option<Known>; 2]>);

impl Recent {
    /// What a name means. All names are asked of the same rules.
    pub fn name(&mut self, name: &[u8], rules: &RuleSet) -> Option<UseId> {
        let Some(met) = met(name) else { return rules.name(name) };
        if self.0.is_empty() {
            self.0 = vec![[None; 2]; 1 << SETS];
        }
        let (words, len) = met;
        let hash = words.iter().fold(len as u64, |hash, word| (hash ^ word).wrapping_mul(SPREAD));
        let Some(both) = self.0.get_mut((hash >> (u64::BITS - SETS)) as usize) else { return rules.name(name) };
        if let Some((_, usage)) = both.iter().flatten().find(|(same, _)| *same == met) {
            return *usage;
        }
        let usage = rules.name(name);
        *both = [Some((met, usage)), both[0]];
        usage
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
            .chain(
                ["api_key", "X-Api-Key", "messages", "x-amz-security-token-of-a-service-with-a-very-long-name"]
                    .map(str::to_owned),
            )
            .collect();
        for name in names.iter().chain(&names) {
            assert_eq!(recent.name(name.as_bytes(), &rules), rules.name(name.as_bytes()), "{name}");
        }
    }
}

//! Which values came before, in a fixed amount of memory: conversations are sent again with every request, and what was
//! entered need not be entered again.

use super::super::hash::{SPREAD, mix};

/// So many values are known, the last ones of those that share a place.
const SEEN: usize = 1 << 18;

/// Says of a value that it is new, or that it surely came before.
#[derive(Debug, Default)]
pub(super) struct Seen(Vec<u32>);

impl Seen {
    /// Whether a value of some kind did not come lately.
    pub fn is_new(&mut self, value: &[u8], kind: u64) -> bool {
        let hash = hash(value, kind);
        if self.0.is_empty() {
            self.0 = vec![0; SEEN];
        }
        let print = (hash >> 32) as u32;
        let slot = self.0.get_mut(hash as usize % SEEN);
        slot.is_none_or(|seen| std::mem::replace(seen, print) != print)
    }
}

/// Two words at a time, which do not wait for one another.
fn hash(value: &[u8], kind: u64) -> u64 {
    let (pairs, rest) = value.as_chunks::<16>();
    let mut last = [0; 16];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let step = |hash: u64, word: u64| {
        let hash = (hash ^ word).wrapping_mul(SPREAD);
        hash ^ hash >> 32
    };
    let start = (value.len() as u64) << 1 | kind;
    let (one, other) = pairs.iter().chain([&last]).fold((start, SPREAD), |(one, other), pair| {
        let both = u128::from_le_bytes(*pair);
        (step(one, both as u64), step(other, (both >> 64) as u64))
    });
    mix(one ^ mix(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_new_once() {
        let mut seen = Seen::default();
        let values: Vec<String> = (0..200).map(|n| format!("{}{n}", "a value ".repeat(n % 7))).collect();
        let new = |seen: &mut Seen, kind| values.iter().filter(|value| seen.is_new(value.as_bytes(), kind)).count();
        assert_eq!([0, 0, 1, 0].map(|kind| new(&mut seen, kind)), [200, 0, 200, 0]);
    }

    #[test]
    fn each_byte_counts() {
        let value = *b"What stands in each of these places makes another value of it.";
        let hashes: std::collections::HashSet<u64> = (0..value.len())
            .flat_map(|at| (0..8).map(move |bit| (at, bit)))
            .map(|(at, bit)| {
                let mut other = value;
                other[at] ^= 1 << bit;
                hash(&other, 0)
            })
            .collect();
        assert_eq!(hashes.len(), value.len() * 8);
        assert_ne!(hash(b"ab", 0), hash(b"ab\0", 0));
    }
}

//! All literals of token rules, sought in one pass.
//!
//! Wherever a literal stands, pairs of its bytes begin at even offsets of the text. So only those pairs are looked at:
//! a small table says for each in which groups of literals it may be the first of two, and in which the second. Where
//! two neighbours agree on a group, its literals are compared. (Packed searchers do the same with single bytes; there
//! are too many literals for them, and some are short.)

use super::super::hash::Quick;
use super::TokenRule;
use std::collections::HashMap;

/// Logarithm of the size of the table of pairs: 16 KiB.
const TABLE: u32 = 12;
/// How many groups there are, half of them for signs with open places; a bit each, and all of their bits.
const GROUPS: usize = 16;
const LOW: u32 = (1 << GROUPS) - 1;
/// Of the bytes of a literal so many are looked at for rare ones.
const LOOKED_AT: usize = 16;
/// What logs are made of, the most common first; of what is not listed each is rarer than all of these.
const COMMON: &[u8] = b" e0at1ironsl2c345678d9um\"/:.p=_,-hgyfbkvw'(){}[]TExSAC";

/// A literal of a token rule, where it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standing {
    pub turn: Turn,
    pub start: usize,
    /// Literals of a family begin alike: where several stand, the longest decides, and what one finds hides what
    /// another may find in it.
    pub family: u16,
    /// How long it is, and the index of its rule. On a line of nothing but credentials there are very many of these.
    pub len: u16,
    pub rule: u16,
}

/// The order in which rules have their say: those that find a credential by what stands beside it first, so
/// that a rule that knows its shape names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Turn {
    by_shape: bool,
    by_prefix: bool,
}

#[derive(Debug)]
struct Literal {
    text: String,
    turn: Turn,
    family: u16,
    rule: u16,
}

/// Two neighbouring pairs by which a literal is told where it begins at an even offset, or at an odd one.
#[derive(Clone, Copy, Debug)]
struct Sign {
    /// Its bytes; `None` where any may stand.
    bytes: [Option<u8>; 4],
    /// How far behind the beginning of the literal the second pair is.
    back: usize,
    /// The same in one word, and which bits of it count: what differs in them is not compared.
    word: u32,
    mask: u32,
    literal: usize,
}

/// Literals, ready to be sought.
#[derive(Debug)]
pub(crate) struct Literals {
    /// For the place of a pair: the groups in which it is a first one, and above them those in which it is a second.
    table: Box<[u32; 1 << TABLE]>,
    /// Signs with open places, by group.
    open: [Vec<Sign>; GROUPS / 2],
    /// All others, by their bytes.
    closed: HashMap<u32, Vec<Sign>, Quick>,
    literals: Vec<Literal>,
    families: usize,
}

impl Literals {
    pub fn of(tokens: &[TokenRule]) -> Self {
        let mut families = HashMap::new();
        let mut literals = Vec::new();
        for (rule, token) in (0..=u16::MAX).zip(tokens) {
            let markers = token.marker.iter().map(|literal| (literal, false));
            for (literal, by_prefix) in markers.chain(token.prefixes.iter().map(|literal| (literal, true))) {
                let turn = Turn { by_shape: !token.beside, by_prefix };
                let root = literal.as_bytes().get(..3).unwrap_or(literal.as_bytes()).to_vec();
                let next = families.len() as u16;
                let family = *families.entry((root, turn)).or_insert(next);
                literals.push(Literal { text: literal.clone(), turn, family, rule });
            }
        }
        let signs = literals.iter().enumerate().flat_map(|(n, one)| [0, 1].map(|odd| Sign::of(&one.text, n, odd)));
        let mut signs: Vec<Sign> = signs.collect();
        // those that begin alike are in one group, so that few pairs begin any of its literals
        signs.sort_by_key(|sign| sign.bytes);
        // a sign with an open place agrees with very many pairs: those must not share a group with many others
        let (open, closed): (Vec<Sign>, Vec<Sign>) = signs.into_iter().partition(|sign| sign.bytes.contains(&None));
        let mut found = Self {
            table: Box::new([0; 1 << TABLE]),
            open: [const { Vec::new() }; GROUPS / 2],
            closed: HashMap::default(),
            families: families.len(),
            literals,
        };
        for (group, signs) in parts(&open).enumerate() {
            signs.iter().for_each(|sign| found.add_pairs(sign, group));
            found.open[group] = signs.to_vec();
        }
        for (group, signs) in parts(&closed).enumerate() {
            signs.iter().for_each(|sign| found.add_pairs(sign, GROUPS / 2 + group));
        }
        closed.into_iter().for_each(|sign| found.closed.entry(sign.word).or_default().push(sign));
        found
    }

    fn add_pairs(&mut self, sign: &Sign, group: usize) {
        let [a, b, c, d] = sign.bytes;
        for (pair, bit) in [([a, b], group), ([c, d], GROUPS + group)] {
            let all = |b: Option<u8>| b.map_or(0..=u8::MAX, |b| b..=b);
            for first in all(pair[0]) {
                for second in all(pair[1]) {
                    self.table[places(u64::from(u16::from_le_bytes([first, second]))) as usize] |= 1 << bit;
                }
            }
        }
    }

    #[inline]
    fn groups(&self, place: u64) -> u32 {
        self.table[place as usize % self.table.len()]
    }

    /// How many families there are.
    pub fn families(&self) -> usize {
        self.families
    }

    /// The literals that stand in a text, in the order in which they have their say; of a family the longest first.
    pub fn standing(&self, text: &[u8]) -> Vec<Standing> {
        let mut standing = Vec::new();
        let mut first = 0;
        let (words, rest) = text.as_chunks::<8>();
        for (i, word) in words.iter().enumerate() {
            let places = places(u64::from_le_bytes(*word));
            let [a, b, c, d] = [0, 16, 32, 48].map(|n| self.groups(places >> n));
            let seconds = [first & a >> GROUPS, a & b >> GROUPS, b & c >> GROUPS, c & d >> GROUPS];
            if seconds[0] | seconds[1] | seconds[2] | seconds[3] != 0 {
                self.in_word(text, i * 8, seconds, &mut standing);
            }
            first = d & LOW;
        }
        let mut at = text.len() - rest.len();
        for pair in rest.chunks(2) {
            let pair = u16::from_le_bytes([pair[0], pair.get(1).copied().unwrap_or_default()]);
            let groups = self.groups(places(u64::from(pair)));
            self.around(text, at, first & groups >> GROUPS, &mut standing);
            first = groups & LOW;
            at += 2;
        }
        // what ends with the text has no second pair
        self.around(text, at, first, &mut standing);
        standing.sort_unstable_by_key(|one: &Standing| (one.turn, one.start, one.family, std::cmp::Reverse(one.len)));
        standing.dedup_by_key(|one| (one.turn, one.start, one.family));
        standing
    }

    /// The literals of the groups that pairs at `at` and behind it are second ones of. Apart from the loop that nearly
    /// always goes on.
    #[cold]
    #[inline(never)]
    fn in_word(&self, text: &[u8], at: usize, groups: [u32; 4], standing: &mut Vec<Standing>) {
        for (n, groups) in groups.into_iter().enumerate().filter(|(_, groups)| *groups != 0) {
            self.around(text, at + 2 * n, groups, standing);
        }
    }

    /// The literals of some groups whose second pair is at `at`.
    fn around(&self, text: &[u8], at: usize, groups: u32, standing: &mut Vec<Standing>) {
        let byte = |at: usize| text.get(at).copied().unwrap_or_default();
        let word = u32::from_le_bytes([2, 1, 0, usize::MAX].map(|back| byte(at.wrapping_sub(back))));
        let mut stands = |sign: &Sign| {
            let literal = self.literals.get(sign.literal).filter(|_| word & sign.mask == sign.word);
            standing.extend(literal.and_then(|literal| literal.standing(text, at.checked_sub(sign.back)?)));
        };
        let mut left = groups;
        while left != 0 {
            match self.open.get(left.trailing_zeros() as usize) {
                Some(group) => group.iter().for_each(&mut stands),
                None => {
                    self.closed.get(&word).into_iter().flatten().for_each(&mut stands);
                    break;
                }
            }
            left &= left - 1;
        }
    }
}

/// As many parts as there are groups of a kind, or fewer.
fn parts(signs: &[Sign]) -> impl Iterator<Item = &[Sign]> {
    signs.chunks(signs.len().div_ceil(GROUPS / 2).max(1))
}

impl Literal {
    fn standing(&self, text: &[u8], start: usize) -> Option<Standing> {
        let (turn, family, len, rule) = (self.turn, self.family, self.text.len() as u16, self.rule);
        text.get(start..)?.starts_with(self.text.as_bytes()).then_some(Standing { turn, start, family, len, rule })
    }
}

impl Sign {
    /// The rarest two pairs of a literal at its even places, or at its odd ones.
    fn of(text: &str, literal: usize, odd: usize) -> Self {
        // one that begins at an odd place has a byte before it
        let at = |place: usize| place.checked_sub(odd).and_then(|at| text.as_bytes().get(at)).copied();
        let pairs = |first: usize| [at(first), at(first + 1), at(first + 2), at(first + 3)];
        let rarity = |first: &usize| pairs(*first).iter().flatten().map(|b| COMMON.len() + rarity(*b)).sum::<usize>();
        let first = (0..LOOKED_AT.min(text.len())).step_by(2).max_by_key(rarity).unwrap_or_default();
        let bytes = pairs(first);
        let word = u32::from_le_bytes(bytes.map(Option::unwrap_or_default));
        let mask = u32::from_le_bytes(bytes.map(|b| if b.is_some() { u8::MAX } else { 0 }));
        Self { bytes, back: first + 2 - odd, word, mask, literal }
    }
}

/// Where four pairs have their places in the table, sixteen bits each: six bits of either byte, so that a pair of which
/// one byte is open has few places.
#[inline]
fn places(pairs: u64) -> u64 {
    pairs & 0x003F_003F_003F_003F | pairs >> 2 & 0x0FC0_0FC0_0FC0_0FC0
}

fn rarity(b: u8) -> usize {
    COMMON.iter().position(|common| *common == b).unwrap_or(COMMON.len())
}

#[cfg(test)]
mod tests {
    use super::super::RuleSet;

    #[test]
    fn every_literal_is_found_wherever_it_stands() {
        let rules = RuleSet::builtin();
        let literals = rules.literals();
        for token in rules.tokens() {
            for text in token.prefixes.iter().chain(&token.marker) {
                for before in 0..20 {
                    for after in [0, 1, 9] {
                        let line = format!("{}{text}{}", "x".repeat(before), "y".repeat(after));
                        let standing = literals.standing(line.as_bytes());
                        // at the end of the text a longer one of its family cannot stand
                        assert!(
                            standing.iter().any(|one| one.start == before && usize::from(one.len) >= text.len()),
                            "{line}: {standing:?}"
                        );
                    }
                }
            }
        }
        assert!(literals.standing(b"nothing of the kind").is_empty());
    }

    #[test]
    fn the_longest_of_a_family_decides() {
        let rules = RuleSet::builtin();
        let standing = rules.literals().standing(b"sk-ant-oat01");
        assert_eq!(standing.iter().map(|one| one.len).collect::<Vec<_>>(), [7]);
    }
}

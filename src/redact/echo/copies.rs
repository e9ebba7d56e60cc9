//! Copies of texts that came again and again: an echo of one is compared with it, where following it byte by byte would
//! look into the filter for each.
//!
//! They make the search faster and change nothing that it finds: every stretch of what is copied is in the filter.

use super::super::hash::{SPREAD, mix};

/// So much text is copied; then it begins anew, because logs repeat what they said last.
const ROOM: usize = 1 << 20;
/// Logarithms of how many places are known, and of how many there are for one that is.
const PLACES: u32 = 18;
const SAMPLED: u32 = 3;
/// Of so many texts that come again one is copied.
const OFTEN: u64 = 8;
/// So many places of a text tell whether it was copied: of others' places some take theirs.
const LOOKS: usize = 4;
/// So many bytes lead to a place where they stand: fewer are the same in very many texts.
pub(super) const SIGN: usize = 24;

/// Texts, and where some of their parts stand.
#[derive(Debug, Default)]
pub(super) struct Copies {
    text: Vec<u8>,
    places: Vec<Place>,
    /// How many texts came again.
    came: u64,
}

/// Where a sign begins among the copies, and how much of its text there is before it and behind where it begins.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    at: u32,
    before: u16,
    behind: u16,
}

/// Which entry of the table may say where a text stands that begins so.
#[inline]
fn slot(text: &[u8]) -> Option<usize> {
    let [first, second, third] = *text.first_chunk::<SIGN>()?.as_chunks().0.first_chunk()?;
    let first = u64::from_le_bytes(first);
    if first.wrapping_mul(SPREAD) >> (u64::BITS - SAMPLED) != 0 {
        return None;
    }
    let hash = mix(first ^ mix(u64::from_le_bytes(second) ^ mix(u64::from_le_bytes(third))));
    Some((hash >> (u64::BITS - PLACES)) as usize)
}

impl Copies {
    /// A text in the common spelling came again. Those that do so more often than others are copied.
    pub fn again(&mut self, text: &[u8]) {
        self.came += 1;
        if mix(self.came).is_multiple_of(OFTEN) {
            self.add(text);
        }
    }

    /// Copies a text, unless that was done.
    fn add(&mut self, text: &[u8]) {
        // what is longer than that is no sentence
        let Ok(len) = u16::try_from(text.len()) else { return };
        let slots = || text.windows(SIGN).enumerate().filter_map(|(n, sign)| Some((n, slot(sign)?)));
        if slots().take(LOOKS).any(|(n, _)| n + self.same_behind(text, n) == text.len()) {
            return;
        }
        if self.text.len() + text.len() > ROOM || self.places.is_empty() {
            self.text.clear();
            self.places.clear();
            self.places.resize(1 << PLACES, Place::default());
        }
        let start = self.text.len();
        self.text.extend_from_slice(text);
        for (n, slot) in slots() {
            if let Some(place) = self.places.get_mut(slot) {
                *place = Place { at: (start + n) as u32, before: n as u16, behind: len - n as u16 };
            }
        }
    }

    /// How much of what stands before `at` in a text is the same in a copy that goes on as the text does.
    #[inline]
    pub fn same_before(&self, text: &[u8], at: usize) -> usize {
        let Some((before, _)) = self.place(text, at) else { return 0 };
        let pairs = before.iter().rev().zip(text.get(..at).unwrap_or_default().iter().rev());
        pairs.take_while(|(a, b)| a == b).count()
    }

    /// How much of what stands from `at` on is; 0, or enough to tell.
    #[inline]
    pub fn same_behind(&self, text: &[u8], at: usize) -> usize {
        let Some((_, behind)) = self.place(text, at) else { return 0 };
        let same = behind.iter().zip(text.get(at..).unwrap_or_default()).take_while(|(a, b)| a == b).count();
        if same < SIGN { 0 } else { same }
    }

    /// A copy where it goes on as the text from `at` on may do: before that, and from there on.
    #[inline]
    fn place(&self, text: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
        let sign = text.get(at..)?.first_chunk::<SIGN>()?;
        let place = self.places.get(slot(sign)?)?;
        let at = place.at as usize;
        let behind = self.text.get(at..at + usize::from(place.behind))?;
        behind.starts_with(sign).then_some((self.text.get(at - usize::from(place.before)..at)?, behind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u64, len: u64) -> Vec<u8> {
        (0..len / 8).flat_map(|n| mix(seed << 32 | n).to_le_bytes()).collect()
    }

    #[test]
    fn what_is_the_same_ends_with_the_copy() {
        let mut copies = Copies::default();
        let (first, second) = (noise(1, 160), noise(2, 160));
        copies.add(&first);
        copies.add(&second);
        let both = [first.as_slice(), &second].concat();
        let mut met = 0;
        for at in 0..=first.len() - SIGN {
            if copies.same_behind(&both, at) > 0 {
                met += 1;
                assert_eq!(copies.same_behind(&both, at), first.len() - at);
                assert_eq!(copies.same_before(&both, at), at);
                assert_eq!(copies.same_before(&both[3.min(at)..], at.saturating_sub(3)), at.saturating_sub(3));
                assert_eq!(copies.same_behind(&both[..at + SIGN], at), SIGN);
            }
        }
        assert!(met > 5, "{met}");
    }

    #[test]
    fn copies_begin_anew_where_they_are_full() {
        let mut copies = Copies::default();
        for n in 0..40 {
            let text = noise(n, 60 << 10);
            copies.add(&text);
            assert!((0..1000).any(|at| copies.same_behind(&text, at) > 0), "{n}");
            let room = copies.text.len();
            copies.add(&text);
            assert_eq!(copies.text.len(), room, "what is there is not copied again");
        }
        assert_eq!(copies.text.len(), (40 - 2 * (ROOM / (60 << 10))) * (60 << 10));
    }
}

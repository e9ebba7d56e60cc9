//! Hashes for tables of this program's own words: fast on short keys, and not for adversaries.

/// An odd number with bits all over.
pub(crate) const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hasher for maps that takes eight bytes at a time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quick;

impl std::hash::BuildHasher for Quick {
    type Hasher = QuickHasher;
    fn build_hasher(&self) -> QuickHasher {
        QuickHasher(0)
    }
}

#[derive(Debug)]
pub(crate) struct QuickHasher(u64);

impl std::hash::Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        mix(self.0)
    }
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let last = rest.iter().rev().fold(0, |last, b| last << 8 | u64::from(*b));
            self.write_u64(last);
        }
    }
    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(SPREAD).rotate_left(29);
    }
    // the length of a slice adds nothing that its bytes do not say
    fn write_usize(&mut self, _: usize) {}
}

/// Spreads the bits of a word over a whole 64-bit number.
#[inline]
pub(crate) fn mix(word: u64) -> u64 {
    let mut x = word.wrapping_mul(SPREAD);
    x ^= x >> 32;
    x.wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

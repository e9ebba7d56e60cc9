//! Hashes for tables of this program's own words: fast on short keys, and not for adversaries.

/// FNV-1a as a hasher for maps.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fnv;

impl std::hash::BuildHasher for Fnv {
    type Hasher = FnvHasher;
    fn build_hasher(&self) -> FnvHasher {
        FnvHasher(0xcbf2_9ce4_8422_2325)
    }
}

#[derive(Debug)]
pub(crate) struct FnvHasher(u64);

impl std::hash::Hasher for FnvHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    // the length of a slice adds nothing that its bytes do not say
    fn write_usize(&mut self, _: usize) {}
}

/// Spreads the bits of a word over a whole 64-bit number.
#[inline]
pub(crate) fn mix(word: u64) -> u64 {
    let mut x = word.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 32;
    x.wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

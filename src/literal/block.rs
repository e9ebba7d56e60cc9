//! Sixty-four bytes at a time, a bit each: for what stands so close in a text that a search for each place of it would
//! end before it has begun.

use wide::u8x16;

/// How many bytes are looked at in one go.
pub(crate) const BLOCK: usize = 64;

/// A part of a text, filled up with zeros behind its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block([u8; BLOCK]);

impl Block {
    /// The block that begins at `at`.
    #[inline]
    pub fn of(text: &[u8], at: usize) -> Self {
        let rest = text.get(at..).unwrap_or_default();
        Self(rest.first_chunk().copied().unwrap_or_else(|| {
            let mut padded = [0; BLOCK];
            padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            padded
        }))
    }

    /// Which of its bytes are of a class, the first in the lowest bit.
    #[inline]
    pub fn bits(&self, class: impl Fn(Sixteen) -> Class) -> u64 {
        let (parts, _) = self.0.as_chunks::<16>();
        let bits = parts.iter().map(|part| u64::from(class(Sixteen(u8x16::new(*part))).0.to_bitmask()));
        bits.rev().fold(0, |all, bits| all << 16 | bits)
    }
}

/// Sixteen bytes of which something is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sixteen(u8x16);

impl Sixteen {
    /// Those that are this byte.
    #[inline]
    pub fn is(self, b: u8) -> Class {
        Class(self.0.simd_eq(u8x16::splat(b)))
    }

    /// Those that are this byte, or this one without the bits of `folded`.
    #[inline]
    pub fn is_folded(self, b: u8, folded: u8) -> Class {
        Class((self.0 | u8x16::splat(folded)).simd_eq(u8x16::splat(b)))
    }

    /// Those from `first` to `last`.
    #[inline]
    pub fn within(self, first: u8, last: u8) -> Class {
        let above = self.0 - u8x16::splat(first);
        Class(above.min(u8x16::splat(last - first)).simd_eq(above))
    }
}

/// Which of sixteen bytes are something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Class(u8x16);

impl std::ops::BitOr for Class {
    type Output = Self;
    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_stands_for_a_byte() {
        let text: Vec<u8> = (0..=u8::MAX).collect();
        for at in [0, 1, 30, 64, 200, 255, 256] {
            let block = Block::of(&text, at);
            let expected = |of: &dyn Fn(u8) -> bool| {
                (0..BLOCK).filter(|n| of(text.get(at + n).copied().unwrap_or(0))).fold(0_u64, |bits, n| bits | 1 << n)
            };
            assert_eq!(block.bits(|b| b.is(b'%')), expected(&|b| b == b'%'));
            assert_eq!(block.bits(|b| b.is_folded(b'{', 0x20)), expected(&|b| b == b'{' || b == b'['));
            assert_eq!(block.bits(|b| b.within(b'0', b'9') | b.is(0)), expected(&|b| b.is_ascii_digit() || b == 0));
        }
    }
}

//! Where the reader must stop: at quotes, separators and brackets.

use super::block::{BLOCK, Block};

/// The stops in the block that was looked at last.
#[derive(Debug, Default)]
pub(super) struct Specials {
    /// Where the block begins; nowhere before the first look.
    at: Option<usize>,
    /// Stops outside of any bracket, and inside of one: only there closing brackets and line ends close anything.
    outside: u64,
    inside: u64,
}

impl Specials {
    /// Offset of the first byte from `from` on at which the reader has something to decide. All calls are about
    /// the same text.
    #[inline]
    pub fn next(&mut self, text: &[u8], from: usize, inside: bool) -> Option<usize> {
        let mut from = from;
        while from < text.len() {
            let at = from - from % BLOCK;
            if self.at != Some(at) {
                self.look(text, at);
            }
            let stops = (if inside { self.inside } else { self.outside }) & u64::MAX << (from % BLOCK);
            if stops != 0 {
                return Some(at + stops.trailing_zeros() as usize);
            }
            from = at + BLOCK;
        }
        None
    }

    fn look(&mut self, text: &[u8], at: usize) {
        let block = Block::of(text, at);
        // of brackets and braces of a kind one bit differs
        let outside = block.bits(|b| {
            let quotes = b.is(b'"') | b.is(b'\'') | b.is(b'`');
            quotes | b.is(b':') | b.is(b'=') | b.is(b'%') | b.is(b'(') | b.is_folded(b'{', 0x20)
        });
        let closing = block.bits(|b| b.is(b')') | b.is(b'\n') | b.is_folded(b'}', 0x20));
        *self = Self { at: Some(at), outside, inside: outside | closing };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_is_found_wherever_it_stands() {
        for b in 0..=u8::MAX {
            let outside = b"\"'`:={[(%".contains(&b);
            let inside = outside || b"}])\n".contains(&b);
            for len in [1, 15, 64, 65, 200] {
                for at in 0..len {
                    let mut text = vec![b'x'; len];
                    text[at] = b;
                    for from in [0, at / 2, at] {
                        let next = |open| Specials::default().next(&text, from, open);
                        assert_eq!(
                            (next(false), next(true)),
                            (outside.then_some(at), inside.then_some(at)),
                            "{b} {at}"
                        );
                    }
                    assert_eq!(Specials::default().next(&text, at + 1, true), None);
                }
            }
        }
    }

    #[test]
    fn a_look_back_is_a_new_look() {
        let text = [b":".as_slice(), &[b'x'; 100], b"="].concat();
        let mut specials = Specials::default();
        assert_eq!([1, 0, 1].map(|from| specials.next(&text, from, true)), [Some(101), Some(0), Some(101)]);
    }
}

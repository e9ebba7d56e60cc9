//! A set of numbers in a bounded number of bits.
//!
//! It begins small, because then it stays in the processor's caches, and what most logs take out fits. What
//! does not moves to a large one, once: one look at memory answers at either size.

use super::super::hash::SPREAD;

/// Logarithms of the bits of the small and of the large one: 512 KiB, 16 MiB.
const SMALL: u32 = 22;
const LARGE: u32 = 27;
/// And of the one of [`Corners`]: 128 KiB.
const CORNERS: u32 = 20;
/// With more than two numbers for nine bits, 3 of 8 bits are set, and it answers yes too often.
const FULL: (usize, usize) = (2, 9);

/// Says certainly no or probably yes.
#[derive(Debug, Default)]
pub(super) struct Filter {
    layer: Option<Layer>,
    /// What is in the small one, to move it.
    few: Vec<u64>,
}

impl Filter {
    /// Adds numbers, a few at a time; false where there is no room for more.
    pub fn add(&mut self, numbers: impl Iterator<Item = u64>) -> bool {
        let layer = self.layer.get_or_insert_with(|| Layer::new(SMALL));
        if layer.log == LARGE {
            let room = !layer.is_full();
            if room {
                numbers.for_each(|number| layer.add(number));
            }
            return room;
        }
        for number in numbers {
            if !layer.has(number) {
                layer.add(number);
                self.few.push(number);
            }
        }
        if layer.is_full() {
            *layer = Layer::new(LARGE);
            std::mem::take(&mut self.few).into_iter().for_each(|number| layer.add(number));
        }
        true
    }

    /// Whether the number may have been added.
    #[inline]
    pub fn has(&self, number: u64) -> bool {
        self.layer.as_ref().is_some_and(|layer| layer.has(number))
    }

    /// Which of some numbers may have been added, in order, without branches: looks at memory must not wait for one
    /// another.
    pub fn known(&self, numbers: &[u64], known: &mut Vec<usize>) {
        known.clear();
        let Some(layer) = &self.layer else { return };
        known.resize(numbers.len(), 0);
        let mut len = 0;
        for (i, number) in numbers.iter().enumerate() {
            known[len] = i;
            len += usize::from(layer.has(*number));
        }
        known.truncate(len);
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.layer.is_none()
    }
}

/// A small filter of numbers of 32 bits, whose size the compiler knows: one bit each, because it is looked at most often,
/// and what it lets through by chance is looked up.
#[derive(Debug)]
pub(super) struct Corners(Box<[u64; 1 << (CORNERS - 6)]>);

impl Default for Corners {
    fn default() -> Self {
        Self(Box::new([0; 1 << (CORNERS - 6)]))
    }
}

impl Corners {
    pub fn add(&mut self, number: u32) {
        let (index, bit) = Self::place(number);
        self.0[index] |= 1 << bit;
    }

    #[inline]
    pub fn has(&self, number: u32) -> bool {
        let (index, bit) = Self::place(number);
        self.0[index] >> bit & 1 != 0
    }

    #[inline]
    fn place(number: u32) -> (usize, u32) {
        let hash = number.wrapping_mul(SPREAD as u32);
        ((hash >> (38 - CORNERS)) as usize, hash >> (32 - CORNERS) & 63)
    }
}

/// A filter of one size.
#[derive(Debug)]
struct Layer {
    words: Vec<u64>,
    log: u32,
    /// How many numbers were new.
    numbers: usize,
}

impl Layer {
    /// With `1 << log` bits.
    pub fn new(log: u32) -> Self {
        Self { words: vec![0; 1 << (log - 6)], log, numbers: 0 }
    }

    pub fn is_full(&self) -> bool {
        self.numbers >= (FULL.0 << self.log) / FULL.1
    }

    #[inline]
    pub fn add(&mut self, number: u64) {
        let (index, bits) = place(number, self.log);
        if let Some(word) = self.words.get_mut(index) {
            self.numbers += usize::from(*word & bits != bits);
            *word |= bits;
        }
    }

    #[inline]
    pub fn has(&self, number: u64) -> bool {
        let (index, bits) = place(number, self.log);
        self.words.get(index).is_some_and(|word| word & bits == bits)
    }
}

/// Where a number stands among `1 << log` bits: two bits of one word, so that it takes one look at memory, and few are
/// set by chance.
#[inline]
fn place(number: u64, log: u32) -> (usize, u64) {
    let hash = number.wrapping_mul(SPREAD);
    ((hash >> (70 - log)) as usize, PAIRS[(hash >> 32) as usize % PAIRS.len()])
}

/// Pairs of bits, to be looked up rather than shifted into place.
static PAIRS: [u64; 1024] = {
    let mut pairs = [0; 1024];
    let mut i = 0;
    while i < pairs.len() {
        let (one, distance) = (i % 64, 1 + i / 64);
        pairs[i] = 1 << one | 1 << ((one + distance) % 64);
        i += 1;
    }
    pairs
};

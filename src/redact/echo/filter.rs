//! A set of numbers in a bounded number of bits.
//!
//! It grows in layers, because small ones are fast: they stay in the processor's caches, and what most logs
//! take out fits into the first two.

/// Logarithms of the bits of the layers: 512 KiB, 4 MiB, 16 MiB.
const LAYERS: [u32; 3] = [22, 25, 27];
/// Beyond this share of set bits, 3 of 8, a layer answers yes too often.
const FULL: (usize, usize) = (3, 8);

/// Says certainly no or probably yes.
#[derive(Debug, Default)]
pub(super) struct Filter {
    layers: Vec<Layer>,
}

impl Filter {
    /// Adds numbers, a few at a time; false where there is no room for more.
    pub fn add(&mut self, numbers: impl Iterator<Item = u64>) -> bool {
        if self.layers.last().is_none_or(Layer::is_full) {
            let Some(log) = LAYERS.get(self.layers.len()) else { return false };
            self.layers.push(Layer::new(*log));
        }
        let Some((layer, before)) = self.layers.split_last_mut() else { return false };
        for number in numbers {
            // without branches: looks at memory must not wait for one another
            layer.add(number, !before.iter().fold(false, |known, layer| known | layer.has(number)));
        }
        true
    }

    /// Whether the number may have been added; for numbers that mostly were.
    #[inline]
    pub fn has(&self, number: u64) -> bool {
        self.layers.iter().any(|layer| layer.has(number))
    }

    /// Which of the numbers may have been added, a bit each; for numbers that mostly were not.
    #[inline]
    pub fn which(&self, numbers: impl Iterator<Item = u64> + Clone) -> u32 {
        let one = |layer: &Layer| {
            numbers.clone().enumerate().fold(0, |set, (n, number)| set | u32::from(layer.has(number)) << n)
        };
        self.layers.iter().fold(0, |set, layer| set | one(layer))
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }
}

/// A filter of one size.
#[derive(Debug)]
pub(super) struct Layer {
    words: Vec<u64>,
    log: u32,
    set: usize,
}

impl Layer {
    /// With `1 << log` bits.
    pub fn new(log: u32) -> Self {
        Self { words: vec![0; 1 << (log - 6)], log, set: 0 }
    }

    pub fn is_full(&self) -> bool {
        self.set >= (FULL.0 << self.log) / FULL.1
    }

    /// Adds a number if it is new.
    #[inline]
    pub fn add(&mut self, number: u64, new: bool) {
        let (index, bits) = self.place(number);
        let bits = bits & u64::from(new).wrapping_neg();
        if let Some(word) = self.words.get_mut(index) {
            self.set += (bits & !*word).count_ones() as usize;
            *word |= bits;
        }
    }

    #[inline]
    pub fn has(&self, number: u64) -> bool {
        let (index, bits) = self.place(number);
        self.words.get(index).is_some_and(|word| word & bits == bits)
    }

    /// Two bits of one word: one look at memory, and few that are set by chance.
    #[inline]
    fn place(&self, number: u64) -> (usize, u64) {
        let hash = (number ^ number >> 31).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let bits = 1 << (hash >> 20 & 63) | 1 << (hash >> 26 & 63);
        ((hash >> (70 - self.log)) as usize, bits)
    }
}

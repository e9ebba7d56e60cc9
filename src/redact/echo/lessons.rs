//! What was taken and waits to be remembered.
//!
//! To enter a value into the memory costs about as much as to find it. Lessons are what a block teaches, so
//! that it is entered while the next block is read.

use super::memory::{Label, Memory};

/// Values in the order in which they were taken.
#[derive(Debug, Default)]
pub(crate) struct Lessons {
    bytes: Vec<u8>,
    /// Where each value ends, and how it is named if it is a credential.
    ends: Vec<(usize, Option<Label>)>,
}

impl Lessons {
    /// Adds a text, in whatever spelling.
    pub fn text(&mut self, value: &[u8]) {
        self.add(value, None);
    }

    /// Adds a credential.
    pub fn secret(&mut self, value: &[u8], label: Label) {
        self.add(value, Some(label));
    }

    fn add(&mut self, value: &[u8], label: Option<Label>) {
        self.bytes.extend_from_slice(value);
        self.ends.push((self.bytes.len(), label));
    }

    /// Adds those of another.
    pub fn append(&mut self, other: &Self) {
        let before = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|(end, label)| (before + end, *label)));
    }

    /// Enters them into the memory and forgets them.
    pub fn enter(&mut self, memory: &mut Memory) {
        let mut at = 0;
        for (end, label) in self.ends.drain(..) {
            let value = self.bytes.get(at..end).unwrap_or_default();
            match label {
                Some(label) => memory.secret(value, label),
                None => memory.text(value),
            }
            at = end;
        }
        self.bytes.clear();
    }
}

//! Where in the inputs something stands.

/// A line of an input; printed as `app.log:128`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The number of the input in the run, from 0.
    pub input: u32,
    /// The raw line, from 1.
    pub line: u32,
}

impl Place {
    /// What is told in passing stands within so many lines of what it is about.
    const NEAR: u32 = 200;

    /// Whether what stands at both places may be about one thing without saying so.
    #[must_use]
    pub fn is_near(self, other: Self) -> bool {
        self.input == other.input && self.line.abs_diff(other.line) <= Self::NEAR
    }
}

//! Where in the inputs something stands.

/// A line of an input; printed as `app.log:128`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The number of the input in the run, from 0.
    pub input: u32,
    /// The raw line, from 1.
    pub line: u32,
}

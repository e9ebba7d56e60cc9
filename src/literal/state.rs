//! What the reader carries from one piece of a stream to the next: open brackets, and what the last line
//! promised.

/// How deep brackets are remembered; deeper ones are only counted.
const MAX_DEPTH: usize = 128;
/// How far a closing bracket looks down for its opening one: prose is full of stray brackets.
const MAX_UNWIND: usize = 16;

/// What the reader remembers from one piece of a stream to the next.
///
/// A value may stretch over many lines (`util.inspect`, pretty JSON), and the lines of one stream
/// arrive in pieces. Text that does not look like a continuation resets it: see [`Event::Reset`](super::Event::Reset).
#[derive(Clone, Debug, Default)]
pub struct State {
    open: Vec<u8>,
    deeper: usize,
    pub(super) line_start: bool,
    pub(super) joining: bool,
    pub(super) awaiting: bool,
}

impl State {
    /// How many brackets are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len() + self.deeper
    }

    /// The innermost open bracket, one of `{ [ (`.
    #[must_use]
    pub fn bracket(&self) -> Option<u8> {
        if self.deeper > 0 { None } else { self.open.last().copied() }
    }

    pub(super) fn push(&mut self, bracket: u8) {
        if self.open.len() < MAX_DEPTH && self.deeper == 0 {
            self.open.push(bracket);
        } else {
            self.deeper += 1;
        }
    }

    /// Closes the nearest bracket that `bracket` can close; false where there is none.
    pub(super) fn pop(&mut self, bracket: u8) -> bool {
        if self.deeper > 0 {
            self.deeper -= 1;
            return true;
        }
        let opening = match bracket {
            b'}' => b'{',
            b']' => b'[',
            _ => b'(',
        };
        match self.open.iter().rev().take(MAX_UNWIND).position(|&b| b == opening) {
            Some(above) => {
                self.open.truncate(self.open.len() - above - 1);
                true
            }
            None => false,
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

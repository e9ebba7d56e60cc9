//! The window over an input: whole lines, in blocks of bounded size.

use std::io::{self, Read};

/// How much is read ahead: large enough to keep the processor busy, small enough for its caches.
const BLOCK: usize = 1 << 20;
/// A line longer than this is handed out in parts. Also the bound of the memory an input takes.
pub const MAX_LINE: usize = 8 << 20;
/// Before a cut inside such a line, this much is searched for a byte that no key or word contains.
const CUT_SEARCH: usize = 64 << 10;

/// Reads an input as blocks of whole lines.
///
/// Only a line longer than [`MAX_LINE`] is ever cut, and then behind a byte at which a value can end, so
/// that the same input is always cut at the same places however it arrives.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// What is in use of the buffer.
    start: usize,
    end: usize,
    ended: bool,
    offset: u64,
    line: u64,
    longest: usize,
    /// Whether what was let go of ends inside a line.
    unfinished: bool,
}

/// Whole lines of an input, or a part of a line that is too long.
#[derive(Clone, Copy, Debug)]
pub struct Block<'b> {
    /// The bytes as they stand in the input (decompressed, as UTF-8).
    pub bytes: &'b [u8],
    /// Offset of the first byte in the input.
    pub offset: u64,
    /// Number of the first line, from 1.
    pub line: u64,
    /// Whether the input ends here.
    pub last: bool,
}

impl<R: Read> Lines<R> {
    /// Starts at the beginning of `reader`.
    pub fn new(reader: R) -> Self {
        Self::with_longest(reader, MAX_LINE)
    }

    /// With another bound than [`MAX_LINE`] for the longest line, and for the memory it takes.
    pub fn with_longest(reader: R, longest: usize) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            ended: false,
            offset: 0,
            line: 1,
            longest,
            unfinished: false,
        }
    }

    /// Bytes and lines that were let go of; at the end, all of them.
    pub fn position(&self) -> (u64, u64) {
        (self.offset, self.line - u64::from(!self.unfinished))
    }

    /// What is buffered and whole, reading more where nothing is. `None` at the end.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn block(&mut self) -> io::Result<Option<Block<'_>>> {
        self.more(0)
    }

    /// Like [`Lines::block`], but with more than the `seen` bytes that the last block had, unless the
    /// input has no more.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn more(&mut self, seen: usize) -> io::Result<Option<Block<'_>>> {
        let mut whole = self.whole();
        while whole <= seen && !self.ended && self.end - self.start <= seen + self.longest {
            self.fill()?;
            whole = self.whole();
        }
        let waiting = self.end - self.start;
        if waiting == 0 {
            return Ok(None);
        }
        if self.line_too_long(seen) {
            whole = self.cut(seen);
        } else if whole <= seen {
            whole = waiting;
        }
        let last = self.ended && whole == waiting;
        let bytes = self.buffer.get(self.start..self.start + whole).unwrap_or_default();
        Ok(Some(Block { bytes, offset: self.offset, line: self.line, last }))
    }

    /// Lets go of the first `bytes` of the last block.
    pub fn consume(&mut self, bytes: usize) {
        let end = (self.start + bytes).min(self.end);
        let gone = self.buffer.get(self.start..end).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', gone).count() as u64;
        self.offset += gone.len() as u64;
        if let Some(last) = gone.last() {
            self.unfinished = *last != b'\n';
        }
        self.start = end;
    }

    /// Length of the whole lines in the buffer.
    fn whole(&self) -> usize {
        let waiting = self.buffer.get(self.start..self.end).unwrap_or_default();
        memchr::memrchr(b'\n', waiting).map_or(0, |at| at + 1)
    }

    /// Whether the first line behind `seen` is longer than may be, however much of it is there.
    fn line_too_long(&self, seen: usize) -> bool {
        let waiting = self.buffer.get(self.start..self.end).unwrap_or_default();
        let first = waiting.get(seen..).unwrap_or_default();
        first.len() > self.longest && memchr::memchr(b'\n', first.get(..self.longest).unwrap_or_default()).is_none()
    }

    /// Where to cut a line that is too long: behind the last byte that ends a value, seen from the
    /// limit; in a run without such a byte, at the limit.
    fn cut(&self, seen: usize) -> usize {
        let waiting = self.buffer.get(self.start..self.end).unwrap_or_default();
        let limit = waiting.len().min(seen + self.longest);
        let from = limit.saturating_sub(CUT_SEARCH).max(seen);
        let tail = waiting.get(from..limit).unwrap_or_default();
        let at = tail.iter().rposition(|b| matches!(b, b',' | b' ' | b'}' | b']' | b';'));
        at.map_or(limit, |at| from + at + 1)
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 && (self.start == self.end || self.buffer.len() - self.end < BLOCK / 2) {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < BLOCK / 2 {
            let size = (self.buffer.len() * 2).clamp(BLOCK, self.end + 4 * BLOCK);
            self.buffer.resize(size.max(self.end + BLOCK / 2), 0);
        }
        let most = self.buffer.len().min(self.end + BLOCK);
        let free = self.buffer.get_mut(self.end..most).unwrap_or_default();
        loop {
            match self.reader.read(free) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(());
                }
                Ok(n) => {
                    self.end += n;
                    return Ok(());
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out at most `step` bytes a read.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(into.len()).min(self.0.len());
            into[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn blocks(text: &[u8], step: usize) -> Vec<Vec<u8>> {
        let mut lines = Lines::new(Slow(text, step));
        let mut out = Vec::new();
        while let Some(block) = lines.block().unwrap() {
            out.push(block.bytes.to_vec());
            let n = block.bytes.len();
            lines.consume(n);
        }
        out
    }

    #[test]
    fn only_whole_lines_come_out() {
        let text = b"one\ntwo\nthree";
        for step in 1..text.len() {
            let blocks = blocks(text, step);
            assert_eq!(blocks.concat(), text);
            assert!(blocks.iter().rev().skip(1).all(|b| b.ends_with(b"\n")), "step {step}: {blocks:?}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_where_a_value_ends() {
        let text = [b"{\"a\": \"".as_slice(), &b"word ".repeat(MAX_LINE / 4), b"\"}\n"].concat();
        let (big, small) = (blocks(&text, 1 << 20), blocks(&text, 70_001));
        assert_eq!(big.concat(), text);
        assert_eq!(big.len(), small.len());
        assert!(big[0].ends_with(b" ") && big[0].len() <= MAX_LINE && big[0] == small[0]);
    }

    #[test]
    fn counts_lines_and_offsets() {
        let mut lines = Lines::new(&b"a\nb\nc\n"[..]);
        let first = lines.block().unwrap().unwrap();
        assert_eq!((first.line, first.offset, first.last), (1, 0, false));
        lines.consume(4);
        let second = lines.more(2).unwrap().unwrap();
        assert_eq!((second.bytes, second.line, second.offset, second.last), (b"c\n".as_slice(), 3, 4, true));
    }
}

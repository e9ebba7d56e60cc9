//! A preview: the lines that change, as they will be. What is taken out is not shown; that is the point.

use super::super::error::{Error, Result};
use super::super::output::Output;
use super::super::term::escaped;
use super::report::FileReport;
use crate::input::Input;
use crate::redact::{Learned, Redactor};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, BufRead, BufReader, Read, Write};

/// So much of a line is shown.
const SHOWN: usize = 4 << 10;

/// Shows what changes in an input.
///
/// # Errors
/// Those of the input and of the standard output.
pub fn show(input: &Input, name: &str, learned: Learned, redactor: &mut Redactor) -> Result<FileReport> {
    let before = BufReader::with_capacity(1 << 16, input.open()?.reader);
    let mut changed = Changed { name, before, line: Line::default(), number: 1, out: Output::stdout() };
    let outcome = redactor.write(learned, input.open()?.reader, &mut changed).map_err(|e| Error::from_writing(&e))?;
    if changed.line.len > 0 {
        changed.end_of_line().map_err(|e| Error::from_writing(&e))?;
    }
    changed.out.finish()?;
    Ok(FileReport::of(name, outcome))
}

/// Compares what is written with what was read, line by line: redaction keeps lines as lines.
struct Changed<'n, R> {
    name: &'n str,
    before: BufReader<R>,
    line: Line,
    number: u64,
    out: Output,
}

/// A line: its checksum, and as much of it as is shown.
#[derive(Default)]
struct Line {
    hash: DefaultHasher,
    len: u64,
    shown: Vec<u8>,
}

impl Line {
    fn add(&mut self, bytes: &[u8]) {
        self.hash.write(bytes);
        self.len += bytes.len() as u64;
        let room = SHOWN.saturating_sub(self.shown.len()).min(bytes.len());
        self.shown.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }
}

impl<R: Read> Changed<'_, R> {
    fn end_of_line(&mut self) -> io::Result<()> {
        let after = std::mem::take(&mut self.line);
        let before = self.next_before()?;
        if (before.len, before.hash.finish()) != (after.len, after.hash.finish()) {
            let text = String::from_utf8_lossy(&after.shown);
            let more = if after.len > after.shown.len() as u64 { " ..." } else { "" };
            writeln!(self.out, "{}:{}: {}{more}", escaped(self.name), self.number, escaped(text.trim_end()))?;
        }
        self.number += 1;
        Ok(())
    }

    /// The next line of the input, hashed in pieces as the writer's is.
    fn next_before(&mut self) -> io::Result<Line> {
        let mut line = Line::default();
        loop {
            let piece = self.before.fill_buf()?;
            let end = memchr::memchr(b'\n', piece).map(|at| at + 1);
            let taken = end.unwrap_or(piece.len());
            line.add(piece.get(..taken).unwrap_or_default());
            self.before.consume(taken);
            if end.is_some() || taken == 0 {
                return Ok(line);
            }
        }
    }
}

impl<R: Read> Write for Changed<'_, R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            self.line.add(piece);
            if piece.ends_with(b"\n") {
                self.end_of_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

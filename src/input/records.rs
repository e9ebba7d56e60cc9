//! Log entries: the lines that belong together.
//!
//! A traceback, a dumped object, a pretty-printed document take many lines; the program that wrote them
//! marks only the first. A line goes on with the record before it if it is indented, if it closes
//! something, or if it belongs to a traceback; any other begins a new one. Services whose lines interleave
//! were parted before.

use super::export::{Exports, csv};
use super::header_block;
use super::lines::Block;
use super::wrap::Unwrapper;
use crate::literal::{Span, Timestamp};
use std::collections::HashMap;

/// A record that goes on for longer is handed out in parts.
const MAX_RECORD: usize = 4 << 20;
/// A document may be larger: a recorded browser session is one object.
const MAX_DOCUMENT: usize = 64 << 20;

/// One log entry.
#[derive(Clone, Copy, Debug)]
pub struct Record<'r> {
    /// Which of the input's sources wrote it; 0 where there is one only.
    pub source: u32,
    /// The raw line on which it begins, from 1.
    pub line: u32,
    /// Its text without the last line's end.
    pub text: &'r [u8],
    /// So many of its lines stand one below the other in the input; those behind them stand elsewhere, among other
    /// services' lines or in an export.
    pub straight: u32,
    /// When the wrapper saw its first line.
    pub time: Option<Timestamp>,
}

/// Parts an input into records.
#[derive(Debug, Default)]
pub struct Records {
    unwrapper: Unwrapper,
    /// The record of each source that may go on.
    open: HashMap<usize, Open>,
    exports: Exports,
}

/// A record that may go on.
#[derive(Debug, Default)]
pub(super) struct Open {
    text: Vec<u8>,
    line: u32,
    /// The raw line in which its last line stands, where that has to be known.
    last: u32,
    lines: u32,
    straight: u32,
    time: Option<Timestamp>,
    shape: Shape,
}

/// Where the lines of a text stand.
pub(super) struct Place<L, T> {
    /// The raw line of what begins at an offset.
    pub line: L,
    /// When the wrapper saw it.
    pub time: T,
    /// Whether lines that follow one another may stand apart.
    pub apart: bool,
}

impl Records {
    /// Hands out the records that end in a block; gives how much of the block was read. The rest must be
    /// presented again with more behind it.
    pub fn block(&mut self, block: &Block<'_>, mut each: impl FnMut(Record<'_>)) -> usize {
        let unwrapped = self.unwrapper.unwrap(block.bytes, block.last);
        let starts = LineStarts::of(block);
        for stream in &unwrapped.streams {
            let open = self.open.entry(stream.source).or_default();
            let each = &mut |record: Record<'_>| self.exports.open(record, &mut each);
            let place = Place {
                line: |at| starts.number(stream.raw(at)),
                time: |at| stream.time(at, block.bytes),
                apart: !stream.view.is_plain(),
            };
            open.lines(stream.view.text(), stream.source as u32, &place, each);
        }
        unwrapped.whole
    }

    /// Hands out the records that the end of the input ends.
    pub fn finish(&mut self, mut each: impl FnMut(Record<'_>)) {
        let mut rest: Vec<(usize, Open)> = self.open.drain().collect();
        rest.sort_by_key(|(_, open)| open.line);
        for (source, mut open) in rest {
            open.close(None, b"", source as u32, &mut |record| self.exports.open(record, &mut each));
        }
    }
}

impl Open {
    /// Hands out the records that end in the next lines of a source.
    pub(super) fn lines(
        &mut self,
        text: &[u8],
        source: u32,
        place: &Place<impl Fn(usize) -> u32, impl Fn(usize) -> Option<Timestamp>>,
        each: &mut impl FnMut(Record<'_>),
    ) {
        let mut at = 0;
        // lines that stand together in the text are a record without being copied
        let mut run: Option<Span> = None;
        while at < text.len() {
            let rest = text.get(at..).unwrap_or_default();
            let end = at + memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
            let line = Span::new(at, end);
            let content = without_end(line.of(text));
            if self.line > 0 && self.shape.goes_on(content) && self.fits(run) {
                run = Some(run.map_or(line, |run| Span::new(run.start, end)));
                if place.apart {
                    let here = (place.line)(at);
                    if here != self.last.saturating_add(1) {
                        self.straight = self.straight.min(self.lines);
                    }
                    (self.last, self.lines) = (here, self.lines.saturating_add(1));
                }
            } else {
                self.close(run.take(), text, source, each);
                (self.line, self.time) = ((place.line)(at), (place.time)(at));
                (self.last, self.lines, self.straight) = (self.line, 1, u32::MAX);
                self.shape = Shape::default();
                run = Some(line);
            }
            self.shape.table |= self.line == 1 && !self.shape.begun && csv::is_head(content);
            self.shape.read(content);
            at = end;
        }
        if let Some(run) = run {
            self.text.extend_from_slice(run.of(text));
        }
    }

    fn fits(&self, run: Option<Span>) -> bool {
        let most = if self.shape.document || self.shape.table { MAX_DOCUMENT } else { MAX_RECORD };
        self.text.len() + run.map_or(0, |run| run.len()) < most
    }

    /// Hands out the record that ends with `run`, and clears it.
    pub(super) fn close(&mut self, run: Option<Span>, text: &[u8], source: u32, each: &mut impl FnMut(Record<'_>)) {
        if self.line == 0 {
            return;
        }
        let run = run.map_or(b"".as_slice(), |run| run.of(text));
        let whole = if self.text.is_empty() {
            run
        } else {
            self.text.extend_from_slice(run);
            &self.text
        };
        let text = whole.trim_ascii_end();
        if !text.is_empty() {
            each(Record { source, line: self.line, text, straight: self.straight, time: self.time });
        }
        self.text.clear();
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// What the lines of a record so far say of the next.
#[derive(Debug, Default)]
struct Shape {
    traceback: Traceback,
    html: bool,
    document: bool,
    /// A table from the input's first line on.
    table: bool,
    /// Among the headers of an HTTP message.
    headers: bool,
    begun: bool,
    /// Behind a line that the response's body follows.
    answered: bool,
    /// Below a head that lines with a dash belong to.
    listed: bool,
    /// The last byte of the last line that is not empty.
    last: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Traceback {
    #[default]
    None,
    /// Between its head and the exception.
    Frames,
    /// Behind the exception: another may be chained.
    Raised,
}

impl Shape {
    /// Whether a line belongs to the record. An empty line is no end yet: what follows it decides.
    fn goes_on(&self, line: &[u8]) -> bool {
        let Some(&first) = line.first() else { return true };
        if self.table {
            return true;
        }
        if self.headers && header_block::is_header(line) {
            return true;
        }
        match first {
            b' ' if is_levelled(line) => false,
            b' ' | b'\t' | b'}' | b']' | b')' => true,
            b'\'' | b'"' | b'`' | b'+' => matches!(self.last, b'+' | b',' | b'(' | b'[' | b'{' | b'\\' | b':'),
            b'<' => self.html && line.get(1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!')),
            b'{' if self.answered => true,
            b'-' if self.listed => line.starts_with(b"- "),
            _ if self.last == b'\\' || self.traceback == Traceback::Frames => true,
            b'T' => is_traceback(line) && !self.document || self.traceback == Traceback::Raised && is_chain(line),
            b'D' => self.traceback == Traceback::Raised && is_chain(line),
            b'C' => line.starts_with(b"Caused by:"),
            // the second line of what httpx says of an error status
            b'F' => self.traceback == Traceback::Raised && line.starts_with(b"For more information check:"),
            _ => false,
        }
    }

    /// Takes a line of the record into account.
    fn read(&mut self, line: &[u8]) {
        let Some(&first) = line.first() else {
            self.headers = false;
            return;
        };
        if !self.begun {
            self.headers = header_block::begins(line);
            self.document = matches!(first, b'{' | b'[') && line.len() <= 2;
            self.begun = true;
        }
        self.answered = is_answer(line);
        self.listed |= is_listed(line);
        self.last = line.trim_ascii_end().last().copied().unwrap_or(0);
        // loguru marks the frame that caught the exception
        let indented = matches!(first, b' ' | b'\t') || line.starts_with(b"> File ");
        if is_traceback(line) {
            self.traceback = Traceback::Frames;
        } else if !indented && self.traceback == Traceback::Frames {
            self.traceback = Traceback::Raised;
        }
        if !self.html && memchr::memchr(b'<', line).is_some() {
            self.html = [b"<html".as_slice(), b"<HTML", b"<!doctype", b"<!DOCTYPE"]
                .iter()
                .any(|tag| memchr::memmem::find(line, tag).is_some());
        }
    }
}

fn is_traceback(line: &[u8]) -> bool {
    line.starts_with(b"Traceback (most recent call last)")
}

/// `Anthropic.Exceptions.AnthropicRateLimitException: Status Code: TooManyRequests`, Guzzle's
/// `… resulted in a \`529 \` response:`, Laravel's `HTTP request returned status code 529:`
fn is_answer(line: &[u8]) -> bool {
    let Some((before, word)) = memchr::memrchr(b' ', line).and_then(|at| line.split_at_checked(at)) else {
        return false;
    };
    match word {
        b" response:" => before.ends_with(b"`"),
        [b' ', number @ .., b':'] if number.len() == 3 => before.ends_with(b" status code"),
        _ => before.ends_with(b"Exception: Status Code:"),
    }
}

/// LangChain4j's heads, with a list below.
fn is_listed(line: &[u8]) -> bool {
    line.ends_with(b"HTTP request:") || line.ends_with(b"HTTP response:")
}

/// rich leaves the time out where it has not changed: `           INFO     Retrying request …`.
fn is_levelled(line: &[u8]) -> bool {
    let word = line.trim_ascii_start();
    line.len() - word.len() >= 4
        && [b"INFO     ".as_slice(), b"DEBUG    ", b"WARNING  ", b"ERROR    ", b"CRITICAL "]
            .iter()
            .any(|level| word.starts_with(level))
}

fn is_chain(line: &[u8]) -> bool {
    line.starts_with(b"The above exception was the direct cause")
        || line.starts_with(b"During handling of the above exception")
}

/// Where the raw lines of a block begin.
struct LineStarts {
    starts: Vec<usize>,
    first: u64,
}

impl LineStarts {
    fn of(block: &Block<'_>) -> Self {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', block.bytes).map(|at| at + 1)).collect();
        Self { starts, first: block.line }
    }

    /// The number of the line in which a byte of the block stands.
    fn number(&self, at: usize) -> u32 {
        let index = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        u32::try_from(self.first + index as u64).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Lines;

    fn records(text: &str, step: usize) -> Vec<(u32, String)> {
        let mut lines = Lines::new(std::io::Read::chain(
            &text.as_bytes()[..step.min(text.len())],
            &text.as_bytes()[step.min(text.len())..],
        ));
        let mut records = Records::default();
        let mut out = Vec::new();
        let mut seen = 0;
        while let Some(block) = lines.more(seen).unwrap() {
            let whole = records
                .block(&block, |record| out.push((record.line, String::from_utf8_lossy(record.text).into_owned())));
            seen = block.bytes.len() - whole;
            lines.consume(whole);
        }
        records.finish(|record| out.push((record.line, String::from_utf8_lossy(record.text).into_owned())));
        out
    }

    #[test]
    fn lines_that_belong_together_are_one() {
        let text = "one\n[log_1] sending {\n  a: 'x' +\n    'y',\n}\nthree\n\nERROR failed\nTraceback (most recent call last):\n  File \"a\"\nhttpx.ReadError: x\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File \"b\"\nanthropic.APIConnectionError: Connection error.\nnext\n";
        let expected = [(1, 0), (2, 1), (6, 2), (8, 3), (18, 4)];
        for step in [1, 30, 80, 150, 1000] {
            let found = records(text, step);
            let lines: Vec<_> = found.iter().enumerate().map(|(i, (line, _))| (*line, i)).collect();
            assert_eq!(lines, expected, "{found:?}");
            assert!(found[3].1.ends_with("Connection error."));
        }
    }

    #[test]
    fn each_source_has_its_own_records() {
        let text = "api-1  | {\napi-1  |   a: 1\nweb-1  | hello\napi-1  | }\nweb-1  | bye\n";
        let found = records(text, 1000);
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 1, 5]);
        assert_eq!(found[1].1, "{\n  a: 1\n}");
    }

    #[test]
    fn an_error_page_is_part_of_its_error() {
        let text = "InternalServerError: 502 <html>\r\n<head>\r\n</head>\r\n    at x {\n  status: 502\n}\nnext\n";
        assert_eq!(records(text, 1000).len(), 2);
    }
}

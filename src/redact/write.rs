//! The second pass: nets 5 and 6, and what is written.

use super::echo::{Finder, Memory};
use super::edit::{Edit, settle};
use super::gate;
use super::net::Net;
use super::replace::{Names, apply};
use super::report::Tally;
use super::rules::RuleId;
use super::strict;
use crate::literal::Span;
use std::io;

/// The lines in which an echo is open are held back until more is known, but not more than this.
const MAX_HELD: usize = 64 << 10;
/// Of an echo that is certain already, only so much is needed to know it again in what follows.
const GOES_ON: usize = 64;

/// Turns blocks and their edits into what is written.
#[derive(Debug, Default)]
pub(crate) struct Write {
    finder: Finder,
    strict: bool,
    /// Where nothing is held back: the end of what was written, in which an echo may have begun.
    before: Option<Vec<u8>>,
}

/// A text that waits to be written, with the numbered edits of the first pass in it.
pub(crate) struct Waiting<'t> {
    pub text: &'t [u8],
    /// In order. What is written is taken from them.
    pub edits: &'t mut Vec<Edit>,
    /// Number of its first line.
    pub line: u64,
    /// Whether nothing follows.
    pub last: bool,
}

impl Write {
    pub fn new(strict: bool) -> Self {
        Self { strict, ..Self::default() }
    }

    /// Holds nothing back: whoever waits at the other end of a pipe sees each record at once.
    pub fn at_once(strict: bool) -> Self {
        Self { strict, before: Some(Vec::new()), ..Self::default() }
    }

    /// Writes as much of the waiting text as is certain; gives its length. What is left must be presented
    /// again, at the front of what waits next.
    pub fn lines(
        &mut self,
        waiting: Waiting<'_>,
        net: &Net,
        memory: &Memory,
        names: &mut Names,
        tally: &mut Tally,
        out: &mut Written,
    ) -> usize {
        let done = self.certain(&waiting, memory);
        let text = waiting.text.get(..done).unwrap_or_default();
        let mut edits = taken(waiting.edits, done);
        let first_echo = edits.len();
        self.find_echoes(text, net.builtin.quoted, memory, &mut edits);
        edits.iter_mut().skip(first_echo).for_each(|echo| names.number(echo));
        settle(&mut edits);
        self.own_words(text, net, &mut edits);
        tally.count(text, waiting.line, &edits);
        out.clear();
        out.line = waiting.line;
        apply(text, &edits, names, &mut out.bytes, &mut out.replaced);
        done
    }

    /// The length of the lines in which no echo is open that may go on in what follows.
    fn certain(&mut self, waiting: &Waiting<'_>, memory: &Memory) -> usize {
        let all = waiting.text.len();
        if waiting.last || self.before.is_some() || memory.is_empty() || !waiting.text.ends_with(b"\n") {
            return all;
        }
        let Some(open) = self.finder.open_at(waiting.text, memory) else { return all };
        let open = open.max(all.saturating_sub(GOES_ON));
        let taken = waiting.edits.last().is_some_and(|edit| edit.span.end > open);
        let line = memchr::memrchr(b'\n', waiting.text.get(..open).unwrap_or_default()).map_or(0, |at| at + 1);
        if taken || all - line > MAX_HELD { all } else { line }
    }

    /// Adds the echoes between the edits.
    fn find_echoes(&mut self, text: &[u8], echo: RuleId, memory: &Memory, edits: &mut Vec<Edit>) {
        if memory.is_empty() {
            return;
        }
        let mut echoes = Vec::new();
        let mut at = 0;
        if let Some(before) = self.before.take() {
            self.find_begun(&before, text, edits.first(), echo, memory, &mut echoes);
            let tail = edits.last().map_or(0, |edit| edit.span.end).max(text.len().saturating_sub(GOES_ON));
            self.before = Some(text.get(tail..).unwrap_or_default().to_vec());
        }
        let end = Span::new(text.len(), text.len());
        let between = edits.iter().map(|edit| edit.span).chain([end]).map(|edit| {
            let between = Span::new(at, edit.start);
            at = edit.end.max(at);
            between
        });
        self.finder.find(text, between, memory, echo, &mut echoes);
        edits.append(&mut echoes);
    }

    /// Finds echoes that began in what was written already.
    fn find_begun(
        &mut self,
        before: &[u8],
        text: &[u8],
        first: Option<&Edit>,
        echo: RuleId,
        memory: &Memory,
        echoes: &mut Vec<Edit>,
    ) {
        let end = first.map_or(text.len(), |edit| edit.span.start).min(MAX_HELD);
        let joined = [before, text.get(..end).unwrap_or_default()].concat();
        let mut found = Vec::new();
        self.finder.find(&joined, [Span::new(0, joined.len())], memory, echo, &mut found);
        for mut one in found {
            if one.span.start < before.len() && one.goes_on_behind(before.len()) {
                one.span = Span::new(0, one.span.end - before.len());
                echoes.push(one);
            } else if one.span.start >= before.len() {
                one.span = Span::new(one.span.start - before.len(), one.span.end - before.len());
                echoes.push(one);
            }
        }
    }

    /// Under `--strict` only what is recognised stays.
    fn own_words(&self, text: &[u8], net: &Net, edits: &mut Vec<Edit>) {
        let rule = net.builtin.strict;
        if !self.strict || !net.on(rule) {
            return;
        }
        let mut more = Vec::new();
        let mut at = 0;
        for edit in edits.iter() {
            strict::find(text, Span::new(at, edit.span.start), rule, &net.rules, &mut more);
            at = edit.span.end;
        }
        strict::find(text, Span::new(at, text.len()), rule, &net.rules, &mut more);
        if !more.is_empty() {
            edits.append(&mut more);
            settle(edits);
        }
    }
}

/// Takes the edits of the first `done` bytes of a text; those of the rest stay, in its offsets.
fn taken(edits: &mut Vec<Edit>, done: usize) -> Vec<Edit> {
    let behind = edits.split_off(edits.partition_point(|edit| edit.span.start < done));
    let taken = std::mem::replace(edits, behind);
    let cut = taken.last().copied().and_then(|mut edit| edit.goes_on_behind(done).then_some(edit));
    edits.splice(..0, cut);
    edits.iter_mut().for_each(|edit| *edit = edit.behind(done));
    taken
}

/// What is about to be written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    bytes: Vec<u8>,
    /// What the tool itself put there.
    replaced: Vec<Span>,
    /// Number of the first line.
    line: u64,
}

impl Written {
    /// How much it is.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Forgets it.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.replaced.clear();
    }

    /// What the gate finds in it.
    pub fn leaks(&self, finder: &mut Finder, net: &Net, memory: &Memory) -> Vec<Edit> {
        gate::leaks(&self.bytes, &self.replaced, finder, net, memory)
    }

    /// Writes it without the lines in which the gate found something.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, leaks: &[Edit], tally: &mut Tally, writer: &mut impl io::Write) -> io::Result<()> {
        let mut leaks = leaks.iter().peekable();
        let mut at = 0;
        let mut number = self.line;
        while at < self.bytes.len() {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let Some(&first) = leaks.peek() else { return writer.write_all(rest) };
            // up to the line on which it stands
            let before = rest.get(..first.span.start.saturating_sub(at)).unwrap_or_default();
            let start = memchr::memrchr(b'\n', before).map_or(0, |n| n + 1);
            let (before, rest) = rest.split_at_checked(start).unwrap_or((rest, b""));
            writer.write_all(before)?;
            number += memchr::memchr_iter(b'\n', before).count() as u64;
            let line = rest.get(..memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1)).unwrap_or_default();
            at += start + line.len();
            let mut rule = first.rule;
            while let Some(leak) = leaks.next_if(|leak| leak.span.start < at) {
                rule = leak.rule;
            }
            tally.withheld(rule, number);
            writer.write_all(b"[withheld]")?;
            let ends = [b"\r\n".as_slice(), b"\n"];
            writer.write_all(ends.into_iter().find(|end| line.ends_with(end)).unwrap_or_default())?;
            number += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::edit::{Quote, What};
    use super::*;

    #[test]
    fn what_is_not_written_yet_stays_with_its_place() {
        let edit = |start, end, what| Edit::new(Span::new(start, end), RuleId(1), what);
        let quoted = |edit| Edit { quote: Quote::As { back: 2, len: 1 }, ..edit };
        let first = [edit(0, 5, What::Text(5)), edit(10, 20, What::Secret(3))];
        let mut edits = [first.as_slice(), &[quoted(edit(22, 30, What::Text(8)))]].concat();
        assert_eq!(taken(&mut edits, 15), first);
        assert_eq!(edits, [edit(0, 5, What::Rest), quoted(edit(7, 15, What::Text(8)))]);
        assert_eq!(taken(&mut edits, 0), []);
        assert_eq!(taken(&mut edits, 15).len(), 2);
        assert_eq!(edits, []);
    }
}

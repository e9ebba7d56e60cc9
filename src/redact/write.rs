//! The second pass: nets 5 and 6, and what is written.

use super::echo::Finder;
use super::edit::{Edit, settle};
use super::gate;
use super::net::Net;
use super::replace::{Names, apply};
use super::report::Tally;
use super::strict;
use crate::literal::Span;

/// A line whose echo is not certain is held back until it is, but not more than this.
const MAX_HELD: usize = 256 << 10;

/// Turns blocks and their edits into what is written.
#[derive(Debug, Default)]
pub(crate) struct Write {
    finder: Finder,
    /// How far the finder has read the waiting text.
    read_to: usize,
    /// Echoes in text that is still held back.
    echoes: Vec<Edit>,
    strict: bool,
}

/// A text that waits to be written, with the numbered edits of the first pass in it.
pub(crate) struct Waiting<'t> {
    pub text: &'t [u8],
    pub edits: &'t [Edit],
    /// Number of its first line.
    pub line: u64,
    /// Whether nothing follows.
    pub last: bool,
}

impl Write {
    pub fn new(strict: bool) -> Self {
        let mut write = Self { strict, ..Self::default() };
        write.finder.reset();
        write
    }

    /// Writes as much of the waiting text as is certain; gives its length. What is left must be presented
    /// again, at the front of what waits next.
    pub fn lines(&mut self, waiting: &Waiting<'_>, net: &mut Net, names: &mut Names, tally: &mut Tally, out: &mut Vec<u8>) -> usize {
        self.find_echoes(waiting, net);
        let done = self.certain(waiting);
        let text = waiting.text.get(..done).unwrap_or_default();
        let mut edits: Vec<Edit> = waiting.edits.iter().filter(|e| e.span.start < done).copied().collect();
        let mut later = Vec::new();
        for mut edit in self.echoes.drain(..) {
            names.number(&mut edit);
            if edit.span.start < done { edits.push(edit) } else { later.push(edit) }
        }
        settle(&mut edits);
        self.own_words(text, net, &mut edits);
        tally.count(text, waiting.line, &edits);
        write_gated(text, &edits, waiting.line, net, names, tally, out);
        self.finder.shift(done);
        self.read_to -= done.min(self.read_to);
        self.echoes = later.into_iter().map(|e: Edit| e.moved_back(done)).collect();
        done
    }

    fn find_echoes(&mut self, waiting: &Waiting<'_>, net: &Net) {
        if net.memory.is_empty() {
            self.read_to = waiting.text.len();
            return;
        }
        let rule = net.builtin.quoted;
        let mut at = self.read_to;
        for edit in waiting.edits.iter().filter(|e| e.span.end > self.read_to) {
            let gap = Span::new(at, edit.span.start.max(at));
            self.finder.read(waiting.text, gap, &net.memory, rule, &mut self.echoes);
            self.finder.finish(waiting.text, &net.memory, rule, &mut self.echoes);
            at = edit.span.end.max(at);
        }
        self.finder.read(waiting.text, Span::new(at, waiting.text.len()), &net.memory, rule, &mut self.echoes);
        self.read_to = waiting.text.len();
        if waiting.last {
            self.finder.finish(waiting.text, &net.memory, rule, &mut self.echoes);
        }
    }

    /// The length of the lines in which no echo is open.
    fn certain(&self, waiting: &Waiting<'_>) -> usize {
        let open = self.finder.open_at().filter(|_| !waiting.last).unwrap_or(waiting.text.len());
        let before = waiting.text.get(..open).unwrap_or_default();
        if open == waiting.text.len() || waiting.text.len() - open > MAX_HELD {
            return waiting.text.len();
        }
        memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)
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

/// Writes a text with its edits; a line in which the gate still finds something is withheld.
fn write_gated(text: &[u8], edits: &[Edit], line: u64, net: &mut Net, names: &Names, tally: &mut Tally, out: &mut Vec<u8>) {
    let start = out.len();
    let mut replaced = Vec::with_capacity(edits.len());
    apply(text, edits, names, out, &mut replaced);
    for span in &mut replaced {
        *span = Span::new(span.start - start, span.end - start);
    }
    let leaks = gate::leaks(out.get(start..).unwrap_or_default(), &replaced, net);
    if leaks.is_empty() {
        return;
    }
    let finished = out.split_off(start);
    let mut leaks = leaks.iter().peekable();
    let mut at = 0;
    let mut number = line;
    while at < finished.len() {
        let rest = finished.get(at..).unwrap_or_default();
        let end = at + memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
        let mut leaked = None;
        while let Some(leak) = leaks.next_if(|leak| leak.span.start < end) {
            leaked = Some(leak.rule);
        }
        match leaked {
            Some(rule) => {
                let body = finished.get(at..end).unwrap_or_default();
                out.extend_from_slice(b"[withheld]");
                if body.ends_with(b"\r\n") {
                    out.push(b'\r');
                }
                if body.ends_with(b"\n") {
                    out.push(b'\n');
                }
                tally.withheld(rule, number);
            }
            None => out.extend_from_slice(finished.get(at..end).unwrap_or_default()),
        }
        number += 1;
        at = end;
    }
}

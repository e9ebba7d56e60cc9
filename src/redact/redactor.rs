//! The redactor: rules, memory and names of a run, and the two ways to read an input.

use super::class::Classes;
use super::edit::Edit;
use super::find::Find;
use super::net::Net;
use super::replace::Names;
use super::report::{Taken, Tally};
use super::rules::RuleSet;
use super::store::{Placed, Store};
use super::write::{Waiting, Write};
use crate::input::Lines;
use std::io::{self, Read};
use std::sync::Arc;

/// What to take, and how.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The rules.
    pub rules: Arc<RuleSet>,
    /// Which classes of them.
    pub classes: Classes,
    /// Whether only what is recognised stays.
    pub strict: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { rules: RuleSet::builtin(), classes: Classes::default(), strict: false }
    }
}

/// Redacts the inputs of one run. The same secret has the same name in all of them.
///
/// Files are read twice: [`Redactor::learn`] all of them first, then [`Redactor::write`] each; so what
/// stands at the end of the last is also taken at the beginning of the first. A pipe is read once, with
/// [`Redactor::stream`].
#[derive(Debug)]
pub struct Redactor {
    policy: Policy,
    net: Net,
    names: Names,
}

/// What the first pass over an input found: places, no text.
#[derive(Debug)]
pub struct Learned {
    edits: Store,
}

/// What became of an input.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Bytes read.
    pub bytes: u64,
    /// Lines read.
    pub lines: u64,
    /// What was taken, by rule.
    pub taken: Vec<Taken>,
    /// Lines that the gate withheld, by the rule that found something in them.
    pub withheld: Vec<Taken>,
}

impl Redactor {
    /// Starts a run.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        let net = Net::new(Arc::clone(&policy.rules), policy.classes);
        let names = Names::new(Arc::clone(&policy.rules), false);
        Self { policy, net, names }
    }

    /// Whether something could not be remembered for lack of room, so that an echo of it may be missed.
    #[must_use]
    pub fn memory_is_full(&self) -> bool {
        self.net.memory.is_full()
    }

    /// The first pass over an input.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn learn(&mut self, reader: impl Read) -> io::Result<Learned> {
        let mut lines = Lines::new(reader);
        let mut find = Find::default();
        let mut store = Store::default();
        let mut edits = Vec::new();
        let mut seen = 0;
        while let Some(block) = lines.more(seen)? {
            let whole = find.block(block.bytes, block.last, &mut self.net, &mut edits);
            for mut edit in edits.drain(..) {
                self.names.number(&mut edit);
                store.push(&edit, block.offset)?;
            }
            seen = block.bytes.len() - whole;
            lines.consume(whole);
        }
        Ok(Learned { edits: store })
    }

    /// The second pass: writes the input without what must go.
    ///
    /// # Errors
    /// Those of the reader and of the writer.
    pub fn write(&mut self, learned: Learned, reader: impl Read, writer: &mut impl io::Write) -> io::Result<Outcome> {
        let mut stored = learned.edits.read()?;
        let mut next = stored.next();
        let mut waiting: Vec<Placed> = Vec::new();
        let mut output = Output::new(self.policy.strict);
        let mut lines = Lines::new(reader);
        let mut seen = 0;
        while let Some(block) = lines.more(seen)? {
            let end = block.offset + block.bytes.len() as u64;
            while let Some(placed) = next.take_if(|p| p.at < end) {
                waiting.push(placed);
                next = stored.next();
            }
            let edits: Vec<Edit> = waiting.iter().map(|p| p.within(block.offset)).collect();
            let ready = Waiting { text: block.bytes, edits: &edits, line: block.line, last: block.last };
            let done = output.write(&ready, &mut self.net, &mut self.names, writer)?;
            waiting.retain(|p| p.at >= block.offset + done as u64);
            seen = block.bytes.len() - done;
            lines.consume(done);
        }
        Ok(output.outcome(&self.policy.rules))
    }

    /// Reads a pipe once and passes each record on as soon as it is whole. An echo is found from the first
    /// sight of what it repeats on.
    ///
    /// # Errors
    /// Those of the reader and of the writer.
    pub fn stream(&mut self, reader: impl Read, writer: &mut impl io::Write) -> io::Result<Outcome> {
        let mut lines = Lines::new(reader);
        let mut find = Find::default();
        let mut output = Output::new(self.policy.strict);
        let mut waiting: Vec<Edit> = Vec::new();
        let (mut found_to, mut seen) = (0, 0);
        while let Some(block) = lines.more(seen)? {
            let fresh = block.bytes.get(found_to..).unwrap_or_default();
            let mut edits = Vec::new();
            let whole = found_to + find.block(fresh, block.last, &mut self.net, &mut edits);
            for edit in edits {
                let mut edit = edit.shifted(found_to);
                self.names.number(&mut edit);
                waiting.push(edit);
            }
            let last = block.last && whole == block.bytes.len();
            let text = block.bytes.get(..whole).unwrap_or_default();
            let ready = Waiting { text, edits: &waiting, line: block.line, last };
            let done = output.write(&ready, &mut self.net, &mut self.names, writer)?;
            writer.flush()?;
            waiting.retain(|e| e.span.start >= done);
            for edit in &mut waiting {
                *edit = edit.moved_back(done);
            }
            found_to = whole - done;
            seen = block.bytes.len() - done;
            lines.consume(done);
        }
        Ok(output.outcome(&self.policy.rules))
    }

    /// Redacts a text, with what stands later in it known from the start.
    #[must_use]
    pub fn text(&mut self, text: &str) -> String {
        let mut out = Vec::with_capacity(text.len());
        let learned = self.learn(text.as_bytes());
        let done = learned.and_then(|learned| self.write(learned, text.as_bytes(), &mut out));
        match done {
            Ok(_) => String::from_utf8_lossy(&out).into_owned(),
            // reading memory does not fail; if it ever did, nothing must leave
            Err(_) => "[withheld]".to_owned(),
        }
    }
}

/// The writing side of an input.
struct Output {
    write: Write,
    tally: Tally,
    buffer: Vec<u8>,
    bytes: u64,
    lines: u64,
}

impl Output {
    fn new(strict: bool) -> Self {
        Self { write: Write::new(strict), tally: Tally::default(), buffer: Vec::new(), bytes: 0, lines: 0 }
    }

    fn write(&mut self, waiting: &Waiting<'_>, net: &mut Net, names: &mut Names, writer: &mut impl io::Write) -> io::Result<usize> {
        self.buffer.clear();
        let done = self.write.lines(waiting, net, names, &mut self.tally, &mut self.buffer);
        writer.write_all(&self.buffer)?;
        let text = waiting.text.get(..done).unwrap_or_default();
        self.bytes += done as u64;
        self.lines += memchr::memchr_iter(b'\n', text).count() as u64;
        Ok(done)
    }

    fn outcome(self, rules: &RuleSet) -> Outcome {
        Outcome { bytes: self.bytes, lines: self.lines, taken: self.tally.taken(rules), withheld: self.tally.withheld_by(rules) }
    }
}

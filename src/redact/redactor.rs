//! The redactor: rules, memory and names of a run, and the two ways to read an input.

use super::both::both;
use super::class::{Class, Classes};
use super::echo::{Finder, Memory};
use super::edit::Edit;
use super::find::Find;
use super::gate;
use super::key::Key;
use super::net::Net;
use super::replace::Names;
use super::report::{Taken, Tally};
use super::rules::RuleSet;
use super::store::Store;
use super::write::{Waiting, Write, Written};
use crate::input::Lines;
use crate::model::Clean;
use std::io::{self, Read};
use std::sync::Arc;

/// The most characters of what a user says.
const SAID_CHARS: usize = 500;
/// The most characters of a public text.
const PUBLIC_CHARS: usize = 120;
/// The most characters of it that are looked at.
const PUBLIC_READ: usize = 4096;

/// What to take, and how.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The rules.
    pub rules: Arc<RuleSet>,
    /// Which classes of them.
    pub classes: Classes,
    /// Whether only what is recognised stays.
    pub strict: bool,
    /// Names credentials by what this key makes of them; without one they are numbered.
    pub key: Option<Key>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { rules: RuleSet::builtin(), classes: Classes::default(), strict: false, key: None }
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
    memory: Memory,
    names: Names,
}

/// What the first pass over an input found: places, no text.
#[derive(Debug)]
pub struct Learned {
    edits: Store,
    taken: Vec<Taken>,
}

impl Learned {
    /// What will be taken, by rule, without lines; echoes are not counted yet.
    #[must_use]
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.clone()
    }
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
        let names = Names::new(Arc::clone(&policy.rules), policy.key.clone());
        Self { policy, net, memory: Memory::default(), names }
    }

    /// Whether something could not be remembered for lack of room, so that an echo of it may be missed.
    #[must_use]
    pub fn memory_is_full(&self) -> bool {
        self.memory.is_full()
    }

    /// Lets go of memory that only learning uses. It may go on all the same.
    pub fn trim(&mut self) {
        self.memory.trim();
    }

    /// Says whether only what is recognised stays, from here on.
    pub fn set_strict(&mut self, strict: bool) {
        self.policy.strict = strict;
    }

    /// The first pass over an input.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn learn(&mut self, reader: impl Read) -> io::Result<Learned> {
        let mut lines = Lines::new(reader);
        let mut find = Find::default();
        let mut store = Store::default();
        let mut tally = Tally::default();
        let mut edits = Vec::new();
        let mut seen = 0;
        while let Some(block) = lines.more(seen)? {
            let whole = find.block(block.bytes, block.last, &mut self.net, &mut self.memory, &mut edits);
            tally.count_only(&edits);
            for mut edit in edits.drain(..) {
                self.names.number(&mut edit);
                store.push(&edit, block.offset)?;
            }
            seen = block.bytes.len() - whole;
            lines.consume(whole);
        }
        // after a long line all buffers are large, and so may be what the memory needs for a moment
        drop((lines, find, edits));
        std::mem::take(&mut self.net.lessons).enter(&mut self.memory);
        Ok(Learned { edits: store, taken: tally.taken(&self.policy.rules) })
    }

    /// The second pass: writes the input without what must go.
    ///
    /// # Errors
    /// Those of the reader and of the writer.
    pub fn write(&mut self, learned: Learned, reader: impl Read, writer: &mut impl io::Write) -> io::Result<Outcome> {
        let mut stored = learned.edits.read()?;
        let mut next = stored.next();
        let mut waiting: Vec<Edit> = Vec::new();
        let mut output = Output::new(Write::new(self.policy.strict));
        let mut lines = Lines::new(reader);
        let mut seen = 0;
        while let Some(block) = lines.more(seen)? {
            let end = block.offset + block.bytes.len() as u64;
            while let Some(placed) = next.take_if(|p| p.at < end) {
                waiting.push(placed.within(block.offset));
                next = stored.next();
            }
            let ready = Waiting { text: block.bytes, edits: &mut waiting, line: block.line, last: block.last };
            let done = output.write(ready, &self.net, &self.memory, &mut self.names, writer)?;
            seen = block.bytes.len() - done;
            lines.consume(done);
        }
        output.finish(&self.net, &self.memory, writer)?;
        Ok(output.outcome(lines.position(), &self.policy.rules))
    }

    /// Reads a pipe once and passes each record on as soon as it is whole. An echo is found from the first
    /// sight of what it repeats on.
    ///
    /// # Errors
    /// Those of the reader and of the writer.
    pub fn stream(&mut self, reader: impl Read, writer: &mut impl io::Write) -> io::Result<Outcome> {
        let mut lines = Lines::new(reader);
        let mut find = Find::default();
        let mut output = Output::new(Write::at_once(self.policy.strict));
        let mut seen = 0;
        while let Some(block) = lines.more(seen)? {
            let mut edits = Vec::new();
            let whole = find.block(block.bytes, block.last, &mut self.net, &mut self.memory, &mut edits);
            self.net.lessons.enter(&mut self.memory);
            edits.iter_mut().for_each(|edit| self.names.number(edit));
            let text = block.bytes.get(..whole).unwrap_or_default();
            let last = block.last && whole == block.bytes.len();
            let ready = Waiting { text, edits: &mut edits, line: block.line, last };
            let done = output.write(ready, &self.net, &self.memory, &mut self.names, writer)?;
            output.finish(&self.net, &self.memory, writer)?;
            writer.flush()?;
            seen = block.bytes.len() - done;
            lines.consume(done);
        }
        Ok(output.outcome(lines.position(), &self.policy.rules))
    }

    /// What must not be in a finished document, by rule: tokens, and echoes of what was taken in this run.
    /// `own` are texts that the program itself brings.
    #[must_use]
    pub fn leaks(&mut self, document: &[u8], own: &[&str]) -> Vec<Taken> {
        let mut tally = Tally::default();
        tally.count(document, 1, &gate::document(document, own, &self.net, &self.memory));
        tally.taken(&self.policy.rules)
    }

    /// Clean text of what a user says: redacted, on one line, of bounded length. That it is prose is no reason
    /// to take it, and what is taken of it is not looked for elsewhere.
    #[must_use]
    pub fn clean(&mut self, text: &str) -> Clean {
        let redacted = self.sentence(text);
        line(&redacted, SAID_CHARS)
    }

    /// Redacts a sentence that somebody wrote to be read.
    fn sentence(&mut self, text: &str) -> String {
        let classes = self.net.classes;
        self.net.classes.remove(Class::Bodies);
        let redacted = self.public(text);
        self.net.classes = classes;
        redacted
    }

    /// Clean text of a status page, which was public: redacted all the same, on one line, and a short one.
    #[must_use]
    pub fn public_text(&mut self, text: &str) -> Clean {
        // what is not seen must not part what would be taken
        let seen: String = text
            .chars()
            .take(PUBLIC_READ)
            .filter(|c| !is_unseen(*c))
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let redacted = self.sentence(&seen);
        line(&redacted, PUBLIC_CHARS)
    }

    /// Redacts a public text, such as a status page: what is taken of it is not looked for elsewhere.
    #[must_use]
    pub fn public(&mut self, text: &str) -> String {
        let memory = std::mem::take(&mut self.memory);
        let learned = self.learn(text.as_bytes());
        self.memory = memory;
        self.written(learned, text)
    }

    /// Redacts a text, with what stands later in it known from the start.
    #[must_use]
    pub fn text(&mut self, text: &str) -> String {
        let learned = self.learn(text.as_bytes());
        self.written(learned, text)
    }

    fn written(&mut self, learned: io::Result<Learned>, text: &str) -> String {
        let mut out = Vec::with_capacity(text.len());
        match learned.and_then(|learned| self.write(learned, text.as_bytes(), &mut out)) {
            Ok(_) => String::from_utf8_lossy(&out).into_owned(),
            // reading memory does not fail; if it ever did, nothing must leave
            Err(_) => "[withheld]".to_owned(),
        }
    }
}

/// Redacted text on one line, cut where it is longer, without what would act on a terminal.
fn line(redacted: &str, most: usize) -> Clean {
    let seen: String =
        redacted.chars().filter(|c| !is_unseen(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        None => Clean::vouched(&line),
        Some(_) => Clean::vouched(&(line.chars().take(most - 1).collect::<String>() + "…")),
    }
}

/// Characters that have no width or turn the direction of writing.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The writing side of an input. What was made of one block passes the gate while the next is made.
struct Output {
    write: Write,
    tally: Tally,
    gate: Finder,
    next: Written,
    last: Written,
}

impl Output {
    fn new(write: Write) -> Self {
        let (next, last) = (Written::default(), Written::default());
        Self { write, tally: Tally::default(), gate: Finder::default(), next, last }
    }

    /// Makes as much of the waiting text as is certain, and writes what was made before.
    fn write(
        &mut self,
        waiting: Waiting<'_>,
        net: &Net,
        memory: &Memory,
        names: &mut Names,
        writer: &mut impl io::Write,
    ) -> io::Result<usize> {
        let gate = || self.last.leaks(&mut self.gate, net, memory);
        let make = || self.write.lines(waiting, net, memory, names, &mut self.tally, &mut self.next);
        let (leaks, done) = both(self.last.len(), gate, make);
        self.last.write(&leaks, &mut self.tally, writer)?;
        std::mem::swap(&mut self.last, &mut self.next);
        Ok(done)
    }

    /// Writes what was made last.
    fn finish(&mut self, net: &Net, memory: &Memory, writer: &mut impl io::Write) -> io::Result<()> {
        let leaks = self.last.leaks(&mut self.gate, net, memory);
        self.last.write(&leaks, &mut self.tally, writer)?;
        self.last.clear();
        Ok(())
    }

    fn outcome(self, (bytes, lines): (u64, u64), rules: &RuleSet) -> Outcome {
        Outcome { bytes, lines, taken: self.tally.taken(rules), withheld: self.tally.withheld_by(rules) }
    }
}

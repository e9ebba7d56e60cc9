//! A record as a dialect gets it: its text, its fields, its time, and a place for what is understood.

use super::About;
use super::custom::Custom;
use super::logs::Logs;
use crate::input::Record;
use crate::literal::{Node, Span, Timestamp};
use crate::model::{Clean, Fact, Link, LinkKind, Place, Seen, Stage};
use crate::redact::Cleaner;
use std::borrow::Cow;
use std::cell::Cell;

/// Names under which loggers put the message, outermost first.
const MESSAGES: &[&[&str]] = &[
    &["message"],
    &["msg"],
    &["event"],
    &["fields", "message"],
    &["record", "message"],
    &["jsonPayload", "message"],
    &["textPayload"],
    &["body"],
    &["text"],
    &["log"],
    &["@message"],
    &["_raw"],
    &["body", "stringValue"],
    &["LogMessage"],
    &["LogEntry"],
    &["@m"],
    &["RenderedMessage"],
    &["@mt"],
];
/// Names under which loggers put the time.
const TIMES: &[&[&str]] = &[
    &["timestamp"],
    &["time"],
    &["ts"],
    &["@timestamp"],
    &["asctime"],
    &["msec"],
    &["datetime"],
    &["date"],
    &["t"],
    &["record", "time", "timestamp"],
    &["fields", "time"],
    &["eventTime"],
    &["_time"],
    &["timeUnixNano"],
    &["TimeGenerated"],
    &["@t"],
];
/// Objects in which log services keep what the program logged: Elasticsearch, Splunk, Datadog.
const ENVELOPES: &[(&str, &str)] = &[("_source", "_index"), ("result", "_raw"), ("attributes", "type")];
/// What stands before a structured record is not longer.
const PREFIX: usize = 200;
/// The beginning of a record tells which line of code printed it.
const FORM: usize = 48;

/// One text of a record, on its way to the dialects.
#[derive(Debug)]
pub struct Entry<'r> {
    /// The record.
    pub record: Record<'r>,
    /// The number of the input in the run.
    pub input: u32,
    /// The message: the record's text, or, of a structured record, the text in its message field.
    pub text: Cow<'r, [u8]>,
    /// The record's fields, where it is structured.
    pub fields: Option<&'r Node<'r>>,
    /// When.
    pub time: Option<Timestamp>,
    /// Whether the time is that of an earlier record.
    pub time_inherited: bool,
    /// What the user described.
    pub custom: &'r Custom,
    /// How many lines end before a place in the text: facts are found from its front to its end.
    pub lines: Cell<(usize, usize)>,
}

/// What dialects understood of a record.
#[derive(Debug)]
pub struct Found<'r> {
    /// Makes clean text.
    pub clean: &'r mut Cleaner,
    /// Numbers the logs that the record names.
    pub logs: &'r mut Logs,
    facts: &'r mut Vec<Fact>,
    understood: bool,
    complete: bool,
    has_error: bool,
}

/// What was found up to some point.
#[derive(Clone, Copy, Debug)]
pub struct SoFar {
    facts: usize,
    understood: bool,
    complete: bool,
    has_error: bool,
}

impl<'r> Found<'r> {
    /// Nothing yet.
    pub fn new(clean: &'r mut Cleaner, logs: &'r mut Logs, facts: &'r mut Vec<Fact>) -> Self {
        Self { clean, logs, facts, understood: false, complete: false, has_error: false }
    }

    /// What was found so far, to go back to.
    #[must_use]
    pub fn so_far(&self) -> SoFar {
        SoFar {
            facts: self.facts.len(),
            understood: self.understood,
            complete: self.complete,
            has_error: self.has_error,
        }
    }

    /// Whether a failure was found since.
    #[must_use]
    pub fn tells_of_failure(&self, before: SoFar) -> bool {
        self.facts.iter().skip(before.facts).any(|fact| fact.seen.failed())
    }

    /// Forgets what was found since.
    pub fn back_to(&mut self, before: SoFar) {
        self.facts.truncate(before.facts);
        (self.understood, self.complete, self.has_error) = (before.understood, before.complete, before.has_error);
    }

    /// Hands over a fact.
    pub fn push(&mut self, fact: Fact) {
        self.understood = true;
        self.facts.push(fact);
    }

    /// The fact that was handed over last.
    pub fn last(&mut self) -> Option<&mut Fact> {
        self.facts.last_mut()
    }

    /// Adds a link to the fact that was handed over last.
    pub fn link(&mut self, link: Option<Link>) {
        if let Some(fact) = self.facts.last_mut() {
            fact.links.extend(link);
        }
    }

    /// Says that the record was understood although it tells nothing of an attempt.
    pub fn understood(&mut self) {
        self.understood = true;
    }

    /// Says that the fields of the record were read, too: nobody else need look at them.
    pub fn complete(&mut self) {
        self.understood = true;
        self.complete = true;
    }

    /// Whether the fields of the record were read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Says that the record was understood, the error in it as well: it tells nothing that was not told.
    pub fn understood_with_error(&mut self) {
        self.understood = true;
        self.has_error = true;
    }

    /// Whether an error printed behind what was understood is a statement of its own: behind responses it is,
    /// and a traceback is behind every line that is not the error's.
    #[must_use]
    pub fn leaves_errors(&self, traceback: bool) -> bool {
        let response = |fact: &Fact| matches!(fact.stage, Stage::Response(_)) && fact.seen.status.is_some();
        let line = |fact: &Fact| {
            matches!(
                fact.stage,
                Stage::Begin(_)
                    | Stage::Detail
                    | Stage::Part
                    | Stage::PartRetry
                    | Stage::Asks
                    | Stage::Retry
                    | Stage::Context
            )
        };
        let rest = if traceback {
            self.facts.iter().all(|f| response(f) || line(f))
        } else {
            !self.facts.is_empty() && self.facts.iter().all(response)
        };
        rest && !self.has_error
    }

    /// Whether anything was understood.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.understood
    }
}

impl<'r> Entry<'r> {
    /// A fact of this record, still empty; `at` is where in the text it stands.
    #[must_use]
    pub fn fact(&self, about: &About, stage: Stage, at: usize) -> Fact {
        let line = if self.fields.is_some() { 0 } else { self.lines_before(at) };
        let line = if line < self.record.straight as usize { line } else { 0 };
        Fact {
            place: Place { input: self.input, line: self.record.line.saturating_add(line as u32) },
            source: self.record.source,
            time: self.time,
            time_inherited: self.time_inherited,
            form: form(self.record.text),
            dialect: about.id,
            layer: about.layer,
            stage,
            links: Vec::new(),
            seen: Seen::default(),
            told: None,
        }
    }

    fn lines_before(&self, at: usize) -> usize {
        let (from, before) = Some(self.lines.get()).filter(|(from, _)| *from <= at).unwrap_or_default();
        let count = before + memchr::memchr_iter(b'\n', self.text.get(from..at).unwrap_or_default()).count();
        self.lines.set((at, count));
        count
    }

    /// The first object behind a place in the text; in a structured record, where the text has none, its fields.
    #[must_use]
    pub fn object(&self, at: usize) -> Option<Cow<'_, Node<'_>>> {
        let behind = Node::read(self.text.get(at..)?).map(|(node, _)| node).filter(Node::is_group);
        behind.map(Cow::Owned).or_else(|| self.fields.map(Cow::Borrowed))
    }

    /// Places at which a literal stands in the text.
    pub fn places<'n>(&'n self, literal: &'n str) -> impl Iterator<Item = usize> + 'n {
        memchr::memmem::find_iter(&self.text, literal.as_bytes())
    }

    /// The rest of the line from a place on.
    #[must_use]
    pub fn line(&self, at: usize) -> &[u8] {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    /// The time nearest before a place on its line: output without line ends is glued to what follows it.
    #[must_use]
    pub fn time_before(&self, at: usize) -> Option<Timestamp> {
        let line = memchr::memrchr(b'\n', self.text.get(..at)?).map_or(0, |n| n + 1);
        let from = line.max(at.saturating_sub(160));
        let bracket = memchr::memrchr(b'[', self.text.get(from..at)?)? + from;
        Timestamp::begins(self.text.get(bracket + 1..)?).map(|(time, _)| time)
    }
}

/// A link with a clean value.
#[must_use]
pub fn link(kind: LinkKind, value: &[u8], clean: &mut Cleaner) -> Option<Link> {
    let value: Clean = clean.id(value)?;
    Some(Link { kind, value })
}

/// A hash of a record's beginning without its digits.
fn form(text: &[u8]) -> u64 {
    let head = text.iter().take(FORM).filter(|b| !b.is_ascii_digit());
    head.fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

/// The fields of a structured record.
#[must_use]
pub fn structured(text: &[u8]) -> Option<Node<'_>> {
    let text = text.trim_ascii_start();
    if text.first() == Some(&b'{') {
        return Node::read(text).map(|(node, _)| opened(node));
    }
    let (node, rest) = last_object(text)?;
    let levelled =
        || ["level", "severity", "levelname", "lvl", "log.level"].iter().any(|name| node.get(name).is_some());
    (rest.is_empty() && message(&node).is_some() && (levelled() || time(&node).is_some())).then_some(node)
}

/// The fields in a log service's envelope; others as they are.
fn opened(node: Node<'_>) -> Node<'_> {
    let is_envelope = |(name, beside): &&(&str, &str)| {
        let inner = node.get(name).filter(|inner| inner.is_group());
        let of_log = match *beside {
            "_raw" => inner.is_some_and(|inner| inner.get(beside).is_some()),
            "type" => node.get(beside).and_then(Node::bytes) == Some(b"log"),
            beside => node.get(beside).is_some(),
        };
        inner.is_some() && of_log
    };
    let Some((name, _)) = ENVELOPES.iter().find(is_envelope) else { return node };
    match node {
        Node::Group(entries) => {
            let inner = entries.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes()));
            inner.map_or(Node::Group(Vec::new()), |(_, inner)| inner)
        }
        other => other,
    }
}

/// The JSON object behind a line's beginning, and what is left behind it: `app[web.1]: {"level":"error",…}`.
#[must_use]
pub fn last_object(text: &[u8]) -> Option<(Node<'_>, &[u8])> {
    let head = text.get(..text.len().min(PREFIX))?;
    let at = memchr::memmem::find(head, b"{\"")?;
    if !matches!(text.get(at.checked_sub(1)?), Some(b' ' | b'\t' | b':' | b']' | b'|')) {
        return None;
    }
    let (node, span) = Node::read(text.get(at..)?)?;
    Some((node, text.get(at + span.end..)?.trim_ascii()))
}

/// Whether a record is in a form that has no time: one in it is part of what it says, such as a header.
#[must_use]
pub fn is_untimed(text: &[u8]) -> bool {
    // Python's logging without a format, the dumps of http.client and Net::HTTP
    const FORMS: &[&[u8]] = &[b"DEBUG:", b"INFO:", b"WARNING:", b"ERROR:", b"CRITICAL:"];
    let logging = FORMS
        .iter()
        .find_map(|level| text.strip_prefix(*level))
        .is_some_and(|rest| rest.first().is_some_and(|b| !b.is_ascii_whitespace()));
    let dumps = [b"header: ".as_slice(), b"reply: '", b"send: b", b"-> \"", b"<- \""];
    // what `curl -v` says of the server's certificate
    let certificate = text.starts_with(b"*  start date: ") || text.starts_with(b"*  expire date: ");
    logging || certificate || dumps.iter().any(|form| text.starts_with(form))
}

/// The message of a structured record. A part of a conversation, `{ type: 'text', text: '…' }`, is no record and has none.
#[must_use]
pub fn message<'n>(fields: &'n Node<'_>) -> Option<&'n [u8]> {
    if fields.get("type").and_then(Node::bytes) == Some(b"text") {
        return None;
    }
    MESSAGES.iter().find_map(|path| match fields.at(path) {
        Some(Node::Text(text)) => Some(text.as_ref()),
        _ => None,
    })
}

/// The time of a structured record.
#[must_use]
pub fn time(fields: &Node<'_>) -> Option<Timestamp> {
    let times = TIMES.iter().filter_map(|path| fields.at(path).and_then(Node::bytes));
    let mut times = times.filter_map(time_of);
    let first = times.next()?;
    // some loggers print seconds for people and milliseconds for programs
    Some(times.find(|t| t.unit < first.unit && t.utc_ms().is_some()).unwrap_or(first))
}

/// The time that a value is: written out, or counted since 1970.
#[must_use]
pub fn time_of(value: &[u8]) -> Option<Timestamp> {
    let value = value.trim_ascii();
    Timestamp::begins(value).map(|(time, _)| time).or_else(|| Timestamp::epoch(value))
}

/// Completes what a message told with what the fields beside it say.
pub fn complete(fact: &mut Fact, fields: &Node<'_>, custom: &Custom, clean: &mut Cleaner) {
    let mut seen = Seen::default();
    custom.fields(fields, clean, &mut seen, &mut fact.links);
    fact.seen.complete(&seen);
}

/// The bytes of a text between two others.
#[must_use]
pub fn between<'t>(text: &'t [u8], before: &str, after: &str) -> Option<&'t [u8]> {
    let start = memchr::memmem::find(text, before.as_bytes())? + before.len();
    let rest = text.get(start..)?;
    rest.get(..memchr::memmem::find(rest, after.as_bytes())?)
}

/// Reads a decimal number that begins a text.
#[must_use]
pub fn leading_number(text: &[u8]) -> Option<f64> {
    let len = text.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let digits = text.get(..len)?;
    std::str::from_utf8(digits.strip_suffix(b".").unwrap_or(digits)).ok()?.parse().ok()
}

/// A stretch of a text as long as every byte fits.
#[must_use]
pub fn run(text: &[u8], at: usize, fits: impl Fn(u8) -> bool) -> Span {
    let len = text.get(at..).unwrap_or_default().iter().take_while(|b| fits(**b)).count();
    Span::new(at, at + len)
}

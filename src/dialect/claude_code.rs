//! Claude Code as text: its terminal, in all generations, and the debug file.

use super::entry::{Entry, Found, between, leading_number};
use super::shared::{body, error_text, status, trouble};
use super::{About, Dialect};
use crate::literal::{Node, Timestamp};
use crate::model::{Clean, Client, Fact, Layer, Seen, Stage, Trouble};
use crate::redact::Cleaner;
use std::sync::Arc;

pub struct ClaudeCode;

const ABOUT: About = About {
    id: "claude-code",
    title: "Claude Code: terminal, debug file, error list of a bug report",
    layer: Layer::Client,
    tells: "every attempt with status, error type, request id and time (debug file); the last error as users see it (terminal)",
    lacks: "request ids of what succeeded; in newer terminals request ids and error types altogether",
};

impl Dialect for ClaudeCode {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "[API REQUEST] ",
            "[API:timing] ",
            "API error (attempt ",
            "Stream started - received first chunk",
            "Error streaming, falling back",
            "Error in API request: ",
            "Connection error details: ",
            " after retries: ",
            "API Error: ",
            "API Error (",
            "imit reached",
            "hit your ",
            "redit balance is too low",
            "OAuth error: ",
            "Login failed: ",
            "- Version: ",
            "Claude Code v",
            "\"error\":\"",
            "\"error\": \"",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let line = text.get(..memchr::memchr(b'\n', &text).unwrap_or(text.len())).unwrap_or_default();
        let behind =
            |words: &str| memchr::memmem::find(line, words.as_bytes()).and_then(|at| line.get(at + words.len()..));
        if let Some(rest) = behind("[API:timing] dispatching to ") {
            let model = memchr::memmem::find(rest, b"model=")
                .and_then(|at| rest.get(at + 6..))
                .and_then(|m| m.split(|b| b.is_ascii_whitespace()).next());
            let mut fact = fact(entry, Stage::Begin(0), 0);
            fact.seen.model = model.and_then(|m| found.clean.model(m));
            found.push(fact);
        } else if let Some(rest) = behind("[API:timing] first byte after ") {
            let mut fact = fact(entry, Stage::Detail, 0);
            fact.seen.elapsed_ms = leading_number(rest).map(|ms| ms as u64);
            found.push(fact);
        } else if let Some(path) = behind("[API REQUEST] ").and_then(|rest| rest.split(|b| *b == b' ').next()) {
            let mut fact = fact(entry, Stage::Begin(1), 0);
            fact.seen.endpoint = found.clean.path(path);
            found.push(fact);
        } else if let Some(rest) = behind("API error (attempt ") {
            failed(entry, found, rest);
        } else if behind("Stream started - received first chunk").is_some() {
            // only a success is streamed
            let mut fact = fact(entry, Stage::Response(0), 0);
            (fact.seen.status, fact.seen.stream) = (Some(200), Some(true));
            found.push(fact);
        } else if let Some(rest) = behind("Error streaming, falling back to non-streaming mode: ") {
            let mut fact = fact(entry, Stage::Retry, 0);
            error(rest, found.clean, &mut fact.seen);
            if fact.seen.status.is_none() {
                fact.seen.trouble =
                    Some(if fact.seen.error_type.is_some() { Trouble::StreamError } else { Trouble::StreamCut });
            }
            found.push(fact);
        } else if let Some(rest) = behind("Error in API request: ") {
            told(entry, found, rest, 0);
        } else if let Some(rest) = behind("Connection error details: ") {
            let mut fact = fact(entry, Stage::Detail, 0);
            fact.seen.trouble = trouble::of(rest);
            fact.seen.cause = between(rest, "code=", ",").and_then(|code| found.clean.word(code));
            found.push(fact);
        } else if memchr::memmem::find(line, b"] API ").is_some() && behind(" after retries: ").is_some() {
            // the last attempt, once more
            found.understood();
        } else if entry.fields.is_none() {
            terminal(entry, found, &text);
            report(entry, found, &text);
        }
    }
}

/// A fact of Claude Code.
fn fact(entry: &Entry<'_>, stage: Stage, at: usize) -> Fact {
    let mut fact = entry.fact(&ABOUT, stage, at);
    fact.seen.client = Some(client(None));
    fact
}

/// Claude Code of a version.
pub(super) fn client(version: Option<Clean>) -> Arc<Client> {
    Arc::new(Client { name: Some(Clean::vouched("claude-code")), version, ..Client::default() })
}

/// The version that a line of a bug report or a terminal's banner names: `- Version: 2.1.56`, `Claude Code v2.1.56`.
fn version(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii_start();
    let banner = || memchr::memmem::find(line, b"Claude Code v").and_then(|at| line.get(at + 13..));
    let rest = line.strip_prefix(b"- Version: ").or_else(banner)?;
    let word = rest.split(u8::is_ascii_whitespace).next()?;
    let numbers = || word.split(|b| *b == b'.');
    (numbers().count() == 3 && numbers().all(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit))).then_some(word)
}

/// `1/4): 529 529 {"type":"error",…}`, `1/4): undefined Connection error.`
fn failed(entry: &Entry<'_>, found: &mut Found<'_>, rest: &[u8]) {
    let Some(close) = memchr::memchr(b')', rest) else { return };
    let (count, said) = rest.split_at(close);
    let (number, most) = counted(count);
    let mut fact = fact(entry, Stage::Response(0), 0);
    let seen = &mut fact.seen;
    (seen.number, seen.most) = (number, most);
    seen.retries_left = most.zip(number).map(|(most, number)| most.saturating_sub(number));
    error(said.strip_prefix(b"):").unwrap_or(said), found.clean, seen);
    found.push(fact);
}

/// `6/10`
fn counted(text: &[u8]) -> (Option<u32>, Option<u32>) {
    let mut numbers = text.split(|b| *b == b'/').map(|n| leading_number(n).map(|n| n as u32));
    (numbers.next().flatten(), numbers.next().flatten())
}

/// An error as Claude Code words it: a status, perhaps twice, and a body or a sentence.
pub(super) fn error(said: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    let said = said.trim_ascii();
    seen.status = seen.status.or_else(|| status::begins(said)).or_else(|| status::said(said));
    body::nested(said, clean, seen);
    let sentence = |before: &str| {
        memchr::memmem::find(said, before.as_bytes()).and_then(|at| status::begins(said.get(at + before.len()..)?))
    };
    // `Repeated 529 Overloaded errors`, `Request rejected (429)`
    seen.status = seen.status.or_else(|| sentence("Repeated ")).or_else(|| sentence("Request rejected ("));
    if seen.status.is_none() && seen.error_type.is_none() {
        seen.trouble = seen.trouble.or_else(|| trouble::of(said));
    }
}

/// The error as the caller saw it, once more or for the first time.
fn told(entry: &Entry<'_>, found: &mut Found<'_>, said: &[u8], at: usize) {
    let mut fact = fact(entry, Stage::Error, at);
    error(said, found.clean, &mut fact.seen);
    if fact.seen.failed() { found.push(fact) } else { found.understood() }
}

/// Beneath a login that failed.
const LOGIN: &[u8] = b"OAuth";
/// How the sentences begin that say that nothing is left of what the account may use.
const LIMITS: &[&[u8]] = &[
    b"Claude usage limit reached",
    b"Claude AI usage limit reached",
    b"You've hit your ",
    b"5-hour limit reached",
    b"Weekly limit reached",
    b"Session limit reached",
    b"Opus limit reached",
    b"Opus weekly limit reached",
    b"Credit balance is too low",
];

/// `API Error: 500 Internal server error. …`, `API Error (529 {…}) · Retrying in 18 seconds… (attempt 6/10)`: at the
/// beginning of a line, for people talk about errors, too.
fn terminal(entry: &Entry<'_>, found: &mut Found<'_>, text: &[u8]) {
    let mut at = 0;
    for line in text.split(|b| *b == b'\n') {
        let start = at;
        at += line.len() + 1;
        if let Some(version) = version(line) {
            let mut fact = fact(entry, Stage::Context, start);
            fact.seen.client = Some(client(found.clean.version(version)));
            found.push(fact);
        }
        if let Some(said) = login(line) {
            let mut fact = fact(entry, Stage::Error, start);
            fact.seen.status = status::said(said);
            fact.seen.trouble = trouble::of(said).filter(|_| fact.seen.status.is_none());
            fact.seen.cause = found.clean.word(LOGIN);
            if fact.seen.failed() {
                found.push(fact);
            }
            continue;
        }
        let Some(head) = memchr::memmem::find(line, b"API Error").filter(|head| begins(line, *head)) else {
            if LIMITS.iter().any(|words| memchr::memmem::find(line, words).is_some_and(|at| begins(line, at))) {
                told(entry, found, line, start);
            }
            continue;
        };
        let said = line.get(head + 9..).unwrap_or_default();
        if let Some(said) = said.strip_prefix(b": ") {
            told(entry, found, said, start);
        } else if let (Some(said), Some(again)) =
            (said.strip_prefix(b" ("), memchr::memmem::find(said, b"Retrying in "))
        {
            let mut fact = fact(entry, Stage::Retry, start);
            error(said, found.clean, &mut fact.seen);
            let wait = line.get(head + 9 + again + 12..).unwrap_or_default();
            fact.seen.wait_ms = leading_number(wait).map(|s| (s * 1000.0) as u64);
            let (number, most) = counted(between(wait, "(attempt ", ")").unwrap_or_default());
            fact.seen.number = number;
            // this generation counts retries
            fact.seen.most = most.map(|most| most.saturating_add(1));
            if fact.seen.failed() {
                found.push(fact);
            }
        }
    }
}

/// What the screen of a login says that failed: `OAuth error: Request failed with status code 500`. A log that has a time
/// before it is another program's.
fn login(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii_start();
    let said = line.strip_prefix(b"OAuth error: ").or_else(|| line.strip_prefix(b"Login failed: "))?;
    Some(said.strip_prefix(b"Request failed with ").unwrap_or(said))
}

/// Whether nothing but marks, and the time of whoever recorded the terminal, stands before a place in a line.
fn begins(line: &[u8], at: usize) -> bool {
    let before = line.get(..at).unwrap_or_default();
    let time = Timestamp::begins(before).map_or(0, |(_, len)| len);
    before.iter().skip(time).all(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'"' | b'\'' | b'`'))
}

/// The list of errors in a bug report: `[{"error":"Error: 500 {…}","timestamp":"…"}]`.
fn report(entry: &Entry<'_>, found: &mut Found<'_>, text: &[u8]) {
    let start = text.trim_ascii_start();
    if start.first() != Some(&b'[') {
        return;
    }
    let Some((list, _)) = Node::read(start) else { return };
    for (_, item) in list.entries() {
        let Some((said, time)) =
            item.get("error").and_then(Node::bytes).zip(item.get("timestamp").and_then(Node::bytes))
        else {
            continue;
        };
        let mut fact = fact(entry, Stage::Whole, 0);
        error_text::read(said, found.clean, &mut fact.seen);
        if fact.seen.request_id.is_none() && fact.seen.error_type.is_none() {
            continue;
        }
        (fact.time, fact.time_inherited) = (Timestamp::begins(time).map(|(time, _)| time), false);
        found.push(fact);
    }
}

//! Nets 1, 2 and 4: walks over the names, texts and brackets of a stream and takes what they say is secret.
//!
//! The walk goes into every quoted text that it does not take, decoding as it goes, so that a header in a
//! JSON string in a Python repr is a header. What it finds inside is mapped back to the raw text.

pub(super) mod base64;
mod decode;
mod encoded;
mod extent;
mod frame;
mod key;
mod nested;
mod numbers;
mod opaque;
mod text;

use super::edit::Edit;
use super::net::Net;
use super::protect::is_replacement;
use super::rules::{RuleId, Secret, UseId};
use crate::literal::{Event, Key, Reader, Role, State};
use frame::Frames;
use std::sync::Arc;

/// How deep texts inside texts are followed. Each level reads the text once more.
const MAX_LEVELS: usize = 8;
/// What may be prose is judged anew behind each name of a prompt on a line, and behind each quote that no line closes.
/// In a text made of such that would never end: only so many times its length is judged.
const MOST_JUDGED: usize = 16;

/// What is known of a stream from one piece to the next.
#[derive(Debug, Default)]
pub(crate) struct Scanner(Level);

impl Scanner {
    /// Walks over the next piece of the stream; edits are in its offsets, in no order.
    pub fn scan(&mut self, text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
        walk(text, &mut self.0, 0, net, edits);
    }
}

/// What is open at one level of nesting.
#[derive(Debug, Default)]
struct Level {
    reader: State,
    frames: Frames,
    pending: Option<Pending>,
    /// The value of a name at the end of a line may stand on the next.
    next_line: Option<Secret>,
    /// The rule under which the last quoted text went, for pieces of it that follow.
    taken: Option<RuleId>,
}

/// A name whose value is still to come.
#[derive(Clone, Copy, Debug)]
struct Pending {
    usage: Option<UseId>,
    special: Special,
    /// Its key, if it stands in this piece.
    key: Option<Key>,
}

/// Names that say something about the object around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    None,
    /// `role`: this object is a message.
    Role,
    /// `type`: it is a part of one.
    Type,
    /// `name`, `key`: the value is itself a name.
    Name,
    /// `value`: the value of that name.
    Value,
    /// `messages`, `model`: this object is a request.
    Request,
}

impl Special {
    fn of(name: &[u8]) -> Self {
        match name {
            b"role" => Self::Role,
            b"type" => Self::Type,
            b"name" | b"key" | b"Name" | b"Key" | b"header" | b"field" => Self::Name,
            b"value" | b"Value" | b"stringValue" | b"string_value" | b"val" | b"arrayValue" | b"values" => Self::Value,
            b"model" | b"messages" | b"max_tokens" => Self::Request,
            _ => Self::None,
        }
    }
}

fn walk(text: &[u8], level: &mut Level, depth: usize, net: &mut Net, edits: &mut Vec<Edit>) {
    let rules = Arc::clone(&net.rules);
    let mut state = std::mem::take(&mut level.reader);
    level.frames.begin_piece();
    let mut walk = Walk { text, level, depth, judged: 0, net, edits };
    walk.begin_piece();
    let mut reader = Reader::new(text, &mut state).only(rules.endings());
    while let Some(event) = reader.next() {
        match event {
            Event::Key(key) => walk.key(&mut reader, key),
            Event::Quoted(quoted) => walk.quoted(&mut reader, quoted),
            Event::Open { at, bracket, role } => walk.open(&mut reader, at, bracket, role),
            Event::Close { at } => walk.close(at, reader.state().depth()),
            Event::Reset => walk.reset(),
        }
    }
    walk.end_piece();
    walk.encoded();
    level.reader = state;
}

struct Walk<'w> {
    text: &'w [u8],
    level: &'w mut Level,
    /// How many texts this one is nested in.
    depth: usize,
    /// How many bytes were judged by whether they read like prose, in all.
    judged: usize,
    net: &'w mut Net,
    edits: &'w mut Vec<Edit>,
}

impl Walk<'_> {
    fn open(&mut self, reader: &mut Reader<'_, '_>, at: usize, bracket: u8, role: Role) {
        // `os.environ["KEY"]` is a subscript, `map[Key:[…]]` is not
        let subscript =
            bracket == b'[' && at > 0 && self.text.get(at - 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let call = bracket == b'(' && self.calls(at);
        let pending = self.level.pending.take().filter(|_| role == Role::Value && !subscript && !call);
        // most brackets with a number in them hold one alone
        let number = bracket == b'[' && matches!(self.text.get(at + 1), Some(b'1'..=b'9' | b' ' | b'\n'));
        let numbered = number
            && self.text.get(at + 2..at + 6).is_some_and(|next| next.iter().any(|b| matches!(b, b',' | b' ' | b'\n')));
        if numbered && self.depth < MAX_LEVELS {
            let end = self.numbers(at + 1, false);
            reader.seek(end.max(at + 1));
        }
        self.level.taken = None;
        let outer_pair = pending.filter(|p| p.special == Special::Value).and_then(|_| self.level.frames.top().pair);
        let opaque = self.level.frames.opaque();
        let mut frame = self.level.frames.open(reader.state().depth());
        if opaque {
            return;
        }
        // what was redacted before stays as it is
        if bracket == b'[' && is_replacement(self.text.get(at..).unwrap_or_default(), &self.net.rules) {
            frame.secret = None;
            self.level.frames.fill(frame);
            return;
        }
        // Go writes a list as `[]string{…}`
        let go_list = pending.and_then(|p| p.key).and_then(|key| self.text.get(key.value_at..at));
        let go_list = go_list.is_some_and(|class| class.trim_ascii().starts_with(b"[]"));
        let bracket = if go_list { b'[' } else { bracket };
        let usage = pending.and_then(|p| p.usage);
        frame.key = usage;
        frame.pair = outer_pair;
        let named = usage.or(outer_pair).and_then(|id| self.net.rules.usage(id)).filter(|used| !used.keep);
        if let Some(field) = named.and_then(|used| frame.enter(used, bracket)) {
            frame.opaque = self.opaque_begin(at, field, pending);
        }
        if let Some(secret) = frame.secret.filter(|_| bracket == b'[' && !go_list) {
            self.go_map(reader, at, secret);
        }
        self.level.frames.fill(frame);
    }

    /// `api_key = self.request(`, and the line ends: code in a traceback, and what follows are no arguments.
    fn calls(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let name = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let function = before.get(at - name..).and_then(<[u8]>::first).is_some_and(u8::is_ascii_lowercase);
        let rest = self.text.get(at + 1..).unwrap_or_default();
        function && rest.iter().find(|b| !matches!(b, b' ' | b'\r')).is_none_or(|b| *b == b'\n')
    }

    fn close(&mut self, at: usize, depth: usize) {
        self.level.pending = None;
        self.level.taken = None;
        if let Some(opaque) = self.level.frames.close(depth) {
            self.opaque_end(opaque, at + 1);
        }
    }

    fn reset(&mut self) {
        self.opaque_reset();
        self.level.frames.clear();
        self.level.pending = None;
        self.level.taken = None;
    }

    /// The piece before may have ended with a name.
    fn begin_piece(&mut self) {
        if let Some(secret) = self.level.next_line.take() {
            let end = memchr::memchr(b'\n', self.text).unwrap_or(self.text.len());
            self.line_is_value(0, end, secret);
        }
    }

    /// The piece may end before a value, or inside an object of which nothing stays.
    fn end_piece(&mut self) {
        self.level.pending.iter_mut().for_each(|pending| pending.key = None);
        if let Some(opaque) = self.level.frames.open_opaque() {
            self.opaque_end(opaque, self.text.len());
            self.level.frames.opaque_goes_on();
        }
    }
}

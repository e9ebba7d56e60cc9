//! Nets 1, 2 and 4: walks over the names, texts and brackets of a stream and takes what they say is secret.
//!
//! The walk goes into every quoted text that it does not take, decoding as it goes, so that a header in a
//! JSON string in a Python repr is a header. What it finds inside is mapped back to the raw text.

pub(super) mod base64;
mod frame;

use super::edit::{Edit, Quote, What};
use super::fields::{self, Fate};
use super::net::{Net, chars};
use super::protect::is_placeholder;
use super::rules::{FieldUse, Holds, RuleId, Secret, UseId, When};
use super::values;
use crate::literal::{Event, Key, Quoted, Reader, Role, Separator, Span, State, Style, is_blank, unescape};
use frame::{Frame, Frames, Opaque};

/// How deep texts inside texts are followed. Each level reads the text once more.
const MAX_LEVELS: usize = 8;

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
    /// `name`, `key`: the value is itself a name.
    Name,
    /// `value`: the value of that name.
    Value,
}

fn walk(text: &[u8], level: &mut Level, depth: usize, net: &mut Net, edits: &mut Vec<Edit>) {
    let mut state = std::mem::take(&mut level.reader);
    level.frames.begin_piece();
    let mut walk = Walk { text, level, depth, net, edits };
    walk.begin_piece();
    let mut reader = Reader::new(text, &mut state);
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
    level.reader = state;
}

struct Walk<'w> {
    text: &'w [u8],
    level: &'w mut Level,
    depth: usize,
    net: &'w mut Net,
    edits: &'w mut Vec<Edit>,
}

impl Walk<'_> {
    fn key(&mut self, reader: &mut Reader<'_, '_>, key: Key) {
        self.level.taken = None;
        if self.level.frames.opaque() {
            return;
        }
        let name = key.name.of(self.text);
        let usage = self.net.rules.name(name);
        let special = match name {
            b"role" => Special::Role,
            b"name" | b"key" | b"Name" | b"Key" | b"header" | b"field" => Special::Name,
            b"value" | b"Value" | b"stringValue" | b"string_value" | b"val" => Special::Value,
            b"model" | b"messages" | b"max_tokens" => {
                self.level.frames.top_mut().request = true;
                Special::None
            }
            _ => Special::None,
        };
        self.level.pending = Some(Pending { usage, special, key: Some(key) });
        if let Some(at) = usage.and_then(|_| self.bare_at(key)) {
            self.bare(reader, key, usage, at);
        } else if usage.is_some() && self.line_ends(key.value_at) {
            self.level.next_line = self.secret_of(key, usage);
            self.value_on_next_line(key.value_at);
        } else if usage.is_none() && key.separator == Separator::Percent {
            reader.seek(key.value_at);
        }
    }

    /// Where an unquoted value begins; `None` where a quote or a bracket follows, or nothing.
    fn bare_at(&self, key: Key) -> Option<usize> {
        let rest = self.text.get(key.value_at..)?;
        let at = key.value_at + rest.iter().position(|b| !is_blank(*b))?;
        let next = |n: usize| self.text.get(at + n).copied().unwrap_or_default();
        let quote = |b: u8| matches!(b, b'"' | b'\'' | b'`');
        if quote(next(0)) || matches!(next(0), b'{' | b'[' | b'(' | b'\n' | b'\\') {
            return None;
        }
        let prefixed = next(0).is_ascii_alphabetic() && (quote(next(1)) || (next(1).is_ascii_alphabetic() && quote(next(2))));
        (!prefixed).then_some(at)
    }

    fn bare(&mut self, reader: &mut Reader<'_, '_>, key: Key, usage: Option<UseId>, at: usize) {
        if let Some(secret) = self.secret_of(key, usage) {
            // a class name before a bracket is no value: `cookies: Jar {`
            if self.class_before_bracket(at) {
                return;
            }
            let from = self.edits.len();
            let end = values::bare(self.net, self.text, at, key.separator, secret, self.edits);
            if self.edits.len() > from {
                self.quote_numbers(from, key);
                self.level.pending = None;
                reader.seek(end);
            }
            return;
        }
        let outside = usage.and_then(|id| self.net.rules.usage(id)).and_then(|used| used.outside);
        if let Some(field) = outside.filter(|f| f.holds == Holds::Text && !matches!(f.when, When::Inside | When::Request)) {
            self.bare_prose(reader, key, field, at);
        }
    }

    /// `answer: It stalled because …` in running text: the rest of the line, if it reads like prose.
    fn bare_prose(&mut self, reader: &mut Reader<'_, '_>, key: Key, field: FieldUse, at: usize) {
        if reader.state().depth() > 0 || key.quoted || key.separator == Separator::Percent {
            return;
        }
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
        let end = if key.separator == Separator::Equals { next_pair(line) } else { line.len() };
        let value = line.get(..end).unwrap_or_default().trim_ascii_end();
        if fields::reads_like_prose(value) {
            let span = Span::new(at, at + value.len());
            self.net.text(self.text, span, field.rule, self.edits);
            reader.seek(span.end);
        }
    }

    fn secret_of(&self, key: Key, usage: Option<UseId>) -> Option<Secret> {
        let used = usage.and_then(|id| self.net.rules.usage(id)).filter(|used| !used.keep)?;
        let secret = used.secret.filter(|secret| !(secret.argument && key.quoted));
        secret.or(used.query.filter(|_| self.in_query(key)))
    }

    fn line_ends(&self, at: usize) -> bool {
        self.text.get(at..).unwrap_or_default().iter().find(|b| !is_blank(**b)).is_none_or(|b| *b == b'\n')
    }

    /// `Signature:` and the signature on the line below: taken if it is one long token.
    fn value_on_next_line(&mut self, from: usize) {
        let rest = self.text.get(from..).unwrap_or_default();
        let Some(newline) = memchr::memchr(b'\n', rest) else { return };
        let start = from + newline + 1;
        let line = self.text.get(start..).unwrap_or_default();
        if line.is_empty() {
            return;
        }
        let Some(secret) = self.level.next_line.take() else { return };
        let line = line.get(..memchr::memchr(b'\n', line).unwrap_or(line.len())).unwrap_or_default().trim_ascii_end();
        self.next_line(start, line, secret);
    }

    fn next_line(&mut self, start: usize, line: &[u8], secret: Secret) {
        let token = line.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_' | b'.'));
        if token && line.len() >= 24 {
            values::quoted(self.net, self.text, Span::new(start, start + line.len()), secret, self.edits);
        }
    }

    fn class_before_bracket(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        let word = rest.iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
        let after = rest.get(word..).unwrap_or_default();
        let gap = after.iter().take_while(|b| **b == b' ').count();
        rest.first().is_some_and(u8::is_ascii_uppercase) && gap > 0 && matches!(after.get(gap), Some(b'{' | b'['))
    }

    /// A redacted number becomes a text, in the quotes that its key has.
    fn quote_numbers(&mut self, from: usize, key: Key) {
        if !key.quoted || key.separator != Separator::Colon {
            return;
        }
        for edit in self.edits.iter_mut().skip(from) {
            edit.quote = Quote::As(Span::new(key.outer.start, key.name.start));
        }
    }

    /// Whether a name stands in the query of a URL.
    fn in_query(&self, key: Key) -> bool {
        let before = self.text.get(..key.outer.start).unwrap_or_default();
        match before.last() {
            Some(b'?' | b'&' | b';') => true,
            // `%3F` and `%26`: the name begins behind their digits
            _ => before.get(before.len().saturating_sub(2)..).is_some_and(|code| [b"26", b"3F", b"3f"].iter().any(|c| code == *c)),
        }
    }

    fn quoted(&mut self, reader: &mut Reader<'_, '_>, quoted: Quoted) {
        let pending = if quoted.role == Role::Value { self.level.pending.take() } else { None };
        if self.level.frames.opaque() || quoted.inner.is_empty() {
            return;
        }
        let taken = match quoted.role {
            Role::Joined => self.joined(quoted),
            Role::Value => self.value(quoted, pending),
            Role::First | Role::Item => self.item(quoted, reader.state().bracket()),
        };
        self.level.taken = match taken {
            Ok(rule) => Some(rule),
            Err(Fate::Open) if quoted.closed => {
                self.descend(quoted);
                None
            }
            Err(Fate::Open) => {
                reader.seek(quoted.inner.start);
                None
            }
            Err(_) => None,
        };
    }

    /// The next piece of a text that was cut into literals goes as the first did.
    fn joined(&mut self, quoted: Quoted) -> Result<RuleId, Fate> {
        let rule = self.level.taken.ok_or(Fate::Open)?;
        self.net.text(self.text, quoted.inner, rule, self.edits);
        Ok(rule)
    }

    fn value(&mut self, quoted: Quoted, pending: Option<Pending>) -> Result<RuleId, Fate> {
        let inner = quoted.inner;
        let value = inner.of(self.text);
        let pending = pending.unwrap_or(Pending { usage: None, special: Special::None, key: None });
        let top = self.level.frames.top();
        match pending.special {
            Special::Role if is_role(value) => self.level.frames.top_mut().inside = true,
            Special::Name => self.names_a_value(value),
            Special::Value => match top.pair {
                Some(usage) => return self.by_usage(quoted, usage, Pending { usage: None, ..pending }),
                None => self.level.frames.top_mut().value = Some(inner),
            },
            _ => {}
        }
        match pending.usage {
            Some(usage) => self.by_usage(quoted, usage, pending),
            None => self.by_place(quoted, pending.key),
        }
    }

    /// `{"name": "x-api-key", "value": …}`: the name says what the value is, in whichever order they come.
    fn names_a_value(&mut self, name: &[u8]) {
        let Some(usage) = self.net.rules.name(name) else { return };
        let frame = self.level.frames.top_mut();
        frame.pair = Some(usage);
        let seen = frame.value.take();
        let secret = self.net.rules.usage(usage).filter(|u| !u.keep).and_then(|u| u.secret).filter(|s| !s.argument);
        if let (Some(span), Some(secret)) = (seen, secret) {
            values::quoted(self.net, self.text, span, secret, self.edits);
        }
    }

    /// A value whose name a rule knows.
    fn by_usage(&mut self, quoted: Quoted, usage: UseId, pending: Pending) -> Result<RuleId, Fate> {
        let Some(used) = self.net.rules.usage(usage) else { return Err(Fate::Open) };
        let (keep, paired, outside, within) = (used.keep, used.secret.filter(|s| !s.argument), used.outside, used.inside);
        let inside = self.level.frames.top().inside;
        let secret = match pending.key {
            Some(key) => self.secret_of(key, Some(usage)),
            None => paired.filter(|_| !keep),
        };
        if let Some(secret) = secret {
            return self.take_secret(quoted, secret);
        }
        let field = if inside { within } else { outside };
        let top = self.level.frames.top();
        let field = field.filter(|f| f.under.is_none() || f.under == top.key).filter(|f| f.when != When::Request || top.request);
        match field {
            Some(field) => match fields::named(self.net, self.text, quoted.inner, &field, inside, self.edits) {
                Fate::Taken => Ok(field.rule),
                fate => Err(fate),
            },
            None => self.by_place(quoted, pending.key),
        }
    }

    fn take_secret(&mut self, quoted: Quoted, secret: Secret) -> Result<RuleId, Fate> {
        if quoted.inner.of(self.text).starts_with(b"AWS4-") {
            // its parts are arguments with names of their own
            return Err(Fate::Open);
        }
        let from = self.edits.len();
        values::quoted(self.net, self.text, quoted.inner, secret, self.edits);
        if self.edits.len() > from { Ok(secret.rule) } else { Err(Fate::Kept) }
    }

    /// A value whose name says nothing: where it stands decides.
    fn by_place(&mut self, quoted: Quoted, key: Option<Key>) -> Result<RuleId, Fate> {
        let top = self.level.frames.top();
        if let Some(secret) = top.secret.filter(|_| top.every_value) {
            return self.take_secret(quoted, secret);
        }
        let inner = quoted.inner;
        if let Some(rule) = top.body.filter(|_| top.inside) {
            return as_result(fields::unnamed(self.net, self.text, inner, rule, self.edits), rule);
        }
        if top.inside {
            let rule = self.net.builtin.quoted;
            return as_result(fields::unnamed(self.net, self.text, inner, rule, self.edits), rule);
        }
        if let Some(rule) = top.weak {
            return as_result(fields::prose(self.net, self.text, inner, rule, self.edits), rule);
        }
        // arguments and pairs in running text quote prose; fields of a record do not
        let argument = key.is_some_and(|k| !k.quoted && k.separator == Separator::Equals && !says_message(k.name.of(self.text)));
        let prose_key = key.is_some_and(|k| !k.quoted && k.separator == Separator::Colon && self.level.frames.len() == 0 && !says_message(k.name.of(self.text)));
        if argument || prose_key { self.quotation(quoted) } else { Err(Fate::Open) }
    }

    /// An element, an argument, a quotation.
    fn item(&mut self, quoted: Quoted, bracket: Option<u8>) -> Result<RuleId, Fate> {
        let inner = quoted.inner;
        let top = self.level.frames.top();
        if let Some(usage) = self.level.frames.top_mut().pair.take().filter(|_| bracket != Some(b'{')) {
            return self.by_usage(quoted, usage, Pending { usage: None, special: Special::None, key: None });
        }
        if let Some(secret) = top.secret {
            return self.take_secret(quoted, secret);
        }
        if bracket.is_some_and(|b| b != b'{') && inner.len() <= 64 {
            // `('authorization', 'Bearer …')`, `['X-Api-Key', '…', 'Accept', …]`
            if let Some(usage) = self.net.rules.name(inner.of(self.text)) {
                self.level.frames.top_mut().pair = Some(usage);
                return Err(Fate::Kept);
            }
        }
        if let Some(rule) = top.body.filter(|_| top.inside) {
            return as_result(fields::unnamed(self.net, self.text, inner, rule, self.edits), rule);
        }
        if let Some(rule) = top.weak {
            return as_result(fields::prose(self.net, self.text, inner, rule, self.edits), rule);
        }
        let annotates = !quoted.closed && self.annotates(quoted.outer.start);
        match bracket {
            None | Some(b'(') => self.quotation(quoted),
            Some(_) if annotates => self.quotation(quoted),
            Some(_) => Err(Fate::Open),
        }
    }

    /// Net 4: prose that a message quotes.
    fn quotation(&mut self, quoted: Quoted) -> Result<RuleId, Fate> {
        let rule = self.net.builtin.quoted;
        if !quoted.closed && !self.annotates(quoted.outer.start) {
            return Err(Fate::Open);
        }
        as_result(fields::prose(self.net, self.text, quoted.inner, rule, self.edits), rule)
    }

    /// Tracebacks with values print them behind `└` and cut them at the line's end.
    fn annotates(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default().trim_ascii_end();
        ["└", "│", "="].iter().any(|mark| before.ends_with(mark.as_bytes()))
    }

    fn open(&mut self, reader: &mut Reader<'_, '_>, at: usize, bracket: u8, role: Role) {
        // `os.environ["KEY"]` is a subscript, `map[Key:[…]]` is not
        let subscript = bracket == b'[' && at > 0 && self.text.get(at - 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let pending = if role == Role::Value && !subscript { self.level.pending.take() } else { None };
        self.level.taken = None;
        let mut frame = self.level.frames.child();
        if !self.level.frames.opaque() {
            let usage = pending.and_then(|p| p.usage);
            let pair = pending.filter(|p| p.special == Special::Value).and_then(|_| self.level.frames.top().pair);
            frame.key = usage;
            if let Some(used) = usage.or(pair).and_then(|id| self.net.rules.usage(id)).filter(|used| !used.keep) {
                frame.enter(used, bracket);
            }
            if let Some(field) = frame.opaque_field.take() {
                frame.opaque = self.opaque_begin(at, field, pending);
            }
            frame.pair = pair;
            self.go_map(reader, at, bracket, &frame);
        }
        self.level.frames.push(frame);
    }

    /// `map[X-Api-Key:[…] Accept:[*/*]]`: the value stands bare between brackets.
    fn go_map(&mut self, reader: &mut Reader<'_, '_>, at: usize, bracket: u8, frame: &Frame) {
        let Some(secret) = frame.secret.filter(|_| bracket == b'[') else { return };
        let rest = self.text.get(at + 1..).unwrap_or_default();
        let end = rest.iter().position(|b| matches!(b, b']' | b'\n')).unwrap_or(rest.len());
        let content = rest.get(..end).unwrap_or_default();
        if content.iter().any(|b| matches!(b, b'"' | b'\'' | b'[' | b'{' | b'`')) {
            return;
        }
        let span = Span::new(at + 1, at + 1 + end);
        values::quoted(self.net, self.text, span, secret, self.edits);
        if !content.starts_with(b"AWS4-") {
            reader.seek(span.end);
        }
    }

    /// An object of which nothing stays begins; empty ones and `[Object]` have nothing to hide.
    fn opaque_begin(&self, at: usize, field: FieldUse, pending: Option<Pending>) -> Option<Opaque> {
        let rest = self.text.get(at..)?;
        let close = rest.iter().take(40).position(|b| matches!(b, b'}' | b']'));
        if let Some(close) = close {
            let inside = rest.get(1..close)?.trim_ascii();
            if inside.is_empty() || is_placeholder(rest.get(..=close)?) && !inside.contains(&b':') && !inside.contains(&b',') {
                return None;
            }
        }
        let key = pending.and_then(|p| p.key).filter(|k| k.quoted);
        let quote = key.map_or(Quote::Single, |k| Quote::As(Span::new(k.outer.start, k.name.start)));
        Some(Opaque { start: at, rule: field.rule, quote, begun: false })
    }

    fn close(&mut self, at: usize, depth: usize) {
        self.level.pending = None;
        self.level.taken = None;
        while self.level.frames.len() > depth {
            let Some(frame) = self.level.frames.pop() else { break };
            if let Some(opaque) = frame.opaque {
                self.opaque_end(opaque, at + 1);
            }
        }
    }

    fn reset(&mut self) {
        if let Some(opaque) = self.level.frames.open_opaque().filter(|o| !o.begun) {
            // it never closed: what stands on its line goes
            let rest = self.text.get(opaque.start..).unwrap_or_default();
            let end = opaque.start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.opaque_end(opaque, end);
        }
        self.level.frames.clear();
        self.level.pending = None;
        self.level.taken = None;
    }

    /// Takes an object, or the part of it that stands in this piece.
    fn opaque_end(&mut self, opaque: Opaque, end: usize) {
        if !self.net.on(opaque.rule) || end <= opaque.start {
            return;
        }
        let span = Span::new(opaque.start, end);
        let raw = span.of(self.text);
        self.net.memory.text(raw);
        let lines = opaque.begun || memchr::memchr(b'\n', raw).is_some();
        let what = match (opaque.begun, lines) {
            (true, _) => What::Rest,
            (false, true) => What::Opaque(0),
            (false, false) => What::Opaque(chars(raw)),
        };
        let quote = if opaque.begun { Quote::None } else { opaque.quote };
        self.edits.push(Edit { span, rule: opaque.rule, what, quote });
    }

    /// The piece before ended with a name.
    fn begin_piece(&mut self) {
        if let Some(secret) = self.level.next_line.take() {
            let line = self.text.get(..memchr::memchr(b'\n', self.text).unwrap_or(self.text.len())).unwrap_or_default().trim_ascii_end();
            self.next_line(0, line, secret);
        }
    }

    /// The piece ends inside an object of which nothing stays.
    fn end_piece(&mut self) {
        if let Some(opaque) = self.level.frames.open_opaque() {
            self.opaque_end(opaque, self.text.len());
            self.level.frames.opaque_goes_on();
        }
    }

    /// Looks into a text that stays.
    fn descend(&mut self, quoted: Quoted) {
        let inner = quoted.inner.of(self.text);
        if self.depth >= MAX_LEVELS || inner.len() < 8 {
            return;
        }
        if base64::may_hold_json(inner) {
            self.base64_json(quoted.inner);
            return;
        }
        if !worth_reading(inner) {
            return;
        }
        let mut child = Level::default();
        child.frames.inherit(self.level.frames.top());
        let from = self.edits.len();
        if memchr::memchr(b'\\', inner).is_none() {
            walk(inner, &mut child, self.depth + 1, self.net, self.edits);
            for edit in self.edits.iter_mut().skip(from) {
                *edit = edit.shifted(quoted.inner.start);
            }
            return;
        }
        let bytes = self.text.get(quoted.outer.start).is_some_and(|b| b.eq_ignore_ascii_case(&b'b'));
        let view = unescape(inner, if bytes { Style::Bytes } else { Style::Text });
        let mut found = Vec::new();
        walk(view.text(), &mut child, self.depth + 1, self.net, &mut found);
        if has_odd_escapes(inner) {
            super::tokens::find(view.text(), self.net, &mut found);
        }
        for edit in found {
            edit.through(&view, |edit| self.edits.push(edit.shifted(quoted.inner.start)));
        }
    }

    /// Base64 of JSON (events of Bedrock's streams): if anything in it is secret, all of it goes.
    fn base64_json(&mut self, span: Span) {
        let Some(decoded) = base64::decode(span.of(self.text)) else { return };
        let mut found = Vec::new();
        walk(&decoded, &mut Level::default(), self.depth + 1, self.net, &mut found);
        if let Some(first) = found.first() {
            let rule = first.rule;
            fields::data(self.net, self.text, span, rule, self.edits);
        }
    }
}

fn as_result(fate: Fate, rule: RuleId) -> Result<RuleId, Fate> {
    if fate == Fate::Taken { Ok(rule) } else { Err(fate) }
}

/// The length of a value in `a=some words b=c`: up to the next pair.
fn next_pair(line: &[u8]) -> usize {
    memchr::memchr_iter(b'=', line)
        .find_map(|at| {
            let before = line.get(..at)?;
            let name = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
            (name > 0 && at > name && before.get(at - name - 1) == Some(&b' ')).then(|| at - name - 1)
        })
        .unwrap_or(line.len())
}

fn is_role(value: &[u8]) -> bool {
    const ROLES: &[&[u8]] = &[b"user", b"assistant", b"system", b"tool", b"model", b"developer", b"human", b"ai", b"function"];
    ROLES.contains(&value)
}

/// Names under which a log message stands; it is looked into, not taken.
fn says_message(name: &[u8]) -> bool {
    const NAMES: &[&str] = &[
        "msg", "message", "error", "err", "event", "detail", "details", "reason", "exception", "exc", "exc_info", "stack", "traceback", "log",
        "request", "upstream", "user_agent", "useragent", "ua", "cause", "status_message", "url", "path", "http_user_agent",
    ];
    NAMES.iter().any(|n| name.eq_ignore_ascii_case(n.as_bytes()))
}

/// Whether a text holds anything that the walk could stop at.
fn worth_reading(text: &[u8]) -> bool {
    text.iter().any(|b| matches!(b, b':' | b'=' | b'"' | b'\'' | b'`' | b'{' | b'%'))
}

/// Escapes of ordinary characters, behind which a token can hide.
fn has_odd_escapes(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"\\u00").is_some() || memchr::memmem::find(text, b"\\x").is_some() || memchr::memmem::find(text, b"\\/").is_some()
}

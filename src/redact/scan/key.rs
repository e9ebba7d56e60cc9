//! A name: what it means, and the value that stands unquoted behind it.

use super::super::edit::Quote;
use super::super::fields;
use super::super::rules::{FieldUse, Holds, Secret, UseId, When};
use super::super::values;
use super::text::is_role;
use super::{MOST_JUDGED, Pending, Special, Walk};
use crate::literal::{Key, Reader, Separator, Span, Style, is_blank, unescaped};
use std::borrow::Cow;

/// No name of an argument is longer.
const MAX_ARGUMENT: usize = 40;
/// Shorter tokens on a line of their own are not the value of the name above it.
const LONG_VALUE: usize = 24;

impl Walk<'_> {
    pub(super) fn key(&mut self, reader: &mut Reader<'_, '_>, key: Key) {
        self.level.taken = None;
        if self.level.frames.opaque() {
            return;
        }
        let name = key.name.of(self.text);
        // what stands without quotes has no escapes
        let name = if key.quoted { unescaped(name, Style::Text) } else { Cow::Borrowed(name) };
        let (usage, special) = (self.net.name(&name), Special::of(&name));
        if special == Special::Request {
            self.level.frames.top_mut().request = true;
        }
        if special == Special::Role && reader.state().depth() > 0 && self.bare_at(key).is_some_and(|at| self.role(at)) {
            self.level.frames.top_mut().inside = true;
        }
        self.level.pending = Some(Pending { usage, special, key: Some(key) });
        if usage.is_none() {
            return;
        }
        if let Some(at) = self.bare_at(key) {
            self.bare(reader, key, usage, at);
        } else if self.line_ends(key.value_at) {
            self.level.next_line = self.secret_of(key, usage);
            self.value_on_next_line(key.value_at);
        }
    }

    /// Whether an unquoted value is the role of who wrote a message: `role=user, content=…`.
    fn role(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        let len = rest.iter().take(MAX_ARGUMENT).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        is_role(rest.get(..len).unwrap_or_default())
    }

    /// The credential that a name means, if it means one here.
    pub(super) fn secret_of(&self, key: Key, usage: Option<UseId>) -> Option<Secret> {
        let used = usage.and_then(|id| self.net.rules.usage(id)).filter(|used| !used.keep)?;
        let secret = used.secret.filter(|secret| !(secret.argument && key.quoted));
        secret.or(used.query.filter(|_| self.in_query(key)))
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
        let prefixed =
            next(0).is_ascii_alphabetic() && (quote(next(1)) || (next(1).is_ascii_alphabetic() && quote(next(2))));
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
        if let Some(field) =
            outside.filter(|f| f.holds == Holds::Text && !matches!(f.when, When::Inside | When::Request))
        {
            self.bare_prose(reader, key, field, at);
        }
    }

    /// `answer: It stalled because …` in running text: the rest of the line, if it reads like prose.
    fn bare_prose(&mut self, reader: &mut Reader<'_, '_>, key: Key, field: FieldUse, at: usize) {
        // `messages.0.content.0.text: …` is a place in the request, of which an error says something
        let mut steps = key.name.of(self.text).split(|b| *b == b'.');
        let in_place = steps.any(|step| !step.is_empty() && step.iter().all(u8::is_ascii_digit));
        if key.quoted || in_place || key.separator == Separator::Percent {
            return;
        }
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
        self.judged += line.len();
        if self.judged > MOST_JUDGED * self.text.len() {
            self.net.text(self.text, Span::new(at, at + line.len()), field.rule, self.edits);
            return reader.seek(at + line.len());
        }
        let line = if self.in_query(key) { line.split(|b| *b == b'&').next().unwrap_or_default() } else { line };
        let end = match key.separator {
            // `[content] => …`: PHP gives each a line of its own
            Separator::Arrow => line.len(),
            _ if reader.state().depth() > 0 => argument_end(line),
            Separator::Equals => next_pair(line),
            _ => line.len(),
        };
        let value = line.get(..end).unwrap_or_default().trim_ascii_end();
        if fields::reads_like_prose(value) {
            let span = Span::new(at, at + value.len());
            self.net.text(self.text, span, field.rule, self.edits);
            reader.seek(span.end);
        }
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
        if let Some(secret) = self.level.next_line.take() {
            self.line_is_value(start, start + memchr::memchr(b'\n', line).unwrap_or(line.len()), secret);
        }
    }

    pub(super) fn line_is_value(&mut self, start: usize, end: usize, secret: Secret) {
        let line = Span::new(start, end).of(self.text).trim_ascii_end();
        let token =
            line.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_' | b'.'));
        if token && line.len() >= LONG_VALUE {
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
            edit.quote = Quote::spelled_at(Span::new(key.outer.start, key.name.start), edit.span.start);
        }
    }

    /// Whether a name stands in the query of a URL.
    fn in_query(&self, key: Key) -> bool {
        let before = self.text.get(..key.outer.start).unwrap_or_default();
        match before.last() {
            Some(b'?' | b'&' | b';') => true,
            // `%3F` and `%26`: the name begins behind their digits
            _ => before
                .get(before.len().saturating_sub(2)..)
                .is_some_and(|code| [b"26", b"3F", b"3f"].iter().any(|c| code == *c)),
        }
    }

    /// `map[X-Api-Key:[…] Accept:[*/*]]`: the value stands bare between brackets.
    pub(super) fn go_map(&mut self, reader: &mut Reader<'_, '_>, at: usize, secret: Secret) {
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
}

/// The length of a value in `Message[role=user, content=some words, name=null]`: up to the next name, or to the bracket
/// that it does not open itself.
fn argument_end(line: &[u8]) -> usize {
    let mut depth = 0_u32;
    for (at, b) in line.iter().enumerate() {
        match b {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return at,
            b')' | b']' | b'}' => depth -= 1,
            b',' | b';' if depth == 0 && begins_pair(line.get(at + 1..).unwrap_or_default()) => return at,
            _ => {}
        }
    }
    line.len()
}

/// Whether a name and its separator follow: ` name=`, ` Name = `, ` name:`.
fn begins_pair(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let name = text.iter().take(MAX_ARGUMENT).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let after = text.get(name..).unwrap_or_default();
    name > 0 && matches!(after, [b'=' | b':', ..] | [b' ', b'=', ..])
}

/// The length of a value in `a=some words b=c`: up to the next pair.
fn next_pair(line: &[u8]) -> usize {
    memchr::memchr_iter(b'=', line)
        .find_map(|at| {
            let before = line.get(..at)?;
            let name = before
                .iter()
                .rev()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
                .count();
            (name > 0 && at > name && before.get(at - name - 1) == Some(&b' ')).then(|| at - name - 1)
        })
        .unwrap_or(line.len())
}

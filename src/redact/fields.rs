//! Net 2: what of a prompt, a completion or a tool's input goes, and what stays as skeleton.

use super::edit::{Edit, Media, What};
use super::net::{Net, chars};
use super::protect::{is_known_message, is_placeholder, is_protected, looks_like_record};
use super::rules::{FieldUse, Holds, RuleId, When};
use super::vocabulary::{Origin, is_prose, origin};
use crate::literal::Span;
use crate::model::{id_kind, is_uuid};

/// Of an image so much is remembered: enough to know it again, without filling the memory.
const IMAGE_REMEMBERED: usize = 512;

/// Longer values are no names, ids or signatures.
const MAX_SKELETON: usize = 8 << 10;

/// What people write before an object that they show is longer than what programs do.
const SAID: usize = 40;

/// No identifier is longer.
const MAX_ID: usize = 100;

/// What becomes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It goes.
    Taken,
    /// It stays, and need not be looked into.
    Kept,
    /// Not decided here: look into it.
    Open,
}

/// A quoted value whose name says what it holds.
pub(crate) fn named(
    net: &mut Net,
    text: &[u8],
    inner: Span,
    field: &FieldUse,
    inside: bool,
    edits: &mut Vec<Edit>,
) -> Fate {
    let value = inner.of(text);
    if is_placeholder(value) {
        return Fate::Kept;
    }
    match field.holds {
        // a name, or the opaque signature of a thinking block
        Holds::Skeleton if value.len() <= MAX_SKELETON && !value.contains(&b' ') => Fate::Kept,
        Holds::Skeleton => unnamed(net, text, inner, field.rule, edits),
        Holds::Opaque => {
            opaque(net, text, inner, field.rule, edits);
            Fate::Taken
        }
        Holds::Data => {
            data(net, text, inner, field.rule, edits);
            Fate::Taken
        }
        Holds::Text if matches!(field.when, When::Prose | When::Shallow) && !inside => {
            prose(net, text, inner, field.rule, edits)
        }
        Holds::Text if is_protected(value) => Fate::Kept,
        // one word of the trade under a name of its own is a setting: `thinking: 'adaptive'`
        Holds::Text if !inside && is_known_word(value) => Fate::Kept,
        Holds::Text => {
            document(net, text, inner, field.rule, edits);
            Fate::Taken
        }
    }
}

/// Takes a text. If it is a document, what a tool gave back for instance, identifiers that are whole values
/// in it stay.
fn document(net: &mut Net, text: &[u8], inner: Span, rule: RuleId, edits: &mut Vec<Edit>) {
    let from = edits.len();
    net.text(text, inner, rule, edits);
    if !matches!(inner.of(text).trim_ascii_start(), [b'{' | b'[', ..]) || edits.len() == from {
        return;
    }
    let mut at = inner.start;
    let mut pieces = Vec::new();
    for quote in memchr::memchr_iter(b'"', inner.of(text)) {
        let id = identifier(text, Span::new(inner.start + quote + 1, inner.end));
        if let Some(id) = id.filter(|id| id.start > at) {
            pieces.push(Span::new(at, id.start));
            at = id.end;
        }
    }
    if at > inner.start {
        pieces.push(Span::new(at, inner.end));
        edits.truncate(from);
        edits.extend(
            pieces.into_iter().filter(|p| !p.is_empty()).map(|p| Edit::new(p, rule, What::Text(chars(p.of(text))))),
        );
    }
}

/// The identifier that stands at the beginning of a stretch and fills a quoted text.
fn identifier(text: &[u8], span: Span) -> Option<Span> {
    let rest = span.of(text);
    let len = rest.iter().take(MAX_ID).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
    let closed = matches!(rest.get(len), Some(b'"' | b'\\'));
    let id = rest.get(..len).filter(|id| closed && (is_uuid(id) || id_kind(id).is_some()))?;
    Some(Span::new(span.start, span.start + id.len()))
}

/// A text inside a body whose own name says nothing: it goes unless it is a fact.
pub(crate) fn unnamed(net: &mut Net, text: &[u8], inner: Span, rule: RuleId, edits: &mut Vec<Edit>) -> Fate {
    let value = inner.of(text);
    if is_placeholder(value) || is_protected(value) || is_known_word(value) {
        return Fate::Kept;
    }
    document(net, text, inner, rule, edits);
    Fate::Taken
}

/// A text that may be a prompt or a log message: it goes if it reads like prose.
pub(crate) fn prose(net: &mut Net, text: &[u8], inner: Span, rule: RuleId, edits: &mut Vec<Edit>) -> Fate {
    let value = inner.of(text);
    let goes = match structure(value) {
        None => says(value),
        // somebody writes of an object and shows it: then both go
        Some(at) => at >= SAID && says(value.get(..at).unwrap_or_default()),
    };
    if goes {
        net.text(text, inner, rule, edits);
        return Fate::Taken;
    }
    Fate::Open
}

/// Prose, and nothing with a structure that is worth keeping.
pub(crate) fn reads_like_prose(value: &[u8]) -> bool {
    structure(value).is_none() && says(value)
}

/// Prose, and neither a log record nor a message that everybody knows.
fn says(value: &[u8]) -> bool {
    value.len() >= 8 && !looks_like_record(value) && !is_known_message(value) && is_prose(value)
}

/// Where an object inside the text begins, or an identifier that support traces by: then only its own parts may go.
fn structure(value: &[u8]) -> Option<usize> {
    let object = memchr::memchr_iter(b'{', value).find(|at| {
        let next = value.get(at + 1..).unwrap_or_default().iter().find(|b| !b.is_ascii_whitespace());
        matches!(next, Some(b'"' | b'\'' | b'\\'))
    });
    object.into_iter().chain(memchr::memmem::find(value, b"req_")).min()
}

/// One word that programs print, or a path of them: `/v1/messages`.
fn is_known_word(value: &[u8]) -> bool {
    value.len() <= 40
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'))
        && value.split(|b| !b.is_ascii_alphabetic()).filter(|w| w.len() > 1).all(|w| origin(w) != Origin::Unknown)
}

/// Takes a tool's input that is written as a string.
pub(crate) fn opaque(net: &mut Net, text: &[u8], inner: Span, rule: RuleId, edits: &mut Vec<Edit>) {
    if inner.is_empty() || !net.on(rule) {
        return;
    }
    net.lessons.text(inner.of(text));
    edits.push(Edit::new(inner, rule, What::Opaque(chars(inner.of(text)))));
}

/// Takes base64, also behind `data:image/png;base64,`.
pub(crate) fn data(net: &mut Net, text: &[u8], inner: Span, rule: RuleId, edits: &mut Vec<Edit>) {
    if inner.is_empty() || !net.on(rule) {
        return;
    }
    let value = inner.of(text);
    let comma = if value.starts_with(b"data:") { memchr::memchr(b',', value).map_or(0, |at| at + 1) } else { 0 };
    let base64 = value.get(comma..).unwrap_or_default();
    net.lessons.text(base64.get(..base64.len().min(IMAGE_REMEMBERED)).unwrap_or_default());
    let bytes = base64.len() / 4 * 3;
    edits.push(Edit::new(inner, rule, What::Data(Media::of(base64), bytes as u32)));
}

//! What stands in place of what was taken.

use super::edit::{Edit, What};
use super::hash::Quick;
use super::key::Key;
use super::rules::{RuleId, RuleSet};
use crate::literal::Span;
use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

/// Credentials that get numbers; of more, the replacement names the rule alone.
const MAX_NUMBERS: usize = 1 << 20;

/// A list of byte numbers is followed back so far.
const MAX_LIST: usize = 1 << 20;

/// Numbers credentials by order of first sight: the same one has the same number everywhere in a run, and
/// nothing of it can be guessed back.
#[derive(Debug)]
pub(crate) struct Names {
    rules: Arc<RuleSet>,
    /// By rule and hash; there may be very many.
    numbers: HashMap<u64, u32, Quick>,
    next: HashMap<RuleId, u32>,
    /// With a key, credentials are named by what the key makes of them, not by order.
    key: Option<Key>,
}

impl Names {
    pub fn new(rules: Arc<RuleSet>, key: Option<Key>) -> Self {
        Self { rules, numbers: HashMap::default(), next: HashMap::new(), key }
    }

    /// Puts numbers in place of hashes.
    pub fn number(&mut self, edit: &mut Edit) {
        let What::Secret(hash) = &mut edit.what else { return };
        if let Some(key) = &self.key {
            *hash = key.number(*hash);
            return;
        }
        let key = *hash ^ u64::from(edit.rule.0);
        *hash = match self.numbers.get(&key) {
            Some(number) => u64::from(*number),
            None if self.numbers.len() >= MAX_NUMBERS => 0,
            None => {
                let next = self.next.entry(edit.rule).or_insert(0);
                *next += 1;
                self.numbers.insert(key, *next);
                u64::from(*next)
            }
        };
    }

    /// Writes the replacement of a numbered edit.
    pub fn write(&self, edit: &Edit, text: &[u8], out: &mut Vec<u8>) {
        let raw = edit.span.of(text);
        if in_byte_list(text, edit.span) {
            let mut name = Vec::new();
            self.name(edit, &mut name);
            write_bytes(&name, raw, out);
        } else {
            let quote = edit.quote.of(text, edit.span.start);
            out.extend_from_slice(quote);
            self.name(edit, out);
            out.extend_from_slice(quote);
        }
        // lines stay lines, and their ends stay as they are
        for at in memchr::memchr_iter(b'\n', raw) {
            if at > 0 && raw.get(at - 1) == Some(&b'\r') {
                out.push(b'\r');
            }
            out.push(b'\n');
        }
    }

    fn name(&self, edit: &Edit, out: &mut Vec<u8>) {
        let rule = self.rules.rule(edit.rule).map_or("secret", |r| r.id.as_str());
        let written = match edit.what {
            What::Secret(id) if self.key.is_some() => write!(out, "[{rule}#{:012x}]", id >> 16),
            What::Secret(0) => write!(out, "[{rule}]"),
            What::Secret(number) => write!(out, "[{rule}#{number}]"),
            What::Text(chars) => write!(out, "[text {chars} chars]"),
            What::Opaque(0) => write!(out, "[tool input]"),
            What::Opaque(chars) => write!(out, "[tool input {chars} chars]"),
            What::Data(media, bytes) if bytes < 1024 => write!(out, "[{} {bytes} B]", media.name()),
            What::Data(media, bytes) => {
                write!(out, "[{} {}.{} KB]", media.name(), bytes / 1024, bytes % 1024 * 10 / 1024)
            }
            What::Rest => Ok(()),
        };
        debug_assert!(written.is_ok(), "memory takes what is written");
    }
}

/// Whether a span is a part of a list of byte numbers with commas, as which journald writes what has control characters,
/// and Node a buffer: there numbers must stay numbers.
fn in_byte_list(text: &[u8], span: Span) -> bool {
    let in_list = |b: &u8| b.is_ascii_digit() || *b == b',' || b.is_ascii_whitespace();
    let raw = span.of(text);
    let bytes = || raw.split(|b| *b == b',').all(|number| number.trim_ascii().len() <= 3);
    if !raw.iter().all(in_list) || !bytes() || !raw.contains(&b',') && text.get(span.end) != Some(&b']') {
        return false;
    }
    let before = text.get(..span.start).unwrap_or_default();
    let list = before.iter().rev().take(MAX_LIST).take_while(|b| in_list(b)).count();
    before.get(..before.len() - list).is_some_and(|name| name.ends_with(b"["))
}

/// Writes a name as byte numbers, with the comma that what it replaces ended with; the list stays a list.
fn write_bytes(name: &[u8], raw: &[u8], out: &mut Vec<u8>) {
    let comma = raw.trim_ascii_end().ends_with(b",");
    // what ends the list is not nothing
    let name = if name.is_empty() && !comma { b" " } else { name };
    for (at, byte) in name.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(byte.to_string().as_bytes());
    }
    if comma && !name.is_empty() {
        out.push(b',');
    }
}

/// Writes a text with its edits applied, and where each replacement stands in what was written. Edits are
/// disjoint, in order and numbered.
pub(crate) fn apply(text: &[u8], edits: &[Edit], names: &Names, out: &mut Vec<u8>, replaced: &mut Vec<Span>) {
    let mut at = 0;
    for edit in edits {
        out.extend_from_slice(Span::new(at, edit.span.start).of(text));
        let start = out.len();
        names.write(edit, text, out);
        replaced.push(Span::new(start, out.len()));
        at = edit.span.end;
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
}

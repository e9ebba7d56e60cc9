//! Texts inside texts.

use super::super::edit::Edit;
use super::super::tokens;
use super::decode::{without_doubles, without_folds};
use super::{Level, MAX_LEVELS, Walk, base64, walk};
use crate::literal::{Quoted, Style, unescape};

/// Shorter texts hold no name and value.
const SHORTEST: usize = 8;

impl Walk<'_> {
    /// Looks into a text that stays.
    pub(super) fn descend(&mut self, quoted: Quoted) {
        let inner = quoted.inner.of(self.text);
        if self.depth >= MAX_LEVELS || inner.len() < SHORTEST {
            return;
        }
        if base64::may_hold_json(inner) {
            self.base64_json(quoted.inner);
            return;
        }
        if !worth_reading(inner) && !has_odd_escapes(inner) {
            return;
        }
        let mut child = Level::default();
        child.frames.inherit(self.level.frames.top());
        let folded = memchr::memchr(b'\n', inner).is_some();
        // only a cell of CSV holds its own quote, and only two in a row
        let doubled = quoted.quote == b'"'
            && quoted.outer.len() == inner.len() + 2
            && memchr::memchr(b'"', inner).is_some_and(|at| inner.get(at + 1) == Some(&b'"'));
        let escaped = memchr::memchr(b'\\', inner).is_some()
            && !is_shells(self.text.get(quoted.inner.start.wrapping_sub(1)), inner);
        if !doubled && !escaped && !folded {
            let from = self.edits.len();
            walk(inner, &mut child, self.depth + 1, self.net, self.edits);
            for edit in self.edits.iter_mut().skip(from) {
                *edit = edit.shifted(quoted.inner.start);
            }
            return;
        }
        let bytes = self.text.get(quoted.outer.start).is_some_and(|b| b.eq_ignore_ascii_case(&b'b'));
        let view = match (doubled, bytes) {
            (true, _) => without_doubles(inner),
            (_, true) => unescape(inner, Style::Bytes),
            _ if folded => {
                let unfolded = without_folds(inner);
                unfolded.then(&unescape(unfolded.text(), Style::Text))
            }
            _ => unescape(inner, Style::Text),
        };
        let mut found: Vec<Edit> = Vec::new();
        walk(view.text(), &mut child, self.depth + 1, self.net, &mut found);
        if has_odd_escapes(inner) {
            tokens::find(view.text(), self.net, &mut found);
        }
        for edit in found {
            edit.through(&view, |edit| self.edits.push(edit.shifted(quoted.inner.start)));
        }
    }
}

/// A shell's apostrophes escape nothing: in `-d '{"a": "\"b\""}'` the backslashes are the document's. A program
/// that prints a literal does not escape double quotes between apostrophes.
fn is_shells(quote: Option<&u8>, inner: &[u8]) -> bool {
    if quote != Some(&b'\'') {
        return false;
    }
    let (mut bare, mut escaped) = (false, false);
    for at in memchr::memchr_iter(b'"', inner) {
        match inner.get(..at).unwrap_or_default().iter().rev().take(2).take_while(|b| **b == b'\\').count() {
            0 => bare = true,
            1 => escaped = true,
            _ => {}
        }
    }
    bare && escaped
}

/// Whether a text holds anything that the walk could stop at.
fn worth_reading(text: &[u8]) -> bool {
    memchr::memchr3(b':', b'=', b'"', text).is_some()
        || memchr::memchr3(b'\'', b'`', b'{', text).is_some()
        || memchr::memchr(b'%', text).is_some()
}

/// Escapes of ordinary characters, behind which a token can hide.
fn has_odd_escapes(text: &[u8]) -> bool {
    let odd = |at: usize| {
        let rest = text.get(at + 1..).unwrap_or_default();
        rest.starts_with(b"u00") || rest.starts_with(b"x") || rest.starts_with(b"/")
    };
    memchr::memchr_iter(b'\\', text).any(odd)
}

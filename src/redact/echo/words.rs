//! What of an echo goes: of a credential all of it, of a text the words that are its own.

use super::super::edit::{Edit, What};
use super::super::net::chars;
use super::super::rules::RuleId;
use super::super::tokens::behind_escape;
use super::super::vocabulary::{Origin, is_library_path, origin};
use super::memory::Label;
use crate::literal::{ByteSet, Span};
use crate::model::is_opaque_id;

/// How far a word that is cut by the edge of a match is followed.
const MAX_EDGE: usize = 80;

/// No path of a frame is longer.
const MAX_PATH: usize = 256;

/// A part of a credential: what stands between blanks and structure, the first part with its name.
pub(super) fn credential(text: &[u8], span: Span, label: Label, found: &mut Vec<Edit>) {
    let mut at = span.start;
    let mut what = label.what;
    for part in span.of(text).split(|b| is_structure(*b) || b.is_ascii_whitespace()) {
        // backslashes before a quote are the quote's
        let len = part.len() - part.iter().rev().take_while(|b| **b == b'\\').count();
        if len >= 4 {
            found.push(Edit::new(Span::new(at, at + len), label.rule, what));
            what = What::Rest;
        }
        at += part.len() + 1;
    }
}

fn is_structure(b: u8) -> bool {
    matches!(b, b'{' | b'}' | b'[' | b']' | b'"' | b'\'' | b'\n' | b'<' | b'>')
}

/// A word that the edge of a match cuts belongs to it.
pub(super) fn whole_words(text: &[u8], span: Span) -> Span {
    let cut = |at: usize| {
        at.checked_sub(1).and_then(|n| text.get(n..=at)).is_some_and(|two| two.iter().all(|b| is_token_byte(*b)))
    };
    let word = |bytes: &mut dyn Iterator<Item = &u8>| bytes.take(MAX_EDGE).take_while(|b| is_token_byte(**b)).count();
    let before = if cut(span.start) { word(&mut text.get(..span.start).unwrap_or_default().iter().rev()) } else { 0 };
    let after = if cut(span.end) { word(&mut text.get(span.end..).unwrap_or_default().iter()) } else { 0 };
    // the letter of an escape is no part of a word
    Span::new(behind_escape(text, span.start - before, span.start), span.end + after)
}

/// A remembered text may quote what everybody knows: an error's JSON, a request id, a URL. A match without
/// a word of its own stays; of others go the parts that are not known, and identifiers in between stay. `run` is
/// what the match says: where every letter is an escape, no word shows in the text as it stands.
pub(super) fn own_words(text: &[u8], span: Span, run: &[u8], echo: RuleId, found: &mut Vec<Edit>) {
    let mut runs: Vec<(Span, Nature)> = Vec::new();
    let (mut joined, mut frames) = (false, false);
    let mut at = span.start;
    while at < span.end {
        let rest = Span::new(at, span.end).of(text);
        let len = rest.iter().take_while(|b| is_token_byte(**b)).count();
        if rest.first() == Some(&b'\\') {
            at += escape_len(rest);
            continue;
        }
        if len == 0 {
            // structure ends a run of words, but for an apostrophe
            joined &= !rest.first().is_some_and(|b| is_structure(*b) && *b != b'\'');
            at += 1;
            continue;
        }
        let in_path = rest.get(len) == Some(&b'/') || text.get(at.wrapping_sub(1)) == Some(&b'/');
        if in_path && let Some(end) = library_path_end(text, at) {
            (joined, frames) = (false, true);
            at = end;
            continue;
        }
        let token = Span::new(at, at + len);
        at = token.end;
        let id = is_opaque_id(token.of(text));
        match runs.last_mut().filter(|_| joined && !id) {
            Some((run, known)) => {
                run.end = token.end;
                if *known < Nature::Own {
                    *known = (*known).max(nature(token.of(text)));
                }
            }
            None if id => runs.push((token, Nature::Id)),
            None => runs.push((token, nature(token.of(text)))),
        }
        joined = !id;
    }
    if runs.iter().any(|(_, nature)| *nature == Nature::Own) {
        let unknown = runs.iter().filter(|(_, nature)| *nature >= Nature::Code);
        found.extend(unknown.map(|(run, _)| Edit::new(*run, echo, What::Text(chars(run.of(text))))));
    } else if !frames && span.len() > run.len() && has_own_word(run) {
        escaped(text, span, echo, found);
    }
}

/// Where the path into a library ends that a token at `at` is part of: the frames of a stack are everybody's.
fn library_path_end(text: &[u8], at: usize) -> Option<usize> {
    let in_path = |b: &&u8| is_token_byte(**b) || matches!(**b, b'/' | b'.' | b'@' | b'+');
    let before = text.get(..at)?.iter().rev().take(MAX_PATH).take_while(in_path).count();
    let behind = text.get(at..)?.iter().take(MAX_PATH).take_while(in_path).count();
    is_library_path(Span::new(at - before, at + behind).of(text)).then_some(at + behind)
}

/// The length of an escape and of the backslashes that escape it in turn: no part of it is a word's.
fn escape_len(text: &[u8]) -> usize {
    let slashes = text.iter().take_while(|b| **b == b'\\').count();
    let rest = text.get(slashes..).unwrap_or_default();
    let hex = |n: usize| rest.get(1..=n).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    slashes
        + match rest.first() {
            Some(b'u') if hex(4) => 5,
            Some(b'x') if hex(2) => 3,
            Some(b'n' | b'r' | b't' | b'b' | b'f') => 1,
            _ => 0,
        }
}

/// Whether a decoded match has a word of its own; its edges may cut a word that is known.
fn has_own_word(run: &[u8]) -> bool {
    let words: Vec<&[u8]> = run.split(|b| !is_token_byte(*b)).collect();
    let inner = words.get(1..words.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().any(|word| !is_opaque_id(word) && nature(word) == Nature::Own)
        || words.iter().any(|word| !word.is_ascii())
}

/// Takes all of a match but the structure in it, with no half of an escape.
fn escaped(text: &[u8], span: Span, echo: RuleId, found: &mut Vec<Edit>) {
    let mut at = span.start;
    for part in span.of(text).split(|b| is_structure(*b)) {
        let len = part.len() - part.iter().rev().take_while(|b| **b == b'\\').count();
        if len > 0 {
            let taken = Span::new(at, at + len);
            found.push(Edit::new(taken, echo, What::Text(chars(taken.of(text)))));
        }
        at += part.len() + 1;
    }
}

/// What a token says about where it comes from, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nature {
    /// An identifier that support traces by.
    Id,
    /// Words that programs print, or a number.
    Known,
    /// Letters and digits that are neither.
    Code,
    /// A word that no program prints.
    Own,
}

/// The nature of a token that is no identifier.
fn nature(token: &[u8]) -> Nature {
    let parts = token.split(|b| !b.is_ascii_alphanumeric() && *b < 0x80).filter(|part| part.len() > 1);
    let natures = parts.map(|part| {
        let digits = part.iter().filter(|b| b.is_ascii_digit()).count();
        if digits == part.len() || (digits == 0 && origin(part) != Origin::Unknown) {
            Nature::Known
        } else if digits > 0 {
            Nature::Code
        } else {
            Nature::Own
        }
    });
    natures.max().unwrap_or(Nature::Known)
}

#[inline]
fn is_token_byte(b: u8) -> bool {
    static TOKEN: ByteSet = ByteSet::alnum_and(b"-_").and_non_ascii();
    TOKEN.has(b)
}

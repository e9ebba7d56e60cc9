//! Net 3: credentials that are recognised by their own shape. Only where a literal of a rule stands is its pattern
//! tried.

use super::drawn;
use super::edit::Edit;
use super::net::Net;
use super::protect::{is_model, is_number_like, is_placeholder};
use super::rules::{RuleSet, TokenRule};
use crate::literal::{Span, is_name_byte};
use crate::model::id_kind;
use std::sync::Arc;

/// How far behind a literal the rest of its credential may stand.
const NEAR: usize = 256;

/// Finds tokens in a text; they are taken and remembered.
pub(crate) fn find(text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
    let rules = Arc::clone(&net.rules);
    let literals = rules.literals();
    let standing = literals.standing(text);
    let mut past = vec![0; if standing.is_empty() { 0 } else { literals.families() }];
    for one in standing {
        let Some(past) = past.get_mut(usize::from(one.family)) else { continue };
        if one.start >= *past {
            let literal = Span::new(one.start, one.start + usize::from(one.len));
            *past = try_token(text, literal, &rules, usize::from(one.rule), net, edits).unwrap_or(*past);
        }
    }
}

/// Tries a rule where its literal stands; gives where its credential ends.
fn try_token(
    text: &[u8],
    literal: Span,
    rules: &RuleSet,
    index: usize,
    net: &mut Net,
    edits: &mut Vec<Edit>,
) -> Option<usize> {
    let token = rules.tokens().get(index)?;
    // no name has a blank
    let name = memchr::memchr(b' ', literal.of(text)).is_none();
    if token.random && token.beside && name && is_name_of_pair(text, literal.end) {
        return None;
    }
    let (whole, span) = if token.marker.is_some() {
        around_marker(text, literal, token)?
    } else if token.anywhere || begins_token(text, literal.start) {
        matched(text, literal.start, token)?
    } else {
        return None;
    };
    let value = span.of(text);
    if is_placeholder(value)
        || (token.random && (!looks_random(value) || is_traced(value)))
        || (token.basic && !is_basic(value))
    {
        return None;
    }
    net.secret(text, span, token.rule, edits);
    Some(whole.end)
}

/// Whether a colon or an equals sign follows the name of which something ends at `at`: a pair is seen as one.
fn is_name_of_pair(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let name = rest.iter().take(NEAR).take_while(|b| is_name_byte(**b)).count();
    let mut behind = rest.iter().skip(name).take(NEAR).skip_while(|b| matches!(b, b'"' | b'\'' | b'`' | b'\\' | b' '));
    matches!(behind.next(), Some(b':' | b'='))
}

/// Matches the pattern at `start`: the whole of it, and the part that goes.
fn matched(text: &[u8], start: usize, token: &TokenRule) -> Option<(Span, Span)> {
    let rest = text.get(start..)?;
    if !token.beside {
        let whole = Span::from(token.regex().find(rest)?.range()).shifted(start);
        return Some((whole, whole));
    }
    let captures = token.regex().captures(rest)?;
    let whole = Span::from(captures.get(0)?.range()).shifted(start);
    let part = captures.iter().skip(1).flatten().next().map_or(whole, |m| Span::from(m.range()).shifted(start));
    Some((whole, part))
}

/// Matches the pattern around its marker. What can stand before the marker is a run of the rule's own
/// letters, so there is one place to begin.
fn around_marker(text: &[u8], marker: Span, token: &TokenRule) -> Option<(Span, Span)> {
    if let Some(needed) = token.needs {
        let behind = text.get(marker.end..(marker.end + NEAR).min(text.len()))?;
        memchr::memchr(needed, behind)?;
    }
    let before = text.get(marker.start.saturating_sub(token.before)..marker.start)?;
    let run = before.iter().rev().take_while(|b| token.lead.has(**b)).count();
    let mut start = behind_escape(text, marker.start - run, marker.start);
    while start < marker.start && !begins_token(text, start) {
        start += 1;
    }
    let (whole, part) = matched(text, start, token)?;
    (whole.end >= marker.end).then_some((whole, part))
}

/// Whether a token may begin at `at`: not in the middle of a word, unless what looks like its last letter
/// belongs to an escape (`\n`, `\u0026`, `%3D`). Dashes and underscores that begin a word are emphasis or a flag's.
pub(crate) fn begins_token(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let dashes = before.iter().rev().take(8).take_while(|b| matches!(b, b'_' | b'-')).count();
    let before = before.get(..before.len() - dashes).unwrap_or_default();
    before.last().is_none_or(|b| !b.is_ascii_alphanumeric()) || escape_before(before) > 0
}

/// The length of the escape that `before` ends with, 0 where it ends with none.
pub(crate) fn escape_before(before: &[u8]) -> usize {
    let ends = |n: usize| before.get(before.len().wrapping_sub(n)..).unwrap_or_default();
    let hex = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
    match (ends(2), ends(4), ends(6)) {
        ([b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'v'], _, _) => 2,
        (_, [b'\\', b'x', digits @ ..], _) if hex(digits) => 4,
        (_, _, [b'\\', b'u', digits @ ..]) if hex(digits) => 6,
        ([.., b'm'], _, _) => drawn::colour_before(before),
        ([a, b], _, _) if hex(&[*a, *b]) => percent_before(before),
        _ => 0,
    }
}

/// Where a run of letters from `start` to `end` begins, without those that an escape ends with: `\nmaria`.
pub(crate) fn behind_escape(text: &[u8], start: usize, end: usize) -> usize {
    let in_escape = |n: &usize| text.get(..start + n).is_some_and(|before| escape_before(before) > *n);
    start + (1..=5.min(end - start)).rev().find(in_escape).unwrap_or(0)
}

/// `%3D`, also encoded more than once: `%253D`.
fn percent_before(before: &[u8]) -> usize {
    let mut digits = 2;
    while before.get(..before.len() - digits).is_some_and(|head| head.ends_with(b"25")) {
        digits += 2;
    }
    let percent = before.get(..before.len() - digits).is_some_and(|head| head.ends_with(b"%"));
    if percent { digits + 1 } else { 0 }
}

/// Whether a token looks drawn rather than written: digits among letters, or changes of case without end.
fn looks_random(token: &[u8]) -> bool {
    let class = |b: &u8| match b {
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 3,
        _ => 0,
    };
    let digits = token.iter().filter(|b| b.is_ascii_digit()).count();
    let upper = token.iter().any(u8::is_ascii_uppercase) || token.contains(&b'_');
    let runs = token.split(|b| !b.is_ascii_digit()).filter(|run| !run.is_empty()).count();
    let changes =
        token.windows(2).filter(|w| class(&w[0]) != class(&w[1]) && class(&w[0]) != 0 && class(&w[1]) != 0).count();
    (digits > 0 && (upper || runs > 1)) || changes >= 6
}

/// Random too, but what support traces by, or a fact.
fn is_traced(value: &[u8]) -> bool {
    id_kind(value).is_some() || is_model(value) || is_number_like(value)
}

/// Whether base64 decodes to `user:password`.
fn is_basic(base64: &[u8]) -> bool {
    super::scan::base64::decode(base64)
        .is_some_and(|text| text.contains(&b':') && text.iter().all(|b| (0x20..0x7F).contains(b) || *b >= 0x80))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn taken(text: &str) -> Vec<String> {
        let mut net = Net::new(RuleSet::builtin(), Classes::default());
        let mut edits = Vec::new();
        find(text.as_bytes(), &mut net, &mut edits);
        super::super::edit::settle(&mut edits);
        edits.iter().map(|e| String::from_utf8_lossy(e.span.of(text.as_bytes())).into_owned()).collect()
    }

    #[test]
    fn escapes_are_no_part_of_a_word() {
        let key = format!("ghp_{}", "aB3".repeat(12));
        for text in [format!(r"token:\n{key}"), format!(r"x\u0026{key}"), format!("k%3D{key}"), format!("({key})")] {
            assert_eq!(taken(&text), std::slice::from_ref(&key), "{text}");
        }
        assert!(taken(&format!("a{key}")).is_empty());
    }

    #[test]
    fn words_with_a_keys_beginning_stay() {
        assert!(taken("the task-notification and sk-notification-center-view, risk-free").is_empty());
    }

    #[test]
    fn passwords_in_urls_end_at_the_last_at_sign() {
        assert_eq!(taken("http://svc-falcon:eJCg!k4@Sf$V9@proxy.corp.example:3128"), ["eJCg!k4@Sf$V9"]);
        assert!(taken("https://api.anthropic.com:443/v1/messages?a=b@c").is_empty());
    }
}

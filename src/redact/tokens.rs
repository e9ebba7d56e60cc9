//! Net 3: credentials that are recognised by their own shape.
//!
//! Every literal by which a rule is known is told by its first three bytes well enough: one pass over the
//! text looks each three up in a small table, and only where a literal stands is a pattern tried.

use super::edit::Edit;
use super::hash::Quick;
use super::net::Net;
use super::protect::{is_model, is_number_like, is_placeholder};
use super::rules::{RuleSet, TokenRule};
use crate::literal::{Span, is_name_byte};
use crate::model::id_kind;
use std::collections::HashMap;
use std::sync::Arc;

/// So many first bytes of a literal are looked up.
const ROOT: usize = 3;
/// Logarithm of the bits of the table of them: 8 KiB.
const TABLE: u32 = 16;
/// How far behind a literal the rest of its credential may stand.
const NEAR: usize = 256;

/// Literals of token rules, ready to be sought.
#[derive(Debug)]
pub(crate) struct Literals {
    /// A bit for the first two bytes of each literal, and for the first three. Most text has neither.
    pairs: Box<[u64; 1 << (u16::BITS - 6)]>,
    table: Box<[u64; 1 << (TABLE - 6)]>,
    roots: HashMap<u32, Root, Quick>,
    /// The numbers of families are below this.
    families: usize,
}

/// Literals that begin alike. The longest that stands decides.
#[derive(Debug, Default)]
struct Root(Vec<Family>);

/// Those of them that are sought in one go: what one finds hides what another may find in it.
#[derive(Debug)]
struct Family {
    number: usize,
    turn: Turn,
    /// The longest first, with the index of its rule.
    literals: Vec<(String, usize)>,
}

/// The order in which rules have their say: those that find a credential by what stands beside it first, so
/// that a rule that knows its shape names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    by_shape: bool,
    by_prefix: bool,
}

impl Literals {
    pub fn of(rules: &RuleSet) -> Self {
        let (pairs, table) = (Box::new([0; 1 << (u16::BITS - 6)]), Box::new([0; 1 << (TABLE - 6)]));
        let mut found = Self { pairs, table, roots: HashMap::default(), families: 0 };
        for (index, token) in rules.tokens().iter().enumerate() {
            if let Some(literal) = &token.marker {
                found.add(literal, index, Turn { by_shape: !token.beside, by_prefix: false });
            }
            for literal in &token.prefixes {
                found.add(literal, index, Turn { by_shape: !token.beside, by_prefix: true });
            }
        }
        found
    }

    fn add(&mut self, literal: &str, index: usize, turn: Turn) {
        self.families += 1;
        match *literal.as_bytes() {
            [a, b] => (0..=u8::MAX).for_each(|c| self.add_root([a, b, c], literal, index, turn)),
            [a, b, c, ..] => self.add_root([a, b, c], literal, index, turn),
            _ => {}
        }
    }

    fn add_root(&mut self, root: [u8; ROOT], literal: &str, index: usize, turn: Turn) {
        let [a, b, c] = root;
        let root = u32::from_le_bytes([a, b, c, 0]);
        let (word, bit) = place(root);
        if let Some(word) = self.table.get_mut(word) {
            *word |= bit;
        }
        let pair = u16::from_le_bytes([a, b]);
        if let Some(word) = self.pairs.get_mut(usize::from(pair >> 6)) {
            *word |= 1 << (pair & 63);
        }
        let families = &mut self.roots.entry(root).or_default().0;
        let literal = (literal.to_owned(), index);
        match families.iter_mut().find(|family| family.turn == turn) {
            Some(family) => {
                family.literals.push(literal);
                family.literals.sort_by_key(|(literal, _)| std::cmp::Reverse(literal.len()));
            }
            None => families.push(Family { number: self.families - 1, turn, literals: vec![literal] }),
        }
    }

    /// Calls `stands` with each place at which a literal may begin.
    #[inline]
    fn each(&self, text: &[u8], mut stands: impl FnMut(usize, u32)) {
        for (at, window) in text.windows(ROOT + 1).enumerate() {
            let Some(four) = window.first_chunk().map(|four| u32::from_le_bytes(*four)) else { continue };
            let (pair, root) = (four as u16, four & 0xFF_FFFF);
            if self.pairs[usize::from(pair >> 6)] & 1 << (pair & 63) != 0 && self.has(root) {
                stands(at, root);
            }
        }
        if let Some([a, b, c]) = text.last_chunk() {
            let root = u32::from_le_bytes([*a, *b, *c, 0]);
            if self.has(root) {
                stands(text.len() - ROOT, root);
            }
        }
    }

    #[inline]
    fn has(&self, root: u32) -> bool {
        let (word, bit) = place(root);
        self.table.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The bit of a root in the table.
#[inline]
fn place(root: u32) -> (usize, u64) {
    let hash = root.wrapping_mul(0x9E37_79B1) >> (32 - TABLE);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// A literal that stands in a text.
struct Standing {
    turn: Turn,
    family: usize,
    literal: Span,
    rule: usize,
}

/// Finds tokens in a text; they are taken and remembered.
pub(crate) fn find(text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
    let rules = Arc::clone(&net.rules);
    let literals = rules.literals();
    let mut standing = Vec::new();
    literals.each(text, |at, root| {
        let rest = text.get(at..).unwrap_or_default();
        for family in literals.roots.get(&root).into_iter().flat_map(|root| &root.0) {
            if let Some((literal, rule)) =
                family.literals.iter().find(|(literal, _)| rest.starts_with(literal.as_bytes()))
            {
                let literal = Span::new(at, at + literal.len());
                standing.push(Standing { turn: family.turn, family: family.number, literal, rule: *rule });
            }
        }
    });
    // stable: in each turn from the first to the last
    standing.sort_by_key(|one| one.turn);
    let mut past = vec![0; if standing.is_empty() { 0 } else { literals.families }];
    for one in standing {
        let Some(past) = past.get_mut(one.family) else { continue };
        if one.literal.start >= *past {
            *past = try_token(text, one.literal, &rules, one.rule, net, edits).unwrap_or(*past);
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
    if token.random && token.beside && is_name_of_pair(text, literal.end) {
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
        ([.., b'm'], _, _) => colour_before(before),
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

/// The end of a colour whose escape is spelled out: `\u001b[31m`, `#033[1;33m`.
fn colour_before(before: &[u8]) -> usize {
    let head = before.get(..before.len() - 1).unwrap_or_default();
    let digits = head.iter().rev().take(12).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    if head.get(..head.len() - digits).is_some_and(|head| head.ends_with(b"[")) { digits + 2 } else { 0 }
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

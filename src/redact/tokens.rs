//! Net 3: credentials that are recognised by their own shape.
//!
//! Speed is a property of the rule set: literal beginnings of four bytes and more are sought together, two
//! dozen at a time, because that is what the vector search takes at full speed; shorter ones alone. Only
//! where a literal stands is a pattern tried.

use super::edit::Edit;
use super::net::Net;
use super::protect::is_placeholder;
use super::rules::{RuleSet, TokenRule};
use crate::literal::Span;
use aho_corasick::packed;
use memchr::memmem;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Literals that are sought together.
const GROUP: usize = 24;
/// Shorter literals spoil the search for all in their group.
const SHORT: usize = 4;
/// Prefixes that share so many bytes are a family.
const ROOT: usize = 3;
/// Larger families are sought by what they share.
const FAMILY: usize = 4;
/// How far behind a literal the rest of its credential may stand.
const NEAR: usize = 256;

/// Literals of token rules, ready to be sought: first those of rules that find a credential by what stands
/// beside it, so that a rule that knows its shape names it.
#[derive(Debug, Default)]
pub(crate) struct Literals(Vec<Search>);

#[derive(Debug)]
enum Search {
    /// Each pattern with the index of its rule.
    Together(packed::Searcher, Vec<usize>),
    /// One literal; it may be the beginning of several prefixes, of which the longest that stands decides.
    Alone(memmem::Finder<'static>, Vec<(String, usize)>),
}

impl Literals {
    pub fn of(rules: &RuleSet) -> Self {
        let tokens = || rules.tokens().iter().enumerate();
        let mut searches = searches(tokens().filter(|(_, t)| t.beside));
        searches.extend(self::searches(tokens().filter(|(_, t)| !t.beside)));
        Self(searches)
    }
}

fn searches<'r>(tokens: impl Iterator<Item = (usize, &'r TokenRule)>) -> Vec<Search> {
    let mut searches = Vec::new();
    let mut families: BTreeMap<&[u8], Vec<(String, usize)>> = BTreeMap::new();
    for (index, token) in tokens {
        if let Some(marker) = &token.marker {
            searches.push(alone(marker.as_bytes(), vec![(marker.clone(), index)]));
        }
        for prefix in &token.prefixes {
            let root = prefix.as_bytes().get(..ROOT).unwrap_or(prefix.as_bytes());
            families.entry(root).or_default().push((prefix.clone(), index));
        }
    }
    let mut together = Vec::new();
    for (root, mut family) in families {
        let short = family.iter().any(|(prefix, _)| prefix.len() < SHORT);
        if short || family.len() >= FAMILY {
            family.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
            searches.push(alone(root, family));
        } else {
            together.append(&mut family);
        }
    }
    for chunk in together.chunks(GROUP) {
        let mut builder = packed::Config::new().match_kind(packed::MatchKind::LeftmostLongest).builder();
        match builder.extend(chunk.iter().map(|(prefix, _)| prefix)).build() {
            Some(search) => searches.push(Search::Together(search, chunk.iter().map(|(_, index)| *index).collect())),
            // processors without the instructions seek each alone
            None => searches.extend(chunk.iter().map(|one| alone(one.0.as_bytes(), vec![one.clone()]))),
        }
    }
    searches
}

fn alone(literal: &[u8], prefixes: Vec<(String, usize)>) -> Search {
    Search::Alone(memmem::Finder::new(literal).into_owned(), prefixes)
}

/// Finds tokens in a text; they are taken and remembered.
pub(crate) fn find(text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
    let rules = Arc::clone(&net.rules);
    for search in &rules.literals().0 {
        match search {
            Search::Alone(finder, prefixes) => {
                let mut past = 0;
                for at in finder.find_iter(text) {
                    if at < past {
                        continue;
                    }
                    let rest = text.get(at..).unwrap_or_default();
                    if let Some((prefix, index)) = prefixes.iter().find(|(prefix, _)| rest.starts_with(prefix.as_bytes())) {
                        let literal = Span::new(at, at + prefix.len());
                        past = try_token(text, literal, &rules, *index, net, edits).unwrap_or(past);
                    }
                }
            }
            Search::Together(search, indices) => {
                let mut past = 0;
                for found in search.find_iter(text) {
                    if let (Some(index), true) = (indices.get(found.pattern().as_usize()), found.start() >= past) {
                        let literal = Span::new(found.start(), found.end());
                        past = try_token(text, literal, &rules, *index, net, edits).unwrap_or(past);
                    }
                }
            }
        }
    }
}

/// Tries a rule where its literal stands; gives where its credential ends.
fn try_token(text: &[u8], literal: Span, rules: &RuleSet, index: usize, net: &mut Net, edits: &mut Vec<Edit>) -> Option<usize> {
    let token = rules.tokens().get(index)?;
    let (whole, span) = if token.marker.is_some() {
        around_marker(text, literal, token)?
    } else if token.anywhere || begins_token(text, literal.start) {
        matched(text, literal.start, token)?
    } else {
        return None;
    };
    let value = span.of(text);
    if is_placeholder(value) || (token.random && !looks_random(value)) || (token.basic && !is_basic(value)) {
        return None;
    }
    net.secret(text, span, token.rule, edits);
    Some(whole.end)
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
    let mut start = marker.start - run;
    // the first of these letters may be an escape's
    while start < marker.start && !begins_token(text, start) {
        start += 1;
    }
    let (whole, part) = matched(text, start, token)?;
    (whole.end >= marker.end).then_some((whole, part))
}

/// Whether a token may begin at `at`: not in the middle of a word, unless what looks like its last letter
/// belongs to an escape (`\n`, `\u0026`, `%3D`).
pub(crate) fn begins_token(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    match before.last() {
        Some(b) if b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') => escape_before(before) > 0,
        _ => true,
    }
}

/// The length of the escape that `before` ends with, 0 where it ends with none.
pub(crate) fn escape_before(before: &[u8]) -> usize {
    let ends = |n: usize| before.get(before.len().wrapping_sub(n)..).unwrap_or_default();
    match (ends(2), ends(3), ends(6)) {
        ([b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'v'], _, _) => 2,
        (_, [b'%', a, b], _) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => 3,
        (_, _, [b'\\', b'u', rest @ ..]) if rest.iter().all(u8::is_ascii_hexdigit) => 6,
        _ => 0,
    }
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
    let changes = token.windows(2).filter(|w| class(&w[0]) != class(&w[1]) && class(&w[0]) != 0 && class(&w[1]) != 0).count();
    (digits > 0 && (upper || runs > 1)) || changes >= 6
}

/// Whether base64 decodes to `user:password`.
fn is_basic(base64: &[u8]) -> bool {
    super::scan::base64::decode(base64).is_some_and(|text| text.contains(&b':') && text.iter().all(|b| (0x20..0x7F).contains(b) || *b >= 0x80))
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
            assert_eq!(taken(&text), [key.clone()], "{text}");
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

//! What all nets share: the rules, which classes are switched on, and what is to be remembered.

use super::class::Classes;
use super::echo::{Label, Lessons};
use super::edit::{Edit, What};
use super::hash::{SPREAD, mix};
use super::protect::says_nothing;
use super::recent::Recent;
use super::rules::{RuleId, RuleSet, UseId};
use super::vocabulary::Tally;
use crate::literal::Span;
use std::sync::Arc;

/// Texts of fewer bytes may be too short to be found by their parts.
const SHORT_TEXT: usize = 32;

/// The ids of rules whose grammar is code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Builtin {
    pub private_key: RuleId,
    pub email: RuleId,
    pub phone: RuleId,
    pub card: RuleId,
    pub ssn: RuleId,
    pub home: RuleId,
    pub account: RuleId,
    pub ip: RuleId,
    pub quoted: RuleId,
    pub bare: RuleId,
    pub strict: RuleId,
    pub beside: RuleId,
}

impl Builtin {
    fn of(rules: &RuleSet) -> Self {
        let id = |name| rules.find(name).unwrap_or(RuleId(u16::MAX));
        Self {
            private_key: id("private-key"),
            email: id("email-address"),
            phone: id("phone-number"),
            card: id("card-number"),
            ssn: id("ssn-number"),
            home: id("home-folder"),
            account: id("account-number"),
            ip: id("ip-address"),
            quoted: id("quoted-prose"),
            bare: id("bare-prose"),
            strict: id("strict"),
            beside: id("secret-beside"),
        }
    }
}

/// What the nets of one run share.
#[derive(Debug)]
pub(crate) struct Net {
    pub rules: Arc<RuleSet>,
    pub classes: Classes,
    /// What was taken and is not in the memory yet.
    pub lessons: Lessons,
    pub builtin: Builtin,
    names: Recent,
    /// Whether what is taken is also remembered.
    pub learning: bool,
}

impl Net {
    pub fn new(rules: Arc<RuleSet>, classes: Classes) -> Self {
        let builtin = Builtin::of(&rules);
        Self { rules, classes, lessons: Lessons::default(), builtin, names: Recent::default(), learning: true }
    }

    /// The same with nothing to remember, for another thread.
    pub fn beside(&self) -> Self {
        Self { rules: Arc::clone(&self.rules), lessons: Lessons::default(), names: Recent::default(), ..*self }
    }

    /// The same for text that was read before.
    pub fn reading_again(&self) -> Self {
        Self { learning: false, ..self.beside() }
    }

    /// What a name says about its value; `None` for most names.
    pub fn name(&mut self, name: &[u8]) -> Option<UseId> {
        self.names.name(name, &self.rules)
    }

    /// Whether a rule's class is taken.
    pub fn on(&self, rule: RuleId) -> bool {
        self.rules.is_on(rule, self.classes)
    }

    /// Takes a credential, and remembers it.
    pub fn secret(&mut self, text: &[u8], span: Span, rule: RuleId, edits: &mut Vec<Edit>) {
        if span.is_empty() || !self.on(rule) {
            return;
        }
        let what = What::Secret(secret_hash(span.of(text)));
        if self.learning {
            self.lessons.secret(span.of(text), Label { rule, what });
        }
        edits.push(Edit::new(span, rule, what));
    }

    /// Takes text of a prompt or a completion, and remembers it.
    pub fn text(&mut self, text: &[u8], span: Span, rule: RuleId, edits: &mut Vec<Edit>) {
        if span.is_empty() || !self.on(rule) {
            return;
        }
        let value = span.of(text);
        if says_nothing(value, &self.rules) {
            return;
        }
        let what = What::Text(chars(value));
        if self.learning {
            self.lessons.text(value);
        }
        if self.learning && (is_word(value) && Tally::of(value).unknown > 0 || is_code(value)) {
            self.lessons.secret(value, Label { rule, what });
        }
        edits.push(Edit::new(span, rule, what));
    }
}

/// A text too short to be known by its parts is sought whole. What ends with punctuation or a blank, as each word of a
/// stream does, would have no end: beside it may stand what was taken, and is not seen any more.
fn is_word(value: &[u8]) -> bool {
    let ends = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    value.len() < SHORT_TEXT && ends(value.first()) && ends(value.last())
}

/// Such a text that is nobody else's.
fn is_code(value: &[u8]) -> bool {
    value.len() < SHORT_TEXT
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Equal for equal credentials in whatever spelling: letters and digits decide, or all bytes where there
/// are hardly any.
pub(crate) fn secret_hash(value: &[u8]) -> u64 {
    let step = |hash: u64, b: &u8| (hash ^ u64::from(*b)).wrapping_mul(SPREAD).rotate_left(29);
    let letters = || value.iter().filter(|b| b.is_ascii_alphanumeric());
    mix(if letters().nth(3).is_some() { letters().fold(0, step) } else { value.iter().fold(1, step) })
}

/// How many characters an escaped text stands for.
pub(crate) fn chars(text: &[u8]) -> u32 {
    // bytes that begin a character, less what escapes take beyond one
    let starts = text.iter().filter(|b| (**b as i8) >= -0x40).count();
    let mut extra = 0;
    let mut at = 0;
    while let Some(slash) = memchr::memchr(b'\\', text.get(at..).unwrap_or_default()) {
        at += slash;
        let len = match text.get(at + 1) {
            Some(b'u') => 6,
            Some(b'x') => 4,
            Some(_) => 2,
            None => 1,
        };
        extra += len - 1;
        at += len;
    }
    (starts.saturating_sub(extra)).max(1) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_count_as_one() {
        assert_eq!(chars("naïve".as_bytes()), 5);
        assert_eq!(chars(br"na\u00efve\n"), 6);
    }

    #[test]
    fn one_secret_has_one_hash_in_every_spelling() {
        assert_eq!(secret_hash(b"abc/def+1"), secret_hash(br"abc\/def+1"));
        assert_ne!(secret_hash(b"abcdef1"), secret_hash(b"abcdef2"));
    }
}

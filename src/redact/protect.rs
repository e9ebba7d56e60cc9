//! What is never taken: identifiers, facts, what is already redacted, and messages that everybody knows.

use super::edit::Media;
use super::rules::RuleSet;
use crate::literal::{ByteSet, trim};
use crate::model::is_opaque_id;
use std::sync::OnceLock;

/// The longest mask: SDKs put a star for every character of a key.
const MAX_PLACEHOLDER: usize = 256;

/// Whether a value stands for nothing or was taken out before: `***`, `<redacted>`, `$VAR`, `[text 5 chars]`.
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    let value = trim(value);
    if value.len() > MAX_PLACEHOLDER {
        return false;
    }
    if value.is_empty() || is_constant(value) || is_elided(value) {
        return true;
    }
    match (value.first(), value.last()) {
        (Some(b'<'), Some(b'>')) => value.len() <= 64,
        // `{api_key}`, `{{ token }}`; an object is none
        (Some(b'{'), Some(b'}')) => {
            value.len() <= 64
                && value
                    .iter()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b' ' | b'{' | b'}'))
        }
        (Some(b'['), Some(b']')) => value.len() <= 64 && !value.contains(&b'"') && !value.contains(&b'\''),
        (Some(b'$'), _) => value
            .iter()
            .skip(1)
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'{' | b'}' | b'(' | b')' | b' ')),
        (Some(b'%'), Some(b'%')) => true,
        _ => false,
    }
}

/// Whether a bracket begins what redaction put in place of something: `[anthropic-key#1]`, `[text 532 chars]`.
pub(crate) fn is_replacement(text: &[u8], rules: &RuleSet) -> bool {
    replacement_len(text, rules).is_some()
}

/// The length of what redaction put there, brackets and all.
fn replacement_len(text: &[u8], rules: &RuleSet) -> Option<usize> {
    // most brackets hold the number of a process, a text, an object
    let rest = text.strip_prefix(b"[").filter(|rest| rest.first().is_some_and(u8::is_ascii_alphabetic))?;
    let end = rest.iter().take(64).position(|b| *b == b']')?;
    let inner = rest.get(..end)?;
    let inner = std::str::from_utf8(inner).ok()?;
    is_of_redaction(inner, rules).then_some(end + 2)
}

fn is_of_redaction(inner: &str, rules: &RuleSet) -> bool {
    let sized = |unit: &str| {
        let (media, size) = inner.strip_suffix(unit)?.rsplit_once(' ')?;
        Some(Media::is_name(media) && size.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    };
    let counted = |what: &str| {
        inner
            .strip_prefix(what)
            .and_then(|n| n.strip_suffix(" chars"))
            .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
    };
    match inner.split_once('#') {
        Some((rule, number)) => number.bytes().all(|b| b.is_ascii_hexdigit()) && rules.find(rule).is_some(),
        None => {
            counted("text ")
                || counted("tool input ")
                || matches!(inner, "tool input" | "withheld")
                || rules.find(inner).is_some()
                || sized(" B").or_else(|| sized(" KB")).unwrap_or(false)
        }
    }
}

/// Whether a text says nothing any more: it is punctuation, what redaction left, and identifiers.
pub(crate) fn says_nothing(text: &[u8], rules: &RuleSet) -> bool {
    const WORD: usize = 96;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let word = rest.iter().take(WORD).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
        at += match rest {
            [b'[', ..] => replacement_len(rest, rules).unwrap_or(1),
            [b'\\', b'n' | b'r' | b't', ..] => 2,
            // lines of a box
            [0xE2, 0x94 | 0x95, _, ..] => 3,
            // of a text that was cut, so much more
            [b'+', digits @ ..] if digits.first().is_some_and(u8::is_ascii_digit) => {
                1 + digits.iter().take_while(|b| b.is_ascii_digit()).count()
            }
            [b, ..] if *b >= 0x80 => return false,
            _ if word == 0 => 1,
            _ if rest
                .get(..word)
                .is_some_and(|word| is_opaque_id(word) || !word.iter().any(u8::is_ascii_alphanumeric)) =>
            {
                word
            }
            _ => return false,
        };
    }
    true
}

fn is_constant(value: &[u8]) -> bool {
    let mut lower = [0; 9];
    let Some(lower) = lower.get_mut(..value.len()) else { return false };
    lower.copy_from_slice(value);
    lower.make_ascii_lowercase();
    matches!(
        &*lower,
        b"null"
            | b"none"
            | b"nil"
            | b"undefined"
            | b"true"
            | b"false"
            | b"redacted"
            | b"filtered"
            | b"hidden"
            | b"masked"
            | b"secret"
            | b"unset"
            | b"missing"
            | b"invalid"
            | b"expired"
            | b"required"
            | b"yes"
            | b"no"
            | b"n/a"
            | b"na"
            | b"empty"
            | b"unknown"
            | b"default"
            | b"anonymous"
            | b"nan"
            | b"[]"
            | b"{}"
    )
}

/// `***`, `sk****AA`, `xxxxxxxx`, `...`: mostly characters that stand for others. Up to 12 real ones may
/// stand around them, as SDKs leave them.
fn is_elided(value: &[u8]) -> bool {
    // of a long text the beginning tells
    let real = value.iter().take(64).filter(|b| b.is_ascii() && !matches!(b, b'*' | b'.' | b'x' | b'X' | b'-')).count();
    if real > 16 {
        return false;
    }
    let masks =
        value.iter().filter(|b| matches!(b, b'*' | b'.')).count() + 3 * value.iter().filter(|b| **b == 0xE2).count();
    if masks >= 3 {
        let runs = longest_run(value, |b| matches!(b, b'*' | b'.')) >= 3 || value.contains(&0xE2);
        return runs && value.len().saturating_sub(masks) <= 16;
    }
    value.len() >= 4 && value.iter().all(|b| matches!(b, b'x' | b'X' | b'-'))
}

fn longest_run(text: &[u8], of: impl Fn(u8) -> bool) -> usize {
    text.split(|b| !of(*b)).map(<[u8]>::len).max().unwrap_or(0)
}

/// Whether a value is a fact that stays wherever it stands: an identifier, a model, a number, a time, a
/// media type.
pub(crate) fn is_protected(value: &[u8]) -> bool {
    let value = trim(value);
    is_opaque_id(value) || is_model(value) || is_number_like(value) || is_media_type(value)
}

/// A model's name: a family that everybody knows and words of digits, letters and dashes after it.
pub(crate) fn is_model(value: &[u8]) -> bool {
    const FAMILIES: &[&str] = &[
        "claude-",
        "gpt-",
        "o1",
        "o3",
        "o4-",
        "chatgpt-",
        "gemini-",
        "gemma-",
        "mistral-",
        "mixtral-",
        "codestral-",
        "deepseek-",
        "command-",
        "llama-",
        "llama3",
        "grok-",
        "qwen",
        "titan-",
        "nova-",
        "text-embedding-",
        "sonar",
        "phi-",
        "kimi-",
        "glm-",
    ];
    if value.len() > 96
        || !value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':' | b'@' | b'/'))
    {
        return false;
    }
    // routes stand before the family: `anthropic/`, `us.anthropic.`, `models/`
    let name = value.rsplit(|b| *b == b'/').next().unwrap_or(value);
    let family = |name: &[u8]| {
        let digit = name.iter().any(u8::is_ascii_digit);
        let begins = |f: &&str| name.get(..f.len()).is_some_and(|head| head.eq_ignore_ascii_case(f.as_bytes()));
        // hubs write families with capitals, and so do sentences
        let lower = name.first().is_some_and(u8::is_ascii_lowercase);
        FAMILIES.iter().any(begins) && (digit || lower && name.contains(&b'-'))
    };
    family(name) || name.split(|b| *b == b'.').any(family)
}

/// Numbers, versions, times: digits and what stands between them.
pub(crate) fn is_number_like(value: &[u8]) -> bool {
    static NUMBER: ByteSet = ByteSet::of(b"0123456789.,:-+/ TZvsme%");
    value.len() <= 40 && value.iter().all(|b| NUMBER.has(*b)) && value.iter().any(u8::is_ascii_digit)
}

fn is_media_type(value: &[u8]) -> bool {
    const KINDS: &[&[u8]] = &[b"image", b"text", b"application", b"audio", b"video", b"multipart", b"font"];
    value.len() <= 80
        && value
            .iter()
            .position(|b| *b == b'/')
            .is_some_and(|slash| value.get(..slash).is_some_and(|kind| KINDS.contains(&kind)))
}

/// Whether a text begins as a log record does: then it is one, whatever words stand in it.
pub(crate) fn looks_like_record(text: &[u8]) -> bool {
    let text = trim(text);
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let dated = digits >= 2 && matches!(text.get(digits), Some(b'-' | b':' | b'/'));
    const HEADS: &[&[u8]] = &[
        b"[",
        b"Traceback",
        b"{",
        b"<",
        b"event:",
        b"data:",
        b"HTTP/",
        b"POST ",
        b"GET ",
        b"INFO",
        b"DEBUG",
        b"ERROR",
        b"WARN",
        b"API Error",
    ];
    dated || HEADS.iter().any(|head| text.starts_with(head))
}

/// Whether a text is, or begins with, a message that an API, an SDK or an HTTP stack is known to print.
pub(crate) fn is_known_message(text: &[u8]) -> bool {
    let text = trim(text);
    text.first().is_some_and(|first| messages()[usize::from(*first)].iter().any(|m| m.starts(text)))
}

#[derive(Debug)]
struct Message(Vec<&'static [u8]>);

impl Message {
    /// Whether the text begins with the message; a `*` in it takes a run without blanks.
    fn starts(&self, text: &[u8]) -> bool {
        let mut rest = text;
        for (i, part) in self.0.iter().enumerate() {
            if i > 0 {
                let taken = rest.iter().take_while(|b| !b.is_ascii_whitespace()).count();
                rest = rest.get(taken..).unwrap_or_default();
            }
            match without(rest, part) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.len() <= 4 || text.len() - rest.len() >= 16
    }
}

/// What is left of a text behind its beginning; an apostrophe may be a printer's, also escaped.
fn without<'t>(text: &'t [u8], beginning: &[u8]) -> Option<&'t [u8]> {
    let mut rest = text;
    let mut runs = beginning.split(|b| *b == b'\'');
    rest = rest.strip_prefix(runs.next()?)?;
    for run in runs {
        let apostrophes = [b"'".as_slice(), "’".as_bytes(), b"\\'", b"\\u2019"];
        rest = apostrophes.iter().find_map(|apostrophe| rest.strip_prefix(*apostrophe))?.strip_prefix(run)?;
    }
    Some(rest)
}

/// The messages by their first byte, which stands for itself in all of them.
fn messages() -> &'static [Vec<Message>; 256] {
    static MESSAGES: OnceLock<Box<[Vec<Message>; 256]>> = OnceLock::new();
    MESSAGES.get_or_init(|| {
        let mut by_first = Box::new([const { Vec::new() }; 256]);
        for line in include_str!("../../rules/messages.txt").lines().filter(|line| !line.starts_with('#')) {
            if let Some(first) = line.as_bytes().first() {
                by_first[usize::from(*first)].push(Message(line.as_bytes().split(|b| *b == b'*').collect()));
            }
        }
        by_first
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_already_is_seen() {
        for value in [
            "***",
            "[REDACTED]",
            "<YOUR_API_KEY>",
            "$ANTHROPIC_API_KEY",
            "${TOKEN}",
            "sk****AA",
            "[text 532 chars]",
            "[anthropic-key#1]",
            "None",
            "",
            "xxxx",
            "[secure]",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
        for value in ["hunter2hunter2", "a.b.c", "eyJhbGci.eyJzdWIi.c2ln"] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn what_is_left_says_nothing() {
        let rules = RuleSet::builtin();
        for text in [
            "}],   ",
            "[text 9 chars]  │ │",
            "[image/png 1.2 KB]",
            "+26 │",
            r"[cookie#2]\n",
            "[text 7 chars]msg_01PZKD47unmE4uugM6VcQPse[tool input]",
        ] {
            assert!(says_nothing(text.as_bytes(), &rules), "{text}");
        }
        for text in ["[text 9 chars] and Maria", "26", "秘密", "[text nine chars]", "[image/odd 1 B]", "a"] {
            assert!(!says_nothing(text.as_bytes(), &rules), "{text}");
        }
    }

    #[test]
    fn facts_stay() {
        for value in [
            "claude-sonnet-4-5-20250929",
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "gpt-4.1-2025-04-14",
            "anthropic/claude-sonnet-5",
            "image/png",
            "2026-11-21 06:26:42",
            "0.381616",
        ] {
            assert!(is_protected(value.as_bytes()), "{value}");
        }
        for value in ["claude wrote this", "tell me", "hunter2"] {
            assert!(!is_protected(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn known_messages_are_known() {
        assert!(is_known_message(b"Internal server error"));
        assert!(is_known_message(b"prompt is too long: 214873 tokens > 200000 maximum"));
        assert!(!is_known_message(b"the merger is off"));
        assert!(messages().iter().flatten().count() > 30);
        for message in messages().iter().flatten() {
            assert!(is_known_message(&message.0.join(b"anything".as_slice())), "{message:?}");
        }
    }
}

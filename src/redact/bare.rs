//! Lines of prose among the records of a log: what a program printed of a model's answer.
//!
//! They have no name and no quotes, so no net sees them. A line that is neither a record nor part of one
//! and has words that no program prints is treated as under `--strict`: identifiers and numbers in it
//! stay, the words go.

use super::drawn;
use super::edit::Edit;
use super::net::Net;
use super::protect::{is_known_message, looks_like_record};
use super::strict;
use super::vocabulary::Tally;
use crate::literal::{Span, without_padding};

/// Whether the lines before were prose: what follows them up to the next record is part of it.
#[derive(Debug, Default)]
pub(crate) struct Bare {
    open: bool,
    /// Whether the line before stood in a box; what is in it and what is around it are two texts.
    boxed: bool,
}

impl Bare {
    /// Takes the words of such lines in the next piece of a stream.
    pub fn find(&mut self, text: &[u8], net: &Net, edits: &mut Vec<Edit>) {
        let rule = net.builtin.bare;
        if !net.on(rule) {
            return;
        }
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let end = at + memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
            let line = Span::new(at, end);
            let (content, boxed) = unboxed(line.of(text).trim_ascii_end());
            self.open &= boxed == self.boxed;
            self.boxed = boxed;
            let prose = is_bare_prose(content);
            // in a box stand code and values, and some prose
            let goes_on = goes_on(content) && (!boxed || content.first().is_some_and(u8::is_ascii_alphabetic));
            if prose || (self.open && goes_on) {
                strict::find(text, line, rule, &net.rules, edits);
            }
            self.open = prose || (self.open && (content.is_empty() || goes_on));
            at = end;
        }
    }
}

/// What stands in a line of a box, or of boxes in one another, and whether it is one.
fn unboxed(line: &[u8]) -> (&[u8], bool) {
    let mut content = line;
    while let edge @ 1.. = drawn::lines(content.trim_ascii_start()) {
        content = content.trim_ascii_start().get(edge..).unwrap_or_default();
    }
    let boxed = content.len() < line.len();
    let content = if boxed { without_padding(content) } else { content };
    (content.strip_prefix(b" ").filter(|_| boxed).unwrap_or(content), boxed)
}

/// Whether a line behind prose can belong to it.
fn goes_on(line: &[u8]) -> bool {
    !line.is_empty()
        && !line.starts_with(b" ")
        && !looks_like_record(line)
        && !is_known_message(line)
        && !has_record_shape(line)
}

/// First words of records: levels, and what NODE_DEBUG puts first.
const LEVELS: &[&[u8]] = &[
    b"TRACE",
    b"DEBUG",
    b"INFO",
    b"NOTICE",
    b"WARN",
    b"WARNING",
    b"ERROR",
    b"CRITICAL",
    b"FATAL",
    b"HTTP",
    b"NET",
    b"FETCH",
    b"UNDICI",
    b"TLS",
    b"STREAM",
];

/// Whether a line (without its end) is somebody's prose.
fn is_bare_prose(line: &[u8]) -> bool {
    let first = line.first().copied().unwrap_or(b' ');
    // records begin with a time, a bracket, a level; values and stack frames are indented
    if !(first.is_ascii_alphabetic() || first >= 0x80 || matches!(first, b'-' | b'*')) || line.len() < 16 {
        return false;
    }
    let blanks = line.iter().filter(|b| **b == b' ').count();
    if blanks < 3 || looks_like_record(line) || is_known_message(line) || has_record_shape(line) {
        return false;
    }
    let tally = Tally::of(line);
    tally.words() >= 5 && tally.unknown >= 2 && tally.unknown * 4 >= tally.words()
}

/// `LEVEL:logger:text`, `name=value` pairs, a header, an error's class, a host and a unit, the line of a traceback.
fn has_record_shape(line: &[u8]) -> bool {
    let word = line.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
    let head = line.get(..word).unwrap_or_default();
    let level = LEVELS.contains(&head) || line.starts_with("❱".as_bytes());
    let named = line.get(word) == Some(&b':')
        && (head.ends_with(b"Error") || head.ends_with(b"Exception") || line.get(word + 1).is_some_and(|b| *b != b' '));
    let pairs = memchr::memchr_iter(b'=', line)
        .filter(|at| line.get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_alphanumeric))
        .count()
        >= 2;
    let objects = memchr::memchr2(b'{', b'[', line)
        .is_some_and(|at| line.get(at + 1).is_some_and(|b| matches!(b, b'"' | b'\'' | b' ')));
    level || named || pairs || objects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_prose_and_records_are_records() {
        for line in [
            "The merger stalled because the saffron-lantern audit failed; it is not public yet.",
            "COMPLETION granite-nectar: The merger stalled because the marble-willow",
            "- total: the patient needs a second scan on Friday",
        ] {
            assert!(is_bare_prose(line.as_bytes()), "{line}");
        }
        for line in [
            "Traceback (most recent call last):",
            "During handling of the above exception, another exception occurred:",
            "anthropic.InternalServerError: Error code: 500 - {'type': 'error'}",
            "curl: (28) Operation timed out after 1001 milliseconds with 0 bytes received",
            "The model 'claude-sonnet-4-5-20250929' is deprecated and will reach end-of-life on November 30th, 2026",
            "INFO:     Started server process [23043]",
            "Please migrate to a newer model. Visit https://docs.anthropic.com/en/docs/resources/model-deprecations for more information.",
            "retryRequest error: Error: connect ECONNREFUSED 127.0.0.1:18099",
            "DEBUG:anthropic._base_client:HTTP Response: POST",
        ] {
            assert!(!is_bare_prose(line.as_bytes()), "{line}: {:?}", Tally::of(line.as_bytes()));
        }
    }
}

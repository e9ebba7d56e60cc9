//! An error that somebody pastes: from a terminal that wrapped it in the middle of words, coloured it, drew a
//! frame around it, or of which only the sentence is left.
//!
//! It is read as a log first. Where its lines, joined, tell more, they are read so; where nothing understands
//! it, a status, an error type and an id are looked for in the words.

use super::{Options, read};
use crate::dialect::shared::trouble;
use crate::input::Input;
use crate::model::{AtBasis, Attempt, Call, Clean, IdKind, Outcome, Seen, Trouble, error_kind, id_kind};
use crate::redact::Cleaner;
use std::io::{self, Read};
use std::sync::Arc;

/// More than this is a log, not a paste; it is read as it is.
const LONGEST: u64 = 256 << 10;

/// How a paste was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As a log.
    Read,
    /// After its lines were joined.
    Joined,
    /// By words in it.
    Words,
}

/// What a paste tells.
#[derive(Debug)]
pub struct Pasted {
    /// Calls, as of a log.
    pub calls: Vec<Call>,
    /// How it was understood.
    pub how: How,
}

/// Reads a paste.
///
/// # Errors
/// Where the input cannot be read.
pub fn paste(input: &Input, options: &Options) -> io::Result<Pasted> {
    let calls = |input: &Input| read(std::slice::from_ref(input), options).calls;
    let mut best = Pasted { calls: calls(input), how: How::Read };
    let mut text = Vec::new();
    let opened = input.open().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    opened.reader.take(LONGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Ok(best);
    }
    let lines = bare_lines(&text);
    for between in [b"".as_slice(), b" "] {
        let joined = lines.join(between);
        let read = Pasted { calls: calls(&Input::keep(joined.as_slice())?), how: How::Joined };
        if told(&read.calls) > told(&best.calls) {
            best = read;
        }
    }
    let mut clean = Cleaner::new(Arc::clone(&options.policy.rules), options.policy.classes);
    let mut seen = words(&lines.join(b"".as_slice()), &mut clean);
    seen.complete(&words(&lines.join(b" ".as_slice()), &mut clean));
    let by_words = Pasted { calls: vec![call(seen)], how: How::Words };
    Ok(if told(&by_words.calls) > told(&best.calls) { by_words } else { best })
}

/// How much of a failure is known; nothing, where none is.
fn told(calls: &[Call]) -> usize {
    let attempts = calls.iter().flat_map(|c| &c.attempts).filter(|a| a.seen.failed());
    let of = |a: &Attempt| {
        let seen = &a.seen;
        let named = [seen.error_type.is_some() || seen.trouble.is_some(), seen.status.is_some()];
        // the end of a line cuts a type off, and the cause of a lost connection stands on a line of its own
        let known = seen.error_type.as_ref().is_some_and(|kind| error_kind(kind.as_str()).is_some())
            || seen.trouble.is_some_and(|trouble| trouble != Trouble::NoResponse);
        1 + 2 * named.iter().filter(|n| **n).count() + usize::from(seen.request_id.is_some()) + usize::from(known)
    };
    attempts.map(of).max().unwrap_or(0)
}

/// The lines without colours, frames and the blanks that a terminal puts before what it wraps.
fn bare_lines(text: &[u8]) -> Vec<Vec<u8>> {
    let lines = text.split(|b| *b == b'\n').map(|line| {
        let line = String::from_utf8_lossy(&without_colours(line)).into_owned();
        let framed =
            |c: char| matches!(c, '│' | '┃' | '║' | '⎿' | '●' | '>' | '╭' | '╰' | '╮' | '╯' | '─') || c.is_whitespace();
        line.trim_start_matches(framed).trim_end_matches(['│', '┃', '║', '\r', '\n']).trim_end().as_bytes().to_vec()
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// Without `ESC [ … letter`.
fn without_colours(line: &[u8]) -> Vec<u8> {
    let mut bare = Vec::with_capacity(line.len());
    let mut bytes = line.iter().copied();
    while let Some(b) = bytes.next() {
        if b != 0x1b {
            bare.push(b);
            continue;
        }
        if bytes.next() == Some(b'[') {
            bytes.by_ref().find(|b| (0x40..0x7f).contains(b));
        }
    }
    bare
}

/// A status, an error type and an id among the words of a text.
fn words(text: &[u8], clean: &mut Cleaner) -> Seen {
    let mut seen = Seen::default();
    let mut before = [b"".as_slice(); 3];
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    for word in text.split(|b| !is_part(b)).filter(|w| !w.is_empty()) {
        let word = word.strip_suffix(b".").unwrap_or(word);
        if seen.request_id.is_none() && id_kind(word) == Some(IdKind::ProviderRequest) {
            seen.request_id = clean.request_id(word);
        }
        seen.error_type = seen.error_type.take().or_else(|| error_type(word, clean));
        seen.status = seen.status.or_else(|| status(word).filter(|_| before.iter().any(|w| announces(w))));
        // `502 Bad Gateway`
        seen.status = seen.status.or_else(|| status(before[2]).filter(|status| is_reason(*status, word)));
        before = [before[1], before[2], word];
    }
    seen.marks.html = memchr::memmem::find(&text.to_ascii_lowercase(), b"<html").is_some();
    if seen.status.is_none() && seen.error_type.is_none() {
        seen.trouble = trouble::of(text);
    }
    // an id without an error is no failure
    if seen.trouble.is_some() {
        return seen;
    }
    if seen.status.is_none() && seen.error_type.is_none() { Seen::default() } else { seen }
}

fn status(word: &[u8]) -> Option<u16> {
    let number = std::str::from_utf8(word).ok().filter(|w| w.len() == 3)?.parse().ok()?;
    (400..600).contains(&number).then_some(number)
}

/// Whether a word behind a number makes it a status: it begins the phrase that HTTP gives to that one.
fn is_reason(status: u16, word: &[u8]) -> bool {
    const PHRASES: [(u16, &[u8]); 18] = [
        (400, b"Bad"),
        (401, b"Unauthorized"),
        (402, b"Payment"),
        (403, b"Forbidden"),
        (404, b"Not"),
        (405, b"Method"),
        (407, b"Proxy"),
        (408, b"Request"),
        (413, b"Request"),
        (413, b"Payload"),
        (413, b"Content"),
        (422, b"Unprocessable"),
        (429, b"Too"),
        (500, b"Internal"),
        (502, b"Bad"),
        (503, b"Service"),
        (504, b"Gateway"),
        (529, b"Overloaded"),
    ];
    PHRASES.contains(&(status, word))
}

/// Words before a number that make it a status.
fn announces(word: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [b"error", b"status", b"http", b"code", b"statuscode", b"status_code"];
    let word = word.to_ascii_lowercase();
    WORDS.contains(&word.as_slice()) || word.starts_with(b"http") || word.ends_with(b"error")
}

/// A word that can be nothing but a provider's name for an error.
fn error_type(word: &[u8], clean: &mut Cleaner) -> Option<Clean> {
    let text = std::str::from_utf8(word).ok()?;
    let shaped = text.contains('_') || text.ends_with("Exception");
    error_kind(text).filter(|_| shaped)?;
    clean.word(word)
}

fn call(seen: Seen) -> Call {
    let outcome = if seen.failed() { Outcome::Failed } else { Outcome::Unknown };
    let attempt = Attempt {
        at_ms: None,
        at_basis: AtBasis::Unknown,
        clock: None,
        end_ms: None,
        counted: false,
        seen,
        layers: Vec::new(),
        from: Vec::new(),
        parts: Box::default(),
    };
    Call { id: 1, outcome, attempts: vec![attempt], joined_by: Vec::new(), ambiguous: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::branch::Branch;

    fn pasted(text: &str) -> (Branch, Option<String>, How) {
        let pasted = paste(&Input::keep(text.as_bytes()).unwrap(), &Options::default()).unwrap();
        let failed = pasted.calls.iter().flat_map(|c| &c.attempts).rfind(|a| a.seen.failed());
        let branch = failed.map_or(Branch::None, |a| Branch::of(&a.seen));
        (branch, failed.and_then(|a| a.seen.request_id.as_ref()).map(ToString::to_string), pasted.how)
    }

    #[test]
    fn a_wrapped_error_is_joined() {
        let text = "  ⎿ \u{1b}[31mAPI Error: 500 {\"type\":\"error\",\"error\":{\"type\":\"api_\n    error\",\"message\":\"Internal server error\"},\"request_id\":\"req_011Cabcdefgh\n    ijkmnopqrst\"}\u{1b}[0m\n";
        let (branch, id, _) = pasted(text);
        assert_eq!((branch, id.as_deref()), (Branch::ServerError, Some("req_011Cabcdefghijkmnopqrst")));
    }

    #[test]
    fn a_type_that_a_line_end_cuts_is_joined() {
        let text = "2026/11/21 06:41:10 POST \"https://api.anthropic.com/v1/messages\": 504 Gateway Timeout (Request-ID: req_011CWEWhV89EZPQhFDkEjvEo) {\"type\":\"error\",\"error\":{\"type\":\"timeout_err\nor\",\"message\":\"Request timed out\"}}\n";
        let pasted = paste(&Input::keep(text.as_bytes()).unwrap(), &Options::default()).unwrap();
        let types: Vec<_> = pasted.calls.iter().flat_map(|c| &c.attempts).map(|a| a.seen.error_type.clone()).collect();
        assert_eq!(types, [Some(Clean::vouched("timeout_error"))]);
    }

    #[test]
    fn a_cause_above_the_error_is_told() {
        let text = "httpcore.ConnectError: [Errno -3] Temporary failure in name resolution\n\nThe above exception was the direct cause of the following exception:\n\nanthropic.APIConnectionError: Connection error.\n";
        assert_eq!(pasted(text).0, Branch::NoResponse(Trouble::Dns));
    }

    #[test]
    fn words_are_enough() {
        assert_eq!(pasted("the job died, something with overloaded_error again").0, Branch::Overloaded);
        assert_eq!(pasted("Error: connect ECONNREFUSED 192.0.2.1:443").0, Branch::NoResponse(Trouble::Connect));
        assert_eq!(pasted("we get HTTP status 429 from time to time").0, Branch::RateLimited);
        assert_eq!(pasted("<html>\n<h1>502 Bad Gateway</h1>\n<hr>nginx</html>\n").0, Branch::ServerError);
        assert_eq!(pasted("<h1>413 Request Entity Too Large</h1>\n").0, Branch::ClientRequest);
        assert_eq!(pasted("httpx.ProxyError: 407 Proxy Authentication Required").0, Branch::NoResponse(Trouble::Proxy));
        assert_eq!(pasted("You've hit your session limit · resets 3pm").0, Branch::Billing);
    }

    #[test]
    fn money_is_told_in_many_words() {
        let spent = r#"400 {"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."}}"#;
        for text in [spent, "Session limit reached ∙ resets 5pm", "Opus weekly limit reached"] {
            assert_eq!(pasted(text).0, Branch::Billing, "{text}");
        }
    }

    #[test]
    fn what_says_nothing_is_nothing() {
        for text in ["", "hello\n", "it took 500 ms", "req_011Cabcdefghijkmnopqrst"] {
            assert_eq!(pasted(text).0, Branch::None, "{text}");
        }
    }
}

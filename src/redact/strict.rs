//! `--strict`: default-deny.
//!
//! A list of what may stay, by its shape: times, numbers, identifiers, models, hosts, paths of APIs, names
//! before a separator, punctuation, and the words that programs print. Any other run of words becomes
//! `[text 45 chars]`. It knows no format, so it holds on formats that nobody has seen.

use super::drawn;
use super::edit::{Edit, What};
use super::net::chars;
use super::protect::{is_model, is_number_like, is_replacement};
use super::rules::{RuleId, RuleSet};
use super::vocabulary::{Origin, is_library_path, origin};
use crate::literal::Span;
use crate::model::{id_kind, is_opaque_id};

/// A phrase of known words and with at least one of the trade in so many may stay.
const TRADE_SHARE: usize = 3;
/// A phrase of glue alone may stay if it has at most so many letters.
const MAX_GLUE: usize = 15;

/// Takes from a stretch of text what is not known to be harmless.
pub(crate) fn find(text: &[u8], span: Span, rule: RuleId, rules: &RuleSet, edits: &mut Vec<Edit>) {
    let mut phrase = Phrase::default();
    let mut traced = false;
    // `{"name": "X-Correlation-Id", "value": …}`: the name came before
    let mut paired = false;
    let mut at = span.start;
    while at < span.end {
        let rest = Span::new(at, span.end).of(text);
        let Some(&b) = rest.first() else { break };
        let drawn = drawn::colour(rest).max(drawn::lines(rest));
        if drawn > 0 {
            phrase.end(text, rule, edits);
            at += drawn;
        } else if rest.starts_with("\u{feff}".as_bytes()) {
            at += 3;
        } else if b == b'[' && is_replacement(rest, rules) {
            phrase.end(text, rule, edits);
            at += memchr::memchr(b']', rest).map_or(1, |end| end + 1);
        } else if b == b'\\' {
            at = escape(text, at, span.end, &mut phrase, rule, edits);
        } else if !in_token(b) {
            if ends_phrase(text, at) {
                phrase.end(text, rule, edits);
            }
            traced &= matches!(b, b' ' | b'"' | b'\'' | b'=');
            paired &= !matches!(b, b'}' | b']' | b')');
            at += 1;
        } else {
            let len = token_len(rest);
            let token = Span::new(at, at + trimmed(rest, len));
            let identifier = is_identifier(text, token, rules);
            // `('cf-ray', …)`
            let quoted = identifier && quoted_name(text, token);
            if quoted || (traced && is_code(token.of(text))) {
                phrase.end(text, rule, edits);
            } else {
                token_in(text, token, &mut phrase, rule, edits);
            }
            if token.of(text).iter().any(u8::is_ascii_alphanumeric) {
                let name = is_name(text, token);
                traced = name && (identifier || (paired && is_value_name(token.of(text))));
                paired = (paired && name) || (quoted && !name);
            }
            at += len;
        }
    }
    phrase.end(text, rule, edits);
}

/// Whether a name, or it and the word before it, is that of an identifier that people trace by.
fn is_identifier(text: &[u8], token: Span, rules: &RuleSet) -> bool {
    let identifier =
        |span: Span| rules.name(span.of(text)).and_then(|id| rules.usage(id)).is_some_and(|used| used.identifier);
    let before = text.get(..token.start.saturating_sub(1)).unwrap_or_default();
    let word = before.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    identifier(token) || identifier(Span::new(before.len() - word, token.end))
}

/// The name beside which a pair has its value; a token holds the colon behind it too.
fn is_value_name(token: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[b"value", b"Value", b"val", b"stringValue", b"string_value"];
    NAMES.contains(&token)
}

/// Letters and digits with dashes between: the shape of an identifier.
fn is_code(value: &[u8]) -> bool {
    value.len() <= 80
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Bytes of a token: words, identifiers, paths, hosts, times.
fn in_token(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || b >= 0x80
        || matches!(b, b'_' | b'-' | b'.' | b'/' | b':' | b'@' | b'+' | b'%' | b'~' | b'$' | b'*' | b'#')
}

/// The length of the token that a text begins with: up to what is drawn.
fn token_len(rest: &[u8]) -> usize {
    let len = rest.iter().take_while(|b| in_token(**b)).count();
    let token = rest.get(..len).unwrap_or_default();
    drawn::first_line(token).unwrap_or(len)
}

/// A token without the punctuation of the sentence behind it.
fn trimmed(rest: &[u8], len: usize) -> usize {
    let token = rest.get(..len).unwrap_or_default();
    len - token.iter().rev().take_while(|b| matches!(b, b'.' | b':' | b'-')).count().min(len.saturating_sub(1))
}

/// Structure ends a phrase; a comma or a blank does not.
fn ends_phrase(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(b'"' | b'\'' | b'`') => {
            // an apostrophe inside a word is none, but the quote of `b'…'` is
            let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
            let prefix = matches!(text.get(at.wrapping_sub(1)), Some(b'b' | b'r' | b'u' | b'f'))
                && !letter(text.get(at.wrapping_sub(2)));
            prefix || !(letter(text.get(at.wrapping_sub(1))) && letter(text.get(at + 1)))
        }
        Some(b'{' | b'}' | b'[' | b']' | b'(' | b')' | b'<' | b'>' | b'=' | b'|' | b'\n' | b'\t' | b'&' | b'?') => true,
        _ => false,
    }
}

/// An escape: `\n` and the like end nothing in prose; `\u…` is a letter of it.
fn escape(text: &[u8], at: usize, end: usize, phrase: &mut Phrase, rule: RuleId, edits: &mut Vec<Edit>) -> usize {
    let run = Span::new(at, end).of(text).iter().take_while(|b| **b == b'\\').count();
    let after = at + run;
    match text.get(after) {
        Some(b'u') => {
            let span = Span::new(at, (after + 5).min(end));
            phrase.word(span, Origin::Unknown);
            span.end
        }
        Some(b'x') => {
            let span = Span::new(at, (after + 3).min(end));
            phrase.word(span, Origin::Unknown);
            span.end
        }
        Some(b'n' | b't' | b'r' | b'b' | b'f') => after + 1,
        Some(b'"' | b'\'' | b'`') => {
            phrase.end(text, rule, edits);
            after + 1
        }
        _ => after,
    }
}

fn token_in(text: &[u8], token: Span, phrase: &mut Phrase, rule: RuleId, edits: &mut Vec<Edit>) {
    let parts: Vec<Span> = match kind(text, token) {
        // `ThrottlingException:http://…`: each part for itself
        Kind::Word(Origin::Unknown) => split(text, token, b':').collect(),
        // of an address of whoever, only the host is nobody's words
        Kind::Address(host) => [host].into_iter().chain(split(text, Span::new(host.end, token.end), b'/')).collect(),
        _ => vec![token],
    };
    for part in parts {
        match kind(text, part) {
            // punctuation alone is no word
            _ if part.of(text).iter().all(|b| b.is_ascii_punctuation()) => {}
            Kind::Stays | Kind::Address(_) => phrase.end(text, rule, edits),
            Kind::Word(origin) => phrase.word(part, origin),
        }
    }
}

/// The parts of a token, each with what ends it.
fn split(text: &[u8], token: Span, end: u8) -> impl Iterator<Item = Span> {
    let mut at = token.start;
    token.of(text).split_inclusive(move |b| *b == end).map(move |part| {
        at += part.len();
        Span::new(at - part.len(), at)
    })
}

enum Kind {
    /// A fact or a name: it stays, and ends the phrase before it.
    Stays,
    /// So does a host, and what of the path behind it is known.
    Address(Span),
    /// It goes or stays with its phrase.
    Word(Origin),
}

fn kind(text: &[u8], token: Span) -> Kind {
    let value = token.of(text);
    if id_kind(value).is_some() || is_model(value) || is_number_like(value) {
        return Kind::Stays;
    }
    // a code whose letters make no words is nobody's word, and not known either
    let code = value.len() >= 6
        && value.iter().any(u8::is_ascii_digit)
        && words(value).next().is_none()
        && value.iter().any(u8::is_ascii_alphabetic);
    let known = !code && words(value).all(|w| origin(w) != Origin::Unknown);
    if is_name(text, token) && (known || quoted_name(text, token)) {
        return Kind::Stays;
    }
    if is_library_path(value)
        || is_hex(value)
        || is_opaque_id(value)
        || value.rsplit(|b| *b == b':').next().is_some_and(is_opaque_id)
    {
        return Kind::Stays;
    }
    if known {
        let trade = words(value).any(|w| origin(w) == Origin::Trade);
        let address =
            value.iter().any(|b| matches!(b, b'/' | b'_' | b':' | b'@')) || value.iter().any(u8::is_ascii_digit);
        return match (trade, address) {
            (true, true) => Kind::Stays,
            (true, false) => Kind::Word(Origin::Trade),
            _ => Kind::Word(Origin::Glue),
        };
    }
    match host(value).filter(|_| !is_rest(text, token.start)) {
        Some(_) if is_api(value) => Kind::Stays,
        Some(len) => Kind::Address(Span::new(token.start, token.start + len)),
        None => Kind::Word(Origin::Unknown),
    }
}

/// Whether what stands at `at` is the name of a file, or goes on from the line before: the host of an e-mail address
/// that was folded is no host.
fn is_rest(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let margin = before.iter().rev().take_while(|b| matches!(b, b' ' | b'>' | b'|')).count();
    let above = before.get(..before.len() - margin).and_then(|above| above.strip_suffix(b"\n")).unwrap_or_default();
    let above = above.strip_suffix(b"\r").unwrap_or(above);
    before.ends_with(b"\\") || matches!(above.last(), Some(b'=' | b'-' | b'@' | b'.'))
}

/// The words of an identifier, without its digits.
fn words(token: &[u8]) -> impl Iterator<Item = &[u8]> {
    token.split(|b| !b.is_ascii_alphabetic() && *b < 0x80).filter(|w| w.len() > 1)
}

/// Eight or more hexadecimal digits in one case: addresses, short hashes.
fn is_hex(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"0x").unwrap_or(value);
    let lower = digits.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    let upper = digits.iter().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b));
    (8..=64).contains(&digits.len()) && (lower || upper) && digits.iter().filter(|b| b.is_ascii_digit()).count() >= 2
}

/// Whether a separator follows, as after a name.
fn is_name(text: &[u8], token: Span) -> bool {
    let after = text.get(token.end..).unwrap_or_default();
    let skip = after.iter().take_while(|b| matches!(b, b'"' | b'\'' | b'\\')).count();
    let separator = matches!(after.get(skip), Some(b':' | b'='));
    separator
        && token.len() <= 64
        && token.of(text).iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'@' | b'/'))
}

/// Whether a name is quoted as keys are: `"name":`, and has no blanks.
fn quoted_name(text: &[u8], token: Span) -> bool {
    let before = text.get(..token.start).and_then(<[u8]>::last);
    let after = text.get(token.end..).unwrap_or_default();
    matches!(before, Some(b'"' | b'\'')) && matches!(after.iter().find(|b| **b != b'\\'), Some(b'"' | b'\''))
}

/// The length of `api.anthropic.com`, `bedrock-runtime.us-east-1.amazonaws.com:443`, `https://api.anthropic.com` at the
/// beginning of a token.
fn host(value: &[u8]) -> Option<usize> {
    let rest = value.strip_prefix(b"https://").or_else(|| value.strip_prefix(b"http://")).unwrap_or(value);
    let host = rest.split(|b| matches!(b, b'/' | b':')).next()?;
    let top = host.get(memchr::memrchr(b'.', host)? + 1..)?;
    let labels =
        host.split(|b| *b == b'.').all(|l| !l.is_empty() && l.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-'));
    let len = value.len() - rest.len() + rest.iter().take_while(|b| **b != b'/').count();
    (labels && (2..=12).contains(&top.len()) && top.iter().all(u8::is_ascii_lowercase)).then_some(len)
}

/// Whether a URL is an API's: its path has a version, or is Azure's.
fn is_api(url: &[u8]) -> bool {
    let version = |step: &[u8]| matches!(step, [b'v', digit, ..] if digit.is_ascii_digit());
    url.split(|b| *b == b'/').skip(1).any(|step| version(step) || step == b"deployments")
}

/// Words in a row.
#[derive(Debug, Default)]
struct Phrase {
    span: Option<Span>,
    unknown: usize,
    trade: usize,
    glue: usize,
    letters: usize,
}

impl Phrase {
    fn word(&mut self, span: Span, origin: Origin) {
        self.extend(span);
        self.letters += span.len();
        match origin {
            Origin::Unknown => self.unknown += 1,
            Origin::Trade => self.trade += 1,
            Origin::Glue => self.glue += 1,
        }
    }

    fn extend(&mut self, span: Span) {
        match &mut self.span {
            Some(open) => open.end = span.end,
            None => self.span = Some(span),
        }
    }

    fn end(&mut self, text: &[u8], rule: RuleId, edits: &mut Vec<Edit>) {
        let phrase = std::mem::take(self);
        let Some(span) = phrase.span else { return };
        let words = phrase.trade + phrase.glue;
        let harmless = phrase.unknown == 0 && (phrase.trade * TRADE_SHARE >= words || phrase.letters <= MAX_GLUE);
        if !harmless {
            edits.push(Edit::new(span, rule, What::Text(chars(span.of(text)))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::edit::starred;
    use super::*;

    fn strict(text: &str) -> String {
        starred(text, |text, net, edits| {
            let rules = std::sync::Arc::clone(&net.rules);
            find(text, Span::new(0, text.len()), net.builtin.strict, &rules, edits);
        })
    }

    #[test]
    fn what_is_drawn_stays() {
        for escape in ["\u{1b}", r"\u001b", r"\\x1b", "#033", "^["] {
            let line = |text: &str| format!("{escape}[36mapi-1 | {escape}[0m{escape}[1;31mERROR{escape}[0m {text}");
            assert_eq!(strict(&line("the Halcyon merger")), line("*"));
        }
        assert_eq!(strict("│ │ model = 'gpt-4.1' │ Halcyon merger │\n╰───╯"), "│ │ model = 'gpt-4.1' │ * │\n╰───╯");
    }

    #[test]
    fn of_an_address_the_host_stays_and_of_an_api_all() {
        for (text, left) in [
            ("see <https://wiki.corp.test/halcyon-merger>", "see <https://wiki.corp.test/*>"),
            ("https://gw.corp.test/halcyon/v1/messages", "https://gw.corp.test/halcyon/v1/messages"),
            (
                "POST https://x-eu.openai.azure.com/openai/deployments/halcyon/chat",
                "POST https://x-eu.openai.azure.com/openai/deployments/halcyon/chat",
            ),
            (r"C:\Users\public\halcyon-merger.docx", r"C:\*"),
            ("noor@exa=\nhalcyon-cellar.com", "*=\n*"),
            ("timeout of\nhalcyon-cellar.com", "timeout of\nhalcyon-cellar.com"),
        ] {
            assert_eq!(strict(text), left);
        }
    }

    #[test]
    fn punctuation_is_no_word() {
        assert_eq!(strict("'inference_geo': <halcyon>"), "'inference_geo': <*>");
        assert_eq!(strict("(b'CF-RAY', b'a merger')"), "(b'CF-RAY', b'*')");
        assert_eq!(strict("it's Halcyon's merger"), "*");
    }
}

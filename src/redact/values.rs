//! Net 1, the value: how much of what stands beside a secret name goes.

use super::edit::Edit;
use super::net::Net;
use super::protect::{is_placeholder, is_replacement};
use super::rules::{Secret, Take};
use super::vocabulary::{Origin, origin};
use crate::literal::{Separator, Span};
use crate::model::{IdKind, id_kind};

/// Scheme words before a credential; they stay.
const SCHEMES: &[&str] = &["bearer", "basic", "token", "apikey", "digest", "negotiate", "key", "splunk", "bot", "dpop"];
/// Attributes of cookies, which stay with their values.
const ATTRIBUTES: &[&str] = &[
    "path",
    "domain",
    "expires",
    "max-age",
    "samesite",
    "secure",
    "httponly",
    "priority",
    "partitioned",
    "version",
    "comment",
];
/// Shorter values beside a name are words, numbers or masks.
const SHORTEST: usize = 4;

/// Takes what is secret in a quoted value.
pub(crate) fn quoted(net: &mut Net, text: &[u8], inner: Span, secret: Secret, edits: &mut Vec<Edit>) {
    let value = inner.of(text);
    if inner.len() >= SHORTEST && !is_placeholder(value) && !names_something(value) {
        take(net, text, inner, secret, edits);
    }
}

/// Takes what is secret in an unquoted value that begins at `at`; gives where it ends.
pub(crate) fn bare(
    net: &mut Net,
    text: &[u8],
    at: usize,
    separator: Separator,
    secret: Secret,
    edits: &mut Vec<Edit>,
) -> usize {
    // each looks for its own end: one long line may hold very many values
    let end = match secret.take {
        Take::Scheme if separator != Separator::Percent => scheme_end(text, at),
        Take::Cookie => cookie_end(text, at),
        _ if separator == Separator::Percent => percent_end(text, at),
        _ => token_end(text, at),
    };
    let value = Span::new(at, end);
    let raw = value.of(text);
    let code = matches!(text.get(value.end), Some(b'(' | b'['));
    if raw.len() >= SHORTEST
        && !is_placeholder(raw)
        && !(code && secret.take == Take::Value)
        && looks_secret(raw, secret.take)
    {
        take(net, text, value, secret, edits);
    }
    value.end
}

fn take(net: &mut Net, text: &[u8], value: Span, secret: Secret, edits: &mut Vec<Edit>) {
    match secret.take {
        Take::Value | Take::Query => one(net, text, value, secret, edits),
        Take::Scheme => scheme(net, text, value, secret, edits),
        Take::Cookie => cookie(net, text, value, secret, edits),
        Take::Url => match password(text, value) {
            Some(password) => one(net, text, password, secret, edits),
            None if memchr::memmem::find(value.of(text), b"://").is_some() => {}
            None => one(net, text, value, secret, edits),
        },
    }
}

fn one(net: &mut Net, text: &[u8], span: Span, secret: Secret, edits: &mut Vec<Edit>) {
    let value = span.of(text);
    // a request id under a name such as `token` is still what support traces by
    let traceable = matches!(id_kind(value), Some(IdKind::ProviderRequest | IdKind::Message | IdKind::EdgeRay));
    let taken = text.get(span.start..).is_some_and(|rest| is_replacement(rest, &net.rules));
    if !value.is_empty() && !is_placeholder(value) && !traceable && !taken {
        net.secret(text, span, secret.rule, edits);
    }
}

/// Beside an unquoted name almost anything may stand: `password: required`, `token = next()`.
fn looks_secret(value: &[u8], take: Take) -> bool {
    let number = value.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b':' | b'-'));
    match take {
        Take::Value => value.len() >= if number { 8 } else { 6 } && !names_something(value) && !is_fraction(value),
        // `signature=signature`: what code calls its arguments
        Take::Query => !names_something(value),
        // `in cookie: KeyError: …`: a class, and what it says
        Take::Scheme | Take::Cookie => {
            let first = value.split(|b| matches!(b, b':' | b',')).next().unwrap_or_default();
            let number = first.len() < SHORTEST && first.iter().all(u8::is_ascii_digit);
            !names_something(first) && !number
        }
        _ => true,
    }
}

/// `1.098`, `1.5e-05`: what a token costs, or how long the first took.
fn is_fraction(value: &[u8]) -> bool {
    let mut parts = value.split(|b| matches!(b, b'.' | b'e' | b'-'));
    value.contains(&b'.')
        && value.len() <= 24
        && parts.clone().count() <= 4
        && parts.all(|part| part.iter().all(u8::is_ascii_digit))
}

/// Known words alone: the name of a variable (`OPENAI_API_KEY`), of a class, of a state.
fn names_something(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_' | b'.' | b'/'))
        && value.split(|b| !b.is_ascii_alphabetic()).filter(|w| w.len() > 1).all(|w| origin(w) != Origin::Unknown)
}

/// Keeps the scheme word and takes the rest.
fn scheme(net: &mut Net, text: &[u8], value: Span, secret: Secret, edits: &mut Vec<Edit>) {
    let raw = value.of(text);
    let word = raw.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    let first = raw.get(..word).unwrap_or_default();
    if first.starts_with(b"AWS4-") {
        // its parts are names of their own: `Credential=`, `Signature=`
        return;
    }
    let known = SCHEMES.iter().any(|s| first.eq_ignore_ascii_case(s.as_bytes()));
    let gap = raw.get(word..).unwrap_or_default().iter().take_while(|b| matches!(b, b' ' | b'+')).count();
    let start = if known && gap > 0 { value.start + word + gap } else { value.start };
    let rest = Span::new(start, value.end);
    if known && gap == 0 && rest.len() == word {
        return;
    }
    one(net, text, rest, secret, edits);
}

/// Takes the value of each pair; names and attributes stay.
fn cookie(net: &mut Net, text: &[u8], value: Span, secret: Secret, edits: &mut Vec<Edit>) {
    let mut at = value.start;
    let mut pairs = 0;
    while at < value.end {
        let rest = Span::new(at, value.end).of(text);
        let end = at + rest.iter().position(|b| *b == b';').unwrap_or(rest.len());
        let pair = Span::new(at, end);
        at = end + 1;
        let Some(equals) = pair.of(text).iter().position(|b| *b == b'=') else { continue };
        pairs += 1;
        let name = pair.of(text).get(..equals).unwrap_or_default().trim_ascii();
        let attribute = ATTRIBUTES.iter().any(|a| name.eq_ignore_ascii_case(a.as_bytes()));
        let start = pair.start + equals + 1;
        let value = Span::new(start, start + Span::new(start, end).of(text).trim_ascii_end().len());
        if !attribute {
            one(net, text, value, secret, edits);
        }
    }
    if pairs == 0 {
        one(net, text, value, secret, edits);
    }
}

/// The password in a URL.
fn password(text: &[u8], value: Span) -> Option<Span> {
    let raw = value.of(text);
    let start = memchr::memmem::find(raw, b"://")? + 3;
    let authority = raw.get(start..)?;
    let authority = authority.get(..authority.iter().position(|b| *b == b'/').unwrap_or(authority.len()))?;
    let at = memchr::memrchr(b'@', authority)?;
    let colon = memchr::memchr(b':', authority.get(..at)?)?;
    Some(Span::new(value.start + start + colon + 1, value.start + start + at))
}

fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let end = at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    if end > at && text.get(end - 1) == Some(&b'\r') { end - 1 } else { end }
}

/// A token ends where no credential goes on.
fn token_end(text: &[u8], start: usize) -> usize {
    let ends = |b: &u8| {
        matches!(
            b,
            b' ' | b'\t'
                | b'\r'
                | b'\n'
                | b','
                | b';'
                | b')'
                | b']'
                | b'}'
                | b'&'
                | b'|'
                | b'<'
                | b'>'
                | b'"'
                | b'\''
                | b'`'
                | b'('
                | b'['
                | b'{'
        )
    };
    let raw = text.get(start..).unwrap_or_default();
    let mut len = raw.iter().position(ends).unwrap_or(raw.len());
    // an escape ends it too: `\n` in a string that was cut off
    if let Some(slash) = memchr::memchr(b'\\', raw.get(..len).unwrap_or_default())
        && !matches!(raw.get(slash + 1), Some(b'/' | b'u'))
        && !is_domain(raw.get(..slash).unwrap_or_default(), raw.get(slash + 1))
    {
        len = slash;
    }
    // a full stop is the sentence's
    while len > 0 && matches!(raw.get(len - 1), Some(b'.' | b':')) {
        len -= 1;
    }
    start + len
}

/// The Windows domain before a user: `CONTOSO\ottilie`.
fn is_domain(name: &[u8], next: Option<&u8>) -> bool {
    (2..=15).contains(&name.len())
        && name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
        && next.is_some_and(u8::is_ascii_alphabetic)
}

/// In a URL that is percent-encoded, `%26`, `%22` and the like end a value.
fn percent_end(text: &[u8], start: usize) -> usize {
    let end = token_end(text, start);
    let raw = Span::new(start, end).of(text);
    let mut at = 0;
    while let Some(percent) = memchr::memchr(b'%', raw.get(at..).unwrap_or_default()) {
        at += percent;
        let digits = raw.get(at + 1..).unwrap_or_default();
        let skip = digits.chunks(2).take_while(|pair| *pair == b"25").count() * 2;
        let code = digits.get(skip..skip + 2).unwrap_or_default();
        if [b"26", b"22", b"27", b"20", b"23", b"0a", b"0A", b"3B", b"3b"].iter().any(|c| code == *c) {
            return start + at;
        }
        at += 1;
    }
    end
}

/// `Bearer x`: the scheme word, then one token; `Digest a="b", …`: to the end of the line.
fn scheme_end(text: &[u8], start: usize) -> usize {
    let raw = text.get(start..).unwrap_or_default();
    let word = raw.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    let first = raw.get(..word).unwrap_or_default();
    if first.eq_ignore_ascii_case(b"digest") || first.starts_with(b"AWS4-") {
        return line_end(text, start);
    }
    let gap = raw.get(word..).unwrap_or_default().iter().take_while(|b| **b == b' ').count();
    if gap > 0 && SCHEMES.iter().any(|s| first.eq_ignore_ascii_case(s.as_bytes())) {
        return token_end(text, start + word + gap);
    }
    token_end(text, start)
}

/// Cookies run to the end of the line or of what encloses them.
fn cookie_end(text: &[u8], start: usize) -> usize {
    let raw = text.get(start..).unwrap_or_default();
    let ends = |b: &u8| matches!(b, b'\r' | b'\n' | b'"' | b'\'' | b'`' | b']' | b'}' | b'\\');
    start + raw.iter().position(ends).unwrap_or(raw.len())
}

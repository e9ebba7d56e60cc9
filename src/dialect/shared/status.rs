//! HTTP statuses as programs print them: behind a word, before a reason, by .NET's name for them. Not every number of
//! three digits is one: ports, sizes and counts stand beside the same words.

use crate::model::{Seen, documented_status};
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// A status is sought in so much of a text.
const MAX_SOUGHT: usize = 4096;
/// From what to what statuses are in use: those of HTTP's registry, and those that nginx, IIS, AWS, Cloudflare and other
/// proxies and services have of their own.
const IN_USE: &[(u16, u16)] = &[
    (100, 103),
    (200, 208),
    (226, 226),
    (300, 308),
    (400, 431),
    (440, 440),
    (444, 444),
    (449, 451),
    (460, 464),
    (494, 499),
    (500, 511),
    (520, 530),
    (561, 561),
    (598, 599),
];

/// Reasons that Perl's clients give where they got no response at all, behind a status of their own.
const OWN: &[&[u8]] = &[
    b"read timeout",
    b"write timeout",
    b"Can't connect to",
    b"Server closed connection",
    b"Status read failed",
    b"Internal Exception",
];

/// Whether a number is a status that anybody sends.
#[must_use]
pub fn is_one(number: u16) -> bool {
    IN_USE.iter().any(|(first, last)| (*first..=*last).contains(&number))
}

/// What programs write before a status, the more telling first.
const BEFORE: &[&str] = &[
    "Error code: ",
    "status code ",
    "status_code: ",
    "status_code=",
    "statusCode: ",
    "status code: ",
    "HTTP ",
    "status=",
    "status=>",
    "status => ",
    "status: ",
    "HTTP/1.1 ",
    "HTTP/2 ",
    "Status ",
    "status ",
    "Server error '",
    "Client error '",
    "Server error (",
    "Client error (",
    "HTTP Error ",
    "Status Code: ",
    "StatusCode: ",
    "indicate success: ",
];

/// .NET prints the names of statuses that it knows.
const NAMED: &[(&str, u16)] = &[
    ("OK", 200),
    ("BadRequest", 400),
    ("Unauthorized", 401),
    ("PaymentRequired", 402),
    ("Forbidden", 403),
    ("NotFound", 404),
    ("RequestTimeout", 408),
    ("Conflict", 409),
    ("RequestEntityTooLarge", 413),
    ("UnprocessableEntity", 422),
    ("UnprocessableContent", 422),
    ("TooManyRequests", 429),
    ("InternalServerError", 500),
    ("BadGateway", 502),
    ("ServiceUnavailable", 503),
    ("GatewayTimeout", 504),
];

static STANDS_BEFORE: LazyLock<Vec<Finder<'_>>> = LazyLock::new(|| BEFORE.iter().map(Finder::new).collect());

/// The HTTP status in the line of an error: `Error code: 500 - …`, `: 429 {…}`, `status code 503`.
#[must_use]
pub fn said(line: &[u8]) -> Option<u16> {
    let direct = line.strip_prefix(b":").or_else(|| line.strip_prefix(b"]:")).and_then(begins);
    let named = || {
        let head = line.get(..line.len().min(400)).unwrap_or_default();
        STANDS_BEFORE.iter().find_map(|before| {
            before.find_iter(head).find_map(|at| {
                let rest = head.get(at + before.needle().len()..)?;
                begins(rest.strip_prefix(b"\"").unwrap_or(rest))
            })
        })
    };
    direct.or_else(named).or_else(|| in_words(line))
}

/// `Status Code: TooManyRequests`
fn in_words(line: &[u8]) -> Option<u16> {
    let head = line.get(..line.len().min(400)).unwrap_or_default();
    let at = memchr::memmem::find(head, b"Status Code: ").map(|at| at + "Status Code: ".len())?;
    begins_or_named(head.get(at..)?)
}

/// A status that begins a text, as a number or by .NET's name for it.
#[must_use]
pub fn begins_or_named(text: &[u8]) -> Option<u16> {
    let word = text.split(|b| !b.is_ascii_alphanumeric()).next()?;
    let named = || NAMED.iter().find(|(name, _)| name.as_bytes() == word).map(|(_, status)| *status);
    begins(text).or_else(named)
}

/// A status and no more, or with its reason behind it: `429`, `429 Too Many Requests`, `529 `.
#[must_use]
pub fn with_reason(text: &[u8]) -> Option<u16> {
    let reason = text.trim_ascii_start().get(3..)?.trim_ascii();
    let worded = reason.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b' ' | b'-' | b'\''));
    begins(text).filter(|_| worded && reason.first().is_none_or(u8::is_ascii_uppercase))
}

/// `529 {…}`, `429 Rate limit reached`: the SDKs for JavaScript begin their messages so.
#[must_use]
pub fn leading(text: &[u8]) -> Option<u16> {
    let behind = text.get(3..)?.strip_prefix(b" ")?.first()?;
    let goes_on = matches!(behind, b'{' | b'<') || behind.is_ascii_uppercase();
    begins(text).filter(|status| goes_on && *status >= 400)
}

/// A status that begins a text: three digits and no more.
#[must_use]
pub fn begins(text: &[u8]) -> Option<u16> {
    let text = text.trim_ascii_start();
    let digits = text.get(..3)?;
    if !digits.iter().all(u8::is_ascii_digit) || text.get(3).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let status = digits.iter().fold(0, |n, b| n * 10 + u16::from(b - b'0'));
    let reason = text.get(3..)?.trim_ascii_start();
    (is_one(status) && !OWN.iter().any(|own| reason.starts_with(own))).then_some(status)
}

/// The status that the provider documents for the error that was told, if the text has it as a number of its own:
/// `returned 529 in 87 ms`, `InternalServerException: 500`, `:status=>429`.
#[must_use]
pub fn documented(text: &[u8], seen: &Seen) -> Option<u16> {
    let text = text.get(..text.len().min(MAX_SOUGHT)).unwrap_or_default();
    let status = documented_status(seen.error_type.as_ref()?.as_str())?;
    let digits = status.to_string();
    let alone = |at: usize| {
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 3..).unwrap_or_default());
        let (word, name) = match before {
            [rest @ .., b'=' | b':' | b'>'] => (true, rest.get(rest.len().saturating_sub(12)..).unwrap_or_default()),
            _ => (
                !before
                    .last()
                    .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'$' | b'/')),
                b"".as_slice(),
            ),
        };
        // `max_tokens=500` is none
        let named = name.is_empty()
            || !name.last().is_some_and(u8::is_ascii_alphanumeric)
            || [b"status".as_slice(), b"Status", b"code", b"Code"]
                .iter()
                .any(|n| memchr::memmem::find(name, n).is_some());
        let ends = match after {
            [b'.', next, ..] => !next.is_ascii_digit(),
            [next, ..] => !next.is_ascii_alphanumeric() && !matches!(next, b'-' | b'_' | b'/'),
            [] => true,
        };
        word && named
            && ends
            && ![b" ms".as_slice(), b" s ", b" tokens", b" seconds"].iter().any(|unit| after.starts_with(unit))
    };
    memchr::memmem::find_iter(text, digits.as_bytes()).any(alone).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_every_number_is_one() {
        for status in [200, 404, 429, 444, 460, 499, 503, 520, 529, 598] {
            assert!(is_one(status), "{status}");
        }
        for number in [0, 99, 131, 141, 443, 465, 512, 540, 600] {
            assert!(!is_one(number), "{number}");
        }
        assert_eq!(said(b"failed: status=\"429 Too Many Requests\" after 2 tries"), Some(429));
        assert_eq!(said(b"HTTP 443"), None);
    }

    #[test]
    fn a_reason_may_stand_behind() {
        for text in ["429", "429 Too Many Requests", "429 ", "429 I'm a teapot"] {
            assert_eq!(with_reason(text.as_bytes()), Some(429), "{text}");
        }
        assert_eq!(begins(b"500 read timeout"), None);
        assert_eq!(with_reason(b"599 Internal Exception"), None);
        for text in ["429 tokens", "4290", "429 of 500", "", "Too Many Requests"] {
            assert_eq!(with_reason(text.as_bytes()), None, "{text}");
        }
    }
}

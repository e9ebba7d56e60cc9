//! Errors as programs print them: `anthropic.InternalServerError: Error code: 500 - {…}`,
//! `RateLimitError: 429 {…}`, `AxiosError: Request failed with status code 500`.

use super::{body, sentence, status, trouble};
use crate::model::{Seen, Trouble};
use crate::redact::Cleaner;

/// An exception in a text.
#[derive(Clone, Copy, Debug)]
pub struct Exception<'t> {
    /// Where its class stands.
    pub at: usize,
    /// Its class, with modules before it.
    pub class: &'t [u8],
    /// What follows, to the end of the text.
    pub rest: &'t [u8],
}

/// Names of classes end so.
const ENDS: &[&[u8]] = &[
    b"Error",
    b"Exception",
    b"Timeout",
    b"ErrorException",
    b"ServiceUnavailable",
    b"ResourceExhausted",
    b"TooManyRequests",
    b"DeadlineExceeded",
];

/// The exceptions in a text, in order. Lines of stack frames are passed over.
pub fn exceptions(text: &[u8]) -> impl Iterator<Item = Exception<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some((class, end)) = next_class(text, at) {
            at = end;
            if !in_frame(text, end) {
                return Some(Exception { at: end - class.len(), class, rest: text.get(end..)? });
            }
        }
        None
    })
}

/// The next class name that a message or its repr follows, and where it ends.
fn next_class(text: &[u8], from: usize) -> Option<(&[u8], usize)> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        let found = ENDS
            .iter()
            .filter_map(|e| memchr::memmem::find(rest, e).map(|i| (i, e.len())))
            .min_by_key(|(i, len)| (*i, std::cmp::Reverse(*len)))?;
        let end = at + found.0 + found.1;
        at = end;
        let after = text.get(end..).unwrap_or_default();
        let called = matches!(after.first(), Some(b':' | b'(')) || after.starts_with(b" [") || after.starts_with(b"]:");
        if !called {
            continue;
        }
        let before = text.get(..end)?;
        let len =
            before.iter().rev().take(120).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
        let class = before.get(end - len..)?;
        // the `n` of a line end that was escaped
        let escaped = end > len && before.get(end - len - 1) == Some(&b'\\');
        let class = if escaped { class.get(1..)? } else { class };
        let name = class.rsplit(|b| *b == b'.').next().unwrap_or_default();
        if name.first().is_some_and(u8::is_ascii_uppercase) && name.len() > 4 || name == b"Error" {
            return Some((class, end));
        }
    }
}

/// Whether a word is the name of an exception's class: `anthropic.RateLimitError`. AWS' error types end in `Exception`,
/// and no provider's in `Error`.
#[must_use]
pub fn is_class(word: &[u8]) -> bool {
    let mut parts = word.rsplit(|b| *b == b'.');
    let name = parts.next().unwrap_or_default();
    name.first().is_some_and(u8::is_ascii_uppercase)
        && name.iter().all(u8::is_ascii_alphanumeric)
        && (name.ends_with(b"Error") || ENDS.iter().any(|end| name.ends_with(end)) && parts.next().is_some())
}

/// Whether a place is in a line of a stack: `    raise APIError(…)`, `    at x`.
fn in_frame(text: &[u8], at: usize) -> bool {
    let start = memchr::memrchr(b'\n', text.get(..at).unwrap_or_default()).map_or(0, |n| n + 1);
    let line = text.get(start..at).unwrap_or_default();
    let code = line.trim_ascii_start();
    line.len() > code.len()
        && [b"raise ".as_slice(), b"at ", b"File ", b"return ", b"except "].iter().any(|k| code.starts_with(k))
}

/// Reads the error that a text tells: of a traceback the last exception, else the first. Whether there was one.
pub fn read(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let python = memchr::memmem::find(text, b"Traceback (most recent call last)").is_some();
    let found = if python {
        exceptions(text).filter(|e| begins_line(text, e.at)).last().or_else(|| exceptions(text).last())
    } else {
        exceptions(text).next()
    };
    let Some(exception) = found else { return false };
    one(exception, clean, seen);
    let told = seen.status.is_some() || seen.error_type.is_some();
    if !told {
        seen.trouble = seen.trouble.or_else(|| trouble::of(text));
    }
    if python && !told {
        let cause = exceptions(text).next().filter(|c| c.class != exception.class);
        seen.cause = seen.cause.take().or_else(|| clean.word(cause?.class));
    }
    true
}

/// Reads an error with or without its class: `Error code: 529 - {…}`. Whether a class or a body was in it.
pub fn message(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let said = sentence::read(first_line(text), clean, seen);
    let told = read(text, clean, seen) || body::nested(text, clean, seen) || said;
    seen.status = seen.status.or_else(|| status::leading(text)).or_else(|| status::said(first_line(text)));
    if !told && seen.status.is_none() && seen.error_type.is_none() {
        seen.trouble = seen.trouble.or_else(|| trouble::of(text));
    }
    told
}

/// Reads one exception: its class, status and body.
pub fn one(exception: Exception<'_>, clean: &mut Cleaner, seen: &mut Seen) {
    seen.exception = seen.exception.take().or_else(|| clean.word(exception.class));
    let line = first_line(exception.rest);
    seen.status = seen.status.or_else(|| status::said(line));
    body::nested(exception.rest.get(..exception.rest.len().min(8192)).unwrap_or_default(), clean, seen);
    if seen.message.is_none() && seen.error_type.is_none() {
        let html = memchr::memmem::find(line, b"<").is_some();
        seen.message = if html { None } else { clean.message(line.strip_prefix(b":").unwrap_or(line)) };
    }
    if seen.status.is_none() && is_mid_stream(exception, seen) {
        seen.trouble = Some(Trouble::StreamError);
    }
}

/// SDKs raise their base class where an error comes inside a stream: there is no status to choose by.
fn is_mid_stream(exception: Exception<'_>, seen: &Seen) -> bool {
    let name = exception.class.rsplit(|b| *b == b'.').next().unwrap_or_default();
    let rest = exception.rest.strip_prefix(b":").unwrap_or(exception.rest).trim_ascii_start();
    match name {
        b"APIStatusError" => rest.starts_with(b"{"),
        b"APIError" => {
            rest.starts_with(b"{") && seen.error_type.is_some()
                || super::super::shared::trouble::of(rest).is_none() && exception.class == b"openai.APIError"
        }
        b"AI_StreamProviderError" | b"StreamProviderError" => true,
        _ => false,
    }
}

fn begins_line(text: &[u8], at: usize) -> bool {
    at == 0 || text.get(at - 1) == Some(&b'\n')
}

/// A text up to its first line end.
#[must_use]
pub fn first_line(text: &[u8]) -> &[u8] {
    text.get(..memchr::memchr(b'\n', text).unwrap_or(text.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn read_text(text: &str) -> (String, Option<u16>, String, Option<Trouble>) {
        let mut seen = Seen::default();
        read(text.as_bytes(), &mut Cleaner::new(RuleSet::builtin(), Classes::default()), &mut seen);
        (
            seen.exception.map(|c| c.to_string()).unwrap_or_default(),
            seen.status,
            seen.error_type.map(|c| c.to_string()).unwrap_or_default(),
            seen.trouble,
        )
    }

    #[test]
    fn errors_of_many_libraries() {
        for (text, class, status, kind, trouble) in [
            (
                "anthropic.InternalServerError: Error code: 500 - {'type': 'error', 'error': {'type': 'api_error', 'message': 'x'}}",
                "anthropic.InternalServerError",
                Some(500),
                "api_error",
                None,
            ),
            (
                "RateLimitError('Error code: 429 - {\\'type\\': \\'error\\', \\'error\\': {\\'type\\': \\'rate_limit_error\\', \\'message\\': \"a\"}}')",
                "RateLimitError",
                Some(429),
                "rate_limit_error",
                None,
            ),
            (
                "InternalServerError: 500 {\"type\":\"error\",\"error\":{\"type\":\"api_error\"}}\n    at APIError.generate (file:1)",
                "InternalServerError",
                Some(500),
                "api_error",
                None,
            ),
            (
                "anthropic.APIStatusError: {'type': 'error', 'error': {'details': None, 'type': 'overloaded_error', 'message': 'Overloaded'}}",
                "anthropic.APIStatusError",
                None,
                "overloaded_error",
                Some(Trouble::StreamError),
            ),
            (
                "openai.InternalServerError: Error code: 500 - The server had an error while processing your request. Sorry about that!",
                "openai.InternalServerError",
                Some(500),
                "",
                None,
            ),
            (
                "pydantic_ai.exceptions.ModelHTTPError: status_code: 500, model_name: x, body: {'type': 'error', 'error': {'type': 'api_error'}}",
                "pydantic_ai.exceptions.ModelHTTPError",
                Some(500),
                "api_error",
                None,
            ),
            ("AxiosError: Request failed with status code 529\n    at settle (x)", "AxiosError", Some(529), "", None),
            (
                "google.genai.errors.ServerError: 503 UNAVAILABLE. {'error': {'code': 503, 'message': 'x', 'status': 'UNAVAILABLE'}}",
                "google.genai.errors.ServerError",
                Some(503),
                "UNAVAILABLE",
                None,
            ),
            (
                "RetryError [AI_RetryError]: Failed after 3 attempts. Last error: AI_APICallError: Overloaded",
                "RetryError",
                None,
                "",
                None,
            ),
            (
                "Traceback (most recent call last):\n  File \"a\", line 1\n    raise ConnectError(x)\nhttpx.ConnectError: [Errno 111] Connection refused\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\nanthropic.APIConnectionError: Connection error.",
                "anthropic.APIConnectionError",
                None,
                "",
                Some(Trouble::Connect),
            ),
        ] {
            assert_eq!(read_text(text), (class.to_owned(), status, kind.to_owned(), trouble), "{text}");
        }
        assert_eq!(read_text("no error here: fine").0, "");
    }
}

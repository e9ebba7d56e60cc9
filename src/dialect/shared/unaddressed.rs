//! Sentences of clients and providers that tell how a call ended, without the URL that was called.
//!
//! Applications print `str(error)` and no more. An HTTP client's sentence may be about any server: it counts where the
//! line speaks of a model. A provider's own message counts where the status stands before it.

use super::status;
use crate::model::{Clean, Seen};
use crate::redact::Cleaner;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;
use std::sync::LazyLock;

/// What clients write before the status: axios, ky and got, urllib, .NET, Faraday, older got, reqwest and httpx.
const CLIENTS: &[&str] = &[
    "equest failed with status code ",
    "HTTP Error ",
    "does not indicate success: ",
    "server responded with status ",
    "Response code ",
    "HTTP status server error (",
    "HTTP status client error (",
    "Server error '",
    "Client error '",
];

/// What only libraries for models write before it: go-openai, Mistral's.
const LIBRARIES: &[&str] = &["error, status code: ", "API error occurred: Status "];

/// How messages begin that only a provider writes.
const PROVIDERS: &[&str] = &[
    "The server had an error while processing your request",
    "The engine is currently overloaded",
    "Rate limit reached for ",
    "You exceeded your current quota",
    "Incorrect API key provided",
    "The model is overloaded. Please try again later",
    "This request would exceed your organization's rate limit",
    "Your credit balance is too low to access the Anthropic API",
];

/// Words by which a line speaks of a model.
const ABOUT_MODELS: &[&[u8]] = &[b"llm", b"openai", b"anthropic", b"claude", b"gpt", b"gemini", b"bedrock", b"mistral"];

/// One of these stands in every such sentence.
pub fn marks() -> impl Iterator<Item = &'static &'static str> {
    CLIENTS.iter().chain(LIBRARIES).chain(PROVIDERS)
}

static MARKS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(marks()).ok());

/// Whether a text may hold such a sentence; most do not, and are passed over at once.
#[must_use]
pub fn stands_in(text: &[u8]) -> bool {
    MARKS.as_ref().is_none_or(|marks| marks.is_match(text))
}

/// Reads the sentence in a line. Whether it tells how an attempt ended.
pub fn read(line: &[u8], clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let Some(status) = by_provider(line).or_else(|| by_client(line, clean)) else { return false };
    seen.status = seen.status.or(Some(status));
    seen.model = seen.model.take().or_else(|| model(line, clean));
    true
}

/// `429 Rate limit reached for …`, `Error code: 503 - The engine is currently overloaded`
fn by_provider(line: &[u8]) -> Option<u16> {
    let at = PROVIDERS.iter().find_map(|message| memmem::find(line, message.as_bytes()))?;
    let before = line.get(..at)?.trim_ascii_end();
    let before = before.strip_suffix(b"-").or_else(|| before.strip_suffix(b":")).unwrap_or(before).trim_ascii_end();
    let word = before.rsplit(|b| matches!(b, b' ' | b'=' | b'(' | b'[')).next()?;
    status::begins(word).filter(|status| word.len() == 3 && *status >= 400)
}

/// `HTTP Error 429: Too Many Requests`
fn by_client(line: &[u8], clean: &mut Cleaner) -> Option<u16> {
    let behind = |words: &&str| line.get(memmem::find(line, words.as_bytes())? + words.len()..);
    let status = |words: &[&str]| status::begins(words.iter().find_map(behind)?).filter(|status| *status >= 400);
    status(LIBRARIES).or_else(|| status(CLIENTS).filter(|_| speaks_of_models(line, clean)))
}

/// Whether a line names a model, or what models belong to.
pub fn speaks_of_models(line: &[u8], clean: &mut Cleaner) -> bool {
    let named = |word: &[u8]| ABOUT_MODELS.iter().any(|name| word.eq_ignore_ascii_case(name));
    line.split(|b| !b.is_ascii_alphabetic()).any(named) || model(line, clean).is_some()
}

/// The model that a line names among its words; a header may be called `mistral-correlation-id`.
pub fn model(line: &[u8], clean: &mut Cleaner) -> Option<Clean> {
    let words = line.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'/' | b':' | b'@')));
    let words = words.map(|word| word.strip_suffix(b":").unwrap_or(word));
    words.filter(|word| !word.ends_with(b"-id")).find_map(|word| clean.known_model(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    #[test]
    fn a_line_must_speak_of_a_model_or_in_a_providers_words() {
        for (line, status, model) in [
            ("LLM call failed: Request failed with status code 529", Some(529), None),
            ("attempt 1/3 claude-sonnet-4-5 Request failed with status code 500", Some(500), Some("claude-sonnet-4-5")),
            ("call failed (model gpt-4o-mini): HTTP Error 429: Too Many Requests", Some(429), Some("gpt-4o-mini")),
            ("retry 1: 503 The engine is currently overloaded, please try again later", Some(503), None),
            ("openai: Error code: 429 - Rate limit reached for x", Some(429), None),
            ("chat failed: error, status code: 500, status: 500 Internal Server Error, message: …", Some(500), None),
            ("Request failed with status code 500", None, None),
            ("GET /health: HTTP Error 503: Service Unavailable", None, None),
            ("the model wrote: The engine is currently overloaded", None, None),
            ("LLM call ended: Request failed with status code 200", None, None),
        ] {
            let mut seen = Seen::default();
            let told = read(line.as_bytes(), &mut Cleaner::new(RuleSet::builtin(), Classes::default()), &mut seen);
            let read = (seen.status, seen.model.as_ref().map(|model| model.as_str()), told);
            assert_eq!(read, (status, model, status.is_some()), "{line}");
        }
    }
}

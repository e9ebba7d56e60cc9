//! Exceptions of LLM libraries for Python, however they were printed: a traceback, `print(e)`, a logger.

use super::entry::{Entry, Found};
use super::shared::{address, body, error_text, status};
use super::{About, Dialect, text};
use crate::model::{IdKind, Layer, Seen, Stage, id_kind};
use crate::redact::Cleaner;

pub struct PythonError;

const ABOUT: About = About {
    id: "python-error",
    title: "Exceptions of Python SDKs: tracebacks, repr and str of errors",
    layer: Layer::Client,
    tells: "status, error type, message and request id of the last attempt, exception class, cause of a lost connection",
    lacks: "earlier attempts, model, URL",
};

/// So much of a line is looked at for the id of the request.
const MAX_LINE: usize = 4096;
/// The longest value that is read off the frames of a traceback.
const MAX_VALUE: usize = 160;
/// Packages whose exceptions are about calls to LLMs.
const PACKAGES: &[&str] = &[
    "anthropic.",
    "openai.",
    "litellm.",
    "google.genai.",
    "google.api_core.",
    "langchain",
    "pydantic_ai.",
    "instructor.",
    "mistralai.",
    "cohere.",
    "groq.",
    "together.",
    "vertexai.",
];
/// Packages whose exceptions may be about anything.
const TRANSPORTS: &[&str] = &["httpx", "httpcore", "requests.", "urllib", "aiohttp.", "ClientResponseError"];
/// Classes that the SDKs share, printed without their package.
const CLASSES: &[&str] = &[
    "APIError",
    "APIStatusError",
    "APIConnectionError",
    "APITimeoutError",
    "APIResponseValidationError",
    "InternalServerError",
    "RateLimitError",
    "OverloadedError",
    "AuthenticationError",
    "BadRequestError",
    "PermissionDeniedError",
    "NotFoundError",
    "ConflictError",
    "UnprocessableEntityError",
    "ServiceUnavailableError",
    "GatewayTimeoutError",
    "DeadlineExceededError",
    "ContentTooLargeError",
    "RequestTooLargeError",
    "ModelHTTPError",
    "ModelServerError",
];

impl Dialect for PythonError {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "Error code: ",
            "Error: ",
            "Error('",
            "Error(\"",
            "Exception: ",
            "Timeout: ",
            "google.api_core.exceptions.",
            "ClientResponseError(",
        ]
    }

    fn reads_errors(&self) -> bool {
        true
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        // an uncaught exception goes on after the record that was the last
        let line = entry.line(0).to_vec();
        if let Some(fact) = text::response_headers(entry, 0, &line, found) {
            found.push(fact);
        }
        error(entry, found);
    }
}

/// Reads the error that the text tells.
fn error(entry: &Entry<'_>, found: &mut Found<'_>) {
    let text = entry.text.to_vec();
    let Some(at) = place(&text) else { return };
    let mut fact = entry.fact(&ABOUT, Stage::Error, at);
    fact.time = entry.time_before(at).or(fact.time);
    let seen = &mut fact.seen;
    let told = error_text::read(&text, found.clean, seen);
    let behind = status_behind(text.get(at..).unwrap_or_default());
    if let Some(code) = memchr::memmem::find(&text, b"Error code: ") {
        // `print(e)` has no class before it
        let rest = text.get(code..).unwrap_or_default();
        seen.status = seen.status.or_else(|| status::said(rest));
        body::nested(rest, found.clean, seen);
    } else if !told && behind.is_none() {
        return;
    }
    seen.status = seen.status.or(behind);
    // generated SDKs print the response's headers into the message
    let line = text.get(at..).unwrap_or_default();
    let line = line.get(..memchr::memchr(b'\n', line).unwrap_or(line.len())).unwrap_or_default();
    if let Some(headers) = text::response_headers(entry, at, line, found) {
        fact.seen.complete(&headers.seen);
        fact.links.extend(headers.links);
    }
    let seen = &mut fact.seen;
    frames(&text, found.clean, seen);
    // `… for url 'https://…'`
    if let Some(url) = seen.endpoint.is_none().then(|| address::find(text.get(at..).unwrap_or_default())).flatten() {
        address::read_url(url, found.clean, seen);
    }
    if seen.request_id.is_none() {
        // a program that logs an error often names the request before it
        let line = text.get(..memchr::memchr(b'\n', &text).unwrap_or(text.len()).min(MAX_LINE)).unwrap_or_default();
        let mut words = line.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')));
        if let Some(id) = words.rfind(|w| id_kind(w) == Some(IdKind::ProviderRequest)) {
            body::request_id(id, found.clean, seen);
        }
    }
    found.push(fact);
}

/// aiohttp's `ClientResponseError(RequestInfo(…), (), status=500, …)`: the status stands behind all that was sent.
fn status_behind(text: &[u8]) -> Option<u16> {
    let rest = text.strip_prefix(b"ClientResponseError(")?;
    let at = memchr::memmem::find(rest, b"), status=")?;
    status::said(rest.get(at..)?)
}

/// Where an exception of an LLM library stands.
fn place(text: &[u8]) -> Option<usize> {
    if let Some(at) = memchr::memmem::find(text, b"Error code: ") {
        return Some(at);
    }
    let mine = |class: &[u8]| is_mine(class) || begins(class, TRANSPORTS) && shows_llm(text);
    error_text::exceptions(text).find(|e| mine(e.class)).map(|e| e.at)
}

fn begins(class: &[u8], names: &[&str]) -> bool {
    names.iter().any(|n| class.starts_with(n.as_bytes()))
}

fn is_mine(class: &[u8]) -> bool {
    begins(class, PACKAGES) || CLASSES.iter().any(|c| class == c.as_bytes())
}

/// Whether an error that was read is one of a call to an LLM.
pub fn is_about_llms(seen: &Seen, text: &[u8]) -> bool {
    seen.marks.provider_body
        || seen.exception.as_ref().is_some_and(|e| is_mine(e.as_str().as_bytes()))
        || shows_llm(text)
}

/// Whether the frames of a traceback, or a URL in it, are those of an LLM library.
fn shows_llm(text: &[u8]) -> bool {
    let packages = [
        b"site-packages/anthropic".as_slice(),
        b"site-packages/openai",
        b"site-packages/litellm",
        b"google/genai",
        b"google.genai",
        b"langchain",
        b"llama_index",
        b"pydantic_ai",
        b"vertexai",
    ];
    let url = || {
        memchr::memmem::find_iter(text, b"http").any(|at| {
            let rest = text.get(at..).unwrap_or_default();
            let len =
                rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'')).unwrap_or(rest.len());
            rest.get(..len).is_some_and(address::is_llm_url)
        })
    };
    packages.iter().any(|p| memchr::memmem::find(text, p).is_some()) || url()
}

/// What the frames of a traceback show of the request: the line of code that made it, or, where a logger
/// prints the values of variables, the options.
pub fn frames(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    if seen.model.is_none() {
        let named = ["model=\"", "model='", "modelId=\"", "modelId='", "'model': '", "\"model\": \"", "model_name: "]
            .iter()
            .flat_map(|before| values(text, before));
        let mut models = named.filter_map(|value| clean.model(value));
        let first = models.next();
        // a program that tries several models may show any of them
        seen.model = first.filter(|f| models.all(|m| m == *f));
    }
    if seen.endpoint.is_none()
        && let Some(path) = values(text, "FinalRequestOptions(method='post', url='").find(|p| address::is_endpoint(p))
    {
        address::read_path(path, clean, seen);
    }
}

/// Values that stand behind some words, up to a quote or a comma. What goes on behind the quote is an expression, and
/// its value is not known: `model="a" if fast else "b"`.
fn values<'t>(text: &'t [u8], before: &'t str) -> impl Iterator<Item = &'t [u8]> {
    memchr::memmem::find_iter(text, before.as_bytes()).filter_map(move |at| {
        let rest = text.get(at + before.len()..)?;
        let end = rest.iter().take(MAX_VALUE).position(|b| matches!(b, b'"' | b'\'' | b',' | b'\n'))?;
        let quoted = matches!(rest.get(end), Some(b'"' | b'\''));
        let whole = !quoted || matches!(rest.get(end + 1), None | Some(b',' | b')' | b'}' | b'\n'));
        rest.get(..end).filter(|value| whole && !value.is_empty())
    })
}

//! Decorators that repeat a function when it raises: tenacity (also inside LangChain and google-genai),
//! backoff, instructor, Celery. They tell which exception ended one try, and how long they wait for the next.

use super::entry::{Entry, Found, between, leading_number, link};
use super::python_error;
use super::shared::error_text;
use super::{About, Dialect};
use crate::model::{Layer, LinkKind, Stage};

pub struct RetryDecorators;

const ABOUT: About = About {
    id: "python-retry",
    title: "Retry decorators of Python: tenacity (before_sleep, google-genai, LangChain), backoff, instructor, Celery",
    layer: Layer::Client,
    tells: "the error of each try with its request id, the wait before the next, which tries are one call",
    lacks: "what the SDK beneath did within one try",
};

/// A line that one of them prints, by what is always in it.
type Line = (&'static str, fn(&Entry<'_>, &mut Found<'_>, usize));

/// The first that stands in a text is read.
const LINES: &[Line] = &[
    (RAISED, raised),
    ("Backing off ", backing_off),
    ("Giving up ", giving_up),
    ("] retry: Retry in ", task),
    ("] raised unexpected: ", task),
    (FAILED, failed),
    ("Finished call to '", quiet),
    ("Starting call to '", quiet),
];
const RAISED: &str = " seconds as it raised ";
const FAILED: &str = "API call failed on attempt ";

impl Dialect for RetryDecorators {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            RAISED,
            "Backing off ",
            "Giving up ",
            "] retry: Retry in ",
            "] raised unexpected: ",
            FAILED,
            "Finished call to '",
            "Starting call to '",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        if let Some((at, read)) = LINES.iter().find_map(|(anchor, read)| Some((entry.places(anchor).next()?, read))) {
            read(entry, found, at);
        }
    }
}

/// `Retrying __main__.ask in 0.72 seconds as it raised InternalServerError: Error code: 500 - {…}.`
fn raised(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let text = entry.text.to_vec();
    let (before, after) = text.split_at(at);
    let wait = memchr::memmem::rfind(before, b" in ").and_then(|i| leading_number(before.get(i + 4..)?));
    tried(entry, found, at, after.get(RAISED.len()..).unwrap_or_default(), wait);
}

/// `Backing off ask(...) for 0.8s (anthropic.RateLimitError: Error code: 429 - {…})`
fn backing_off(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let wait = between(&line, " for ", "s (").and_then(leading_number);
    if let Some((wait, raised)) = wait.zip(after(&line, b"s (")) {
        tried(entry, found, at, raised, Some(wait));
    }
}

/// `Giving up ask(...) after 3 tries (anthropic.RateLimitError: Error code: 429 - {…})`
fn giving_up(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    if let Some(raised) = after(&line, b" tries (") {
        tried(entry, found, at, raised, None);
    }
}

/// `API call failed on attempt 2: Error code: 529 - {…}`
fn failed(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at + FAILED.len()).to_vec();
    let Some(number) = leading_number(&line).map(|n| n as u32) else { return };
    let mut fact = entry.fact(&ABOUT, Stage::Error, at);
    error_text::message(after(&line, b": ").unwrap_or_default(), found.clean, &mut fact.seen);
    fact.seen.number = Some(number);
    if python_error::is_about_llms(&fact.seen, &entry.text) || fact.seen.status.is_some() {
        found.push(fact);
        found.understood_with_error();
    }
}

fn quiet(_: &Entry<'_>, found: &mut Found<'_>, _: usize) {
    found.understood();
}

fn after<'t>(text: &'t [u8], word: &[u8]) -> Option<&'t [u8]> {
    text.get(memchr::memmem::find(text, word)? + word.len()..)
}

/// `Task tasks.summarize[0fd5fea8-…] retry: Retry in 5s: InternalServerError("Error code: 500 - {…}")`
fn task(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let text = entry.text.to_vec();
    let (before, told) = text.split_at(at);
    let wait = between(told, "] retry: Retry in ", "s: ").and_then(leading_number);
    let raised = after(told, b": ").unwrap_or_default();
    let raised = if wait.is_some() { after(raised, b": ").unwrap_or_default() } else { raised };
    let id = before.get(memchr::memrchr(b'[', before).map_or(0, |i| i + 1)..).unwrap_or_default();
    let links = link(LinkKind::Trace, id, found.clean);
    tried(entry, found, at, raised, wait);
    found.link(links);
}

/// One try that raised; another follows if there is a wait.
fn tried(entry: &Entry<'_>, found: &mut Found<'_>, at: usize, raised: &[u8], wait: Option<f64>) {
    let stage = if wait.is_some() { Stage::Retry } else { Stage::Error };
    let mut fact = entry.fact(&ABOUT, stage, at);
    fact.time = entry.time_before(at).or(fact.time);
    let line = raised.get(..memchr::memchr(b'\n', raised).unwrap_or(raised.len())).unwrap_or_default();
    error_text::read(line, found.clean, &mut fact.seen);
    if !python_error::is_about_llms(&fact.seen, &entry.text) {
        return;
    }
    python_error::frames(&entry.text, found.clean, &mut fact.seen);
    fact.seen.wait_ms = wait.map(|s| (s * 1000.0).round() as u64);
    found.push(fact);
    // the traceback behind it is that of the same exception
    found.understood_with_error();
}

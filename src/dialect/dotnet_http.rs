//! What .NET's HttpClientFactory logs of each request, and the resilience handlers in it of each attempt: the URL
//! when it is sent, status and time when its response came. The lines of a response do not say whose it is.

use super::entry::{Entry, Found, leading_number};
use super::shared::{address, status, trouble};
use super::{About, Dialect};
use crate::model::{Layer, Stage, Trouble};

pub struct DotnetHttp;

const ABOUT: About = About {
    id: "dotnet-http",
    title: ".NET's HttpClient (System.Net.Http.HttpClient loggers) and its resilience handlers",
    layer: Layer::Client,
    tells: "URL, status and elapsed time of every attempt; which were retried, where a resilience handler is set up",
    lacks: "request ids, error types, model",
};

/// The handler outside of all others, and the one that sends.
const BEGINS: &[(&str, u8)] = &[("Start processing HTTP request ", 0), ("Sending HTTP request ", 1)];
const ENDS: &[&str] =
    &["Received HTTP response headers after ", "Received HTTP response after ", "End processing HTTP request after "];
const FAILS: &str = "HTTP request failed after ";
/// `EventName: 'OnRetry', Source: 'claude-standard//Standard-Retry', Operation Key: '', Result: '529'`
const RETRIES: &str = "EventName: 'OnRetry'";

impl Dialect for DotnetHttp {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "Start processing HTTP request ",
            "Sending HTTP request ",
            "Received HTTP response ",
            "End processing HTTP request ",
            FAILS,
            RETRIES,
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let at = |words: &str| entry.places(words).next();
        if let Some((place, step, words)) = BEGINS.iter().find_map(|(words, step)| Some((at(words)?, *step, *words))) {
            let line = entry.line(place + words.len()).to_vec();
            let mut words = line.split(|b| *b == b' ');
            let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            if !address::is_llm_url(url) {
                return found.understood();
            }
            let mut fact = entry.fact(&ABOUT, Stage::Begin(step), place);
            fact.seen.method = found.clean.word(method);
            address::read_url(url, found.clean, &mut fact.seen);
            found.push(fact);
        } else if let Some((place, words)) = ENDS.iter().find_map(|words| Some((at(words)?, *words))) {
            let line = entry.line(place + words.len()).to_vec();
            let mut fact = entry.fact(&ABOUT, Stage::Part, place);
            fact.seen.elapsed_ms = leading_number(&line).map(|ms| ms.round() as u64);
            let status = memchr::memmem::find(&line, b" - ").and_then(|at| line.get(at + 3..));
            fact.seen.status = status.and_then(status::begins_or_named);
            found.push(fact);
        } else if let Some(place) = at(FAILS) {
            let mut fact = entry.fact(&ABOUT, Stage::Part, place);
            fact.seen.elapsed_ms = leading_number(entry.line(place + FAILS.len())).map(|ms| ms.round() as u64);
            // the exception stands below
            fact.seen.trouble = Some(trouble::of(&entry.text).unwrap_or(Trouble::NoResponse));
            found.push(fact);
        } else if let Some(place) = at(RETRIES) {
            found.push(entry.fact(&ABOUT, Stage::PartRetry, place));
        }
    }
}

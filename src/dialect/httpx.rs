//! httpx and httpx2: one line when a response has come.

use super::entry::{Entry, Found, between};
use super::shared::{address, status};
use super::{About, Dialect};
use crate::model::{Layer, Stage};

pub struct Httpx;

const ABOUT: About = About {
    id: "httpx",
    title: "httpx request lines (under the Anthropic, OpenAI and Google SDKs for Python)",
    layer: Layer::Client,
    tells: "URL, status, time as the logger prints it",
    lacks: "request ids, error types, headers, attempts that got no response",
};

impl Dialect for Httpx {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["HTTP Request: "]
    }

    /// `HTTP Request: POST https://api.anthropic.com/v1/messages "HTTP/1.1 529 "`
    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let places: Vec<usize> =
            entry.places("HTTP Request: ").filter(|at| !ends_with(entry, *at, b"Sending ")).collect();
        for at in places {
            // a terminal may have wrapped the line behind the status
            let line = entry.line(at + 14).to_vec();
            let Some(url) = line.split(|b| b.is_ascii_whitespace()).nth(1).map(<[u8]>::to_vec) else { continue };
            if !address::is_llm_url(&url) {
                found.understood();
                continue;
            }
            let mut fact = entry.fact(&ABOUT, Stage::Response(1), at);
            fact.time = entry.time_before(at).or(fact.time);
            fact.seen.method = line.split(|b| *b == b' ').next().and_then(|m| found.clean.word(m));
            address::read_url(&url, found.clean, &mut fact.seen);
            let told = between(&line, "\"HTTP/", "\"")
                .map(<[u8]>::to_vec)
                .or_else(|| line.rsplit(|b| *b == b'"').next().map(<[u8]>::to_vec))
                .unwrap_or_default();
            fact.seen.status = told.split(|b| *b == b' ').nth(1).and_then(status::begins);
            found.push(fact);
        }
    }
}

fn ends_with(entry: &Entry<'_>, at: usize, word: &[u8]) -> bool {
    entry.text.get(..at).is_some_and(|before| before.ends_with(word))
}

//! Faraday's logger, under most SDKs for Ruby: `request: POST https://…`, `response: Status 529`, and the headers of
//! both, a name and a quoted value a line.

use super::entry::{Entry, Found};
use super::shared::{address, body, headers, request, status};
use super::{About, Dialect};
use crate::model::{Layer, Stage};

pub struct Faraday;

const ABOUT: About = About {
    id: "faraday",
    title: "Faraday's logger (SDKs for Ruby)",
    layer: Layer::Client,
    tells: "URL and status of every attempt; with headers the request id",
    lacks: "model and error types unless bodies are logged; which attempts are one call",
};

impl Dialect for Faraday {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["request: ", "response: "]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        // Ruby's logger puts the name of the program there, and that is which half it is
        let at = |words: &str| {
            let at = entry.places(words).next()?;
            entry.text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(b" -- ")).then_some(at)
        };
        if let Some(place) = at("request: POST http") {
            let line = entry.line(place + "request: POST ".len()).to_vec();
            if !address::is_llm_url(&line) {
                return found.understood();
            }
            let mut fact = entry.fact(&ABOUT, Stage::Begin(1), place);
            fact.seen.method = found.clean.word(b"POST");
            address::read_url(&line, found.clean, &mut fact.seen);
            found.push(fact);
        } else if let Some(place) = at("response: Status ") {
            let mut fact = entry.fact(&ABOUT, Stage::Part, place);
            fact.seen.status = status::said(entry.line(place + "response: ".len()));
            found.push(fact);
        } else if let Some(place) = at("response: ") {
            let text = entry.text.get(place + "response: ".len()..).unwrap_or_default().to_vec();
            if text.starts_with(b"{") {
                let mut fact = entry.fact(&ABOUT, Stage::Part, place);
                body::answer(&text, found.clean, &mut fact.seen);
                return found.push(fact);
            }
            let lines = text.split(|b| *b == b'\n').map(|line| line.iter().copied().filter(|b| *b != b'"').collect());
            let lines: Vec<Vec<u8>> = lines.collect();
            let mut fact = entry.fact(&ABOUT, Stage::Part, place);
            headers::read_lines(lines.iter().map(Vec::as_slice), found.clean, &mut fact.seen, &mut fact.links);
            found.push(fact);
        } else if let Some(place) = at("request: {") {
            let mut fact = entry.fact(&ABOUT, Stage::Part, place);
            request::sent(entry.line(place + "request: ".len()), found.clean, &mut fact.seen);
            found.push(fact);
        }
    }
}

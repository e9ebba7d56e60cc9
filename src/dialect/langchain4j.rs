//! LangChain4j's log of requests and responses: a head, and a line each for method, URL, headers and body.

use super::entry::{Entry, Found};
use super::shared::{address, body, error_text, headers, request, status};
use super::{About, Dialect};
use crate::model::{Layer, Marks, Stage};

pub struct Langchain4j;

const ABOUT: About = About {
    id: "langchain4j",
    title: "LangChain4j's HTTP client (logRequests, logResponses)",
    layer: Layer::Client,
    tells: "URL, model, payload shape, status, request id, error body of every attempt",
    lacks: "elapsed time; which attempts are one call; what its retries waited for",
};

impl Dialect for Langchain4j {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["HTTP request:\n- ", "HTTP response:\n- "]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let line = |name: &str| {
            let name = [b"\n- ".as_slice(), name.as_bytes(), b": "].concat();
            let at = memchr::memmem::find(&text, &name)? + name.len();
            text.get(at..)
        };
        let listed = line("headers").map(error_text::first_line).unwrap_or_default();
        // `[request-id: req_…], [retry-after: 7]`
        let pairs = listed.split(|b| matches!(b, b'[' | b']')).filter(|part| part.contains(&b':'));
        let sent = line("body").unwrap_or_default();
        if let Some(url) = line("url").map(error_text::first_line) {
            if !address::is_llm_url(url) {
                return found.understood();
            }
            let mut fact = entry.fact(&ABOUT, Stage::Begin(1), 0);
            address::read_url(url, found.clean, &mut fact.seen);
            let method = line("method").map(error_text::first_line).unwrap_or_default();
            fact.seen.method = found.clean.word(method);
            headers::read_lines(pairs, found.clean, &mut fact.seen, &mut fact.links);
            fact.seen.marks = Marks::default();
            request::sent(sent, found.clean, &mut fact.seen);
            found.push(fact);
        } else if let Some(status) = line("status code").and_then(status::begins_or_named) {
            let mut fact = entry.fact(&ABOUT, Stage::Part, 0);
            fact.seen.status = Some(status);
            headers::read_lines(pairs, found.clean, &mut fact.seen, &mut fact.links);
            body::answer(sent, found.clean, &mut fact.seen);
            found.push(fact);
        }
    }
}

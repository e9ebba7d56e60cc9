//! axios' errors, as `util.inspect` or JSON: the request with all that was sent, and, in the first form, the response.

use super::entry::{Entry, Found};
use super::shared::{address, body, error_text, headers, request, status, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Layer, Marks, Stage};

pub struct Axios;

const ABOUT: About = About {
    id: "axios",
    title: "Errors of axios (console.error, toJSON, pino)",
    layer: Layer::Client,
    tells: "URL, status, request's shape, response headers and ids, error type, why a connection failed",
    lacks: "times; toJSON leaves out the response; which errors are of one call",
};

/// Errors inside records are sought so deep.
const MAX_DEPTH: usize = 4;

impl Dialect for Axios {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["AxiosError"]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        if let Some(error) = entry.fields.and_then(|fields| find(fields, 0)) {
            return one(entry, found, 0, error);
        }
        let text = entry.text.to_vec();
        let heads = error_text::exceptions(&text).filter(|e| e.class.ends_with(b"AxiosError"));
        let heads: Vec<(usize, &[u8])> = heads.map(|e| (e.at, e.rest)).collect();
        for (at, rest) in heads {
            let fields = memchr::memmem::find(rest, b" {\n").or_else(|| memchr::memmem::find(rest, b" {\r\n"));
            match fields.and_then(|brace| Node::read(rest.get(brace..)?)) {
                Some((object, _)) => one(entry, found, at, &object),
                None => bare(entry, found, at, rest),
            }
        }
    }
}

fn find<'n, 't>(node: &'n Node<'t>, depth: usize) -> Option<&'n Node<'t>> {
    let named = |name: &str| node.get(name).and_then(Node::str) == Some("AxiosError");
    if node.get("config").is_some_and(Node::is_group)
        && (named("name") || named("type") || node.get("isAxiosError").is_some())
    {
        return Some(node);
    }
    if depth >= MAX_DEPTH {
        return None;
    }
    node.entries()
        .filter(|(name, value)| !name.is_empty() && value.is_group())
        .find_map(|(_, value)| find(value, depth + 1))
}

/// A class and a message, without the object.
fn bare(entry: &Entry<'_>, found: &mut Found<'_>, at: usize, rest: &[u8]) {
    let mut fact = entry.fact(&ABOUT, Stage::Error, at);
    body::nested(rest, found.clean, &mut fact.seen);
    // axios calls everything, not only LLMs
    if fact.seen.request_id.is_none() && fact.seen.error_type.is_none() {
        return found.understood();
    }
    fact.seen.exception = found.clean.word(b"AxiosError");
    fact.seen.status = status::said(rest);
    found.push(fact);
}

fn one(entry: &Entry<'_>, found: &mut Found<'_>, at: usize, error: &Node<'_>) {
    let empty = Node::Group(Vec::new());
    let config = error.get("config").unwrap_or(&empty);
    let response = error.get("response").filter(|r| r.is_group());
    let url = url(config, response);
    if !address::is_llm_url(&url) && !address::is_endpoint(&url) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Error, at);
    let seen = &mut fact.seen;
    if let Some(list) = config.get("headers") {
        headers::read(list, found.clean, seen, &mut fact.links);
    }
    seen.marks = Marks::default();
    match config.get("data") {
        Some(Node::Text(text)) => request::sent(text, found.clean, seen),
        Some(data) if request::is_request(data) => request::read(data, found.clean, seen),
        _ => {}
    }
    address::read_url(&url, found.clean, seen);
    seen.method =
        config.get("method").and_then(Node::bytes).map(<[u8]>::to_ascii_uppercase).and_then(|m| found.clean.word(&m));
    seen.exception = found.clean.word(b"AxiosError");
    seen.status = error.get("status").or_else(|| response?.get("status")).and_then(Node::number);
    if let Some(response) = response {
        if let Some(list) = response.get("headers") {
            headers::read(list, found.clean, seen, &mut fact.links);
        }
        match response.get("data") {
            Some(Node::Text(text)) => body::answer(text, found.clean, seen),
            Some(data) if body::is_error(data) => {
                body::error(data, found.clean, seen);
            }
            _ => {}
        }
    }
    let code = error.get("code").and_then(Node::bytes).unwrap_or_default();
    if seen.status.is_none() {
        let message = error.get("message").and_then(Node::bytes).unwrap_or_default();
        let said = [code, b" ", message].concat();
        // `ECONNABORTED` is what axios says when its own timeout ran out
        seen.trouble =
            if code == b"ECONNABORTED" { Some(crate::model::Trouble::ClientTimeout) } else { trouble::of(&said) };
        seen.cause = found.clean.word(code);
    }
    found.push(fact);
}

/// The URL as it was called; of a path under a base URL both.
fn url(config: &Node<'_>, response: Option<&Node<'_>>) -> Vec<u8> {
    let url = config.get("url").and_then(Node::bytes).unwrap_or_default();
    if address::parts(url).is_some() {
        return url.to_vec();
    }
    let base = config.get("baseURL").and_then(Node::bytes).unwrap_or_default();
    if base.is_empty() {
        let called = response.and_then(|r| r.at(&["request", "res", "responseUrl"])).and_then(Node::bytes);
        return called.unwrap_or(url).to_vec();
    }
    [base.strip_suffix(b"/").unwrap_or(base), b"/", url.strip_prefix(b"/").unwrap_or(url)].concat()
}

//! What Node itself tells of requests: `NODE_DEBUG=fetch`, `undici`, `http`.

use super::entry::{Entry, Found};
use super::shared::{address, headers, status, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Layer, Marks, Stage, Trouble};

pub struct NodeDebug;

const ABOUT: About = About {
    id: "node-debug",
    title: "NODE_DEBUG of Node (fetch, undici, http)",
    layer: Layer::Client,
    tells: "URL and status of every fetch, why a connection failed; of http the URL of every new connection",
    lacks: "times, headers of responses, request ids, bodies; of http the status",
};

impl Dialect for NodeDebug {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["FETCH ", "UNDICI ", "HTTP ", "HTTPS "]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let Some((name, said)) = said(&text) else { return };
        match name {
            b"FETCH" | b"UNDICI" => fetch(entry, found, said),
            _ => http(entry, found, said),
        }
    }
}

/// `FETCH 14003: …`, at the beginning of a record or behind a logger's prefix.
fn said(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    [b"FETCH".as_slice(), b"UNDICI", b"HTTPS", b"HTTP"].into_iter().find_map(|name| {
        let at = memchr::memmem::find(text.get(..end)?, name).filter(|at| *at <= 64)? + name.len();
        let digits = text.get(at..)?.strip_prefix(b" ")?.iter().take_while(|b| b.is_ascii_digit()).count();
        let rest = text.get(at + 1 + digits..)?.strip_prefix(b":").filter(|_| digits > 0)?;
        Some((name, rest.trim_ascii_start()))
    })
}

/// `sending request to POST https://api.anthropic.com//v1/messages`; Node prints some twice, with one slash and with two.
fn fetch(entry: &Entry<'_>, found: &mut Found<'_>, said: &[u8]) {
    let line = said.get(..memchr::memchr(b'\n', said).unwrap_or(said.len())).unwrap_or_default();
    let mut words = line.split(|b| *b == b' ');
    let (method, url) = loop {
        let Some(word) = words.next() else { return found.understood() };
        if matches!(word, b"GET" | b"POST" | b"PUT" | b"PATCH" | b"DELETE") {
            break (word, words.next().unwrap_or_default());
        }
    };
    let Some((scheme, host, path)) = address::parts(url) else { return found.understood() };
    let twice = path.starts_with(b"//");
    let path = if twice { path.get(1..).unwrap_or_default() } else { path };
    if !address::is_host(host) && !address::is_endpoint(path) {
        return found.understood();
    }
    let step = u8::from(twice);
    let stage = match line {
        l if l.starts_with(b"sending request to") => Stage::Begin(step),
        l if l.starts_with(b"received response to") || memchr::memmem::find(l, b" errored - ").is_some() => {
            Stage::Response(step)
        }
        _ => return found.understood(),
    };
    let mut fact = entry.fact(&ABOUT, stage, 0);
    address::read_url(&[scheme, b"://", host, path].concat(), found.clean, &mut fact.seen);
    fact.seen.method = found.clean.word(method);
    if let Stage::Response(_) = stage {
        match memchr::memmem::find(line, b" errored - ") {
            Some(at) => {
                fact.seen.trouble = Some(trouble::of(line.get(at..).unwrap_or_default()).unwrap_or(Trouble::NoResponse))
            }
            None => fact.seen.status = status::said(line),
        }
    }
    found.push(fact);
}

/// `createConnection api.anthropic.com:443: [Object: null prototype] { … href: 'https://…' … }`
fn http(entry: &Entry<'_>, found: &mut Found<'_>, said: &[u8]) {
    found.understood();
    if !said.starts_with(b"createConnection ") {
        return;
    }
    // the class before the object is in brackets, too
    let Some((object, _)) = memchr::memmem::find(said, b"{\n")
        .or_else(|| memchr::memmem::find(said, b"{\r\n"))
        .and_then(|at| Node::read(said.get(at..)?))
    else {
        return;
    };
    let Some(url) = object.get("href").and_then(Node::bytes).filter(|url| address::is_llm_url(url)) else { return };
    let mut fact = entry.fact(&ABOUT, Stage::Begin(0), 0);
    if let Some(list) = object.get("headers") {
        headers::read(list, found.clean, &mut fact.seen, &mut fact.links);
    }
    fact.seen.marks = Marks::default();
    address::read_url(url, found.clean, &mut fact.seen);
    fact.seen.method = object.get("method").and_then(Node::bytes).and_then(|m| found.clean.word(m));
    found.push(fact);
}

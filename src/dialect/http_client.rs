//! Wire dumps: what `debuglevel=1` of Python's `http.client` prints under requests, urllib3 and urllib, and what
//! `set_debug_output` of Ruby's Net::HTTP prints under Faraday, HTTParty and SDKs.

use super::entry::{Entry, Found};
use super::shared::{address, body, headers, request, status};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Layer, Marks, Stage};

pub struct HttpClient;

const ABOUT: About = About {
    id: "http-client",
    title: "Wire dumps of Python's http.client (debuglevel=1) and Ruby's Net::HTTP (set_debug_output)",
    layer: Layer::Client,
    tells: "path, host, model and payload shape, status, every response header with its ids",
    lacks: "times but for the server's clock, bodies of responses, retries as such",
};

impl Dialect for HttpClient {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["send: b", "reply: ", "header: ", "<- \"", "-> \""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        // it is printed without any prefix
        if let Some(sent) = text.strip_prefix(b"send: ").or_else(|| text.strip_prefix(b"<- ")) {
            send(entry, found, sent);
        } else if let Some(reply) = text.strip_prefix(b"reply: ") {
            let mut fact = entry.fact(&ABOUT, Stage::Part, 0);
            fact.seen.status = status::said(reply.get(..reply.len().min(80)).unwrap_or_default());
            found.push(fact);
        } else if text.starts_with(b"header: ") {
            let mut fact = entry.fact(&ABOUT, Stage::Part, 0);
            headers::read_lines(
                text.split(|b| *b == b'\n').filter_map(|l| l.strip_prefix(b"header: ")),
                found.clean,
                &mut fact.seen,
                &mut fact.links,
            );
            found.push(fact);
        } else if let Some(got) = text.strip_prefix(b"-> ") {
            received(entry, found, got);
        }
    }
}

/// `-> "HTTP/1.1 529 \r\n"`, `-> "request-id: req_…\r\n"`, `-> "{…}"`: Ruby prints each as it comes.
fn received(entry: &Entry<'_>, found: &mut Found<'_>, got: &[u8]) {
    let Some((Node::Text(got), _)) = Node::read(got) else { return found.understood() };
    let mut fact = entry.fact(&ABOUT, Stage::Part, 0);
    if got.starts_with(b"HTTP/") {
        fact.seen.status = got.split(|b| *b == b' ').nth(1).and_then(status::begins);
    } else if got.ends_with(b"\r\n") {
        headers::read_lines(got.split(|b| *b == b'\n'), found.clean, &mut fact.seen, &mut fact.links);
    } else {
        body::answer(&got, found.clean, &mut fact.seen);
    }
    found.push(fact);
}

/// `send: b'POST /v1/messages HTTP/1.1\r\nHost: …'`, then `send: b'{"model": …}'`.
fn send(entry: &Entry<'_>, found: &mut Found<'_>, sent: &[u8]) {
    let Some((Node::Text(sent), _)) = Node::read(sent) else { return found.understood() };
    let head = sent.get(..sent.len().min(2048)).unwrap_or_default();
    let first = head.split(|b| *b == b'\r').next().unwrap_or_default();
    let mut words = first.split(|b| *b == b' ');
    let (method, path, version) =
        (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if version.starts_with(b"HTTP/") {
        let mut fact = entry.fact(&ABOUT, Stage::Begin(2), 0);
        headers::read_lines(sent.split(|b| *b == b'\n'), found.clean, &mut fact.seen, &mut fact.links);
        fact.seen.marks = Marks::default();
        let host = sent
            .split(|b| *b == b'\n')
            .find_map(|l| l.strip_prefix(b"Host: ").or_else(|| l.strip_prefix(b"host: ")))
            .unwrap_or_default()
            .trim_ascii();
        if !address::is_endpoint(path) && !address::is_host(host) {
            return found.understood();
        }
        address::read_path(path, found.clean, &mut fact.seen);
        if address::is_host(host) {
            address::read_url(&[b"https://", host, path].concat(), found.clean, &mut fact.seen);
        }
        fact.seen.method = found.clean.word(method);
        return found.push(fact);
    }
    match Node::read(&sent) {
        Some((body, _)) if request::is_request(&body) => {
            let mut fact = entry.fact(&ABOUT, Stage::Begin(3), 0);
            request::read(&body, found.clean, &mut fact.seen);
            found.push(fact);
        }
        _ => found.understood(),
    }
}

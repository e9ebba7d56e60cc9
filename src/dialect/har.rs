//! Recorded sessions of browsers and proxies (HAR 1.2), and VCR's cassettes. A session is one document of many
//! megabytes: its entries are sought with the pull reader, and each is read on its own.

use super::entry::{Entry, Found};
use super::shared::{address, body, headers, request, status, trouble};
use super::{About, Dialect};
use crate::literal::{Event, Node, Reader, Span, State, Timestamp};
use crate::model::{Layer, Marks, Seen, Stage, Trouble};

pub struct Har;

const ABOUT: About = About {
    id: "har",
    title: "HTTP archives of browsers, Playwright, mitmproxy and Charles; cassettes of VCR as JSON",
    layer: Layer::Client,
    tells: "URL, status, all headers and ids, bodies, time and duration of every request; errors inside streams",
    lacks: "attempts that the browser itself repeated",
};

impl Dialect for Har {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["\"startedDateTime\"", "\"interactions\"", "\"http_interactions\""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.record.text;
        let (mut line, mut counted) = (entry.record.line, 0);
        for span in entries(text) {
            let lines = memchr::memchr_iter(b'\n', text.get(counted..span.start).unwrap_or_default()).count();
            (line, counted) = (line.saturating_add(lines as u32), span.start);
            found.complete();
            if let Some((node, _)) = Node::read(span.of(text)) {
                one(entry, found, &node, line);
            }
        }
    }
}

/// The lists of exchanges: HAR's, and those of cassettes.
const LISTS: &[&[u8]] = &[b"entries", b"interactions", b"http_interactions"];
/// Where each keeps what was called, what was sent, the status, and what came back.
const URL: &[&[&str]] = &[&["url"], &["uri"]];
const SENT: &[&[&str]] = &[&["postData", "text"], &["body", "string"], &["body"]];
const STATUS: &[&[&str]] = &[&["status"], &["status", "code"]];
const CONTENT: &[&[&str]] = &[&["content", "text"], &["body", "string"]];

fn first<'n, 't>(node: &'n Node<'t>, paths: &[&[&str]]) -> Option<&'n Node<'t>> {
    paths.iter().filter_map(|path| node.at(path)).find(|value| !value.is_group())
}

/// Where the elements of the list of exchanges stand.
fn entries(text: &[u8]) -> Vec<Span> {
    let mut state = State::default();
    let mut reader = Reader::new(text, &mut state);
    let mut found = Vec::new();
    let (mut named, mut list, mut start) = (false, None, None);
    while let Some(event) = reader.next() {
        let depth = reader.state().depth();
        match event {
            Event::Key(key) => named = list.is_none() && depth <= 2 && LISTS.contains(&key.name.of(text)),
            Event::Open { bracket: b'[', .. } if named => (named, list) = (false, Some(depth)),
            Event::Open { at, .. } if list.is_some_and(|l| depth == l + 1) => start = Some(at),
            Event::Close { at } if list == Some(depth) => found.extend(start.take().map(|s| Span::new(s, at + 1))),
            Event::Close { .. } if list.is_some_and(|l| depth < l) => break,
            _ => {}
        }
    }
    // a session that was cut off
    found.extend(start.map(|s| Span::new(s, text.len())));
    found
}

/// A request and what came back.
fn one(entry: &Entry<'_>, found: &mut Found<'_>, node: &Node<'_>, line: u32) {
    let Some((sent, got)) = node.get("request").zip(node.get("response")) else { return };
    let url = first(sent, URL).and_then(Node::bytes).unwrap_or_default();
    let method = sent.get("method").and_then(Node::bytes).unwrap_or_default();
    // a browser asks first whether it may
    if !address::is_llm_url(url) || method == b"OPTIONS" {
        return;
    }
    let mut begin = entry.fact(&ABOUT, Stage::Begin(0), 0);
    begin.place.line = line;
    begin.time = node
        .get("startedDateTime")
        .or_else(|| node.get("recorded_at"))
        .and_then(Node::bytes)
        .and_then(Timestamp::begins)
        .map(|(time, _)| time);
    begin.time_inherited = false;
    let mut end = begin.clone();
    end.stage = Stage::Response(0);
    if let Some(list) = sent.get("headers") {
        headers::read(list, found.clean, &mut begin.seen, &mut begin.links);
    }
    begin.seen.marks = Marks::default();
    address::read_url(url, found.clean, &mut begin.seen);
    begin.seen.method = found.clean.word(method);
    if let Some(text) = first(sent, SENT).and_then(Node::bytes) {
        request::sent(text, found.clean, &mut begin.seen);
    }
    let elapsed =
        node.get("time").and_then(Node::number::<f64>).filter(|ms| ms.is_finite() && (0.0..1e10).contains(ms));
    end.seen.elapsed_ms = elapsed.map(|ms| ms.round() as u64);
    end.time = begin
        .time
        .map(|time| Timestamp { local_ms: time.local_ms.saturating_add(elapsed.unwrap_or(0.0) as i64), ..time });
    if let Some(list) = got.get("headers") {
        headers::read(list, found.clean, &mut end.seen, &mut end.links);
    }
    end.seen.status = first(got, STATUS).and_then(Node::number).filter(|s| status::is_one(*s));
    answer(got, found, &mut end.seen);
    if end.seen.status.is_none() {
        // Chrome, Playwright and Firefox each have a field of their own
        let why = [got.get("_error"), got.get("_failureText"), node.get("_error"), got.get("statusText")]
            .into_iter()
            .flatten()
            .find_map(Node::bytes);
        end.seen.trouble = why.map(|why| trouble::of(why).unwrap_or(Trouble::NoResponse)).filter(|_| why != Some(b""));
    }
    found.push(begin);
    if end.seen.status.is_some() || end.seen.trouble.is_some() {
        found.push(end);
    }
}

/// The body of a response, if it is there and text.
fn answer(got: &Node<'_>, found: &mut Found<'_>, seen: &mut Seen) {
    let content = got.get("content").or_else(|| got.get("body"));
    let Some(content) = content.filter(|c| c.get("encoding").and_then(Node::bytes).is_none()) else {
        return;
    };
    let Some(text) = first(got, CONTENT).and_then(Node::bytes) else { return };
    body::answer(text, found.clean, seen);
    let has = |word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    let whole = content.get("size").and_then(Node::number::<usize>).is_none_or(|size| text.len() >= size);
    if seen.trouble.is_none() && whole && has("\"type\":\"message_start\"") && !has("\"type\":\"message_stop\"") {
        seen.trouble = Some(Trouble::StreamCut);
    }
}

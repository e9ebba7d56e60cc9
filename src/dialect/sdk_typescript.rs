//! The Anthropic and OpenAI SDKs for TypeScript: `[log_1a2b3c, request-id: "req_…"] post … failed with status
//! 500 in 104ms - retrying, 2 attempts remaining`, the objects that follow at debug, and the older
//! `Anthropic:DEBUG:response (error; …) 500 …`.

use super::entry::{Entry, Found, between, leading_number, link};
use super::shared::{address, body, headers, request, status};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, Layer, LinkKind, Marks, Stage, Trouble};

pub struct SdkTypescript;

const ABOUT: About = About {
    id: "sdk-typescript",
    title: "Anthropic and OpenAI SDKs for TypeScript (console, pino, winston; DEBUG=true of old ones)",
    layer: Layer::Client,
    tells: "request id, status, elapsed time, retries left and the call of every attempt; at debug model, payload shape, headers, versions",
    lacks: "times unless the logger adds them; error types of retried attempts; openai logs no model",
};

impl Dialect for SdkTypescript {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["[log_", "Anthropic:DEBUG:", "OpenAI:DEBUG:", "response 200 http"]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let lines: Vec<usize> = entry.places("[log_").filter(|at| is_head(entry, *at)).collect();
        for at in lines {
            line(entry, found, at);
        }
        let old: Vec<usize> = entry
            .places(":DEBUG:")
            .filter(|at| entry.text.get(..*at).is_some_and(|t| t.ends_with(b"Anthropic") || t.ends_with(b"OpenAI")))
            .collect();
        for at in old {
            old_line(entry, found, at + ":DEBUG:".len());
        }
        if !found.is_understood() {
            let stream = entry.places("response 200 http").next();
            if let Some(at) = stream {
                stream_start(entry, found, at);
            }
        }
    }
}

/// The head stands at the beginning of a line, behind a logger's prefix, or glued to output.
fn is_head(entry: &Entry<'_>, at: usize) -> bool {
    let tail = entry.line(at);
    tail.get(5..11).is_some_and(|id| id.iter().all(u8::is_ascii_hexdigit)) && matches!(tail.get(11), Some(b']' | b','))
}

fn line(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let head = entry.line(at).to_vec();
    let Some(close) = memchr::memchr(b']', &head) else { return };
    let (names, rest) =
        (head.get(1..close).unwrap_or_default(), head.get(close + 1..).unwrap_or_default().trim_ascii());
    let stage = match rest {
        r if r.starts_with(b"sending request") => Stage::Begin(0),
        r if memchr::memmem::find(r, b" with status ").is_some()
            || r.starts_with(b"connection ") && memchr::memmem::find(r, b" - ").is_some()
            || r.starts_with(b"middleware error") =>
        {
            Stage::Whole
        }
        _ => Stage::Detail,
    };
    let mut fact = entry.fact(&ABOUT, stage, at);
    named(found, names, &mut fact);
    match stage {
        Stage::Whole => outcome(found, rest, &mut fact),
        _ => {
            if rest.starts_with(b"connection ") {
                fact.seen.trouble = Some(connection(rest));
            }
            fact.seen.retries_left = retries_left(rest);
            // the remark in parentheses is no object; winston's simple format puts the object into a list
            let from = memchr::memchr(b'{', &head).map_or(at + close + 1, |brace| at + brace);
            if let Some(object) = entry.object(from) {
                details(found, &object, &mut fact);
            }
        }
    }
    found.push(fact);
}

/// `log_ff1e2e, retryOf: log_b06935, request-id: "req_…"`
fn named(found: &mut Found<'_>, names: &[u8], fact: &mut Fact) {
    let mut call = None;
    for (i, part) in names.split(|b| *b == b',').map(<[u8]>::trim_ascii).enumerate() {
        if i == 0 {
            fact.links.extend(link(LinkKind::Attempt, part, found.clean));
            call.get_or_insert(part);
        } else if let Some(first) = part.strip_prefix(b"retryOf: ") {
            call = Some(first);
        } else if let Some(id) = between(part, "request-id: \"", "\"") {
            body::request_id(id, found.clean, &mut fact.seen);
        }
    }
    if let Some(call) = call {
        fact.links.extend(link(LinkKind::Call, call, found.clean));
    }
}

/// `post https://… failed with status 429 in 305ms - retrying, 2 attempts remaining`
fn outcome(found: &mut Found<'_>, rest: &[u8], fact: &mut Fact) {
    fact.seen.retries_left = retries_left(rest);
    if rest.starts_with(b"connection ") {
        fact.seen.trouble = Some(connection(rest));
        return;
    }
    let mut words = rest.split(|b| *b == b' ');
    fact.seen.method = words.next().map(<[u8]>::to_ascii_uppercase).and_then(|m| found.clean.word(&m));
    if let Some(url) = words.next() {
        address::read_url(url, found.clean, &mut fact.seen);
    }
    if let Some(told) = memchr::memmem::find(rest, b" with status ").and_then(|i| rest.get(i + 13..)) {
        fact.seen.status = status::begins(told);
        let elapsed = memchr::memmem::find(told, b" in ").and_then(|i| leading_number(told.get(i + 4..)?));
        fact.seen.elapsed_ms = elapsed.map(|ms| ms as u64);
    }
}

/// `retrying, 2 attempts remaining`; the last attempt has none left.
fn retries_left(text: &[u8]) -> Option<u32> {
    let left = memchr::memmem::find(text, b"retrying, ").and_then(|at| leading_number(text.get(at + 10..)?));
    // old SDKs say `(error; retrying, 2 attempts remaining)` and `(error; no more retries left)`
    left.map(|n| n as u32).or_else(|| memchr::memmem::find(text, b"error; ").map(|_| 0))
}

fn connection(text: &[u8]) -> Trouble {
    if memchr::memmem::find(text, b"timed out").is_some() { Trouble::ClientTimeout } else { Trouble::NoResponse }
}

/// The object behind a line at debug: of a request, a response, a lost connection.
fn details(found: &mut Found<'_>, object: &Node<'_>, fact: &mut Fact) {
    let seen = &mut fact.seen;
    if let Some(url) = object.get("url").and_then(Node::bytes) {
        address::read_url(url, found.clean, seen);
    }
    seen.method =
        object.get("method").and_then(Node::str).map(str::to_uppercase).and_then(|m| found.clean.word(m.as_bytes()));
    seen.status = object.get("status").and_then(Node::number);
    seen.elapsed_ms = object.get("durationMs").and_then(Node::number);
    if let Some(first) = object.get("retryOf").and_then(Node::bytes) {
        fact.links.retain(|l| l.kind != LinkKind::Call);
        fact.links.extend(link(LinkKind::Call, first, found.clean));
    }
    if let Some(list) = object.get("headers") {
        headers::read(list, found.clean, seen, &mut fact.links);
    }
    if let Some(options) = object.get("options") {
        seen.marks = Marks::default();
        seen.stream = options.get("stream").and_then(Node::bool);
        if let Some(body) = options.get("body").filter(|b| b.is_group()) {
            request::read(body, found.clean, seen);
        }
    }
    if let Some(answer) = object.get("body") {
        match answer {
            Node::Text(text) => {
                body::nested(text, found.clean, seen);
            }
            node if body::is_error(node) => {
                body::error(node, found.clean, seen);
            }
            node => body::success(node, found.clean, seen),
        }
    }
}

/// `response 200 https://… Headers {…} ReadableStream {…}`: of streams, without the attempt's number.
fn stream_start(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = entry.fact(&ABOUT, Stage::Detail, at);
    fact.seen.status = Some(200);
    if let Some(list) = entry.object(at) {
        headers::read(&list, found.clean, &mut fact.seen, &mut fact.links);
    }
    found.push(fact);
}

/// `request https://… {…} {…}`, `response (error; retrying, 2 attempts remaining) 500 https://… {…}`,
/// `response 200 https://… {…}`, of the SDKs before 0.40.
fn old_line(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let url = line.split(|b| *b == b' ').find(|w| address::parts(w).is_some()).map(<[u8]>::to_vec);
    let request = line.starts_with(b"request ");
    let stage = if request { Stage::Begin(0) } else { Stage::Response(0) };
    if !request && !line.starts_with(b"response") {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, stage, at);
    if let Some(url) = url {
        address::read_url(&url, found.clean, &mut fact.seen);
    }
    let text = entry.text.get(at..).unwrap_or_default().to_vec();
    let Some((object, span)) = Node::read(skip_parenthesis(&text)) else { return found.push(fact) };
    if request {
        let second = skip_parenthesis(&text).get(span.end..).and_then(Node::read).map(|(node, _)| node);
        for object in [Some(object), second].into_iter().flatten() {
            let of = |name: &str| object.get(name).cloned();
            if let Some(sent) = of("headers") {
                headers::read(&sent, found.clean, &mut fact.seen, &mut fact.links);
                fact.seen.marks = Marks::default();
            }
            if let Some(body) = of("body").filter(Node::is_group) {
                request::read(&body, found.clean, &mut fact.seen);
            }
            fact.seen.stream = fact.seen.stream.or_else(|| of("stream").as_ref().and_then(Node::bool));
        }
    } else {
        fact.seen.retries_left = retries_left(&line);
        fact.seen.status = line.split(|b| *b == b' ').find_map(status::begins);
        headers::read(&object, found.clean, &mut fact.seen, &mut fact.links);
    }
    found.push(fact);
}

/// The remark in parentheses is no object.
fn skip_parenthesis(text: &[u8]) -> &[u8] {
    let brace = memchr::memchr(b'{', text).unwrap_or(text.len());
    text.get(brace..).unwrap_or_default()
}

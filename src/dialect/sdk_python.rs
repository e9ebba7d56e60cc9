//! The Anthropic and OpenAI SDKs for Python, all generations: they share one code generator and its words.

use super::entry::{Entry, Found, between, leading_number, link, run};
use super::shared::{address, error_text, headers, request, status, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Layer, LinkKind, Stage, Trouble};

pub struct SdkPython;

const ABOUT: About = About {
    id: "sdk-python",
    title: "Anthropic and OpenAI SDKs for Python (ANTHROPIC_LOG, OPENAI_LOG, any logging prefix)",
    layer: Layer::Client,
    tells: "at debug: URL, model, payload shape, status, request id, response headers, waits, retries left, which attempts are one call",
    lacks: "error types of retried attempts; at info request ids, too; openai 3 prints neither URL nor body",
};

/// A line that the SDK prints, by what is always in it.
type Line = (&'static str, fn(&Entry<'_>, &mut Found<'_>, usize));

/// In the order in which they are tried: longer before what they begin with.
const LINES: &[Line] = &[
    ("Request options: ", request_options),
    ("Building HTTP request: ", building),
    ("Sending HTTP Request: ", sending),
    ("HTTP Response: ", response),
    ("Retrying request", retrying),
    ("request_id: ", request_id),
    ("retries left", retries_left),
    ("retry left", retries_left),
    ("Encountered httpx", encountered),
    ("Encountered Exception", encountered),
    ("Encountered an HTTP status error", told),
    ("Raising connection error", quiet),
    ("Raising timeout error", quiet),
    ("Re-raising status error", quiet),
    ("workspace_id: ", quiet),
    ("Retrying due to status code", quiet),
    ("Retrying as header", quiet),
    ("Not retrying", quiet),
    ("is deprecated and will reach end-of-life", deprecated),
];

impl Dialect for SdkPython {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "Request options: ",
            "Building HTTP request: ",
            "Sending HTTP Request: ",
            "HTTP Response: ",
            "Retrying request",
            "request_id: ",
            "retries left",
            "retry left",
            "Encountered httpx",
            "Encountered Exception",
            "Encountered an HTTP status error",
            "Raising connection error",
            "Raising timeout error",
            "Re-raising status error",
            "workspace_id: ",
            "Retrying due to status code",
            "Retrying as header",
            "Not retrying",
            "is deprecated and will reach end-of-life",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        // one record is one line of the SDK; a terminal that blanks repeated times glues several
        let mut lines: Vec<(usize, usize)> = Vec::new();
        for (index, (anchor, _)) in LINES.iter().enumerate() {
            lines.extend(
                entry.places(anchor).filter(|at| begins_message(&entry.text, *at, anchor)).map(|at| (at, index)),
            );
        }
        lines.sort_unstable();
        for (at, index) in lines {
            if let Some((_, read)) = LINES.get(index) {
                read(entry, found, at);
            }
        }
    }
}

/// What stands inside a dumped object or an exception's text is not the SDK's line: before it there is a
/// logger's prefix, nothing, or output without a line end.
fn begins_message(text: &[u8], at: usize, anchor: &str) -> bool {
    let line = memchr::memrchr(b'\n', text.get(..at).unwrap_or_default()).map_or(0, |n| n + 1);
    let before = text.get(line..at).unwrap_or_default();
    let word = before.last().is_none_or(|b| matches!(b, b' ' | b':' | b'|' | b']' | b'\t' | b'"'));
    // numbers stand before these
    let counted = anchor.ends_with(" left");
    // a field of a dumped object is indented, or its value is quoted
    let field = anchor == "request_id: "
        && (before.len() > 200
            || !before.is_empty() && before.trim_ascii().is_empty()
            || matches!(text.get(at + anchor.len()), Some(b'\'' | b'"')));
    (word || counted) && !field && !before.ends_with(b"'") && !before.ends_with(b"\\\"")
}

fn begin(entry: &Entry<'_>, step: u8, at: usize) -> crate::model::Fact {
    let mut fact = entry.fact(&ABOUT, Stage::Begin(step), at);
    fact.time = entry.time_before(at).or(fact.time);
    fact
}

/// `Request options: {'method': 'post', 'url': '/v1/messages', …, 'json_data': {…}}`
fn request_options(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = begin(entry, 0, at);
    let text = entry.text.get(at..).unwrap_or_default().to_vec();
    if let Some((options, _)) = Node::read(&text) {
        if let Some(path) = options.get("url").and_then(Node::bytes) {
            address::read_path(path, found.clean, &mut fact.seen);
        }
        fact.seen.method = options
            .get("method")
            .and_then(Node::str)
            .map(str::to_uppercase)
            .and_then(|m| found.clean.word(m.as_bytes()));
        if let Some(key) = options.get("idempotency_key").and_then(Node::bytes) {
            fact.links.extend(link(LinkKind::Call, key, found.clean));
        }
        if let Some(timeout) = options.get("timeout") {
            fact.seen.timeout_s = timeout.number().or_else(|| timeout.get("read").and_then(Node::number));
        }
        if let Some(body) = options.get("json_data").or_else(|| options.get("json")).filter(|b| b.is_group()) {
            request::read(body, found.clean, &mut fact.seen);
        }
        if let Some(sent) = options.get("headers").or_else(|| options.get("extra_headers")) {
            headers::read(sent, found.clean, &mut fact.seen, &mut fact.links);
            // what was sent says nothing about who answered
            fact.seen.marks = crate::model::Marks::default();
        }
    }
    found.push(fact);
}

/// `Building HTTP request: method=POST retries_taken=0`
fn building(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = begin(entry, 0, at);
    let line = entry.line(at).to_vec();
    let after = |name: &str| {
        memchr::memmem::find(&line, name.as_bytes()).and_then(|i| leading_number(line.get(i + name.len()..)?))
    };
    if let Some(taken) = after("retries_taken=") {
        fact.seen.count((taken as u32).saturating_add(1));
    }
    found.push(fact);
}

/// `Sending HTTP Request: POST https://api.anthropic.com/v1/messages`; openai 3 leaves the URL out.
fn sending(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = begin(entry, 1, at);
    let line = entry.line(at + "Sending HTTP Request: ".len()).to_vec();
    let mut words = line.split(|b| b.is_ascii_whitespace());
    fact.seen.method = words.next().and_then(|m| found.clean.word(m));
    if let Some(url) = words.next() {
        address::read_url(url, found.clean, &mut fact.seen);
    }
    found.push(fact);
}

/// `HTTP Response: POST https://… "500 Internal Server Error" Headers({…})`; `HTTP Response: POST 500`.
fn response(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = entry.fact(&ABOUT, Stage::Response(2), at);
    fact.time = entry.time_before(at).or(fact.time);
    let rest = entry.text.get(at + "HTTP Response: ".len()..).unwrap_or_default().to_vec();
    let mut words = rest.split(|b| b.is_ascii_whitespace());
    fact.seen.method = words.next().and_then(|m| found.clean.word(m));
    let second = words.next().unwrap_or_default();
    if address::parts(second).is_some() {
        address::read_url(second, found.clean, &mut fact.seen);
        fact.seen.status = words.next().and_then(|w| status::begins(w.strip_prefix(b"\"").unwrap_or(w)));
    } else {
        fact.seen.status = status::begins(second);
    }
    if let Some(open) = memchr::memmem::find(&rest, b"Headers(")
        && let Some((list, _)) = Node::read(rest.get(open..).unwrap_or_default())
    {
        headers::read(&list, found.clean, &mut fact.seen, &mut fact.links);
    }
    found.push(fact);
}

/// `request_id: req_011C…`
fn request_id(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = entry.fact(&ABOUT, Stage::Detail, at);
    let start = at + "request_id: ".len();
    let id = run(&entry.text, start, |b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let id = id.of(&entry.text).to_vec();
    super::shared::body::request_id(&id, found.clean, &mut fact.seen);
    if fact.seen.request_id.is_none() {
        // other programs have a field of that name
        if id == b"None" {
            found.understood();
        }
        return;
    }
    found.push(fact);
}

/// `2 retries left`, `1 retry left`
fn retries_left(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let before = entry.text.get(..at).unwrap_or_default().trim_ascii_end();
    let digits = before.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let number =
        before.get(before.len() - digits..).and_then(|d| std::str::from_utf8(d).ok()).and_then(|d| d.parse().ok());
    let mut fact = entry.fact(&ABOUT, Stage::Detail, at);
    fact.seen.retries_left = number;
    if number.is_none() {
        return found.understood();
    }
    found.push(fact);
}

/// `Retrying request to /v1/messages in 0.381616 seconds`, `Retrying request in 0.484226 seconds (retry 1 of 2)`
fn retrying(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let Some(wait) = between(&line, " in ", " seconds").and_then(leading_number) else { return found.understood() };
    let mut fact = entry.fact(&ABOUT, Stage::Retry, at);
    fact.time = entry.time_before(at).or(fact.time);
    fact.seen.wait_ms = Some((wait * 1000.0).round() as u64);
    if let Some(path) = between(&line, "Retrying request to ", " in ") {
        address::read_path(path, found.clean, &mut fact.seen);
    }
    if let Some(retry) = between(&line, "(retry ", ")") {
        // the first retry comes after the first attempt
        if let Some(number) = leading_number(retry) {
            fact.seen.count(number as u32);
        }
        fact.seen.most = between(retry, " of ", "")
            .and_then(|_| leading_number(retry.rsplit(|b| *b == b' ').next()?))
            .map(|n| n as u32 + 1);
    }
    found.push(fact);
}

/// `Encountered httpx.TimeoutException`, with the traceback behind it: an attempt that got no response.
fn encountered(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let rest = entry.text.get(at..).unwrap_or_default().to_vec();
    if memchr::memmem::find(entry.line(at), b"HTTPStatusError").is_some() {
        return found.understood_with_error();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Response(2), at);
    fact.time = entry.time_before(at).or(fact.time);
    fact.seen.trouble = Some(trouble::of(&rest).unwrap_or(Trouble::NoResponse));
    let cause = error_text::exceptions(&rest).next().map(|e| e.class.to_vec());
    fact.seen.cause = cause.and_then(|c| found.clean.word(&c));
    found.push(fact);
}

/// `The model 'claude-…' is deprecated and will reach end-of-life on …`
fn deprecated(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    // one field of an object, beside others that tell of a failure
    if entry.text.trim_ascii_start().starts_with(b"{") && entry.places("rror").next().is_some() {
        return;
    }
    let before = entry.text.get(..at).unwrap_or_default();
    let from = before.len().saturating_sub(160);
    let Some(model) = between(before.get(from..).unwrap_or_default(), "The model '", "'").map(<[u8]>::to_vec) else {
        return;
    };
    let mut fact = entry.fact(&ABOUT, Stage::Context, at);
    fact.seen.model = found.clean.model(&model);
    found.push(fact);
}

/// The traceback behind it is that of an attempt whose response was told.
fn told(_: &Entry<'_>, found: &mut Found<'_>, _: usize) {
    found.understood_with_error();
}

fn quiet(_: &Entry<'_>, found: &mut Found<'_>, _: usize) {
    found.understood();
}

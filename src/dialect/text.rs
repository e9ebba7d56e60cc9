//! Plain text that no other dialect reads: what can be recognised by its own shape.

use super::entry::{Entry, Found, leading_number};
use super::shared::{address, body, error_text, headers, sentence, status, transport, trouble, unaddressed, wire};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, IdKind, Layer, Seen, Stage, id_kind};
use crate::redact::Cleaner;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

pub struct Text;

const ABOUT: About = About {
    id: "text",
    title: "Plain text of any program",
    layer: Layer::Client,
    tells: "request ids, error bodies, statuses and error types where they stand in a line of their own",
    lacks: "everything that only the program's author knows",
};

/// Types of errors that providers name so and nobody else does.
const TYPES: &[&str] = &[
    "overloaded_error",
    "rate_limit_error",
    "api_error",
    "authentication_error",
    "permission_error",
    "invalid_request_error",
    "not_found_error",
    "request_too_large",
    "timeout_error",
    "billing_error",
    "conflict_error",
    "server_error",
    "service_unavailable_error",
    "insufficient_quota",
    "rate_limit_exceeded",
    "RESOURCE_EXHAUSTED",
    "UNAVAILABLE",
    "DEADLINE_EXCEEDED",
    "ThrottlingException",
    "ModelErrorException",
    "ModelTimeoutException",
    "ServiceUnavailableException",
    "InternalServerException",
];

/// One of these stands in every text that shows something in passing, or tells of a failure by a client's name for it:
/// most do not, and are passed over at once.
static MARKS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let marks = wire::MARKS.iter().chain(wire::OTHERS).chain(transport::NAMES).chain(unaddressed::marks());
    AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(marks).ok()
});

impl Dialect for Text {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[]
    }

    fn reads_any(&self, structured: bool) -> bool {
        !structured
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let marked = MARKS.as_ref().is_none_or(|marks| marks.is_match(entry.text.as_ref()));
        for (at, line) in lines(&entry.text) {
            if let Some(mut fact) = response_headers(entry, at, line, found) {
                // the body may stand behind them
                body::nested(line, found.clean, &mut fact.seen);
                push(fact, found);
                continue;
            }
            let mut fact = entry.fact(&ABOUT, Stage::Whole, at);
            details(line, found.clean, &mut fact.seen);
            let seen = &mut fact.seen;
            let told = sentence::read(line, found.clean, seen) || marked && unaddressed::read(line, found.clean, seen);
            let named = seen.error_type.is_some() || seen.has_known_code();
            if !told && seen.request_id.is_none() && !named {
                if answered(line, found.clean, seen) {
                    push(fact, found);
                } else if let Some(fact) = marked.then(|| passing(entry, at, line, found.clean)).flatten() {
                    found.push(fact);
                }
                continue;
            }
            seen.status = seen
                .status
                .or_else(|| status::said(line))
                .or_else(|| before_body(line))
                .or_else(|| before_url_or_id(line, seen));
            if seen.status.is_none() && !named {
                seen.trouble = seen.trouble.or_else(|| trouble::of(line));
            }
            if let Some(url) = address::find(line) {
                address::read_url(url, found.clean, seen);
            }
            let whole = if told { Stage::Whole } else { Stage::Detail };
            fact.stage = if seen.failed() { Stage::Error } else { whole };
            attempt(line, seen);
            push(fact, found);
        }
        if !found.is_understood() {
            if marked {
                failure(entry, found);
            }
            return;
        }
        if let Some(last) = found.last().filter(|last| last.dialect == ABOUT.id && last.seen.status.is_none()) {
            // .NET, Laravel: the status on the first line, the body below it
            let head = error_text::first_line(&entry.text);
            last.seen.status = status::documented(&entry.text, &last.seen)
                .or_else(|| status::said(head).filter(|_| head.len() < entry.text.len()));
        }
    }
}

/// A request or a status that the line shows.
fn passing(entry: &Entry<'_>, at: usize, line: &[u8], clean: &mut Cleaner) -> Option<Fact> {
    let mut fact = match wire::read(line)? {
        wire::Shown::Request(method, target) => {
            let mut fact = entry.fact(&ABOUT, Stage::Asks, at);
            fact.seen.method = clean.word(method);
            if address::is_llm_url(target) || address::is_endpoint(target) {
                address::read_url(target, clean, &mut fact.seen);
            }
            fact
        }
        wire::Shown::Status(status) => {
            let mut fact = entry.fact(&ABOUT, Stage::Answers, at);
            fact.seen.status = Some(status);
            fact
        }
    };
    attempt(line, &mut fact.seen);
    Some(fact)
}

/// A failure without a response that the record tells by a client's name for it.
fn failure(entry: &Entry<'_>, found: &mut Found<'_>) {
    let Some((line, trouble)) = transport::find(&entry.text) else { return };
    let target = transport::target(line);
    let known = target.is_some() || transport::is_librarys(&entry.text);
    let mut fact = entry.fact(&ABOUT, if known { Stage::Error } else { Stage::Fails }, 0);
    fact.seen.trouble = Some(trouble);
    let exception = error_text::exceptions(line).next();
    fact.seen.exception = exception.and_then(|exception| found.clean.word(exception.class));
    if let Some(target) = target {
        address::read_url(&target, found.clean, &mut fact.seen);
    }
    attempt(line, &mut fact.seen);
    found.push(fact);
}

/// Lines of one record tell of one attempt, if one of them names it and they do not contradict each other.
fn push(fact: Fact, found: &mut Found<'_>) {
    fn agree<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
        a.is_none() || b.is_none() || a == b
    }
    let same = |a: &Seen, b: &Seen| {
        (a.request_id.is_some() || b.request_id.is_some())
            && agree(&a.request_id, &b.request_id)
            && agree(&a.status, &b.status)
            && agree(&a.error_type, &b.error_type)
            && agree(&a.model, &b.model)
    };
    match found.last() {
        Some(last) if last.dialect == ABOUT.id && fact.place.is_near(last.place) && same(&last.seen, &fact.seen) => {
            last.seen.complete(&fact.seen);
            last.links.extend(fact.links);
            if fact.stage == Stage::Error {
                last.stage = Stage::Error;
            }
        }
        _ => found.push(fact),
    }
}

/// `attempt 2/3`, `attempt 2 of 3`
fn attempt(line: &[u8], seen: &mut Seen) {
    let Some(at) = memchr::memmem::find(line, b"ttempt ") else { return };
    let rest = line.get(at + "ttempt ".len()..).unwrap_or_default();
    let digits = |text: &[u8]| text.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    let number = |text: &[u8]| leading_number(text.get(..digits(text))?).map(|n| n as u32).filter(|n| *n > 0);
    let behind = rest.get(digits(rest)..).unwrap_or_default();
    let most = behind.strip_prefix(b"/").or_else(|| behind.strip_prefix(b" of ")).and_then(number);
    if let (Some(number), Some(most)) = (number(rest), most) {
        seen.number = seen.number.or(Some(number));
        seen.most = seen.most.or(Some(most));
    }
}

/// `response headers: {'date': '…', 'request-id': '…'}`, `Headers({…})`: whose, only what stands before them tells.
pub fn response_headers(entry: &Entry<'_>, at: usize, line: &[u8], found: &mut Found<'_>) -> Option<Fact> {
    let named = memchr::memmem::find(line, b"eaders").filter(|at| *at < 200)?;
    let gap = line.get(named..)?.iter().take(16).position(|b| *b == b'{' || *b == b'[')?;
    // it may go on below
    let (list, whole) = Node::read(entry.text.get(at + named + gap..)?)?;
    // a request names its host, a response the time
    if list.header("date").is_none() || list.header("host").is_some() {
        return None;
    }
    let mut fact = entry.fact(&ABOUT, Stage::Part, at);
    headers::read(&list, found.clean, &mut fact.seen, &mut fact.links);
    // `status 500 headers {…}`, `429 Headers {…}`, `headers: {…}, status_code: 500`
    let before = line.get(..named)?;
    let behind = || status::said(line.get(named + gap + whole.end..)?.strip_prefix(b", status_code")?);
    fact.seen.status = status::begins(before).or_else(|| status::said(before)).or_else(behind);
    let known = fact.seen.request_id.is_some() || unaddressed::speaks_of_models(before, found.clean);
    if known && fact.seen.failed() {
        fact.seen.model = fact.seen.model.take().or_else(|| unaddressed::model(before, found.clean));
        fact.stage = Stage::Error;
    }
    Some(fact)
}

/// The lines of a text, and where each begins.
pub fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    text.split(|b| *b == b'\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    })
}

/// What a line tells by shapes of its own: a body, an id, an error type, a model.
pub fn details(line: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    body::nested(line, clean, seen);
    let mut end = 0;
    for word in line.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))) {
        let before = line.get(..end).unwrap_or_default();
        end += word.len() + 1;
        if seen.request_id.is_none() && word.starts_with(b"req_") && id_kind(word) == Some(IdKind::ProviderRequest) {
            body::request_id(word, clean, seen);
        } else if TYPES.iter().any(|t| word == t.as_bytes()) {
            let slot = if is_code(before) { &mut seen.error_code } else { &mut seen.error_type };
            *slot = slot.take().or_else(|| clean.word(word));
        }
    }
    // `model=claude-…`, `"model": "…"`
    if let Some(at) = memchr::memmem::find(line, b"model") {
        let rest = line.get(at + 5..).unwrap_or_default();
        let start = rest.iter().take(4).position(|b| b.is_ascii_alphabetic()).unwrap_or(0);
        if rest.iter().take(start).any(|b| matches!(b, b'=' | b':')) {
            let value = rest.get(start..).unwrap_or_default();
            let len = value
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'/' | b':' | b'@'))
                .count();
            seen.model = seen.model.take().or_else(|| clean.model(value.get(..len)?));
        }
    }
}

/// Whether what follows is named a code: OpenAI's codes are as telling as others' types, and stand beside a type.
fn is_code(before: &[u8]) -> bool {
    let marks = before.iter().rev().take_while(|b| matches!(b, b'"' | b'\'' | b'\\' | b' ' | b':' | b'=')).count();
    let name = before.get(..before.len() - marks).unwrap_or_default();
    marks > 0 && (name.ends_with(b"code") || name.ends_with(b"Code"))
}

/// `status 200 {"id":"msg_…","type":"message",…}`: the status of a success, and the provider's body behind it.
fn answered(line: &[u8], clean: &mut Cleaner, seen: &mut Seen) -> bool {
    let Some(status) = before_body(line).filter(|status| (200..300).contains(status)) else { return false };
    let body = memchr::memchr(b'{', line).and_then(|at| Node::read(line.get(at..)?));
    let Some((body, _)) = body.filter(|(body, _)| body.get("model").is_some()) else { return false };
    body::success(&body, clean, seen);
    seen.status = Some(status);
    seen.ids.iter().any(|id| id.kind == IdKind::Message)
}

/// `status 500 {"type":"error",…}`: the word just before the body.
fn before_body(line: &[u8]) -> Option<u16> {
    let before = line.get(..memchr::memchr(b'{', line)?)?.trim_ascii_end();
    let word = before.rsplit(|b| matches!(b, b' ' | b'=' | b':' | b'(')).next()?;
    // `Content-Length: 521\r\n`
    let whole = matches!(word.get(3..), Some(b"" | b":" | b"," | b")"));
    status::begins(word).filter(|_| whole && !is_length(before.get(..before.len() - word.len()).unwrap_or_default()))
}

fn is_length(before: &[u8]) -> bool {
    let name = before.trim_ascii_end().strip_suffix(b":").unwrap_or(before);
    [b"ength".as_slice(), b"ize", b"ytes"].iter().any(|end| name.ends_with(end))
}

/// `<-- 500 https://…`, `ok 200 req_…`: the word just before the URL or the id.
fn before_url_or_id(line: &[u8], seen: &Seen) -> Option<u16> {
    let id = seen.request_id.as_ref().map(|id| id.as_str().as_bytes());
    [address::find(line), id].into_iter().flatten().find_map(|named| {
        let before = line.get(..memchr::memmem::find(line, named)?)?;
        let word = before.strip_suffix(b" ")?.rsplit(|b| *b == b' ').next()?;
        status::begins(word)
    })
}

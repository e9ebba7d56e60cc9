//! Claude Code as JSON: `--output-format json` and `stream-json`, and the session file. Most of these records are
//! the conversation, which may well be about errors: only the kind of a record says that it tells of one.

use super::claude_code::error;
use super::entry::{Entry, Found, link};
use super::shared::{body, headers, trouble};
use super::{About, Dialect, claude_code};
use crate::literal::Node;
use crate::model::{Fact, Id, IdKind, Layer, LinkKind, Stage};

pub struct ClaudeCodeJson;

const ABOUT: About = About {
    id: "claude-code-json",
    title: "Claude Code: session files, --output-format json and stream-json",
    layer: Layer::Client,
    tells: "attempts that failed with status, request id and wait, the model, ids of what succeeded, session, version; in session files all times",
    lacks: "errors inside streams; endpoint; in stream-json request ids of what failed",
};

/// Kinds of records that only Claude Code writes with a session.
const KINDS: &[&str] = &[
    "user",
    "assistant",
    "system",
    "result",
    "summary",
    "attachment",
    "progress",
    "queue-operation",
    "last-prompt",
    "cost-state",
    "file-history-snapshot",
    "stream_event",
    "atis-latch",
];

impl Dialect for ClaudeCodeJson {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["\"sessionId\"", "\"session_id\""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let Some(fields) = entry.fields else { return };
        let Some(kind) =
            fields.get("type").and_then(Node::str).filter(|k| KINDS.contains(k) || k.starts_with("api-request"))
        else {
            return;
        };
        let Some(session) = fields.get("sessionId").or_else(|| fields.get("session_id")).and_then(Node::bytes) else {
            return;
        };
        found.complete();
        let is = |name: &str| fields.get(name).and_then(Node::bool) == Some(true);
        let subtype = fields.get("subtype").and_then(Node::str).unwrap_or_default();
        let record = match (kind, subtype) {
            ("system", "api_error") => failed(entry, found, fields),
            ("system", "api_retry") => retried(entry, found, fields, session),
            ("system", "init") => begun(entry, found, fields),
            ("api-request", _) => sent(entry, found, fields),
            ("assistant", _) if is("isApiErrorMessage") => told(entry, found, fields, session),
            ("assistant", _) => answered(entry, found, fields),
            ("result", _) if is("is_error") => ended(entry, found, fields, session),
            _ => None,
        };
        if let Some(mut fact) = record {
            if let Some(value) = found.clean.id(session) {
                fact.seen.add_id(Id { kind: IdKind::Session, name: None, value });
            }
            let version = fields
                .get("version")
                .or_else(|| fields.get("claude_code_version"))
                .and_then(Node::bytes)
                .and_then(|v| found.clean.version(v));
            fact.seen.client = Some(claude_code::client(version));
            found.push(fact);
        }
    }
}

/// An attempt that failed and will be repeated, in the session file.
fn failed(entry: &Entry<'_>, found: &mut Found<'_>, fields: &Node<'_>) -> Option<Fact> {
    let mut fact = entry.fact(&ABOUT, Stage::Response(0), 0);
    let told = fields.get("error")?;
    let seen = &mut fact.seen;
    seen.status = told.get("status").and_then(Node::number);
    if let Some(id) = told.get("requestId").or_else(|| told.get("requestID")).and_then(Node::bytes) {
        body::request_id(id, found.clean, seen);
    }
    if let Some(list) = told.get("headers").filter(|h| h.is_group()) {
        headers::read(list, found.clean, seen, &mut fact.links);
    }
    let seen = &mut fact.seen;
    if body::is_error(told) {
        body::error(told, found.clean, seen);
    }
    for said in ["message", "formatted"].iter().filter_map(|name| told.get(name).and_then(Node::bytes)) {
        error(said, found.clean, seen);
    }
    let code = told.get("connection").or_else(|| told.get("cause")).and_then(|c| c.get("code")).and_then(Node::bytes);
    if let Some(code) = code.filter(|_| seen.status.is_none()) {
        seen.trouble = trouble::of(code).or(seen.trouble);
        seen.cause = found.clean.word(code);
    }
    seen.number = fields.get("retryAttempt").and_then(Node::number);
    let retries: Option<u32> = fields.get("maxRetries").and_then(Node::number);
    seen.most = retries.and_then(|n| n.checked_add(1));
    seen.retries_left = seen.most.zip(seen.number).map(|(most, number)| most.saturating_sub(number));
    seen.wait_ms = fields.get("retryInMs").and_then(Node::number::<f64>).map(|ms| ms.round() as u64);
    retry_link(found, fields.get("sessionId").and_then(Node::bytes)?, &mut fact);
    Some(fact)
}

/// The same, in `stream-json`: it has no id and no time, but the wait is as good as one.
fn retried(entry: &Entry<'_>, found: &mut Found<'_>, fields: &Node<'_>, session: &[u8]) -> Option<Fact> {
    let mut fact = entry.fact(&ABOUT, Stage::Response(0), 0);
    let seen = &mut fact.seen;
    seen.status = fields.get("error_status").and_then(Node::number);
    seen.number = fields.get("attempt").and_then(Node::number);
    seen.most = fields.get("max_retries").and_then(Node::number::<u32>).and_then(|n| n.checked_add(1));
    seen.retries_left = seen.most.zip(seen.number).map(|(most, number)| most.saturating_sub(number));
    seen.wait_ms = fields.get("retry_delay_ms").and_then(Node::number::<f64>).map(|ms| ms.round() as u64);
    if seen.status.is_none() {
        seen.trouble = Some(crate::model::Trouble::NoResponse);
    }
    retry_link(found, session, &mut fact);
    Some(fact)
}

/// Session, number and wait together name an attempt in whichever file.
fn retry_link(found: &mut Found<'_>, session: &[u8], fact: &mut Fact) {
    if let Some((number, wait)) = fact.seen.number.zip(fact.seen.wait_ms) {
        let value = [session, format!("/{number}/{wait}").as_bytes()].concat();
        fact.links.extend(link(LinkKind::Session, &value, found.clean));
    }
}

fn begun(entry: &Entry<'_>, found: &mut Found<'_>, fields: &Node<'_>) -> Option<Fact> {
    let mut fact = entry.fact(&ABOUT, Stage::Context, 0);
    fact.seen.model = fields.get("model").and_then(Node::bytes).and_then(|m| found.clean.model(m));
    Some(fact)
}

/// A request, in the session file.
fn sent(entry: &Entry<'_>, found: &mut Found<'_>, fields: &Node<'_>) -> Option<Fact> {
    let mut fact = entry.fact(&ABOUT, Stage::Begin(0), 0);
    fact.seen.model = fields.at(&["params", "model"]).and_then(Node::bytes).and_then(|m| found.clean.model(m));
    fact.links.extend(link(LinkKind::Attempt, fields.get("id").and_then(Node::bytes)?, found.clean));
    Some(fact)
}

/// A message of the model. Each of its blocks is a record.
fn answered(entry: &Entry<'_>, found: &mut Found<'_>, fields: &Node<'_>) -> Option<Fact> {
    let id = fields.get("requestId").or_else(|| fields.get("request_id")).and_then(Node::bytes)?;
    let message = fields.get("message").filter(|m| m.get("model").and_then(Node::bytes) != Some(b"<synthetic>"))?;
    let mut fact = entry.fact(&ABOUT, Stage::Response(0), 0);
    body::request_id(id, found.clean, &mut fact.seen);
    body::success(message, found.clean, &mut fact.seen);
    // a message comes with no other status
    fact.seen.status = Some(200);
    if let Some(request) = fields.get("requestRef").and_then(Node::bytes) {
        fact.links.extend(link(LinkKind::Attempt, request, found.clean));
    }
    Some(fact)
}

/// The error that takes the place of a message.
fn told(entry: &Entry<'_>, found: &mut Found<'_>, fields: &Node<'_>, session: &[u8]) -> Option<Fact> {
    let mut fact = entry.fact(&ABOUT, Stage::Error, 0);
    fact.seen.status = fields.get("apiErrorStatus").and_then(Node::number);
    if let Some(id) = fields.get("requestId").or_else(|| fields.get("request_id")).and_then(Node::bytes) {
        body::request_id(id, found.clean, &mut fact.seen);
    }
    let blocks = fields.at(&["message", "content"]);
    let said = blocks
        .and_then(|b| b.entries().find_map(|(_, block)| block.get("text")).or(Some(b)))
        .and_then(Node::bytes)
        .unwrap_or_default();
    says(said, found, &mut fact);
    fact.links.extend(link(LinkKind::Session, &[session, b"/error"].concat(), found.clean));
    Some(fact)
}

/// The last record of a run that failed; `subtype` may still be `success`.
fn ended(entry: &Entry<'_>, found: &mut Found<'_>, fields: &Node<'_>, session: &[u8]) -> Option<Fact> {
    let said = fields.get("result").and_then(Node::bytes).unwrap_or_default();
    let of_api = fields.get("terminal_reason").and_then(Node::bytes) == Some(b"api_error")
        || said.starts_with(b"API Error")
        || fields.get("api_error_status").and_then(Node::bytes).is_some();
    if !of_api {
        return None;
    }
    let mut fact = entry.fact(&ABOUT, Stage::Error, 0);
    fact.seen.status = fields.get("api_error_status").and_then(Node::number);
    says(said, found, &mut fact);
    fact.links.extend(link(LinkKind::Session, &[session, b"/error"].concat(), found.clean));
    Some(fact)
}

fn says(said: &[u8], found: &mut Found<'_>, fact: &mut Fact) {
    error(said.strip_prefix(b"API Error: ").unwrap_or(said), found.clean, &mut fact.seen);
    if !fact.seen.failed() {
        fact.seen.trouble = Some(crate::model::Trouble::NoResponse);
    }
}

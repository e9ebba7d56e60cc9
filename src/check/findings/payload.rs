//! What the shape of a failing request suggests. Second-order: branch, ids and path come first.

use super::{places, times};
use crate::check::Facts;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use std::collections::BTreeMap;

/// Above this body size Anthropic's edge refuses a request: 32 MB.
const LARGEST: u64 = 32 << 20;

pub const RULES: &[Rule] = &[
    Rule {
        id: "payload_lint",
        severity: Severity::Info,
        title: "the failing request has a shape that is often a mistake",
        means: "Something about the body is known to give errors: empty messages, unusual roles, very many or very deep tools, very long context.",
        not_proof: "It does not show that this is the cause: the same shape may succeed elsewhere in the log.",
        action: "Keep branch, ids and path first; then send a smaller request on the same path. `count_tokens` measures it without a run.",
        stop_rule: Some(
            "Do not begin with prompt rewriting either. A malformed request should normally be a 4xx branch.",
        ),
        source: "article on diagnosing Claude's 500, request payload; article on Claude's 500 api_error",
        find: lint,
    },
    Rule {
        id: "request_too_large",
        severity: Severity::Warn,
        title: "the request is larger than the service takes",
        means: "It was refused with 413, or its body is larger than 32 MB. The edge network may refuse it before the API sees it, without a request id.",
        not_proof: "It does not show which part is too large.",
        action: "Send files by the files API or by URL, or make images smaller.",
        stop_rule: None,
        source: "Anthropic's API reference, errors",
        find: too_large,
    },
    Rule {
        id: "raw_attachment",
        severity: Severity::Info,
        title: "the failing request carries images or documents",
        means: "The log holds content of attachments. Only their class and size are in the packet; the content is left out.",
        not_proof: "It does not show that the attachments have to do with the failure.",
        action: "Nothing to do; support asks for the class and size only.",
        stop_rule: Some(
            "Do not send API keys, bearer tokens, auth headers, full private prompts, customer PII, raw files, or confidential business data.",
        ),
        source: "article on Claude's 500 api_error, escalation packet",
        find: attachments,
    },
];

fn lint(facts: &Facts<'_>) -> Option<Evident> {
    let mut names: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for row in facts.evidence.main_failures() {
        let Some(payload) = row.attempt.seen.payload.as_deref().filter(|p| !p.lint.is_empty()) else { continue };
        for name in &payload.lint {
            *names.entry(name).or_insert(0) += 1;
        }
        rows.push(row);
    }
    if names.is_empty() {
        return None;
    }
    let names: Vec<String> = names.iter().map(|(name, n)| format!("{name} ({n})")).collect();
    Evident::new(names.join(", "), places(rows))
}

fn too_large(facts: &Facts<'_>) -> Option<Evident> {
    let large = |r: &&Row<'_>| {
        let bytes = r.attempt.seen.payload.as_deref().and_then(|p| p.bytes);
        r.attempt.seen.status == Some(413) || bytes.is_some_and(|n| n > LARGEST)
    };
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(large).collect();
    if rows.is_empty() {
        return None;
    }
    let without = rows.iter().filter(|r| r.attempt.seen.request_id.is_none()).count();
    Evident::new(format!("{}, {without} without a request id", times(rows.len(), "request")), places(rows))
}

fn attachments(facts: &Facts<'_>) -> Option<Evident> {
    let with = |r: &&Row<'_>| r.attempt.seen.payload.as_deref().is_some_and(|p| !p.attachments.is_empty());
    let rows: Vec<&Row<'_>> = facts.evidence.main_failures().filter(with).collect();
    let first = rows.first()?.attempt.seen.payload.as_deref()?;
    let kinds: Vec<&str> = first.attachments.iter().map(|a| a.kind.as_str()).take(5).collect();
    Evident::new(format!("{}: {}", times(rows.len(), "request"), kinds.join(", ")), places(rows))
}

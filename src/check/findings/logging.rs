//! What the log should have kept.

use super::{places, times};
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::check::responder::Responder;
use crate::check::route::provider;

pub const RULES: &[Rule] = &[
    Rule {
        id: "id_missing",
        severity: Severity::Warn,
        title: "failed responses without their request id",
        means: "A response came, and the log does not have the id under which support finds it.",
        not_proof: "It does not show that the response had none: most SDKs print it only where they are asked to.",
        action: "Log the id of every failure; the questions say how for this client.",
        stop_rule: Some("Every API response includes a unique request_id. Always log it for debugging"),
        source: "articles on Claude's 500 api_error",
        find: no_id,
    },
    Rule {
        id: "evidence_nesting_bug",
        severity: Severity::Warn,
        title: "the error type was read from the wrong place",
        means: "The log says `error` as the error's type: that is the type of the body, not of the error in it. With the TypeScript SDK `err.error` is the whole body, so `err.error.type` is always `error`.",
        not_proof: "It does not show what the error's type was.",
        action: "Read `err.error?.error?.type` in TypeScript, `e.body[\"error\"][\"type\"]` in Python.",
        stop_rule: None,
        source: "source of Anthropic's SDKs; the handler in the article on Claude's 500 api_error has this mistake",
        find: nesting,
    },
    Rule {
        id: "alias_header",
        severity: Severity::Info,
        title: "an id under a header that is not the provider's",
        means: "An id was logged as `x-request-id` where Anthropic's header is `request-id`: a gateway, a proxy or the own service made it.",
        not_proof: "It does not show that the response had no `request-id`.",
        action: "Log `request-id` too, and say whose each id is.",
        stop_rule: None,
        source: "source of Anthropic's SDKs; the article on diagnosing Claude's 500 names the wrong header",
        find: alias,
    },
    Rule {
        id: "log_readiness",
        severity: Severity::Info,
        title: "the log keeps too little of failed requests",
        means: "Of the nine fields that every failed request should keep, less than four fifths are there.",
        not_proof: "It does not show that the fields were not logged elsewhere.",
        action: "Log the missing fields; the questions say how for this client.",
        stop_rule: Some("Without those fields, incident review becomes a memory exercise."),
        source: "article on Claude's 500 api_error, production controls",
        find: readiness,
    },
];

fn no_id(facts: &Facts<'_>) -> Option<Evident> {
    let lacks = |r: &&Row<'_>| {
        let seen = &r.attempt.seen;
        let by_provider = matches!(r.responder.0, Responder::Provider | Responder::Unknown);
        seen.status.is_some() && seen.request_id.is_none() && by_provider && !seen.marks.html
    };
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(lacks).collect();
    let answered = facts.evidence.failures().filter(|r| r.attempt.seen.status.is_some()).count();
    if rows.is_empty() {
        return None;
    }
    Evident::new(format!("{} of {}", rows.len(), times(answered, "failed response")), places(rows))
}

fn nesting(facts: &Facts<'_>) -> Option<Evident> {
    let is_bodys = |r: &&Row<'_>| r.attempt.seen.marks.body_class && r.attempt.seen.error_type.is_none();
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(is_bodys).collect();
    if rows.is_empty() { None } else { Evident::new(times(rows.len(), "failure"), places(rows)) }
}

fn alias(facts: &Facts<'_>) -> Option<Evident> {
    let foreign = |r: &&Row<'_>| {
        let seen = &r.attempt.seen;
        let named =
            seen.ids.iter().any(|id| id.name.as_ref().is_some_and(|n| n.as_str().eq_ignore_ascii_case("x-request-id")));
        named && seen.request_id.is_none() && provider(r.attempt) == Some("anthropic")
    };
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(foreign).collect();
    if rows.is_empty() { None } else { Evident::new(times(rows.len(), "failure"), places(rows)) }
}

fn readiness(facts: &Facts<'_>) -> Option<Evident> {
    if facts.evidence.branch == Branch::None {
        return None;
    }
    let (have, of) = facts.coverage.iter().fold((0, 0), |(have, of), c| (have + c.have, of + c.of));
    if of == 0 || have * 5 >= of * 4 {
        return None;
    }
    let missing: Vec<&str> = facts.coverage.iter().filter(|c| c.have * 5 < c.of * 4).map(|c| c.field).collect();
    Evident::new(format!("{} % of nine fields; least: {}", have * 100 / of, missing.join(", ")), None)
}

//! What was changed while it failed.

use super::places;
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::check::switch::Switch;

pub const RULES: &[Rule] = &[
    Rule {
        id: "many_variables_changed",
        severity: Severity::Warn,
        title: "several things were changed at once",
        means: "Between a failure and the next attempt more than one part of the path changed: whichever came of it, nobody knows why.",
        not_proof: "It does not show that anybody changed them on purpose.",
        action: "Go back to the path that failed first, and change one thing at a time.",
        stop_rule: Some(
            "The worst incident process is five people changing five variables while no one preserves the first request IDs.",
        ),
        source: "article on Claude's 500 api_error, production controls",
        find: many,
    },
    Rule {
        id: "key_changed_on_500",
        severity: Severity::Warn,
        title: "the credential changed on an internal server error",
        means: "After a 500 the next attempt carried another kind of credential. A wrong key gives 401 or 403, not 500.",
        not_proof: "Only the kind of a credential is known, never which one it is: keys of one kind look alike here.",
        action: "Keep the credential; save the request id.",
        stop_rule: Some(
            "If the response is clean 500 api_error, rotating keys can erase useful evidence and create a second variable.",
        ),
        source: "article on Claude's 500 api_error, questions",
        find: key,
    },
    Rule {
        id: "payload_changed_on_500",
        severity: Severity::Info,
        title: "the request changed on an internal server error",
        means: "After a 500 the next attempt of the call had a body of another shape. A malformed request gives a 4xx, not a 500.",
        not_proof: "It does not show that the change mattered.",
        action: "Repeat the unchanged request first; then change its size or its tools.",
        stop_rule: Some(
            "Prompt and payload shape can still matter if the request is huge, non-repeatable, or mixed with tool calls, but those are second-order checks after the status, identifiers, and same-path proof are preserved.",
        ),
        source: "article on Claude's 500 api_error, what a clean 500 means",
        find: payload,
    },
];

fn found<'f>(
    facts: &'f Facts<'_>,
    wanted: impl Fn(&Switch, &Row<'_>) -> bool,
) -> Option<(&'f Switch, [&'f Row<'f>; 2])> {
    let rows = &facts.evidence.rows;
    facts.switches.iter().find_map(|s| {
        let (from, to) = (rows.get(s.from)?, rows.get(s.to)?);
        wanted(s, from).then_some((s, [from, to]))
    })
}

fn many(facts: &Facts<'_>) -> Option<Evident> {
    let (switch, pair) = found(facts, |s, _| s.keys.len() > 1)?;
    Evident::new(format!("{} changed at once", switch.names()), places(pair))
}

fn key(facts: &Facts<'_>) -> Option<Evident> {
    let (_, pair) = found(facts, |s, from| s.has("auth_owner") && from.branch == Branch::ServerError)?;
    let [a, b] = pair.map(|r| r.attempt.seen.auth.unwrap_or("unknown"));
    Evident::new(format!("{a} became {b}"), places(pair))
}

fn payload(facts: &Facts<'_>) -> Option<Evident> {
    let (_, pair) = found(facts, |s, from| s.in_call && s.has("payload_shape") && from.branch == Branch::ServerError)?;
    Evident::new("the shape of the body differs between two attempts of one call", places(pair))
}

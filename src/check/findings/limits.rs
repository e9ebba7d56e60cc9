//! Which limit of the account was reached.

use super::{places, times};
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::literal::Timestamp;
use crate::model::Limit;

pub const RULES: &[Rule] = &[Rule {
    id: "limit_reached",
    severity: Severity::Warn,
    title: "the response names the limit that was reached",
    means: "The headers of a refused request show a limit of which nothing was left: requests, input tokens or output tokens in a stretch of time.",
    not_proof: "It does not show who else used it up: limits are shared by all that an account or workspace sends.",
    action: "Pace by that limit, not by another: fewer requests, shorter prompts or lower `max_tokens`; or ask for a higher one.",
    stop_rule: Some("Inspect usage, pacing, and quota before retrying"),
    source: "recovery board of the article on Claude's 500 api_error; rate limit headers of the providers' references",
    find: reached,
}];

fn reached(facts: &Facts<'_>) -> Option<Evident> {
    let limited = |r: &&Row<'_>| r.branch == Branch::RateLimited && r.attempt.seen.limits.iter().any(Limit::is_used_up);
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(limited).collect();
    let last = rows.last()?;
    let named: Vec<String> = last.attempt.seen.limits.iter().filter(|l| l.is_used_up()).map(told).collect();
    Evident::new(format!("{}: {}", times(rows.len(), "refusal"), named.join("; ")), places(rows))
}

/// `input tokens 0 of 400000 left, full again at 2026-11-20T09:31:00.000Z`
fn told(limit: &Limit) -> String {
    let of = limit.limit.map(|n| format!(" of {n}")).unwrap_or_default();
    let until = match (limit.resets_ms, limit.resets_in_ms) {
        (Some(ms), _) => format!(", full again at {}", Timestamp::rfc3339(ms)),
        (None, Some(ms)) => format!(", full again {} later", super::duration(ms)),
        (None, None) => String::new(),
    };
    format!("{} 0{of} left{until}", limit.what.replace('_', " "))
}

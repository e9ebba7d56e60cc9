//! How the case is run.

use super::times;
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::finding::{Evident, Rule, Severity};
use crate::model::Outcome;

pub const RULES: &[Rule] = &[
    Rule {
        id: "breaker_should_have_tripped",
        severity: Severity::Info,
        title: "a circuit breaker would have opened",
        means: "So many failures came in a row on one route that a circuit breaker would have opened, and requests were sent all the same.",
        not_proof: "It does not show that there is no breaker, or that these requests could wait.",
        action: "Pause what can wait above a threshold, and show users a degraded state.",
        stop_rule: Some(
            "If clean 500s spike above a threshold, pause high-volume non-critical jobs, protect user-facing workflows with a clear degraded-state message, and reduce retry pressure.",
        ),
        source: "article on Claude's 500 api_error, production controls",
        find: breaker,
    },
    Rule {
        id: "owner_unassigned",
        severity: Severity::Info,
        title: "nobody is named for a part of the incident",
        means: "Of the five roles, status, ticket, concurrency, fallback and communication, some have no name.",
        not_proof: "It does not show that nobody does it.",
        action: "Name them: `--set owner.ticket=...`, or in `casefile.toml`.",
        stop_rule: Some(
            "Decide who checks Claude Status, who owns the first support ticket, who can reduce concurrency, who can switch to a fallback route, and who communicates with users.",
        ),
        source: "article on Claude's 500 api_error, production controls",
        find: owners,
    },
];

fn breaker(facts: &Facts<'_>) -> Option<Evident> {
    let breaker = facts.retries.breaker.filter(|b| b.after > 0)?;
    let by = if breaker.supplied { "supplied" } else { "a usual threshold" };
    let detail = format!(
        "open after {} failures in a row ({by}); {} after that",
        breaker.threshold,
        times(breaker.after, "request")
    );
    Evident::new(detail, breaker.place)
}

fn owners(facts: &Facts<'_>) -> Option<Evident> {
    const ROLES: [&str; 5] = ["owner.status", "owner.ticket", "owner.concurrency", "owner.fallback", "owner.comms"];
    let evidence = &facts.evidence;
    let services =
        matches!(evidence.branch, Branch::ServerError | Branch::Overloaded | Branch::Unavailable | Branch::StreamError);
    let blank: Vec<&str> = ROLES.into_iter().filter(|r| evidence.supplied.get(r).is_none()).collect();
    if blank.is_empty() || !services || evidence.count(Outcome::Failed) == 0 {
        return None;
    }
    Evident::new(format!("no name for {}", blank.join(", ")), None)
}

//! The five steps of a bounded recovery, and how far the log and the user show that each was taken.

use super::Facts;
use super::branch::Branch;
use super::evidence::Row;
use super::finding::Finding;
use crate::model::Outcome;

/// How far a step was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It shows that it was.
    Done,
    /// Nothing shows it.
    NotEvidenced,
    /// What was done instead shows.
    Violated,
}

impl State {
    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Done => "done",
            State::NotEvidenced => "not_evidenced",
            State::Violated => "violated",
        }
    }
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// How far it was taken.
    pub state: State,
    /// The finding that shows how it was violated.
    pub by: Option<&'static str>,
}

/// The steps in their order: name, findings that violate it, whether it shows that it was done.
type Rule = (&'static str, &'static [&'static str], fn(&Facts<'_>) -> bool);

const STEPS: [Rule; 5] = [
    ("status_checked", &[], |facts| !facts.completeness.iter().any(|k| k.field == "status timestamp" && k.halves == 0)),
    ("evidence_kept", &["fallback_before_evidence"], |facts| {
        let mut answered = facts.evidence.main_failures().filter(|r| r.attempt.seen.status.is_some()).peekable();
        answered.peek().is_some() && answered.all(|r| r.attempt.seen.request_id.is_some())
    }),
    (
        "retries_bounded",
        &["unbounded_loop", "budget_exceeded", "retry_after_ignored", "retried_non_retryable", "retry_amplification"],
        |facts| facts.retries.configured.max_attempts.is_some() && facts.evidence.failures().any(|r| !r.last),
    ),
    (
        "same_path_repeated",
        &["many_variables_changed", "route_changed_mid_case", "key_changed_on_500", "payload_changed_on_500"],
        |facts| facts.ledger.failures > 1 || facts.ledger.failures > 0 && facts.ledger.successes > 0,
    ),
    ("stopped_or_escalated", &["unbounded_loop", "breaker_should_have_tripped"], |facts| {
        let lost = |r: &Row<'_>| r.last && r.call.outcome == Outcome::Failed;
        facts.evidence.supplied.get("reference").is_some() && facts.evidence.main_failures().any(lost)
    }),
];

/// The steps of a case whose failure is not for this side to mend.
#[must_use]
pub fn steps(facts: &Facts<'_>, findings: &[Finding]) -> Vec<Step> {
    let bounded = matches!(
        facts.evidence.branch,
        Branch::ServerError | Branch::Overloaded | Branch::Unavailable | Branch::Timeout | Branch::StreamError
    );
    let step = |(name, violating, is_done): &Rule| {
        let by = findings.iter().map(|f| f.rule.id).find(|id| violating.contains(id));
        let state = match by {
            Some(_) => State::Violated,
            None if is_done(facts) => State::Done,
            None => State::NotEvidenced,
        };
        Step { name, state, by }
    };
    if bounded { STEPS.iter().map(step).collect() } else { Vec::new() }
}

//! The verdict: what to do, how sure that is, and why.

use super::Facts;
use super::branch::{self, Branch};
use super::evidence::{Evidence, Row};
use super::finding::{Finding, Severity};
use super::overlap;
use super::responder::Responder;
use crate::model::{ErrorKind, Outcome, Trouble};

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Send the packet to who runs the service.
    Escalate,
    /// Wait, and protect users meanwhile.
    Wait,
    /// It is on this side.
    FixLocally,
    /// It recovered, or there is too little of it to tell.
    KeepObserving,
    /// Something failed, and what would be needed to act is not in the log.
    NotEnoughEvidence,
    /// It belongs elsewhere: billing, usage, installation.
    NotThisPacket,
    /// Nothing failed.
    None,
}

impl Decision {
    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Decision::Escalate => "escalate",
            Decision::Wait => "wait",
            Decision::FixLocally => "fix_locally",
            Decision::KeepObserving => "keep_observing",
            Decision::NotEnoughEvidence => "not_enough_evidence",
            Decision::NotThisPacket => "not_this_packet",
            Decision::None => "none",
        }
    }
}

/// The verdict.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What to do.
    pub decision: Decision,
    /// `high`, `medium` or `low`.
    pub confidence: &'static str,
    /// Why, in a sentence.
    pub because: String,
    /// Who answered most failures of the branch.
    pub responder: Responder,
    /// Whether the failures of the branch are the provider's own clean internal errors.
    pub clean: bool,
    /// Ids of the findings that it rests on.
    pub reasons: Vec<&'static str>,
    /// What to do first.
    pub first_action: &'static str,
    /// When to stop, or what not to do.
    pub stop_rule: &'static str,
}

/// Failures that go on for so long, in milliseconds, are no blip.
pub const HALF_HOUR: i64 = 30 * 60_000;
/// Fewer tokens than this are a request of the smallest kind.
const MINIMAL_TOKENS: u64 = 100;
/// So many failures on one path are no chance.
const REPEATED: usize = 3;

impl Verdict {
    /// From all that was concluded.
    #[must_use]
    pub fn of(facts: &Facts<'_>, findings: &[Finding]) -> Self {
        let evidence = &facts.evidence;
        let responder = most(evidence.main_failures().map(|r| r.responder.0));
        let clean = evidence.branch == Branch::ServerError && evidence.main_failures().any(|r| r.clean);
        let (decision, because) = decide(facts, responder);
        let grave = findings.iter().filter(|f| f.rule.severity >= Severity::High);
        let advice = evidence.branch.advice();
        let (first_action, stop_rule) = match decision {
            Decision::Escalate => (
                "Send this packet with its request ids to who runs the service; leave the failing path as it is.",
                "Stop changing the request and build the escalation packet.",
            ),
            Decision::FixLocally if is_between(responder) => (
                "Find these requests in the log of what answered; send one request past it and compare.",
                "Do not blame the provider without its id or its shape of errors.",
            ),
            Decision::Wait if facts.overlap.is_incident() => (
                "Wait, protect users, reduce repeat pressure; repeat the same path once the incident is over.",
                advice.stop_rule,
            ),
            _ => (advice.first_action, advice.stop_rule),
        };
        Self {
            decision,
            confidence: confidence(facts, decision),
            because,
            responder,
            clean,
            reasons: grave.map(|f| f.rule.id).collect(),
            first_action,
            stop_rule,
        }
    }
}

/// The first of these that holds decides.
fn decide(facts: &Facts<'_>, responder: Responder) -> (Decision, String) {
    let evidence = &facts.evidence;
    let branch = evidence.branch;
    if branch == Branch::None {
        return (Decision::None, "no failure was found".into());
    }
    if evidence.count(Outcome::Failed) == 0 && evidence.count(Outcome::Recovered) > 0 {
        return (Decision::KeepObserving, "every call that failed recovered".into());
    }
    if branch == Branch::Billing {
        return (Decision::NotThisPacket, "the account has no credit or reached a limit of spending or use".into());
    }
    if let Some(why) = local(facts, responder) {
        return (Decision::FixLocally, why);
    }
    if let Some(why) = passes(facts, responder) {
        return (Decision::Wait, why.into());
    }
    if let Some(why) = escalates(facts) {
        return (Decision::Escalate, why);
    }
    let acts = |r: &Row<'_>| {
        let seen = &r.attempt.seen;
        seen.request_id.is_some() || (seen.status.is_some() || seen.error_type.is_some()) && r.attempt.at_ms.is_some()
    };
    if !evidence.main_failures().any(acts) {
        return (Decision::NotEnoughEvidence, "the failures show neither an id nor a status with a time".into());
    }
    (Decision::KeepObserving, too_few(facts))
}

/// Why it is on this side.
fn local(facts: &Facts<'_>, responder: Responder) -> Option<String> {
    let evidence = &facts.evidence;
    let html = evidence.main_failures().any(|r| r.attempt.seen.marks.html);
    let of_branch = match evidence.branch {
        Branch::RateLimited => "the limits of this account were reached",
        Branch::Timeout => "the request took longer than the server waits",
        Branch::Auth => "the credential was not accepted",
        Branch::ClientRequest => "the service does not accept the request",
        Branch::NoResponse(_) if !is_between(responder) => {
            "no response came: the failure is on the way or on this side"
        }
        _ if is_between(responder) => return Some(between(evidence, responder)),
        _ if responder == Responder::Unknown && html => "a page in HTML came back, which no provider's API sends",
        _ => return None,
    };
    Some(of_branch.into())
}

/// Whether it stands between this side and the provider, and answered for it.
fn is_between(responder: Responder) -> bool {
    matches!(responder, Responder::Gateway | Responder::Proxy)
}

fn between(evidence: &Evidence<'_>, responder: Responder) -> String {
    let all = evidence.main_failures().count();
    match evidence.main_failures().filter(|r| r.responder.0 == responder).count() {
        n if n == all => format!("a {} answered, not the provider", responder.name()),
        n => format!("a {} answered {n} of {all} failures, not the provider", responder.name()),
    }
}

/// Why it will pass.
fn passes(facts: &Facts<'_>, responder: Responder) -> Option<&'static str> {
    let overloaded = |r: &Row<'_>| branch::kind(&r.attempt.seen) == Some(ErrorKind::Overloaded);
    let evidence = &facts.evidence;
    match evidence.branch {
        _ if facts.overlap.verdict == overlap::Verdict::Incident => {
            Some("an incident on the status page covers the failures")
        }
        Branch::Overloaded => Some("the service is overloaded"),
        Branch::StreamError if evidence.main_failures().all(overloaded) => {
            Some("the service is overloaded: it says so in the middle of the stream")
        }
        Branch::Unavailable if responder == Responder::Provider => Some("the service says that it is not available"),
        _ => None,
    }
}

/// Why the case is for who runs the service.
fn escalates(facts: &Facts<'_>) -> Option<String> {
    let evidence = &facts.evidence;
    let ledger = &facts.ledger;
    let proven = evidence.main_failures().any(|r| r.clean || is_streams(r));
    let spent = facts.retries.spent || evidence.count(Outcome::Failed) >= REPEATED;
    if proven && ledger.failures >= REPEATED && ledger.successes == 0 && spent {
        return Some(format!("{} failures on one path after a bounded budget, and no success on it", ledger.failures));
    }
    if let Some((_, _, ms)) = persistence(facts) {
        return Some(format!("failures go on for {} minutes", ms / 60_000));
    }
    let minimal = evidence.main_failures().any(|r| r.clean && is_minimal(r));
    let beside = ledger.successes == 0 && ledger.failures > 1;
    (minimal && beside && facts.retries.spent).then(|| "even a request of the smallest kind fails".into())
}

/// Whether an error came in the middle of a stream that the service itself had begun.
fn is_streams(row: &Row<'_>) -> bool {
    row.branch == Branch::StreamError && row.responder.0 == Responder::Provider
}

/// Whether failures are of a kind that only who runs the service can mend.
#[must_use]
pub fn is_services(row: &Row<'_>) -> bool {
    let branch = matches!(row.branch, Branch::ServerError | Branch::StreamError | Branch::Unavailable);
    branch && !matches!(row.responder.0, Responder::Gateway | Responder::Proxy)
}

/// Whether a request is of the smallest kind.
#[must_use]
pub fn is_minimal(row: &Row<'_>) -> bool {
    let Some(payload) = row.attempt.seen.payload.as_deref() else { return false };
    let small = payload.estimated_tokens().is_some_and(|t| t > 0 && t < MINIMAL_TOKENS);
    small && payload.tools.unwrap_or(0) == 0 && payload.attachments.is_empty()
}

/// The first and the last of failures that go on for half an hour or longer, and the time between in
/// milliseconds: three calls or more, and at least half of what was sent on their path meanwhile.
#[must_use]
pub fn persistence<'f, 'c>(facts: &'f Facts<'c>) -> Option<(&'f Row<'c>, &'f Row<'c>, i64)> {
    let failed = || {
        let all = facts.evidence.main_failures().filter(|r| is_services(r) && r.last);
        all.filter(|r| r.call.outcome == Outcome::Failed && r.attempt.at_ms.is_some())
    };
    let first = failed().min_by_key(|r| r.attempt.at_ms)?;
    let last = failed().max_by_key(|r| r.attempt.at_ms)?;
    let (from, to) = (first.attempt.at_ms?, last.attempt.at_ms?);
    let on_path = facts.ledger.rows.iter().filter_map(|i| facts.evidence.rows.get(*i));
    let between = |r: &&Row<'_>| r.attempt.at_ms.is_some_and(|ms| (from..=to).contains(&ms));
    let successes = on_path.filter(between).filter(|r| r.attempt.seen.succeeded()).count();
    let n = failed().count();
    (to - from >= HALF_HOUR && n >= REPEATED && n >= successes).then_some((first, last, to - from))
}

fn too_few(facts: &Facts<'_>) -> String {
    let evidence = &facts.evidence;
    let failures = evidence.main_failures().count();
    let times = if failures == 1 { "once".to_owned() } else { format!("{failures} times") };
    let proven = evidence.main_failures().any(|r| r.clean || is_streams(r));
    let cut = evidence.main_failures().all(|r| r.attempt.seen.trouble == Some(Trouble::StreamCut));
    match facts.ledger.successes {
        _ if cut => format!("a response broke off {times}: the log does not show who cut it"),
        0 if failures >= REPEATED && !proven => {
            format!("it failed {times}, and nothing in the log proves an internal error of the provider")
        }
        0 => format!("it failed {times}: too few to tell"),
        1 => format!("it failed {times} beside a success on the same path"),
        n => format!("it failed {times} beside {n} successes on the same path"),
    }
}

fn confidence(facts: &Facts<'_>, decision: Decision) -> &'static str {
    let evidence = &facts.evidence;
    let ambiguous = evidence.main_failures().any(|r| r.call.ambiguous.is_some());
    let unanswered = |r: &Row<'_>| r.responder.0 == Responder::Nobody || matches!(r.branch, Branch::NoResponse(_));
    let traced = |r: &&Row<'_>| r.attempt.seen.request_id.is_some() || unanswered(r);
    let named = evidence.main_failures().filter(traced).count();
    match decision {
        Decision::None if evidence.count(Outcome::Ok) > 0 && evidence.count(Outcome::Unknown) == 0 => "high",
        Decision::None | Decision::NotEnoughEvidence => "low",
        _ if ambiguous || is_tied(evidence) => "low",
        Decision::Escalate if named >= 1 && facts.ledger.failures >= REPEATED => "high",
        Decision::Wait | Decision::FixLocally | Decision::NotThisPacket if named >= 1 => "high",
        _ => "medium",
    }
}

/// Whether as many calls failed in another way.
fn is_tied(evidence: &Evidence<'_>) -> bool {
    let calls = |branch: Branch| {
        evidence.failures().filter(|r| r.last && r.branch == branch && r.call.outcome == Outcome::Failed).count()
    };
    let most = calls(evidence.branch);
    evidence.branches.iter().any(|(b, _)| *b != evidence.branch && most > 0 && calls(*b) == most)
}

fn most(responders: impl Iterator<Item = Responder>) -> Responder {
    let mut counts: std::collections::BTreeMap<Responder, usize> = std::collections::BTreeMap::new();
    for responder in responders {
        *counts.entry(responder).or_insert(0) += 1;
    }
    // what is known outweighs what is not: a client prints the provider's id only at the end
    let unknown = counts.remove(&Responder::Unknown);
    let known = counts.into_iter().min_by_key(|(r, n)| (std::cmp::Reverse(*n), *r)).map(|(r, _)| r);
    known.or(unknown.map(|_| Responder::Unknown)).unwrap_or(Responder::Unknown)
}

//! What the status page said when it failed.

use super::{duration, places, times};
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::finding::{Evident, Rule, Severity};
use crate::check::overlap::{Position, Verdict};

pub const RULES: &[Rule] = &[
    Rule {
        id: "incident_overlap",
        severity: Severity::Info,
        title: "an incident on the status page covers the failures",
        means: "The provider told of an incident at the time of the failures.",
        not_proof: "It does not show that the incident is the cause of these failures.",
        action: "Wait, protect users, reduce repeat pressure; then repeat the same path once it is over.",
        stop_rule: Some("An active incident changes the next move: wait, protect users, and reduce repeat pressure."),
        source: "article on Claude's 500 api_error, bounded recovery loop",
        find: overlap,
    },
    Rule {
        id: "saw_it_first",
        severity: Severity::Info,
        title: "you saw it before the status page did",
        means: "The first failure was earlier than the first post on the incident.",
        not_proof: "It does not show that the incident is the cause of these failures.",
        action: "Say so in the ticket: the time of the first failure helps to date the incident.",
        stop_rule: Some(
            "If your logs show a spike that matches a recent incident window, preserve that correlation instead of erasing it with repeated code changes.",
        ),
        source: "article on Claude's 500 api_error, bounded recovery loop",
        find: first,
    },
    Rule {
        id: "status_unknown",
        severity: Severity::Warn,
        title: "what the status page said is not known",
        means: "No readable status page of the time of the failures was given.",
        not_proof: "Unknown is not green and not red.",
        action: "Look, and give the page: `casefile build LOG --status status.json`; the questions say where this provider has it.",
        stop_rule: Some("First, check Claude Status and record the timestamp."),
        source: "article on Claude's 500 api_error, bounded recovery loop",
        find: unknown,
    },
];

fn overlap(facts: &Facts<'_>) -> Option<Evident> {
    let overlap = &facts.overlap;
    if overlap.verdict != Verdict::Incident || facts.evidence.branch == Branch::None {
        return None;
    }
    let of = |wanted: &dyn Fn(Position) -> bool| overlap.failures.iter().filter(|f| wanted(f.position)).count();
    let (inside, near) = (of(&|p| p == Position::Inside), of(&|p| matches!(p, Position::Lead | Position::Tail)));
    let by = if overlap.supplied { " (supplied)" } else { "" };
    Evident::new(
        format!("{} inside, {near} shortly before or after{by}", times(inside, "failure")),
        places(facts.evidence.failures()),
    )
}

fn first(facts: &Facts<'_>) -> Option<Evident> {
    let lead = facts.overlap.lead_time_s.filter(|s| *s > 0)?.unsigned_abs();
    Evident::new(
        format!("the first failure was {} before the first post", duration(lead * 1000)),
        places(facts.evidence.failures().take(1)),
    )
}

fn unknown(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    let branch = evidence.branch;
    let matters = matches!(
        branch,
        Branch::ServerError | Branch::Overloaded | Branch::Unavailable | Branch::Timeout | Branch::StreamError
    );
    if facts.overlap.verdict != Verdict::Unknown || !matters {
        return None;
    }
    let snapshots = &evidence.supplied.snapshots;
    let unreadable =
        snapshots.iter().find_map(|s| s.unreadable).filter(|_| snapshots.iter().all(|s| s.unreadable.is_some()));
    let why = match unreadable {
        Some(why) => format!("the status page cannot be read: {why}"),
        None if snapshots.is_empty() => "no status page was given".to_owned(),
        None => "the page that was given does not tell of the time of the failures".to_owned(),
    };
    Evident::new(why, None)
}

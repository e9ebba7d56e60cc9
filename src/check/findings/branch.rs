//! What kind of failure it is, and where that is in doubt.

use super::{places, times};
use crate::check::Facts;
use crate::check::branch::{Branch, conflict};
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::model::Outcome;

pub const RULES: &[Rule] = &[
    Rule {
        id: "branch_conflict",
        severity: Severity::Warn,
        title: "status and error type do not go together",
        means: "A layer on the way changed one of the two, or its library reports another status than the one that arrived. Both are shown; the error type decides between 500, 529 and 429.",
        not_proof: "It does not show which layer changed it.",
        action: "Show both in the ticket; read the log of the layer in between.",
        stop_rule: Some("A wrapper can convert one branch into another-looking error."),
        source: "article on Claude's 500 api_error, route isolation",
        find: conflicts,
    },
    Rule {
        id: "not_500_branch",
        severity: Severity::High,
        title: "it is not the internal server error",
        means: "Most calls that failed are of another branch, which asks for other actions.",
        not_proof: "It does not show that no 500 is among them: see the counts by branch.",
        action: "Follow the branch's own first action; see `casefile explain` with its name.",
        stop_rule: Some("The fastest way to waste time is to use the right-looking fix on the wrong branch."),
        source: "recovery board of the article on Claude's 500 api_error",
        find: other_branch,
    },
    Rule {
        id: "stream_error_after_200",
        severity: Severity::Warn,
        title: "it failed after the response began with 200",
        means: "The response carried an error or broke off after it began with success. SDKs do not retry that, and gateways and dashboards count it as success.",
        not_proof: "It does not show how much of the answer was used.",
        action: "Count such failures by error type, not by status; decide what to do with partial output before sending again.",
        stop_rule: Some(
            "With streaming, a 500 error can occur mid-stream, meaning you may receive partial output before the connection drops.",
        ),
        source: "article on diagnosing Claude's 500, questions; article on the 500 api_error, mid-stream errors",
        find: streams,
    },
    Rule {
        id: "mixed_branches",
        severity: Severity::Warn,
        title: "failures are of several kinds",
        means: "Calls failed in more than one way; each way has its own owner and its own fix.",
        not_proof: "It does not show that they have different causes.",
        action: "Make one packet for each branch and route: `--since`, `--until` and `--request-id` focus it.",
        stop_rule: Some("Match the branch before you fix it"),
        source: "article on Claude's 500 api_error, branches",
        find: mixed,
    },
    Rule {
        id: "terminal_only_sentence",
        severity: Severity::Warn,
        title: "only a sentence of the terminal was kept",
        means: "The failure is known from text that has neither the body of the error nor an id. Nobody can trace it.",
        not_proof: "It does not show that the response had no id.",
        action: "Find the id in Claude Code's debug file (`~/.claude/debug`) or session file, or in the SDK's exception.",
        stop_rule: Some("\"Claude Code gave me 500\" is a weak report."),
        source: "article on Claude Code's 500, when to escalate",
        find: sentence,
    },
];

fn conflicts(facts: &Facts<'_>) -> Option<Evident> {
    let with: Vec<(&Row<'_>, String)> =
        facts.evidence.failures().filter_map(|r| Some((r, conflict(&r.attempt.seen)?))).collect();
    let (_, first) = with.first()?;
    let detail = format!("{}: {first}", times(with.len(), "attempt"));
    Evident::new(detail, places(with.iter().map(|(r, _)| *r)))
}

fn other_branch(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    let branch = evidence.branch;
    if matches!(branch, Branch::None | Branch::Unknown | Branch::ServerError) || evidence.count(Outcome::Failed) == 0 {
        return None;
    }
    let calls = evidence.branches.iter().find(|(b, _)| *b == branch).map_or(0, |(_, n)| *n);
    Evident::new(format!("{}: {}", branch.name(), times(calls, "call")), places(evidence.main_failures()))
}

fn streams(facts: &Facts<'_>) -> Option<Evident> {
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(|r| r.branch == Branch::StreamError).collect();
    let first = rows.first()?;
    let named = first.attempt.seen.error_type.as_ref().map(|t| format!(" with {t}")).unwrap_or_default();
    Evident::new(format!("{}{named}", times(rows.len(), "stream")), places(rows))
}

fn mixed(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    let mut failed: Vec<(Branch, &Row<'_>)> = Vec::new();
    for row in evidence.failures().filter(|r| r.last && r.call.outcome == Outcome::Failed) {
        if failed.iter().all(|(b, _)| *b != row.branch) {
            failed.push((row.branch, row));
        }
    }
    if failed.len() < 2 {
        return None;
    }
    let names: Vec<&str> = failed.iter().map(|(b, _)| b.name()).collect();
    Evident::new(names.join(", "), places(failed.into_iter().map(|(_, r)| r)))
}

fn sentence(facts: &Facts<'_>) -> Option<Evident> {
    let bare = |r: &&Row<'_>| {
        let seen = &r.attempt.seen;
        let answered = seen.status.is_some() && seen.trouble.is_none();
        answered
            && seen.request_id.is_none()
            && seen.error_type.is_none()
            && seen.base_url.is_none()
            && seen.endpoint.is_none()
            && seen.ids.is_empty()
    };
    let rows: Vec<&Row<'_>> = facts.evidence.main_failures().filter(bare).collect();
    let all = facts.evidence.main_failures().count();
    if rows.is_empty() || rows.len() < all {
        return None;
    }
    Evident::new(format!("{} with a status and nothing else", times(rows.len(), "failure")), places(rows))
}

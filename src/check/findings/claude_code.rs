//! Claude Code's own ways to fail with a 500.

use super::{places, times};
use crate::check::Facts;
use crate::check::claude_code::{is_login, session};
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::check::route::Route;
use std::collections::BTreeSet;

pub const RULES: &[Rule] = &[
    Rule {
        id: "resumed_session_only",
        severity: Severity::Warn,
        title: "one session fails, another works",
        means: "All failures are of one session of Claude Code, and another session succeeded: the state of the old session has a part in it.",
        not_proof: "It does not show that the sessions did the same work.",
        action: "Run the same task in a fresh session with the least context; do not send more retries to the old one. `/compact` and a shorter CLAUDE.md come after that.",
        stop_rule: Some("Start a fresh session instead of hammering the old one"),
        source: "article on Claude Code's 500, resumed sessions",
        find: one_session,
    },
    Rule {
        id: "login_branch",
        severity: Severity::Warn,
        title: "it fails while logging in",
        means: "The failure is of a request for a login or its token, or an authentication error stands beside it: that is another branch than a failing model call.",
        not_proof: "It does not show whether the service, the machine's clock or its key store is at fault.",
        action: "`/status`, then `/login`, then `claude doctor`; try the same login again. Do not reinstall first.",
        stop_rule: Some("Do not log in through some other surface and assume that proves Claude Code is healed."),
        source: "article on Claude Code's 500, login",
        find: login,
    },
];

fn one_session(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    let failed: Vec<&Row<'_>> = evidence.main_failures().filter(|r| r.route == Route::ClaudeCode).collect();
    let sessions: BTreeSet<&str> = failed.iter().filter_map(|r| session(r.attempt)).collect();
    let old = sessions.first().copied().filter(|_| sessions.len() == 1)?;
    let fresh = |r: &&Row<'_>| r.attempt.seen.succeeded() && session(r.attempt).is_some_and(|s| s != old);
    let other = evidence.rows.iter().filter(|r| r.route == Route::ClaudeCode).find(fresh)?;
    let worked = evidence.rows.iter().any(|r| {
        r.attempt.seen.succeeded()
            && session(r.attempt) == Some(old)
            && r.attempt.at_ms > failed.first().and_then(|f| f.attempt.at_ms)
    });
    if worked || failed.len() < 2 {
        return None;
    }
    let detail = format!("{} in one session, a success in another", times(failed.len(), "failure"));
    Evident::new(detail, places(failed.into_iter().take(7).chain([other])))
}

fn login(facts: &Facts<'_>) -> Option<Evident> {
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(|r| is_login(r)).collect();
    if rows.is_empty() {
        return None;
    }
    Evident::new(times(rows.len(), "failed login request"), places(rows))
}

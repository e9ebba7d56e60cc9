//! What a packet says more where Claude Code made the requests.

use super::branch::Branch;
use super::evidence::{Evidence, Row};
use super::route::Route;
use crate::model::{Attempt, IdKind, Place};
use std::collections::BTreeSet;

/// A result that only people can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tried {
    /// It fails there too.
    Fails,
    /// It works there.
    Works,
    /// Nobody said.
    #[default]
    Unknown,
}

impl Tried {
    fn said(text: Option<&str>) -> Self {
        match text {
            Some("fails") => Tried::Fails,
            Some("works") => Tried::Works,
            _ => Tried::Unknown,
        }
    }

    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Tried::Fails => Some("fails"),
            Tried::Works => Some("works"),
            Tried::Unknown => None,
        }
    }
}

/// The section of a packet on Claude Code.
#[derive(Clone, Debug, Default)]
pub struct ClaudeCode {
    /// Its version, and where the log says so.
    pub version: Option<(String, Option<Place>)>,
    /// The command that was run, without prompt and paths: supplied.
    pub command_shape: Option<String>,
    /// Whether a body of an error came through to what was logged; newer versions print a sentence instead.
    pub raw_body_seen: bool,
    /// Sessions that failed.
    pub failed_sessions: BTreeSet<String>,
    /// Sessions that had a success.
    pub working_sessions: BTreeSet<String>,
    /// Whether the failures look as if they were of one session alone: `None` where the log tells of one only.
    pub one_session_only: Option<bool>,
    /// The kinds of credential that were sent: `api_key`, `oauth`, `bearer`.
    pub auth: BTreeSet<&'static str>,
    /// Failures of logins, and authentication errors.
    pub auth_symptoms: usize,
    /// Where those stand.
    pub auth_places: Vec<Place>,
    /// The same task in the provider's console: supplied.
    pub workbench: Tried,
    /// The same request sent to the provider directly: supplied.
    pub direct_api: Tried,
    /// The same task in a new session: supplied, or the other sessions of the log.
    pub fresh_session: Tried,
}

impl ClaudeCode {
    /// Of a case in which Claude Code made requests.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Option<Self> {
        let rows: Vec<&Row<'_>> = evidence.rows.iter().filter(|r| r.route == Route::ClaudeCode).collect();
        if rows.is_empty() {
            return None;
        }
        let supplied = evidence.supplied;
        let version = rows.iter().find_map(|r| {
            let version = r.attempt.seen.client.as_ref()?.version.as_ref()?;
            Some((version.as_str().to_owned(), r.place()))
        });
        let sessions = |wanted: &dyn Fn(&Row<'_>) -> bool| -> BTreeSet<String> {
            rows.iter().filter(|r| wanted(r)).filter_map(|r| session(r.attempt)).map(str::to_owned).collect()
        };
        let failed_sessions = sessions(&|r| r.failed());
        let working_sessions = sessions(&|r| r.attempt.seen.succeeded());
        let told = failed_sessions.union(&working_sessions).count() > 1;
        let apart = failed_sessions.len() == 1 && failed_sessions.is_disjoint(&working_sessions);
        let symptoms: Vec<&&Row<'_>> = rows.iter().filter(|r| is_login(r) || r.branch == Branch::Auth).collect();
        let fresh_session = match Tried::said(supplied.get("fresh_session")) {
            Tried::Unknown if told && apart => Tried::Works,
            said => said,
        };
        Some(Self {
            version,
            command_shape: supplied.get("command_shape").map(str::to_owned),
            raw_body_seen: rows.iter().any(|r| r.failed() && r.attempt.seen.error_type.is_some()),
            one_session_only: told.then_some(apart),
            failed_sessions,
            working_sessions,
            auth: rows.iter().filter_map(|r| r.attempt.seen.auth).collect(),
            auth_symptoms: symptoms.len(),
            auth_places: symptoms.iter().filter_map(|r| r.place()).take(super::finding::MOST_PLACES).collect(),
            workbench: Tried::said(supplied.get("workbench")),
            direct_api: Tried::said(supplied.get("direct_api")),
            fresh_session,
        })
    }
}

/// The session of an attempt.
#[must_use]
pub fn session(attempt: &Attempt) -> Option<&str> {
    attempt.seen.ids.iter().find(|id| id.kind == IdKind::Session).map(|id| id.value.as_str())
}

/// Whether an attempt that failed was a login, not work.
#[must_use]
pub fn is_login(row: &Row<'_>) -> bool {
    let seen = &row.attempt.seen;
    let endpoint = seen.endpoint.as_ref().map_or("", |e| e.as_str());
    let screen = row.route == Route::ClaudeCode && seen.cause.as_ref().is_some_and(|c| c.as_str() == "OAuth");
    row.failed() && (screen || endpoint.split('/').any(|part| matches!(part, "oauth" | "login" | "token")))
}

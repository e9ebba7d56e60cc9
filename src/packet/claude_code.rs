//! What is said more where Claude Code made the requests.

use super::told::{Basis, Places, Told};
use crate::check::claude_code::{ClaudeCode, Tried};
use crate::model::Clean;
use serde::Serialize;

/// The section on Claude Code.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ClaudeCodeSection {
    /// Its version.
    pub version: Told<String>,
    /// The command that was run, without prompt and paths.
    pub command_shape: Told<Clean>,
    /// Whether a body of an error came through to what was logged.
    pub raw_body_seen: bool,
    /// Sessions that failed.
    pub failed_sessions: Vec<String>,
    /// Sessions that had a success.
    pub working_sessions: Vec<String>,
    /// Whether the failures look as if they were of one session alone.
    pub one_session_only: Option<bool>,
    /// The kinds of credential that were sent.
    pub auth: Vec<&'static str>,
    /// Failures of logins, and authentication errors.
    pub auth_symptoms: usize,
    /// Where those stand.
    pub auth_from: Vec<String>,
    /// The same task in the provider's console: `fails` or `works`.
    pub workbench: Told<&'static str>,
    /// The same request sent to the provider directly.
    pub direct_api: Told<&'static str>,
    /// The same task in a new session.
    pub fresh_session: Told<&'static str>,
}

impl ClaudeCodeSection {
    /// From the conclusions; `said` gives what the user says.
    #[must_use]
    pub fn of(found: &ClaudeCode, places: &Places, mut said: impl FnMut(&str) -> Told<Clean>) -> Self {
        let version = found.version.as_ref();
        let from = version.and_then(|(_, place)| *place).map(|p| places.name(p)).into_iter().collect();
        let mut tried = |name: &str, result: Tried| {
            let supplied = said(name);
            let basis = if supplied.value.is_some() { Basis::Supplied } else { Basis::Derived };
            Told::new(result.name(), basis, supplied.from)
        };
        Self {
            version: Told::new(version.map(|(v, _)| v.clone()), Basis::Observed, from),
            raw_body_seen: found.raw_body_seen,
            failed_sessions: found.failed_sessions.iter().cloned().collect(),
            working_sessions: found.working_sessions.iter().cloned().collect(),
            one_session_only: found.one_session_only,
            auth: found.auth.iter().copied().collect(),
            auth_symptoms: found.auth_symptoms,
            auth_from: places.all(&found.auth_places),
            workbench: tried("workbench", found.workbench),
            direct_api: tried("direct_api", found.direct_api),
            fresh_session: tried("fresh_session", found.fresh_session),
            command_shape: said("command_shape"),
        }
    }
}

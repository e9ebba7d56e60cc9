//! What failed: the verdict, the error, the target, the route, the identifiers.

use super::calls;
use super::told::{Basis, Places, Told};
use crate::check::Conclusions;
use crate::check::branch::{self, Branch};
use crate::check::evidence::{Evidence, Row};
use crate::check::route::{self, Route};
use crate::idclock;
use crate::literal::Timestamp;
use crate::model::{Clean, IdKind, Said};
use serde::Serialize;
use std::collections::BTreeMap;

/// The verdict.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VerdictSection {
    /// `escalate`, `wait`, `fix_locally`, `keep_observing`, `not_enough_evidence`, `not_this_packet`, `none`.
    pub decision: &'static str,
    /// `high`, `medium` or `low`.
    pub confidence: &'static str,
    /// Why, in a sentence.
    pub because: String,
    /// The branch of most failed calls.
    pub branch: &'static str,
    /// That branch, as people say it.
    pub branch_title: &'static str,
    /// Whether it is the provider's own clean internal error.
    pub clean: bool,
    /// Calls by branch.
    pub branches: BTreeMap<&'static str, usize>,
    /// Who answered.
    pub responder: &'static str,
    /// What shows who answered.
    pub responder_evidence: &'static str,
    /// What to do first.
    pub first_action: &'static str,
    /// How to tell whether that helped.
    pub verify: &'static str,
    /// When to stop.
    pub stop_rule: &'static str,
    /// Ids of the findings that it rests on.
    pub reasons: Vec<&'static str>,
}

impl VerdictSection {
    /// From the conclusions.
    #[must_use]
    pub fn of(conclusions: &Conclusions<'_>) -> Self {
        let (verdict, evidence) = (&conclusions.verdict, &conclusions.facts.evidence);
        let advice = evidence.branch.advice();
        let shown = evidence.main_failures().find(|r| r.responder.0 == verdict.responder).map_or("", |r| r.responder.1);
        Self {
            decision: verdict.decision.name(),
            confidence: verdict.confidence,
            because: verdict.because.clone(),
            branch: evidence.branch.name(),
            branch_title: branch_title(evidence),
            clean: verdict.clean,
            branches: evidence.branches.iter().map(|(b, n)| (b.name(), *n)).collect(),
            responder: verdict.responder.name(),
            responder_evidence: shown,
            first_action: verdict.first_action,
            verify: advice.verify,
            stop_rule: verdict.stop_rule,
            reasons: verdict.reasons.clone(),
        }
    }
}

/// The branch as people say it. 502 is no *internal* server error, and belongs to the same branch.
#[must_use]
pub fn branch_title(evidence: &Evidence<'_>) -> &'static str {
    let status = evidence.example().and_then(|r| r.attempt.seen.status);
    match (evidence.branch, status) {
        (Branch::ServerError, Some(501..)) => "server error",
        (branch, _) => branch.title(),
    }
}

/// The error of the failure that stands for the case.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ErrorSection {
    /// HTTP status that arrived.
    pub status: Told<u16>,
    /// What a layer reported in its place.
    pub reported_status: Told<u16>,
    /// The provider's name for it.
    pub error_type: Told<Clean>,
    /// Its finer code.
    pub error_code: Told<Clean>,
    /// The class of the exception.
    pub exception: Told<Clean>,
    /// The cause beneath it.
    pub cause: Told<Clean>,
    /// The message, where it is one that everybody knows.
    pub message: Told<Clean>,
    /// How far the attempt came.
    pub phase: Told<&'static str>,
    /// Where statuses and names do not go together, each once.
    pub conflict: Vec<String>,
}

impl ErrorSection {
    /// Of the case.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>, places: &Places) -> Self {
        let example = evidence.example();
        let attempts = || example.map(|r| r.attempt);
        let mut conflict: Vec<String> = Vec::new();
        for text in evidence.failures().filter_map(|r| branch::conflict(&r.attempt.seen)) {
            if !conflict.contains(&text) && conflict.len() < 8 {
                conflict.push(text);
            }
        }
        Self {
            status: places.first(attempts(), |a| a.seen.status),
            reported_status: places.first(attempts(), |a| a.seen.reported_status),
            error_type: places.first(attempts(), |a| a.seen.error_type.clone()),
            error_code: places.first(attempts(), |a| a.seen.error_code.clone()),
            exception: places.first(attempts(), |a| a.seen.exception.clone()),
            cause: places.first(attempts(), |a| a.seen.cause.clone()),
            message: places.first(attempts(), |a| a.seen.message.clone()),
            phase: Told::derived(example.and_then(|r| r.attempt.seen.phase())),
            conflict,
        }
    }
}

/// What was asked, and of whom.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TargetSection {
    /// Whose service: `anthropic`, `aws.bedrock`.
    pub provider: Told<&'static str>,
    /// The model asked for.
    pub model: Told<Clean>,
    /// HTTP method.
    pub method: Told<Clean>,
    /// Path of the URL.
    pub endpoint: Told<Clean>,
    /// Whether the answer was to be streamed.
    pub stream: Told<bool>,
}

/// The failure that stands for the case first, then all others of its branch, then everything else.
fn by_weight<'e>(evidence: &'e Evidence<'_>) -> Vec<&'e Row<'e>>
where
{
    let mut rows: Vec<&Row<'_>> = evidence.example().into_iter().collect();
    rows.extend(evidence.main_failures());
    rows
}

impl TargetSection {
    /// Of the case.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>, places: &Places) -> Self {
        let rows = by_weight(evidence);
        let attempts = || rows.iter().map(|r| r.attempt);
        Self {
            provider: Told { basis: Basis::Derived, ..places.first(attempts(), route::provider) }.settled(),
            model: places.first(attempts(), |a| a.seen.model.clone()),
            method: places.first(attempts(), |a| a.seen.method.clone()),
            endpoint: places.first(attempts(), |a| a.seen.endpoint.clone()),
            stream: places.first(attempts(), |a| a.seen.stream),
        }
    }
}

impl<T> Told<T> {
    /// Without a value nothing is known, whatever it was said to be.
    fn settled(self) -> Self {
        if self.value.is_some() { self } else { Self::default() }
    }
}

/// How requests get there.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RouteSection {
    /// `direct`, `claude_code`, `cloud`, `gateway`.
    pub kind: Told<&'static str>,
    /// Scheme, host and what stands before the endpoint.
    pub base_url: Told<Clean>,
    /// Cloud region.
    pub region: Told<Clean>,
    /// The library and its version.
    pub sdk: Told<String>,
    /// The runtime and operating system.
    pub runtime: Told<String>,
    /// The kind of credential, never any of it.
    pub auth: Told<&'static str>,
    /// Who owns the route.
    pub owner: Told<Clean>,
    /// Who owns the credential.
    pub auth_owner: Told<Clean>,
    /// VPN, proxy or direct.
    pub network_path: Told<Clean>,
    /// The client's timeout in seconds.
    pub timeout_s: Told<f64>,
}

impl RouteSection {
    /// Of the case; `said` gives what the user says.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>, places: &Places, mut said: impl FnMut(&str) -> Told<Clean>) -> Self {
        let rows = by_weight(evidence);
        let attempts = || rows.iter().map(|r| r.attempt);
        let kind = rows.first().map(|r| r.route).filter(|r| *r != Route::Unknown);
        let join = |parts: [&Option<Clean>; 2]| {
            let parts: Vec<&str> = parts.iter().filter_map(|p| p.as_ref().map(Clean::as_str)).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        };
        let client = |a: &crate::model::Attempt| a.seen.client.clone();
        Self {
            kind: Told::derived(kind.map(Route::name)),
            base_url: places.first(attempts(), |a| a.seen.base_url.clone()),
            region: places.first(attempts(), |a| a.seen.region.clone()).or(|| said("region")),
            sdk: places.first(attempts(), |a| client(a).and_then(|c| join([&c.name, &c.version]))),
            runtime: places.first(attempts(), |a| client(a).and_then(|c| join([&c.runtime, &c.os]))),
            auth: places.first(attempts(), |a| a.seen.auth),
            owner: said("route_owner"),
            auth_owner: said("auth_owner"),
            network_path: said("network_path"),
            timeout_s: places.first(attempts(), |a| a.seen.timeout_s),
        }
    }
}

impl RouteSection {
    /// Says who owns the route, where nobody was named for all of them.
    pub fn owned_by(mut self, owner: Option<(Clean, Clean)>) -> Self {
        let host = || {
            owner.map_or_else(Told::default, |(owner, origin)| {
                Told::new(Some(owner), Basis::Supplied, vec![origin.as_str().to_owned()])
            })
        };
        self.owner = self.owner.or(host);
        self
    }
}

/// Who owns the route of the failures, by its host.
#[must_use]
pub fn route_owner<'c>(evidence: &Evidence<'c>) -> Option<&'c Said> {
    let urls = by_weight(evidence).into_iter().filter_map(|r| r.attempt.seen.base_url.as_ref());
    let mut hosts = urls.filter_map(|url| route::host(url.as_str()));
    evidence.supplied.route_owner(&hosts.next()?.to_ascii_lowercase())
}

/// An id to trace by.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct IdentifierRow {
    /// What it names.
    pub kind: &'static str,
    /// The id.
    pub value: Clean,
    /// The header or field that carried it.
    pub name: Option<Clean>,
    /// The call and the attempt it belongs to.
    pub call: u32,
    /// The attempt's number in the call.
    pub attempt: usize,
    /// Whether that attempt failed.
    pub failed: bool,
    /// When the attempt began.
    pub at: Option<String>,
    /// The time of day as printed, where the log does not tell which day it was.
    pub clock: Option<String>,
    /// The status of the attempt.
    pub status: Option<u16>,
    /// Its error type.
    pub error_type: Option<Clean>,
    /// The time that the id carries, where it agrees with the log.
    pub id_time: Option<String>,
    /// Where it stands.
    pub from: Vec<String>,
}

/// More ids than anybody traces.
const MOST_IDS: usize = 1000;
/// Kinds that a provider, a gateway or an operator can look up; the rest stays with its attempt.
const TRACEABLE: &[IdKind] = &[
    IdKind::ProviderRequest,
    IdKind::GatewayRequest,
    IdKind::EdgeRay,
    IdKind::Trace,
    IdKind::Session,
    IdKind::Correlation,
    IdKind::Organization,
];

/// All ids that somebody can look up: those of failures first; and how many are left out.
#[must_use]
pub fn identifiers(evidence: &Evidence<'_>, places: &Places, trust_ids: bool) -> (Vec<IdentifierRow>, usize) {
    let mut rows = Vec::new();
    let mut seen: std::collections::HashSet<&Clean> = std::collections::HashSet::new();
    let ordered = evidence.failures().chain(evidence.rows.iter().filter(|r| r.branch == Branch::None));
    let mut left = 0;
    for row in ordered {
        let own = row.attempt.seen.request_id.iter().map(|id| (IdKind::ProviderRequest, id, None));
        let others = row.attempt.seen.ids.iter().map(|id| (id.kind, &id.value, id.name.clone()));
        for (kind, value, name) in own.chain(others) {
            if !TRACEABLE.contains(&kind) || !seen.insert(value) {
                continue;
            }
            if rows.len() >= MOST_IDS {
                left += 1;
                continue;
            }
            let id_time = idclock::time(value.as_str()).filter(|_| trust_ids).map(|t| Timestamp::rfc3339(t.ms));
            rows.push(IdentifierRow {
                kind: kind.name(),
                value: value.clone(),
                name,
                call: row.call.id,
                attempt: row.n as usize,
                failed: row.failed(),
                at: row.attempt.at_ms.map(Timestamp::rfc3339),
                clock: calls::clock(row.attempt),
                status: row.attempt.seen.status,
                error_type: row.attempt.seen.error_type.clone(),
                id_time,
                from: places.all(&row.attempt.from),
            });
        }
    }
    (rows, left)
}

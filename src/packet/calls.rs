//! Calls and attempts as plain rows.

use super::told::Places;
use crate::check::branch::{self, Branch};
use crate::check::responder::Responder;
use crate::literal::Timestamp;
use crate::model::{Attempt, Call, Clean, LayerView, Limit, Outcome, Payload};
use serde::Serialize;
use std::sync::Arc;

/// One operation as the caller saw it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CallRow {
    /// Its number in the run, from 1, in order of time.
    pub id: u32,
    /// `failed`, `recovered`, `ok` or `unknown`.
    pub outcome: &'static str,
    /// The branch of its last failing attempt.
    pub branch: &'static str,
    /// Why its attempts are one call.
    pub joined_by: Vec<&'static str>,
    /// Why they may not be.
    pub ambiguous: Option<&'static str>,
    /// In order.
    pub attempts: Vec<AttemptRow>,
}

/// One HTTP request and what came back.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AttemptRow {
    /// Its number in the call, from 1.
    pub n: usize,
    /// When it began, RFC 3339 in UTC.
    pub at: Option<String>,
    /// How the time is known.
    pub at_basis: &'static str,
    /// The time of day as printed, where the log does not tell which day it was.
    pub clock: Option<String>,
    /// HTTP status that arrived.
    pub status: Option<u16>,
    /// What a layer reported in its place.
    pub reported_status: Option<u16>,
    /// The provider's name for the error.
    pub error_type: Option<Clean>,
    /// Its finer code.
    pub error_code: Option<Clean>,
    /// The class of the exception.
    pub exception: Option<Clean>,
    /// The cause beneath it.
    pub cause: Option<Clean>,
    /// The message, where it is one that everybody knows.
    pub message: Option<Clean>,
    /// The provider's id, and nobody else's.
    pub request_id: Option<Clean>,
    /// All other ids.
    pub ids: Vec<IdRow>,
    /// Model asked for.
    pub model: Option<Clean>,
    /// The name under which a gateway offers models, where the caller asked for that.
    pub model_group: Option<Clean>,
    /// HTTP method.
    pub method: Option<Clean>,
    /// Path of the URL.
    pub endpoint: Option<Clean>,
    /// Scheme, host and what stands before the endpoint.
    pub base_url: Option<Clean>,
    /// Cloud region.
    pub region: Option<Clean>,
    /// Whether the answer was to be streamed.
    pub stream: Option<bool>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: Option<u64>,
    /// How long the client waited after it, in milliseconds.
    pub wait_ms: Option<u64>,
    /// How long the server asked to wait, in seconds.
    pub retry_after_s: Option<f64>,
    /// Limits of the account of which the response says that nothing was left.
    pub limits: Vec<LimitRow>,
    /// For whom it was made: a number by order of appearance, never a name.
    pub user: Option<u32>,
    /// The kind of failure; `none` for a success.
    pub branch: &'static str,
    /// Where what arrived and what it was called do not go together.
    pub conflict: Option<String>,
    /// How far it came.
    pub phase: Option<&'static str>,
    /// Who answered.
    pub responder: &'static str,
    /// What each layer saw, where more than one logged it.
    pub layers: Vec<LayerRow>,
    /// Shape of the request's body.
    pub payload: Option<Arc<Payload>>,
    /// Where the logs tell of it.
    pub from: Vec<String>,
}

/// An id and what it names.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct IdRow {
    /// What it names.
    pub kind: &'static str,
    /// The header or field that carried it.
    pub name: Option<Clean>,
    /// The id.
    pub value: Clean,
}

/// A limit of which nothing was left.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LimitRow {
    /// `requests`, `tokens`, `input_tokens`, `output_tokens`, `images`.
    pub what: &'static str,
    /// How much of it in a stretch of time.
    pub limit: Option<u64>,
    /// When it is full again, RFC 3339 in UTC.
    pub resets_at: Option<String>,
    /// How long after the response it is full again, in milliseconds.
    pub resets_in_ms: Option<u64>,
}

impl LimitRow {
    fn of(limit: &Limit) -> Self {
        Self {
            what: limit.what,
            limit: limit.limit,
            resets_at: limit.resets_ms.map(Timestamp::rfc3339),
            resets_in_ms: limit.resets_in_ms,
        }
    }
}

/// What one layer saw.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LayerRow {
    /// `client`, `proxy` or `gateway`.
    pub layer: &'static str,
    /// The dialect of its log.
    pub dialect: &'static str,
    /// The status it saw.
    pub status: Option<u16>,
    /// The time it took there, in milliseconds.
    pub elapsed_ms: Option<u64>,
    /// The path that was called there.
    pub endpoint: Option<Clean>,
    /// Its own id of the request.
    pub id: Option<Clean>,
    /// Where it says so.
    pub from: String,
}

/// More calls than a packet lists; `casefile attempts` has them all.
pub const MOST_CALLS: usize = 1000;

/// The rows of all calls, those that failed first, then in order of time; and how many are left out.
#[must_use]
pub fn rows(calls: &[Call], places: &Places) -> (Vec<CallRow>, usize) {
    let rank = |call: &Call| match call.outcome {
        Outcome::Failed => 0,
        Outcome::Recovered => 1,
        Outcome::Unknown => 2,
        Outcome::Ok => 3,
    };
    let mut order: Vec<&Call> = calls.iter().collect();
    order.sort_by_key(|c| rank(c));
    let rows = order.iter().take(MOST_CALLS).map(|c| row(c, places)).collect();
    (rows, calls.len().saturating_sub(MOST_CALLS))
}

/// The row of a call.
#[must_use]
pub fn row(call: &Call, places: &Places) -> CallRow {
    let last = call.attempts.iter().rev().map(|a| Branch::of(&a.seen)).find(|b| *b != Branch::None);
    CallRow {
        id: call.id,
        outcome: call.outcome.name(),
        branch: last.unwrap_or(Branch::None).name(),
        joined_by: call.joined_by.clone(),
        ambiguous: call.ambiguous,
        attempts: call.attempts.iter().zip(1..).map(|(a, n)| attempt(a, n, places)).collect(),
    }
}

/// The time of day as printed, where the log does not tell which day it was.
pub(super) fn clock(attempt: &Attempt) -> Option<String> {
    attempt.clock.map(|time| Timestamp::rfc3339(time.local_ms).get(11..23).unwrap_or_default().to_owned())
}

/// From its beginning to its end, where the log shows both.
fn took(attempt: &Attempt) -> Option<u64> {
    let ms = u64::try_from(attempt.end_ms? - attempt.at_ms?).ok()?;
    (ms > 0).then_some(ms)
}

fn attempt(a: &Attempt, n: usize, places: &Places) -> AttemptRow {
    let seen = &a.seen;
    let layer = |v: &LayerView| LayerRow {
        layer: v.layer.name(),
        dialect: v.dialect,
        status: v.status,
        elapsed_ms: v.elapsed_ms,
        endpoint: v.endpoint.clone(),
        id: v.id.clone(),
        from: places.name(v.from),
    };
    AttemptRow {
        n,
        at: a.at_ms.map(Timestamp::rfc3339),
        at_basis: a.at_basis.name(),
        clock: clock(a),
        status: seen.status,
        reported_status: seen.reported_status,
        error_type: seen.error_type.clone(),
        error_code: seen.error_code.clone(),
        exception: seen.exception.clone(),
        cause: seen.cause.clone(),
        message: seen.message.clone(),
        request_id: seen.request_id.clone(),
        ids: seen
            .ids
            .iter()
            .map(|i| IdRow { kind: i.kind.name(), name: i.name.clone(), value: i.value.clone() })
            .collect(),
        model: seen.model.clone(),
        model_group: seen.model_group.clone(),
        method: seen.method.clone(),
        endpoint: seen.endpoint.clone(),
        base_url: seen.base_url.clone(),
        region: seen.region.clone(),
        stream: seen.stream,
        elapsed_ms: seen.elapsed_ms.or_else(|| took(a)),
        wait_ms: seen.wait_ms,
        retry_after_s: seen.retry_after_s,
        limits: seen.limits.iter().map(LimitRow::of).collect(),
        user: seen.user.map(|u| u.number),
        branch: Branch::of(seen).name(),
        conflict: branch::conflict(seen),
        phase: seen.phase(),
        responder: Responder::of(a).0.name(),
        layers: a.layers.iter().map(layer).collect(),
        payload: seen.payload.clone(),
        from: places.all(&a.from),
    }
}

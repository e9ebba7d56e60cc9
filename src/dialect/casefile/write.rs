//! An attempt as a line of JSON. Missing fields are unknown.

use super::SCHEMA;
use crate::literal::{Missing, Timestamp};
use crate::model::{AtBasis, Attempt, Call, Clean, Payload, Seen};
use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Serialize)]
struct Header<'c> {
    schema: &'static str,
    version: &'static str,
    run: &'c str,
    inputs: &'c [String],
    calls: usize,
    attempts: usize,
}

#[derive(Serialize)]
struct Row<'c> {
    casefile: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    run: &'c str,
    call: u32,
    n: usize,
    of: usize,
    outcome: &'static str,
    at: Option<String>,
    at_basis: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(flatten)]
    shown: Shown<'c>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    layers: Vec<LayerRow>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    joined_by: &'c [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    ambiguous: Option<&'static str>,
    from: Vec<String>,
}

/// What the logs showed of an attempt.
#[derive(Serialize)]
struct Shown<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reported_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ids: Vec<IdRow<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_group: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retries_left: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'c Payload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<ClientRow<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_s: Option<f64>,
}

#[derive(Serialize)]
struct IdRow<'c> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'c Clean>,
    value: &'c Clean,
}

#[derive(Serialize)]
struct ClientRow<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runtime: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os: Option<&'c Clean>,
}

#[derive(Serialize)]
struct LayerRow {
    layer: &'static str,
    dialect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u64>,
}

/// A name for the run, made of what it found: the same input gives the same one.
#[must_use]
pub fn run_of(calls: &[Call]) -> String {
    let mut hash = Sha256::new();
    for (call, n) in calls.iter().flat_map(|call| (0..call.attempts.len()).map(move |n| (call, n))) {
        hash.update(line("", call, n, &[]));
    }
    hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect()
}

/// The line that comes first.
#[must_use]
pub fn header(run: &str, calls: &[Call], inputs: &[String]) -> String {
    let attempts = calls.iter().map(|c| c.attempts.len()).sum();
    json(&Header { schema: SCHEMA, version: env!("CARGO_PKG_VERSION"), run, inputs, calls: calls.len(), attempts })
}

/// An attempt of a call, by its place in it; nothing where there is none. `inputs` are the names of the inputs.
#[must_use]
pub fn line(run: &str, call: &Call, n: usize, inputs: &[String]) -> String {
    let Some(attempt) = call.attempts.get(n) else { return String::new() };
    let name = |input: u32| inputs.get(input as usize).map_or("", String::as_str);
    json(&Row {
        casefile: "attempt",
        run,
        call: call.id,
        n: n + 1,
        of: call.attempts.len(),
        outcome: call.outcome.name(),
        at: at(attempt),
        at_basis: attempt.at_basis.name(),
        counted: attempt.counted.then_some(true),
        end: attempt.end_ms.map(|ms| moment(ms, attempt.at_basis)),
        shown: Shown::of(&attempt.seen),
        layers: layers(attempt),
        joined_by: &call.joined_by,
        ambiguous: call.ambiguous,
        from: attempt.from.iter().map(|p| format!("{}:{}", name(p.input), p.line)).collect(),
    })
}

fn json(row: &impl Serialize) -> String {
    serde_json::to_string(row).unwrap_or_default() + "\n"
}

fn layers(attempt: &Attempt) -> Vec<LayerRow> {
    attempt
        .layers
        .iter()
        .map(|l| LayerRow { layer: l.layer.name(), dialect: l.dialect, status: l.status, elapsed_ms: l.elapsed_ms })
        .collect()
}

/// When it began; where the day is not known, the time of day.
fn at(attempt: &Attempt) -> Option<String> {
    let of_day = |t: Timestamp| {
        (t.missing == Missing::Date)
            .then(|| Timestamp::rfc3339(t.local_ms))
            .and_then(|t| t.get(11..23).map(str::to_owned))
    };
    attempt.at_ms.map(|ms| moment(ms, attempt.at_basis)).or_else(|| attempt.clock.and_then(of_day))
}

/// A moment in UTC; without a zone where that was only assumed.
fn moment(ms: i64, basis: AtBasis) -> String {
    let text = Timestamp::rfc3339(ms);
    if basis == AtBasis::Assumed { text.trim_end_matches('Z').to_owned() } else { text }
}

impl<'c> Shown<'c> {
    fn of(seen: &'c Seen) -> Self {
        Self {
            status: seen.status,
            reported_status: seen.reported_status,
            error_type: seen.error_type.as_ref(),
            error_code: seen.error_code.as_ref(),
            exception: seen.exception.as_ref(),
            cause: seen.cause.as_ref(),
            error_message: seen.message.as_ref(),
            trouble: seen.trouble.map(|t| t.name()),
            request_id: seen.request_id.as_ref(),
            ids: seen
                .ids
                .iter()
                .map(|id| IdRow { kind: id.kind.name(), name: id.name.as_ref(), value: &id.value })
                .collect(),
            model: seen.model.as_ref(),
            model_group: seen.model_group.as_ref(),
            method: seen.method.as_ref(),
            endpoint: seen.endpoint.as_ref(),
            base_url: seen.base_url.as_ref(),
            region: seen.region.as_ref(),
            stream: seen.stream,
            elapsed_ms: seen.elapsed_ms,
            wait_ms: seen.wait_ms,
            retry_after_s: seen.retry_after_s,
            retries_left: seen.retries_left,
            number: seen.number,
            earlier: seen.earlier,
            most: seen.most,
            server_ms: seen.server_ms,
            payload: seen.payload.as_deref(),
            client: seen.client.as_deref().map(|c| ClientRow {
                name: c.name.as_ref(),
                version: c.version.as_ref(),
                runtime: c.runtime.as_ref(),
                os: c.os.as_ref(),
            }),
            marks: seen.marks.names().collect(),
            auth: seen.auth,
            timeout_s: seen.timeout_s,
        }
    }
}

//! An attempt as a line of JSON: what was concluded, and behind it the parts that it was concluded from.

use super::FORM;
use super::part::{LayerRow, PartRow};
use super::shown::Shown;
use crate::literal::{Missing, Timestamp};
use crate::model::{AtBasis, Attempt, Call};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The first line.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Header<'c> {
    /// `casefile.attempts/2`.
    schema: &'static str,
    /// The version that wrote it.
    version: &'static str,
    /// The run that wrote it: the same input gives the same one.
    run: &'c str,
    /// Names of the logs, in the order in which they were read.
    inputs: &'c [String],
    /// How many calls there are.
    calls: usize,
    /// How many attempts.
    attempts: usize,
}

/// An attempt: a line each.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Row<'c> {
    /// `attempt`.
    casefile: &'static str,
    /// The run that wrote it: the same input gives the same one.
    #[serde(skip_serializing_if = "str::is_empty")]
    run: &'c str,
    /// The number of the call in the run, from 1.
    call: u32,
    /// The number of the attempt in the call, from 1.
    n: usize,
    /// How many attempts the call has.
    of: usize,
    /// How the call ended: `failed`, `recovered`, `ok` or `unknown`.
    outcome: &'static str,
    /// When it began; a time of day where the log does not tell the date.
    at: Option<String>,
    /// How that is known: `observed`, `derived`, `supplied`, `assumed` or `unknown`.
    at_basis: &'static str,
    /// Whether no log shows it: a later attempt says how many there were.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<bool>,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(flatten)]
    shown: Shown<'c>,
    /// What each layer saw, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    layers: Vec<LayerRow<'c>>,
    /// Why its attempts are one call.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    joined_by: &'c [&'static str],
    /// Why they may not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    ambiguous: Option<&'static str>,
    /// Where the logs tell of it.
    from: Vec<String>,
    /// What each source told of it: what `build` reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartRow<'c>>,
}

/// A name for the run, made of what it found: the same input gives the same one.
#[must_use]
pub fn run_of(calls: &[Call]) -> String {
    let mut hash = Sha256::new();
    for (call, n) in calls.iter().flat_map(|call| (0..call.attempts.len()).map(move |n| (call, n))) {
        hash.update(row("", call, n, &[], false).map(|row| json(&row)).unwrap_or_default());
    }
    hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect()
}

/// The line that comes first.
#[must_use]
pub fn header(run: &str, calls: &[Call], inputs: &[String]) -> String {
    let attempts = calls.iter().map(|c| c.attempts.len()).sum();
    json(&Header { schema: FORM, version: env!("CARGO_PKG_VERSION"), run, inputs, calls: calls.len(), attempts })
}

/// An attempt of a call, by its place in it; nothing where there is none. `inputs` are the names of the inputs.
#[must_use]
pub fn line(run: &str, call: &Call, n: usize, inputs: &[String]) -> String {
    row(run, call, n, inputs, true).map(|row| json(&row)).unwrap_or_default()
}

fn row<'c>(run: &'c str, call: &'c Call, n: usize, inputs: &'c [String], with_parts: bool) -> Option<Row<'c>> {
    let attempt = call.attempts.get(n)?;
    let name = |input: u32| inputs.get(input as usize).map_or("", String::as_str);
    let parts = attempt.parts.iter().filter(|_| with_parts);
    Some(Row {
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
        layers: attempt.layers.iter().map(LayerRow::of).collect(),
        joined_by: &call.joined_by,
        ambiguous: call.ambiguous,
        from: attempt.from.iter().map(|p| format!("{}:{}", name(p.input), p.line)).collect(),
        parts: parts.map(|p| PartRow::of(p, name(p.log), &attempt.seen)).collect(),
    })
}

fn json(row: &impl Serialize) -> String {
    serde_json::to_string(row).unwrap_or_default() + "\n"
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

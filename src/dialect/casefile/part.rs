//! A part of an attempt as JSON: what one source told, with the times as its clock printed them.

use super::shown::Shown;
use crate::model::{Clean, Kin, LayerView, Part, Seen, When};
use serde::Serialize;

/// What one source told of an attempt, before any was compared with another.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PartRow<'c> {
    /// The log, one of the inputs of the header.
    log: &'c str,
    /// Which of the log's sources, where services share it; from 0.
    #[serde(skip_serializing_if = "is_zero")]
    source: u32,
    /// Minutes that zoneless times of the log are ahead of UTC, where the run was told so.
    #[serde(skip_serializing_if = "Option::is_none")]
    zone_min: Option<i16>,
    /// Its place in the order in which the run came to know of it.
    order: u32,
    /// Lines of the log that tell it.
    lines: Vec<u32>,
    /// When it began, as the log's clock printed it: with no zone, year or date that it does not print.
    #[serde(skip_serializing_if = "Option::is_none")]
    begun: Option<String>,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
    /// The first time of any record about it, where that is neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    noted: Option<String>,
    /// Times that are of an earlier record, or were reckoned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inherited: Vec<&'static str>,
    /// `error`: as the caller saw it. `retry`: another attempt was to follow. `answer`: what a server says that it answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    told: Vec<&'static str>,
    /// Of a gateway's attempt: what its client called and got.
    #[serde(skip_serializing_if = "Option::is_none")]
    outer: Option<OuterRow<'c>>,
    /// What it shares with parts that others tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkRow<'c>>,
    /// Whose views the source gave.
    layers: Vec<LayerRow<'c>>,
    /// Other parts of the same source and the same call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kin: Vec<KinRow>,
    /// What the source showed; missing where that is what the attempt shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<Shown<'c>>,
}

/// What the client of a gateway called, and got.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OuterRow<'c> {
    /// The status it got.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The path it called.
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'c Clean>,
}

/// Something that parts of one attempt, or of one call, have in common.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct LinkRow<'c> {
    /// What it is: `call id`, `gateway id`, `trace id`, ...
    by: &'static str,
    /// Its value.
    value: &'c Clean,
}

/// What one layer saw.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct LayerRow<'c> {
    /// `client`, `proxy` or `gateway`.
    layer: &'static str,
    /// The dialect of its log.
    dialect: &'static str,
    /// The status it saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The time it took there, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u64>,
    /// The path that was called there.
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'c Clean>,
    /// Its own id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'c Clean>,
    /// The line of the log that says so; of a part only.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

/// Another part of the same source and the same call.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct KinRow {
    /// Its order; not behind that of the part that names it.
    order: u32,
    /// Why it is of that call: `announced retry`, `attempt number`, `call id`, ...
    by: &'static str,
    /// Whether that is not certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    ambiguous: Option<bool>,
}

/// What is said of the time at which something happened.
pub(super) const TIMES: [&str; 3] = ["begun", "ended", "noted"];
/// What may have been told.
pub(super) const TOLD: [&str; 3] = ["error", "retry", "answer"];

impl<'c> PartRow<'c> {
    /// Of a part in the log of that name, and of an attempt that shows so much.
    pub(super) fn of(part: &'c Part, log: &'c str, attempt: &Seen) -> Self {
        // most are first told of as they begin, or when they are over
        let noted = part.noted.filter(|_| part.noted != part.begun.or(part.ended));
        let times = [part.begun, part.ended, noted];
        let printed = |when: Option<When>| when.map(|w| w.time.printed());
        let inherited = TIMES.into_iter().zip(times).filter(|(_, when)| when.is_some_and(|w| w.inherited));
        let told = TOLD.into_iter().zip([part.error_told, part.retried, part.answer]).filter(|(_, is)| *is);
        Self {
            log,
            source: part.source,
            zone_min: part.zone_min,
            order: part.order,
            lines: part.from.iter().map(|place| place.line).collect(),
            begun: printed(part.begun),
            ended: printed(part.ended),
            noted: printed(noted),
            inherited: inherited.map(|(name, _)| name).collect(),
            told: told.map(|(name, _)| name).collect(),
            outer: part.outer.as_ref().map(|o| OuterRow { status: o.status, endpoint: o.endpoint.as_ref() }),
            links: part.links.iter().map(|l| LinkRow { by: l.kind.reason(), value: &l.value }).collect(),
            layers: layers(part),
            kin: kin(part),
            shown: (part.seen != *attempt).then(|| Shown::of(&part.seen)),
        }
    }
}

impl<'c> LayerRow<'c> {
    /// Of a view, in whatever log.
    pub(super) fn of(view: &'c LayerView) -> Self {
        Self {
            layer: view.layer.name(),
            dialect: view.dialect,
            status: view.status,
            elapsed_ms: view.elapsed_ms,
            endpoint: view.endpoint.as_ref(),
            id: view.id.as_ref(),
            line: None,
        }
    }
}

fn layers(part: &Part) -> Vec<LayerRow<'_>> {
    part.layers.iter().map(|view| LayerRow { line: Some(view.from.line), ..LayerRow::of(view) }).collect()
}

fn kin(part: &Part) -> Vec<KinRow> {
    let row = |kin: &Kin| KinRow { order: kin.order, by: kin.reason, ambiguous: (!kin.certain).then_some(true) };
    part.kin.iter().map(row).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

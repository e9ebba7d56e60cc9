//! A part of an attempt as JSON: what one source told, with the times as its clock printed them.

use super::shown::Shown;
use crate::model::{Clean, Kin, LayerView, Part, Seen, When};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct PartRow<'c> {
    log: &'c str,
    #[serde(skip_serializing_if = "is_zero")]
    source: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone_min: Option<i16>,
    order: u32,
    lines: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    begun: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    noted: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inherited: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    told: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outer: Option<OuterRow<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkRow<'c>>,
    layers: Vec<LayerRow<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kin: Vec<KinRow>,
    /// Missing where the source showed what the attempt shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<Shown<'c>>,
}

#[derive(Serialize)]
struct OuterRow<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'c Clean>,
}

#[derive(Serialize)]
struct LinkRow<'c> {
    by: &'static str,
    value: &'c Clean,
}

#[derive(Serialize)]
pub(super) struct LayerRow<'c> {
    layer: &'static str,
    dialect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

#[derive(Serialize)]
struct KinRow {
    order: u32,
    by: &'static str,
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

//! What the status page said.

use super::told::{Basis, Told};
use crate::check::Conclusions;
use crate::check::overlap::{Position, Touching};
use crate::literal::Timestamp;
use crate::model::{CheckedBy, Clean};
use serde::Serialize;

/// What the status page said at the time of the failures.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StatusSection {
    /// `green`, `incident` or `unknown`, at the time of failure.
    pub verdict: &'static str,
    /// When somebody looked at the page.
    pub checked_at: Told<String>,
    /// Whose page.
    pub page: Told<Clean>,
    /// The page's word for its state when it was saved.
    pub indicator: Told<Clean>,
    /// The part of the page that the requests go to.
    pub component: Told<Clean>,
    /// The page's word for that part's state.
    pub component_state: Told<Clean>,
    /// Failures by where they lie: `inside` an incident, `lead`, `tail`, `outside`, `unknown`.
    pub overlap: OverlapRow,
    /// Incidents that touch.
    pub incidents: Vec<IncidentRow>,
    /// By how many seconds the first failure came before the page told of the incident; negative where it came after.
    pub lead_time_s: Option<i64>,
    /// Files from which nothing could be told, and why.
    pub unreadable: Vec<String>,
}

/// Failures by where they lie.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OverlapRow {
    /// Within an incident.
    pub inside: usize,
    /// Up to an hour before one.
    pub lead: usize,
    /// Up to half an hour after one.
    pub tail: usize,
    /// Outside all.
    pub outside: usize,
    /// Without a time, or a page that tells.
    pub unknown: usize,
}

/// An incident.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct IncidentRow {
    /// Its title on the page.
    pub name: Clean,
    /// How bad, in the page's word.
    pub impact: Option<Clean>,
    /// When it began.
    pub begin: String,
    /// When it was over.
    pub end: Option<String>,
    /// When it was first told of.
    pub first_post: Option<String>,
    /// What it touched.
    pub components: Vec<Clean>,
    /// Failures within it.
    pub failures_inside: usize,
    /// Failures shortly before or after it.
    pub failures_adjacent: usize,
}

impl StatusSection {
    /// From the conclusions.
    #[must_use]
    pub fn of(conclusions: &Conclusions<'_>) -> Self {
        let supplied = conclusions.facts.evidence.supplied;
        let overlap = &conclusions.facts.overlap;
        let nearest = overlap.snapshot.and_then(|n| supplied.snapshots.get(n));
        let readable = nearest.or_else(|| supplied.snapshots.iter().find(|s| s.unreadable.is_none()));
        let file = |s: &crate::model::Snapshot| vec![s.file.as_str().to_owned()];
        let basis = |s: &crate::model::Snapshot| match s.checked_by {
            CheckedBy::FileTime => Basis::Derived,
            CheckedBy::Noted => Basis::Observed,
            CheckedBy::Supplied | CheckedBy::Unknown => Basis::Supplied,
        };
        let said = supplied.said("status");
        let checked = readable.map_or_else(
            || {
                Told::new(
                    supplied.status_checked_ms.filter(|_| said.is_some()).map(Timestamp::rfc3339),
                    Basis::Supplied,
                    vec!["--status-checked-at".into()],
                )
            },
            |s| Told::new(s.checked_ms.map(Timestamp::rfc3339), basis(s), file(s)),
        );
        let mut counts = OverlapRow { unknown: overlap.undated, ..OverlapRow::default() };
        for failure in &overlap.failures {
            let slot = match failure.position {
                Position::Inside => &mut counts.inside,
                Position::Lead => &mut counts.lead,
                Position::Tail => &mut counts.tail,
                Position::Outside => &mut counts.outside,
                Position::Unknown => &mut counts.unknown,
            };
            *slot += 1;
        }
        let from = readable.map(file).unwrap_or_default();
        Self {
            verdict: overlap.verdict.name(),
            checked_at: checked,
            page: Told::new(readable.and_then(|s| s.page.clone()), Basis::Supplied, from.clone()),
            indicator: Told::new(readable.and_then(|s| s.indicator.clone()), Basis::Supplied, from.clone()),
            component: Told::new(overlap.component.as_ref().map(|c| c.name.clone()), Basis::Supplied, from.clone()),
            component_state: Told::new(overlap.component.as_ref().map(|c| c.state.clone()), Basis::Supplied, from),
            overlap: counts,
            incidents: overlap.touching.iter().take(MOST_INCIDENTS).map(incident).collect(),
            lead_time_s: overlap.lead_time_s,
            unreadable: supplied
                .snapshots
                .iter()
                .filter_map(|s| Some(format!("{}: {}", s.file, s.unreadable?)))
                .collect(),
        }
    }
}

/// More incidents than anybody reads.
const MOST_INCIDENTS: usize = 20;

fn incident(touching: &Touching) -> IncidentRow {
    let incident = &touching.incident;
    IncidentRow {
        name: incident.name.clone(),
        impact: incident.impact.clone(),
        begin: Timestamp::rfc3339(incident.begin_ms),
        end: incident.end_ms.map(Timestamp::rfc3339),
        first_post: incident.first_post_ms.map(Timestamp::rfc3339),
        components: incident.components.clone(),
        failures_inside: touching.inside,
        failures_adjacent: touching.adjacent,
    }
}

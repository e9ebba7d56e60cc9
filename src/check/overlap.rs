//! What the status page said at the time of each failure.
//!
//! A page tells of a provider's products; only those on the route count, and only as far as the page was seen:
//! an incident that was open when it was saved covers no later day, and a page without one shows nothing
//! of an hour it was not looked at. Most failures are `unknown`, then, and that is said.

mod scope;

use super::evidence::Evidence;
use super::route;
use crate::model::{Component, Incident, Snapshot, Supplied};
use scope::Scope;

/// How long before an incident's begin failures belong to it: pages tell of trouble late.
const LEAD_MS: i64 = 60 * 60_000;
/// How long after its end.
const TAIL_MS: i64 = 30 * 60_000;
/// How long a look at a page holds, in both directions.
const LOOK_MS: i64 = 15 * 60_000;

/// What status pages say about the failures.
#[derive(Clone, Debug, Default)]
pub struct Overlap {
    /// Each failure with a known time, in order.
    pub failures: Vec<AtFailure>,
    /// Failures whose time is not known.
    pub undated: usize,
    /// Incidents that touch a failure, by begin.
    pub touching: Vec<Touching>,
    /// The page that was looked at nearest to the failures: its number among the snapshots.
    pub snapshot: Option<usize>,
    /// The state of the route's part on that page.
    pub component: Option<Component>,
    /// Seconds from the first failure to the first post of the first incident that touches one; negative where
    /// the post came first.
    pub lead_time_s: Option<i64>,
    /// All in all.
    pub verdict: Verdict,
    /// Whether the verdict rests on what the user says alone.
    pub supplied: bool,
}

/// What the page said at the time of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtFailure {
    /// When it failed: milliseconds since 1970.
    pub ms: i64,
    /// Where that lies.
    pub position: Position,
}

/// Where a failure lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// In an incident, or while the page showed the part as not operational.
    Inside,
    /// At most an hour before one began.
    Lead,
    /// At most half an hour after one was over.
    Tail,
    /// While the page showed no trouble.
    Outside,
    /// Nobody looked.
    Unknown,
}

impl Position {
    /// What that makes of the failure.
    #[must_use]
    pub fn verdict(self) -> &'static str {
        match self {
            Position::Inside => "incident_overlap",
            Position::Lead | Position::Tail => "incident_adjacent",
            Position::Outside => "green_at_t",
            Position::Unknown => "unknown",
        }
    }

    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Position::Inside => "inside",
            Position::Lead => "lead",
            Position::Tail => "tail",
            Position::Outside => "outside",
            Position::Unknown => "unknown",
        }
    }
}

/// What status pages say all in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Failures lie in an incident or shortly before one.
    Incident,
    /// The page showed no trouble at the time of a failure.
    Green,
    /// It cannot be told.
    #[default]
    Unknown,
}

impl Verdict {
    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Incident => "incident",
            Verdict::Green => "green",
            Verdict::Unknown => "unknown",
        }
    }
}

/// An incident that touches a failure.
#[derive(Clone, Debug)]
pub struct Touching {
    /// The snapshot that tells most of it, by number.
    pub snapshot: usize,
    /// Itself.
    pub incident: Incident,
    /// Whether it names no part: the whole page, which is weaker.
    pub page_wide: bool,
    /// Failures in it.
    pub inside: usize,
    /// Failures shortly before or after it.
    pub adjacent: usize,
}

/// What the user says: what the page showed, and when they looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// [`Verdict::Green`] or [`Verdict::Incident`].
    pub saw: Verdict,
    /// Milliseconds since 1970.
    pub at_ms: Option<i64>,
}

impl Look {
    /// As the user said it with `status=` and the time beside it.
    #[must_use]
    pub fn said(supplied: &Supplied) -> Option<Self> {
        let saw = match supplied.get("status")? {
            "green" => Verdict::Green,
            "incident" => Verdict::Incident,
            _ => return None,
        };
        Some(Self { saw, at_ms: supplied.status_checked_ms })
    }
}

impl Overlap {
    /// Of all failures.
    #[must_use]
    pub fn of_evidence(evidence: &Evidence<'_>) -> Self {
        let all: Vec<Option<i64>> = evidence.failures().map(super::evidence::Row::ms).collect();
        let times: Vec<i64> = all.iter().flatten().copied().collect();
        let example = evidence.example();
        let provider = example.and_then(|row| route::provider(row.attempt));
        let claude_code = example.is_some_and(|row| row.route == route::Route::ClaudeCode);
        let supplied = evidence.supplied;
        let mut overlap = Self::of(&times, &supplied.snapshots, Look::said(supplied), provider, claude_code);
        overlap.undated = all.len() - times.len();
        overlap
    }

    /// Of failures at these times, in milliseconds since 1970, of a provider as [`route::provider`] says.
    #[must_use]
    pub fn of(
        failures_ms: &[i64],
        snapshots: &[Snapshot],
        said: Option<Look>,
        provider: Option<&str>,
        claude_code: bool,
    ) -> Self {
        let scope = Scope::of(provider, claude_code);
        let pages: Vec<(usize, &Snapshot)> =
            snapshots.iter().enumerate().filter(|(_, s)| s.unreadable.is_none() && scope.has_page(s)).collect();
        let mut times = failures_ms.to_vec();
        times.sort_unstable();
        let incidents = incidents(&pages, scope);
        let failures: Vec<AtFailure> = times
            .iter()
            .map(|ms| AtFailure { ms: *ms, position: position(*ms, &pages, &incidents, said, scope) })
            .collect();
        let touching = touching(&times, &incidents);
        let first_post = touching.first().and_then(|t| t.incident.first_post_ms);
        let lead_time_s = times.first().zip(first_post).map(|(first, post)| (post - first) / 1000);
        let nearest = times.first().and_then(|first| {
            pages.iter().min_by_key(|(_, s)| {
                s.checked_ms.map_or(i64::MAX, |c| c.abs_diff(*first).try_into().unwrap_or(i64::MAX))
            })
        });
        let nearest = nearest.or(pages.first());
        let seen = verdict(&failures);
        let alone = seen == Verdict::Unknown || touching.is_empty() && pages.is_empty();
        Self {
            verdict: said.filter(|_| seen == Verdict::Unknown).map_or(seen, |look| look.saw),
            supplied: said.is_some() && alone,
            snapshot: nearest.map(|(n, _)| *n),
            component: nearest.and_then(|(_, page)| scope.part(page)).cloned(),
            failures,
            touching,
            lead_time_s,
            undated: 0,
        }
    }

    /// Failures at a position.
    #[must_use]
    pub fn count(&self, position: Position) -> usize {
        self.failures.iter().filter(|f| f.position == position).count()
            + if position == Position::Unknown { self.undated } else { 0 }
    }

    /// Whether an incident covers the failures.
    #[must_use]
    pub fn is_incident(&self) -> bool {
        self.verdict == Verdict::Incident
    }
}

fn verdict(failures: &[AtFailure]) -> Verdict {
    let any = |wanted: &[Position]| failures.iter().any(|f| wanted.contains(&f.position));
    if any(&[Position::Inside, Position::Lead]) {
        Verdict::Incident
    } else if any(&[Position::Outside]) {
        Verdict::Green
    } else {
        Verdict::Unknown
    }
}

/// An incident on the route, and until when it is known to have gone on.
struct Known<'s> {
    snapshot: usize,
    incident: &'s Incident,
    until_ms: i64,
}

impl Known<'_> {
    fn position(&self, ms: i64) -> Option<Position> {
        let begin = self.incident.begin_ms;
        if ms < begin {
            return (begin - ms <= LEAD_MS).then_some(Position::Lead);
        }
        if ms <= self.until_ms {
            return Some(Position::Inside);
        }
        // after one that was open when it was seen last, nobody looked
        self.incident.end_ms.filter(|end| ms - end <= TAIL_MS).map(|_| Position::Tail)
    }
}

/// All incidents on the route, each once, as the page tells of it that knows its end.
fn incidents<'s>(pages: &[(usize, &'s Snapshot)], scope: Scope) -> Vec<Known<'s>> {
    let mut known: Vec<Known<'s>> = Vec::new();
    for (snapshot, page) in pages {
        for incident in page.incidents.iter().filter(|i| scope.touches(i)) {
            let seen_to = page.checked_ms.map_or_else(|| saved_after(page), |checked| checked.saturating_add(LOOK_MS));
            let until_ms = incident.end_ms.unwrap_or_else(|| seen_to.max(incident.begin_ms));
            let new = Known { snapshot: *snapshot, incident, until_ms };
            match known.iter_mut().find(|k| k.incident.id == incident.id && k.incident.begin_ms == incident.begin_ms) {
                Some(old) if (old.incident.end_ms.is_some(), old.until_ms) < (incident.end_ms.is_some(), until_ms) => {
                    *old = new
                }
                Some(_) => {}
                None => known.push(new),
            }
        }
    }
    known.sort_by_key(|k| k.incident.begin_ms);
    known
}

/// A page was saved after all that it tells of; a maintenance may lie ahead.
fn saved_after(page: &Snapshot) -> i64 {
    let told = page.incidents.iter().filter(|i| !i.maintenance);
    told.flat_map(|i| [Some(i.begin_ms), i.first_post_ms, i.end_ms]).flatten().max().unwrap_or(i64::MIN)
}

fn position(
    ms: i64,
    pages: &[(usize, &Snapshot)],
    incidents: &[Known<'_>],
    said: Option<Look>,
    scope: Scope,
) -> Position {
    let looked = |at: Option<i64>| at.is_some_and(|at| at.abs_diff(ms) <= LOOK_MS as u64);
    let of_incidents = incidents.iter().filter_map(|k| k.position(ms)).min();
    let trouble =
        pages.iter().any(|(_, page)| looked(page.checked_ms) && scope.part(page).is_some_and(|c| !c.operational));
    let of_user = said.filter(|look| looked(look.at_ms)).map(|look| look.saw);
    if of_incidents == Some(Position::Inside) || trouble {
        return Position::Inside;
    }
    if let Some(near) = of_incidents {
        return near;
    }
    match of_user {
        Some(Verdict::Incident) => Position::Inside,
        Some(Verdict::Green) => Position::Outside,
        _ if pages.iter().any(|(_, page)| looked(page.checked_ms) && is_green(page, scope) || is_covered(ms, page)) => {
            Position::Outside
        }
        _ => Position::Unknown,
    }
}

/// Whether a page showed that the route's part was well: by itself, or with all others.
fn is_green(page: &Snapshot, scope: Scope) -> bool {
    match scope.part(page) {
        Some(part) => part.operational,
        None => page.indicator.as_ref().is_some_and(|i| *i == "none"),
    }
}

/// Whether a page tells of every incident at a time.
fn is_covered(ms: i64, page: &Snapshot) -> bool {
    page.complete_from_ms.is_some_and(|from| from <= ms) && page.checked_ms.unwrap_or_else(|| saved_after(page)) >= ms
}

fn touching(times: &[i64], incidents: &[Known<'_>]) -> Vec<Touching> {
    let touch = |known: &Known<'_>| {
        let positions = || times.iter().filter_map(|ms| known.position(*ms));
        let inside = positions().filter(|p| *p == Position::Inside).count();
        let adjacent = positions().count() - inside;
        let page_wide = known.incident.components.is_empty();
        (inside + adjacent > 0).then(|| Touching {
            snapshot: known.snapshot,
            incident: known.incident.clone(),
            page_wide,
            inside,
            adjacent,
        })
    };
    incidents.iter().filter_map(touch).collect()
}

#[cfg(test)]
mod tests;

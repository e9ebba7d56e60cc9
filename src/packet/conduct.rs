//! How it went on: the same path, impact, what changed, who owns what.

use super::told::{Basis, Places, Told};
use super::users::UsersSection;
use crate::check::Conclusions;
use crate::check::evidence::Row;
use crate::check::impact::Rate;
use crate::check::path::{self, Path};
use crate::literal::Timestamp;
use crate::model::{Clean, Payload};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The path of most failures, and what else went over it.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReproductionSection {
    /// A short name for the path.
    pub fingerprint: String,
    /// The eight things that must stay the same; missing where not known.
    pub path: BTreeMap<&'static str, Option<String>>,
    /// Those that are not known.
    pub unknown: Vec<&'static str>,
    /// Failed attempts on it.
    pub failures: usize,
    /// Successful attempts on it.
    pub successes: usize,
    /// How many paths there are in all.
    pub paths: usize,
    /// The nearest success: its call and attempt, and in which of the eight it differs.
    pub nearest_success: Option<Control>,
}

/// A success that serves as control.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Control {
    /// Its call.
    pub call: u32,
    /// Its attempt.
    pub attempt: usize,
    /// In which of the eight it differs: what, on the failing path, there.
    pub differs: Vec<Difference>,
}

/// One of the eight that differs.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// Which.
    pub key: &'static str,
    /// On the failing path.
    pub failing: Option<String>,
    /// There.
    pub succeeding: Option<String>,
}

impl ReproductionSection {
    /// From the conclusions.
    #[must_use]
    pub fn of(conclusions: &Conclusions<'_>) -> Self {
        let ledger = &conclusions.facts.ledger;
        let rows = &conclusions.facts.evidence.rows;
        if ledger.failures == 0 {
            return Self { paths: ledger.paths, ..Self::default() };
        }
        let named = |path: &Path| path::KEYS.into_iter().zip(path.keys.iter().cloned()).collect::<BTreeMap<_, _>>();
        let control = ledger.nearest_success.as_ref().and_then(|(i, keys)| {
            let row = rows.get(*i)?;
            let of = |path: &Path, key: usize| path.keys.get(key).cloned().flatten();
            let difference = |k: &usize| {
                Some(Difference {
                    key: path::KEYS.get(*k)?,
                    failing: of(&ledger.path, *k),
                    succeeding: of(&row.path, *k),
                })
            };
            Some(Control {
                call: row.call.id,
                attempt: row.n as usize,
                differs: keys.iter().filter_map(difference).collect(),
            })
        });
        Self {
            fingerprint: ledger.path.fingerprint(),
            unknown: path::KEYS
                .into_iter()
                .zip(&ledger.path.keys)
                .filter(|(_, v)| v.is_none())
                .map(|(k, _)| k)
                .collect(),
            path: named(&ledger.path),
            failures: ledger.failures,
            successes: ledger.successes,
            paths: ledger.paths,
            nearest_success: control,
        }
    }
}

/// The payload of the failure that stands for the case.
#[must_use]
pub fn payload(conclusions: &Conclusions<'_>, places: &Places) -> Told<Arc<Payload>> {
    let evidence = &conclusions.facts.evidence;
    let example = evidence.example().into_iter().chain(evidence.main_failures()).map(|r| r.attempt);
    places.first(example, |a| a.seen.payload.clone().filter(|p| !p.is_empty()))
}

/// How often it failed.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ImpactSection {
    /// All attempts.
    pub attempts: usize,
    /// Those that failed.
    pub attempts_failed: usize,
    /// Failed attempts among all, from 0 to 1.
    pub failure_rate: Option<f64>,
    /// All calls.
    pub calls: usize,
    /// Those that failed in the end.
    pub calls_failed: usize,
    /// Those that recovered.
    pub calls_recovered: usize,
    /// Those that succeeded at once.
    pub calls_ok: usize,
    /// The first failure.
    pub first_failure: Told<String>,
    /// The last one.
    pub last_failure: Told<String>,
    /// From the first to the last, in seconds.
    pub window_s: Option<i64>,
    /// By route.
    pub per_route: BTreeMap<String, RateRow>,
    /// By model.
    pub per_model: BTreeMap<String, RateRow>,
    /// By hour, in UTC.
    pub per_hour: BTreeMap<String, RateRow>,
    /// What users or work it touches.
    pub said: Told<Clean>,
    /// Whether users notice.
    pub user_visible: Told<Clean>,
    /// How many users: said, or those of whom the log shows a lost call.
    pub users_affected: Told<Clean>,
    /// Users, where the log tells them apart.
    pub users: Option<UsersSection>,
    /// Whether the work may be done twice.
    pub idempotent: Told<Clean>,
}

/// Attempts, and those that failed.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RateRow {
    /// All.
    pub attempts: usize,
    /// Failed.
    pub failed: usize,
}

impl From<&Rate> for RateRow {
    fn from(rate: &Rate) -> Self {
        Self { attempts: rate.attempts, failed: rate.failed }
    }
}

impl ImpactSection {
    /// From the conclusions; `said` gives what the user says.
    #[must_use]
    pub fn of(conclusions: &Conclusions<'_>, places: &Places, mut said: impl FnMut(&str) -> Told<Clean>) -> Self {
        let impact = &conclusions.facts.impact;
        let evidence = &conclusions.facts.evidence;
        let at = |ms: Option<i64>| {
            let row = evidence.failures().find(|r| r.attempt.at_ms == ms && ms.is_some());
            let basis = match row.map(|r| r.attempt.at_basis) {
                Some(crate::model::AtBasis::Observed) => Basis::Observed,
                Some(crate::model::AtBasis::Supplied) => Basis::Supplied,
                _ => Basis::Derived,
            };
            Told::new(ms.map(Timestamp::rfc3339), basis, row.map(|r| places.all(&r.attempt.from)).unwrap_or_default())
        };
        let users = UsersSection::of(impact);
        let affected = || Told::derived(users.as_ref().map(|u| Clean::vouched(&u.affected.to_string())));
        let rate = (impact.all.attempts > 0).then(|| impact.all.failed as f64 / impact.all.attempts as f64);
        Self {
            attempts: impact.all.attempts,
            attempts_failed: impact.all.failed,
            failure_rate: rate.map(|r| (r * 10_000.0).round() / 10_000.0),
            calls: impact.calls,
            calls_failed: impact.calls_failed,
            calls_recovered: impact.calls_recovered,
            calls_ok: impact.calls_ok,
            first_failure: at(impact.first_ms),
            last_failure: at(impact.last_ms),
            window_s: impact.first_ms.zip(impact.last_ms).map(|(a, b)| (b - a) / 1000),
            per_route: impact.routes.iter().map(|(k, v)| (k.name().to_owned(), v.into())).collect(),
            per_model: impact.models.iter().map(|(k, v)| (k.clone(), v.into())).collect(),
            per_hour: impact.hours.iter().map(|(k, v)| (Timestamp::rfc3339(*k), v.into())).collect(),
            said: said("impact"),
            user_visible: said("user_visible"),
            users_affected: said("users_affected").or(affected),
            users,
            idempotent: said("idempotent"),
        }
    }
}

/// Something that changed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    /// What.
    pub what: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
    /// When the new value was first seen.
    pub at: Option<String>,
    /// How it is known.
    pub basis: Basis,
    /// Where.
    pub from: Vec<String>,
}

/// More changes than anybody reads.
const MOST_CHANGES: usize = 32;

/// What changed between attempts, and what the user says changed.
#[must_use]
pub fn changes(conclusions: &Conclusions<'_>, places: &Places, said: &Told<Clean>) -> Vec<Change> {
    let mut found = Vec::new();
    if let Some(text) = &said.value {
        found.push(Change {
            what: text.as_str().to_owned(),
            before: None,
            after: None,
            at: None,
            basis: Basis::Supplied,
            from: said.from.clone(),
        });
    }
    // only what does not differ between routes by nature: the model, the client and the host of one log
    for key in [0usize, 4, 6] {
        for (before, row) in replaced(&conclusions.facts.evidence.rows, key) {
            if found.len() < MOST_CHANGES {
                found.push(Change {
                    what: path::KEYS.get(key).copied().unwrap_or_default().to_owned(),
                    before: Some(before.to_owned()),
                    after: row.path.keys.get(key).cloned().flatten(),
                    at: row.attempt.at_ms.map(Timestamp::rfc3339),
                    basis: Basis::Observed,
                    from: places.all(&row.attempt.from),
                });
            }
        }
    }
    found
}

/// Values of a key that gave way to another for good, and the row that first has the new one. Where two
/// alternate, nothing changed: two services share the log.
fn replaced<'r>(rows: &'r [Row<'_>], key: usize) -> Vec<(&'r str, &'r Row<'r>)> {
    let values: Vec<(usize, &str)> =
        (0..).zip(rows).filter_map(|(i, r)| Some((i, r.path.keys.get(key)?.as_deref()?))).collect();
    let last: HashMap<&str, usize> = values.iter().map(|(i, value)| (*value, *i)).collect();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    let mut before: Option<&str> = None;
    for (i, value) in values {
        let is_new = seen.insert(value);
        if let (true, Some(old), Some(row)) = (is_new, before, rows.get(i))
            && last.get(old).is_some_and(|l| *l < i)
        {
            found.push((old, row));
        }
        before = Some(value);
    }
    found
}

/// Who does what while it lasts.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OwnersSection {
    /// Watches the status page.
    pub status: Told<Clean>,
    /// Owns the ticket.
    pub ticket: Told<Clean>,
    /// Can reduce load.
    pub concurrency: Told<Clean>,
    /// Can switch to a fallback.
    pub fallback: Told<Clean>,
    /// Tells users.
    pub comms: Told<Clean>,
}

impl OwnersSection {
    /// What the user says.
    #[must_use]
    pub fn of(mut said: impl FnMut(&str) -> Told<Clean>) -> Self {
        Self {
            status: said("owner.status"),
            ticket: said("owner.ticket"),
            concurrency: said("owner.concurrency"),
            fallback: said("owner.fallback"),
            comms: said("owner.comms"),
        }
    }
}

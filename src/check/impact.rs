//! How often it failed: counts and rates, one route never mixed with another.

use super::evidence::{Evidence, Row};
use super::route::Route;
use crate::model::Outcome;
use std::collections::BTreeMap;

/// Attempts and how many of them failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// All.
    pub attempts: usize,
    /// Those that failed.
    pub failed: usize,
}

impl Rate {
    fn add(&mut self, row: &Row<'_>) {
        self.attempts += 1;
        self.failed += usize::from(row.failed());
    }
}

/// What one user saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Attempts made for them.
    pub rate: Rate,
    /// Calls that failed in the end.
    pub calls_failed: usize,
}

/// Counts over a case. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default)]
pub struct Impact {
    /// All attempts.
    pub all: Rate,
    /// Calls in all.
    pub calls: usize,
    /// Calls that failed in the end.
    pub calls_failed: usize,
    /// Calls that recovered.
    pub calls_recovered: usize,
    /// Calls that succeeded at once.
    pub calls_ok: usize,
    /// The first failure.
    pub first_ms: Option<i64>,
    /// The last failure.
    pub last_ms: Option<i64>,
    /// By route.
    pub routes: BTreeMap<Route, Rate>,
    /// By model.
    pub models: BTreeMap<String, Rate>,
    /// By user, where the log tells them apart.
    pub users: BTreeMap<u32, Touched>,
    /// By hour, as milliseconds since 1970 at which it begins.
    pub hours: BTreeMap<i64, Rate>,
}

/// More models or hours than anybody reads.
const MOST: usize = 64;
const HOUR: i64 = 3_600_000;

impl Impact {
    /// Of all attempts.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Self {
        let mut impact = Self {
            calls: evidence.calls.len(),
            calls_failed: evidence.count(Outcome::Failed),
            calls_recovered: evidence.count(Outcome::Recovered),
            calls_ok: evidence.count(Outcome::Ok),
            ..Self::default()
        };
        for row in &evidence.rows {
            impact.all.add(row);
            impact.routes.entry(row.route).or_default().add(row);
            let model = row.attempt.seen.model.as_ref().map_or("unknown", |m| m.as_str());
            if impact.models.contains_key(model) || impact.models.len() < MOST {
                impact.models.entry(model.to_owned()).or_default().add(row);
            }
            if let Some(user) = row.attempt.seen.user {
                let touched = impact.users.entry(user.number).or_default();
                touched.rate.add(row);
                touched.calls_failed += usize::from(row.last && row.call.outcome == Outcome::Failed);
            }
            if let Some(ms) = row.attempt.at_ms {
                let hour = ms - ms.rem_euclid(HOUR);
                if impact.hours.contains_key(&hour) || impact.hours.len() < MOST {
                    impact.hours.entry(hour).or_default().add(row);
                }
            }
        }
        let times = || evidence.failures().filter_map(|r| r.attempt.at_ms);
        (impact.first_ms, impact.last_ms) = (times().min(), times().max());
        impact
    }
}

//! Retries, and the steps of a bounded recovery.

use super::told::{Basis, Places, Told};
use crate::check::Conclusions;
use crate::check::retries::{Budget, Retries};
use crate::literal::Timestamp;
use crate::model::Supplied;
use serde::Serialize;

/// The four numbers of a retry budget.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BudgetRow {
    /// Most attempts of one call.
    pub max_attempts: Told<u64>,
    /// First wait in milliseconds.
    pub initial_delay_ms: Told<u64>,
    /// How waits grow.
    pub backoff: Told<String>,
    /// From the first to the last attempt of a call, in milliseconds.
    pub max_elapsed_ms: Told<u64>,
}

/// Retries.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RetriesSection {
    /// As configured: by the user, or as the log says.
    pub budget: BudgetRow,
    /// As observed.
    pub observed: BudgetRow,
    /// Who retried.
    pub layers: Vec<&'static str>,
    /// Attempts per failing call.
    pub amplification: Option<f64>,
    /// Whether a call failed after its budget.
    pub spent: bool,
    /// Names of the known budgets whose waits the observed ones fit; `casefile explain` has their numbers.
    pub fits: Vec<&'static str>,
    /// Calls one after another that look like one operation.
    pub series: Option<SeriesRow>,
    /// Where a circuit breaker would have opened.
    pub breaker: Option<BreakerRow>,
}

/// Calls one after another that look like one operation which the caller sent again.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SeriesRow {
    /// Their numbers.
    pub calls: Vec<u32>,
    /// Attempts in all of them.
    pub attempts: usize,
    /// What shows that they belong together.
    pub because: &'static str,
}

/// Where a circuit breaker would have opened.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BreakerRow {
    /// Failures in a row at which it opens.
    pub threshold: u64,
    /// `supplied`, or `derived` where it is a usual threshold.
    pub basis: Basis,
    /// When it would have opened.
    pub at: Option<String>,
    /// Requests on the same route after that, up to the first success.
    pub after: usize,
    /// The failure that opens it.
    pub from: Vec<String>,
}

impl RetriesSection {
    /// From the conclusions.
    #[must_use]
    pub fn of(retries: &Retries, supplied: &Supplied, places: &Places) -> Self {
        let said = |name: &'static str| Told::new(supplied.number(name), Basis::Supplied, origin(supplied, name));
        let Budget { max_attempts, initial_delay_ms, backoff, max_elapsed_ms } = retries.observed.clone();
        let backoff_said = supplied.get("budget.backoff").map(str::to_owned);
        Self {
            budget: BudgetRow {
                max_attempts: said("budget.max_attempts")
                    .or(|| Told::new(retries.configured_attempts, Basis::Observed, Vec::new())),
                initial_delay_ms: said("budget.initial_delay_ms"),
                backoff: Told::new(backoff_said, Basis::Supplied, origin(supplied, "budget.backoff")),
                max_elapsed_ms: said("budget.max_elapsed_ms"),
            },
            observed: BudgetRow {
                max_attempts: Told::derived(max_attempts),
                initial_delay_ms: Told::derived(initial_delay_ms),
                backoff: Told::derived(backoff.map(str::to_owned)),
                max_elapsed_ms: Told::derived(max_elapsed_ms),
            },
            layers: retries.layers.clone(),
            amplification: retries.amplification.map(|x| (x * 100.0).round() / 100.0),
            spent: retries.spent,
            fits: retries.fits.clone(),
            series: retries.series.as_ref().map(|s| SeriesRow {
                calls: s.calls.clone(),
                attempts: s.attempts,
                because: s.because,
            }),
            breaker: retries.breaker.map(|b| BreakerRow {
                threshold: b.threshold,
                basis: if b.supplied { Basis::Supplied } else { Basis::Derived },
                at: b.at_ms.map(Timestamp::rfc3339),
                after: b.after,
                from: b.place.map(|place| places.all(&[place])).unwrap_or_default(),
            }),
        }
    }
}

fn origin(supplied: &Supplied, name: &str) -> Vec<String> {
    supplied.said(name).map(|said| said.origin.clone()).into_iter().collect()
}

/// A step of a bounded recovery.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StepRow {
    /// `status_checked`, `evidence_kept`, `retries_bounded`, `same_path_repeated`, `stopped_or_escalated`.
    pub step: &'static str,
    /// `done`, `not_evidenced`, `violated`.
    pub state: &'static str,
    /// The finding that shows how it was violated.
    pub by: Option<&'static str>,
}

/// The steps of a bounded recovery.
#[must_use]
pub fn recovery(conclusions: &Conclusions<'_>) -> Vec<StepRow> {
    conclusions.steps.iter().map(|s| StepRow { step: s.name, state: s.state.name(), by: s.by }).collect()
}

//! A circuit breaker: where one would have opened, and what was sent all the same.

use super::branch::Branch;
use super::evidence::{Evidence, Row};
use crate::model::Place;

/// Failures in a row at which breakers open where nobody says otherwise.
pub const USUAL_THRESHOLD: u64 = 5;

/// Where a breaker would have opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// Failures in a row at which it opens.
    pub threshold: u64,
    /// Whether the user says so; else it is [`USUAL_THRESHOLD`].
    pub supplied: bool,
    /// When: milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// The failure that opens it.
    pub place: Option<Place>,
    /// Requests on the same route after that, up to the first that succeeded.
    pub after: usize,
}

impl Breaker {
    /// Of the route on which most was sent after it would have opened.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Option<Self> {
        let supplied = evidence.supplied.number("breaker.threshold").filter(|n| *n > 0);
        let threshold = supplied.unwrap_or(USUAL_THRESHOLD);
        let mut routes: Vec<_> = evidence.rows.iter().map(|r| r.route).collect();
        routes.sort_unstable();
        routes.dedup();
        let opened = routes.into_iter().filter_map(|route| {
            let rows = evidence.rows.iter().filter(|r| r.route == route);
            let mut breaker = opens(rows, threshold)?;
            breaker.supplied = supplied.is_some();
            Some(breaker)
        });
        opened.max_by_key(|b| b.after)
    }
}

fn opens<'r, 'c: 'r>(rows: impl Iterator<Item = &'r Row<'c>>, threshold: u64) -> Option<Breaker> {
    let mut in_a_row = 0;
    let mut open: Option<Breaker> = None;
    for row in rows {
        match &mut open {
            Some(breaker) if row.attempt.seen.succeeded() => return Some(*breaker),
            Some(breaker) => breaker.after += 1,
            None if counts(row.branch) => {
                in_a_row += 1;
                if in_a_row >= threshold {
                    let (at_ms, place) = (row.ms(), row.place());
                    open = Some(Breaker { threshold, supplied: false, at_ms, place, after: 0 });
                }
            }
            None if row.attempt.seen.succeeded() => in_a_row = 0,
            None => {}
        }
    }
    open
}

/// Whether a breaker counts it: what less load can heal, not a request that is wrong.
fn counts(branch: Branch) -> bool {
    !matches!(branch, Branch::None | Branch::Unknown | Branch::Auth | Branch::Billing | Branch::ClientRequest)
}

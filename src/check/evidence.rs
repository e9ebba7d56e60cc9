//! All attempts as the checks look at them: in order of time, each with its branch, its responder and its path.

use super::branch::{self, Branch};
use super::path::Path;
use super::responder::Responder;
use super::route::Route;
use crate::idclock;
use crate::model::{Attempt, Call, Outcome, Place, Supplied};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// One attempt.
#[derive(Clone, Debug)]
pub struct Row<'c> {
    /// Its call.
    pub call: &'c Call,
    /// Itself.
    pub attempt: &'c Attempt,
    /// Its number in the call, from 1.
    pub n: u32,
    /// Whether it is the last of its call.
    pub last: bool,
    /// The kind of failure.
    pub branch: Branch,
    /// Whether it is the provider's own clean internal error.
    pub clean: bool,
    /// Who answered, and what shows it.
    pub responder: (Responder, &'static str),
    /// The route it took.
    pub route: Route,
    /// Its path.
    pub path: Arc<Path>,
}

impl Row<'_> {
    /// Whether it failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.branch != Branch::None
    }

    /// Its time by the provider's clock as nearly as it is known: when it ended, or began.
    #[must_use]
    pub fn ms(&self) -> Option<i64> {
        self.attempt.seen.server_ms.or(self.attempt.end_ms).or(self.attempt.at_ms)
    }

    /// Where the log first tells of it.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.attempt.from.first().copied()
    }
}

/// Equal paths, held once: a big log has few.
#[derive(Default)]
struct Paths(HashSet<Arc<Path>>);

impl Paths {
    fn one(&mut self, path: Path) -> Arc<Path> {
        let known = self.0.get(&path).map(Arc::clone);
        known.unwrap_or_else(|| {
            let path = Arc::new(path);
            self.0.insert(Arc::clone(&path));
            path
        })
    }
}

/// What the checks conclude from.
#[derive(Debug)]
pub struct Evidence<'c> {
    /// All calls.
    pub calls: &'c [Call],
    /// What the user says.
    pub supplied: &'c Supplied,
    /// All attempts, in order of time where they have one, else of their calls.
    pub rows: Vec<Row<'c>>,
    /// Calls by the branch of their last failing attempt, most first.
    pub branches: Vec<(Branch, usize)>,
    /// The branch of most calls that failed; of all failures where no call failed in the end.
    pub branch: Branch,
}

impl<'c> Evidence<'c> {
    /// Of all calls.
    #[must_use]
    pub fn of(calls: &'c [Call], supplied: &'c Supplied) -> Self {
        let mut rows: Vec<Row<'c>> = Vec::with_capacity(calls.iter().map(|c| c.attempts.len()).sum());
        let mut paths = Paths::default();
        for call in calls {
            for (i, attempt) in call.attempts.iter().enumerate() {
                let route = Route::of(attempt);
                rows.push(Row {
                    call,
                    attempt,
                    n: i as u32 + 1,
                    last: i + 1 == call.attempts.len(),
                    branch: Branch::of(&attempt.seen),
                    clean: branch::is_clean(&attempt.seen),
                    responder: Responder::of(attempt),
                    route,
                    path: paths.one(Path::of(&attempt.seen, route.name(), supplied)),
                });
            }
        }
        if rows.iter().all(|r| r.attempt.at_ms.is_some()) {
            rows.sort_unstable_by_key(|r| (r.attempt.at_ms, r.call.id, r.n));
        }
        let of_call =
            |call: &Call| call.attempts.iter().rev().map(|a| Branch::of(&a.seen)).find(|b| *b != Branch::None);
        let count = |wanted: &dyn Fn(&Call) -> bool| {
            let mut counts: BTreeMap<Branch, usize> = BTreeMap::new();
            for branch in calls.iter().filter(|c| wanted(c)).filter_map(of_call) {
                *counts.entry(branch).or_insert(0) += 1;
            }
            let mut counts: Vec<(Branch, usize)> = counts.into_iter().collect();
            let attempts = |branch: Branch| rows.iter().filter(|r| r.branch == branch).count();
            counts.sort_by_key(|(branch, n)| std::cmp::Reverse((*n, attempts(*branch))));
            counts
        };
        let branches = count(&|_| true);
        let failed = count(&|c| c.outcome == Outcome::Failed);
        let branch = failed.first().or(branches.first()).map_or(Branch::None, |(b, _)| *b);
        Self { calls, supplied, rows, branches, branch }
    }

    /// All failed attempts.
    pub fn failures(&self) -> impl DoubleEndedIterator<Item = &Row<'c>> + Clone {
        self.rows.iter().filter(|r| r.failed())
    }

    /// Failed attempts of the case's branch.
    pub fn main_failures(&self) -> impl DoubleEndedIterator<Item = &Row<'c>> + Clone {
        self.failures().filter(|r| r.branch == self.branch)
    }

    /// The failure that stands for the case: of its branch, the one of which most is known, the last of those.
    #[must_use]
    pub fn example(&self) -> Option<&Row<'c>> {
        self.main_failures().max_by_key(|r| {
            let seen = &r.attempt.seen;
            (
                seen.request_id.is_some(),
                seen.error_type.is_some(),
                seen.status.is_some(),
                seen.model.is_some(),
                r.attempt.at_ms,
            )
        })
    }

    /// Calls with an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.calls.iter().filter(|c| c.outcome == outcome).count()
    }
}

const HOUR: i64 = 3_600_000;

impl Evidence<'_> {
    /// Whether the times in request ids agree with the times of their attempts. Ids of test servers are random.
    #[must_use]
    pub fn trusts_ids(&self) -> bool {
        let mut any = false;
        for row in &self.rows {
            let Some(id) = &row.attempt.seen.request_id else { continue };
            match (idclock::time(id.as_str()), row.ms()) {
                (Some(time), Some(at)) if (time.ms - at).abs() <= HOUR => any = true,
                (Some(_), Some(_)) => return false,
                // the kind carries time, this one does not: it was made up
                (None, _) if idclock::is_made_up(id.as_str()) => return false,
                _ => {}
            }
        }
        any
    }
}

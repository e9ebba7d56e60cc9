//! What the times inside request ids tell: how far the client's clock is off, and how long a request stayed.
//!
//! Ids carry the moment at which a request reached the service (`idclock`). They count only where all of a
//! case agree with the log to an hour: ids of test servers and of older services are random, and a time read
//! from one of those is chance.

use super::evidence::{Evidence, Row};
use crate::idclock;
use crate::model::{AtBasis, Trouble};

/// Times from ids and from logs further apart than this do not agree: milliseconds.
const AGREE_MS: i64 = 3_600_000;
/// A clock is off where it is by more than this: `Date` headers have whole seconds.
const SKEW_MS: i64 = 2000;
/// Shorter dwells are no deadline.
const DEADLINE_MS: u64 = 5000;
/// Dwells that are nearer to each other than this many per cent are one.
const NEAR_PER_CENT: u64 = 5;
/// Fewer are chance.
const CLUSTER: usize = 3;

/// What clocks tell of a case.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// Rows whose id carries time that agrees with the log: number of the row, milliseconds since 1970.
    pub arrivals: Vec<(usize, i64)>,
    /// By how many milliseconds the client's clock is behind the service's at least, and in which row that shows.
    pub behind: Option<(usize, i64)>,
    /// How long failed requests stayed at the service: number of the row, milliseconds.
    pub dwells: Vec<(usize, u64)>,
    /// Failures that all stayed equally long, and the middle of their times in milliseconds.
    pub cluster: Option<(Vec<usize>, u64)>,
}

impl Clocks {
    /// Of all rows.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Self {
        let arrivals = if evidence.trusts_ids() { arrivals(&evidence.rows) } else { Vec::new() };
        let arrival = |i: usize| {
            arrivals.binary_search_by_key(&i, |(row, _)| *row).ok().and_then(|at| arrivals.get(at)).map(|(_, ms)| *ms)
        };
        let mut clocks = Self::default();
        for (i, row) in evidence.rows.iter().enumerate() {
            let Some(end) = row.attempt.end_ms.or(row.attempt.at_ms) else { continue };
            let sure = matches!(row.attempt.at_basis, AtBasis::Observed | AtBasis::Supplied);
            // a response cannot be there before its request arrived, nor before it was dated
            let by_service = arrival(i).into_iter().chain(row.attempt.seen.server_ms).max();
            let behind = by_service.map(|ms| ms - end).filter(|ms| (SKEW_MS..AGREE_MS).contains(ms));
            if let Some(ms) = behind.filter(|ms| sure && clocks.behind.is_none_or(|(_, most)| *ms > most)) {
                clocks.behind = Some((i, ms));
            }
            if row.failed() && row.attempt.seen.trouble != Some(Trouble::ClientTimeout) {
                let stayed = arrival(i).and_then(|ms| u64::try_from(row.attempt.end_ms? - ms).ok());
                clocks.dwells.extend(stayed.or(row.attempt.seen.elapsed_ms).map(|ms| (i, ms)));
            }
        }
        clocks.cluster = cluster(&clocks.dwells);
        clocks.arrivals = arrivals;
        clocks
    }
}

/// The times in ids, where all that can be compared agree with the log.
fn arrivals(rows: &[Row<'_>]) -> Vec<(usize, i64)> {
    let mut found = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let Some(id) = &row.attempt.seen.request_id else { continue };
        let Some(time) = idclock::time(id.as_str()).filter(|t| t.grain_ms == 1) else { continue };
        let Some(logged) = row.attempt.seen.server_ms.or(row.attempt.end_ms).or(row.attempt.at_ms) else { continue };
        if row.attempt.at_basis == AtBasis::Derived && row.attempt.seen.server_ms.is_none() {
            continue;
        }
        if (time.ms - logged).abs() > AGREE_MS {
            return Vec::new();
        }
        found.push((i, time.ms));
    }
    found
}

/// The most dwells that lie near each other.
fn cluster(dwells: &[(usize, u64)]) -> Option<(Vec<usize>, u64)> {
    let mut long: Vec<(usize, u64)> = dwells.iter().copied().filter(|(_, ms)| *ms > DEADLINE_MS).collect();
    long.sort_by_key(|(_, ms)| *ms);
    let mut best: Option<(usize, usize)> = None;
    let mut from = 0;
    for to in 0..long.len() {
        let highest = long.get(to).map_or(0, |(_, ms)| *ms);
        while long.get(from).is_some_and(|(_, ms)| highest - ms > ms * 2 * NEAR_PER_CENT / 100) {
            from += 1;
        }
        if best.is_none_or(|(a, b)| to - from > b - a) {
            best = Some((from, to));
        }
    }
    let (from, to) = best?;
    let near = long.get(from..=to)?;
    let middle = near.get(near.len() / 2).map(|(_, ms)| *ms)?;
    (near.len() >= CLUSTER).then(|| (near.iter().map(|(i, _)| *i).collect(), middle))
}

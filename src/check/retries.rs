//! Retries: the four numbers of a retry budget as they were observed and as they were set, who retried, and
//! how the layers multiply.

use super::branch::Branch;
use super::breaker::Breaker;
pub use super::budget::Budget;
use super::budget::{PRESETS, Preset, preset};
use super::evidence::{Evidence, Row};
use super::route::Route;
use crate::model::{Call, Outcome};

/// One wait between two attempts of a call.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    /// Its place in the call: 1 after the first attempt.
    pub after: usize,
    /// How long, in milliseconds.
    pub ms: u64,
    /// Whether the client announced it; else it is the time between a response and the next request.
    pub announced: bool,
    /// How long the server asked to wait, in milliseconds.
    pub asked_ms: Option<u64>,
    /// How exact it is, in milliseconds: clocks of logs have whole seconds.
    pub grain_ms: u64,
}

/// Failed calls one after another that look like one operation which the caller sent again.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Numbers of the calls, ascending.
    pub calls: Vec<u32>,
    /// Attempts in all of them.
    pub attempts: usize,
    /// Times from the end of one call to the begin of the next, in milliseconds.
    pub gaps: Vec<u64>,
    /// What shows that they belong together.
    pub because: &'static str,
}

impl Series {
    /// Whether a call is one of it.
    #[must_use]
    pub fn has(&self, call: u32) -> bool {
        self.calls.binary_search(&call).is_ok()
    }
}

/// What is known of retries.
#[derive(Clone, Debug, Default)]
pub struct Retries {
    /// As it was seen.
    pub observed: Budget,
    /// As it was set.
    pub configured: Budget,
    /// Who says how it was set: `supplied`, `log`.
    pub configured_by: Option<&'static str>,
    /// The attempts that the log says a call may make.
    pub configured_attempts: Option<u64>,
    /// Names of the known budgets that all waits fit.
    pub fits: Vec<&'static str>,
    /// All waits.
    pub waits: Vec<Wait>,
    /// Who retried: `sdk`, `claude-code`, `ai-sdk`, `server` (it said when), `application`.
    pub layers: Vec<&'static str>,
    /// Attempts for each call that failed in the end or recovered.
    pub amplification: Option<f64>,
    /// Whether a call failed after more than one attempt.
    pub spent: bool,
    /// The longest row of calls that look like one operation, where there is one.
    pub series: Option<Series>,
    /// What a circuit breaker would have done.
    pub breaker: Option<Breaker>,
}

impl Retries {
    /// Of all calls with a failure.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Self {
        let failing: Vec<&Call> =
            evidence.calls.iter().filter(|c| c.attempts.iter().any(|a| a.seen.failed())).collect();
        let waits: Vec<Wait> = failing.iter().flat_map(|c| waits(c)).collect();
        let attempts: usize = failing.iter().map(|c| c.attempts.len()).sum();
        let in_log = evidence.rows.iter().filter(|r| r.failed()).filter_map(configured_in_log).max();
        let (configured, configured_by) = configured(evidence, in_log);
        let spent = failing.iter().any(|c| {
            let enough = in_log.is_none_or(|most| c.attempts.len() as u64 >= most);
            c.outcome == Outcome::Failed && enough && c.attempts.len() > 1
        });
        let claude_code = evidence.rows.iter().any(|r| r.route == Route::ClaudeCode);
        Self {
            observed: observed(&failing, &waits),
            configured,
            configured_by,
            configured_attempts: in_log,
            fits: fits(&waits),
            layers: layers(&waits, claude_code),
            amplification: (!failing.is_empty()).then(|| attempts as f64 / failing.len() as f64),
            waits,
            spent,
            series: series(evidence),
            breaker: Breaker::of(evidence),
        }
    }
}

fn observed(failing: &[&Call], waits: &[Wait]) -> Budget {
    let elapsed = failing.iter().filter(|c| c.attempts.len() > 1).filter_map(|c| {
        let (first, last) = (c.attempts.first()?, c.attempts.last()?);
        u64::try_from(last.end_ms.or(last.at_ms)? - first.at_ms?).ok()
    });
    Budget {
        max_attempts: failing.iter().map(|c| c.attempts.len() as u64).max(),
        initial_delay_ms: median(waits.iter().filter(|w| w.after == 1).map(|w| w.ms).collect()),
        backoff: shape(waits),
        max_elapsed_ms: elapsed.max(),
    }
}

/// The number of attempts that a client says it makes at most.
fn configured_in_log(row: &Row<'_>) -> Option<u64> {
    let seen = &row.attempt.seen;
    let left = seen.retries_left.map(|left| u64::from(left) + u64::from(row.n));
    seen.most.map(u64::from).or(left)
}

/// What the user says goes before what the log says.
fn configured(evidence: &Evidence<'_>, in_log: Option<u64>) -> (Budget, Option<&'static str>) {
    const SHAPES: [&str; 4] = ["none", "constant", "linear", "exponential"];
    let supplied = evidence.supplied;
    let said = supplied.get("budget.backoff").and_then(|said| SHAPES.into_iter().find(|s| *s == said));
    let budget = Budget {
        max_attempts: supplied.number("budget.max_attempts"),
        initial_delay_ms: supplied.number("budget.initial_delay_ms"),
        backoff: said,
        max_elapsed_ms: supplied.number("budget.max_elapsed_ms"),
    };
    if budget != Budget::default() {
        let max_attempts = budget.max_attempts.or(in_log);
        return (Budget { max_attempts, ..budget }, Some("supplied"));
    }
    (Budget { max_attempts: in_log, ..Budget::default() }, in_log.map(|_| "log"))
}

/// The waits between the attempts of a call.
#[must_use]
pub fn waits(call: &Call) -> Vec<Wait> {
    let pairs = call.attempts.iter().zip(call.attempts.iter().skip(1)).zip(1..);
    pairs
        .filter_map(|((a, b), after)| {
            let asked_ms = a.seen.retry_after_s.filter(|s| *s >= 0.0).map(|s| (s * 1000.0) as u64);
            if let Some(ms) = a.seen.wait_ms {
                return Some(Wait { after, ms, announced: true, asked_ms, grain_ms: 0 });
            }
            // two attempts at one moment are one line of a proxy: when the second began is not known
            let (end, begin) = (a.end_ms.or(a.at_ms)?, b.at_ms.filter(|at| Some(*at) != a.at_ms)?);
            let grain_ms = if end % 1000 == 0 || begin % 1000 == 0 { 1000 } else { 1 };
            Some(Wait { after, ms: u64::try_from(begin - end).ok()?, announced: false, asked_ms, grain_ms })
        })
        .collect()
}

impl Wait {
    /// Whether the client waited as long as the server asked.
    #[must_use]
    pub fn obeys(&self) -> bool {
        self.asked_ms.is_some_and(|asked| self.ms.abs_diff(asked) <= asked / 4 + 100 + self.grain_ms)
    }
}

impl Wait {
    /// Whether it is one that a client with these habits makes; a clock too coarse to tell says no.
    fn fits(&self, preset: &Preset) -> bool {
        self.grain_ms <= preset.initial_ms / 4 && preset.fits(self.after, self.ms, self.announced)
    }
}

/// How waits grow from one to the next, where there are enough of them to tell.
fn shape(waits: &[Wait]) -> Option<&'static str> {
    if !waits.is_empty() && waits.iter().all(Wait::obeys) {
        return Some("server");
    }
    let of = |after: usize| median(waits.iter().filter(|w| w.after == after).map(|w| w.ms).collect());
    let (first, second) = (of(1)?, of(2)?);
    if waits.iter().any(|w| w.grain_ms > first / 4) {
        return None;
    }
    if first < 100 && second < 100 {
        return Some("none");
    }
    let ratio = second as f64 / first.max(1) as f64;
    Some(match ratio {
        r if r < 1.3 => "constant",
        _ => match of(3) {
            Some(third) if (third as f64) < second as f64 * 1.6 && ratio > 1.8 => "linear",
            _ => "exponential",
        },
    })
}

/// The known budgets that fit every wait that the server did not set.
fn fits(waits: &[Wait]) -> Vec<&'static str> {
    let own: Vec<&Wait> = waits.iter().filter(|w| !w.obeys()).collect();
    let all = |p: &&Preset| !own.is_empty() && own.iter().all(|w| w.fits(p));
    PRESETS.iter().filter(all).map(|p| p.id).collect()
}

fn layers(waits: &[Wait], claude_code: bool) -> Vec<&'static str> {
    let is = |id: &str, w: &Wait| preset(id).is_some_and(|p| w.fits(p));
    let mut layers = Vec::new();
    for wait in waits {
        let layer = match wait {
            w if w.obeys() => "server",
            _ if claude_code => "claude-code",
            w if is("sdk", w) => "sdk",
            w if is("ai-sdk", w) => "ai-sdk",
            w if w.grain_ms > 100 => continue,
            _ => "application",
        };
        if !layers.contains(&layer) {
            layers.push(layer);
        }
    }
    layers
}

/// Longer than this nobody waits to send an operation again.
const LONGEST_GAP_MS: u64 = 60_000;
/// Sooner than this nobody sends the same body again, unless it is a test that goes on to its next case.
const SHORTEST_GAP_MS: u64 = 100;

/// The longest row of failed calls, each begun after the one before it ended, on one path, that something
/// besides their order shows to be one operation.
fn series(evidence: &Evidence<'_>) -> Option<Series> {
    let firsts: Vec<&Row<'_>> = evidence.rows.iter().filter(|r| r.n == 1).collect();
    let mut best: Option<Series> = None;
    let mut current: Vec<(&Row<'_>, u64)> = Vec::new();
    for row in firsts {
        let gap = current.last().and_then(|(before, _)| follows(before, row));
        match gap {
            Some(gap) => current.push((row, gap)),
            None => {
                keep(&mut best, &current);
                current = vec![(row, 0)];
            }
        }
    }
    keep(&mut best, &current);
    best
}

/// The time between two calls, where the second may be the first one sent again.
fn follows(before: &Row<'_>, row: &Row<'_>) -> Option<u64> {
    let end = before.call.attempts.last().and_then(|a| a.end_ms.or(a.at_ms))?;
    let gap = u64::try_from(row.attempt.at_ms? - end).ok()?;
    let fixed = |b: Branch| matches!(b, Branch::Auth | Branch::Billing);
    let failed = before.call.outcome == Outcome::Failed
        && !before.call.attempts.last().is_some_and(|a| fixed(Branch::of(&a.seen)));
    (failed && gap <= LONGEST_GAP_MS && before.path.agrees(&row.path)).then_some(gap)
}

fn keep(best: &mut Option<Series>, rows: &[(&Row<'_>, u64)]) {
    if rows.len() < 2 || best.as_ref().is_some_and(|b| b.calls.len() >= rows.len()) {
        return;
    }
    let gaps: Vec<u64> = rows.iter().skip(1).map(|(_, gap)| *gap).collect();
    let pairs = || rows.iter().zip(rows.iter().skip(1)).map(|((a, _), (b, _))| (a.attempt, b.attempt));
    let same_work = pairs().all(|(a, b)| a.seen.ids.iter().any(|id| is_works(id.kind) && b.seen.ids.contains(id)));
    let waited = gaps.iter().all(|gap| *gap >= SHORTEST_GAP_MS);
    let same_body = waited
        && pairs().all(|(a, b)| {
            let (a, b) = (a.seen.payload.as_deref(), b.seen.payload.as_deref());
            a.is_some_and(|p| p.text_chars.is_some() || p.bytes.is_some()) && a == b
        });
    let growing = gaps.len() >= 2 && gaps.iter().zip(gaps.iter().skip(1)).all(|(a, b)| *a > 0 && *b * 2 >= *a * 3);
    let because = if same_work {
        "one id of the caller's"
    } else if same_body {
        "bodies of one shape and size"
    } else if growing {
        "waits that grow from one to the next"
    } else {
        return;
    };
    let mut calls: Vec<u32> = rows.iter().map(|(r, _)| r.call.id).collect();
    calls.sort_unstable();
    *best = Some(Series { calls, attempts: rows.iter().map(|(r, _)| r.call.attempts.len()).sum(), gaps, because });
}

/// Ids that a caller gives to a piece of work.
fn is_works(kind: crate::model::IdKind) -> bool {
    use crate::model::IdKind;
    matches!(kind, IdKind::Correlation | IdKind::Trace)
}

fn median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

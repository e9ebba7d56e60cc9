//! Changes of path after a failure: who changes several things at once no longer knows which one helped.

use super::evidence::Row;
use super::path::KEYS;
use crate::model::IdKind;
use std::collections::HashMap;

/// The path changed between a failure and the next attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Number of the failed row.
    pub from: usize,
    /// Number of the row that took another path.
    pub to: usize,
    /// Numbers of the keys that are known to differ.
    pub keys: Vec<usize>,
    /// Whether both are attempts of one call.
    pub in_call: bool,
}

impl Switch {
    /// Whether a key changed.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.keys.iter().filter_map(|k| KEYS.get(*k)).any(|k| *k == key)
    }

    /// Names of what changed.
    #[must_use]
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.keys.iter().filter_map(|k| KEYS.get(*k).copied()).collect();
        names.join(", ")
    }
}

/// All changes after failures.
///
/// Inside a call any difference counts. Between calls it counts only where the path that failed is not taken
/// again, the other one was not taken before, and something shows that the work is the same: services that
/// share a log do not change anything.
#[must_use]
pub fn switches(rows: &[Row<'_>]) -> Vec<Switch> {
    let (mut first, mut last) = (HashMap::new(), HashMap::new());
    let prints: Vec<u64> = rows.iter().map(print).collect();
    for (i, print) in prints.iter().enumerate() {
        first.entry(*print).or_insert(i);
        last.insert(*print, i);
    }
    let moved = |i: usize, j: usize| {
        let (Some(a), Some(b)) = (prints.get(i), prints.get(j)) else { return false };
        a != b && last.get(a).is_some_and(|l| *l <= i) && first.get(b).is_some_and(|f| *f >= j)
    };
    let mut found = Vec::new();
    let mut of_call: HashMap<u32, usize> = HashMap::new();
    let mut before: Option<usize> = None;
    for (j, row) in rows.iter().enumerate() {
        let in_call = of_call.insert(row.call.id, j);
        let from = in_call.or(before.filter(|i| moved(*i, j)));
        before = Some(j);
        let Some((i, failed)) = from.and_then(|i| Some((i, rows.get(i)?))).filter(|(_, r)| r.failed()) else {
            continue;
        };
        let mut keys = failed.path.differences(&row.path);
        if in_call.is_none() {
            if !same_work(failed, row) {
                continue;
            }
            // every turn of a conversation has another body
            keys.retain(|k| KEYS.get(*k).is_some_and(|k| *k != "payload_shape"));
        }
        if !keys.is_empty() {
            found.push(Switch { from: i, to: j, keys, in_call: in_call.is_some() });
        }
    }
    found
}

/// Whether two attempts of different calls do the same: on one endpoint, with one model, one body or one id of
/// the caller's.
fn same_work(a: &Row<'_>, b: &Row<'_>) -> bool {
    let (x, y) = (&a.attempt.seen, &b.attempt.seen);
    let body = || {
        let (x, y) = (x.payload.as_deref(), y.payload.as_deref());
        x.zip(y)
            .is_some_and(|(x, y)| x.text_chars.is_some() && (x.messages, x.text_chars) == (y.messages, y.text_chars))
    };
    let id = || x.ids.iter().any(|id| matches!(id.kind, IdKind::Correlation | IdKind::Trace) && y.ids.contains(id));
    x.endpoint.is_some() && x.endpoint == y.endpoint && (x.model.is_some() && x.model == y.model || body() || id())
}

/// A hash of the path, its payload aside.
fn print(row: &Row<'_>) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    row.path.keys.iter().zip(KEYS).filter(|(_, name)| *name != "payload_shape").for_each(|(k, _)| k.hash(&mut hasher));
    hasher.finish()
}

//! The path of an attempt: the eight things that must stay the same for two attempts to be comparable.

use super::evidence::Row;
use crate::model::{Payload, Seen, Supplied};
use std::fmt::Write as _;

/// The eight, in the order in which they are told.
pub const KEYS: [&str; 8] =
    ["model", "endpoint", "auth_owner", "route", "base_url", "network_path", "client", "payload_shape"];

/// A path: what is known of each of the eight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path {
    /// In the order of [`KEYS`].
    pub keys: [Option<String>; 8],
}

impl Path {
    /// Of an attempt, completed by what is supplied.
    #[must_use]
    pub fn of(seen: &Seen, route: &str, supplied: &Supplied) -> Self {
        let text = |c: &crate::model::Clean| c.as_str().to_owned();
        let client = seen.client.as_ref().and_then(|c| {
            let name = c.name.as_ref()?;
            Some(c.version.as_ref().map_or_else(|| text(name), |v| format!("{name} {v}")))
        });
        let said = |name| supplied.get(name).map(str::to_owned);
        Self {
            keys: [
                seen.model.as_ref().map(text),
                seen.endpoint.as_ref().map(|e| seen.method.as_ref().map_or_else(|| text(e), |m| format!("{m} {e}"))),
                said("auth_owner").or_else(|| seen.auth.map(str::to_owned)),
                Some(route.to_owned()).filter(|r| r != "unknown"),
                seen.base_url.as_ref().map(text),
                said("network_path"),
                client,
                seen.payload.as_deref().map(shape),
            ],
        }
    }

    /// The keys in which two paths are known to differ.
    #[must_use]
    pub fn differences(&self, other: &Path) -> Vec<usize> {
        // a client without its version may be of any
        let extends = |a: &str, b: &str| b.strip_prefix(a).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let differ = |(i, (a, b)): (usize, (&Option<String>, &Option<String>))| {
            let (a, b) = (a.as_deref()?, b.as_deref()?);
            let same = match KEYS.get(i) {
                Some(&"payload_shape") => same_shape(a, b),
                _ => extends(a, b) || extends(b, a),
            };
            (!same).then_some(i)
        };
        self.keys.iter().zip(&other.keys).enumerate().filter_map(differ).collect()
    }

    /// Whether nothing that is known speaks against the two being one path.
    #[must_use]
    pub fn agrees(&self, other: &Path) -> bool {
        self.differences(other).is_empty()
    }

    /// Takes over what the other knows and this does not.
    pub fn complete(&mut self, other: &Path) {
        for (mine, other) in self.keys.iter_mut().zip(&other.keys) {
            let blurred = mine.as_deref().is_none_or(|shape| shape.starts_with(STREAM_UNKNOWN));
            if blurred && other.is_some() {
                mine.clone_from(other);
            }
        }
    }

    /// A short name for the path: a hash of what is known of it, the same in every run.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        for key in &self.keys {
            let text = key.as_deref().unwrap_or("?");
            for b in text.bytes().chain(Some(0)) {
                hash = (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        format!("{:08x}", hash >> 32)
    }
}

const STREAM_UNKNOWN: &str = "stream unknown";

/// Whether nothing known tells two shapes apart: one that does not tell of streaming may be either.
fn same_shape(a: &str, b: &str) -> bool {
    let parts =
        |shape: &str| shape.split_once(", ").map_or((shape.to_owned(), String::new()), |(s, r)| (s.into(), r.into()));
    let ((a, a_rest), (b, b_rest)) = (parts(a), parts(b));
    a_rest == b_rest && (a == b || a == STREAM_UNKNOWN || b == STREAM_UNKNOWN)
}

/// The class of a payload: what changes how a service handles a request, and not what every turn of a
/// conversation changes.
fn shape(payload: &Payload) -> String {
    let mut text = String::new();
    let stream = match payload.stream {
        Some(true) => "stream",
        Some(false) => "no stream",
        None => STREAM_UNKNOWN,
    };
    text.push_str(stream);
    if payload.tools.is_some_and(|n| n > 0) {
        text.push_str(", tools");
    }
    if payload.thinking == Some(true) {
        text.push_str(", thinking");
    }
    let mut kinds: Vec<&str> = payload.attachments.iter().map(|a| a.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let _ = write!(text, ", {kind}");
    }
    if let Some(bytes) = payload.bytes {
        let class = [(10_000, "<10 KB"), (100_000, "<100 KB"), (1_000_000, "<1 MB"), (32_000_000, "<32 MB")];
        let class = class.iter().find(|(limit, _)| bytes < *limit).map_or("≥32 MB", |(_, name)| name);
        let _ = write!(text, ", {class}");
    }
    text
}

/// All attempts of one path.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The path of most failures.
    pub path: Path,
    /// Numbers of the rows on it, in order.
    pub rows: Vec<usize>,
    /// Failed attempts on it.
    pub failures: usize,
    /// Successful ones.
    pub successes: usize,
    /// The successful row nearest to the path and, of those, in time; with the keys in which it differs.
    pub nearest_success: Option<(usize, Vec<usize>)>,
    /// How many paths there are in all.
    pub paths: usize,
}

impl Ledger {
    /// Of the failures of one branch among all rows.
    #[must_use]
    pub fn of(rows: &[Row<'_>], wanted: impl Fn(&Row<'_>) -> bool) -> Self {
        let mut paths: Vec<(Path, Vec<usize>, usize)> = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let failed = usize::from(wanted(row));
            match paths.iter_mut().find(|(path, ..)| path.agrees(&row.path)) {
                Some((path, members, failures)) => {
                    path.complete(&row.path);
                    members.push(i);
                    *failures += failed;
                }
                None => paths.push((row.path.as_ref().clone(), vec![i], failed)),
            }
            if paths.len() > MAX_PATHS {
                break;
            }
        }
        let count = paths.len();
        let most = paths.iter().map(|(.., n)| *n).max().unwrap_or(0);
        let Some((path, members, failures)) = paths.into_iter().find(|(.., n)| *n == most && most > 0) else {
            return Self { paths: count, ..Self::default() };
        };
        let successes = members.iter().filter_map(|i| rows.get(*i)).filter(|r| r.attempt.seen.succeeded()).count();
        let last = members.iter().rev().filter_map(|i| rows.get(*i)).find(|r| wanted(r)).and_then(|r| r.attempt.at_ms);
        let nearest = rows.iter().enumerate().filter(|(_, r)| r.attempt.seen.succeeded()).min_by_key(|(_, r)| {
            let apart = last.zip(r.attempt.at_ms).map_or(i64::MAX, |(a, b)| (a - b).abs());
            (r.path.differences(&path).len(), apart)
        });
        let nearest_success = nearest.map(|(i, r)| (i, r.path.differences(&path)));
        Self { path, rows: members, failures, successes, nearest_success, paths: count }
    }
}

impl Ledger {
    /// The one part of the path in which the nearest success differs, where it is only one.
    #[must_use]
    pub fn only_difference(&self) -> Option<&'static str> {
        match self.nearest_success.as_ref()?.1.as_slice() {
            [key] => KEYS.get(*key).copied(),
            _ => None,
        }
    }

    /// Parts of the path that the log does not show and nobody supplied.
    pub fn unknown(&self) -> impl Iterator<Item = &'static str> {
        KEYS.iter().zip(&self.path.keys).filter(|(_, value)| value.is_none()).map(|(name, _)| *name)
    }
}

/// More paths than anybody compares; a log with more is not of one case.
const MAX_PATHS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn shaped(shape: &str) -> Path {
        let mut path = Path::default();
        if let Some(last) = path.keys.last_mut() {
            *last = Some(shape.to_owned());
        }
        path
    }

    #[test]
    fn a_shape_that_does_not_tell_of_streaming_differs_in_nothing_known() {
        let agree = |a: &str, b: &str| shaped(a).agrees(&shaped(b));
        assert!(agree("stream unknown", "no stream") && agree("stream, tools", "stream unknown, tools"));
        assert!(!agree("stream", "no stream") && !agree("stream unknown", "stream, tools"));
        let mut path = shaped("stream unknown");
        path.complete(&shaped("no stream"));
        assert!(!path.agrees(&shaped("stream")), "what one attempt tells holds for the path");
    }
}

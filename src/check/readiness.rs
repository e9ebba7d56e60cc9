//! What the log would have had to show: the nine fields of a failed request, and the nine of a packet.

use super::evidence::{Evidence, Row};
use super::path::Ledger;
use crate::model::{CheckedBy, IdKind};

/// How often one of the nine fields of a log stands beside a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The field.
    pub field: &'static str,
    /// Failures that show it.
    pub have: usize,
    /// Failures that could.
    pub of: usize,
}

/// The nine fields that a log should keep of each failed request.
#[must_use]
pub fn coverage(evidence: &Evidence<'_>) -> Vec<Coverage> {
    type Has = fn(&Row<'_>) -> bool;
    let fields: [(&'static str, bool, Has); 9] = [
        ("status", true, |r| r.attempt.seen.status.is_some()),
        ("error_type", true, |r| r.attempt.seen.error_type.is_some()),
        ("request_id", true, |r| r.attempt.seen.request_id.is_some()),
        ("model", false, |r| r.attempt.seen.model.is_some()),
        ("endpoint", false, |r| r.attempt.seen.endpoint.is_some()),
        ("route", false, |r| r.attempt.seen.base_url.is_some()),
        ("elapsed", false, |r| {
            r.attempt.seen.elapsed_ms.is_some() || r.attempt.end_ms.zip(r.attempt.at_ms).is_some_and(|(e, a)| e > a)
        }),
        ("attempt", false, |r| {
            r.attempt.seen.number.is_some() || r.attempt.seen.retries_left.is_some() || r.call.attempts.len() > 1
        }),
        ("correlation_id", false, |r| {
            r.attempt
                .seen
                .ids
                .iter()
                .any(|id| matches!(id.kind, IdKind::Correlation | IdKind::Trace | IdKind::Session | IdKind::Call))
        }),
    ];
    let of = |needs_response: bool| evidence.failures().filter(move |r| !needs_response || has_response(r));
    fields
        .iter()
        .map(|(field, needs, has)| Coverage {
            field,
            have: of(*needs).filter(|r| has(r)).count(),
            of: of(*needs).count(),
        })
        .collect()
}

/// Where nobody answered there is no status and no id to log.
fn has_response(row: &Row<'_>) -> bool {
    row.attempt.seen.trouble.is_none_or(|t| t.in_stream()) || row.attempt.seen.status.is_some()
}

/// How well one of the nine fields of a packet is known, in halves: 0, 1 or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The field, as people say it.
    pub field: &'static str,
    /// 0 not at all, 1 partly, 2 known.
    pub halves: u8,
}

/// The nine fields of the least that a packet must have, and how well each is known.
#[must_use]
pub fn completeness(evidence: &Evidence<'_>, ledger: &Ledger) -> Vec<Known> {
    let failures: Vec<&Row<'_>> = evidence.main_failures().collect();
    let all_some = |has: &dyn Fn(&Row<'_>) -> bool, rows: &[&Row<'_>]| {
        let have = rows.iter().filter(|r| has(r)).count();
        if have == rows.len() { 2 } else { u8::from(have > 0) }
    };
    let answered: Vec<&Row<'_>> = failures.iter().copied().filter(|r| has_response(r)).collect();
    let supplied = evidence.supplied;
    let status = supplied
        .snapshots
        .iter()
        .filter(|s| s.unreadable.is_none())
        .map(|s| if matches!(s.checked_by, CheckedBy::Supplied | CheckedBy::Noted) { 2 } else { 1 })
        .max();
    let status =
        status.or_else(|| supplied.get("status").map(|_| if supplied.status_checked_ms.is_some() { 2 } else { 1 }));
    let pair = |r: &Row<'_>| {
        r.attempt.seen.error_type.is_some() && (r.attempt.seen.status.is_some() || r.attempt.seen.trouble.is_some())
    };
    let either = |r: &Row<'_>| r.attempt.seen.error_type.is_some() || r.attempt.seen.status.is_some();
    let both = |a: bool, b: bool| u8::from(a) + u8::from(b);
    let best = |of: &dyn Fn(&Row<'_>) -> u8| failures.iter().map(|r| of(r)).max().unwrap_or(0);
    let timed = all_some(&|r| r.attempt.at_ms.is_some(), &failures);
    let same_path = match (ledger.failures, ledger.path.keys.iter().filter(|k| k.is_some()).count()) {
        (2.., 4..) => 2,
        (1.., 2..) => 1,
        _ => 0,
    };
    let payload = best(&|r| match &r.attempt.seen.payload {
        Some(p) if p.messages.is_some() && (p.bytes.is_some() || p.text_chars.is_some()) => 2,
        Some(_) => 1,
        None => u8::from(r.attempt.seen.stream.is_some()),
    });
    vec![
        Known { field: "status timestamp", halves: status.unwrap_or(0) },
        Known { field: "request ids", halves: all_some(&|r| r.attempt.seen.request_id.is_some(), &answered) },
        Known {
            field: "status and error type",
            halves: all_some(&pair, &answered).max(all_some(&either, &answered).min(1)),
        },
        Known {
            field: "model and endpoint",
            halves: best(&|r| both(r.attempt.seen.model.is_some(), r.attempt.seen.endpoint.is_some())),
        },
        Known {
            field: "SDK, gateway, base URL, region",
            halves: best(&|r| both(r.attempt.seen.base_url.is_some(), r.attempt.seen.client.is_some())),
        },
        Known { field: "retry timeline", halves: timed },
        Known { field: "same-path reproduction", halves: same_path },
        Known { field: "payload shape", halves: payload },
        Known { field: "impact and frequency", halves: 1 + u8::from(supplied.get("impact").is_some()) },
    ]
}

/// The grade of a packet: A is all nine, E is less than five.
#[must_use]
pub fn grade(fields: &[Known]) -> char {
    match fields.iter().map(|f| f.halves).sum::<u8>() {
        18.. => 'A',
        16.. => 'B',
        14.. => 'C',
        10.. => 'D',
        _ => 'E',
    }
}

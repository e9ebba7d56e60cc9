//! What can be one attempt, and what can be attempts of one call.

use crate::literal::Unit;
use crate::model::{Clean, Link, LinkKind, Seen, Trouble};

/// How late, in milliseconds, a retry may begin after the wait that was announced, and still be told by it.
const LATE: i64 = 80;

/// How far apart, in milliseconds, two times may be that tell the same.
pub(super) fn tolerance(unit: Unit) -> i64 {
    match unit {
        Unit::Millisecond => LATE,
        Unit::Second => 1_000 + LATE,
        Unit::Minute => 60_000,
    }
}

fn agree<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// Paths agree if one ends with the other: a library may leave out the base.
pub(super) fn paths_agree(a: &Option<Clean>, b: &Option<Clean>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.as_str().ends_with(b.as_str()) || b.as_str().ends_with(a.as_str()),
        _ => true,
    }
}

/// Whether two facts can be of one attempt.
pub(super) fn compatible(a: &Seen, b: &Seen) -> bool {
    let in_stream = |s: &Seen| s.trouble.is_some_and(Trouble::in_stream);
    let statuses = agree(&a.status, &b.status) || in_stream(a) || in_stream(b);
    // what got no response got no status, unless its body never ended
    let unanswered = |s: &Seen, other: &Seen| {
        let unended = s.trouble == Some(Trouble::ClientTimeout) && other.status.is_none_or(|status| status < 300);
        s.status.is_none() && s.trouble.is_some() && !in_stream(s) && !unended
    };
    let contradict = unanswered(a, b) && b.status.is_some() || unanswered(b, a) && a.status.is_some();
    statuses
        && !contradict
        && troubles_agree(a.trouble, b.trouble)
        && agree(&a.request_id, &b.request_id)
        && agree(&a.error_type, &b.error_type)
        && agree(&a.number, &b.number)
        && same_target(a, b)
}

/// Whether two words for a failure can be about one: libraries name the cause, or what it led to.
fn troubles_agree(a: Option<Trouble>, b: Option<Trouble>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    let vague = |t: Trouble| t == Trouble::NoResponse || t.in_stream();
    let pair = (a.min(b), a.max(b));
    let led_to = matches!(
        pair,
        (Trouble::Connect, Trouble::ClientTimeout | Trouble::Reset | Trouble::Proxy | Trouble::Tls)
            | (Trouble::Tls, Trouble::Reset)
            | (Trouble::Proxy, Trouble::Reset)
    );
    a == b || vague(a) || vague(b) || led_to
}

/// Whether two attempts may be of one call.
pub(super) fn same_target(a: &Seen, b: &Seen) -> bool {
    agree(&a.model, &b.model) && paths_agree(&a.endpoint, &b.endpoint) && agree(&a.base_url, &b.base_url)
}

/// Whether the second may be the next attempt after the first, by its number and by the retries left.
pub(super) fn numbers_follow(a: &Seen, b: &Seen) -> bool {
    let counted = a.number.zip(b.number).is_none_or(|(a, b)| a.checked_add(1) == Some(b));
    // none left may also mean that the error is none to retry
    let left = a.retries_left.zip(b.retries_left).is_none_or(|(a, b)| b == 0 || b.checked_add(1) == Some(a));
    counted && left
}

/// Whether two attempts may be of one operation, as far as they name it.
pub(super) fn same_trace(a: &[Link], b: &[Link]) -> bool {
    [LinkKind::Trace, LinkKind::Gateway, LinkKind::Session].iter().all(|kind| {
        // behind a session stands which of its attempts it is
        let of = |links: &[Link]| {
            links
                .iter()
                .filter(|l| l.kind == *kind)
                .filter_map(|l| l.value.as_str().split('/').next().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let (a, b) = (of(a), of(b));
        a.is_empty() || b.is_empty() || a.iter().any(|l| b.contains(l))
    })
}

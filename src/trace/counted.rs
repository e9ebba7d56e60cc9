//! Attempts that no log shows, but that were made: a later one says how many there were before it.

use super::draft::Draft;
use super::drafts::Drafts;
use super::fit::same_target;
use crate::model::{AtBasis, Attempt, Seen};

/// A client does not try more often.
const MAX_COUNTED: usize = 20;
/// Other attempts are looked for among so many neighbours.
const NEAR: usize = 64;

/// Adds to the attempts of a call those that were only counted. Nothing is known of them but that they were made.
/// Whether there were any.
pub(super) fn fill_in(attempts: &mut Vec<Attempt>) -> bool {
    let mut at = 0;
    while let Some(attempt) = attempts.get(at) {
        let missing = attempt.seen.earlier.map_or(0, |earlier| (earlier as usize).saturating_sub(at).min(MAX_COUNTED));
        let known = at == 0 || attempts.get(at - 1).is_some_and(|before| before.seen.earlier.is_some());
        if missing > 0 && known {
            attempts.splice(at..at, std::iter::repeat_with(unseen).take(missing));
            at += missing;
        }
        at += 1;
    }
    attempts.iter().any(|a| a.counted)
}

fn unseen() -> Attempt {
    Attempt {
        at_ms: None,
        at_basis: AtBasis::Unknown,
        clock: None,
        end_ms: None,
        counted: true,
        seen: Seen::default(),
        layers: Vec::new(),
        from: Vec::new(),
        parts: Box::default(),
    }
}

/// Whether the attempts that a call counts are shown nowhere, not even as some of which it is not known whose they are.
pub(super) fn are_unseen(call: &[usize], drafts: &Drafts) -> bool {
    let Some((first, draft)) =
        call.iter().filter_map(|i| Some((*i, drafts.all.get(*i)?))).find(|(_, d)| d.seen.earlier.is_some())
    else {
        return false;
    };
    let near = drafts.all.iter().enumerate().skip(first.saturating_sub(NEAR)).take(2 * NEAR);
    let mut others = near.filter(|(i, d)| d.merged_into.is_none() && !call.contains(i)).map(|(_, d)| d);
    !others.any(|other| may_be_earlier(other, draft))
}

fn may_be_earlier(other: &Draft, draft: &Draft) -> bool {
    let counted = other.seen.number.is_some() && other.seen.number <= draft.seen.earlier;
    counted && !other.seen.succeeded() && same_target(&draft.seen, &other.seen)
}

//! What a gateway logs of itself: which of its attempts are one call, what it answered, and what it changed
//! on the way.
//!
//! A gateway makes attempts that its client never sees, and turns the provider's answer into one of its own:
//! another status, another name for the model, another protocol. What it got and what it gave stay apart.

use super::draft::Draft;
use super::drafts::Drafts;
use super::fit::same_target;
use crate::model::{Clean, Layer, Outer, Seen, Trouble, documented_status};
use std::collections::HashMap;

/// A gateway's answer is looked for so many attempts back.
const NEAR: usize = 64;

/// Joins what one source tells of its own calls.
pub(super) fn within_sources(drafts: &mut Drafts) {
    announced(drafts);
    counted(drafts);
    answers(drafts);
}

/// An attempt that failed with retries left goes on with the next of the same source that has fewer.
fn announced(drafts: &mut Drafts) {
    let mut waiting: HashMap<usize, Vec<usize>> = HashMap::new();
    for index in 0..drafts.all.len() {
        let Some(draft) = drafts.all.get(index).filter(|d| d.merged_into.is_none() && !d.retried) else { continue };
        let of_lane = waiting.entry(draft.lane).or_default();
        let fits = |w: &usize| {
            drafts.all.get(*w).is_some_and(|before| {
                let fewer =
                    draft.seen.retries_left.is_none_or(|n| before.seen.retries_left.is_some_and(|left| n < left));
                fewer && same_target(&before.seen, &draft.seen) && draft.begun.is_some()
            })
        };
        let candidates: Vec<usize> = of_lane.iter().copied().filter(fits).collect();
        let mut left = draft.seen.retries_left;
        let (lane, failed) = (draft.lane, may_be_retried(&draft.seen));
        if let Some(before) = candidates.last().copied() {
            of_lane.retain(|w| *w != before);
            left = drafts.all.get(before).and_then(|b| b.seen.retries_left).map(|n| n.saturating_sub(1));
            drafts.joins.add(before, index, "announced retry", candidates.len() == 1);
        }
        if let Some(draft) = drafts.all.get_mut(index) {
            draft.seen.retries_left = left;
        }
        if failed && left.is_some_and(|n| n > 0) {
            let of_lane = waiting.entry(lane).or_default();
            of_lane.push(index);
            if of_lane.len() > NEAR {
                of_lane.remove(0);
            }
        }
    }
}

/// Whether clients retry a failure like this.
fn may_be_retried(seen: &Seen) -> bool {
    seen.failed() && seen.status.is_none_or(|s| matches!(s, 408 | 409 | 429) || s >= 500)
}

/// A gateway says at the end how often it tried before: those are its last attempts that failed and whose end
/// was not told.
fn counted(drafts: &mut Drafts) {
    let mut pairs = Vec::new();
    for (index, draft) in drafts.all.iter().enumerate() {
        let Some(earlier) = draft
            .seen
            .earlier
            .filter(|n| *n > 0 && draft.error_told && draft.layers.iter().any(|v| v.dialect == "litellm"))
        else {
            continue;
        };
        let recent = drafts.all.get(index.saturating_sub(NEAR)..index).unwrap_or_default().iter().enumerate().rev();
        let of_lane = recent.filter(|(_, d)| d.lane == draft.lane && d.merged_into.is_none() && !d.answer);
        let open = of_lane
            .take_while(|(_, d)| !d.error_told && d.seen.failed())
            .filter(|(_, d)| same_model(&d.seen, &draft.seen));
        let found: Vec<usize> = open.map(|(i, _)| index.saturating_sub(NEAR) + i).collect();
        let certain = found.len() <= earlier as usize;
        pairs.extend(found.into_iter().take(earlier as usize).map(|before| (before, index, certain)));
    }
    for (before, after, certain) in pairs {
        drafts.joins.add(before, after, "count of retries", certain);
    }
}

fn same_model(a: &Seen, b: &Seen) -> bool {
    let agree = |a: &Option<Clean>, b: &Option<Clean>| a.is_none() || b.is_none() || a == b;
    agree(&a.model, &b.model) && agree(&a.model_group, &b.model_group)
}

/// What a gateway's server says that it answered belongs to the attempt that its call ended with.
fn answers(drafts: &mut Drafts) {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (index, answer) in drafts.all.iter().enumerate().filter(|(_, d)| d.answer && d.merged_into.is_none()) {
        let Some(status) = answer.seen.status else { continue };
        let ends = |d: &Draft| {
            let broke = d.seen.trouble.is_some_and(Trouble::in_stream);
            if status >= 400 { d.error_told && !broke } else { broke || d.seen.succeeded() }
        };
        let recent = index.saturating_sub(NEAR)..index;
        let taken = |i: usize| pairs.iter().rev().take(NEAR).any(|(into, _)| *into == i);
        let mine = |i: &usize| {
            drafts.all.get(*i).is_some_and(|d| {
                d.lane == answer.lane && d.merged_into.is_none() && d.layer_of() == Layer::Gateway && ends(d)
            }) && !taken(*i)
        };
        if let Some(into) = recent.rev().find(mine) {
            pairs.push((into, index));
        }
    }
    for (into, answer) in pairs {
        drafts.merge(into, answer);
    }
}

/// What the provider answered and what the gateway made of it, told apart.
pub(super) fn settle(seen: &mut Seen, outer: Option<&Outer>) {
    let documented = seen.error_type.as_ref().and_then(|t| documented_status(t.as_str()));
    let contradicts =
        |status: u16| status >= 400 && documented.is_some_and(|d| d != status && (d >= 429 || status >= 429));
    if let Some(given) = outer.and_then(|o| o.status) {
        let silent = seen.trouble.is_some_and(|t| !t.in_stream());
        match seen.status {
            Some(got) if got != given => seen.reported_status = seen.reported_status.or(Some(given)),
            Some(_) => {}
            None if given >= 400 && silent || contradicts(given) => {
                seen.reported_status = seen.reported_status.or(Some(given))
            }
            None => seen.status = Some(given),
        }
    } else if seen.marks.gateway && seen.status.is_some_and(contradicts) && seen.trouble.is_none() {
        // the gateway's own status, around the provider's error
        seen.reported_status = seen.reported_status.or(seen.status.take());
    }
    model(seen);
    if seen.marks.gateway && is_translated(seen) {
        seen.endpoint = None;
    }
}

/// The provider's name for the model, where the log tells it; a name that a gateway made up is none.
fn model(seen: &mut Seen) {
    if let Some(used) = seen.model_used.take()
        && let Some(asked) = seen.model.replace(used).filter(|asked| Some(asked) != seen.model.as_ref())
    {
        seen.model_group = seen.model_group.take().or(Some(asked));
    }
    // most groups bear the name of their model, with its version
    let made_up = |group: &Clean| !group.as_str().bytes().any(|b| b.is_ascii_digit());
    if seen.model.is_some() && seen.model == seen.model_group && seen.model_group.as_ref().is_some_and(made_up) {
        seen.model = None;
    }
}

/// Whether a gateway was called in another protocol than the provider that it asked.
fn is_translated(seen: &Seen) -> bool {
    let path = seen.endpoint.as_ref().map(Clean::as_str).unwrap_or_default();
    let other = path.ends_with("completions") || path.ends_with("/responses");
    let anthropic = |id: &Clean| id.as_str().starts_with("req_01");
    other && seen.request_id.as_ref().is_some_and(anthropic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(
        status: Option<u16>,
        given: Option<u16>,
        kind: Option<&str>,
        trouble: Option<Trouble>,
    ) -> (Option<u16>, Option<u16>) {
        let mut seen = Seen { status, error_type: kind.map(Clean::vouched), trouble, ..Seen::default() };
        settle(&mut seen, given.map(|g| Outer { status: Some(g), endpoint: None }).as_ref());
        (seen.status, seen.reported_status)
    }

    #[test]
    fn a_gateways_status_is_not_the_providers() {
        assert_eq!(settled(None, Some(500), Some("api_error"), None), (Some(500), None));
        assert_eq!(settled(None, Some(500), Some("overloaded_error"), None), (None, Some(500)));
        assert_eq!(settled(Some(529), Some(500), Some("overloaded_error"), None), (Some(529), Some(500)));
        assert_eq!(settled(None, Some(500), None, Some(Trouble::Dns)), (None, Some(500)));
        assert_eq!(settled(None, Some(200), Some("overloaded_error"), Some(Trouble::StreamError)), (Some(200), None));
        assert_eq!(settled(Some(404), Some(404), Some("invalid_request_error"), None), (Some(404), None));
    }
}

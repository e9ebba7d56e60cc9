//! Which attempt follows which: what a log announces, and what numbers tell.

use super::draft::Draft;
use super::drafts::Drafts;
use super::fit::{numbers_follow, same_target, same_trace, tolerance};
use super::lane::{Lane, NEAR};
use crate::literal::Unit;
use crate::model::{Fact, LinkKind};

/// The next attempt of a call begins within so many milliseconds.
const SAME_CALL: i64 = 900_000;

/// An attempt that is to be retried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub draft: usize,
    /// When the next attempt is due, on the source's clock.
    pub due: Option<(i64, Unit)>,
}

impl Lane {
    /// Finds the attempt that was to be retried and whose next this one is. Whether there was one.
    pub(super) fn take_up(&mut self, index: usize, call: Option<usize>, fact: &Fact, drafts: &mut Drafts) -> bool {
        self.waiting.retain(|w| drafts.get(w.draft).is_some());
        // nobody waits less than was announced; the time of an earlier record says nothing of that
        let now = fact.time.filter(|_| !fact.time_inherited);
        let early = |w: &Waiting| {
            w.due.zip(now).is_some_and(|((due, unit), time)| due - time.local_ms > tolerance(unit.max(time.unit)))
        };
        let of_kin = |d: &Draft| {
            same_target(&d.seen, &fact.seen) && numbers_follow(&d.seen, &fact.seen) && same_trace(&d.links, &fact.links)
        };
        let fits = |w: &Waiting| !early(w) && drafts.get(w.draft).is_some_and(of_kin);
        // attempts of other calls, as far as they are known to be
        let candidates: Vec<usize> = (0..self.waiting.len())
            .filter(|i| self.waiting.get(*i).is_some_and(|w| fits(w) && self.may_be_of(w.draft, call, drafts)))
            .collect();
        let due = |i: usize| {
            self.waiting
                .get(i)
                .and_then(|w| w.due)
                .zip(now)
                .map(|((due, unit), time)| ((time.local_ms - due).abs(), tolerance(unit.max(time.unit))))
        };
        let on_time: Vec<usize> =
            candidates.iter().copied().filter(|i| due(*i).is_some_and(|(off, tolerance)| off <= tolerance)).collect();
        let (chosen, reason, certain) = match (candidates.as_slice(), on_time.as_slice()) {
            ([], _) => return false,
            ([only], _) => (*only, "announced retry", true),
            (_, [only]) => (*only, "announced wait", true),
            (several, _) => {
                let best = several.iter().copied().min_by_key(|i| due(*i).map_or(i64::MAX, |(off, _)| off));
                (best.unwrap_or(0), "order of retries", call.is_some())
            }
        };
        if !certain && call.is_none() && fact.links.iter().any(|l| l.kind == LinkKind::Call) {
            return false;
        }
        let before = self.waiting.remove(chosen).draft;
        drafts.joins.add(before, index, reason, certain);
        // a response that was nobody's is the one of this call's open attempt
        if self.orphans.contains(&before)
            && let Some(open) = call.map(|c| drafts.resolve(c)).and_then(|c| self.open_of(c, fact, index, drafts))
        {
            self.adopt(open, before, drafts);
        }
        true
    }

    /// Joins an attempt that bears a number with the one that failed with the number before it.
    pub(super) fn follow(&self, index: usize, fact: &Fact, drafts: &mut Drafts) {
        let Some(number) = fact.seen.number.filter(|n| *n > 1) else { return };
        if drafts.get(index).is_none_or(|d| d.follows) {
            return;
        }
        let kin = |d: &Draft| fact.links.iter().any(|l| l.kind >= LinkKind::Trace && d.links.contains(l));
        let fits = |d: &Draft| {
            let near = d
                .noted
                .map(|m| m.time)
                .zip(fact.time)
                .is_none_or(|(a, b)| (b.local_ms - a.local_ms).abs() <= SAME_CALL);
            let before = d.seen.number == Some(number - 1) && !d.retried && !d.seen.succeeded();
            d.lane == self.id
                && d.merged_into.is_none()
                && before
                && near
                && same_target(&d.seen, &fact.seen)
                && same_trace(&d.links, &fact.links)
        };
        let recent = index.saturating_sub(NEAR)..index;
        let candidates: Vec<usize> = recent.rev().filter(|i| drafts.all.get(*i).is_some_and(|d| fits(d))).collect();
        let of_kin: Vec<usize> =
            candidates.iter().copied().filter(|i| drafts.all.get(*i).is_some_and(|d| kin(d))).collect();
        let (before, certain) = match (of_kin.as_slice(), candidates.as_slice()) {
            ([only], _) | ([], [only]) => (*only, true),
            ([first, ..], _) | ([], [first, ..]) => (*first, false),
            ([], []) => return,
        };
        drafts.joins.add(before, index, "attempt number", certain);
        if let Some(draft) = drafts.get_mut(index) {
            draft.follows = true;
        }
        if let Some(draft) = drafts.get_mut(before) {
            draft.retried = true;
        }
    }

    /// Whether a waiting attempt may belong to a call: it does if it is one of its attempts, and it may if it
    /// is nobody's yet.
    pub(super) fn may_be_of(&self, draft: usize, call: Option<usize>, drafts: &Drafts) -> bool {
        let Some(call) = call else {
            return true;
        };
        let links = |i: usize| {
            drafts
                .get(i)
                .map(|d| d.links.iter().filter(|l| l.kind == LinkKind::Call).cloned().collect::<Vec<_>>())
                .unwrap_or_default()
        };
        let (mine, its) = (links(draft), links(call));
        mine.is_empty() || its.is_empty() || mine.iter().any(|l| its.contains(l))
    }

    /// The attempt of a call that is open, other than the one that begins now.
    pub(super) fn open_of(&self, call: usize, fact: &Fact, not: usize, drafts: &Drafts) -> Option<usize> {
        let key = fact.links.iter().find(|l| l.kind == LinkKind::Call)?;
        let of_call = |i: &usize| {
            *i != not && (drafts.resolve(*i) == call || drafts.get(*i).is_some_and(|d| d.links.contains(key)))
        };
        self.open.iter().copied().find(of_call)
    }

    /// Gives an orphaned response to an open attempt.
    pub(super) fn adopt(&mut self, open: usize, orphan: usize, drafts: &mut Drafts) {
        drafts.merge(open, orphan);
        self.open.retain(|i| *i != open);
        self.orphans.retain(|i| *i != orphan);
        if let ([one], [other]) = (self.open.as_slice(), self.orphans.as_slice()) {
            let (one, other) = (*one, *other);
            // what is left over belongs together, if the response came after the request
            if drafts.get(one).zip(drafts.get(other)).is_some_and(|(o, r)| o.order < r.order) {
                self.adopt(one, other, drafts);
            }
        }
    }

    /// Notes that another attempt will follow.
    pub(super) fn wait(&mut self, index: usize, fact: &Fact, drafts: &mut Drafts) {
        if let Some(draft) = drafts.get_mut(index) {
            draft.retried = true;
            draft.ended = draft.ended.or(draft.moment(fact));
        }
        let time = fact.time.filter(|_| !fact.time_inherited);
        let due = time.zip(fact.seen.wait_ms).map(|(time, wait)| (time.local_ms + wait as i64, time.unit));
        self.waiting.retain(|w| w.draft != index);
        self.waiting.push(Waiting { draft: index, due });
    }
}

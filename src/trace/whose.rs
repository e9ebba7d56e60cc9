//! Whose a fact is: the attempt that it names, or the one that it fits by order, form and time.

use super::draft::Draft;
use super::drafts::Drafts;
use super::fit::{compatible, same_target};
use super::lane::{Lane, NEAR, SAME_ERROR};
use crate::model::{Fact, Link, LinkKind, Trouble};

impl Lane {
    /// The attempt that the fact names.
    pub(super) fn named(&self, fact: &Fact, drafts: &Drafts) -> Option<usize> {
        let request = fact.seen.request_id.iter().map(|id| Link { kind: LinkKind::Request, value: id.clone() });
        let own = fact
            .links
            .iter()
            .filter(|l| matches!(l.kind, LinkKind::Attempt | LinkKind::Span | LinkKind::Request))
            .cloned();
        request.chain(own).find_map(|link| self.by_link.get(&link)).map(|index| drafts.resolve(*index))
    }

    /// The call that the fact names, by one of its attempts.
    pub(super) fn call(&self, fact: &Fact) -> Option<(usize, &'static str)> {
        let named = fact.links.iter().filter(|l| l.kind == LinkKind::Call);
        named.filter_map(|link| Some((*self.by_link.get(link)?, link.kind.reason()))).next()
    }

    pub(super) fn responds(&mut self, fact: &Fact, step: u8, drafts: &mut Drafts) -> usize {
        if let Some(index) = self.named(fact, drafts) {
            return index;
        }
        // the same response, told by the next library
        if let Some(last) = self.last.map(|l| drafts.resolve(l)) {
            let same = drafts.get(last).is_some_and(|d| {
                d.response_step.is_some_and(|s| s < step)
                    && compatible(&d.seen, &fact.seen)
                    && !d.retried
                    && !d.error_told
            });
            if same {
                return last;
            }
        }
        let fits: Vec<usize> = self
            .open
            .iter()
            .copied()
            .filter(|i| drafts.get(*i).is_some_and(|d| compatible(&d.seen, &fact.seen)))
            .collect();
        match fits.as_slice() {
            [only] => drafts.resolve(*only),
            [] => self.add(fact, drafts),
            _ => {
                let index = drafts.add(self.id, fact);
                self.orphans.push(index);
                index
            }
        }
    }

    /// The attempt whose response a lost connection breaks off: the source tells when attempts begin, none is
    /// open, and the last one's response had begun well.
    pub(super) fn breaks(&self, fact: &Fact, drafts: &Drafts) -> Option<usize> {
        let lost = fact.seen.status.is_none()
            && matches!(fact.seen.trouble, Some(Trouble::Reset | Trouble::NoResponse | Trouble::ClientTimeout));
        let last = self.last.map(|l| drafts.resolve(l)).filter(|_| lost && self.open.is_empty())?;
        let begun_well =
            |d: &Draft| d.begin_step.is_some() && d.seen.status.is_some_and(|s| s < 300) && d.seen.error_type.is_none();
        drafts.get(last).filter(|d| begun_well(d)).map(|_| last)
    }

    /// The error told last, if this one tells it again in another form.
    pub(super) fn told_again(&self, fact: &Fact, drafts: &Drafts) -> Option<usize> {
        let told = self.told.as_ref()?;
        let index = drafts.resolve(told.draft);
        let near = told.time.zip(fact.time).is_none_or(|(a, b)| (b.local_ms - a.local_ms).abs() <= SAME_ERROR);
        let same = told.form != fact.form && near && self.last.map(|l| drafts.resolve(l)) == Some(index);
        let draft = drafts.get(index)?;
        // a cause and what it leads to are two errors here
        let vague = |t: Option<Trouble>| t.is_none_or(|t| t == Trouble::NoResponse || t.in_stream());
        let alike = draft.seen.trouble == fact.seen.trouble || vague(draft.seen.trouble) || vague(fact.seen.trouble);
        (same && alike && compatible(&draft.seen, &fact.seen)).then_some(index)
    }

    /// The attempt that failed last and whose error was not told yet.
    pub(super) fn failed(&self, fact: &Fact, drafts: &Drafts) -> Option<usize> {
        // where attempts are told as they begin and none has begun since, it was given up all the same
        let given_up = |i: usize, d: &Draft| {
            d.begin_step.is_some() && self.open.is_empty() && self.last.map(|l| drafts.resolve(l)) == Some(i)
        };
        let fits = |i: usize| {
            drafts.get(i).is_some_and(|d| {
                !d.error_told
                    && (!d.retried || given_up(i, d))
                    && !d.answer
                    && compatible(&d.seen, &fact.seen)
                    && (!d.seen.succeeded() || fact.seen.trouble.is_some_and(Trouble::in_stream))
            })
        };
        let recent = drafts.all.len().saturating_sub(NEAR)..drafts.all.len();
        let answered =
            recent.rev().filter(|i| drafts.all.get(*i).is_some_and(|d| d.lane == self.id && d.merged_into.is_none()));
        answered.take(8).find(|i| fits(*i))
    }

    /// The stream that began last: where every response is logged, an error whose status none of them had came in it.
    pub(super) fn streamed(&self, fact: &Fact, drafts: &Drafts) -> Option<usize> {
        let last = drafts.resolve(self.last.filter(|_| self.tells_responses && self.open.is_empty())?);
        let draft = drafts.get(last)?;
        let fits = draft.seen.succeeded()
            && draft.seen.stream == Some(true)
            && draft.response_step.is_some()
            && fact.seen.status.is_some_and(|status| status >= 400)
            && fact.seen.request_id.is_none()
            && same_target(&draft.seen, &fact.seen);
        fits.then_some(last)
    }

    /// The response that a library logged before the program around it told the whole attempt.
    pub(super) fn answered(&self, fact: &Fact, drafts: &Drafts) -> Option<usize> {
        let fits = |d: &Draft| {
            let near = d.ended.or(d.noted).map(|m| m.time).zip(fact.time).is_none_or(|(a, b)| {
                (b.local_ms - a.local_ms).abs() <= SAME_ERROR + fact.seen.elapsed_ms.unwrap_or(0) as i64
            });
            let told = d.whole_told || d.error_told || d.retried || d.response_step.is_none();
            !told
                && near
                && d.seen.status.is_some()
                && (d.seen.status == fact.seen.status || names_success(d, fact))
                && compatible(&d.seen, &fact.seen)
        };
        let recent = drafts.all.len().saturating_sub(NEAR)..drafts.all.len();
        let mine =
            recent.rev().filter(|i| drafts.all.get(*i).is_some_and(|d| d.lane == self.id && d.merged_into.is_none()));
        mine.take(8).find(|i| drafts.get(*i).is_some_and(fits))
    }
}

/// Whether a program that names its request by nothing but the id may mean a response that came without one.
fn names_success(draft: &Draft, fact: &Fact) -> bool {
    let seen = &fact.seen;
    let bare = seen.status.is_none() && !seen.failed() && seen.request_id.is_some();
    bare && draft.seen.succeeded() && draft.seen.request_id.is_none()
}

//! What programs show of requests and responses as they pass: a request line, a status line, a failure in a few words.
//! None of them says by itself whose it is. It is kept until what follows tells.

use super::draft::Draft;
use super::drafts::Drafts;
use super::fit::compatible;
use super::lane::{Lane, Told};
use crate::model::{Fact, Stage};

/// What was shown so many milliseconds before is over.
const OVER: i64 = 900_000;

impl Lane {
    /// What was shown before a fact that tells whose it is, is that one's. So is the attempt that was made of it: a log
    /// may show an attempt that it told before.
    pub(super) fn settle(&mut self, fact: &Fact, drafts: &mut Drafts) {
        let named = self.named(fact, drafts);
        if named.is_some() || matches!(fact.stage, Stage::Begin(_) | Stage::Response(_)) {
            self.shown = None;
        }
        let last = self.last.map(|last| drafts.resolve(last));
        let fresh = self.fresh.take_if(|_| fact.stage != Stage::Answers).filter(|fresh| last == Some(*fresh));
        let Some((named, fresh)) = named.zip(fresh).filter(|(named, fresh)| named != fresh) else { return };
        let one = drafts.get(named).zip(drafts.get(fresh)).is_some_and(|(a, b)| compatible(&a.seen, &b.seen));
        if one {
            drafts.merge(named, fresh);
        }
    }

    /// A request is shown. A library that tells when attempts begin tells more.
    pub(super) fn asks(&mut self, fact: &Fact) {
        self.shown = self.open.is_empty().then(|| Box::new(fact.clone()));
    }

    /// A status is shown: of the attempt that is open, or of the request shown before it.
    pub(super) fn answers(&mut self, fact: &Fact, drafts: &mut Drafts) -> Option<usize> {
        if !self.open.is_empty() {
            return self.only_open(fact, drafts).inspect(|index| self.answered_by(*index, fact, drafts));
        }
        let Some(mut shown) = self.shown.take().filter(|shown| shown.seen.status.is_none()) else {
            self.shown = Some(Box::new(fact.clone()));
            return None;
        };
        // a request to an LLM and its status are an attempt; another's may turn out to be one
        if shown.seen.endpoint.is_none() {
            shown.seen.complete(&fact.seen);
            self.shown = Some(shown);
            return None;
        }
        let index = self.begun_with(&shown, fact, drafts);
        self.answered_by(index, fact, drafts);
        self.fresh = Some(index);
        Some(index)
    }

    /// A failure without a response, of the attempt that is open or of the request that was shown: by itself it may be
    /// about anything.
    pub(super) fn fails(&mut self, fact: &Fact, drafts: &mut Drafts) -> Option<usize> {
        let index = if self.open.is_empty() {
            let asked = self.shown.take_if(|shown| shown.seen.endpoint.is_some() && shown.seen.status.is_none());
            asked.map(|shown| self.begun_with(&shown, fact, drafts))
        } else {
            self.only_open(fact, drafts)
        }?;
        self.answered_by(index, fact, drafts);
        if let Some(draft) = drafts.get_mut(index) {
            draft.error_told = true;
        }
        self.told = Some(Told { draft: index, form: fact.form, time: fact.time });
        Some(index)
    }

    /// The attempt of which the log showed something just before this fact, which names none.
    pub(super) fn of_shown(&mut self, fact: &Fact, drafts: &mut Drafts) -> Option<usize> {
        let shown = self.shown.take().filter(|shown| self.open.is_empty() && goes_with(shown, fact))?;
        let mut both = shown.seen.clone();
        both.complete(&fact.seen);
        // of a status alone it is not known that it is another's than the response told last
        let same = |d: &Draft| {
            let told = d.seen.status.is_some() && d.seen.status == shown.seen.status && !d.error_told && !d.retried;
            told && compatible(&d.seen, &both)
        };
        let last = self.last.filter(|_| shown.seen.method.is_none()).map(|last| drafts.resolve(last));
        let last = last.filter(|last| drafts.get(*last).is_some_and(same));
        Some(last.unwrap_or_else(|| self.begun_with(&shown, fact, drafts)))
    }

    fn only_open(&self, fact: &Fact, drafts: &Drafts) -> Option<usize> {
        let mut fits =
            self.open.iter().copied().filter(|i| drafts.get(*i).is_some_and(|d| compatible(&d.seen, &fact.seen)));
        let first = fits.next()?;
        fits.next().is_none().then(|| drafts.resolve(first))
    }

    fn answered_by(&mut self, index: usize, fact: &Fact, drafts: &mut Drafts) {
        if let Some(draft) = drafts.get_mut(index) {
            draft.take(fact);
            draft.response_step = draft.response_step.or(Some(0));
            draft.ended = draft.ended.or(draft.moment(fact));
        }
        self.open.retain(|i| drafts.resolve(*i) != index);
    }

    /// A new attempt, of which a request or a status was shown before the fact.
    fn begun_with(&mut self, shown: &Fact, fact: &Fact, drafts: &mut Drafts) -> usize {
        let index = self.add(shown, drafts);
        if let Some(draft) = drafts.get_mut(index) {
            draft.take(fact);
            draft.begun = draft.moment(shown).filter(|_| shown.seen.method.is_some());
            draft.response_step = Some(0);
        }
        index
    }
}

/// Whether a fact may be about what was shown.
fn goes_with(shown: &Fact, fact: &Fact) -> bool {
    let near = shown.time.zip(fact.time).is_none_or(|(a, b)| (b.local_ms - a.local_ms).abs() <= OVER);
    near && compatible(&shown.seen, &fact.seen)
}

//! The facts of one source, in the order in which it wrote them, become attempts.
//!
//! A program logs an attempt in steps: it prepares a request, sends it, gets a response, decides to retry.
//! Where each step names the attempt, the name decides; where it does not, the order does, as long as one
//! attempt is open at a time. Where several are, a response waits until a retry, an error or the end of the
//! log tells whose it was; if nothing does, the call says that it is ambiguous.

use super::double::Double;
use super::draft::Draft;
use super::drafts::Drafts;
use super::fit::compatible;
use super::retries::Waiting;
use crate::literal::Timestamp;
use crate::model::{Clean, Client, Fact, Layer, Link, LinkKind, Seen, Stage, Trouble};
use std::collections::HashMap;
use std::sync::Arc;

/// An error that is told again within so many milliseconds, in another form, is the same.
pub(super) const SAME_ERROR: i64 = 5_000;
/// Attempts that may be open at once in one source; of more, the oldest was cut off.
const MAX_OPEN: usize = 512;
/// An attempt is sought among so many that were told last.
pub(super) const NEAR: usize = 256;

/// One source's state.
#[derive(Debug, Default)]
pub(super) struct Lane {
    pub(super) id: usize,
    /// Begun, and no response yet.
    pub(super) open: Vec<usize>,
    /// Responses of which it is not known which open attempt they belong to.
    pub(super) orphans: Vec<usize>,
    /// To be retried, and the next attempt has not begun.
    pub(super) waiting: Vec<Waiting>,
    pub(super) last: Option<usize>,
    /// The error told last: its attempt, its form and when.
    pub(super) told: Option<Told>,
    pub(super) by_link: HashMap<Link, usize>,
    /// The model that a warning names, and the client that a banner does.
    model: Sole<Clean>,
    client: Sole<Arc<Client>>,
    /// Whether the source logs requests and responses as they go.
    pub(super) tells_responses: bool,
    double: Double,
    /// A request or a status that was shown, and nothing that tells whose it is.
    pub(super) shown: Option<Box<Fact>>,
    /// An attempt that was made of a request and a status only.
    pub(super) fresh: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) draft: usize,
    pub(super) form: u64,
    pub(super) time: Option<Timestamp>,
}

impl Lane {
    pub fn new(id: usize) -> Self {
        Self { id, ..Self::default() }
    }

    /// Takes the next fact.
    pub fn fact(&mut self, fact: &Fact, drafts: &mut Drafts) {
        if self.double.repeats(fact) {
            return;
        }
        self.tells_responses |= matches!(fact.stage, Stage::Begin(_) | Stage::Response(_));
        self.settle(fact, drafts);
        let index = match fact.stage {
            Stage::Begin(step) => Some(self.begin(fact, step, drafts)),
            Stage::Response(step) => Some(self.response(fact, step, drafts)),
            Stage::Detail => self.detail(fact, drafts),
            Stage::Part => self.part(fact, drafts),
            Stage::PartRetry => self.part(fact, drafts).inspect(|index| self.wait(*index, fact, drafts)),
            Stage::Asks => {
                self.asks(fact);
                None
            }
            Stage::Answers => self.answers(fact, drafts),
            Stage::Fails => self.fails(fact, drafts),
            Stage::Retry => Some(self.retry(fact, drafts)),
            Stage::Error => Some(self.error(fact, drafts)),
            Stage::Whole => Some(self.whole(fact, drafts)),
            Stage::Answer => {
                self.answer(fact, drafts);
                None
            }
            Stage::Context => {
                self.context(&fact.seen);
                None
            }
            // no lane's, but a part of another run
            Stage::Told => None,
        };
        if let Some(index) = index {
            for link in &fact.links {
                self.by_link.entry(link.clone()).or_insert(index);
            }
            if let Some(id) = &fact.seen.request_id {
                self.by_link.entry(Link { kind: LinkKind::Request, value: id.clone() }).or_insert(index);
            }
            self.follow(index, fact, drafts);
            self.last = Some(index);
        }
    }

    fn begin(&mut self, fact: &Fact, step: u8, drafts: &mut Drafts) -> usize {
        let call = fact.links.iter().find(|l| l.kind == LinkKind::Call);
        let goes_on = |index: &usize| {
            drafts.get(*index).is_some_and(|d| {
                d.begin_step < Some(step)
                    && compatible(&d.seen, &fact.seen)
                    && call.is_none_or(|c| d.links.contains(c) || d.links.iter().all(|l| l.kind != LinkKind::Call))
            })
        };
        let named = self.named(fact, drafts).filter(|i| drafts.get(*i).is_some_and(|d| !d.is_answered()));
        // libraries hand a request down at once; what goes over the wire queues
        let known = named.or_else(|| {
            if step < 2 {
                self.open.iter().rev().find(|i| goes_on(i)).copied()
            } else {
                self.open.iter().find(|i| goes_on(i)).copied()
            }
        });
        if let Some(index) = known {
            if let Some(draft) = drafts.get_mut(index) {
                draft.take(fact);
                draft.begin_step = Some(step);
                draft.begun = draft.begun.or(draft.moment(fact));
            }
            return index;
        }
        let index = self.add(fact, drafts);
        if let Some(draft) = drafts.get_mut(index) {
            draft.begin_step = Some(step);
            draft.begun = draft.moment(fact);
        }
        self.open.push(index);
        if self.open.len() > MAX_OPEN {
            self.open.remove(0);
        }
        index
    }

    /// A new attempt; of a call that the fact names, or that waits for it.
    pub(super) fn add(&mut self, fact: &Fact, drafts: &mut Drafts) -> usize {
        let index = drafts.add(self.id, fact);
        let named = self.call(fact);
        if let Some((before, reason)) = named {
            drafts.joins.add(before, index, reason, true);
        }
        let follows = self.take_up(index, named.map(|(before, _)| before), fact, drafts) || named.is_some();
        if let Some(draft) = drafts.get_mut(index) {
            draft.follows = follows;
        }
        index
    }

    fn response(&mut self, fact: &Fact, step: u8, drafts: &mut Drafts) -> usize {
        let index = self.responds(fact, step, drafts);
        if let Some(draft) = drafts.get_mut(index) {
            draft.take(fact);
            draft.response_step = Some(step).max(draft.response_step);
            draft.ended = draft.ended.or(draft.moment(fact));
        }
        self.open.retain(|i| drafts.resolve(*i) != index);
        if fact.seen.retries_left.is_some_and(|n| n > 0)
            && drafts.get(index).is_some_and(|d| d.seen.failed() && !d.retried)
        {
            self.wait(index, fact, drafts);
        }
        index
    }

    fn detail(&mut self, fact: &Fact, drafts: &mut Drafts) -> Option<usize> {
        let named = self.named(fact, drafts).or_else(|| self.of_shown(fact, drafts));
        let breaks = self.breaks(fact, drafts);
        // only what began well breaks off
        let broken = fact.seen.trouble.is_some_and(Trouble::in_stream);
        // what was told to have got no response gets none
        let answers = fact.seen.status.is_some() || fact.seen.request_id.is_some();
        let lost = |d: &Draft| answers && d.error_told && d.seen.lost();
        let far = |d: &Draft| d.error_told && answers && !d.from.iter().any(|place| fact.place.is_near(*place));
        let fits = |d: &Draft| {
            let ended = broken && d.seen.status.is_some_and(|s| s >= 300);
            compatible(&d.seen, &fact.seen) && !ended && !lost(d) && !far(d)
        };
        let last =
            self.last.map(|l| drafts.resolve(l)).filter(|l| breaks == Some(*l) || drafts.get(*l).is_some_and(fits));
        let index = match named.or(last) {
            Some(index) => index,
            None if fact.seen.request_id.is_some() => return Some(self.whole(fact, drafts)),
            None => return None,
        };
        if let Some(draft) = drafts.get_mut(index) {
            draft.take(fact);
            if breaks == Some(index) {
                draft.seen.trouble = Some(Trouble::StreamCut);
            }
            // told in passing, it is the response all the same
            if (fact.seen.status.is_some() || fact.seen.trouble.is_some())
                && draft.begin_step.is_some()
                && draft.response_step.is_none()
            {
                draft.response_step = Some(0);
                draft.ended = draft.ended.or(draft.moment(fact));
                self.open.retain(|i| drafts.resolve(*i) != index);
            }
        }
        Some(index)
    }

    /// More about the attempt under way: one that was sent, or answered and not yet retried.
    fn part(&mut self, fact: &Fact, drafts: &mut Drafts) -> Option<usize> {
        let under_way = |d: &Draft| {
            (d.begin_step > Some(0) || d.response_step.is_some()) && !d.retried && compatible(&d.seen, &fact.seen)
        };
        let last = self.last.map(|l| drafts.resolve(l)).filter(|l| drafts.get(*l).is_some_and(under_way));
        let index = self.named(fact, drafts).or(last)?;
        let answers = fact.seen.status.is_some() || fact.seen.request_id.is_some();
        if let Some(draft) = drafts.get_mut(index) {
            draft.take(fact);
            if answers {
                draft.response_step = draft.response_step.or(Some(0));
                draft.ended = draft.ended.or(draft.moment(fact));
            }
        }
        if answers {
            self.open.retain(|i| drafts.resolve(*i) != index);
        }
        Some(index)
    }

    fn retry(&mut self, fact: &Fact, drafts: &mut Drafts) -> usize {
        let fresh = |i: usize| drafts.get(i).is_some_and(|d| !d.retried && !d.error_told);
        let broken = fact.seen.trouble.is_some_and(Trouble::in_stream);
        let last = self
            .last
            .map(|l| drafts.resolve(l))
            .filter(|l| fresh(*l) && drafts.get(*l).is_some_and(|d| broken || !d.seen.succeeded()));
        // a terminal counts down
        let again = self.last.map(|l| drafts.resolve(l)).filter(|l| {
            drafts.get(*l).is_some_and(|d| {
                d.retried
                    && d.seen.number.is_some()
                    && d.seen.number == fact.seen.number
                    && d.seen.wait_ms > fact.seen.wait_ms
            })
        });
        let index = match self.named(fact, drafts).or(last).or(again) {
            Some(index) => index,
            // the log tells of the retry only
            None => self.add(fact, drafts),
        };
        if let Some(draft) = drafts.get_mut(index) {
            draft.take(fact);
            // a log that tells of responses would have told of this one
            if !draft.is_answered() && self.tells_responses {
                draft.seen.trouble = Some(Trouble::NoResponse);
            }
        }
        self.open.retain(|i| drafts.resolve(*i) != index);
        self.wait(index, fact, drafts);
        index
    }

    fn error(&mut self, fact: &Fact, drafts: &mut Drafts) -> usize {
        let shown = self.named(fact, drafts).or_else(|| self.of_shown(fact, drafts));
        let index = shown.or_else(|| self.told_again(fact, drafts)).or_else(|| self.failed(fact, drafts));
        let streamed = if index.is_none() { self.streamed(fact, drafts) } else { None };
        let index = match index.or(streamed) {
            Some(index) => index,
            None => self.add(fact, drafts),
        };
        if let Some(draft) = drafts.get_mut(index) {
            draft.take(fact);
            if streamed.is_some() {
                draft.seen.trouble = draft.seen.trouble.or(Some(Trouble::StreamError));
            }
            draft.error_told = true;
            draft.ended = draft.ended.or(draft.moment(fact));
        }
        self.open.retain(|i| drafts.resolve(*i) != index);
        self.told = Some(Told { draft: index, form: fact.form, time: fact.time });
        index
    }

    fn whole(&mut self, fact: &Fact, drafts: &mut Drafts) -> usize {
        let named = self.named(fact, drafts).filter(|i| {
            drafts.get(*i).is_some_and(|d| {
                fact.seen.request_id.is_none()
                    || d.seen.request_id.is_none()
                    || d.seen.request_id == fact.seen.request_id
            })
        });
        let named = named.or_else(|| self.of_shown(fact, drafts));
        let index = match named.or_else(|| self.answered(fact, drafts)) {
            Some(index) => {
                if let Some(draft) = drafts.get_mut(index) {
                    draft.take(fact);
                }
                index
            }
            None => self.add(fact, drafts),
        };
        if let Some(draft) = drafts.get_mut(index) {
            // no library tells more of it
            draft.response_step = Some(u8::MAX);
            draft.whole_told = true;
            draft.ended = draft.ended.or(draft.moment(fact));
            // a proxy logs what it did when it is done
            let took = fact.seen.elapsed_ms.filter(|_| fact.layer == Layer::Proxy);
            draft.begun = draft.begun.or(draft.moment(fact).zip(took).map(|(end, took)| end.before(took)));
        }
        self.open.retain(|i| drafts.resolve(*i) != index);
        let retries = fact.seen.wait_ms.is_some() || fact.seen.retries_left.is_some_and(|n| n > 0);
        if retries && drafts.get(index).is_some_and(|d| d.seen.failed() && !d.retried) {
            self.wait(index, fact, drafts);
        }
        index
    }

    /// Whose answer it is, is found out when all attempts are known.
    fn answer(&mut self, fact: &Fact, drafts: &mut Drafts) {
        let index = drafts.add(self.id, fact);
        if let Some(draft) = drafts.get_mut(index) {
            draft.answer = true;
            draft.ended = draft.moment(fact);
            draft.response_step = Some(0);
        }
        // what failed before it is not told again behind it
        self.told = None;
    }

    fn context(&mut self, seen: &Seen) {
        self.model.note(seen.model.as_ref());
        self.client.note(seen.client.as_ref().filter(|c| c.version.is_some()));
    }

    /// The source has no more: what is left open is matched in order, and said to be.
    pub fn finish(&mut self, drafts: &mut Drafts) {
        for orphan in std::mem::take(&mut self.orphans) {
            let first = self.open.iter().copied().find(|o| {
                drafts
                    .get(*o)
                    .zip(drafts.get(orphan))
                    .is_some_and(|(o, r)| o.order < r.order && compatible(&o.seen, &r.seen))
            });
            if let Some(open) = first {
                drafts.joins.add(open, orphan, "order of responses", false);
                drafts.merge(open, orphan);
                self.open.retain(|i| *i != open);
            }
        }
        let mine = |d: &&mut Box<Draft>| d.lane == self.id && d.merged_into.is_none();
        if let Sole::One(model) = std::mem::take(&mut self.model)
            && drafts.all.iter_mut().filter(mine).all(|d| d.seen.model.as_ref().is_none_or(|m| *m == model))
        {
            drafts.all.iter_mut().filter(mine).for_each(|d| d.seen.model = Some(model.clone()));
        }
        if let Sole::One(client) = std::mem::take(&mut self.client) {
            let more = Seen { client: Some(client), ..Seen::default() };
            let bare = |d: &&mut Box<Draft>| mine(d) && d.seen.client.is_some();
            drafts.all.iter_mut().filter(bare).for_each(|d| d.seen.complete(&more));
        }
    }
}

/// What a source says of all its attempts, as long as it says one thing only.
#[derive(Debug, Default)]
enum Sole<T> {
    #[default]
    Nothing,
    One(T),
    Several,
}

impl<T: Clone + PartialEq> Sole<T> {
    fn note(&mut self, said: Option<&T>) {
        let Some(said) = said else { return };
        *self = match self {
            Sole::Nothing => Sole::One(said.clone()),
            Sole::One(known) if known == said => return,
            _ => Sole::Several,
        };
    }
}

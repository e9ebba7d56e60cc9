//! Facts become attempts, attempts become calls.
//!
//! A log is a stream of remarks about requests; who tells it as a story must know which remark is about
//! which request. Here the remarks are joined: by the ids that they share, then by their order, and by time
//! only where nothing else fits. What cannot be told says so.
//!
//! First each source is read by itself; then drafts of all sources are joined (`cut` is between).

mod clock;
mod counted;
mod cut;
mod double;
mod draft;
mod drafts;
mod fit;
mod gateway;
mod groups;
mod join;
mod lane;
mod retries;
mod sequence;
mod shown;
mod twin;
mod users;
mod whose;

pub use clock::Assumptions;

use crate::idclock;
use crate::model::{AtBasis, Attempt, Call, Fact, Layer, Outcome, Part};
use clock::Clock;
use cut::Source;
use draft::Draft;
use drafts::Drafts;
use groups::{Group, Groups, Why};
use lane::Lane;
use std::collections::HashMap;

/// Collects facts and makes calls of them.
#[derive(Debug, Default)]
pub struct Tracer {
    lanes: Vec<Lane>,
    by_source: HashMap<(u32, u32), usize>,
    /// In the order of lanes; behind them those that only parts tell of.
    sources: Vec<Source>,
    drafts: Drafts,
    /// What other runs found.
    told: Vec<Part>,
    keeps_parts: bool,
}

impl Tracer {
    /// One that notes with each attempt what each source told of it.
    #[must_use]
    pub fn keeping_parts() -> Self {
        Self { keeps_parts: true, ..Self::default() }
    }

    /// Takes the next fact of an input, in the order of its lines.
    pub fn fact(&mut self, fact: Fact) {
        if let Some(part) = fact.told {
            return self.told.push(*part);
        }
        let id = self.source(Source { log: fact.place.input, number: fact.source, zone_min: None });
        if id == self.lanes.len() {
            self.lanes.push(Lane::new(id));
        }
        if let Some(lane) = self.lanes.get_mut(id) {
            lane.fact(&fact, &mut self.drafts);
        }
    }

    /// The number of a source.
    fn source(&mut self, source: Source) -> usize {
        let next = self.sources.len();
        let id = *self.by_source.entry((source.log, source.number)).or_insert(next);
        if id == next {
            self.sources.push(source);
        }
        id
    }

    /// Makes calls of all facts, in the order in which they began.
    #[must_use]
    pub fn finish(mut self, assumed: &Assumptions) -> Vec<Call> {
        self.cut(assumed);
        gateway::within_sources(&mut self.drafts);
        join::by_request(&mut self.drafts);
        join::by_gateway(&mut self.drafts);
        let clocks = join::clocks(&self.drafts, &self.sources, assumed);
        twin::merge(&mut self.drafts, &clocks, assumed);
        join::by_time(&mut self.drafts, &clocks, assumed);
        sequence::merge(&mut self.drafts);
        let groups = Groups::of(&self.drafts);
        let trust_ids = ids_agree(&self.drafts, &clocks, assumed);
        let counts: Vec<bool> = groups.iter().map(|g| counted::are_unseen(g.drafts, &self.drafts)).collect();
        // each is gone when its attempt is made: a big log never holds both
        let mut drafts: Vec<Option<Box<Draft>>> = self.drafts.all.into_iter().map(Some).collect();
        let calls: Vec<Call> = groups
            .iter()
            .zip(counts)
            .map(|(g, counts)| g.call(&mut drafts, &clocks, assumed, trust_ids, counts))
            .collect();
        drop(drafts);
        let mut calls = in_order(calls);
        for (call, id) in calls.iter_mut().zip(1..) {
            call.id = id;
        }
        users::number(&mut calls);
        calls
    }
}

/// Sorts calls by time; one without a time stays behind the call that its log tells before it.
fn in_order(mut calls: Vec<Call>) -> Vec<Call> {
    let shown = |c: &Call| {
        c.attempts.iter().find(|a| !a.counted).map(|a| (a.from.first().copied(), a.at_ms)).unwrap_or_default()
    };
    calls.sort_by_key(|c| shown(c).0);
    let mut keys: Vec<(Option<u32>, Option<i64>)> =
        calls.iter().map(shown).map(|(place, time)| (place.map(|p| p.input), time)).collect();
    carry(keys.iter_mut());
    // those before the first time of their log
    carry(keys.iter_mut().rev());
    let mut keyed: Vec<_> = keys.into_iter().map(|(_, time)| (time.is_none(), time)).zip(calls).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, call)| call).collect()
}

/// Gives what has no time that of its neighbour in the same input.
fn carry<'k>(keys: impl Iterator<Item = &'k mut (Option<u32>, Option<i64>)>) {
    let mut last = HashMap::new();
    for (input, time) in keys {
        match time {
            Some(time) => {
                last.insert(*input, *time);
            }
            None => *time = last.get(input).copied(),
        }
    }
}

/// Whether times from ids agree with what else the logs show, or, where nothing else does, with each other.
fn ids_agree(drafts: &Drafts, clocks: &[Clock], assumed: &Assumptions) -> bool {
    const HOUR: i64 = 3_600_000;
    let (mut agree, mut total) = (0, 0);
    let mut alone = Vec::new();
    for draft in drafts.all.iter().filter(|d| d.merged_into.is_none()) {
        let Some(id) = &draft.seen.request_id else { continue };
        let time = idclock::time(id.as_str());
        let shown = draft.seen.server_ms.or_else(|| clock::utc_of(draft, clocks, assumed).map(|(ms, _)| ms));
        match (time, shown) {
            (Some(time), Some(shown)) => {
                total += 1;
                agree += usize::from((time.ms - shown).abs() <= HOUR);
            }
            (Some(time), None) => alone.push(time.ms),
            // the kind carries time, this one does not: it was made up
            (None, _) if idclock::is_made_up(id.as_str()) => return false,
            (None, _) => {}
        }
    }
    if total > 0 {
        return agree == total;
    }
    let span = alone.iter().max().zip(alone.iter().min()).map(|(a, b)| a - b);
    span.is_some_and(|span| span <= 24 * HOUR)
}

impl Group<'_> {
    fn call(
        self,
        drafts: &mut [Option<Box<Draft>>],
        clocks: &[Clock],
        assumed: &Assumptions,
        trust_ids: bool,
        counts: bool,
    ) -> Call {
        let taken = self.drafts.iter().filter_map(|i| drafts.get_mut(*i).and_then(Option::take));
        let made = taken.map(|mut draft| (draft.order, attempt(&mut draft, clocks, assumed, trust_ids)));
        let mut made: Vec<(u32, Attempt)> = made.collect();
        let timed = made.iter().all(|(_, a)| a.at_ms.is_some());
        made.sort_by_key(|(order, a)| (a.at_ms.filter(|_| timed), *order));
        let mut attempts: Vec<Attempt> = Vec::with_capacity(made.len());
        attempts.extend(made.into_iter().map(|(_, a)| a));
        spread(&mut attempts);
        let Why { mut reasons, doubt } = self.why.cloned().unwrap_or_default();
        if counts && counted::fill_in(&mut attempts) {
            reasons.push("retry count");
        }
        Call { id: 0, outcome: outcome(&attempts), attempts, joined_by: reasons, ambiguous: doubt }
    }
}

fn attempt(draft: &mut Draft, clocks: &[Clock], assumed: &Assumptions, trust_ids: bool) -> Attempt {
    let mut seen = std::mem::take(&mut draft.seen);
    gateway::settle(&mut seen, draft.outer.as_deref());
    let utc = |m: Option<draft::Moment>| m.and_then(|m| clocks.get(m.lane)?.utc(&m, assumed));
    let (begun, ended) = (utc(draft.begun), utc(draft.ended));
    let id_time =
        || seen.request_id.as_ref().filter(|_| trust_ids).and_then(|id| idclock::time(id.as_str())).map(|t| t.ms);
    let known = begun.or_else(|| utc(draft.noted)).or(ended);
    let (at_ms, at_basis) = match known {
        Some((ms, basis)) => (Some(ms), basis),
        None => match seen.server_ms.or_else(id_time) {
            Some(ms) => (Some(ms), AtBasis::Derived),
            None => (None, AtBasis::Unknown),
        },
    };
    let layers =
        if seen.marks.gateway || draft.layers.iter().any(|v| v.layer != Layer::Client) || draft.layers.len() > 1 {
            std::mem::take(&mut draft.layers)
        } else {
            Vec::new()
        };
    let clock = draft.noted.filter(|_| at_ms.is_none()).map(|m| m.time);
    Attempt {
        at_ms,
        at_basis,
        end_ms: ended.map(|(ms, _)| ms),
        clock,
        counted: false,
        seen,
        layers,
        from: std::mem::take(&mut draft.from),
        parts: std::mem::take(&mut draft.parts),
    }
}

/// A call has one model, one path, one payload, one user: what one attempt shows holds for the others that do not.
fn spread(attempts: &mut [Attempt]) {
    let find = |f: fn(&Attempt) -> bool| attempts.iter().position(f);
    let (model, endpoint, base) =
        (find(|a| a.seen.model.is_some()), find(|a| a.seen.endpoint.is_some()), find(|a| a.seen.base_url.is_some()));
    let (payload, client, stream) =
        (find(|a| a.seen.payload.is_some()), find(|a| a.seen.client.is_some()), find(|a| a.seen.stream.is_some()));
    let of = |i: Option<usize>| i.and_then(|i| attempts.get(i)).map(|a| a.seen.clone()).unwrap_or_default();
    let (model, endpoint, base) = (of(model).model, of(endpoint).endpoint, of(base).base_url);
    let (payload, client, stream) = (of(payload).payload, of(client).client, of(stream).stream);
    let user = attempts.iter().rev().filter_map(|a| a.seen.user).max_by_key(|u| u.by);
    for attempt in attempts {
        let seen = &mut attempt.seen;
        seen.is_for(user);
        seen.model = seen.model.take().or_else(|| model.clone());
        seen.endpoint = seen.endpoint.take().or_else(|| endpoint.clone());
        seen.base_url = seen.base_url.take().or_else(|| base.clone());
        seen.payload = seen.payload.take().or_else(|| payload.clone());
        seen.client = seen.client.take().or_else(|| client.clone());
        seen.stream = seen.stream.or(stream);
    }
}

fn outcome(attempts: &[Attempt]) -> Outcome {
    let failed_before = attempts.iter().rev().skip(1).any(|a| a.counted || a.seen.failed());
    match attempts.last() {
        Some(last) if last.seen.failed() => Outcome::Failed,
        Some(last) if last.seen.succeeded() && failed_before => Outcome::Recovered,
        Some(last) if last.seen.succeeded() => Outcome::Ok,
        _ => Outcome::Unknown,
    }
}

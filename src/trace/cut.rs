//! The cut between what each source tells and what sources tell together.
//!
//! Before it, the facts of a source become drafts, and no source knows of another. Behind it, drafts and what
//! joins them are all there is. So they can be written down here, as parts, and taken in here by another run.

use super::Tracer;
use super::clock::Assumptions;
use super::draft::{Draft, Moment};
use super::drafts::Drafts;
use crate::model::{Kin, Part, When};
use std::collections::HashMap;

/// Whose facts, or parts, they are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Source {
    pub log: u32,
    /// Which of the log's.
    pub number: u32,
    /// The zone that was named where another run read it.
    pub zone_min: Option<i16>,
}

impl Tracer {
    /// Ends all sources, takes parts in, and puts drafts into the order in which their logs tell them.
    pub(super) fn cut(&mut self, assumed: &Assumptions) {
        for lane in &mut self.lanes {
            lane.finish(&mut self.drafts);
        }
        // what they know of ids takes room
        self.lanes = Vec::new();
        self.take_in();
        let sources = &self.sources;
        self.drafts.settle(|lane| sources.get(lane).map(|s| s.log));
        if self.keeps_parts {
            write_down(&mut self.drafts, &self.sources, assumed);
        }
    }

    /// Makes drafts of parts.
    fn take_in(&mut self) {
        let mut told = std::mem::take(&mut self.told);
        told.sort_by_key(|part| (part.log, part.order));
        // a file may be there twice
        told.dedup_by_key(|part| (part.log, part.order));
        let mut known: HashMap<(u32, u32), usize> = HashMap::new();
        for part in told {
            let lane = self.source(Source { log: part.log, number: part.source, zone_min: part.zone_min });
            let index = self.drafts.all.len();
            known.insert((part.log, part.order), index);
            for kin in &part.kin {
                if let Some(other) = known.get(&(part.log, kin.order)) {
                    self.drafts.joins.add(*other, index, kin.reason, kin.certain);
                }
            }
            self.drafts.all.push(Box::new(draft(part, lane, index as u32)));
        }
    }
}

/// Gives each draft its own part.
fn write_down(drafts: &mut Drafts, sources: &[Source], assumed: &Assumptions) {
    let mut kin: HashMap<usize, Vec<Kin>> = HashMap::new();
    for join in drafts.joins.iter() {
        let (first, second) = (join.a.min(join.b), join.a.max(join.b));
        let one = Kin { order: first as u32, reason: join.reason, certain: join.certain };
        kin.entry(second).or_default().push(one);
    }
    for (index, draft) in drafts.all.iter_mut().enumerate() {
        let source = sources.get(draft.lane).copied().unwrap_or_default();
        let source = Source { zone_min: source.zone_min.or(assumed.offset_min), ..source };
        draft.parts = Box::new([part(draft, source, kin.remove(&index).unwrap_or_default())]);
    }
}

fn part(draft: &Draft, source: Source, kin: Vec<Kin>) -> Part {
    let when = |moment: Option<Moment>| moment.map(|m| When { time: m.time, inherited: m.inherited });
    Part {
        log: source.log,
        source: source.number,
        zone_min: source.zone_min,
        order: draft.order,
        seen: draft.seen.clone(),
        begun: when(draft.begun),
        ended: when(draft.ended),
        noted: when(draft.noted),
        error_told: draft.error_told,
        retried: draft.retried,
        answer: draft.answer,
        outer: draft.outer.as_deref().cloned(),
        links: draft.links.clone(),
        layers: draft.layers.clone(),
        from: draft.from.clone(),
        kin,
    }
}

fn draft(part: Part, lane: usize, order: u32) -> Draft {
    let moment = |when: Option<When>| when.map(|w| Moment { lane, order, time: w.time, inherited: w.inherited });
    Draft {
        begun: moment(part.begun),
        ended: moment(part.ended),
        noted: moment(part.noted),
        seen: part.seen,
        error_told: part.error_told,
        retried: part.retried,
        answer: part.answer,
        outer: part.outer.map(Box::new),
        links: part.links,
        layers: part.layers,
        from: part.from,
        ..Draft::new(lane, order)
    }
}

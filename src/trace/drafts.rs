//! All attempts in the making, and what joins them.

use super::draft::Draft;
use crate::model::Fact;

/// What attempts belong to one call, and why.
#[derive(Debug, Default)]
pub(super) struct Joins(Vec<Join>);

#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    pub a: usize,
    pub b: usize,
    pub reason: &'static str,
    pub certain: bool,
}

impl Joins {
    pub fn add(&mut self, a: usize, b: usize, reason: &'static str, certain: bool) {
        self.0.push(Join { a, b, reason, certain });
    }

    pub fn iter(&self) -> impl Iterator<Item = &Join> {
        self.0.iter()
    }
}

/// What all lanes share while facts come in.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    #[expect(clippy::vec_box, reason = "drafts are large, and a list of boxes grows without moving them")]
    pub all: Vec<Box<Draft>>,
    pub joins: Joins,
}

impl Drafts {
    /// A new one, of a fact of a lane.
    pub fn add(&mut self, lane: usize, fact: &Fact) -> usize {
        let mut draft = Draft::new(lane, self.all.len() as u32);
        draft.take(fact);
        self.all.push(Box::new(draft));
        self.all.len() - 1
    }

    /// The draft that a number stands for now.
    pub fn resolve(&self, mut index: usize) -> usize {
        while let Some(next) = self.all.get(index).and_then(|d| d.merged_into) {
            index = next as usize;
        }
        index
    }

    pub fn get(&self, index: usize) -> Option<&Draft> {
        self.all.get(self.resolve(index)).map(Box::as_ref)
    }

    pub fn get_mut(&mut self, index: usize) -> Option<&mut Draft> {
        let index = self.resolve(index);
        self.all.get_mut(index).map(Box::as_mut)
    }

    /// Leaves the drafts that stand for themselves, in the order in which their logs tell them, and what joins
    /// them in that order too: where a draft stands says nothing else of how it came to be.
    pub fn settle(&mut self, log: impl Fn(usize) -> Option<u32>) {
        let mut live: Vec<usize> = (0..self.all.len()).filter(|i| self.resolve(*i) == *i).collect();
        live.sort_by_key(|i| self.all.get(*i).and_then(|d| log(d.lane)));
        let mut place = vec![0; self.all.len()];
        for (now, was) in live.iter().enumerate() {
            place.get_mut(*was).into_iter().for_each(|slot| *slot = now);
        }
        let now = |i: usize| place.get(self.resolve(i)).copied().unwrap_or(i);
        let mut joins: Vec<Join> = self.joins.iter().map(|j| Join { a: now(j.a), b: now(j.b), ..*j }).collect();
        joins.sort_by_key(|j| j.a.max(j.b));
        self.joins = Joins(joins);
        let mut all: Vec<Option<Box<Draft>>> = std::mem::take(&mut self.all).into_iter().map(Some).collect();
        self.all = live.into_iter().filter_map(|i| all.get_mut(i).and_then(Option::take)).collect();
        for (order, draft) in (0..).zip(&mut self.all) {
            draft.stand(order);
        }
    }

    /// Makes two drafts one.
    pub fn merge(&mut self, into: usize, from: usize) {
        let (into, from) = (self.resolve(into), self.resolve(from));
        if into == from {
            return;
        }
        let Some(other) = self.all.get_mut(from) else { return };
        let empty = Draft::new(other.lane, other.order);
        let taken = std::mem::replace(other.as_mut(), empty);
        other.merged_into = Some(into as u32);
        if let Some(draft) = self.all.get_mut(into) {
            draft.absorb(taken);
        }
    }
}

//! Attempts in the making.

use crate::literal::Timestamp;
use crate::model::{Fact, IdKind, Layer, LayerView, Link, Outer, Part, Place, Seen};

/// So many places are named for an attempt.
const MAX_PLACES: usize = 24;

/// A time and the clock that told it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub lane: usize,
    pub order: u32,
    pub time: Timestamp,
    /// Whether it is the time of an earlier record.
    pub inherited: bool,
}

impl Moment {
    /// So many milliseconds before.
    pub fn before(self, ms: u64) -> Self {
        Self {
            time: Timestamp { local_ms: self.time.local_ms.saturating_sub_unsigned(ms), ..self.time },
            inherited: true,
            ..self
        }
    }
}

/// An attempt in the making.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The lane whose facts made it.
    pub lane: usize,
    /// Its place in the order in which the facts came.
    pub order: u32,
    pub seen: Seen,
    pub begun: Option<Moment>,
    pub ended: Option<Moment>,
    /// The first time of any of its facts.
    pub noted: Option<Moment>,
    /// When other sources, whose drafts this one took over, first told of it.
    pub elsewhere: Box<[Moment]>,
    /// How far its beginning and its response were told.
    pub begin_step: Option<u8>,
    pub response_step: Option<u8>,
    /// Whether the error was told as the caller saw it.
    pub error_told: bool,
    /// Whether a record told all of it.
    pub whole_told: bool,
    /// Whether it is known which attempt it follows.
    pub follows: bool,
    /// Whether another attempt was said to follow.
    pub retried: bool,
    /// Whether it is what a server says that it answered.
    pub answer: bool,
    /// Of a gateway's attempt: what its client called, and got.
    pub outer: Option<Box<Outer>>,
    pub links: Vec<Link>,
    pub layers: Vec<LayerView>,
    pub from: Vec<Place>,
    /// What each source told of it, where that is to be kept.
    pub parts: Box<[Part]>,
    /// Where it went, when it turned out to be another's part.
    pub merged_into: Option<u32>,
}

impl Draft {
    pub fn new(lane: usize, order: u32) -> Self {
        Self {
            lane,
            order,
            seen: Seen::default(),
            begun: None,
            ended: None,
            noted: None,
            elsewhere: Box::default(),
            begin_step: None,
            response_step: None,
            error_told: false,
            whole_told: false,
            follows: false,
            retried: false,
            answer: false,
            outer: None,
            links: Vec::new(),
            layers: Vec::new(),
            from: Vec::new(),
            parts: Box::default(),
            merged_into: None,
        }
    }

    /// Whether its outcome is known: a response, or a failure without one.
    pub fn is_answered(&self) -> bool {
        self.response_step.is_some() || self.error_told || self.seen.status.is_some() || self.seen.trouble.is_some()
    }

    /// Takes a fact's places, links, ids and layer; not its stage.
    pub fn take(&mut self, fact: &Fact) {
        self.seen.complete(&fact.seen);
        self.noted = self.noted.or(self.moment(fact));
        for link in &fact.links {
            if !self.links.contains(link) {
                self.links.reserve_exact(1);
                self.links.push(link.clone());
            }
        }
        self.note(fact.place);
        let own = || fact.seen.ids.iter().find(|id| id.kind == IdKind::GatewayRequest).map(|id| id.value.clone());
        let id = fact.seen.request_id.clone().filter(|_| fact.layer == Layer::Client).or_else(own);
        let (status, elapsed_ms, endpoint) = (fact.seen.status, fact.seen.elapsed_ms, fact.seen.endpoint.clone());
        self.layer(LayerView {
            layer: fact.layer,
            dialect: fact.dialect,
            status,
            elapsed_ms,
            endpoint,
            id,
            from: fact.place,
        });
    }

    /// The time of a fact, on the clock of its lane.
    pub fn moment(&self, fact: &Fact) -> Option<Moment> {
        fact.time.map(|time| Moment { lane: self.lane, order: self.order, time, inherited: fact.time_inherited })
    }

    /// Gives it, and the times of its source, a place in the order.
    pub fn stand(&mut self, order: u32) {
        self.order = order;
        for moment in [&mut self.begun, &mut self.ended, &mut self.noted].into_iter().flatten() {
            moment.order = order;
        }
    }

    /// The layer that is nearest to the provider and saw it.
    pub fn layer_of(&self) -> Layer {
        self.layers.iter().map(|v| v.layer).max().unwrap_or(Layer::Client)
    }

    fn note(&mut self, place: Place) {
        if self.from.len() < MAX_PLACES && !self.from.contains(&place) {
            // most have one or two: no room for more
            self.from.reserve_exact(1);
            self.from.push(place);
        }
    }

    fn layer(&mut self, view: LayerView) {
        let same = |known: &&mut LayerView| {
            known.from.input == view.from.input && (known.layer == view.layer || known.dialect == view.dialect)
        };
        match self.layers.iter_mut().find(same) {
            Some(known) => {
                known.layer = known.layer.max(view.layer);
                known.status = known.status.or(view.status);
                known.elapsed_ms = known.elapsed_ms.or(view.elapsed_ms);
                known.endpoint = known.endpoint.take().or(view.endpoint);
                known.id = known.id.take().or(view.id);
            }
            None => {
                // most attempts have one: no room for more
                self.layers.reserve_exact(1);
                self.layers.push(view);
            }
        }
    }

    /// What a gateway's client saw is the gateway's, not the provider's: its status, how long it waited, and,
    /// where there were attempts before, when it began.
    fn set_apart(&mut self, other: &mut Draft) {
        let outer = self.outer.get_or_insert_default();
        outer.status = outer.status.or(other.seen.status.take());
        outer.endpoint = outer.endpoint.take().or_else(|| other.seen.endpoint.clone());
        (other.seen.status, other.seen.elapsed_ms) = (None, None);
        if self.seen.earlier.is_some_and(|n| n > 0) {
            other.begun = None;
        }
    }

    /// Takes over another draft of the same attempt. What this one shows stays.
    pub fn absorb(&mut self, mut other: Draft) {
        let noted = other.noted.filter(|_| other.lane != self.lane);
        if self.layer_of() == Layer::Gateway && other.layer_of() < Layer::Gateway {
            self.set_apart(&mut other);
        }
        self.outer = self.outer.take().or(other.outer.take());
        if noted.is_some() || !other.elsewhere.is_empty() {
            self.elsewhere = self.elsewhere.iter().copied().chain(noted).chain(other.elsewhere).collect();
        }
        self.seen.complete(&other.seen);
        // a beginning that was logged beats one that was reckoned
        let reckoned = self.begun.is_none_or(|b| b.inherited);
        self.begun = other.begun.filter(|b| reckoned && !b.inherited).or(self.begun).or(other.begun);
        self.ended = self.ended.or(other.ended);
        self.noted = self.noted.or(other.noted);
        self.begin_step = self.begin_step.max(other.begin_step);
        self.response_step = self.response_step.max(other.response_step);
        self.error_told |= other.error_told;
        self.whole_told |= other.whole_told;
        self.follows |= other.follows;
        self.retried |= other.retried;
        for link in other.links {
            if !self.links.contains(&link) {
                self.links.push(link);
            }
        }
        for place in other.from {
            self.note(place);
        }
        for view in other.layers {
            self.layer(view);
        }
        if !other.parts.is_empty() {
            self.parts = std::mem::take(&mut self.parts).into_iter().chain(other.parts).collect();
        }
    }
}

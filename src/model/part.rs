//! What one source told of one attempt, before it was compared with what others told.
//!
//! Work is split here: a log is read by itself into parts, wherever it is; parts come together in one place.
//! Whatever joins the logs of an incident looks at nothing else, so that the parts of several runs and the
//! logs themselves give the same calls.

use super::attempt::LayerView;
use super::clean::Clean;
use super::fact::Link;
use super::place::Place;
use super::seen::Seen;
use crate::literal::Timestamp;

/// A part of an attempt: one source's.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The number of its log.
    pub log: u32,
    /// Which of the log's sources.
    pub source: u32,
    /// Minutes that zoneless times of the log are ahead of UTC, where whoever read it said so.
    pub zone_min: Option<i16>,
    /// Its place in the order in which the run came to know of it.
    pub order: u32,
    /// What the source showed.
    pub seen: Seen,
    /// When it began, as far as that was told.
    pub begun: Option<When>,
    /// When it was over.
    pub ended: Option<When>,
    /// The first time of any record about it.
    pub noted: Option<When>,
    /// Whether the error was told as the caller saw it.
    pub error_told: bool,
    /// Whether another attempt was said to follow.
    pub retried: bool,
    /// Whether it is what a server says that it answered.
    pub answer: bool,
    /// Of a gateway's attempt: what its client called, and got.
    pub outer: Option<Outer>,
    /// What it shares with parts that others tell.
    pub links: Vec<Link>,
    /// Whose views the source gave.
    pub layers: Vec<LayerView>,
    /// Where it is told, in order.
    pub from: Vec<Place>,
    /// Other parts of the source that are of the same call.
    pub kin: Vec<Kin>,
}

/// A time as its log printed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The time.
    pub time: Timestamp,
    /// Whether it is that of an earlier record, or was reckoned from another.
    pub inherited: bool,
}

/// What the client of a gateway called, and got.
#[derive(Clone, Debug, Default)]
pub struct Outer {
    /// The status it got.
    pub status: Option<u16>,
    /// The path it called.
    pub endpoint: Option<Clean>,
}

/// Another part of the same source and the same call.
#[derive(Clone, Copy, Debug)]
pub struct Kin {
    /// Its place in the order; not behind that of the part which names it.
    pub order: u32,
    /// Why they are of one call.
    pub reason: &'static str,
    /// Whether that is certain.
    pub certain: bool,
}

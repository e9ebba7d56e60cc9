//! Attempts and calls: what facts become.

use super::clean::Clean;
use super::fact::Layer;
use super::part::Part;
use super::place::Place;
use super::seen::Seen;
use crate::literal::Timestamp;

/// One HTTP request and what came back.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it began, or, where no log shows that, when the log first tells of it: milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// How the time is known.
    pub at_basis: AtBasis,
    /// The time as printed, where the log does not tell which day it was.
    pub clock: Option<Timestamp>,
    /// When its response came, or the lack of one was certain.
    pub end_ms: Option<i64>,
    /// Whether no log shows it: a later attempt says how many there were before it.
    pub counted: bool,
    /// What is known of it.
    pub seen: Seen,
    /// What each layer saw, where more than one logged it.
    pub layers: Vec<LayerView>,
    /// Where the logs tell of it, in order.
    pub from: Vec<Place>,
    /// What each source told of it, where that was asked for.
    pub parts: Box<[Part]>,
}

/// How the time of an attempt is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum AtBasis {
    /// The log says it, zone and all.
    Observed,
    /// From other things in the log: a `Date` header, a neighbour's zone, an id.
    Derived,
    /// The zone was given on the command line.
    Supplied,
    /// The log does not show the zone or the year; the usual ones were taken.
    Assumed,
    /// Not at all.
    #[default]
    Unknown,
}

impl AtBasis {
    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AtBasis::Observed => "observed",
            AtBasis::Derived => "derived",
            AtBasis::Supplied => "supplied",
            AtBasis::Assumed => "assumed",
            AtBasis::Unknown => "unknown",
        }
    }
}

/// One layer's view of an attempt.
#[derive(Clone, Debug)]
pub struct LayerView {
    /// Whose.
    pub layer: Layer,
    /// The dialect of its log.
    pub dialect: &'static str,
    /// The status it saw.
    pub status: Option<u16>,
    /// The path that was called there.
    pub endpoint: Option<Clean>,
    /// Its own id of the request.
    pub id: Option<Clean>,
    /// The time it took there, in milliseconds.
    pub elapsed_ms: Option<u64>,
    /// Where it says so.
    pub from: Place,
}

/// One operation as the caller saw it: all its attempts.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its number in the run, from 1, in order of time.
    pub id: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// In order.
    pub attempts: Vec<Attempt>,
    /// Why its attempts are known to be one call, each reason once.
    pub joined_by: Vec<&'static str>,
    /// Why they may not be: the log does not tell which of several calls an attempt belongs to.
    pub ambiguous: Option<&'static str>,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Its last attempt failed.
    Failed,
    /// An attempt failed, a later one succeeded.
    Recovered,
    /// It succeeded at once.
    Ok,
    /// The log ends or says nothing before the end.
    Unknown,
}

impl Outcome {
    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Failed => "failed",
            Outcome::Recovered => "recovered",
            Outcome::Ok => "ok",
            Outcome::Unknown => "unknown",
        }
    }
}

//! What two log handlers print of one record.
//!
//! A library that brings a handler of its own, beside the program's, prints each record twice, in two formats.
//! The facts are the same, and so is the moment; only the time is written in another way. Two attempts that
//! look alike are written by one handler, in one way.

use crate::literal::{Timestamp, Unit};
use crate::model::Fact;

/// So many milliseconds may lie between the two, beside what the coarser of their times leaves open.
const NEAR: i64 = 250;
/// One of the two may not write the day.
const DAY: i64 = 86_400_000;

/// The fact that was told last.
#[derive(Debug, Default)]
pub(super) struct Double {
    last: Option<Fact>,
}

impl Double {
    /// Whether the fact is the last one told again by another handler.
    pub fn repeats(&mut self, fact: &Fact) -> bool {
        let repeated = self.last.as_ref().is_some_and(|last| is_same(last, fact));
        // of three handlers each repeats the one before
        self.last = Some(fact.clone());
        repeated
    }
}

fn is_same(a: &Fact, b: &Fact) -> bool {
    let (Some(first), Some(second)) = (a.time, b.time) else { return false };
    let coarser = first.unit.max(second.unit);
    let open = match coarser {
        Unit::Millisecond => 0,
        Unit::Second => 1_000,
        Unit::Minute => 60_000,
    };
    let style = |t: Timestamp, inherited| (t.unit, t.missing, t.offset_min.is_some(), inherited);
    let other_style = style(first, a.time_inherited) != style(second, b.time_inherited);
    let near = (first.local_ms % DAY - second.local_ms % DAY).abs() <= NEAR + open;
    let same = a.dialect == b.dialect && a.stage == b.stage && a.links == b.links && a.seen == b.seen;
    other_style && near && same
}

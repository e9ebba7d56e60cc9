//! What the clocks of the logs leave open: the zone, the date, the year.
//!
//! Libraries print local time without a zone, or the time of day alone. The same log often holds a clock
//! that says everything: a response's `Date` header, an id that carries time, the log of another layer that
//! saw the same request. What follows from those is derived; what does not is assumed, and says so.

use super::draft::{Draft, Moment};
use crate::literal::{Missing, Timestamp};
use crate::model::AtBasis;
use chrono::{DateTime, Datelike, NaiveDate};

const DAY: i64 = 86_400_000;
/// Zones are a multiple of so many minutes away from UTC.
const STEP: i64 = 15;
/// A log line may be so much later than the server's clock, in milliseconds, and still tell the zone.
const MAX_LAG: i64 = 7 * 60_000;

/// What is assumed where nothing shows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Assumptions {
    /// Minutes that zoneless times are ahead of UTC; UTC where it is not given.
    pub offset_min: Option<i16>,
    /// When the logs are read: the year of times without one is the latest that is not after this.
    pub now_ms: i64,
}

/// A time in a log beside the same moment on a clock that says everything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub order: u32,
    pub local: Timestamp,
    /// Whether the log's time is that of an earlier record that names its zone: it tells nothing of those that do not.
    pub stale: bool,
    pub utc_ms: i64,
}

/// The clock of one source.
#[derive(Debug, Default)]
pub(super) struct Clock {
    samples: Vec<Sample>,
    offset_min: Option<i16>,
    named_min: Option<i16>,
}

impl Clock {
    /// One of which nothing is known but, perhaps, the zone that somebody named for this source alone.
    pub fn in_zone(named_min: Option<i16>) -> Self {
        Self { named_min, ..Self::default() }
    }

    /// Learns from samples, in order.
    pub fn learn(&mut self, samples: Vec<Sample>) {
        let mut votes: Vec<(i16, usize)> = Vec::new();
        for offset in samples.iter().filter(|s| !s.stale).filter_map(Sample::offset_min) {
            match votes.iter_mut().find(|(known, _)| *known == offset) {
                Some((_, n)) => *n += 1,
                None => votes.push((offset, 1)),
            }
        }
        self.offset_min = votes.iter().max_by_key(|(_, n)| *n).map(|(offset, _)| *offset);
        self.samples = samples;
    }

    /// Whether samples from ids tell the same zone, every one of them; where the log does not show the date, it
    /// takes several on about the same day, since any one agrees with some day.
    pub fn agree(samples: &[Sample]) -> bool {
        let mut offsets = samples.iter().map(Sample::offset_min);
        let same = match offsets.next() {
            Some(Some(first)) => offsets.all(|o| o == Some(first)),
            _ => false,
        };
        let days = || {
            let times = samples.iter().map(|s| s.utc_ms);
            samples.len() > 1 && times.clone().max().zip(times.min()).is_some_and(|(last, first)| last - first <= DAY)
        };
        same && (samples.iter().all(|s| s.local.missing == Missing::Nothing) || days())
    }

    /// Whether anything was learned.
    pub fn knows(&self) -> bool {
        !self.samples.is_empty()
    }

    /// The moment in UTC, and how it is known.
    pub fn utc(&self, moment: &Moment, assumed: &Assumptions) -> Option<(i64, AtBasis)> {
        let (utc, basis) = self.told(moment, assumed)?;
        Some((utc, if moment.inherited { basis.max(AtBasis::Derived) } else { basis }))
    }

    fn told(&self, moment: &Moment, assumed: &Assumptions) -> Option<(i64, AtBasis)> {
        let time = moment.time;
        if let Some(utc) = time.utc_ms() {
            return Some((utc, AtBasis::Observed));
        }
        let (offset, basis) = match (time.offset_min, self.offset_min, self.named_min.or(assumed.offset_min)) {
            (Some(offset), _, _) => (offset, AtBasis::Observed),
            (None, Some(offset), _) => (offset, AtBasis::Derived),
            (None, None, Some(offset)) => (offset, AtBasis::Supplied),
            (None, None, None) => (0, AtBasis::Assumed),
        };
        let utc = time.local_ms - i64::from(offset) * 60_000;
        match time.missing {
            Missing::Nothing => Some((utc, basis)),
            Missing::Year => Some(self.with_year(moment, utc, basis, assumed)),
            Missing::Date => {
                let near = self.near(moment.order)?;
                let days = (near.utc_ms - utc + DAY / 2).div_euclid(DAY);
                Some((utc + days * DAY, basis.max(AtBasis::Derived)))
            }
        }
    }

    fn with_year(&self, moment: &Moment, utc: i64, basis: AtBasis, assumed: &Assumptions) -> (i64, AtBasis) {
        let in_year = |year: i32| {
            NaiveDate::from_ymd_opt(year, 1, 1).map(|first| {
                // printed days were counted in a leap year
                let leap = NaiveDate::from_ymd_opt(year, 2, 29).is_none() && utc >= 59 * DAY;
                first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis() + utc - if leap { DAY } else { 0 }
            })
        };
        let year = |ms: i64| DateTime::from_timestamp_millis(ms).map_or(1970, |t| t.year());
        match self.near(moment.order) {
            Some(near) => {
                let best =
                    (-1..=1).filter_map(|d| in_year(year(near.utc_ms) + d)).min_by_key(|at| (at - near.utc_ms).abs());
                (best.unwrap_or(utc), basis.max(AtBasis::Derived))
            }
            None => {
                let this = in_year(year(assumed.now_ms)).unwrap_or(utc);
                let at =
                    if this > assumed.now_ms + DAY { in_year(year(assumed.now_ms) - 1).unwrap_or(this) } else { this };
                (at, AtBasis::Assumed)
            }
        }
    }

    /// The sample last seen before a place in the order.
    fn near(&self, order: u32) -> Option<&Sample> {
        let after = self.samples.partition_point(|s| s.order <= order);
        self.samples.get(after.saturating_sub(1))
    }
}

impl Sample {
    /// Minutes that the log's clock is ahead of UTC, if the two times can be of one moment.
    fn offset_min(&self) -> Option<i16> {
        let ahead = match self.local.missing {
            Missing::Nothing => self.local.local_ms - self.utc_ms,
            Missing::Date => {
                let ahead = (self.local.local_ms - self.utc_ms.rem_euclid(DAY)).rem_euclid(DAY);
                if ahead > 14 * 3_600_000 { ahead - DAY } else { ahead }
            }
            Missing::Year => {
                let of_day = self.local.local_ms.rem_euclid(DAY);
                let ahead = (of_day - self.utc_ms.rem_euclid(DAY)).rem_euclid(DAY);
                if ahead > 14 * 3_600_000 { ahead - DAY } else { ahead }
            }
        };
        let step = STEP * 60_000;
        // logged after the server spoke: a little late, hardly early
        let steps = (ahead + step / 2).div_euclid(step);
        let lag = ahead - steps * step;
        let minutes = steps * STEP;
        (lag.abs() <= MAX_LAG && (-12 * 60..=14 * 60).contains(&minutes)).then(|| i16::try_from(minutes).ok()).flatten()
    }
}

/// When an attempt ended or was first told of, in UTC.
pub(super) fn utc_of(draft: &Draft, clocks: &[Clock], assumed: &Assumptions) -> Option<(i64, AtBasis)> {
    let moment = draft.ended.or(draft.noted)?;
    clocks.get(moment.lane)?.utc(&moment, assumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::begins(text.as_bytes()).unwrap().0
    }

    fn moment(text: &str) -> Moment {
        Moment { lane: 0, order: 0, time: time(text), inherited: false }
    }

    fn sample(local: &str, utc: &str) -> Sample {
        Sample { order: 0, local: time(local), stale: false, utc_ms: time(utc).utc_ms().unwrap() }
    }

    fn of(samples: Vec<Sample>) -> Clock {
        let mut clock = Clock::default();
        clock.learn(samples);
        clock
    }

    fn at(clock: &Clock, text: &str, assumed: Assumptions) -> (String, AtBasis) {
        let (ms, basis) = clock.utc(&moment(text), &assumed).unwrap();
        (Timestamp::rfc3339(ms), basis)
    }

    #[test]
    fn a_date_header_gives_the_zone() {
        let clock = of(vec![sample("2026-11-21 01:44:03,120", "Sat, 21 Nov 2026 06:44:02 GMT")]);
        assert_eq!(
            at(&clock, "2026-11-21 01:45:00", Assumptions::default()),
            ("2026-11-21T06:45:00.000Z".to_owned(), AtBasis::Derived)
        );
    }

    #[test]
    fn and_the_date() {
        let clock = of(vec![sample("23:59:58", "Sat, 21 Nov 2026 22:59:58 GMT")]);
        assert_eq!(at(&clock, "00:00:01", Assumptions::default()).0, "2026-11-21T23:00:01.000Z");
        assert!(Clock::default().utc(&moment("00:00:01"), &Assumptions::default()).is_none());
    }

    #[test]
    fn and_the_year() {
        let clock = of(vec![sample("Dec 31 23:59:59", "Thu, 01 Jan 2026 00:00:00 GMT")]);
        assert_eq!(
            at(&clock, "Dec 31 23:59:50", Assumptions::default()),
            ("2025-12-31T23:59:50.000Z".to_owned(), AtBasis::Derived)
        );
        let assumed = Assumptions { offset_min: None, now_ms: time("2026-03-01T00:00:00Z").utc_ms().unwrap() };
        assert_eq!(
            at(&Clock::default(), "Nov 21 06:28:07", assumed),
            ("2025-11-21T06:28:07.000Z".to_owned(), AtBasis::Assumed)
        );
    }

    #[test]
    fn what_is_not_shown_is_assumed() {
        let supplied = Assumptions { offset_min: Some(60), now_ms: 0 };
        assert_eq!(
            at(&Clock::default(), "2026-11-21 06:28:07", supplied),
            ("2026-11-21T05:28:07.000Z".to_owned(), AtBasis::Supplied)
        );
        assert_eq!(at(&Clock::default(), "2026-11-21 06:28:07", Assumptions::default()).1, AtBasis::Assumed);
        assert_eq!(
            at(&Clock::in_zone(Some(120)), "2026-11-21 06:28:07", supplied),
            ("2026-11-21T04:28:07.000Z".to_owned(), AtBasis::Supplied)
        );
        assert_eq!(at(&Clock::default(), "2026-11-21 06:28:07Z", Assumptions::default()).1, AtBasis::Observed);
    }
}

//! Times as programs print them: with and without date, year, zone and fraction.

mod read;

use super::span::Span;
use chrono::{DateTime, NaiveDate};

/// How far into a record its own time may stand.
const MAX_HEAD: usize = 96;
/// The beginning of the year 2000: days without a year are counted in a leap year.
const LEAP_YEAR: i64 = 946_684_800_000;
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// A time as it stands in a log, with what it leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Milliseconds since 1970 on the clock that printed it; since midnight where the date is missing, since
    /// the beginning of the year where the year is.
    pub local_ms: i64,
    /// Minutes that this clock is ahead of UTC, where it says.
    pub offset_min: Option<i16>,
    /// What it leaves open.
    pub missing: Missing,
    /// The unit of its last digit.
    pub unit: Unit,
}

/// What a printed time leaves open, besides the zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Nothing.
    #[default]
    Nothing,
    /// `Nov 21 06:28:07`
    Year,
    /// `06:28:07`
    Date,
}

/// The unit of a time's last digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Milliseconds or finer.
    Millisecond,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
}

impl Timestamp {
    /// The time in UTC, where it leaves nothing open.
    #[must_use]
    pub fn utc_ms(&self) -> Option<i64> {
        let offset = self.offset_min.filter(|_| self.missing == Missing::Nothing)?;
        Some(self.local_ms - i64::from(offset) * 60_000)
    }

    /// The time that begins a text: `2026-11-21T06:26:42.123Z`, `21/Nov/2026:06:33:48 +0000`,
    /// `Sat, 21 Nov 2026 06:28:34 GMT`, `Nov 21 06:28:07`, `11/21/2026, 6:35:55 AM`, `06:36:27`. Gives
    /// its length too.
    #[must_use]
    pub fn begins(text: &[u8]) -> Option<(Self, usize)> {
        read::begins(text)
    }

    /// The time in the head of a record: the first that stands free there; one without a date only where
    /// no other does, and only at the very front.
    #[must_use]
    pub fn find(record: &[u8]) -> Option<(Self, Span)> {
        let head = record.get(..record.len().min(MAX_HEAD))?;
        let head = head.get(..memchr::memchr(b'\n', head).unwrap_or(head.len()))?;
        let mut bare = None;
        let mut before = b' ';
        for (at, &b) in head.iter().enumerate() {
            let free = matches!(before, b' ' | b'[' | b'(' | b'"' | b'\'' | b'|' | b'<' | b'=' | b'\t');
            before = b;
            if !free || !(b.is_ascii_digit() || b.is_ascii_uppercase()) {
                continue;
            }
            // the record is longer than its head: a time may end beyond it
            match Self::begins(record.get(at..)?) {
                Some((stamp, len)) if stamp.missing == Missing::Date && at <= 16 => {
                    bare.get_or_insert((stamp, Span::new(at, at + len)));
                }
                Some((stamp, len)) => return Some((stamp, Span::new(at, at + len))),
                None => {}
            }
        }
        bare
    }

    /// A number of seconds, milliseconds, microseconds or nanoseconds since 1970, told by its size; only
    /// from 2001 to 2100.
    #[must_use]
    pub fn epoch(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?.trim();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if whole.len() > 19
            || !whole.bytes().all(|b| b.is_ascii_digit())
            || !fraction.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let number: i64 = whole.parse().ok()?;
        let (ms, unit) = match whole.len() {
            10 => {
                let thousandths = fraction.bytes().chain(*b"000").take(3).fold(0, |n, b| n * 10 + i64::from(b - b'0'));
                (number * 1000 + thousandths, if fraction.is_empty() { Unit::Second } else { Unit::Millisecond })
            }
            13 => (number, Unit::Millisecond),
            16 => (number / 1000, Unit::Millisecond),
            19 => (number / 1_000_000, Unit::Millisecond),
            _ => return None,
        };
        (ms < 4_102_444_800_000).then_some(Self { local_ms: ms, offset_min: Some(0), missing: Missing::Nothing, unit })
    }

    /// As RFC 3339 in UTC with milliseconds; for times outside of chrono's range, an empty text.
    #[must_use]
    pub fn rfc3339(utc_ms: i64) -> String {
        DateTime::from_timestamp_millis(utc_ms)
            .map(|t| t.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
            .unwrap_or_default()
    }

    /// As a text that [`Timestamp::begins`] reads as this time, with milliseconds; what it leaves open stays open.
    #[must_use]
    pub fn printed(&self) -> String {
        let (ms, form) = match self.missing {
            Missing::Nothing => (self.local_ms, "%Y-%m-%dT%H:%M:%S%.3f"),
            Missing::Year => (self.local_ms.saturating_add(LEAP_YEAR), "%b %d %H:%M:%S%.3f"),
            Missing::Date => (self.local_ms.rem_euclid(DAY), "%H:%M:%S%.3f"),
        };
        let time = DateTime::from_timestamp_millis(ms).map(|t| t.format(form).to_string()).unwrap_or_default();
        match self.offset_min {
            None => time,
            Some(0) => time + "Z",
            Some(ahead) => {
                let (sign, minutes) = (if ahead < 0 { '-' } else { '+' }, ahead.unsigned_abs());
                format!("{time}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }

    fn dated(date: NaiveDate, (ms, unit): (i64, Unit), offset_min: Option<i16>) -> Self {
        let days = date.signed_duration_since(NaiveDate::default()).num_days();
        Self { local_ms: days * DAY + ms, offset_min, missing: Missing::Nothing, unit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<String> {
        Timestamp::begins(text.as_bytes()).and_then(|(stamp, _)| stamp.utc_ms()).map(Timestamp::rfc3339)
    }

    #[test]
    fn reads_the_shapes_that_say_everything() {
        for text in [
            "2026-11-21T06:26:42.057Z",
            "2026-11-21T07:26:42.057123+01:00",
            "2026-11-21 01:26:42,057 -0500",
            "21/Nov/2026:06:26:42.057 +0000",
            "20261121T062642Z",
            "21-Nov-2026 06:26:42.057 UTC",
            "21.11.2026 06:26:42 +0000",
        ] {
            assert!(utc(text).is_some_and(|t| t.starts_with("2026-11-21T06:26:42")), "{text}: {:?}", utc(text));
        }
        assert_eq!(utc("Sat, 21 Nov 2026 06:28:34 GMT").as_deref(), Some("2026-11-21T06:28:34.000Z"));
    }

    #[test]
    fn says_what_is_missing() {
        let stamp =
            |text: &str| Timestamp::begins(text.as_bytes()).map(|(s, len)| (s.missing, s.offset_min, s.unit, len));
        assert_eq!(stamp("2026-11-21 06:26:42 - x"), Some((Missing::Nothing, None, Unit::Second, 19)));
        assert_eq!(stamp("2026/11/21 06:33:51 [error]"), Some((Missing::Nothing, None, Unit::Second, 19)));
        assert_eq!(stamp("Nov 21 06:28:07 host"), Some((Missing::Year, None, Unit::Second, 15)));
        assert_eq!(stamp("06:33:41.552645 => Send"), Some((Missing::Date, None, Unit::Millisecond, 15)));
        assert_eq!(stamp("11/21/2026, 6:35:55 AM\""), Some((Missing::Nothing, None, Unit::Second, 22)));
        assert_eq!(stamp("11/21/2026, 6:35:55 PM").map(|s| s.0), Some(Missing::Nothing));
        assert_eq!(stamp("E1121 06:26:42.057123   1 x.go:9]"), Some((Missing::Year, None, Unit::Millisecond, 21)));
        assert_eq!(stamp("E1121 x"), None);
        assert_eq!(stamp("10.20.3000.1"), None);
        assert_eq!(stamp("12:30"), None);
        assert_eq!(stamp("2026-11-21"), None);
        assert_eq!(stamp("25:00:00"), None);
    }

    #[test]
    fn what_is_printed_reads_back() {
        for text in [
            "2026-11-21T07:26:42.057123+01:00",
            "2026-11-21 01:26:42,057 -0530",
            "2026-11-21 06:26:42",
            "2026-11-21T06:26Z",
            "Feb 29 06:28:07",
            "Dec 31 23:59:59 GMT",
            "06:33:41.552645",
            "06:33:41Z",
            "1795242246.338",
        ] {
            let read = |text: &str| {
                let time = Timestamp::begins(text.as_bytes()).map(|(t, _)| t).or(Timestamp::epoch(text.as_bytes()))?;
                Some((time.local_ms, time.offset_min, time.missing, time.printed()))
            };
            let first = read(text).unwrap();
            assert_eq!(read(&first.3).as_ref(), Some(&first), "{text}");
        }
    }

    #[test]
    fn finds_the_time_of_a_record() {
        let found = |text: &str| {
            Timestamp::find(text.as_bytes())
                .map(|(_, span)| String::from_utf8_lossy(span.of(text.as_bytes())).into_owned())
        };
        assert_eq!(found("[2026-11-21 06:26:42 - httpx:1 - INFO] x").as_deref(), Some("2026-11-21 06:26:42"));
        assert_eq!(found("127.0.0.1:34392 [21/Nov/2026:06:33:57.043] fe").as_deref(), Some("21/Nov/2026:06:33:57.043"));
        assert_eq!(found("[06:32:53] INFO     HTTP Request").as_deref(), Some("06:32:53"));
        assert_eq!(found("06:36:27 - LiteLLM:DEBUG: x 2026-11-21T06:26:42Z").as_deref(), Some("2026-11-21T06:26:42Z"));
        assert_eq!(found("no time here, Error code: 500"), None);
        assert_eq!(found("INFO:     127.0.0.1:60170 - x"), None);
    }

    #[test]
    fn the_size_of_a_number_tells_its_unit() {
        let ms = |text: &str| Timestamp::epoch(text.as_bytes()).map(|s| s.local_ms);
        assert_eq!(ms("1795242246"), Some(1_795_242_246_000));
        assert_eq!(ms("1795242246.338"), Some(1_795_242_246_338));
        assert_eq!(ms("1795242246338"), Some(1_795_242_246_338));
        assert_eq!(ms("1795242246338123"), Some(1_795_242_246_338));
        assert_eq!(ms("1795242246338123456"), Some(1_795_242_246_338));
        assert_eq!(ms("12345"), None);
        assert_eq!(ms("9999999999"), None);
    }
}

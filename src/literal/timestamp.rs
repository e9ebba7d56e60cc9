//! Times as programs print them: with and without date, year, zone and fraction.

use super::span::Span;
use chrono::{DateTime, NaiveDate};

/// How far into a record its own time may stand.
const MAX_HEAD: usize = 96;
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

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
        let first = *text.first()?;
        let mut read = Read { text, at: 0 };
        if first.is_ascii_digit() {
            let digits = text.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
            match (digits, text.get(digits)?) {
                (4, b'-' | b'/') => read.iso(),
                (1 | 2, b'/') => read.slashes(),
                (1 | 2, b':') => read.time_only(),
                (1 | 2, b' ') => read.day_first(),
                (8, b'T') => read.basic(),
                _ => None,
            }
        } else if first.is_ascii_uppercase() {
            read.words()
        } else {
            None
        }
        .map(|stamp| (stamp, read.at))
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

    fn dated(date: NaiveDate, (ms, unit): (i64, Unit), offset_min: Option<i16>) -> Self {
        let days = date.signed_duration_since(NaiveDate::default()).num_days();
        Self { local_ms: days * DAY + ms, offset_min, missing: Missing::Nothing, unit }
    }
}

/// Reads a time from left to right.
struct Read<'t> {
    text: &'t [u8],
    at: usize,
}

impl Read<'_> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn skip(&mut self, any_of: &[u8]) -> Option<()> {
        if !any_of.contains(&self.peek()) {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// A number of `least..=most` digits, and none behind it.
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let digits = self.text.get(self.at..)?.iter().take(most + 1).take_while(|b| b.is_ascii_digit()).count();
        if !(least..=most).contains(&digits) {
            return None;
        }
        let value = self.text.get(self.at..self.at + digits)?.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        self.at += digits;
        Some(value)
    }

    fn month(&mut self) -> Option<u32> {
        let name = self.text.get(self.at..self.at + 3)?;
        let month = MONTHS.iter().position(|m| name.eq_ignore_ascii_case(m))?;
        self.at += 3;
        Some(month as u32 + 1)
    }

    /// `06:26:42`, `06:26:42,123`, `6:35:55 AM`, `06:26`: milliseconds since midnight.
    fn time(&mut self) -> Option<(i64, Unit)> {
        let mut hour = self.number(1, 2)?;
        self.skip(b":")?;
        let minute = self.number(2, 2)?;
        let (mut ms, mut unit) = (0, Unit::Minute);
        let mut second = 0;
        if self.peek() == b':' {
            self.at += 1;
            second = self.number(2, 2)?;
            unit = Unit::Second;
            let behind = self.text.get(self.at + 1).is_some_and(u8::is_ascii_digit);
            if matches!(self.peek(), b'.' | b',') && behind {
                self.at += 1;
                let digits = self.text.get(self.at..)?.iter().take_while(|b| b.is_ascii_digit()).count();
                let fraction = self.text.get(self.at..self.at + digits)?;
                ms = fraction.iter().chain(b"000").take(3).fold(0, |n, b| n * 10 + i64::from(b - b'0'));
                self.at += digits;
                unit = if digits < 3 { Unit::Second } else { Unit::Millisecond };
            }
        }
        // some locales part the half of the day with a no-break space
        let rest = self.text.get(self.at..)?;
        let gap = if rest.starts_with("\u{202f}".as_bytes()) { 3 } else { usize::from(rest.first() == Some(&b' ')) };
        let half = rest.get(gap..gap + 2).unwrap_or_default();
        let is_word = rest.get(gap + 2).is_some_and(u8::is_ascii_alphanumeric);
        if !is_word
            && (half.eq_ignore_ascii_case(b"AM") || half.eq_ignore_ascii_case(b"PM"))
            && (1..=12).contains(&hour)
        {
            hour = hour % 12 + if half.eq_ignore_ascii_case(b"PM") { 12 } else { 0 };
            self.at += gap + 2;
        }
        let valid = hour < 24 && minute < 60 && second <= 60;
        valid.then(|| (i64::from(hour * 3600 + minute * 60 + second) * 1000 + ms, unit))
    }

    /// `Z`, `+00:00`, `-0500`, ` +0000`, ` UTC`, ` GMT`.
    fn zone(&mut self) -> Option<i16> {
        let rest = self.text.get(self.at..)?;
        let gap = usize::from(rest.first() == Some(&b' '));
        let rest = rest.get(gap..)?;
        let ends = |at: usize| !rest.get(at).is_some_and(u8::is_ascii_alphanumeric);
        if rest.first() == Some(&b'Z') && ends(1) && gap == 0 {
            self.at += 1;
            return Some(0);
        }
        if (rest.starts_with(b"UTC") || rest.starts_with(b"GMT")) && ends(3) {
            self.at += gap + 3;
            return Some(0);
        }
        let sign = match rest.first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let mut read = Read { text: rest, at: 1 };
        let (hours, minutes) = match read.number(2, 2) {
            Some(hours) if read.peek() == b':' => {
                read.at += 1;
                (hours, read.number(2, 2)?)
            }
            Some(hours) if gap == 0 => (hours, 0),
            Some(_) => return None,
            None => {
                let both = read.number(4, 4)?;
                (both / 100, both % 100)
            }
        };
        if hours > 14 || minutes > 59 {
            return None;
        }
        self.at += gap + read.at;
        i16::try_from(sign * (hours * 60 + minutes) as i32).ok()
    }

    /// `2026-11-21T06:26:42,123+01:00`, `2026/11/21 06:33:51`.
    fn iso(&mut self) -> Option<Timestamp> {
        let year = self.number(4, 4)?;
        self.skip(b"-/")?;
        let month = self.number(2, 2)?;
        self.skip(b"-/")?;
        let day = self.number(2, 2)?;
        self.skip(b"T t_")?;
        self.finish(year, month, day)
    }

    /// `20261121T062642Z`
    fn basic(&mut self) -> Option<Timestamp> {
        let date = self.number(8, 8)?;
        self.skip(b"T")?;
        let time = self.number(6, 6)?;
        let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100);
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let ms = i64::from(hour * 3600 + minute * 60 + second) * 1000;
        let date = NaiveDate::from_ymd_opt((date / 10_000) as i32, date / 100 % 100, date % 100)?;
        let offset = self.zone();
        Some(Timestamp::dated(date, (ms, Unit::Second), offset))
    }

    /// `21/Nov/2026:06:33:48.057 +0000`, `11/21/2026, 6:35:55 AM`, `11/21/26 06:32:53`.
    fn slashes(&mut self) -> Option<Timestamp> {
        let first = self.number(1, 2)?;
        self.skip(b"/")?;
        if let Some(month) = self.month() {
            self.skip(b"/")?;
            let year = self.number(4, 4)?;
            self.skip(b": ")?;
            return self.finish(year, month, first);
        }
        let second = self.number(1, 2)?;
        self.skip(b"/")?;
        let year = self.number(4, 4).or_else(|| self.number(2, 2).map(|y| 2000 + y))?;
        if self.peek() == b',' {
            self.at += 1;
        }
        self.skip(b" ")?;
        // a month stands first in the only locale that programs print so, unless it cannot be one
        let (month, day) = if first > 12 { (second, first) } else { (first, second) };
        self.finish(year, month, day)
    }

    fn finish(&mut self, year: u32, month: u32, day: u32) -> Option<Timestamp> {
        let time = self.time()?;
        let offset = self.zone();
        Some(Timestamp::dated(NaiveDate::from_ymd_opt(year as i32, month, day)?, time, offset))
    }

    fn time_only(&mut self) -> Option<Timestamp> {
        let (ms, unit) = self.time()?;
        if unit == Unit::Minute {
            return None;
        }
        Some(Timestamp { local_ms: ms, offset_min: self.zone(), missing: Missing::Date, unit })
    }

    /// `21 Nov 2026 06:28:34 GMT`
    fn day_first(&mut self) -> Option<Timestamp> {
        let day = self.number(1, 2)?;
        self.skip(b" ")?;
        let month = self.month()?;
        self.skip(b" ")?;
        let year = self.number(4, 4)?;
        self.skip(b" ")?;
        self.finish(year, month, day)
    }

    /// `Sat, 21 Nov 2026 …`, `Nov 21 06:28:07`, `Nov 21, 2026 6:28:07 AM`, `Sat Nov 21 06:28:07 2026`.
    fn words(&mut self) -> Option<Timestamp> {
        const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
        if DAYS.iter().any(|d| self.text.starts_with(d)) {
            self.at = 3;
            if self.peek() == b',' {
                self.at += 1;
            }
            self.skip(b" ")?;
            if self.peek().is_ascii_digit() {
                return self.day_first();
            }
        }
        let month = self.month()?;
        self.skip(b" ")?;
        if self.peek() == b' ' {
            self.at += 1;
        }
        let day = self.number(1, 2)?;
        if self.peek() == b',' {
            self.at += 1;
        }
        self.skip(b" ")?;
        if let Some(year) = self.number(4, 4) {
            if self.peek() == b',' {
                self.at += 1;
            }
            self.skip(b" ")?;
            return self.finish(year, month, day);
        }
        let time = self.time()?;
        let behind = Read { text: self.text, at: self.at + 1 }.number(4, 4);
        if let (b' ', Some(year)) = (self.peek(), behind) {
            self.at += 5;
            return Some(Timestamp::dated(NaiveDate::from_ymd_opt(year as i32, month, day)?, time, None));
        }
        // a leap year, so that every day exists; the year is found out later
        let date = NaiveDate::from_ymd_opt(2000, month, day)?;
        let days = date.signed_duration_since(NaiveDate::from_ymd_opt(2000, 1, 1)?).num_days();
        Some(Timestamp { local_ms: days * DAY + time.0, offset_min: self.zone(), missing: Missing::Year, unit: time.1 })
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
        assert_eq!(stamp("12:30"), None);
        assert_eq!(stamp("2026-11-21"), None);
        assert_eq!(stamp("25:00:00"), None);
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

//! The shapes of times, one function each.

use super::{DAY, Missing, Timestamp, Unit};
use chrono::NaiveDate;

const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// The time that begins a text, and its length.
pub(super) fn begins(text: &[u8]) -> Option<(Timestamp, usize)> {
    let first = *text.first()?;
    let mut read = Read { text, at: 0 };
    let digits = text.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    let stamp = match (digits, text.get(digits)?) {
        (4, b'-' | b'/') => read.iso(),
        (1 | 2, b'/') => read.slashes(),
        (1 | 2, b':') => read.time_only(),
        (1 | 2, b' ' | b'-') => read.day_first(),
        (2, b'.') => read.dots(),
        (8, b'T') => read.basic(),
        (0, b'I' | b'W' | b'E' | b'F') if text.get(1).is_some_and(u8::is_ascii_digit) => read.klog(),
        (0, _) if first.is_ascii_uppercase() => read.words(),
        _ => None,
    };
    stamp.map(|stamp| (stamp, read.at))
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

    /// `21 Nov 2026 06:28:34 GMT`, `21-Nov-2026 06:28:34.057`
    fn day_first(&mut self) -> Option<Timestamp> {
        let day = self.number(1, 2)?;
        self.skip(b" -")?;
        let month = self.month()?;
        self.skip(b" -")?;
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
        let offset = self.zone();
        without_year(month, day, time, offset)
    }

    /// `21.11.2026 06:28:07`
    fn dots(&mut self) -> Option<Timestamp> {
        let day = self.number(2, 2)?;
        self.skip(b".")?;
        let month = self.number(2, 2)?;
        self.skip(b".")?;
        let year = self.number(4, 4)?;
        if self.peek() == b',' {
            self.at += 1;
        }
        self.skip(b" ")?;
        self.finish(year, month, day)
    }

    /// `E1121 06:28:07.057123`: how Go's klog and glog begin a line, the level first.
    fn klog(&mut self) -> Option<Timestamp> {
        self.at = 1;
        let date = self.number(4, 4)?;
        self.skip(b" ")?;
        let time = self.time().filter(|(_, unit)| *unit == Unit::Millisecond)?;
        without_year(date / 100, date % 100, time, None)
    }
}

/// In a leap year, so that every day exists; the year is found out later.
fn without_year(month: u32, day: u32, (ms, unit): (i64, Unit), offset_min: Option<i16>) -> Option<Timestamp> {
    let date = NaiveDate::from_ymd_opt(2000, month, day)?;
    let days = date.signed_duration_since(NaiveDate::from_ymd_opt(2000, 1, 1)?).num_days();
    Some(Timestamp { local_ms: days * DAY + ms, offset_min, missing: Missing::Year, unit })
}

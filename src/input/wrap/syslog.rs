//! Journals and syslog: `Nov 21 06:28:07 host unit[pid]: text`, the same with an ISO time, and RFC 5424.

use super::cri::rfc3339;
use super::{Wrapped, Wrapper};
use crate::literal::Span;

pub(super) struct Syslog;

impl Wrapper for Syslog {
    fn id(&self) -> &'static str {
        "syslog"
    }

    fn begins(&self, first: u8) -> bool {
        first.is_ascii_digit() || first.is_ascii_uppercase() || first == b'<'
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        let start = priority(line);
        let text = line.get(start..)?;
        if let Some(text) = text.strip_prefix(b"1 ").filter(|_| start > 0) {
            return rfc5424(text, start + 2);
        }
        let time = month_time(text).or_else(|| weekday_time(text)).or_else(|| iso_time(text))?;
        let (source, payload) = host_and_unit(text.get(time + 1..)?)?;
        let payload = start + time + 1 + payload;
        let time = Some(Span::new(start, start + time));
        Some(Wrapped { source, payload: Span::new(payload.min(line.len()), line.len()), time, ..Wrapped::default() })
    }
}

/// `2026-11-21T06:28:07.123456+00:00`. A finer time is a container runtime's or a CI service's, and what follows
/// it is a program's own line.
fn iso_time(text: &[u8]) -> Option<usize> {
    let len = rfc3339(text)?;
    let dot = memchr::memchr(b'.', text.get(..len)?);
    let digits = dot.map_or(0, |dot| text.iter().skip(dot + 1).take_while(|b| b.is_ascii_digit()).count());
    (digits <= 6).then_some(len)
}

/// `<165>` before a line that came over the network.
fn priority(line: &[u8]) -> usize {
    let Some(rest) = line.strip_prefix(b"<") else { return 0 };
    let digits = rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    if digits > 0 && rest.get(digits) == Some(&b'>') { digits + 2 } else { 0 }
}

/// `Nov 21 06:28:07`, also with a fraction.
fn month_time(text: &[u8]) -> Option<usize> {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = text.get(..3)?;
    if !MONTHS.chunks(3).any(|m| m == month) || text.get(3) != Some(&b' ') {
        return None;
    }
    let day = text.get(4..6)?;
    if !(day[0] == b' ' || day[0].is_ascii_digit()) || !day[1].is_ascii_digit() || text.get(6) != Some(&b' ') {
        return None;
    }
    clock(text, 7)
}

/// `Sat 2026-11-21 06:28:07 UTC`, the journal's `short-full`.
fn weekday_time(text: &[u8]) -> Option<usize> {
    const DAYS: &[u8] = b"MonTueWedThuFriSatSun";
    let day = text.get(..3)?;
    if !DAYS.chunks(3).any(|d| d == day) || text.get(3) != Some(&b' ') || text.get(14) != Some(&b' ') {
        return None;
    }
    let end = clock(text, 15)?;
    let zone =
        text.get(end + 1..)?.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-')).count();
    (zone > 0).then_some(end + 1 + zone)
}

fn clock(text: &[u8], at: usize) -> Option<usize> {
    let end = at + text.get(at..)?.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')).count();
    let clock = text.get(at..end)?;
    (clock.len() >= 8 && clock.get(2) == Some(&b':') && clock.get(5) == Some(&b':')).then_some(end)
}

/// `host unit[pid]: ` or `host unit: `: the source and where the text begins.
fn host_and_unit(text: &[u8]) -> Option<(&[u8], usize)> {
    let head = text.get(..256.min(text.len()))?;
    let host = memchr::memchr(b' ', head)?;
    let name =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@' | b'/' | b'\\' | b'(' | b')');
    // `2026-01-01T00:00:00Z WARN router[7]: …` is a program's own line
    const LEVELS: &[&[u8]] =
        &[b"TRACE", b"DEBUG", b"INFO", b"NOTICE", b"WARN", b"WARNING", b"ERROR", b"CRITICAL", b"FATAL"];
    let level = head.get(..host).is_some_and(|h| LEVELS.iter().any(|l| l.eq_ignore_ascii_case(h)));
    if host == 0 || level || !head.get(..host)?.iter().all(|b| name(b) || *b == b':') {
        return None;
    }
    let unit = head.get(host + 1..)?;
    let len = unit.iter().take_while(|b| name(b)).count();
    let mut end = len;
    if unit.get(end) == Some(&b'[') {
        let digits = unit.get(end + 1..)?.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || unit.get(end + 1 + digits) != Some(&b']') {
            return None;
        }
        end += digits + 2;
    }
    // a number is no unit: `FETCH 14003: …`
    let named = unit.iter().take(len).any(u8::is_ascii_alphabetic);
    if !named || unit.get(end) != Some(&b':') || !matches!(unit.get(end + 1), None | Some(b' ')) {
        return None;
    }
    Some((unit.get(..end)?, host + 1 + end + 2))
}

/// `2026-11-21T06:28:07.123Z host app pid id - text` behind the version.
fn rfc5424(text: &[u8], offset: usize) -> Option<Wrapped<'_>> {
    let time = rfc3339(text)?;
    let mut at = time + 1;
    for _ in 0..4 {
        at += memchr::memchr(b' ', text.get(at..)?)? + 1;
    }
    let source = text.get(time + 1..at)?;
    let data = text.get(at..)?;
    // structured data are pairs that the program wrote: `[mdc@18060 user="…"]`
    let skip = if data.starts_with(b"- ") { 2 } else { 0 };
    let payload = Span::new(offset + at + skip, offset + text.len());
    Some(Wrapped { source, payload, time: Some(Span::new(offset, offset + time)), ..Wrapped::default() })
}

//! `aws logs tail`: `2026-11-21T06:41:19.123000+00:00 ecs/app/0f3a… the line`, and `--output text` of the other
//! commands: `EVENTS⇥<event>⇥<ingested>⇥<stream>⇥<line>⇥<time>`.

use super::{Wrapped, Wrapper};
use crate::literal::Span;

pub(super) struct AwsTail;

/// As the command prints times: microseconds, and the zone in digits.
const TIME: &[u8] = b"0000-00-00T00:00:00.000000+00:00 ";
/// Where its zone begins.
const ZONE: usize = 26;

impl Wrapper for AwsTail {
    fn id(&self) -> &'static str {
        "aws-logs"
    }

    fn begins(&self, first: u8) -> bool {
        first == b'2' || first == b'E'
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        match line.strip_prefix(b"EVENTS\t") {
            Some(row) => event(line, row),
            None => tailed(line),
        }
    }
}

/// Where the time stands that begins a line, if it is printed so.
pub(super) fn time(line: &[u8]) -> Option<Span> {
    let same = |(form, b): (&u8, &u8)| if *form == b'0' { b.is_ascii_digit() } else { form == b };
    // most other times end before the zone begins
    let has_zone = line.get(ZONE) == TIME.get(ZONE) && line.len() >= TIME.len();
    (has_zone && TIME.iter().zip(line).all(same)).then_some(Span::new(0, TIME.len() - 1))
}

fn tailed(line: &[u8]) -> Option<Wrapped<'_>> {
    let time = time(line)?;
    let rest = line.get(TIME.len()..)?;
    let len = memchr::memchr(b' ', rest).unwrap_or(rest.len());
    let stream = rest.get(..len)?;
    // `2026/11/21/[$LATEST]8f3b…`, `ecs/app/0f3a…`: an id behind a slash or a bracket
    let id = stream.rsplit(|b| matches!(b, b'/' | b']')).next()?;
    if id.len() == stream.len() || id.len() < 12 || !id.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-') {
        return None;
    }
    let payload = Span::new((TIME.len() + len + 1).min(line.len()), line.len());
    Some(Wrapped { source: stream, payload, time: Some(time), ..Wrapped::default() })
}

/// Columns are in the order of their names; some commands leave out event and stream.
fn event<'l>(line: &'l [u8], row: &'l [u8]) -> Option<Wrapped<'l>> {
    let mut at = line.len() - row.len();
    let mut column = || {
        let rest = line.get(at..)?;
        let span = Span::new(at, at + memchr::memchr(b'\t', rest)?);
        at = span.end + 1;
        Some(span)
    };
    let is_number = |span: &Span, least: usize| span.len() >= least && span.of(line).iter().all(u8::is_ascii_digit);
    let first = column().filter(|span| is_number(span, 13))?;
    let source = if first.len() > 13 {
        column().filter(|span| is_number(span, 13))?;
        column()?.of(line)
    } else {
        b"".as_slice()
    };
    let end = memchr::memrchr(b'\t', line)?;
    let time = Span::new(end + 1, line.len());
    let sound = end >= at && time.len() == 13 && is_number(&time, 13);
    sound.then_some(Wrapped { source, payload: Span::new(at, end), time: Some(time), ..Wrapped::default() })
}

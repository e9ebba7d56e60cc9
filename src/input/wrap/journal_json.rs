//! `journalctl -o json`: one object a line; `MESSAGE` is a string, a list of byte numbers, or null.

use super::docker::{string_end, value};
use super::{Coding, Wrapped, Wrapper};
use crate::literal::{Span, View};

pub(super) struct JournalJson;

impl Wrapper for JournalJson {
    fn id(&self) -> &'static str {
        "journald-json"
    }

    fn begins(&self, first: u8) -> bool {
        first == b'{'
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        // its keys are in upper case or begin with an underscore, in no order
        let key = line.iter().find(|b| !matches!(b, b'{' | b'"' | b' '))?;
        if !(key.is_ascii_uppercase() || *key == b'_')
            || memchr::memmem::find(line, b"\"__REALTIME_TIMESTAMP\"").is_none()
        {
            return None;
        }
        let key = memchr::memmem::find(line, b"\"MESSAGE\"")? + 9;
        let colon = key + line.get(key..)?.iter().take_while(|b| matches!(b, b' ' | b':')).count();
        let (payload, coding) = match line.get(colon)? {
            b'"' => {
                let end = string_end(line.get(colon + 1..)?)?;
                (Span::new(colon + 1, colon + 1 + end), Coding::Json)
            }
            b'[' => {
                let end = memchr::memchr(b']', line.get(colon..)?)?;
                (Span::new(colon + 1, colon + end), Coding::Numbers)
            }
            _ => return None,
        };
        let unit = value(line, b"\"_SYSTEMD_UNIT\":\"").or_else(|| value(line, b"\"SYSLOG_IDENTIFIER\":\""));
        let source = unit.map(|span| span.of(line)).unwrap_or_default();
        let time = value(line, b"\"__REALTIME_TIMESTAMP\":\"");
        Some(Wrapped { source, payload, coding, time, ..Wrapped::default() })
    }
}

/// The text that a list of byte numbers stands for: `91,108,111,103`. A byte is its number and the comma behind it.
pub(super) fn numbers(list: &[u8]) -> View<'static> {
    let mut view = View::with_capacity(list.len() / 3);
    let mut at = 0;
    for number in list.split(|b| *b == b',') {
        let raw = Span::new(at, (at + number.len() + 1).min(list.len()));
        at = raw.end;
        let value = std::str::from_utf8(number).ok().and_then(|n| n.trim().parse().ok());
        if let Some(byte) = value {
            view.push(&[byte], raw);
        }
    }
    view
}

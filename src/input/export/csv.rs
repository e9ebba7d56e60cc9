//! Exports as tables: names on the first line, an entry a row, quotes doubled inside quotes. A row may stretch over
//! lines.

use super::walk::{Element, List};
use crate::literal::{Node, Span};
use std::borrow::Cow;

/// A first line that is longer names no columns.
const MAX_HEAD: usize = 2048;
/// The most columns that a table has.
const MAX_COLUMNS: usize = 200;
/// Names of the columns without which a table is no log.
const TIMES: &[&str] =
    &["date", "timestamp", "@timestamp", "time", "timegenerated", "timegenerated [utc]", "_time", "ts"];
const TEXTS: &[&str] =
    &["message", "@message", "content", "line", "log", "logmessage", "logentry", "textpayload", "_raw", "msg"];

/// Whether a line names the columns of a log.
pub(in crate::input) fn is_head(line: &[u8]) -> bool {
    if line.len() > MAX_HEAD || !line.contains(&b',') || line.contains(&b'{') {
        return false;
    }
    let names = names(line);
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.iter().any(|w| name.eq_ignore_ascii_case(w.as_bytes())));
    let is_name =
        |name: &Vec<u8>| name.len() < 64 && name.iter().all(|b| b.is_ascii_alphanumeric() || b"@_.-:[]() ".contains(b));
    has(TIMES) && has(TEXTS) && names.iter().all(is_name)
}

fn names(line: &[u8]) -> Vec<Vec<u8>> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    fields(line).into_iter().map(Cow::into_owned).collect()
}

/// The rows of a table.
pub(super) fn list(text: &[u8]) -> Option<List> {
    let mut rows = rows(text);
    let head = rows.next()?;
    let (mut line, mut counted) = (0_u32, 0);
    let elements = rows.map(|span| {
        let ends = memchr::memchr_iter(b'\n', text.get(counted..span.start).unwrap_or_default()).count();
        (line, counted) = (line.saturating_add(ends as u32), span.start);
        Element { span, line }
    });
    let elements = elements.collect();
    Some(List { columns: names(head.of(text).trim_ascii_end()), elements, is_table: true, ..List::default() })
}

/// A row by its fields.
pub(super) fn row(text: &[u8]) -> Node<'_> {
    Node::Group(fields(text).into_iter().map(|field| (Cow::Borrowed(b"".as_slice()), Node::Text(field))).collect())
}

/// Where rows stand: a line end inside quotes ends none.
fn rows(text: &[u8]) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, mut quoted) = (at, false);
        if start >= text.len() {
            return None;
        }
        for found in memchr::memchr2_iter(b'"', b'\n', text.get(start..)?) {
            if text.get(start + found) == Some(&b'"') {
                quoted = !quoted;
            } else if !quoted {
                at = start + found + 1;
                return Some(Span::new(start, start + found));
            }
        }
        at = text.len();
        Some(Span::new(start, text.len()))
    })
}

fn fields(row: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let row = row.strip_suffix(b"\r").unwrap_or(row);
    let mut found = Vec::new();
    let mut at = 0;
    while found.len() < MAX_COLUMNS {
        let rest = row.get(at..).unwrap_or_default();
        let (field, len) = match rest.strip_prefix(b"\"") {
            Some(inner) => quoted(inner),
            None => {
                let len = memchr::memchr(b',', rest).unwrap_or(rest.len());
                (Cow::Borrowed(rest.get(..len).unwrap_or_default()), len)
            }
        };
        found.push(field);
        at += len + 1;
        if at > row.len() {
            break;
        }
    }
    found
}

/// What stands between quotes, and how long it is with them.
fn quoted(inner: &[u8]) -> (Cow<'_, [u8]>, usize) {
    let mut value: Vec<u8> = Vec::new();
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'"', inner.get(from..).unwrap_or_default()) {
        let quote = from + found;
        let piece = inner.get(from..quote).unwrap_or_default();
        value.extend_from_slice(piece);
        if inner.get(quote + 1) != Some(&b'"') {
            return (Cow::Owned(value), quote + 2);
        }
        value.push(b'"');
        from = quote + 2;
    }
    value.extend_from_slice(inner.get(from..).unwrap_or_default());
    (Cow::Owned(value), inner.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_may_hold_quotes_and_line_ends() {
        let text = b"Date,Message\r\n2026-11-21T06:41:10Z,\"one \"\"two\"\"\n  three\"\r\n2026-11-21T06:41:11Z,four\n";
        let list = list(text).unwrap();
        let fields: Vec<Vec<Cow<'_, [u8]>>> = list.elements.iter().map(|e| fields(e.span.of(text))).collect();
        assert_eq!(fields[0][1].as_ref(), b"one \"two\"\n  three");
        assert_eq!((fields.len(), fields[1][1].as_ref(), list.elements[1].line), (2, b"four".as_slice(), 3));
    }

    #[test]
    fn other_lines_are_no_heads() {
        for line in ["time, we have no message, sorry!", "{\"time\":1,\"message\":2}", "ts,level", "date=1,message=x"] {
            assert!(!is_head(line.as_bytes()), "{line}");
        }
        assert!(is_head(b"\xef\xbb\xbf\"@timestamp\",\"@message\""));
    }
}

//! Bytes that a tool dumped: an offset, the bytes in hexadecimal, and beside them what they spell.
//!
//! `curl --trace`, `xxd`, `hexdump -C`, `tcpdump -X`, `strace -e write`, `socat -x` and `ngrep -x` write sixteen bytes a
//! row, so a value is cut wherever a row ends, and stands in each row twice. The bytes of all rows are put together and
//! read; a row of which anything must go loses all its bytes, since either column spells the other.

use super::column::lines;
use super::edit::{Edit, settle};
use super::net::Net;
use super::scan::Scanner;
use super::{pii, tokens};
use crate::literal::{Span, View};

/// No tool writes more bytes in a row.
const WIDEST: usize = 16;
/// Between the bytes of a row stand at most so many blanks, and between its halves; more lead to what they spell.
const WIDEST_GAP: usize = 2;
const BETWEEN_HALVES: usize = 4;
/// The offset of a second row, in whatever length; where rows have none, the bytes of `HTTP`.
const SIGNS: [&[u8]; 2] = [b"0010", b"48 54 54 50"];

/// Takes what stands in dumped bytes.
pub(crate) fn find(text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
    if SIGNS.iter().all(|sign| memchr::memmem::find(text, sign).is_none()) {
        return;
    }
    let mut bytes = View::default();
    for line in lines(text) {
        let row = Row::of(text, line);
        if row.as_ref().is_none_or(|row| row.first) {
            read(&mut bytes, net, edits);
        }
        if let Some(row) = row {
            bytes.push(&row.bytes, row.span);
        }
    }
    read(&mut bytes, net, edits);
}

/// Reads the bytes of a dump, and begins a new one.
fn read(bytes: &mut View<'static>, net: &mut Net, edits: &mut Vec<Edit>) {
    let view = std::mem::take(bytes);
    if view.text().is_empty() {
        return;
    }
    let mut found = Vec::new();
    Scanner::default().scan(view.text(), net, &mut found);
    pii::find(view.text(), net, &mut found);
    tokens::find(view.text(), net, &mut found);
    settle(&mut found);
    for edit in found {
        edit.through(&view, |edit| edits.push(edit));
    }
}

/// One row of a dump.
#[derive(Debug)]
struct Row {
    /// Whether it is the first of its dump.
    first: bool,
    bytes: Vec<u8>,
    /// Both columns.
    span: Span,
}

impl Row {
    fn of(text: &[u8], line: Span) -> Option<Self> {
        let raw = line.of(text).trim_ascii_end();
        // strace draws a line at either end
        let indent = raw.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'|')).count();
        let prefix = indent + if raw.get(indent..)?.starts_with(b"0x") { 2 } else { 0 };
        let digits = raw.get(prefix..)?.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let offset = raw.get(prefix..prefix + digits).filter(|offset| offset.len() > 2);
        let behind = match offset {
            Some(offset) => prefix + offset.len() + usize::from(raw.get(prefix + digits) == Some(&b':')),
            None => indent.checked_sub(1)?,
        };
        if !(2..=16).contains(&digits) || digits == 3 || !matches!(raw.get(behind), Some(b' ' | b'\t')) {
            return None;
        }
        let (bytes, end) = pairs(raw, behind);
        let column = raw.get(end..)?;
        let gap = column.iter().take_while(|b| matches!(b, b' ' | b'|')).count();
        let spelled = (1..=gap).filter_map(|at| column.get(at..)).any(|column| {
            // tshark parts the halves of this column too
            let (half, rest) = column.split_at(column.len().min(WIDEST / 2));
            let (one, other) = bytes.split_at(bytes.len().min(WIDEST / 2));
            spells(column, &bytes)
                || (spells(half, one) && rest.strip_prefix(b" ").is_some_and(|rest| spells(rest, other)))
        });
        let first = offset.is_some_and(|offset| offset.iter().all(|b| *b == b'0'));
        (spelled && !bytes.is_empty()).then(|| Self {
            first,
            bytes,
            span: Span::new(line.start + behind + 1, line.start + raw.len()),
        })
    }
}

/// The bytes in hexadecimal from `at` on, and where they end.
fn pairs(raw: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let mut bytes = Vec::with_capacity(WIDEST);
    while bytes.len() < WIDEST {
        let gap = raw.get(at..).unwrap_or_default().iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let widest = if bytes.len() == WIDEST / 2 { BETWEEN_HALVES } else { WIDEST_GAP };
        let pair = raw.get(at + gap..at + gap + 2).filter(|_| gap <= widest);
        let pair = pair.filter(|pair| pair.iter().all(u8::is_ascii_hexdigit));
        let byte = pair.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        let Some(byte) = byte else { break };
        bytes.push(byte);
        at += gap + 2;
    }
    (bytes, at)
}

/// Whether a column spells these bytes; blanks at its end may be gone.
fn spells(column: &[u8], bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| match column.get(at) {
        // tcpdump spells a blank as a dot
        Some(b'.') if *byte == b' ' => true,
        Some(spelled) if matches!(byte, b' '..=b'~') => spelled == byte,
        Some(spelled) => !spelled.is_ascii_alphanumeric(),
        None => !byte.is_ascii_graphic(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::edit::starred;
    use super::*;
    use std::fmt::Write as _;

    fn kept(text: &str) -> String {
        starred(text, find)
    }

    /// As each tool writes a row: what stands around the offset, between the bytes, and around what they spell.
    fn dump(bytes: &str, row: impl Fn(usize, &[u8], &str) -> String) -> String {
        let rows = bytes.as_bytes().chunks(16).enumerate();
        rows.map(|(i, chunk)| {
            let spelled: String =
                chunk.iter().map(|b| if b.is_ascii_graphic() || *b == b' ' { *b as char } else { '.' }).collect();
            row(i * 16, chunk, &spelled)
        })
        .collect()
    }

    fn hex(chunk: &[u8], gap_every: usize) -> String {
        let mut out = String::new();
        for (i, byte) in chunk.iter().enumerate() {
            if i > 0 && i % gap_every == 0 {
                out.push(' ');
            }
            let _ = write!(out, "{byte:02x}");
        }
        out
    }

    #[test]
    fn a_row_goes_with_what_it_spells_in_every_tools_layout() {
        let key = format!("sk-ant-api03-{}AA", "qB3x".repeat(23));
        let sent = format!("POST /v1/messages HTTP/1.1\r\nHost: api.anthropic.com\r\nx-api-key: {key}\r\n\r\n");
        for text in [
            dump(&sent, |at, b, s| format!("{at:04x}: {:48}{s}\n", hex(b, 1))),
            dump(&sent, |at, b, s| format!("{at:08x}: {:40} {s}\n", hex(b, 2))),
            dump(&sent, |at, b, s| format!("{at:08x}  {:48}  |{s}|\n", hex(b, 1))),
            dump(&sent, |at, b, s| format!("\t0x{at:04x}:  {:40} {}\n", hex(b, 2), s.replace(' ', "."))),
            dump(&sent, |at, b, s| format!(" | {at:05x}  {:48}  {s:16} |\n", hex(b, 1))),
            dump(&sent, |_, b, s| format!(" {:48} {s}\n", hex(b, 1))),
            dump(&sent, |at, b, s| {
                let (one, other) = s.split_at(s.len().min(8));
                format!("{at:08X}  {:48} {one} {other}\n", hex(b, 1))
            }),
            dump(&sent, |_, b, s| {
                let (one, other) = b.split_at(b.len().min(8));
                format!("  {:23}    {:23}    {s}\n", hex(one, 1), hex(other, 1))
            }),
        ] {
            let left = kept(&text);
            assert!(left.contains("POST") && left.replace(' ', "").contains("/v1/message"), "{left}");
            assert!(!left.contains("qB3x") && !left.contains("71423378") && !left.contains("71 42 33 78"), "{left}");
            assert_eq!(left.lines().count(), text.lines().count());
        }
    }

    #[test]
    fn a_prompt_in_dumped_json_goes() {
        let body = r#"{"model":"m-1","messages":[{"role":"user","content":"Why does the mortgage of Marisol end"}]}"#;
        let left = kept(&dump(body, |at, b, s| format!("{at:04x}: {:48}{s}\n", hex(b, 1))));
        assert!(left.contains("m-1") && !left.contains("mortgage") && !left.contains("isol"), "{left}");
    }

    #[test]
    fn what_spells_something_else_is_no_dump() {
        let text = "0010: 12 34 56 78 requests were sent to api_key=abcdefgh\n0020 ab cd\n";
        assert_eq!(kept(text), text);
    }
}

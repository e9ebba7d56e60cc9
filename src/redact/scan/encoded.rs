//! Text that is encoded where it stands, without quotes around it: percent-encoded, with nginx' `\x22`, entities,
//! pairs or curly ones in place of quotes, for a Windows shell, base64 of JSON. It is decoded and walked over like a
//! text inside a text.

use super::super::edit::Edit;
use super::super::protect::is_replacement;
use super::super::signs::Signs;
use super::super::{fields, tokens};
use super::decode::with_quotes;
use super::{Level, MAX_LEVELS, Walk, base64, walk};
use crate::literal::{Span, View, hex};
use memchr::{memchr, memchr2, memchr2_iter, memrchr};
use std::sync::LazyLock;

/// So much is decoded at a time.
const DECODED: usize = 1 << 20;
/// Shorter runs hold no name and value.
const SHORTEST: usize = 8;

/// How quotes, or all of a text, may be encoded.
enum Encoding {
    Quotes,
    /// Numbers begin so far behind the beginning of the sign.
    Bytes {
        begin: usize,
        hexadecimal: bool,
    },
    Base64,
}

/// What tells each encoding; base64 by the beginning of JSON in it.
static ENCODINGS: [(&str, Encoding); 16] = [
    ("\\x22", Encoding::Quotes),
    ("&quot;", Encoding::Quotes),
    ("&#39;", Encoding::Quotes),
    ("&#34;", Encoding::Quotes),
    ("&#x2", Encoding::Quotes),
    ("&apos;", Encoding::Quotes),
    ("{\"\"", Encoding::Quotes),
    ("\u{201c}", Encoding::Quotes),
    (":\u{a0}", Encoding::Quotes),
    ("^\\^\"", Encoding::Quotes),
    ("<Buffer ", Encoding::Bytes { begin: 8, hexadecimal: true }),
    ("{0x", Encoding::Bytes { begin: 1, hexadecimal: false }),
    ("<<1", Encoding::Bytes { begin: 2, hexadecimal: false }),
    ("eyJ", Encoding::Base64),
    ("eyAi", Encoding::Base64),
    ("W3si", Encoding::Base64),
];
static SIGNS: LazyLock<Signs> = LazyLock::new(|| Signs::of(&ENCODINGS.each_ref().map(|(sign, _)| *sign)));

impl Walk<'_> {
    /// Looks into what is encoded in this piece.
    pub(super) fn encoded(&mut self) {
        if self.depth >= MAX_LEVELS {
            return;
        }
        let (mut past, mut lines) = ([0; ENCODINGS.len()], 0);
        let text = self.text;
        SIGNS.each(text, |number, sign| {
            let Some(past) = past.get_mut(number).filter(|past| sign.start >= **past) else { return };
            match ENCODINGS.get(number) {
                Some((_, Encoding::Quotes)) if sign.start >= lines => lines = self.line_of_quotes(sign),
                Some((_, Encoding::Bytes { begin, hexadecimal })) => {
                    *past = self.numbers(sign.start + begin, *hexadecimal).max(sign.end);
                }
                Some((_, Encoding::Base64)) if self.depth == 0 => *past = self.base64_run(sign.start),
                _ => {}
            }
        });
        self.percent_runs();
    }

    /// A line in which something stands for quotes; gives where it ends. Whatever does is undone at once, or each would
    /// be read with and without each other.
    fn line_of_quotes(&mut self, sign: Span) -> usize {
        let line = self.line_around(sign.start);
        for piece in pieces(line) {
            let view = with_quotes(piece.of(self.text));
            if !view.is_plain() {
                self.decoded(piece, &view);
            }
        }
        line.end
    }

    fn line_around(&self, at: usize) -> Span {
        let start = memrchr(b'\n', self.text.get(..at).unwrap_or_default()).map_or(0, |n| n + 1);
        let rest = self.text.get(at..).unwrap_or_default();
        Span::new(start, at + memchr(b'\n', rest).unwrap_or(rest.len()))
    }

    fn percent_runs(&mut self) {
        let mut past = 0;
        for at in memchr2_iter(b'%', b'?', self.text) {
            if at < past {
                continue;
            }
            let mut run =
                run_around(self.text, past, at, |b| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'\'' | b'`'));
            while let Some(end) = self.replacement_over(run) {
                run.end = run_around(self.text, end, end, |b| !b.is_ascii_whitespace()).end;
            }
            past = run.end;
            for piece in pieces(run).filter(|piece| piece.len() >= SHORTEST) {
                if let Some(view) = unpercent(piece.of(self.text)) {
                    self.decoded(piece, &view);
                }
            }
        }
    }

    /// Where a replacement ends whose blank ended the run: `%22[text 79 chars]%22`.
    fn replacement_over(&self, run: Span) -> Option<usize> {
        let open = run.start + memrchr(b'[', run.of(self.text))?;
        let rest = self.text.get(open..)?;
        let end = open + memchr(b']', rest.get(..64.min(rest.len()))?)? + 1;
        (end > run.end && is_replacement(rest, &self.net.rules)).then_some(end)
    }

    fn base64_run(&mut self, at: usize) -> usize {
        let before = self.text.get(..at).and_then(<[u8]>::last);
        if before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'"' | b'\'' | b'.')) {
            return at + 1;
        }
        let run = run_around(self.text, at, at, |b| {
            b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_')
        });
        if base64::may_hold_json(run.of(self.text)) {
            self.base64_json(run);
        }
        run.end
    }

    pub(super) fn decoded(&mut self, span: Span, view: &View<'_>) {
        let mut found: Vec<Edit> = Vec::new();
        walk(view.text(), &mut Level::default(), self.depth + 1, self.net, &mut found);
        tokens::find(view.text(), self.net, &mut found);
        for edit in found {
            edit.through(view, |edit| self.edits.push(edit.shifted(span.start)));
        }
    }

    /// Base64 of JSON (events of Bedrock's streams): if anything in it is secret, all of it goes.
    pub(super) fn base64_json(&mut self, span: Span) {
        let Some(decoded) = base64::decode(span.of(self.text)) else { return };
        let mut found = Vec::new();
        walk(&decoded, &mut Level::default(), self.depth + 1, self.net, &mut found);
        tokens::find(&decoded, self.net, &mut found);
        if let Some(first) = found.first() {
            fields::data(self.net, self.text, span, first.rule, self.edits);
        }
    }
}

/// A span in parts that can be decoded.
fn pieces(span: Span) -> impl Iterator<Item = Span> {
    (span.start..span.end).step_by(DECODED).map(move |at| Span::new(at, (at + DECODED).min(span.end)))
}

/// The run of such bytes around `at`, but not from before `from`.
fn run_around(text: &[u8], from: usize, at: usize, is: impl Fn(u8) -> bool) -> Span {
    let before = text.get(from..at).unwrap_or_default().iter().rev().take_while(|b| is(**b)).count();
    let behind = text.get(at..).unwrap_or_default().iter().take_while(|b| is(**b)).count();
    Span::new(at - before, at + behind)
}

/// A percent-encoded run decoded; `None` where nothing in it is. In a query `+` is a blank.
fn unpercent(run: &[u8]) -> Option<View<'_>> {
    let mut view = View::with_capacity(run.len());
    let (mut at, mut encoded) = (0, false);
    let query = memchr(b'?', run).or_else(|| memchr(b'&', run)).unwrap_or(run.len());
    while let Some(rest) = run.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = memchr2(b'%', b'+', rest).unwrap_or(rest.len());
        view.push(rest.get(..plain).unwrap_or_default(), Span::new(at, at + plain));
        at += plain;
        let Some(code) = run.get(at) else { break };
        let (decoded, len) = match (code, hex(run, at + 1, 2)) {
            (b'%', Some(byte)) => (byte as u8, 3),
            (b'+', _) if at > query => (b' ', 1),
            _ => (*code, 1),
        };
        encoded |= len == 3 || decoded != *code;
        view.push(&[decoded], Span::new(at, at + len));
        at += len;
    }
    encoded.then_some(view)
}

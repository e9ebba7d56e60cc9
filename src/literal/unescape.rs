//! Undoes the escapes of quoted texts.

use super::span::Span;
use super::view::View;
use std::borrow::Cow;

/// Which language's escapes a text uses; they differ in very little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// JSON, JavaScript, Python `str`: `\xHH` is a code point.
    Text,
    /// Python `bytes`, nginx: `\xHH` is a byte.
    Bytes,
}

/// The decoded bytes of an escaped text, without a way back. Unknown escapes stay as they are.
#[must_use]
pub fn unescaped(text: &[u8], style: Style) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    walk(text, style, |decoded, _| out.extend_from_slice(decoded));
    Cow::Owned(out)
}

/// The decoded view of an escaped text; its raw offsets are those of `text`.
#[must_use]
pub fn unescape(text: &[u8], style: Style) -> View<'_> {
    if memchr::memchr(b'\\', text).is_none() {
        return View::plain(text);
    }
    let mut view = View::with_capacity(text.len());
    walk(text, style, |decoded, raw| view.push(decoded, raw));
    view
}

/// Calls `emit` with each decoded stretch and the raw span it came from, in order.
fn walk(text: &[u8], style: Style, mut emit: impl FnMut(&[u8], Span)) {
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        if plain > 0 {
            emit(rest.get(..plain).unwrap_or_default(), Span::new(at, at + plain));
            at += plain;
            continue;
        }
        let (decoded, len) = escape(rest, style);
        let raw = Span::new(at, at + len);
        match decoded {
            Decoded::Bytes(bytes, n) => emit(bytes.get(..n).unwrap_or_default(), raw),
            Decoded::Same => emit(raw.of(text), raw),
        }
        at += len;
    }
}

enum Decoded {
    Bytes([u8; 4], usize),
    Same,
}

/// Decodes the escape at the start of `text` (a backslash); gives also its length in bytes, at least 1.
fn escape(text: &[u8], style: Style) -> (Decoded, usize) {
    let Some(&letter) = text.get(1) else {
        return (Decoded::Same, 1);
    };
    let byte = |b: u8| (Decoded::Bytes([b, 0, 0, 0], 1), 2);
    match letter {
        b'n' => byte(b'\n'),
        b't' => byte(b'\t'),
        b'r' => byte(b'\r'),
        b'b' => byte(8),
        b'f' => byte(12),
        b'v' => byte(11),
        b'0' => byte(0),
        b'\\' | b'/' | b'"' | b'\'' | b'`' => byte(letter),
        b'x' => match hex(text, 2, 2) {
            Some(code) if style == Style::Bytes || code < 0x80 => (Decoded::Bytes([code as u8, 0, 0, 0], 1), 4),
            Some(code) => character(code, 4),
            None => (Decoded::Same, 2),
        },
        b'u' => match hex(text, 2, 4) {
            Some(high @ 0xD800..=0xDBFF) => match low_surrogate(text) {
                Some(low) => character(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00), 12),
                None => (Decoded::Same, 6),
            },
            Some(code) => character(code, 6),
            None => (Decoded::Same, 2),
        },
        b'U' => match hex(text, 2, 8) {
            Some(code) => character(code, 10),
            None => (Decoded::Same, 2),
        },
        _ => (Decoded::Same, if letter < 0x80 { 2 } else { 1 }),
    }
}

fn low_surrogate(text: &[u8]) -> Option<u32> {
    if text.get(6..8)? != b"\\u" {
        return None;
    }
    hex(text, 8, 4).filter(|low| (0xDC00..=0xDFFF).contains(low))
}

fn character(code: u32, len: usize) -> (Decoded, usize) {
    match char::from_u32(code) {
        Some(c) => {
            let mut bytes = [0; 4];
            let n = c.encode_utf8(&mut bytes).len();
            (Decoded::Bytes(bytes, n), len)
        }
        None => (Decoded::Same, len),
    }
}

/// The number that so many hexadecimal digits at `at` write.
pub(crate) fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = text.get(at..at + digits)?;
    digits.iter().try_fold(0, |sum, b| Some(sum * 16 + (*b as char).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        String::from_utf8_lossy(&unescaped(raw.as_bytes(), Style::Text)).into_owned()
    }

    #[test]
    fn decodes_what_programs_escape() {
        assert_eq!(text(r"a\nb\t\\c\/\u00e9\x41\ud83d\ude00"), "a\nb\t\\c/éA😀");
        assert_eq!(unescaped(br"\xc3\xa9", Style::Bytes).as_ref(), "é".as_bytes());
    }

    #[test]
    fn leaves_what_is_no_escape() {
        assert_eq!(text(r"\q \u12 \ud83d x\"), r"\q \u12 \ud83d x\");
    }

    #[test]
    fn maps_back_to_raw() {
        let raw = br"a\u0041\nb";
        let view = unescape(raw, Style::Text);
        assert_eq!(view.text(), b"aA\nb");
        let spans: Vec<_> = view.raw(Span::new(1, 3)).collect();
        assert_eq!(spans, [Span::new(1, 9)]);
        assert_eq!(view.raw(Span::new(3, 4)).collect::<Vec<_>>(), [Span::new(9, 10)]);
    }
}

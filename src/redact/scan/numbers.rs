//! Bytes that a program printed as numbers: `[123, 34, …]` (Java, Rust, JSON of Node's buffers), Go's `[123 34 …]` and
//! `[]byte{0x7b, …}`, Elixir's `<<123, 34, …>>`, Node's `<Buffer 7b 22 …>`.

use super::Walk;
use crate::literal::{Span, View};

/// Fewer numbers spell nothing.
const FEWEST: usize = 12;
/// So many are read, and no more.
const MOST: usize = 1 << 20;

impl Walk<'_> {
    /// Reads the list that begins at `at`, if it is one that spells a text; gives where it ends.
    pub(super) fn numbers(&mut self, at: usize, hexadecimal: bool) -> usize {
        let Some((view, end)) = read(self.text, at, hexadecimal) else { return at };
        self.decoded(Span::new(0, end), &view);
        end
    }
}

/// The bytes of a list and where it ends. What parts two numbers belongs to the first.
fn read(text: &[u8], at: usize, hexadecimal: bool) -> Option<(View<'static>, usize)> {
    let mut view = View::default();
    let mut printed = 0;
    let mut start = at + blanks(text, at);
    while let Some((byte, len)) = text.get(start..).and_then(|rest| number(rest, hexadecimal)) {
        let mut end = start + len;
        end += usize::from(text.get(end) == Some(&b','));
        let next = end + blanks(text, end);
        if next == start + len && !matches!(text.get(next), Some(b']' | b'>' | b'}')) {
            break;
        }
        let goes_on = text.get(next).is_some_and(u8::is_ascii_hexdigit);
        view.push(&[byte], Span::new(start, if goes_on { next } else { start + len }));
        printed += usize::from(matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t' | 0x80..));
        if !goes_on || view.text().len() >= MOST {
            start += len;
            break;
        }
        start = next;
    }
    let count = view.text().len();
    (count >= FEWEST && printed * 8 >= count * 7).then_some((view, start))
}

/// The byte whose number a text begins with, and how long that is.
fn number(text: &[u8], hexadecimal: bool) -> Option<(u8, usize)> {
    let prefix = if text.starts_with(b"0x") { 2 } else { 0 };
    let hexadecimal = hexadecimal || prefix > 0;
    let digit = |b: &&u8| if hexadecimal { b.is_ascii_hexdigit() } else { b.is_ascii_digit() };
    let len = text.get(prefix..)?.iter().take(4).take_while(digit).count();
    let digits = std::str::from_utf8(text.get(prefix..prefix + len)?).ok()?;
    let byte = u8::from_str_radix(digits, if hexadecimal { 16 } else { 10 }).ok()?;
    Some((byte, prefix + len))
}

fn blanks(text: &[u8], at: usize) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_spell_texts() {
        let text = b"{\"text\": \"walnut\"}";
        let list = |each: fn(&u8) -> String, between: &str| text.iter().map(each).collect::<Vec<_>>().join(between);
        for (written, hexadecimal) in [
            (list(u8::to_string, ", ") + "]", false),
            (list(u8::to_string, ",") + "]", false),
            (list(u8::to_string, " ") + "]", false),
            (list(|b| format!("{b:02x}"), " ") + " ... 9 more bytes>", true),
            (list(|b| format!("0x{b:02x}"), ", ") + "}", false),
        ] {
            let (view, _) = read(written.as_bytes(), 0, hexadecimal).unwrap();
            assert_eq!(view.text(), text, "{written}");
            assert_eq!(view.raw(Span::new(0, text.len())).count(), 1);
        }
        for other in ["0.25, 0.5, 0.1]", "300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311]", "1, 2, 3]"] {
            assert!(read(other.as_bytes(), 0, false).is_none(), "{other}");
        }
    }
}

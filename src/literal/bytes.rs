//! Byte classes: which bytes can matter to the reader, and which make up names and words.

/// Bytes at which the reader stops; everything between them is skipped at memory speed.
static SPECIAL: [bool; 256] = table(b"\"'`\\:={}[]()\n%");

const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut i = 0;
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table
}

/// Offset of the first byte in `text` at which the reader has something to decide.
pub(super) fn find_special(text: &[u8]) -> Option<usize> {
    text.iter().position(|&b| SPECIAL[b as usize])
}

/// Bytes of a name before a separator: header names, JSON keys, dotted attributes, flags.
#[must_use]
pub fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$' | b'@')
}

/// Letters, digits, underscore and every byte of a non-ASCII character.
#[must_use]
pub fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

/// Space, tab or carriage return.
#[must_use]
pub fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r')
}

/// Offset of the first byte from `at` on that is not blank.
pub(super) fn skip_blank(text: &[u8], at: usize) -> usize {
    skip(text, at, is_blank)
}

/// Offset of the first byte from `at` on that is neither blank nor a line end.
pub(super) fn skip_space(text: &[u8], at: usize) -> usize {
    skip(text, at, |b| is_blank(b) || b == b'\n')
}

fn skip(text: &[u8], at: usize, over: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|&b| !over(b)).unwrap_or(rest.len())
}

/// `text` without blanks and line ends at both ends.
#[must_use]
pub fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

/// How many backslashes stand right before `at`.
pub(super) fn backslashes_before(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.iter().rev().take_while(|&&b| b == b'\\').count()
}

//! What programs draw on a terminal: colours, and lines around a text. It is nobody's word.

/// What all characters of boxes and blocks begin with.
const DRAWING: u8 = 0xE2;

/// The length of the characters that draw lines, boxes and blocks (U+2500 to U+259F) a text begins with.
pub(super) fn lines(text: &[u8]) -> usize {
    let (characters, _) = text.as_chunks::<3>();
    3 * characters.iter().take_while(|c| matches!(c, [DRAWING, 0x94..=0x96, 0x80..=0xBF])).count()
}

/// The length of the colour or other sequence for a terminal that a text begins with, also spelled out:
/// `\u001b[36m`, `\x1b[0m`, `\033[1;33m`, rsyslog's `#033[0m`, `^[[K`.
pub(super) fn colour(text: &[u8]) -> usize {
    let slashes = text.iter().take_while(|b| **b == b'\\').count();
    let spelled = text.get(slashes..).unwrap_or_default();
    let escape = match spelled {
        [0x1B, ..] => 1,
        [b'#', b'0', b'3', b'3', ..] => 4,
        [b'^', b'[', ..] => 2,
        [b'u', b'0', b'0', b'1', b'b' | b'B', ..] if slashes > 0 => 5,
        [b'x', b'1', b'b' | b'B', ..] | [b'0', b'3', b'3', ..] if slashes > 0 => 3,
        [b'e', ..] if slashes > 0 => 1,
        _ => return 0,
    };
    let Some(sequence) = spelled.get(escape..).and_then(|rest| rest.strip_prefix(b"[")) else { return 0 };
    let parameters = sequence.iter().take(16).take_while(|b| b.is_ascii_digit() || matches!(b, b';' | b'?')).count();
    let ends = sequence.get(parameters).is_some_and(u8::is_ascii_alphabetic);
    if ends { slashes + escape + 1 + parameters + 1 } else { 0 }
}

/// Where in a text a line is drawn first.
pub(super) fn first_line(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(DRAWING, text).find(|at| lines(text.get(*at..).unwrap_or_default()) > 0)
}

/// The length of the end of a colour whose escape is spelled out, which a text ends with: `[31m`, `[1;33m`.
pub(super) fn colour_before(before: &[u8]) -> usize {
    let Some(head) = before.strip_suffix(b"m") else { return 0 };
    let digits = head.iter().rev().take(12).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    if head.get(..head.len() - digits).is_some_and(|head| head.ends_with(b"[")) { digits + 2 } else { 0 }
}

//! How far what is known goes on, from a stretch of a text that is.

use super::memory::{Memory, WIDTH};

/// Where a run begins of which the stretch at `at` is part.
pub(super) fn known_before(piece: &[u8], at: usize, memory: &Memory) -> usize {
    let unknown = (0..at).rev().find(|n| !stretch(piece, *n).is_some_and(|s| memory.has(s)));
    unknown.map_or(0, |n| n + 1)
}

/// Where a run ends that is known up to `end`. Each of its stretches must be known, or where it ends would depend on
/// where the search began, and the gate begins elsewhere.
pub(super) fn known_behind(piece: &[u8], end: usize, memory: &Memory) -> usize {
    let Some(mut window) = end.checked_sub(WIDTH).and_then(|last| stretch(piece, last)) else { return end };
    let mut end = end;
    while let Some(b) = piece.get(end) {
        // the window before has no line ends any more
        let next = |b: &u8| window >> 8 | u64::from(if *b == b'\n' { b' ' } else { *b }) << 56;
        let mut step = 1;
        let mut longer = next(b);
        if !memory.has(longer) && matches!(b, b' ' | b'\n') {
            // the line may have been wrapped in the middle of a word
            step = 2;
            longer = piece.get(end + 1).map_or(longer, next);
        }
        if !memory.has(longer) {
            break;
        }
        window = longer;
        end += step;
    }
    end.min(piece.len())
}

/// The stretch at `at`.
#[inline]
pub(super) fn stretch(piece: &[u8], at: usize) -> Option<u64> {
    piece.get(at..)?.first_chunk().map(|s| without_line_ends(u64::from_le_bytes(*s)))
}

/// Eight bytes with blanks in place of line ends.
#[inline]
pub(super) fn without_line_ends(word: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let other = word ^ 0x0A0A_0A0A_0A0A_0A0A;
    let line_ends = !(((other & LOW) + LOW) | other | LOW);
    word ^ ((line_ends >> 7) * u64::from(b'\n' ^ b' '))
}

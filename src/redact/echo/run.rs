//! How far what is known goes on, from a stretch of a text that is.

use super::memory::{Memory, WIDTH};

/// So many stretches are looked up together.
const AT_ONCE: usize = 16;

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
    loop {
        let behind = piece.get(end..).unwrap_or_default();
        let (steps, last) = many_known(window, behind, memory);
        end += steps;
        if steps == AT_ONCE {
            window = last;
            continue;
        }
        // here it ends, but for a line that was wrapped in the middle of a word
        let Some([b' ' | b'\n', b]) = behind.get(steps..steps + 2) else { return end };
        window = moved(last, *b);
        if !memory.has(window) {
            return end;
        }
        end += 2;
    }
}

/// How many of the next stretches are known one after another, and the last of them. Without branches: looks at memory
/// must not wait for one another.
fn many_known(window: u64, behind: &[u8], memory: &Memory) -> (usize, u64) {
    let mut windows = [window; AT_ONCE + 1];
    let mut unknown = 1_u32 << behind.len().min(AT_ONCE);
    for (n, b) in behind.iter().take(AT_ONCE).enumerate() {
        windows[n + 1] = moved(windows[n], *b);
        unknown |= u32::from(!memory.has(windows[n + 1])) << n;
    }
    let steps = unknown.trailing_zeros() as usize;
    (steps, windows[steps])
}

/// The stretch that begins one byte further on, and ends with this one. The one before has no line ends any more.
#[inline]
fn moved(window: u64, b: u8) -> u64 {
    window >> 8 | u64::from(if b == b'\n' { b' ' } else { b }) << 56
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

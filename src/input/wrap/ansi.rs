//! Terminal colours and other escape sequences.

use crate::literal::Span;

/// The parts of a line between escape sequences; `None` where there are none.
pub(super) fn strip(line: &[u8]) -> Option<Vec<Span>> {
    memchr::memchr(0x1b, line)?;
    let mut kept = Vec::new();
    let mut at = 0;
    for escape in memchr::memchr_iter(0x1b, line) {
        if escape < at {
            continue;
        }
        kept.push(Span::new(at, escape));
        at = escape + sequence(line.get(escape..).unwrap_or_default());
    }
    kept.push(Span::new(at, line.len()));
    Some(kept)
}

/// The length of the sequence at the start of `text`, which begins with ESC.
fn sequence(text: &[u8]) -> usize {
    match text.get(1) {
        // CSI: parameters, then one letter
        Some(b'[') => {
            let parameters =
                text.get(2..).unwrap_or_default().iter().take(32).take_while(|b| (0x20..0x40).contains(*b)).count();
            (3 + parameters).min(text.len())
        }
        // OSC (links, titles): up to BEL or ESC \
        Some(b']') => match memchr::memchr2(7, 0x1b, text.get(2..).unwrap_or_default()) {
            Some(end) if text.get(2 + end) == Some(&7) => 2 + end + 1,
            Some(end) => (2 + end + 2).min(text.len()),
            None => text.len(),
        },
        Some(_) => 2,
        None => 1,
    }
}

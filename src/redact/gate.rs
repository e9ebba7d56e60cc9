//! Net 6: what is about to be written is read again.
//!
//! The nets before may have a hole, a rule may be wrong, a template may print what it must not. The gate
//! does not trust them: it looks for tokens and echoes in the finished bytes. What the tool itself put
//! there is exempt by where it stands, never by how it looks.

use super::echo::Finder;
use super::edit::{Edit, settle};
use super::net::Net;
use super::tokens;
use crate::literal::Span;

/// Finds what must not be in a finished text. `own` are the stretches that the tool wrote, in order.
pub(crate) fn leaks(text: &[u8], own: &[Span], net: &mut Net) -> Vec<Edit> {
    let learning = std::mem::replace(&mut net.learning, false);
    let mut found = Vec::new();
    tokens::find(text, net, &mut found);
    net.learning = learning;
    echoes(text, own, net, &mut found);
    found.retain(|edit| !within(edit.span, own));
    settle(&mut found);
    found
}

/// Lines on which the tool changed nothing were read by the same net a moment ago.
fn echoes(text: &[u8], own: &[Span], net: &Net, found: &mut Vec<Edit>) {
    if net.memory.is_empty() {
        return;
    }
    let mut finder = Finder::default();
    let mut read_to = 0;
    for (i, replaced) in own.iter().enumerate() {
        let line_start = memchr::memrchr(b'\n', text.get(..replaced.start).unwrap_or_default()).map_or(0, |at| at + 1);
        let start = if i > 0 && own[i - 1].end > line_start { own[i - 1].end } else { line_start };
        let line_end = replaced.end + memchr::memchr(b'\n', text.get(replaced.end..).unwrap_or_default()).unwrap_or(text.len() - replaced.end);
        let end = own.get(i + 1).map_or(line_end, |next| next.start.min(line_end));
        for span in [Span::new(start.max(read_to), replaced.start), Span::new(replaced.end, end)] {
            finder.reset();
            finder.read(text, span, &net.memory, net.builtin.quoted, found);
            finder.finish(text, &net.memory, net.builtin.quoted, found);
        }
        read_to = end.max(read_to);
    }
}

fn within(span: Span, own: &[Span]) -> bool {
    let after = own.partition_point(|o| o.start <= span.start);
    after.checked_sub(1).and_then(|i| own.get(i)).is_some_and(|o| span.end <= o.end)
}

//! Net 6: what is about to be written is read again.
//!
//! The nets before may have a hole, a rule may be wrong, a template may print what it must not. The gate
//! does not trust them: it looks for tokens and echoes in the finished bytes. What the tool itself put
//! there is exempt by where it stands, never by how it looks.

use super::echo::{Finder, Memory};
use super::edit::{Edit, What, settle};
use super::net::Net;
use super::rules::RuleId;
use super::tokens;
use crate::literal::Span;

/// The longest word that a program writes.
const MAX_WORD: usize = 24;

/// Finds what must not be in a finished text. `own` are the stretches that the tool wrote, in order. Lines
/// on which it changed nothing were read by the same nets a moment ago.
pub(crate) fn leaks(text: &[u8], own: &[Span], finder: &mut Finder, net: &Net, memory: &Memory) -> Vec<Edit> {
    let mut net = net.reading_again();
    let mut found = Vec::new();
    let mut changed: Option<Span> = None;
    for replaced in own {
        if changed.is_some_and(|lines| replaced.end <= lines.end) {
            continue;
        }
        let lines = lines_of(text, *replaced);
        match &mut changed {
            Some(before) if lines.start <= before.end => before.end = lines.end,
            before => {
                before.iter_mut().for_each(|lines| tokens_in(text, *lines, &mut net, &mut found));
                changed = Some(lines);
            }
        }
    }
    changed.into_iter().for_each(|lines| tokens_in(text, lines, &mut net, &mut found));
    echoes(text, own, finder, net.builtin.quoted, memory, &mut found);
    found.retain(|edit| !within(edit.span, own));
    settle(&mut found);
    found
}

/// Finds what must not be in a finished document. `own` are texts that the program itself brings, such as a
/// template: a word of theirs is no leak because a log has it too. Nor is any other small word alone that was a text of
/// its own, as `"state": "announced"` is: the program writes words.
pub(crate) fn document(text: &[u8], own: &[&str], net: &Net, memory: &Memory) -> Vec<Edit> {
    let whole = Span::new(0, text.len());
    let mut found = Vec::new();
    tokens_in(text, whole, &mut net.reading_again(), &mut found);
    Finder::default().find(text, [whole], memory, net.builtin.quoted, &mut found);
    found.retain(|edit| {
        let hit = text.get(edit.span.start..edit.span.end).unwrap_or_default();
        let small = hit.len() <= MAX_WORD && hit.iter().all(u8::is_ascii_lowercase);
        let word = small && matches!(edit.what, What::Text(_));
        !word && !own.iter().any(|own| memchr::memmem::find(own.as_bytes(), hit).is_some())
    });
    settle(&mut found);
    found
}

fn tokens_in(text: &[u8], lines: Span, net: &mut Net, found: &mut Vec<Edit>) {
    let from = found.len();
    tokens::find(lines.of(text), net, found);
    found.iter_mut().skip(from).for_each(|edit| *edit = edit.shifted(lines.start));
}

/// The lines on which a stretch stands.
fn lines_of(text: &[u8], span: Span) -> Span {
    let start = memchr::memrchr(b'\n', text.get(..span.start).unwrap_or_default()).map_or(0, |at| at + 1);
    let rest = text.get(span.end..).unwrap_or_default();
    Span::new(start, span.end + memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1))
}

/// Reads what stands beside what was replaced on its lines.
fn echoes(text: &[u8], own: &[Span], finder: &mut Finder, echo: RuleId, memory: &Memory, found: &mut Vec<Edit>) {
    if memory.is_empty() {
        return;
    }
    let mut read_to = 0;
    let mut line = Span::default();
    let beside = own.iter().enumerate().flat_map(|(i, replaced)| {
        // a long line may have very many replacements
        if replaced.end >= line.end {
            line = lines_of(text, *replaced);
        }
        let next = own.get(i + 1).map_or(line.end, |next| next.start.min(line.end));
        let before = Span::new(line.start.max(read_to), replaced.start);
        read_to = next;
        [before, Span::new(replaced.end, next)]
    });
    finder.find(text, beside, memory, echo, found);
}

fn within(span: Span, own: &[Span]) -> bool {
    let after = own.partition_point(|o| o.start <= span.start);
    after.checked_sub(1).and_then(|i| own.get(i)).is_some_and(|o| span.end <= o.end)
}

//! Texts that a column folded, read as if they had not been.
//!
//! What lays text out for a terminal (a log handler with columns, a box around a traceback) breaks every text
//! at the width of its column, so a value ends up on several lines, none of which holds both its quotes.
//! Padding shows that a line was laid out: blanks up to the width, or the line of the box. Such lines are put
//! together again and read once more; what is found is taken where it stands.

use super::edit::Edit;
use super::net::Net;
use super::scan::Scanner;
use super::tokens;
use crate::literal::{PADDING, Span, View, without_padding};

/// What is indented less is no column.
const NARROWEST_MARGIN: usize = 4;

/// Takes what stands in folded texts.
pub(crate) fn find(text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
    if !is_padded(text) {
        return;
    }
    let mut run: Vec<Line> = Vec::new();
    let mut before: Option<Span> = None;
    for line in lines(text) {
        let laid = Line::of(text, line).filter(|laid| laid.padded || run.last().is_some_and(|last| last.goes_on(laid)));
        match laid {
            Some(laid) => {
                if run.is_empty() {
                    run.extend(before.and_then(|head| Line::head(text, head, &laid)));
                }
                run.push(laid);
            }
            None => read(text, &mut run, net, edits),
        }
        before = Some(line);
    }
    read(text, &mut run, net, edits);
}

/// Whether any line of a text may be padded; those of most logs are not.
fn is_padded(text: &[u8]) -> bool {
    // all lines of boxes begin with this byte, and few texts have it
    let drawn = memchr::memchr(0xe2, text).and_then(|at| text.get(at..)).unwrap_or_default();
    memchr::memmem::find(text, b"  \n").is_some()
        || PADDING.iter().any(|edge| !edge.is_ascii() && memchr::memmem::find(drawn, edge.as_bytes()).is_some())
}

/// A line that was laid out.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// What stands in the column.
    content: Span,
    /// The characters before its end: a line that a word fills ends where the column does.
    end: usize,
    /// The characters before the content.
    margin: usize,
    /// Whether padding shows that it was laid out.
    padded: bool,
}

impl Line {
    /// A line of margin and content, padded or not.
    fn of(text: &[u8], line: Span) -> Option<Self> {
        let raw = line.of(text);
        let margin = raw.len() - without_margin(raw).len();
        let end = without_padding(raw).len();
        (margin >= NARROWEST_MARGIN && margin < end).then(|| Self {
            content: Span::new(line.start + margin, line.start + end),
            end: characters(raw.get(..end).unwrap_or_default()),
            margin: characters(raw.get(..margin).unwrap_or_default()),
            padded: raw.len() > end + 1,
        })
    }

    /// A line that is full has no padding.
    fn goes_on(&self, next: &Self) -> bool {
        next.margin == self.margin && next.end >= self.end
    }

    /// The line above a column of blanks, with the time and the level in the margin: its content begins in the
    /// same column.
    fn head(text: &[u8], line: Span, next: &Self) -> Option<Self> {
        let raw = line.of(text);
        let margin = raw.get(..next.margin)?;
        let begins = margin.is_ascii() && margin.ends_with(b" ") && !raw.get(next.margin)?.is_ascii_whitespace();
        let mut end = without_padding(raw).len();
        // the place in the program stands in a column of its own
        let last = memchr::memrchr(b' ', raw.get(..end)?)? + 1;
        let place = raw.get(last..end)?;
        let colon = memchr::memrchr(b':', place)?;
        if place.get(colon + 1..)?.iter().all(u8::is_ascii_digit) {
            end = without_padding(raw.get(..last)?).len();
        }
        (begins && end > next.margin).then(|| Self {
            content: Span::new(line.start + next.margin, line.start + end),
            end: characters(raw.get(..end).unwrap_or_default()),
            margin: next.margin,
            padded: false,
        })
    }
}

/// Reads the lines of a column as one text, and begins a new one.
fn read(text: &[u8], run: &mut Vec<Line>, net: &mut Net, edits: &mut Vec<Edit>) {
    if run.len() > 1 {
        let view = joined(text, run);
        let mut found = Vec::new();
        Scanner::default().scan(view.text(), net, &mut found);
        tokens::find(view.text(), net, &mut found);
        for edit in found {
            edit.through(&view, |edit| edits.push(edit));
        }
    }
    run.clear();
}

/// The text that was folded. What parts two lines stands nowhere in the log.
fn joined(text: &[u8], run: &[Line]) -> View<'static> {
    let width = run.iter().map(|line| line.end).max().unwrap_or_default();
    let mut view = View::with_capacity(run.iter().map(|line| line.content.len() + 1).sum());
    let mut last: Option<&Line> = None;
    for line in run {
        let content = line.content.of(text);
        let fold = match last {
            None => b"".as_slice(),
            // the next variable of a frame, and what follows a text that was cut and not closed
            Some(last) if is_assignment(content) || last.content.of(text).ends_with("…".as_bytes()) => b"\n",
            // only a word that is wider than the column is broken
            Some(last) if last.end == width && !last.content.of(text).contains(&b' ') => b"",
            Some(_) => b" ",
        };
        if !fold.is_empty() {
            view.push(fold, Span::new(line.content.start, line.content.start));
        }
        view.push(content, line.content);
        last = Some(line);
    }
    view
}

/// `name = value`
fn is_assignment(content: &[u8]) -> bool {
    let name = content.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    name > 0 && content.get(name..name + 3) == Some(b" = ")
}

fn without_margin(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = PADDING.iter().find_map(|edge| text.strip_prefix(edge.as_bytes())) {
        text = rest;
    }
    text
}

fn characters(text: &[u8]) -> usize {
    // bytes that begin a character
    text.iter().filter(|b| (**b as i8) >= -0x40).count()
}

/// The lines of a text without their ends.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = Span::new(at, at + len);
        at += len + 1;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::super::edit::starred;
    use super::*;

    fn kept(text: &str) -> String {
        starred(text, find)
    }

    #[test]
    fn a_value_in_a_box_goes_on_all_its_lines() {
        assert_eq!(
            kept(
                "│ │ options = {                  │ │\n\
                 │ │           │   'id': 'aZk3Wx… │ │\n\
                 │ │           │   'prompt': 'Why │ │\n\
                 │ │           does the mortgage  │ │\n\
                 │ │           of Marisol end',   │ │\n\
                 │ │           │   'model': 'm-1' │ │\n\
                 │ │           }                  │ │\n"
            ),
            "│ │ options = {                  │ │\n\
             │ │           │   'id': 'aZk3Wx… │ │\n\
             │ │           │   'prompt': '* │ │\n\
             │ │           *  │ │\n\
             │ │           *',   │ │\n\
             │ │           │   'model': 'm-1' │ │\n\
             │ │           }                  │ │\n"
        );
    }

    #[test]
    fn a_value_in_a_column_goes_with_what_stands_beside_the_level() {
        assert_eq!(
            kept(
                "[00:20:06] DEBUG    body {'messages':  client.py:604\n\
                 \x20                   [{'role': 'user',               \n\
                 \x20                   'content': 'Why does            \n\
                 \x20                   the mortgage end'}]}            \n\
                 \x20          INFO     done with the work client.py:7\n"
            ),
            "[00:20:06] DEBUG    body {'messages':  client.py:604\n\
             \x20                   [{'role': 'user',               \n\
             \x20                   'content': '*            \n\
             \x20                   *'}]}            \n\
             \x20          INFO     done with the work client.py:7\n"
        );
    }

    #[test]
    fn what_is_not_padded_is_no_column() {
        let text = "    prompt: 'Why does\n    the mortgage of Marisol end'  \n";
        assert_eq!(kept(text), text);
    }
}

//! Credentials that a column folded: their rest stands on the lines below.
//!
//! What lays text out in columns (a log handler for terminals, a box around a traceback) breaks a word that
//! is wider than its column and indents the rest as it did the first piece. The piece with the credential's
//! beginning is known by its shape or its name; the rest has neither. So it goes by its place: the first
//! piece is the end of a line that holds one word, and the next line, behind the same indentation, goes on.

use super::edit::{Edit, What};
use super::net::Net;
use super::rules::RuleId;
use super::vocabulary::{Origin, origin};
use crate::literal::Span;

/// Narrower columns fold nothing that is a credential.
const NARROWEST: usize = 16;
/// Widths of terminals, whose lines were saved as they were folded.
const TERMINALS: [usize; 5] = [80, 100, 120, 132, 160];
/// No column is wider; further than this no end of a line is sought.
const WIDEST: usize = 4096;
/// Of fewer bytes nothing can be told.
const SHORTEST: usize = 4;

/// A credential that may go on in the next piece of a stream.
#[derive(Debug, Default)]
pub(crate) struct Fold {
    open: Option<Folded>,
}

#[derive(Clone, Debug)]
struct Folded {
    indentation: Vec<u8>,
    width: usize,
    rule: RuleId,
}

impl Fold {
    /// Takes what follows the credentials that were found, on the lines below. Whether there was any.
    pub fn find(&mut self, text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) -> bool {
        let known = edits.len();
        if let Some(open) = self.open.take() {
            self.rest(text, 0, open, net, edits);
        }
        for at in 0..known {
            let Some(edit) = edits.get(at).copied().filter(|e| matches!(e.what, What::Secret(_))) else { continue };
            if let Some((folded, next)) = begins(text, edit) {
                self.rest(text, next, folded, net, edits);
            }
        }
        edits.len() > known
    }

    /// Takes the pieces on the lines from `at` on.
    fn rest(&mut self, text: &[u8], mut at: usize, folded: Folded, net: &mut Net, edits: &mut Vec<Edit>) {
        while let Some(line) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let end = at + memchr::memchr(b'\n', line).unwrap_or(line.len());
            let Some(piece) = piece(text, Span::new(at, end), &folded) else { return };
            net.secret(text, piece, folded.rule, edits);
            if piece.len() < folded.width {
                return;
            }
            at = end + 1;
        }
        self.open = Some(folded);
    }
}

/// The column in which a credential was found, and where the next line begins, if it may be folded there.
fn begins(text: &[u8], edit: Edit) -> Option<(Folded, usize)> {
    let near = edit.span.start.saturating_sub(WIDEST);
    let start = match memchr::memrchr(b'\n', text.get(near..edit.span.start)?) {
        Some(line_end) => near + line_end + 1,
        None if near == 0 => 0,
        None => return None,
    };
    let rest = text.get(edit.span.end..(edit.span.end + WIDEST).min(text.len()))?;
    let end = memchr::memchr(b'\n', rest)?;
    let before = text.get(start..edit.span.start)?;
    let indentation = before.get(..before.len() - trim_margin(before).len())?;
    let word = Span::new(start + indentation.len(), edit.span.end);
    let one_word = !word.of(text).contains(&b' ') && trim_margin(rest.get(..end)?).is_empty();
    let terminal = trim_margin(rest.get(..end)?).is_empty() && TERMINALS.contains(&(edit.span.end - start));
    if terminal {
        let folded = Folded { indentation: Vec::new(), width: edit.span.end - start, rule: edit.rule };
        return Some((folded, edit.span.end + end + 1));
    }
    if indentation.len() < 2 || !one_word || word.len() < NARROWEST {
        return None;
    }
    Some((Folded { indentation: indentation.to_vec(), width: word.len(), rule: edit.rule }, edit.span.end + end + 1))
}

/// The next piece of the credential on a line.
fn piece(text: &[u8], line: Span, folded: &Folded) -> Option<Span> {
    let content = line.of(text).strip_prefix(folded.indentation.as_slice())?;
    let len = content
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+' | b'/' | b'=' | b'~' | b'%'))
        .count();
    let piece = content.get(..len)?;
    // `model: …` below a key is the next pair, `for openai` the rest of the sentence
    let named = matches!(content.get(len), Some(b':'))
        || memchr::memchr(b'=', piece.trim_ascii_end()).is_some_and(|at| at + 2 < len);
    let words = piece.split(|b| !b.is_ascii_alphabetic()).all(|w| w.is_empty() || origin(w) != Origin::Unknown);
    let fits = (SHORTEST..=folded.width).contains(&len) && !named && !words;
    fits.then(|| Span::new(line.start + folded.indentation.len(), line.start + folded.indentation.len() + len))
}

/// A text without the blanks and the lines of boxes before it.
fn trim_margin(mut text: &[u8]) -> &[u8] {
    while let Some(rest) =
        [" ", "\t", "\r", "│", "┃", "|"].iter().find_map(|margin| text.strip_prefix(margin.as_bytes()))
    {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::edit::starred;
    use super::super::tokens;
    use super::*;

    fn kept(text: &str) -> String {
        starred(text, |text, net, edits| {
            tokens::find(text, net, edits);
            Fold::default().find(text, net, edits);
        })
    }

    fn key() -> String {
        format!("sk-proj-{}T3BlbkFJ{}", "aB3d".repeat(12), "Xy7z".repeat(12))
    }

    #[test]
    fn a_folded_key_goes_with_all_its_pieces() {
        let key = key();
        let (a, b, c) = (&key[..40], &key[40..80], &key[80..]);
        assert_eq!(
            kept(&format!(
                "INFO     using key    x.py:8\n         {a}   \n         {b}   \n         {c}   \n         for openai   \n"
            )),
            "INFO     using key    x.py:8\n         *   \n         *   \n         *   \n         for openai   \n"
        );
        assert_eq!(
            kept(&format!("│ key:     │\n│ {a}{b} │\n│ {c}    │\n│ model: a │\n")),
            "│ key:     │\n│ * │\n│ *    │\n│ model: a │\n"
        );
    }

    #[test]
    fn what_follows_a_whole_key_stays() {
        let key = key();
        for rest in ["model: gpt-4o-mini", "timeout=30", "retries", "- gpt-4o-mini-2024"] {
            let text = format!("  {key}\n  {rest}\n");
            assert_eq!(kept(&text), format!("  *\n  {rest}\n"));
        }
        assert_eq!(kept(&format!("a {key}\nq7Rt9xLm2\n")), "a *\nq7Rt9xLm2\n");
    }
}

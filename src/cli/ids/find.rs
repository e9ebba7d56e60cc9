//! Ids in a text, each once.

use super::super::error::{Error, Result};
use crate::idclock;
use crate::input::{Input, Lines};
use crate::model::{id_kind, is_opaque_id};
use crate::redact::{Cleaner, Policy, Redactor};
use std::collections::HashSet;

/// More ids than that are no list any more.
const MAX_IDS: usize = 200_000;

/// An id and where it was found first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub id: String,
    pub from: Option<String>,
}

/// Whether a word is an id: one whose shape says so, or one that carries time.
pub fn is_id(word: &str) -> bool {
    id_kind(word.as_bytes()).is_some() || idclock::time(word).is_some() || is_opaque_id(word.as_bytes())
}

/// Adds the ids of an input that are not there yet.
///
/// # Errors
/// Those of the input; where it has too many ids.
pub fn in_input(input: &Input, clean: &mut Cleaner, found: &mut Vec<Found>) -> Result {
    let name = Redactor::new(Policy::default()).text(&input.name);
    let mut known: HashSet<String> = found.iter().map(|f| f.id.clone()).collect();
    let mut lines = Lines::new(input.open()?.reader);
    while let Some(block) = lines.block().map_err(|e| Error::from(input.error(&e)))? {
        for (number, line) in (block.line..).zip(block.bytes.split(|b| *b == b'\n')) {
            for word in words(line) {
                let Ok(text) = std::str::from_utf8(word) else { continue };
                if !tells(text) || known.contains(text) {
                    continue;
                }
                let Some(id) = clean.id(word) else { continue };
                if known.len() >= MAX_IDS {
                    return Err(
                        Error::new("there are too many ids").hint("`casefile build` makes a packet of whole logs")
                    );
                }
                known.insert(text.to_owned());
                found.push(Found { id: id.to_string(), from: Some(format!("{name}:{number}")) });
            }
        }
        let len = block.bytes.len();
        lines.consume(len);
    }
    Ok(())
}

/// In running text only what is certain to be an id counts: plain hex may be anything.
fn tells(word: &str) -> bool {
    (12..=128).contains(&word.len()) && (id_kind(word.as_bytes()).is_some() || idclock::grammar(word).is_some())
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))).filter(|word| word.len() >= 12)
}

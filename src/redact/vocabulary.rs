//! Tells the words of logs from the words of people.
//!
//! There is no grammar that parts a prompt from a log message; there are words that programs print. A text
//! made of them alone is a log message, a text with words of its own is prose. The list is
//! `rules/vocabulary.txt`; it errs on the side of taking out.

use super::hash::Quick;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The longest word that is looked up; longer ones are nobody's.
const MAX_WORD: usize = 24;

/// Where a word comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Programs print it.
    Trade,
    /// Everybody uses it.
    Glue,
    /// Not in the list.
    Unknown,
}

/// How many words of each origin a text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub trade: usize,
    pub glue: usize,
    pub unknown: usize,
}

impl Tally {
    /// All words.
    pub fn words(self) -> usize {
        self.trade + self.glue + self.unknown
    }

    /// Counts the words of a text as people write them: letters between blanks, with punctuation around
    /// and hyphens and apostrophes inside. Paths, URLs, identifiers and codes are not words.
    pub fn of(text: &[u8]) -> Self {
        let mut tally = Self::default();
        all_words(text).for_each(|word| tally.add(origin(word)));
        tally
    }

    fn add(&mut self, origin: Origin) {
        match origin {
            Origin::Trade => self.trade += 1,
            Origin::Glue => self.glue += 1,
            Origin::Unknown => self.unknown += 1,
        }
    }

    /// Whether a text with these words is somebody's own rather than a program's.
    pub fn is_prose(self) -> bool {
        self.unknown > 0 && self.words() >= 3
    }
}

/// Whether a text reads like prose rather than like something a program prints.
pub(crate) fn is_prose(text: &[u8]) -> bool {
    let mut tally = Tally::default();
    // a few words tell
    all_words(text).any(|word| {
        tally.add(origin(word));
        tally.is_prose()
    })
}

fn all_words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(u8::is_ascii_whitespace).flat_map(words)
}

/// Where a word (letters only, any case) comes from. Identifiers are known by their parts.
pub(crate) fn origin(word: &[u8]) -> Origin {
    if word.iter().any(|b| *b >= 0x80) {
        return Origin::Unknown;
    }
    if let Some(origin) = look_up(word) {
        return origin;
    }
    let mut origin = Origin::Glue;
    for part in humps(word) {
        match look_up(part) {
            None => return Origin::Unknown,
            Some(Origin::Trade) => origin = Origin::Trade,
            Some(_) => {}
        }
    }
    origin
}

/// Whether a path leads into libraries, and no folder before them has somebody's name.
pub(crate) fn is_library_path(path: &[u8]) -> bool {
    const LIBRARIES: &[&str] =
        &["/site-packages/", "/dist-packages/", "/node_modules/", "/lib/python", "/gems/", "/vendor/bundle/"];
    let library = LIBRARIES.iter().filter_map(|library| memchr::memmem::find(path, library.as_bytes())).min();
    let folders = library.and_then(|at| path.get(..at));
    folders.is_some_and(|folders| {
        let words = folders.split(|b| !b.is_ascii_alphabetic() && *b < 0x80).filter(|word| word.len() > 1);
        words.into_iter().all(|word| origin(word) != Origin::Unknown)
    })
}

fn look_up(word: &[u8]) -> Option<Origin> {
    let mut lower = [0u8; MAX_WORD];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    table().get(&*lower).copied()
}

fn table() -> &'static HashMap<&'static [u8], Origin, Quick> {
    static TABLE: OnceLock<HashMap<&'static [u8], Origin, Quick>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = HashMap::with_capacity_and_hasher(4096, Quick);
        let mut origin = Origin::Trade;
        for line in include_str!("../../rules/vocabulary.txt").lines() {
            match line {
                "[glue]" => origin = Origin::Glue,
                _ if line.starts_with(['#', '[']) => {}
                _ => line.split_whitespace().for_each(|word| {
                    table.entry(word.as_bytes()).or_insert(origin);
                }),
            }
        }
        table
    })
}

/// The parts of an identifier: `InternalServerError` has three, `HTTPError` two.
fn humps(word: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = word;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let upper = rest.iter().take_while(|b| b.is_ascii_uppercase()).count();
        let len = if upper > 1 {
            // an acronym ends before the capital of the next part
            if upper == rest.len() { upper } else { upper - 1 }
        } else {
            let lower = rest.iter().skip(1).take_while(|b| !b.is_ascii_uppercase()).count();
            1 + lower
        };
        let (part, tail) = rest.split_at_checked(len)?;
        rest = tail;
        Some(part)
    })
}

/// The words in what stands between two blanks; none where it is a path, a number or code.
fn words(token: &[u8]) -> impl Iterator<Item = &[u8]> {
    let letter = |b: &u8| b.is_ascii_alphabetic() || *b >= 0x80;
    let start = token.iter().position(letter).unwrap_or(token.len());
    let end = token.iter().rposition(letter).map_or(start, |at| at + 1);
    let core = token.get(start..end).unwrap_or_default();
    let plain = core.iter().all(|b| letter(b) || matches!(b, b'-' | b'\'' | b',' | b';'));
    // `[api-key#1]` is redaction's, not a word
    let core = if plain && !token.contains(&b'#') { core } else { b"".as_slice() };
    core.split(|b| matches!(b, b'-' | b'\'' | b',' | b';')).filter(|word| word.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_print_known_words() {
        for text in [
            "Retrying request to /v1/messages in 0.381616 seconds",
            "InternalServerError: 500 Internal server error",
            "upstream timed out (110: Connection timed out) while reading response header from upstream",
            "Connection reset by peer",
            "Server disconnected without sending a response.",
            "API Error: 500 Internal server error. This is a server-side issue, usually temporary",
        ] {
            assert!(!is_prose(text.as_bytes()), "{text}: {:?}", Tally::of(text.as_bytes()));
        }
    }

    #[test]
    fn people_write_others() {
        for text in [
            "Summarise the merger memo",
            "the deal with Contoso is off",
            "Zusammenfassung der Besprechung",
            "秘密の計画 for the board",
        ] {
            assert!(is_prose(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_folder_may_be_somebodys() {
        assert!(is_library_path(b"/srv/app/.venv/lib/python3.11/site-packages/smolagents/agents.py"));
        assert!(!is_library_path(b"/srv/halcyon-merger/.venv/lib/python3.11/site-packages/x.py"));
        assert!(!is_library_path(b"/srv/app/main.py"));
    }

    #[test]
    fn codes_and_paths_are_not_words() {
        assert_eq!(Tally::of(b"0fd5fea8-2006 req_011CMG zqm5zx3").words(), 0);
        assert_eq!(Tally::of(b"File /srv/app/.venv/lib/x.py https://docs.acme.com/merger").words(), 1);
        assert_eq!(humps(b"HTTPErrorCode").map(<[u8]>::len).collect::<Vec<_>>(), [4, 5, 4]);
    }
}

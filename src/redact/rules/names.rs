//! Looks names up whatever their spelling: `X-Api-Key`, `x_api_key`, `xApiKey` and `XAPIKEY` are one.

use super::super::hash::Quick;
use crate::literal::Endings;
use std::collections::HashMap;

/// A name's last words are tried against the suffixes, at most this many.
const MAX_WORDS: usize = 4;
/// Longer names are none.
const MAX_LEN: usize = 96;

/// What a name means: an index that the rule set gave it.
pub(crate) type Meaning = u16;

/// Names and suffixes of names, folded.
#[derive(Debug, Default)]
pub(crate) struct Names {
    exact: HashMap<Box<[u8]>, Meaning, Quick>,
    suffix: HashMap<Box<[u8]>, Meaning, Quick>,
    endings: Endings,
}

impl Names {
    /// The meaning of a name that is written out in a rule; `meaning` if it has none yet.
    pub fn exact(&mut self, name: &str, meaning: Meaning) -> Meaning {
        let folded = fold(name.as_bytes());
        self.endings.add(name.as_bytes());
        *self.exact.entry(folded.into()).or_insert(meaning)
    }

    /// All names that are written out, folded.
    pub fn written_out(&self) -> Vec<(Box<[u8]>, Meaning)> {
        self.exact.iter().map(|(name, meaning)| (name.clone(), *meaning)).collect()
    }

    /// What a folded name means by its end alone. A folded name has lost its words: any end counts.
    pub fn by_suffix(&self, folded: &[u8]) -> Option<Meaning> {
        (0..folded.len()).find_map(|start| self.suffix.get(&folded[start..])).copied()
    }

    /// Adds the last words of names; also the whole name.
    pub fn add_suffix(&mut self, words: &str, meaning: Meaning) {
        let folded = fold(words.as_bytes());
        self.endings.add(words.as_bytes());
        self.suffix.entry(folded.into()).or_insert(meaning);
    }

    /// How names end that mean something.
    pub fn endings(&self) -> &Endings {
        &self.endings
    }

    /// Adds a name that the walk itself knows to the endings.
    pub fn add_ending(&mut self, name: &[u8]) {
        self.endings.add(name);
    }

    /// What a name means.
    pub fn get(&self, name: &[u8]) -> Option<Meaning> {
        if name.len() > MAX_LEN || !self.can_end(name) {
            return None;
        }
        let mut folded = [0u8; MAX_LEN];
        let mut words = 0u128;
        let mut len = 0;
        let mut before = b'_';
        for &b in name {
            if b.is_ascii_alphanumeric() {
                let begins = !before.is_ascii_alphanumeric() || (b.is_ascii_uppercase() && before.is_ascii_lowercase());
                words |= u128::from(begins) << len;
                folded[len] = b.to_ascii_lowercase();
                len += 1;
            }
            before = b;
        }
        let folded = &folded[..len];
        if let Some(meaning) = self.exact.get(folded) {
            return Some(*meaning);
        }
        // the shortest suffix decides last, so that `secret_access_key` beats `key`
        let mut found = None;
        for _ in 0..MAX_WORDS {
            if words == 0 {
                break;
            }
            let start = 127 - words.leading_zeros() as usize;
            words &= !(1 << start);
            found = self.suffix.get(&folded[start..]).or(found.as_ref()).copied();
        }
        found
    }

    fn can_end(&self, name: &[u8]) -> bool {
        matches!(name, [.., a, b] if self.endings.may_end(*a, *b))
    }
}

/// Letters and digits in lower case, nothing else.
pub(crate) fn fold(name: &[u8]) -> Vec<u8> {
    name.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        names.exact("max_tokens", 9);
        names.exact("x-api-key", 1);
        names.add_suffix("api_key", 2);
        names.add_suffix("token", 3);
        names.add_suffix("secret_access_key", 4);
        names
    }

    #[test]
    fn every_spelling_is_the_same_name() {
        for name in ["x-api-key", "X-Api-Key", "X_API_KEY", "xApiKey", "XAPIKEY"] {
            assert_eq!(names().get(name.as_bytes()), Some(1), "{name}");
        }
        assert_eq!(names().get(b"OPENAI_API_KEY"), Some(2));
        assert_eq!(names().get(b"openaiApiKey"), Some(2));
        assert_eq!(names().get(b"refreshToken"), Some(3));
        assert_eq!(names().get(b"AWS_SECRET_ACCESS_KEY"), Some(4));
    }

    #[test]
    fn words_inside_words_are_not_names() {
        for name in ["tokenizer", "broken", "cryptotoken", "notification", "key", ""] {
            assert_eq!(names().get(name.as_bytes()), None, "{name}");
        }
        assert_eq!(names().get(b"max_tokens"), Some(9));
    }
}

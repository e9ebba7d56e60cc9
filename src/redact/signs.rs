//! A few literals, sought in one pass.

use crate::literal::Span;
use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;

/// Literals of three bytes or more.
#[derive(Debug)]
pub(super) struct Signs {
    packed: Option<Searcher>,
    /// For processors that cannot look at many bytes at once.
    otherwise: Option<AhoCorasick>,
}

impl Signs {
    pub fn of(literals: &[&str]) -> Self {
        let packed = Searcher::new(literals);
        let otherwise = if packed.is_none() { AhoCorasick::new(literals).ok() } else { None };
        Self { packed, otherwise }
    }

    /// Calls `found` with the number of each literal that stands in a text, and where; of two that overlap the first.
    #[inline]
    pub fn each(&self, text: &[u8], mut found: impl FnMut(usize, Span)) {
        let mut report = |sign: aho_corasick::Match| found(sign.pattern().as_usize(), Span::from(sign.range()));
        match &self.packed {
            Some(packed) => packed.find_iter(text).for_each(report),
            None => self.otherwise.iter().flat_map(|signs| signs.find_iter(text)).for_each(&mut report),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_finds_the_same() {
        let literals = ["%40", "/home/", "Users"];
        let fast = Signs::of(&literals);
        let slow = Signs { packed: None, otherwise: AhoCorasick::new(literals).ok() };
        let text = format!("{}%40 /home//home/x Users{}%4", "x".repeat(70), "y".repeat(70));
        let found = |signs: &Signs| {
            let mut all = Vec::new();
            signs.each(text.as_bytes(), |number, span| all.push((number, span)));
            all
        };
        assert_eq!(found(&fast), found(&slow));
        assert_eq!(found(&fast).len(), 4);
    }
}

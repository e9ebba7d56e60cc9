//! `gen-<seconds>-…`

use super::Grammar;

pub struct Generation;

fn seconds(id: &str) -> Option<i64> {
    let (seconds, rest) = id.strip_prefix("gen-")?.split_once('-')?;
    (seconds.len() == 10 && rest.len() >= 10).then(|| seconds.parse().ok()).flatten()
}

impl Grammar for Generation {
    fn name(&self) -> &'static str {
        "openrouter generation"
    }

    fn is_one(&self, id: &str) -> bool {
        seconds(id).is_some()
    }

    fn time(&self, id: &str) -> Option<(i64, i64)> {
        Some((seconds(id)? * 1000, 1000))
    }

    fn note(&self) -> &'static str {
        "when the generation was created, to the second, in clear"
    }
}

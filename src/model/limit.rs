//! Limits of an account, as responses tell of them.

use serde::Serialize;

/// One limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Limit {
    /// What is limited: `input_tokens`.
    pub what: &'static str,
    /// How much of it in a stretch of time.
    pub limit: Option<u64>,
    /// How much is left.
    pub remaining: Option<u64>,
    /// When it is full again: milliseconds since 1970.
    pub resets_ms: Option<i64>,
    /// How long after the response it is full again, in milliseconds.
    pub resets_in_ms: Option<u64>,
}

impl Limit {
    /// What providers limit, as their headers name it.
    pub const WHAT: [(&str, &str); 5] = [
        ("requests", "requests"),
        ("tokens", "tokens"),
        ("input-tokens", "input_tokens"),
        ("output-tokens", "output_tokens"),
        ("images", "images"),
    ];

    /// The one of that name, in headers or in packets.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static str> {
        Self::WHAT.iter().find(|(header, what)| *header == name || *what == name).map(|(_, what)| *what)
    }

    /// Takes over what another header tells of it.
    pub(crate) fn complete(&mut self, other: &Self) {
        self.limit = self.limit.or(other.limit);
        self.remaining = self.remaining.or(other.remaining);
        self.resets_ms = self.resets_ms.or(other.resets_ms);
        self.resets_in_ms = self.resets_in_ms.or(other.resets_in_ms);
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        self.remaining == Some(0)
    }
}

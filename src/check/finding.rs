//! A finding: a conclusion with its evidence, and the rule that draws it.

use super::Facts;
use crate::model::Place;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Something to look at.
    Warn,
    /// It decides what to do.
    High,
    /// Do not go on before this is dealt with.
    Block,
}

impl Severity {
    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warn => "warn",
            Severity::High => "high",
            Severity::Block => "block",
        }
    }
}

/// When a finding holds, and what it means.
#[derive(Debug)]
pub struct Rule {
    /// Its id: `repeat_clean_500_same_path`.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// In a few words.
    pub title: &'static str,
    /// What it means.
    pub means: &'static str,
    /// What it does not prove.
    pub not_proof: &'static str,
    /// What to do.
    pub action: &'static str,
    /// When to stop, where there is a rule for that.
    pub stop_rule: Option<&'static str>,
    /// Where the rule comes from.
    pub source: &'static str,
    /// Looks for it.
    pub find: fn(&Facts<'_>) -> Option<Evident>,
}

/// What shows a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evident {
    /// The case in one sentence: numbers and names from the packet, no text of a log.
    pub detail: String,
    /// Where, at most a few.
    pub places: Vec<Place>,
}

/// A rule that holds.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What shows it.
    pub evident: Evident,
}

/// No more places than anybody looks at.
pub const MOST_PLACES: usize = 8;

impl Evident {
    /// With a sentence and places.
    #[must_use]
    pub fn new(detail: impl Into<String>, places: impl IntoIterator<Item = Place>) -> Option<Self> {
        Some(Self { detail: detail.into(), places: places.into_iter().take(MOST_PLACES).collect() })
    }
}

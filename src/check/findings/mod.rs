//! All findings, one file a family.

mod branch;
mod claude_code;
mod escalation;
mod ids;
mod limits;
mod logging;
mod operations;
mod path;
mod payload;
mod responder;
mod retries;
mod route;
mod status;
#[cfg(test)]
mod tests;

use super::Facts;
use super::evidence::Row;
use super::finding::{Finding, Rule};
use crate::model::Place;

/// All families.
pub static FAMILIES: &[(&str, &[Rule])] = &[
    ("escalation", escalation::RULES),
    ("branch", branch::RULES),
    ("responder", responder::RULES),
    ("route", route::RULES),
    ("claude_code", claude_code::RULES),
    ("retries", retries::RULES),
    ("limits", limits::RULES),
    ("path", path::RULES),
    ("payload", payload::RULES),
    ("status", status::RULES),
    ("logging", logging::RULES),
    ("ids", ids::RULES),
    ("operations", operations::RULES),
];

/// All rules.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|(_, rules)| rules.iter())
}

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|r| r.id == id)
}

/// The rules that hold, the gravest first.
#[must_use]
pub fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        rules().filter_map(|rule| Some(Finding { rule, evident: (rule.find)(facts)? })).collect();
    found.sort_by_key(|f| std::cmp::Reverse(f.rule.severity));
    found
}

/// Where rows stand.
fn places<'r, 'c: 'r>(rows: impl IntoIterator<Item = &'r Row<'c>>) -> impl Iterator<Item = Place> {
    rows.into_iter().filter_map(|r| r.place())
}

/// `1 failure`, `2 failures`.
fn times(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Milliseconds as people say them.
fn duration(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..120_000 => format!("{:.1} s", ms as f64 / 1000.0),
        _ => format!("{} min", ms / 60_000),
    }
}

//! What was taken, counted: rule, number, lines; never a value.

use super::edit::{Edit, What};
use super::rules::{RuleId, RuleSet};
use std::collections::BTreeMap;

/// So many lines are named for each rule.
const MAX_LINES: usize = 50;

/// Counts for one input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    taken: BTreeMap<RuleId, Count>,
    withheld: BTreeMap<RuleId, Count>,
}

#[derive(Clone, Debug, Default)]
struct Count {
    times: u64,
    lines: Vec<u64>,
}

impl Count {
    fn add(&mut self, line: u64) {
        self.times += 1;
        if self.lines.len() < MAX_LINES && self.lines.last() != Some(&line) {
            self.lines.push(line);
        }
    }
}

impl Tally {
    /// Counts the edits of a text whose first line has this number.
    pub fn count(&mut self, text: &[u8], line: u64, edits: &[Edit]) {
        let (mut at, mut number) = (0, line);
        for edit in edits.iter().filter(|e| e.what != What::Rest) {
            number += memchr::memchr_iter(b'\n', text.get(at..edit.span.start).unwrap_or_default()).count() as u64;
            at = edit.span.start.max(at);
            self.taken.entry(edit.rule).or_default().add(number);
        }
    }

    /// Counts edits without their lines.
    pub fn count_only(&mut self, edits: &[Edit]) {
        for edit in edits.iter().filter(|e| e.what != What::Rest) {
            self.taken.entry(edit.rule).or_default().times += 1;
        }
    }

    /// Counts a line that the gate withheld.
    pub fn withheld(&mut self, rule: RuleId, line: u64) {
        self.withheld.entry(rule).or_default().add(line);
    }

    /// What was taken, by rule.
    pub fn taken(&self, rules: &RuleSet) -> Vec<Taken> {
        listed(&self.taken, rules)
    }

    /// What was withheld, by the rule that found something.
    pub fn withheld_by(&self, rules: &RuleSet) -> Vec<Taken> {
        listed(&self.withheld, rules)
    }
}

fn listed(counts: &BTreeMap<RuleId, Count>, rules: &RuleSet) -> Vec<Taken> {
    let rows = counts.iter().filter_map(|(id, count)| {
        let rule = rules.rule(*id)?;
        Some(Taken { rule: rule.id.clone(), class: rule.class.name(), count: count.times, lines: count.lines.clone() })
    });
    rows.collect()
}

/// What a rule took from an input.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    /// The rule.
    pub rule: String,
    /// Its class.
    pub class: &'static str,
    /// How often.
    pub count: u64,
    /// On which lines, the first fifty.
    pub lines: Vec<u64>,
}

//! The logs that were read, and what was taken out of them.

use crate::case::InputReport;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was taken out of the logs.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RedactionSection {
    /// Values taken out in all.
    pub total: u64,
    /// How often each rule took something.
    pub taken: BTreeMap<String, u64>,
    /// The finished document was read again, and nothing was found.
    pub verified: bool,
    /// Whether the memory of what was taken was full, so that a repetition may have been missed.
    pub memory_full: bool,
}

/// A log that was read.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InputRow {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Records.
    pub records: u64,
    /// Records by dialect.
    pub dialects: BTreeMap<&'static str, u64>,
    /// Records in which nothing about requests was found.
    pub others: u64,
}

impl RedactionSection {
    pub(super) fn of(inputs: &[InputReport], memory_full: bool) -> Self {
        let mut by_rule = BTreeMap::new();
        for taken in inputs.iter().flat_map(|i| &i.taken) {
            *by_rule.entry(taken.rule.to_string()).or_insert(0) += taken.count;
        }
        Self { total: by_rule.values().sum(), taken: by_rule, verified: false, memory_full }
    }
}

impl InputRow {
    pub(super) fn of(report: &InputReport, name: String) -> Self {
        let understood = &report.understood;
        Self {
            name,
            bytes: report.bytes,
            lines: report.lines,
            records: understood.records,
            dialects: understood.by_dialect.clone(),
            others: understood.others,
        }
    }
}

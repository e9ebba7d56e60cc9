//! The report of a redaction: what was taken, where, by which rule; never a value.

use super::super::dialects::each_record;
use super::super::error::{Error, Result};
use crate::dialect::custom::Custom;
use crate::dialect::{Dialects, Understood};
use crate::input::Input;
use crate::redact::{Class, Classes, Cleaner, Outcome, Policy, RuleSet, Taken};
use serde::Serialize;

/// So many lines that were not understood are named.
const MAX_LINES: usize = 50;

/// How the inputs were read.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Twice: what is taken in one place is taken in all of them.
    Files,
    /// Once, as it came: what is taken in one place is taken in those after it.
    Stream,
}

/// A redaction.
#[derive(Debug, Serialize)]
pub struct Report {
    schema: &'static str,
    version: &'static str,
    strict: bool,
    classes: Vec<&'static str>,
    pub mode: Mode,
    /// Whether something could not be remembered, so that an echo of it may have stayed.
    pub memory_full: bool,
    pub files: Vec<FileReport>,
    /// What could not be read.
    pub problems: Vec<String>,
}

/// What became of one input.
#[derive(Debug, Serialize)]
pub struct FileReport {
    pub name: String,
    pub bytes: u64,
    pub lines: u64,
    /// Of the input as it is stored.
    pub sha256_in: String,
    /// Of what was written.
    pub sha256_out: String,
    pub taken: Vec<Taken>,
    pub withheld: Vec<Taken>,
    /// Records in which nothing about requests was found; they were redacted like all others.
    pub not_understood: Option<NotUnderstood>,
}

/// Records that no dialect reads.
#[derive(Debug, Default, Serialize)]
pub struct NotUnderstood {
    pub records: u64,
    /// The lines on which they begin, the first fifty.
    pub lines: Vec<u32>,
}

impl Report {
    /// Of nothing yet.
    pub fn of(policy: &Policy) -> Self {
        let classes = Class::ALL.iter().filter(|(class, _)| policy.classes.has(*class)).map(|(_, name)| *name);
        Self {
            schema: "casefile.redaction/1",
            version: env!("CARGO_PKG_VERSION"),
            strict: policy.strict,
            classes: classes.collect(),
            mode: Mode::Files,
            memory_full: false,
            files: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Lines that were withheld.
    pub fn withheld(&self) -> u64 {
        self.files.iter().flat_map(|f| &f.withheld).map(|t| t.count).sum()
    }

    /// As it is written.
    ///
    /// # Errors
    /// None that are known.
    pub fn json(&self) -> Result<String> {
        let text =
            serde_json::to_string_pretty(self).map_err(|_| Error::new("the report cannot be written as JSON"))?;
        Ok(text + "\n")
    }
}

impl FileReport {
    /// Without checksums yet.
    pub fn of(name: &str, outcome: Outcome) -> Self {
        Self {
            name: name.to_owned(),
            bytes: outcome.bytes,
            lines: outcome.lines,
            sha256_in: String::new(),
            sha256_out: String::new(),
            taken: outcome.taken,
            withheld: outcome.withheld,
            not_understood: None,
        }
    }
}

/// The records of an input in which no dialect found anything.
///
/// # Errors
/// Those of the input.
pub fn not_understood(input: &Input, custom: &Custom) -> Result<NotUnderstood> {
    let mut found = NotUnderstood::default();
    let mut dialects = Dialects::new(Cleaner::new(RuleSet::builtin(), Classes::default()), None, custom.clone());
    let mut understood = Understood::default();
    each_record(input, |record| {
        let line = record.line;
        drop(dialects.read(record, &mut understood));
        if understood.others > found.records {
            found.records = understood.others;
            if found.lines.len() < MAX_LINES {
                found.lines.push(line);
            }
        }
    })?;
    Ok(found)
}

//! `casefile rules`: what is taken out, and why.

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::output::Output;
use super::{Exit, Run, term};
use crate::redact::{Class, Classes, Rule, RuleSet, lint};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is taken out: list and show rules, test files of them
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile rules list
  casefile rules show anthropic-key
  casefile rules test mine.toml")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// All rules, by class
    List {
        /// With the rules of this file
        #[arg(long, value_name = "FILE")]
        policy: Vec<PathBuf>,
    },
    /// One rule: what it takes, with examples
    Show {
        /// Its id
        id: String,
        /// With the rules of this file
        #[arg(long, value_name = "FILE")]
        policy: Vec<PathBuf>,
    },
    /// Check that rules take their examples and leave their counterexamples
    Test {
        /// Files of rules; the program's own where none is named
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

impl Run for Args {
    fn run(self, _: &ConfigArgs) -> Result<Exit> {
        match self.command {
            None => done(&list(&RuleSet::builtin())),
            Some(Command::List { policy }) => {
                let rules = load(&policy)?;
                done(&list(&rules))
            }
            Some(Command::Show { id, policy }) => {
                let rules = load(&policy)?;
                let rule = rules.find(&id).and_then(|id| rules.rule(id)).ok_or_else(|| unknown(&id, &rules))?;
                done(&show(rule))
            }
            Some(Command::Test { files }) => test(&files),
        }
    }
}

fn done(text: &str) -> Result<Exit> {
    Output::stdout().text(text)?;
    Ok(Exit::Done)
}

/// The program's rules and those of files.
///
/// # Errors
/// What is wrong with a file, with its line.
pub fn load(files: &[PathBuf]) -> Result<Arc<RuleSet>> {
    if files.is_empty() {
        return Ok(RuleSet::builtin());
    }
    let mut texts = Vec::new();
    for path in files {
        texts.push((name(path), std::fs::read_to_string(path).map_err(|e| Error::file("read", path, &e))?));
    }
    Ok(Arc::new(RuleSet::with(&texts)?))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn unknown(id: &str, rules: &RuleSet) -> Error {
    let ids = rules.rules().iter().map(|r| r.id.as_str());
    let error = Error::new(format!("no rule `{id}`"));
    match super::nearest(id, ids) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`casefile rules list` lists them"),
    }
}

fn list(rules: &RuleSet) -> String {
    let taken = Classes::default();
    let width = rules.rules().iter().map(|r| r.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (class, name) in Class::ALL {
        let state = if taken.has(*class) { "taken out" } else { "stays unless `--drop` names it" };
        let _ = writeln!(out, "{name} ({state})");
        for rule in rules.rules().iter().filter(|r| r.class == *class) {
            let _ = writeln!(out, "  {:width$}  {}", rule.id, rule.title);
        }
    }
    out
}

/// In full.
pub fn show(rule: &Rule) -> String {
    let mut out = format!("{}: {}\nclass: {}\nfile: {}\n", rule.id, rule.title, rule.class.name(), rule.file);
    let mut part = |title: &str, lines: &[String]| {
        if !lines.is_empty() {
            let _ = writeln!(out, "{title}:");
        }
        for line in lines {
            let _ = writeln!(out, "  {line}");
        }
    };
    part("takes, in `{alnum:40}` 40 letters and digits, between << and >> where a part stays", &rule.examples);
    part("leaves", &rule.counterexamples);
    out
}

fn test(files: &[PathBuf]) -> Result<Exit> {
    let rules = load(files)?;
    let names: Vec<String> = files.iter().map(|p| name(p)).collect();
    let faults = lint(&rules, &names);
    let mut out = String::new();
    for fault in &faults {
        let _ = writeln!(out, "{}: {}: {}", term::redacted(&fault.file), fault.rule, fault.problem);
    }
    Output::stdout().text(&out)?;
    let tested = rules.rules().iter().filter(|r| names.is_empty() || names.contains(&r.file)).count();
    if faults.is_empty() {
        term::note(&format!("{} hold", term::count(tested as u64, "rule")));
        return Ok(Exit::Done);
    }
    term::warn(
        &format!("{} in {}", term::count(faults.len() as u64, "fault"), term::count(tested as u64, "rule")),
        Some("an example must go, where it is marked with << and >> only that; a counterexample must stay"),
    );
    Ok(Exit::No)
}

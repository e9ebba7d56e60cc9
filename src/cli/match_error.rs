//! `casefile match`: an error that somebody pastes, and what to do about it.

use super::build::ReadingArgs;
use super::config::ConfigArgs;
use super::error::{Error, Result, input_problem};
use super::inputs::InputArgs;
use super::output::Output;
use super::policy::PolicyArgs;
use super::{Exit, Run, term};
use crate::case::{How, Pasted, paste};
use crate::check::branch::{self, Branch};
use crate::check::evidence::{Evidence, Row};
use crate::idclock;
use crate::literal::Timestamp;
use crate::model::Supplied;
use std::fmt::Write;
use std::path::PathBuf;

/// Paste an error: which branch it is, what to do first, when to stop
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  pbpaste | casefile match
  casefile match error.txt

It reads what a terminal has wrapped, coloured or cut off. It ends with 0 also where the error is unknown,
and says so.")]
pub struct Args {
    /// A file with the error; `-` or nothing reads the standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    policy: PolicyArgs,
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let found = InputArgs { inputs: self.file.into_iter().collect() }.find()?;
        let config = config.load()?;
        let options = self.reading.options(&self.policy, &config)?;
        let Some(input) = found.first() else { return Err(Error::new("nothing to read")) };
        if found.len() > 1 {
            return Err(Error::new("more than one file").hint("name one; `casefile build` reads folders and archives"));
        }
        input.open().map_err(|e| Error::new(input_problem(&e)).hint(e.hint))?;
        let pasted = paste(input, &options).map_err(|e| Error::new(format!("cannot read the error: {}", e.kind())))?;
        Output::stdout().text(&matched(&pasted))?;
        Ok(Exit::Done)
    }
}

fn matched(pasted: &Pasted) -> String {
    let supplied = Supplied::default();
    let evidence = Evidence::of(&pasted.calls, &supplied);
    let Some(row) = evidence.example() else {
        let advice = Branch::Unknown.advice();
        return format!(
            "branch        unknown\n\nNothing in it names a failure.\nfirst action  {}\n",
            advice.first_action
        );
    };
    let mut text = about(row, pasted.how);
    let others: Vec<String> = evidence
        .branches
        .iter()
        .filter(|(b, _)| *b != row.branch)
        .map(|(b, n)| format!("{} ({n})", b.name()))
        .collect();
    if !others.is_empty() {
        let _ = writeln!(text, "also          {}", others.join(", "));
    }
    let advice = row.branch.advice();
    text.push('\n');
    for (name, part) in [
        ("means", advice.means),
        ("not proof", advice.not_proof),
        ("first action", advice.first_action),
        ("verify", advice.verify),
        ("stop rule", advice.stop_rule),
    ] {
        let _ = writeln!(text, "{name:12}  {}", term::wrapped(part, 14));
    }
    text
}

/// What the failure is known by.
fn about(row: &Row<'_>, how: How) -> String {
    let seen = &row.attempt.seen;
    let mut text = format!("branch        {}: {}\n", row.branch.name(), row.branch.title());
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{name:12}  {value}");
        }
    };
    line("status", seen.status.map(|s| s.to_string()));
    line("error type", seen.error_type.as_ref().map(ToString::to_string));
    line("conflict", branch::conflict(seen));
    let (who, why) = row.responder;
    line("answered by", Some(format!("{}: {why}", who.name())));
    let id = seen.request_id.as_ref().map(|id| {
        let time = idclock::time(id.as_str()).map(|t| format!("   {} by its own clock", Timestamp::rfc3339(t.ms)));
        format!("{id}{}", time.unwrap_or_default())
    });
    line("request id", id.or_else(|| seen.status.map(|_| "not in the text: support needs it".to_owned())));
    for id in &seen.ids {
        line(id.kind.name(), Some(id.value.to_string()));
    }
    line("found", (how == How::Words).then(|| "by single words: nothing else in the text is understood".to_owned()));
    text
}

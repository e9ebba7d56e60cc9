//! `casefile check`: is this safe to share?
//!
//! It redacts, throws the result away, and tells where something would have gone. What was redacted before,
//! by this program or another, has nothing left to take.

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::inputs::{self, InputArgs};
use super::output::Output;
use super::policy::PolicyArgs;
use super::redact::learn;
use super::{Exit, Run, term};
use crate::redact::{Outcome, Redactor, Taken};
use serde::Serialize;
use std::io;

/// Tell whether logs, packets or other texts are safe to share; exit 1 if they are not
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile check app.redacted.log
  git diff | casefile check

Prose of which it cannot tell whose it is counts, too: in a ticket it is yours, so read it.")]
pub struct Args {
    #[command(flatten)]
    inputs: InputArgs,
    /// Print what was found as text or as JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    policy: PolicyArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A place and a rule a line
    Text,
    /// One document
    Json,
}

#[derive(Serialize)]
struct Checked {
    schema: &'static str,
    safe: bool,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    name: String,
    lines: u64,
    found: Vec<Taken>,
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let (found, all) = self.inputs.find_all()?;
        let policy = self.policy.policy(&config.load()?)?;
        let mut names = Redactor::new(policy.clone());
        let mut redactor = Redactor::new(policy);
        let (learned, problems) = learn(&found, &mut redactor);
        if learned.is_empty() {
            return Err(inputs::none(&problems));
        }
        inputs::warn(&problems);
        let mut files = Vec::new();
        for (_, input, learned) in learned {
            let outcome = redactor
                .write(learned, input.open()?.reader, &mut io::sink())
                .map_err(|e| Error::from(input.error(&e)))?;
            files.push(File { name: names.text(&input.name), lines: outcome.lines, found: found_in(outcome) });
        }
        let checked = Checked { schema: "casefile.check/1", safe: files.iter().all(|f| f.found.is_empty()), files };
        match self.format {
            Format::Text => Output::stdout().text(&places(&checked))?,
            Format::Json => Output::stdout().text(&json(&checked)?)?,
        }
        say(&checked);
        // what could not be read was not checked either
        Ok(if checked.safe && all && problems.is_empty() { Exit::Done } else { Exit::No })
    }
}

fn found_in(outcome: Outcome) -> Vec<Taken> {
    let mut found = outcome.taken;
    for more in outcome.withheld {
        match found.iter_mut().find(|f| f.rule == more.rule) {
            Some(known) => {
                known.count += more.count;
                known.lines.extend(more.lines);
                known.lines.sort_unstable();
                known.lines.dedup();
            }
            None => found.push(more),
        }
    }
    found
}

/// `app.log:12: anthropic-key`, in order of lines.
fn places(checked: &Checked) -> String {
    let mut text = String::new();
    for file in &checked.files {
        let mut rows: Vec<(u64, &str)> =
            file.found.iter().flat_map(|f| f.lines.iter().map(|line| (*line, f.rule.as_str()))).collect();
        rows.sort_unstable();
        for (line, rule) in rows {
            text.push_str(&format!("{}:{line}: {rule}\n", term::escaped(&file.name)));
        }
        for more in file.found.iter().filter(|f| f.count > f.lines.len() as u64) {
            text.push_str(&format!(
                "{}: {}: {} in all\n",
                term::escaped(&file.name),
                more.rule,
                term::count(more.count, "time")
            ));
        }
    }
    text
}

fn json(checked: &Checked) -> Result<String> {
    let text =
        serde_json::to_string_pretty(checked).map_err(|_| Error::new("what was found cannot be written as JSON"))?;
    Ok(text + "\n")
}

fn say(checked: &Checked) {
    let values: u64 = checked.files.iter().flat_map(|f| &f.found).map(|f| f.count).sum();
    let files = term::count(checked.files.len() as u64, "input");
    let found = || checked.files.iter().flat_map(|f| &f.found);
    match checked.safe {
        true => term::note(&format!("found nothing that should stay in, in {files}")),
        // of a ticket that is what somebody wrote, of a log it may be what a model did
        false if found().all(|f| f.rule.as_str() == "bare-prose") => term::warn(
            &format!("nothing secret, and {} of prose in {files} that nobody judged", term::count(values, "line")),
            Some("read them; of a log `casefile redact` takes them out"),
        ),
        false => term::warn(
            &format!("not safe to share: {} in {files}", term::count(values, "value")),
            Some("`casefile redact` takes them out"),
        ),
    }
}

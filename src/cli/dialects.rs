//! `casefile dialects`: which logs are understood, and what each kind tells.

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::inputs::InputArgs;
use super::output::Output;
use super::{Exit, Run, term};
use crate::dialect::custom::Custom;
use crate::dialect::{About, Dialect, Dialects, Understood};
use crate::input::{Input, Lines, Record, Records};
use crate::redact::{Classes, Cleaner, Policy, Redactor, RuleSet};
use std::fmt::Write as _;
use std::io::Write as _;

/// The kinds of logs that are understood
#[derive(Debug, clap::Args)]
#[command(after_long_help = "A format of your own needs no code. In casefile.toml:

  [[dialect]]
  id = \"shop-gateway\"
  title = \"Our gateway's log\"
  line = '^(?<time>\\S+) (?<status>\\d{3}) (?<endpoint>/\\S+) id=(?<request_id>\\S+)'

`casefile dialects test app.log` shows what each line became; docs/custom-dialects.md tells the rest.")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// All of them
    List,
    /// One of them: what such a log tells, and what it does not
    Show {
        /// Its id
        id: String,
    },
    /// What each record of a log became: its dialect and which part of an attempt it tells
    Test {
        #[command(flatten)]
        inputs: InputArgs,
    },
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let custom = config.load()?.custom()?;
        let text = match self.command {
            None | Some(Command::List) => list(&custom),
            Some(Command::Show { id }) => show(custom.named(&id).ok_or_else(|| unknown(&id, &custom))?),
            Some(Command::Test { inputs }) => return test(&inputs, custom),
        };
        Output::stdout().text(&text)?;
        Ok(Exit::Done)
    }
}

/// Nothing has this id.
pub fn unknown(id: &str, custom: &Custom) -> Error {
    let error = Error::new(format!("no dialect `{id}`"));
    match super::nearest(id, custom.dialects().map(|d| d.about().id)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`casefile dialects list` lists them"),
    }
}

fn list(custom: &Custom) -> String {
    let width = custom.dialects().map(|d| d.about().id.len()).max().unwrap_or(0);
    custom.dialects().map(Dialect::about).fold(String::new(), |mut out, about| {
        let _ = writeln!(out, "{:width$}  {}", about.id, term::escaped(about.title));
        out
    })
}

/// In full.
pub fn show(about: &About) -> String {
    format!(
        "{}: {}\nlayer: {}\ntells: {}\nlacks: {}\n",
        about.id,
        term::escaped(about.title),
        about.layer.name(),
        about.tells,
        about.lacks
    )
}

/// The records of all inputs, with their places; what nobody understood says so.
fn test(inputs: &InputArgs, custom: Custom) -> Result<Exit> {
    let found = inputs.find()?;
    let mut output = Output::stdout();
    let mut dialects = Dialects::new(Cleaner::new(RuleSet::builtin(), Classes::default()), None, custom);
    let mut names = Redactor::new(Policy::default());
    let mut understood = Understood::default();
    for input in &found {
        let name = names.text(&input.name);
        let mut failed = None;
        dialects.next_input(&input.name);
        each_record(input, |record| {
            let (line, before) = (record.line, understood.others);
            let facts: Vec<String> =
                dialects.read(record, &mut understood).map(|f| format!("{} {}", f.dialect, f.stage.name())).collect();
            let became = match facts.as_slice() {
                [] if understood.others > before => "-".to_owned(),
                [] => "understood, tells of no attempt".to_owned(),
                facts => facts.join(", "),
            };
            failed = writeln!(output, "{}:{line}: {became}", term::escaped(&name)).err().or(failed.take());
        })?;
        failed.map_or(Ok(()), |e| Err(Error::from_writing(&e)))?;
    }
    output.finish()?;
    let by: Vec<String> = understood.by_dialect.iter().map(|(id, n)| format!("{n} {id}")).collect();
    let by = if by.is_empty() { String::new() } else { format!(" ({})", by.join(", ")) };
    term::note(&format!(
        "{}{by}; in {} nothing about requests was found",
        term::count(understood.records, "record"),
        understood.others
    ));
    Ok(Exit::Done)
}

/// Hands out the records of an input.
///
/// # Errors
/// Those of the input.
pub fn each_record(input: &Input, mut each: impl FnMut(Record<'_>)) -> Result {
    let mut records = Records::default();
    let mut lines = Lines::new(input.open()?.reader);
    let mut seen = 0;
    while let Some(block) = lines.more(seen).map_err(|e| Error::from(input.error(&e)))? {
        let whole = records.block(&block, &mut each);
        seen = block.bytes.len() - whole;
        lines.consume(whole);
    }
    records.finish(each);
    Ok(())
}

//! The command line: one file a subcommand, and the only place that prints.
//!
//! Data goes to the standard output, everything else to the standard error. Exit codes: 0 done, 1 the answer
//! is no, 2 it could not be done. Nothing is asked, nothing is overwritten without `--force`.

mod attempts;
mod build;
mod check;
mod config;
mod dialects;
mod error;
mod explain;
mod generate;
mod hashing;
mod ids;
mod inputs;
mod match_error;
mod output;
mod policy;
mod probe;
mod progress;
mod redact;
mod repro;
mod rules;
mod schema;
mod templates;
mod term;
mod verify;

use crate::model::distance;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use config::ConfigArgs;
use error::{Error, Result};
use std::ffi::OsString;
use std::process::ExitCode;

/// How a command ended that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Done, and the answer is no: a leak, something withheld, a grade not met.
    No,
}

/// A subcommand: its arguments, and what it does with them.
trait Run {
    /// Does it.
    ///
    /// # Errors
    /// What could not be done, and how to do it.
    fn run(self, config: &ConfigArgs) -> Result<Exit>;
}

/// Turns logs of failing LLM API calls into an escalation packet, and lets nothing out that should stay in
#[derive(Debug, Parser)]
#[command(name = "casefile", version, disable_help_subcommand = true, max_term_width = 100)]
#[command(after_long_help = "Examples:
  casefile build app.log -o packet.zip
  casefile redact app.log -o app.redacted.log
  pbpaste | casefile match

`casefile COMMAND --help` has more of them.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Say nothing but errors and warnings
    #[arg(short, long, global = true)]
    quiet: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    color: clap::ColorChoice,
    #[command(flatten)]
    config: ConfigArgs,
}

/// One line a subcommand.
#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
    Redact(redact::Args),
    Check(check::Args),
    Attempts(attempts::Args),
    Ids(ids::Args),
    Match(match_error::Args),
    Explain(explain::Args),
    Probe(probe::Args),
    Repro(repro::Args),
    Verify(verify::Args),
    Dialects(dialects::Args),
    Rules(rules::Args),
    Templates(templates::Args),
    Schema(schema::Args),
    Config(config::Args),
    Generate(generate::Args),
}

impl Command {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        match self {
            Command::Build(args) => args.run(config),
            Command::Redact(args) => args.run(config),
            Command::Check(args) => args.run(config),
            Command::Attempts(args) => args.run(config),
            Command::Ids(args) => args.run(config),
            Command::Match(args) => args.run(config),
            Command::Explain(args) => args.run(config),
            Command::Probe(args) => args.run(config),
            Command::Repro(args) => args.run(config),
            Command::Verify(args) => args.run(config),
            Command::Dialects(args) => args.run(config),
            Command::Rules(args) => args.run(config),
            Command::Templates(args) => args.run(config),
            Command::Schema(args) => args.run(config),
            Command::Config(args) => args.run(config),
            Command::Generate(args) => args.run(config),
        }
    }
}

/// Runs the program with its arguments, the program's name first.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let done = parse(args).and_then(|cli| match cli {
        Some(cli) => start(cli),
        None => Ok(Exit::Done),
    });
    match done {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::No) => ExitCode::from(1),
        Err(error) => {
            error.show();
            ExitCode::from(error.code)
        }
    }
}

fn start(cli: Cli) -> Result<Exit> {
    match cli.color {
        clap::ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        clap::ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
        clap::ColorChoice::Auto => {}
    }
    if cli.quiet {
        term::be_quiet();
    }
    cli.command.run(&cli.config)
}

/// Reads the arguments; help and version are printed here.
fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Option<Cli>> {
    use clap::error::ErrorKind;
    let parsed = Cli::command().try_get_matches_from(args).and_then(|m| Cli::from_arg_matches(&m));
    match parsed {
        Ok(cli) => Ok(Some(cli)),
        Err(e) if matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            e.print().map_err(|e| Error::from_writing(&e))?;
            Ok(None)
        }
        Err(e) if e.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Err(Error::new("a command is missing")
                .hint("`casefile --help` lists them; most often it is `casefile build LOG`"))
        }
        Err(e) => Err(e.into()),
    }
}

/// The name that is most like what was typed, if one is like it at all.
fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let (distance, name) = names.map(|name| (distance(typed, name), name)).min()?;
    (distance <= 1 + typed.len() / 4).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        assert_eq!(nearest("antropic-key", ["openai-key", "anthropic-key"].into_iter()), Some("anthropic-key"));
        assert_eq!(nearest("xyz", ["openai-key"].into_iter()), None);
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}

//! `casefile redact`: the log without what must stay in.
//!
//! All inputs are read once before the first byte is written, so that what turns out to be a secret in the
//! last is taken from the first as well. Only a pipe is passed on as it comes.

mod diff;
mod report;
mod targets;

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::hashing::{Checksum, sha256};
use super::inputs::{self, InputArgs};
use super::output::{Output, OutputArgs};
use super::policy::PolicyArgs;
use super::progress::Progress;
use super::{Exit, Run, term};
use crate::dialect::custom::Custom;
use crate::input::{Input, Utf16Writer, open_text};
use crate::redact::{Learned, Policy, Redactor};
use report::{FileReport, Report};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use targets::Targets;

/// Redact logs; everything that is not taken out stays byte for byte
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile redact app.log > safe.log
  casefile redact logs/ -o safe/ --report report.json
  my-service 2>&1 | casefile redact --strict")]
pub struct Args {
    #[command(flatten)]
    inputs: InputArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Write a report: what was taken, by rule, file and line; never a value
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Show the lines that would change, as they would be
    #[arg(long, conflicts_with = "output")]
    diff: bool,
    #[command(flatten)]
    policy: PolicyArgs,
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let config = config.load()?;
        let policy = self.policy.policy(&config)?;
        let report = self.report.as_deref().map(|path| Output::file(path, self.output.force)).transpose()?;
        let mut done = Report::of(&policy);
        if self.inputs.only_stdin()? && !self.diff {
            self.stream(policy, &mut done)?;
        } else {
            self.files(policy, &config.custom()?, &mut done)?;
        }
        summary(&done);
        if let Some(report) = report {
            report.text(&done.json()?)?;
        }
        Ok(if done.withheld() == 0 { Exit::Done } else { Exit::No })
    }
}

impl Args {
    /// Passes the standard input on, record by record.
    fn stream(&self, policy: Policy, done: &mut Report) -> Result {
        let mut redactor = Redactor::new(policy);
        let target = match self.output.path() {
            Some(path) if path.is_dir() => Some(path.join("stdin.log")),
            path => path.map(Path::to_owned),
        };
        let mut output =
            target.as_deref().map_or_else(|| Ok(Output::stdout()), |path| Output::file(path, self.output.force))?;
        let (read, written) = (Checksum::default(), Checksum::default());
        let opened = open_text(Box::new(read.of(io::stdin())), Path::new("-"))?;
        let mut writer = Utf16Writer::new(written.of(&mut output), opened.encoding);
        let outcome = redactor.stream(opened.reader, &mut writer).map_err(|e| failed(&e))?;
        output.finish()?;
        done.mode = report::Mode::Stream;
        done.memory_full = redactor.memory_is_full();
        done.files.push(FileReport {
            sha256_in: read.hex(),
            sha256_out: written.hex(),
            ..FileReport::of("stdin", outcome)
        });
        Ok(())
    }

    /// Reads all inputs, then writes them.
    fn files(&self, policy: Policy, custom: &Custom, done: &mut Report) -> Result {
        let found = self.inputs.find()?;
        let mut redactor = Redactor::new(policy.clone());
        let mut names = Redactor::new(policy);
        let targets = Targets::of(&self.output, &self.inputs, &found, &mut names)?;
        let (learned, problems) = learn(&found, &mut redactor);
        if learned.is_empty() {
            return Err(inputs::none(&problems));
        }
        inputs::warn(&problems);
        targets.check(learned.iter().map(|(i, _, _)| *i))?;
        let mut stdout = None;
        for (index, input, learned) in learned {
            let name = names.text(&input.name);
            if self.diff {
                done.files.push(diff::show(input, &name, learned, &mut redactor)?);
                continue;
            }
            let mut file = match targets.path(index) {
                Some(path) => {
                    let mut output = Output::file(path, self.output.force)?;
                    let file = self.write(input, &name, learned, &mut redactor, &mut output)?;
                    output.finish()?;
                    file
                }
                None => self.write(input, &name, learned, &mut redactor, stdout.get_or_insert_with(Output::stdout))?,
            };
            if self.report.is_some() {
                file.sha256_in = sha256(input.open_raw()?).map_err(|e| Error::from(input.error(&e)))?;
                file.not_understood = Some(report::not_understood(input, custom)?);
            }
            done.files.push(file);
        }
        if let Some(stdout) = stdout {
            stdout.finish()?;
        }
        done.memory_full = redactor.memory_is_full();
        done.problems = problems.iter().map(|p| names.text(&p.to_string())).collect();
        Ok(())
    }

    /// The second pass over an input.
    fn write(
        &self,
        input: &Input,
        name: &str,
        learned: Learned,
        redactor: &mut Redactor,
        output: &mut Output,
    ) -> Result<FileReport> {
        let opened = input.open()?;
        let checksum = Checksum::wanted(self.report.is_some());
        let mut writer = Utf16Writer::new(checksum.of(output), opened.encoding);
        let outcome = redactor.write(learned, opened.reader, &mut writer).map_err(|e| failed(&e))?;
        writer.flush().map_err(|e| failed(&e))?;
        Ok(FileReport { sha256_out: checksum.hex(), ..FileReport::of(name, outcome) })
    }
}

/// What was learned of each input that could be read, with its number, and what is wrong with the others.
type LearnedInputs<'i> = (Vec<(usize, &'i Input, Learned)>, Vec<crate::input::InputError>);

/// The first pass over all inputs.
pub fn learn<'i>(found: &'i [Input], redactor: &mut Redactor) -> LearnedInputs<'i> {
    let mut progress = Progress::over(found, 2);
    let mut learned = Vec::new();
    let mut problems = Vec::new();
    for (index, input) in found.iter().enumerate() {
        let read =
            input.open().and_then(|opened| redactor.learn(progress.watch(opened.reader)).map_err(|e| input.error(&e)));
        match read {
            Ok(known) => learned.push((index, input, known)),
            Err(problem) => problems.push(problem),
        }
    }
    (learned, problems)
}

/// Reading or writing broke off in the middle.
fn failed(e: &io::Error) -> Error {
    Error::from_writing(e)
}

/// What was taken, in one line.
fn summary(done: &Report) {
    let mut rules: BTreeMap<&str, u64> = BTreeMap::new();
    for taken in done.files.iter().flat_map(|f| &f.taken) {
        *rules.entry(&taken.rule).or_default() += taken.count;
    }
    let mut rules: Vec<(&str, u64)> = rules.into_iter().collect();
    rules.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let total: u64 = rules.iter().map(|(_, n)| n).sum();
    let most: Vec<String> = rules.iter().take(6).map(|(rule, n)| format!("{n} {rule}")).collect();
    let more = if rules.len() > 6 { ", ..." } else { "" };
    let by_rule = if total == 0 { String::new() } else { format!(" ({}{more})", most.join(", ")) };
    let lines = term::count(done.files.iter().map(|f| f.lines).sum(), "line");
    let files = term::count(done.files.len() as u64, "input");
    term::note(&format!("took out {}{by_rule} from {lines} of {files}", term::count(total, "value")));
    if done.memory_full {
        term::warn(
            "there was too much to remember: what was taken in one place may have stayed in another",
            Some("redact fewer logs at a time, or use `--strict`"),
        );
    }
    if done.withheld() > 0 {
        let lines = term::count(done.withheld(), "line");
        term::warn(
            &format!("{lines} withheld: the check of the finished text still found something there"),
            Some("`--report FILE` names the lines and the rules"),
        );
    }
}

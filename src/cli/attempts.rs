//! `casefile attempts`: every attempt as a line of JSON, for whatever comes next.

use super::build::{ReadingArgs, read};
use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::inputs::InputArgs;
use super::output::OutputArgs;
use super::policy::PolicyArgs;
use super::{Exit, Run, term};
use crate::case::{Case, Options};
use crate::dialect::casefile::{SCHEMA, header, line, run_of};
use crate::render::read_again;
use std::io::Write;

/// Print every attempt as a line of JSON behind a header; `build` reads these back
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile attempts node-1.log -o node-1.jsonl    on each machine
  casefile build *.jsonl                          on yours
  casefile attempts app.log | jq 'select(.status == 529)'")]
pub struct Args {
    #[command(flatten)]
    inputs: InputArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    policy: PolicyArgs,
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let found = self.inputs.find()?;
        let mut output = self.output.open()?;
        let options = Options { parts: true, ..self.reading.options(&self.policy, &config.load()?)? };
        let Case { logs, calls, mut redactor, .. } = read(&found, &options)?;
        let inputs: Vec<String> = logs.iter().map(|name| redactor.text(name)).collect();
        let run = run_of(&calls);
        let lines = || {
            let attempts = calls.iter().flat_map(|call| (0..call.attempts.len()).map(move |n| (call, n)));
            let lines = attempts.map(|(call, n)| line(&run, call, n, &inputs));
            std::iter::once(header(&run, &calls, &inputs)).chain(lines)
        };
        // all of them before the first is written
        for (line, number) in lines().zip(1..) {
            read_again(line.as_bytes(), number, &[SCHEMA], &mut redactor)?;
        }
        for line in lines() {
            output.write_all(line.as_bytes()).map_err(|e| Error::from_writing(&e))?;
        }
        output.finish()?;
        let attempts = calls.iter().map(|call| call.attempts.len() as u64).sum();
        term::note(&format!("{} of {}", term::count(attempts, "attempt"), term::count(calls.len() as u64, "call")));
        Ok(Exit::Done)
    }
}

//! What a command reads.

use super::error::{Error, Result, input_problem};
use super::term;
use crate::input::{Input, InputError, Inputs, expand};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// The logs of a run.
#[derive(Clone, Debug, clap::Args)]
pub struct InputArgs {
    /// Logs: files, folders, archives, `-` for the standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
}

impl InputArgs {
    /// Whether the standard input is all there is to read.
    ///
    /// # Errors
    /// Where nothing was named and nothing is piped in.
    pub fn only_stdin(&self) -> Result<bool> {
        if self.inputs.is_empty() && io::stdin().is_terminal() {
            return Err(Error::new("nothing to read")
                .hint("name a log or a folder, or pipe one in: `my-service 2>&1 | casefile ...`"));
        }
        Ok(self.inputs.iter().all(|p| p == Path::new("-")))
    }

    /// Finds all inputs. The standard input is kept aside, and read last.
    ///
    /// # Errors
    /// Where there is nothing at all to read.
    pub fn find(&self) -> Result<Vec<Input>> {
        self.find_all().map(|(inputs, _)| inputs)
    }

    /// The same, and whether everything that was named is among them.
    ///
    /// # Errors
    /// Where there is nothing at all to read.
    pub fn find_all(&self) -> Result<(Vec<Input>, bool)> {
        let only_stdin = self.only_stdin()?;
        let (stdin, paths): (Vec<PathBuf>, Vec<PathBuf>) =
            self.inputs.iter().cloned().partition(|p| p == Path::new("-"));
        let Inputs { mut inputs, problems } = expand(&paths);
        if only_stdin || !stdin.is_empty() {
            inputs.push(Input::keep(io::stdin().lock()).map_err(|e| Error::file("read", Path::new("-"), &e))?);
        }
        if inputs.is_empty() {
            return Err(none(&problems));
        }
        warn(&problems);
        Ok((inputs, problems.is_empty()))
    }
}

/// Nothing could be read.
pub fn none(problems: &[InputError]) -> Error {
    match problems.split_last() {
        Some((last, others)) => {
            for problem in others {
                term::error(&input_problem(problem), Some(problem.hint));
            }
            Error::new(input_problem(last)).hint(last.hint)
        }
        None => Error::new("no files there").hint("the folder or archive is empty; name one with logs in it"),
    }
}

/// Some could not be read; the others go on.
pub fn warn(problems: &[InputError]) {
    for problem in problems {
        term::warn(&format!("{}; the other inputs go on", input_problem(problem)), Some(problem.hint));
    }
}

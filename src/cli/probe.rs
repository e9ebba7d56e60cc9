//! `casefile probe`: a script that checks the way to the API where this program, which opens no connection,
//! cannot.

use super::config::ConfigArgs;
use super::error::Result;
use super::output::OutputArgs;
use super::{Exit, Run};

/// The script; its output is the dialect `probe`.
const SCRIPT: &str = include_str!("../../assets/probe.sh");

/// Print a script that checks DNS, TLS, proxy, status page and models; its output may be shared
///
/// casefile opens no connection. The script does, with curl, where you run it: `casefile probe | sh -s --
/// MODEL > probe.jsonl`. `casefile build` reads what it prints.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile probe > probe.sh                  read it first
  sh probe.sh claude-sonnet-4-6 > probe.jsonl
  casefile build app.log probe.jsonl")]
pub struct Args {
    #[command(flatten)]
    output: OutputArgs,
}

impl Run for Args {
    fn run(self, _config: &ConfigArgs) -> Result<Exit> {
        self.output.open()?.text(SCRIPT)?;
        Ok(Exit::Done)
    }
}

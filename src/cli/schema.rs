//! `casefile schema`: the form of what is written for programs.

use super::config::ConfigArgs;
use super::error::Result;
use super::output::OutputArgs;
use super::{Exit, Run};
use crate::{dialect, packet};

/// The JSON Schema of packets, or of the lines of `casefile attempts`
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile schema > packet.schema.json
  casefile schema attempts > attempts.schema.json")]
pub struct Args {
    /// Whose
    #[arg(value_enum, default_value = "packet")]
    of: Of,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Of {
    Packet,
    Attempts,
}

impl Run for Args {
    fn run(self, _config: &ConfigArgs) -> Result<Exit> {
        let schema = match self.of {
            Of::Packet => packet::SCHEMA,
            Of::Attempts => dialect::casefile::SCHEMA,
        };
        self.output.open()?.text(schema)?;
        Ok(Exit::Done)
    }
}

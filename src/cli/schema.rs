//! `casefile schema`: the form of packets.

use super::config::ConfigArgs;
use super::error::Result;
use super::output::OutputArgs;
use super::{Exit, Run};
use crate::packet::SCHEMA;

/// The JSON Schema of packets
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile schema > packet.schema.json")]
pub struct Args {
    #[command(flatten)]
    output: OutputArgs,
}

impl Run for Args {
    fn run(self, _config: &ConfigArgs) -> Result<Exit> {
        self.output.open()?.text(SCHEMA)?;
        Ok(Exit::Done)
    }
}

//! `casefile generate`: what packagers need.

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::output::Output;
use super::{Cli, Exit, Run};
use clap::CommandFactory;
use clap_complete::Shell;

/// Completions and the manual page
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile generate completions zsh > ~/.zfunc/_casefile
  casefile generate man > casefile.1")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// The manual page
    Man,
}

impl Run for Args {
    fn run(self, _: &ConfigArgs) -> Result<Exit> {
        let mut text = Vec::new();
        match self.command {
            Command::Completions { shell } => {
                clap_complete::generate(shell, &mut Cli::command(), "casefile", &mut text)
            }
            Command::Man => {
                clap_mangen::Man::new(Cli::command()).render(&mut text).map_err(|e| Error::from_writing(&e))?
            }
        }
        Output::stdout().text(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Done)
    }
}

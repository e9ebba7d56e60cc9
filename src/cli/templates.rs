//! `casefile templates`: how a packet can be laid out.

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::output::Output;
use super::{Exit, Run};
use crate::render::Template;
use crate::render::templates::{Known, TEMPLATES, named};
use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A template is never so large.
const MAX_BYTES: u64 = 1 << 20;

/// How a packet is laid out: list and show templates
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile templates list
  casefile templates show slack > mine.md
  casefile build app.log --template mine.md")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// All templates, and what they are for
    List,
    /// The text of one, to start your own from
    Show {
        /// Its name
        name: String,
    },
}

impl Run for Args {
    fn run(self, _: &ConfigArgs) -> Result<Exit> {
        let text = match &self.command {
            None | Some(Command::List) => list(),
            Some(Command::Show { name }) => named(name).ok_or_else(|| unknown(name))?.source.to_owned(),
        };
        Output::stdout().text(&text)?;
        Ok(Exit::Done)
    }
}

fn list() -> String {
    let width = TEMPLATES.iter().map(|t| t.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for Known { name, title, about, .. } in TEMPLATES {
        let _ = writeln!(out, "{name:width$}  {title}\n{:width$}  {about}", "");
    }
    out
}

fn unknown(name: &str) -> Error {
    let error = Error::new(format!("no template `{name}`"));
    match super::nearest(name, TEMPLATES.iter().map(|t| t.name)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`casefile templates` lists them; a file of your own works too"),
    }
}

/// A template by its name, or from a file.
///
/// # Errors
/// Where there is neither, or the file cannot be read.
pub fn load(name: &str) -> Result<Template> {
    if let Some(known) = named(name) {
        return Ok(known.template());
    }
    let path = Path::new(name);
    let is_path = path.exists() || path.components().count() > 1 || path.extension().is_some();
    if !is_path {
        return Err(unknown(name));
    }
    let failed = |e: std::io::Error| Error::file("read", path, &e);
    let mut source = String::new();
    File::open(path).map_err(failed)?.take(MAX_BYTES).read_to_string(&mut source).map_err(|e| match e.kind() {
        std::io::ErrorKind::InvalidData => {
            Error::new(format!("cannot read `{name}`: it is not UTF-8")).hint("save the template as UTF-8")
        }
        _ => failed(e),
    })?;
    Ok(Template::new(name, &source))
}

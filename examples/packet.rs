//! Builds a packet from logs and prints it: `cargo run --example packet -- app.log gateway.log`.

#![allow(clippy::print_stderr, reason = "an example is a program")]

use casefile::case::{self, Options};
use casefile::packet::{self, Supplied};
use casefile::render::{self, Format};
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let found = casefile::input::expand(&paths);
    for problem in &found.problems {
        eprintln!("{problem}");
    }
    let mut case = case::read(&found.inputs, &Options::default());
    let mut supplied = Supplied::default();
    supplied.set("impact", "checkout answers late", "the example")?;
    let mut packet = packet::assemble(&mut case, &supplied);
    if let Some(Format::Text(output)) = Format::all().next() {
        // nothing leaves that was taken out of the logs
        io::stdout().write_all(&render::checked(&mut packet, output, &mut case.redactor)?)?;
    }
    Ok(())
}

//! Redacts the standard input to the standard output: `cargo run --example redact < app.log`.
//!
//! A pipe is read once, so a value is taken from its first sight on. Files can be read twice, which also takes
//! what stands before that: see the documentation of `casefile::redact::Redactor`.

#![allow(clippy::print_stderr, reason = "an example is a program")]

use casefile::redact::{Policy, Redactor};
use std::io;

fn main() -> io::Result<()> {
    let mut redactor = Redactor::new(Policy::default());
    let outcome = redactor.stream(io::stdin().lock(), &mut io::stdout().lock())?;
    for taken in &outcome.taken {
        eprintln!("{} {}", taken.count, taken.rule);
    }
    Ok(())
}

//! What is taken out, as the command line says it.

use super::config::Config;
use super::error::{Error, Result};
use super::rules;
use crate::redact::{Class, Key, Policy};
use std::path::{Path, PathBuf};

/// Flags that tighten and loosen redaction.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Redaction")]
pub struct PolicyArgs {
    /// Keep only what is recognised; any other words are taken out
    #[arg(long)]
    pub strict: bool,
    /// Leave a class of values in: ip, email, ... (`casefile rules list` shows classes)
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = class())]
    pub keep: Vec<Class>,
    /// Take a class of values out that stays otherwise
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = class())]
    pub drop: Vec<Class>,
    /// More rules, from a TOML file
    #[arg(long, value_name = "FILE")]
    pub policy: Vec<PathBuf>,
    /// Name values with this key (16 bytes or more) instead of numbering them, to link runs
    #[arg(long, value_name = "FILE")]
    pub pseudonym_key_file: Option<PathBuf>,
}

fn key(path: &Path) -> Result<Key> {
    let bytes = std::fs::read(path).map_err(|e| Error::file("read", path, &e))?;
    let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let short = || {
        Error::new(format!("the key in `{}` is too short", path.display()))
            .hint("make one: `head -c 32 /dev/urandom > casefile.key`")
    };
    Key::new(text.strip_suffix(b"\r").unwrap_or(text)).ok_or_else(short)
}

fn class() -> impl clap::builder::TypedValueParser<Value = Class> {
    use clap::builder::TypedValueParser;
    clap::builder::PossibleValuesParser::new(Class::ALL.iter().map(|(_, name)| *name))
        .map(|name| Class::named(&name).unwrap_or(Class::Keys))
}

impl PolicyArgs {
    /// The policy of the run: the built-in one, tightened by `casefile.toml` and by files of rules, then as
    /// the flags say.
    ///
    /// # Errors
    /// What is wrong with a policy file, with its line.
    pub fn policy(&self, config: &Config) -> Result<Policy> {
        let mut policy = Policy { strict: self.strict, ..Policy::default() };
        let files: Vec<PathBuf> = config.policies().into_iter().chain(self.policy.iter().cloned()).collect();
        policy.rules = rules::load(&files)?;
        config.tighten(&mut policy);
        let asked = policy.rules.tightened().clone();
        policy.strict |= asked.strict;
        for class in asked.drop.iter().chain(&self.drop) {
            policy.classes.add(*class);
        }
        for class in &self.keep {
            policy.classes.remove(*class);
        }
        policy.key = self.pseudonym_key_file.as_deref().map(key).transpose()?;
        Ok(policy)
    }
}

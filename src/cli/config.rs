//! `casefile.toml` and `casefile config`: what holds, and who said so.
//!
//! The file is found by walking upwards from where the program runs. It travels with a project, so it may
//! tighten redaction and say facts, but never loosen: that takes a flag.

use super::build::zone;
use super::error::{Error, Result};
use super::output::Output;
use super::policy::PolicyArgs;
use super::{Exit, Run, rules, term};
use crate::dialect::custom::{self, Custom, Description, Fields};
use crate::model::{KEYS, Said, Supplied, SuppliedError};
use crate::redact::{Class, Policy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The name of the file.
pub const FILE: &str = "casefile.toml";

/// Which file is read.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ConfigArgs {
    /// Read this file instead of the nearest casefile.toml
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no casefile.toml
    #[arg(long, global = true)]
    no_config: bool,
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    timezone: Option<Spanned<String>>,
    template: Option<Spanned<String>>,
    #[serde(default)]
    redact: Redact,
    #[serde(default)]
    set: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(default)]
    routes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    dialect_files: Vec<Spanned<PathBuf>>,
    #[serde(default)]
    dialect: Vec<Description>,
    #[serde(default)]
    fields: Fields,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Redact {
    strict: Option<Spanned<bool>>,
    #[serde(default)]
    drop: Vec<Spanned<Class>>,
    #[serde(default)]
    policy: Vec<Spanned<PathBuf>>,
}

/// What `casefile.toml` says; nothing where there is none.
#[derive(Debug, Default)]
pub struct Config {
    path: PathBuf,
    text: String,
    file: File,
}

impl ConfigArgs {
    /// Reads the file that holds for this run.
    ///
    /// # Errors
    /// What is wrong in it, with its line.
    pub fn load(&self) -> Result<Config> {
        let path = match (self.no_config, &self.config) {
            (true, _) => None,
            (false, Some(path)) => Some(path.clone()),
            (false, None) => nearest(),
        };
        path.map_or_else(|| Ok(Config::default()), |path| Config::read(&path))
    }
}

impl Config {
    fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::file("read", path, &e))?;
        let mut config = Self { path: path.to_owned(), text, file: File::default() };
        match toml::from_str(&config.text) {
            Ok(file) => config.file = file,
            Err(e) => {
                let problem = e.message().lines().next().unwrap_or("not a casefile.toml").to_owned();
                let place = config.place(e.span().map_or(0, |s| s.start));
                return Err(Error::new(format!("{place}: {problem}")).hint(
                    "it has `timezone`, `template`, `dialect_files`, `[redact]`, `[set]`, `[routes]`, `[fields]` and `[[dialect]]`; facts as `owner.ticket` and `budget.max_attempts` stand under `[set]`",
                ));
            }
        }
        Ok(config)
    }

    /// `casefile.toml:3`
    fn place(&self, at: usize) -> String {
        place(&self.path, &self.text, at)
    }

    fn wrong<T>(&self, value: &Spanned<T>, problem: impl std::fmt::Display) -> Error {
        Error::new(format!("{}: {problem}", self.place(value.span().start)))
    }

    /// Minutes that logs without a zone are ahead of UTC.
    ///
    /// # Errors
    /// Where it is no zone.
    pub fn offset_min(&self) -> Result<Option<i16>> {
        let parse = |z: &Spanned<String>| zone(z.get_ref()).map_err(|problem| self.wrong(z, problem));
        self.file.timezone.as_ref().map(parse).transpose()
    }

    /// The layout of packets: a template's name, or a file, from where this file stands.
    pub fn template(&self) -> Option<String> {
        let said = self.file.template.as_ref()?.get_ref();
        let file = self.path.parent().unwrap_or(Path::new("")).join(said);
        Some(if file.is_file() { file.display().to_string() } else { said.clone() })
    }

    /// Files of rules, from where the file stands.
    pub fn policies(&self) -> Vec<PathBuf> {
        self.beside(&self.file.redact.policy)
    }

    fn beside(&self, files: &[Spanned<PathBuf>]) -> Vec<PathBuf> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        files.iter().map(|p| folder.join(p.get_ref())).collect()
    }

    /// Formats of logs that are described here, and in the files that are named here.
    ///
    /// # Errors
    /// What is wrong with one of them, with its line.
    pub fn custom(&self) -> Result<Custom> {
        let error = |path: &Path, text: &str, problem: custom::Problem| {
            Error::new(format!("{}: {}", place(path, text, problem.at), problem.what)).hint(problem.hint)
        };
        let mut custom = Custom::default();
        custom.add(&self.file.dialect, &self.file.fields).map_err(|p| error(&self.path, &self.text, p))?;
        for path in self.beside(&self.file.dialect_files) {
            let text = std::fs::read_to_string(&path).map_err(|e| Error::file("read", &path, &e))?;
            custom.read(&text).map_err(|p| error(&path, &text, p))?;
        }
        Ok(custom)
    }

    /// Tightens a policy.
    pub fn tighten(&self, policy: &mut Policy) {
        policy.strict |= self.file.redact.strict.as_ref().is_some_and(|s| *s.get_ref());
        for class in &self.file.redact.drop {
            policy.classes.add(*class.get_ref());
        }
    }

    /// The facts that it says.
    ///
    /// # Errors
    /// Where there is no such fact, or it cannot have this value.
    pub fn supply(&self, supplied: &mut Supplied) -> Result {
        for (name, value) in &self.file.set {
            self.fact(name, value.get_ref(), value, supplied)?;
        }
        for (host, owner) in &self.file.routes {
            let origin = self.named(owner.span().start);
            supplied.routes.push((host.to_ascii_lowercase(), Said { value: owner.get_ref().clone(), origin }));
        }
        Ok(())
    }

    /// `owner.ticket = "x"` is a table in a table.
    fn fact(&self, name: &str, value: &toml::Value, at: &Spanned<toml::Value>, supplied: &mut Supplied) -> Result {
        let text = match value {
            toml::Value::Table(table) => {
                return table
                    .iter()
                    .try_for_each(|(key, value)| self.fact(&format!("{name}.{key}"), value, at, supplied));
            }
            toml::Value::String(text) => text.clone(),
            toml::Value::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            other => other.to_string(),
        };
        let at = at.span().start;
        supplied.set(name, &text, &self.named(at)).map_err(|e| unknown_fact(name, &e, &self.place(at)))
    }

    /// The place as packets tell it: whoever reads them has no use for this machine's folders.
    fn named(&self, at: usize) -> String {
        place(Path::new(self.path.file_name().unwrap_or(FILE.as_ref())), &self.text, at)
    }

    /// Where a setting was said.
    fn origin<T>(&self, value: &Spanned<T>) -> String {
        self.place(value.span().start)
    }
}

/// `casefile.toml:3`
fn place(path: &Path, text: &str, at: usize) -> String {
    let line = 1 + text.bytes().take(at).filter(|b| *b == b'\n').count();
    format!("{}:{line}", term::redacted(&path.display().to_string()))
}

/// The nearest file upwards.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file())
}

/// A fact that cannot be taken.
pub fn unknown_fact(name: &str, problem: &SuppliedError, origin: &str) -> Error {
    let error = Error::new(format!("{origin}: `{name}`: {problem}"));
    match problem {
        SuppliedError::Unknown(Some(near)) => error.hint(format!("did you mean `{near}`?")),
        _ => error.hint(format!("facts are {}", KEYS.iter().map(|k| k.name).collect::<Vec<_>>().join(", "))),
    }
}

/// Print the settings that hold here and where each comes from
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile config
  casefile config -f json")]
pub struct Args {
    /// Print text or JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    policy: PolicyArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A setting a line
    Text,
    /// One document
    Json,
}

#[derive(Serialize)]
struct Setting {
    name: String,
    value: String,
    from: String,
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let config = config.load()?;
        let settings = settings(&config, &self.policy)?;
        let text = match self.format {
            Format::Text => settings
                .iter()
                .map(|s| term::escaped(&format!("{} = {}    # {}", s.name, s.value, s.from)) + "\n")
                .collect(),
            Format::Json => {
                serde_json::to_string_pretty(&settings)
                    .map_err(|_| Error::new("the settings cannot be written as JSON"))?
                    + "\n"
            }
        };
        Output::stdout().text(&text)?;
        if config.path.as_os_str().is_empty() {
            term::note(&format!("no `{FILE}` from here upwards; these are the built-in settings"));
        }
        Ok(Exit::Done)
    }
}

const BUILT_IN: &str = "built-in";

fn settings(config: &Config, args: &PolicyArgs) -> Result<Vec<Setting>> {
    let mut all = Vec::new();
    let mut add = |name: &str, value: String, from: String| all.push(Setting { name: name.to_owned(), value, from });
    let said = |value: &Option<Spanned<String>>, otherwise: &str| match value {
        Some(said) => (said.get_ref().clone(), config.origin(said)),
        None => (otherwise.to_owned(), BUILT_IN.to_owned()),
    };
    config.offset_min()?;
    let (value, from) = said(&config.file.timezone, "UTC where logs name no zone");
    add("timezone", value, from);
    let (value, from) = said(&config.file.template, "the packet's own");
    add("template", value, from);
    let policy = args.policy(config)?;
    let asked = rules::load(&config.policies())?.tightened().clone();
    let strict = match &config.file.redact.strict {
        _ if args.strict => "--strict".to_owned(),
        Some(strict) if *strict.get_ref() => config.origin(strict),
        _ if asked.strict => "a policy".to_owned(),
        _ if policy.strict => "--policy".to_owned(),
        _ => BUILT_IN.to_owned(),
    };
    add("redact.strict", policy.strict.to_string(), strict);
    for (class, name) in Class::ALL {
        let in_file = config.file.redact.drop.iter().find(|c| c.get_ref() == class);
        let from = match in_file {
            _ if args.keep.contains(class) => "--keep".to_owned(),
            _ if args.drop.contains(class) => "--drop".to_owned(),
            Some(said) => config.origin(said),
            None if asked.drop.contains(class) => "a policy".to_owned(),
            None => BUILT_IN.to_owned(),
        };
        add(&format!("redact.{name}"), if policy.classes.has(*class) { "taken out" } else { "stays" }.to_owned(), from);
    }
    for policy in &config.file.redact.policy {
        add("redact.policy", policy.get_ref().display().to_string(), config.origin(policy));
    }
    for file in &config.file.dialect_files {
        add("dialect_files", file.get_ref().display().to_string(), config.origin(file));
    }
    for dialect in &config.file.dialect {
        add("dialect", dialect.id.get_ref().clone(), config.origin(&dialect.id));
    }
    for (name, paths) in &config.file.fields {
        add(&format!("fields.{name}"), term::redacted(&paths.get_ref().0.join(", ")), config.origin(paths));
    }
    config.custom()?;
    let mut supplied = Supplied::default();
    config.supply(&mut supplied)?;
    for (name, said) in supplied.iter() {
        add(&format!("set.{name}"), term::redacted(&said.value), said.origin.clone());
    }
    for (host, owner) in &config.file.routes {
        add(&format!("routes.{host}"), term::redacted(owner.get_ref()), config.origin(owner));
    }
    Ok(all)
}

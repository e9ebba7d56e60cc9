//! What goes wrong at the command line: what, where, and how to fix it.

use super::term;
use crate::input::InputError;
use crate::redact::RuleError;
use crate::render::RenderError;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::io;
use std::path::Path;

/// Why a command did not do what it was asked. It never holds text of a log.
#[derive(Debug)]
pub struct Error {
    /// What is wrong, lower case, without a full stop.
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
    /// The exit code: 1 where the answer is no, 2 where there is none, 0 where nobody listens any more.
    pub code: u8,
}

/// What a command gives back.
pub type Result<T = ()> = std::result::Result<T, Error>;

impl Error {
    /// It could not be done.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None, code: 2 }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The answer is no.
    #[must_use]
    pub fn no(mut self) -> Self {
        self.code = 1;
        self
    }

    /// A failure to read or write a file that was named.
    pub fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::from_writing(error);
        }
        let (why, hint) = match error.kind() {
            io::ErrorKind::NotFound => ("no such file or folder", "check the path"),
            io::ErrorKind::PermissionDenied => ("permission denied", "choose a place where you may read and write"),
            io::ErrorKind::IsADirectory => ("it is a folder", "name a file"),
            io::ErrorKind::NotADirectory => ("a part of the path is no folder", "check the path"),
            io::ErrorKind::StorageFull => ("no space left", "free some space, or write elsewhere"),
            _ => ("the system refused", "check the path and its permissions"),
        };
        Self::new(format!("cannot {doing} `{}`: {why}", path.display())).hint(hint)
    }

    /// A failure to write to the standard output. That nobody reads it any more is none.
    pub fn from_writing(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { what: String::new(), hint: None, code: 0 };
        }
        Self::new(format!("cannot write the output: {}", error.kind())).hint("check where the standard output goes")
    }

    /// Says it on the standard error.
    pub fn show(&self) {
        if self.code == 0 {
            return;
        }
        term::error(&self.what, self.hint.as_deref());
    }
}

impl From<RenderError> for Error {
    fn from(e: RenderError) -> Self {
        match e {
            RenderError::Leak(_) | RenderError::Member { .. } => Self::new(format!("{e}; nothing was written"))
                .hint("a rule or a template lets something through: please report it")
                .no(),
            RenderError::Template { hint, .. } => Self::new(e.to_string()).hint(hint),
            RenderError::Json | RenderError::Archive => {
                Self::new(e.to_string()).hint("write another format, and please report it")
            }
        }
    }
}

impl From<InputError> for Error {
    fn from(e: InputError) -> Self {
        Self::new(input_problem(&e)).hint(e.hint)
    }
}

/// An input that cannot be read, in words.
pub fn input_problem(e: &InputError) -> String {
    format!("cannot read `{}`: {}", e.name, e.problem)
}

impl From<RuleError> for Error {
    fn from(e: RuleError) -> Self {
        Self::new(format!("{}:{}: {}", term::redacted(&e.file), e.line, e.problem))
            .hint("`casefile rules list` shows rules in the same format; `casefile rules test` checks a file")
    }
}

/// A mistake on the command line, in the program's own words; the flags' names and values that clap
/// suggests are kept.
impl From<clap::Error> for Error {
    fn from(e: clap::Error) -> Self {
        let text = |kind| match e.get(kind) {
            Some(ContextValue::String(text)) => Some(text.clone()),
            Some(ContextValue::Strings(texts)) => Some(texts.join("`, `")),
            Some(ContextValue::StyledStr(text)) => Some(text.to_string()),
            _ => None,
        };
        let arg = text(ContextKind::InvalidArg).unwrap_or_default();
        let value = text(ContextKind::InvalidValue).unwrap_or_default();
        let valid = || text(ContextKind::ValidValue).map(|v| format!("one of `{v}`"));
        let mean = |text: String| format!("did you mean `{text}`?");
        let what = match e.kind() {
            ErrorKind::UnknownArgument => format!("unknown argument `{arg}`"),
            ErrorKind::InvalidSubcommand => {
                format!("no command `{}`", text(ContextKind::InvalidSubcommand).unwrap_or_default())
            }
            ErrorKind::InvalidValue if value.is_empty() => format!("`{arg}` needs a value"),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("`{arg}` does not take `{value}`"),
            ErrorKind::ArgumentConflict => {
                let other = text(ContextKind::PriorArg).unwrap_or_default();
                format!("`{arg}` cannot be used with `{other}`")
            }
            ErrorKind::MissingRequiredArgument => format!("`{arg}` is missing"),
            ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
            ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("`{arg}` needs another value"),
            ErrorKind::TooManyValues => format!("`{arg}` takes no such value"),
            ErrorKind::NoEquals => format!("`{arg}` needs `=`"),
            ErrorKind::InvalidUtf8 => "an argument is not valid UTF-8".to_owned(),
            _ => "the command line is not understood".to_owned(),
        };
        let suggested = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
            .into_iter()
            .find_map(text)
            .map(mean);
        // our own parsers say what a value looks like
        let like = || std::error::Error::source(&e).map(ToString::to_string);
        let command = || text(ContextKind::InvalidSubcommand).and_then(|name| instead(&name));
        Self::new(what).hint(command().or(suggested).or_else(valid).or_else(like).unwrap_or_else(|| {
            "`casefile --help` lists the commands, `casefile COMMAND --help` their flags".to_owned()
        }))
    }
}

/// What to type for something that is no command, but that other programs have, or that is a log.
fn instead(name: &str) -> Option<String> {
    match name {
        "completion" | "completions" => Some("`casefile generate completions SHELL` prints them".into()),
        "man" => Some("`casefile generate man` prints the page".into()),
        _ if Path::new(name).exists() => Some(format!("`casefile build {name}` builds the packet of it")),
        _ => None,
    }
}

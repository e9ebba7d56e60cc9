//! Rule files as they are written. `redact/rules/mod.rs` turns them into something that runs.
//!
//! No `flatten`, no untagged or tagged enums: with them the TOML reader forgets where a value stood, and
//! an error in a user's rule file must point at its line.

use super::super::class::Class;
use serde::Deserialize;
use toml::Spanned;

/// A rule file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Only what is recognised stays.
    #[serde(default)]
    pub strict: bool,
    /// Classes that are taken too.
    #[serde(default)]
    pub drop: Vec<Class>,
    #[serde(default)]
    pub token: Vec<Token>,
    #[serde(default)]
    pub name: Vec<Name>,
    #[serde(default)]
    pub field: Vec<Field>,
    #[serde(default)]
    pub keep: Vec<Keep>,
    #[serde(default)]
    pub builtin: Vec<Builtin>,
}

/// A credential that is recognised by its own shape, wherever it stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    pub id: Spanned<String>,
    pub title: String,
    pub class: Class,
    /// Literal beginnings; the pattern is tried where one stands.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// A literal inside, for credentials without a beginning of their own.
    #[serde(default)]
    pub marker: Option<String>,
    /// How many bytes before the marker the pattern can begin, and which they are.
    #[serde(default)]
    pub before: usize,
    #[serde(default)]
    pub lead: Lead,
    /// A byte that stands behind the marker, if the credential does.
    #[serde(default)]
    pub needs: Option<char>,
    /// The whole credential; a named group narrows what goes.
    pub pattern: Spanned<String>,
    /// Whether it is recognised also right behind a letter or a digit.
    #[serde(default)]
    pub anywhere: bool,
    /// Whether it must look random, because its prefix is also the beginning of ordinary words.
    #[serde(default)]
    pub random: bool,
    /// A check in code: `basic` (decodes to `user:password`).
    #[serde(default)]
    pub check: Option<Spanned<String>>,
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub counterexamples: Vec<String>,
}

/// Bytes that can stand between the beginning of a credential and its marker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Lead {
    /// Letters and digits.
    #[default]
    Alnum,
    /// Digits.
    Digits,
    /// Letters, digits, `-` and `_`.
    Url64,
    /// Letters, digits, `-`, `_`, `.`, `~` and `+`.
    Dotted,
}

impl Lead {
    /// Whether a byte is one of them.
    pub fn has(self, b: u8) -> bool {
        match self {
            Lead::Alnum => b.is_ascii_alphanumeric(),
            Lead::Digits => b.is_ascii_digit(),
            Lead::Url64 => b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'),
            Lead::Dotted => b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'+'),
        }
    }
}

/// A name whose value is a credential, whatever its shape.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Name {
    pub id: Spanned<String>,
    pub title: String,
    pub class: Class,
    #[serde(default)]
    pub names: Vec<String>,
    /// Last words of names: `api_key` is also `OPENAI_API_KEY` and `openaiApiKey`.
    #[serde(default)]
    pub suffixes: Vec<String>,
    #[serde(default)]
    pub take: Take,
    /// `query`: only behind `?` or `&`; `argument`: only where the name is not quoted.
    #[serde(default)]
    pub r#where: Option<Spanned<String>>,
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub counterexamples: Vec<String>,
}

/// How much of the value beside a name goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Take {
    /// All of it.
    #[default]
    Value,
    /// All but the scheme word: `Bearer …`.
    Scheme,
    /// The value of each `name=value`; names and attributes stay.
    Cookie,
    /// Up to the next `&`, `,` or space.
    Query,
    /// The password in it, if it is a URL; else all of it.
    Url,
}

/// A field that carries a prompt, a completion or a part of one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub id: Spanned<String>,
    pub title: String,
    pub holds: Holds,
    #[serde(default)]
    pub when: When,
    /// Only under a parent of this name.
    #[serde(default)]
    pub under: Option<String>,
    pub names: Vec<String>,
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub counterexamples: Vec<String>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Holds {
    /// Text, or objects whose texts all go but for the skeleton.
    Text,
    /// Something of which nothing stays, names included.
    Opaque,
    /// Base64.
    Data,
    /// A name, a type or an id that stays.
    Skeleton,
}

/// When a field's name means that it holds such a thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum When {
    /// Always.
    #[default]
    Always,
    /// Inside another field that holds text.
    Inside,
    /// Beside `model` or `messages`, as a parameter of a request.
    Request,
    /// If the value reads like prose; the same goes for what is nested in it.
    Prose,
    /// If the value itself reads like prose.
    Shallow,
}

/// Names that are never a secret's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keep {
    pub title: Spanned<String>,
    #[serde(default)]
    pub names: Vec<String>,
    /// Names beside which an identifier stands that people trace by.
    #[serde(default)]
    pub identifiers: Vec<String>,
}

/// A rule whose grammar is code; here it gets its id, its class and its examples.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Builtin {
    pub id: Spanned<String>,
    pub title: String,
    pub class: Class,
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub counterexamples: Vec<String>,
}

//! Descriptions of log formats as they are written.
//!
//! No `flatten` and no untagged enums: with them the TOML reader forgets where a value stood.

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, de};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// Names of fields as they are written: what each tells, and where it stands.
pub type Fields = BTreeMap<String, Spanned<Paths>>;

/// A file of descriptions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Formats of logs.
    #[serde(default)]
    pub dialect: Vec<Description>,
    /// Further names of fields in structured logs.
    #[serde(default)]
    pub fields: Fields,
}

/// One format: of lines, or of structured records.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Lower case, words joined by `-`.
    pub id: Spanned<String>,
    /// What it is, for people.
    pub title: Spanned<String>,
    /// A regular expression; its named groups are fields.
    pub line: Option<Spanned<String>>,
    /// Where fields stand in a structured record.
    #[serde(default)]
    pub fields: Fields,
    /// Literals of which one stands in every record.
    #[serde(default)]
    pub anchors: Vec<Spanned<String>>,
    /// Which part of an attempt a record tells; all of it where nothing is said.
    pub stage: Option<Spanned<String>>,
    /// Whose view it is; the client's where nothing is said.
    pub layer: Option<Spanned<String>>,
}

/// Where a field stands: one path or several, of which the first that is there counts.
#[derive(Clone, Debug, Default)]
pub struct Paths(pub Vec<String>);

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Paths;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the path of a field, or a list of such")
            }

            fn visit_str<E: de::Error>(self, path: &str) -> Result<Paths, E> {
                Ok(Paths(vec![path.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Paths, A::Error> {
                let mut paths = Vec::new();
                while let Some(path) = list.next_element()? {
                    paths.push(path);
                }
                Ok(Paths(paths))
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

//! Dialects without code: formats that a user describes, and field names of a user's own.
//!
//! A description only says where a value stands. What the value is worth is decided as for every other log:
//! it enters a packet through the same cleaners or not at all. That its records tell of calls to an LLM is
//! the user's word.

mod described;
mod format;
mod told;

pub use format::{Description, Fields, File};

use super::entry::time_of;
use super::shared::fields;
use super::{About, DIALECTS, Dialect};
use crate::literal::{Node, Timestamp};
use crate::model::{Layer, Link, Seen, Stage};
use crate::redact::Cleaner;
use described::{Described, Form};
use regex::bytes::{Regex, RegexBuilder};
use std::sync::Arc;
use told::{ENDS, MAX_PARTS, NAMES, Telling, Told};
use toml::Spanned;

/// More than a project has.
const MAX_DIALECTS: usize = 64;
/// Literals of one dialect, and bytes of each: all of them together are searched at once.
const MAX_ANCHORS: usize = 8;
const ANCHOR: std::ops::RangeInclusive<usize> = 3..=64;
/// The longest id, title or path.
const MAX_TEXT: usize = 120;
/// Bytes of a compiled expression.
const PATTERN_SIZE: usize = 1 << 20;

const STAGES: &[(&str, Stage)] = &[
    ("whole", Stage::Whole),
    ("begin", Stage::Begin(0)),
    ("response", Stage::Response(0)),
    ("retry", Stage::Retry),
    ("error", Stage::Error),
];
const LAYERS: &[(&str, Layer)] = &[("client", Layer::Client), ("proxy", Layer::Proxy), ("gateway", Layer::Gateway)];

/// What the user described: dialects, which come before all others, and names of fields.
#[derive(Clone, Debug, Default)]
pub struct Custom {
    described: Vec<Arc<Described>>,
    names: Vec<(Told, String)>,
}

/// What is wrong with a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, in bytes from the beginning of the file.
    pub at: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// The names of fields that a description can use.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

impl Custom {
    /// Takes the descriptions of a file in.
    ///
    /// # Errors
    /// What is wrong in it, and where.
    pub fn read(&mut self, text: &str) -> Result<(), Problem> {
        let file: File = toml::from_str(text).map_err(|e| Problem {
            at: e.span().map_or(0, |s| s.start),
            what: e.message().lines().next().unwrap_or("not a file of dialects").to_owned(),
            hint: "it has `[[dialect]]` and `[fields]`".to_owned(),
        })?;
        self.add(&file.dialect, &file.fields)
    }

    /// Takes descriptions in. Their ids and literals stay in memory as long as the program runs, as those of
    /// the built-in dialects do.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn add(&mut self, dialects: &[Description], fields: &Fields) -> Result<(), Problem> {
        for description in dialects {
            let described = self.described(description)?;
            self.described.push(Arc::new(described));
        }
        self.names.extend(paths(fields)?);
        Ok(())
    }

    /// All dialects, in the order in which they are tried.
    pub fn dialects(&self) -> impl Iterator<Item = &dyn Dialect> {
        let described = self.described.iter().map(|d| &**d as &dyn Dialect);
        described.chain(DIALECTS.iter().map(|d| *d as &dyn Dialect))
    }

    /// One of them.
    pub fn get(&self, index: usize) -> Option<&dyn Dialect> {
        match self.described.get(index) {
            Some(described) => Some(&**described),
            None => DIALECTS.get(index - self.described.len()).map(|d| *d as &dyn Dialect),
        }
    }

    /// A dialect by its id.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&'static About> {
        self.dialects().map(Dialect::about).find(|about| about.id == id)
    }

    /// The time of a structured record, where the user named its field.
    #[must_use]
    pub fn time(&self, node: &Node<'_>) -> Option<Timestamp> {
        let value = |path: &String| time_of(told::at(node, path)?.bytes()?);
        self.names.iter().filter(|(told, _)| *told == Told::Time).find_map(|(_, path)| value(path))
    }

    /// Reads all fields of a structured record, those that the user named first.
    pub fn fields(&self, node: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen, links: &mut Vec<Link>) {
        fields::read(node, clean, seen, links);
        if !self.names.is_empty() {
            self.first(described::read(&self.names, node, clean), seen, links);
        }
    }

    /// Reads the pairs of a line that the user named.
    pub fn pairs<'p>(
        &self,
        pairs: impl Iterator<Item = (&'p [u8], &'p [u8])>,
        clean: &mut Cleaner,
        seen: &mut Seen,
        links: &mut Vec<Link>,
    ) {
        let mut telling = Telling::default();
        for (key, value) in pairs {
            if let Some((told, _)) = self.names.iter().find(|(_, path)| path.as_bytes().eq_ignore_ascii_case(key)) {
                telling.read(*told, &Node::Text(value.into()), clean);
            }
        }
        self.first(telling, seen, links);
    }

    fn first(&self, mut telling: Telling, seen: &mut Seen, links: &mut Vec<Link>) {
        links.append(&mut telling.links);
        *seen = telling.completed(std::mem::take(seen));
    }

    fn described(&self, description: &Description) -> Result<Described, Problem> {
        let id = self.id(&description.id)?;
        if self.described.len() >= MAX_DIALECTS {
            return Err(wrong(&description.id, "too many dialects", format!("{MAX_DIALECTS} are read")));
        }
        let title = description.title.get_ref();
        if title.is_empty() || title.len() > MAX_TEXT || title.chars().any(char::is_control) {
            return Err(wrong(&description.title, "it is no title", format!("one line of at most {MAX_TEXT} bytes")));
        }
        let stage = choice(description.stage.as_ref(), "stage", STAGES)?.unwrap_or(Stage::Whole);
        let layer = choice(description.layer.as_ref(), "layer", LAYERS)?.unwrap_or(Layer::Client);
        let (form, names) = match (&description.line, description.fields.is_empty()) {
            (Some(line), true) => pattern(line)?,
            (None, false) => {
                let names = description.fields.keys().cloned().collect();
                (Form::Fields(paths(&description.fields)?), names)
            }
            _ => {
                return Err(wrong(
                    &description.id,
                    format!("`{id}` needs either `line` or `fields`"),
                    "`line` is a regular expression, `fields` has paths into structured records",
                ));
            }
        };
        if !matches!(stage, Stage::Begin(_)) && !names.iter().any(|name| ENDS.contains(&name.as_str())) {
            return Err(wrong(
                &description.id,
                format!("nothing in `{id}` tells how an attempt ended"),
                format!("name one of {}; or say `stage = \"begin\"`", ENDS.join(", ")),
            ));
        }
        let about = About {
            id: leaked(id),
            title: leaked(title),
            layer,
            tells: leaked(&names.join(", ")),
            lacks: "what its description does not name",
        };
        Ok(Described { about: Box::leak(Box::new(about)), anchors: anchors(&description.anchors)?, stage, form })
    }

    fn id<'d>(&self, id: &'d Spanned<String>) -> Result<&'d str, Problem> {
        let text = id.get_ref().as_str();
        let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.len() > MAX_TEXT || !text.split('-').all(word) {
            return Err(wrong(id, "it is no id", "lower case, words joined by `-`: `my-gateway`"));
        }
        if self.named(text).is_some() {
            return Err(wrong(id, format!("there is a dialect `{text}` already"), "choose another id"));
        }
        Ok(text)
    }
}

fn wrong<T>(value: &Spanned<T>, what: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem { at: value.span().start, what: what.into(), hint: hint.into() }
}

fn leaked(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

fn choice<T: Copy>(said: Option<&Spanned<String>>, what: &str, all: &[(&str, T)]) -> Result<Option<T>, Problem> {
    let Some(said) = said else { return Ok(None) };
    let found = all.iter().find(|(name, _)| name == said.get_ref());
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let unknown = || wrong(said, format!("there is no such {what}"), format!("one of {}", names.join(", ")));
    found.map(|(_, value)| Some(*value)).ok_or_else(unknown)
}

fn named<T>(name: &str, at: &Spanned<T>) -> Result<Told, Problem> {
    let found = NAMES.iter().find(|(known, _)| *known == name);
    let unknown = || {
        wrong(
            at,
            format!("there is no field `{name}`"),
            format!("fields are {}", names().collect::<Vec<_>>().join(", ")),
        )
    };
    found.map(|(_, told)| *told).ok_or_else(unknown)
}

fn paths(fields: &Fields) -> Result<Vec<(Told, String)>, Problem> {
    let mut all = Vec::new();
    for (name, paths) in fields {
        let told = named(name, paths)?;
        for path in &paths.get_ref().0 {
            let fits = |part: &str| !part.is_empty();
            if path.len() > MAX_TEXT || path.split('.').count() > MAX_PARTS || !path.split('.').all(fits) {
                return Err(wrong(
                    paths,
                    format!("`{name}` has no path of a field"),
                    format!("names joined by dots, at most {MAX_PARTS}: `resp.headers.request-id`"),
                ));
            }
            all.push((told, path.clone()));
        }
    }
    Ok(all)
}

/// The expression with its groups, and their names.
fn pattern(line: &Spanned<String>) -> Result<(Form, Vec<String>), Problem> {
    let built =
        RegexBuilder::new(line.get_ref()).unicode(false).size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE).build();
    let regex: Regex = built.map_err(|e| {
        let hint = "no look-around, no back-references; `\\d`, `\\w` and `\\s` are ASCII";
        wrong(line, format!("`line` is no regular expression: {}", crate::redact::regex_problem(&e)), hint)
    })?;
    let mut groups = Vec::new();
    let mut names = Vec::new();
    for (index, name) in regex.capture_names().enumerate() {
        if let Some(name) = name {
            groups.push((index, named(name, line)?));
            names.push(name.to_owned());
        }
    }
    if groups.is_empty() {
        return Err(wrong(line, "`line` names no field", "name groups: `status=(?<status>\\d+)`"));
    }
    Ok((Form::Line(regex, groups), names))
}

fn anchors(anchors: &[Spanned<String>]) -> Result<&'static [&'static str], Problem> {
    for (n, anchor) in anchors.iter().enumerate() {
        if n >= MAX_ANCHORS || !ANCHOR.contains(&anchor.get_ref().len()) {
            let hint = format!("at most {MAX_ANCHORS}, each of {} to {} bytes", ANCHOR.start(), ANCHOR.end());
            return Err(wrong(anchor, "it is no anchor", hint));
        }
    }
    Ok(Vec::leak(anchors.iter().map(|a| leaked(a.get_ref())).collect()))
}

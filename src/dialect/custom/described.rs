//! A dialect that a user described: a regular expression for lines, or paths into structured records.

use super::told::{self, Telling, Told};
use crate::dialect::entry::{Entry, Found};
use crate::dialect::shared::fields;
use crate::dialect::{About, Dialect, text};
use crate::literal::{Node, Timestamp};
use crate::model::{Seen, Stage};
use crate::redact::Cleaner;
use regex::bytes::Regex;
use std::borrow::Cow;

/// A longer line is not matched: no program writes a line of its own format so long.
const MAX_LINE: usize = 64 << 10;

/// One described dialect.
#[derive(Debug)]
pub struct Described {
    pub about: &'static About,
    pub anchors: &'static [&'static str],
    pub stage: Stage,
    pub form: Form,
}

/// How its records look.
#[derive(Debug)]
pub enum Form {
    /// The groups of the expression, by their index.
    Line(Regex, Vec<(usize, Told)>),
    /// Where fields stand.
    Fields(Vec<(Told, String)>),
}

impl Dialect for Described {
    fn about(&self) -> &'static About {
        self.about
    }

    fn anchors(&self) -> &[&'static str] {
        self.anchors
    }

    fn reads_any(&self, structured: bool) -> bool {
        self.anchors.is_empty() && (structured || matches!(self.form, Form::Line(..)))
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        match (&self.form, entry.fields) {
            (Form::Line(line, groups), _) => self.lines(line, groups, entry, found),
            (Form::Fields(fields), Some(node)) => self.fields(fields, node, entry, found),
            (Form::Fields(_), None) => {}
        }
    }
}

impl Described {
    fn lines(&self, pattern: &Regex, groups: &[(usize, Told)], entry: &Entry<'_>, found: &mut Found<'_>) {
        for (at, line) in text::lines(&entry.text).filter(|(_, line)| line.len() <= MAX_LINE) {
            let Some(parts) = pattern.captures(line.strip_suffix(b"\r").unwrap_or(line)) else { continue };
            let mut telling = Telling::default();
            for (group, told) in groups {
                if let Some(value) = parts.get(*group).filter(|v| !v.is_empty()) {
                    telling.read(*told, &Node::Text(Cow::Borrowed(value.as_bytes())), found.clean);
                }
            }
            found.understood();
            // lines that go on with a record have times of their own
            let time = if at == 0 { None } else { Timestamp::find(line).map(|(time, _)| time) };
            self.tell(telling, time, at, entry, found);
        }
    }

    /// What the description does not name is read as in any structured record.
    fn fields(&self, fields: &[(Told, String)], node: &Node<'_>, entry: &Entry<'_>, found: &mut Found<'_>) {
        // attempts that were written down are told already
        let written = node.get("casefile").is_some();
        let mut telling = read(fields, node, found.clean);
        if written || !self.enough(&telling) {
            return;
        }
        let mut rest = Seen::default();
        fields::read(node, found.clean, &mut rest, &mut telling.links);
        let (time, links) = (telling.time, std::mem::take(&mut telling.links));
        let telling = Telling { time, links, seen: telling.completed(rest) };
        found.complete();
        self.tell(telling, None, 0, entry, found);
    }

    /// Whether there is anything of an attempt in it: by what it begins with or by how it ended.
    fn enough(&self, telling: &Telling) -> bool {
        match self.stage {
            Stage::Begin(_) => telling.seen != Seen::default() || !telling.links.is_empty(),
            _ => telling.ends(),
        }
    }

    fn tell(&self, telling: Telling, own: Option<Timestamp>, at: usize, entry: &Entry<'_>, found: &mut Found<'_>) {
        if !matches!(self.stage, Stage::Begin(_)) && !telling.ends() {
            return;
        }
        let mut fact = entry.fact(self.about, self.stage, at);
        // a wrapper that says everything beats a format that does not
        let vague = |time: &Timestamp| time.utc_ms().is_none();
        let wrapped = entry.record.time.is_some_and(|time| !vague(&time));
        if let Some(time) = telling.time.or(own).filter(|time| !vague(time) || !wrapped) {
            (fact.time, fact.time_inherited) = (Some(time), false);
        }
        (fact.seen, fact.links) = (telling.seen, telling.links);
        found.push(fact);
    }
}

/// Reads the fields of a record at their paths.
pub fn read(fields: &[(Told, String)], node: &Node<'_>, clean: &mut Cleaner) -> Telling {
    let mut telling = Telling::default();
    for (told, path) in fields {
        if let Some(value) = told::at(node, path) {
            telling.read(*told, value, clean);
        }
    }
    telling
}

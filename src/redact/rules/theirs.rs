//! Rule files that users bring: they can only tighten.
//!
//! A policy travels with a project, and is written by somebody else than the one who is about to send a log
//! away. What it may do is take more out. Loosening is said on the command line, where it is seen.

use super::super::class::Class;
use super::format::{File, Holds, When};
use super::load::{error, parse};
use super::{RuleError, RuleSet};
use std::ops::Range;

/// What rule files ask for besides their rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tightened {
    /// Whether only what is recognised stays.
    pub strict: bool,
    /// Classes that are taken too.
    pub drop: Vec<Class>,
}

/// Checks that a file only tightens; gives what it asks for besides its rules.
pub(super) fn check(name: &str, text: &str, own: &RuleSet) -> Result<Tightened, RuleError> {
    let file = parse(name, text)?;
    match looser(&file, own) {
        Some((span, problem)) => Err(error(name, text, Some(span), problem)),
        None => Ok(Tightened { strict: file.strict, drop: file.drop }),
    }
}

fn looser(file: &File, own: &RuleSet) -> Option<(Range<usize>, &'static str)> {
    if let Some(keep) = file.keep.first() {
        return Some((
            keep.title.span(),
            "a policy can only tighten: `[[keep]]` is for the program's own files; loosen with `--keep CLASS`",
        ));
    }
    if let Some(rule) = file.builtin.first() {
        return Some((
            rule.id.span(),
            "`[[builtin]]` names rules that are code; write a `[[token]]`, a `[[name]]` or a `[[field]]`",
        ));
    }
    file.field.iter().find_map(|field| {
        let known =
            |name: &String| own.name(name.as_bytes()).and_then(|id| own.usage(id)).is_some_and(|u| u.secret.is_some());
        if field.holds == Holds::Skeleton {
            Some((field.id.span(), "a policy can only tighten: a field that holds `skeleton` stays"))
        } else if field.when != When::Always && field.names.iter().any(known) {
            Some((field.id.span(), "a policy can only tighten: one of these names is a secret's, and is always taken"))
        } else {
            None
        }
    })
}

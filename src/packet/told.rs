//! A fact and where it comes from.

use crate::model::{Attempt, Place};
use serde::Serialize;

/// How a fact is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A log shows it.
    Observed,
    /// It follows from what logs show.
    Derived,
    /// The user says so.
    Supplied,
    /// It is not known.
    #[default]
    Unknown,
}

/// A fact of the case as a whole: without a value exactly where it is not known.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Told<T> {
    /// What it is.
    pub value: Option<T>,
    /// How that is known.
    pub basis: Basis,
    /// Where it stands: places in logs, or what the user gave.
    pub from: Vec<String>,
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self { value: None, basis: Basis::Unknown, from: Vec::new() }
    }
}

impl<T> Told<T> {
    /// A fact that is known in this way, if it is known.
    pub fn new(value: Option<T>, basis: Basis, from: Vec<String>) -> Self {
        match value {
            Some(_) => Self { value, basis, from },
            None => Self::default(),
        }
    }

    /// Follows from what logs show.
    pub fn derived(value: Option<T>) -> Self {
        Self::new(value, Basis::Derived, Vec::new())
    }

    /// This, or, where it is not known, the other.
    #[must_use]
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.value.is_some() { self } else { other() }
    }
}

/// Writes places as people read them.
#[derive(Debug)]
pub struct Places {
    names: Vec<String>,
}

/// More places than anybody looks up.
const MOST: usize = 12;

impl Places {
    /// For the inputs with these names, in order.
    #[must_use]
    pub fn new(names: Vec<String>) -> Self {
        Self { names }
    }

    /// `app.log:128`
    #[must_use]
    pub fn name(&self, place: Place) -> String {
        let input = self.names.get(place.input as usize).map_or("?", String::as_str);
        format!("{input}:{}", place.line)
    }

    /// Several.
    #[must_use]
    pub fn all(&self, places: &[Place]) -> Vec<String> {
        places.iter().take(MOST).map(|p| self.name(*p)).collect()
    }

    /// The first attempt that shows something, and where.
    pub fn first<'a, T>(
        &self,
        attempts: impl IntoIterator<Item = &'a Attempt>,
        find: impl Fn(&Attempt) -> Option<T>,
    ) -> Told<T> {
        let found = attempts.into_iter().find_map(|a| find(a).map(|value| (value, a)));
        match found {
            Some((value, attempt)) => Told::new(Some(value), Basis::Observed, self.all(&attempt.from)),
            None => Told::default(),
        }
    }
}

/// A stretch of time as people say it.
#[must_use]
pub fn duration(ms: i64) -> String {
    match ms {
        ..1000 => format!("{ms} ms"),
        1000..10_000 => format!("{:.1} s", ms as f64 / 1000.0),
        10_000..120_000 => format!("{} s", ms / 1000),
        120_000..7_200_000 => format!("{} min", ms / 60_000),
        7_200_000..172_800_000 => format!("{} h", ms / 3_600_000),
        _ => format!("{} days", ms / 86_400_000),
    }
}

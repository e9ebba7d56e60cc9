//! How many users failures touched. Users are numbers: nothing of a name is here.

use crate::check::impact::{Impact, Touched};
use serde::Serialize;
use std::cmp::Reverse;

/// Users, where a log tells them apart.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UsersSection {
    /// Users that the log tells apart.
    pub seen: usize,
    /// Those of whom a call failed in the end.
    pub affected: usize,
    /// Those of whom an attempt failed, and every call came to an end without failing.
    pub recovered: usize,
    /// Attempts of which the log tells for whom they were made.
    pub attempts: usize,
    /// Users with failures, most lost calls first.
    pub most: Vec<UserRow>,
    /// Users with failures who are left out of that list.
    pub left_out: usize,
}

/// One user.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UserRow {
    /// A number by order of appearance in this packet; it means nothing in another.
    pub user: u32,
    /// Attempts made for them.
    pub attempts: usize,
    /// Those that failed.
    pub failed: usize,
    /// Calls that failed in the end.
    pub calls_failed: usize,
}

/// More users than anybody compares.
const MOST: usize = 10;

impl UsersSection {
    /// From the counts; nothing where no log names a user.
    #[must_use]
    pub fn of(impact: &Impact) -> Option<Self> {
        if impact.users.is_empty() {
            return None;
        }
        let touched = || impact.users.values();
        let mut failing: Vec<(&u32, &Touched)> = impact.users.iter().filter(|(_, t)| t.rate.failed > 0).collect();
        failing.sort_by_key(|(number, t)| (Reverse((t.calls_failed, t.rate.failed)), **number));
        let row = |(number, t): &(&u32, &Touched)| UserRow {
            user: **number,
            attempts: t.rate.attempts,
            failed: t.rate.failed,
            calls_failed: t.calls_failed,
        };
        Some(Self {
            seen: impact.users.len(),
            affected: touched().filter(|t| t.calls_failed > 0).count(),
            recovered: touched().filter(|t| t.calls_failed == 0 && t.rate.failed > 0).count(),
            attempts: touched().map(|t| t.rate.attempts).sum(),
            most: failing.iter().take(MOST).map(row).collect(),
            left_out: failing.len().saturating_sub(MOST),
        })
    }
}

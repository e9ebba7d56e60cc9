//! Two logs of one client: a program that writes a debug file, a session file and its terminal tells of each
//! attempt up to three times, and not always with an id.

use super::clock::{Assumptions, Clock};
use super::draft::{Draft, Moment};
use super::drafts::Drafts;
use super::fit::compatible;
use crate::model::{AtBasis, LinkKind};
use std::collections::HashMap;

/// One program writes to its logs one after the other, so many milliseconds apart at most.
const APART: i64 = 250;
/// Of two the nearer one is meant if it is so many times nearer, and by more than so many milliseconds.
const NEARER: i64 = 3;
const GRAIN: i64 = 10;
/// The program that writes several logs of the same run.
const MANY: &str = "claude-code";

/// Merges what the logs of one client tell of the same attempt: by the session's own number for it, by time, and
/// an error that has neither where there is only one it can be.
pub(super) fn merge(drafts: &mut Drafts, clocks: &[Clock], assumed: &Assumptions) {
    by_session(drafts);
    by_time(drafts, clocks, assumed);
    by_echo(drafts);
}

fn live(drafts: &Drafts) -> impl Iterator<Item = (usize, &Draft)> {
    drafts.all.iter().map(Box::as_ref).enumerate().filter(|(_, d)| d.merged_into.is_none())
}

/// `<session>/<number>/<wait>`: the same in every file.
fn by_session(drafts: &mut Drafts) {
    let mut named: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, draft) in live(drafts) {
        for link in draft.links.iter().filter(|l| l.kind == LinkKind::Session && l.value.as_str().contains('/')) {
            named.entry(link.value.as_str().to_owned()).or_default().push(index);
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for twins in named.values() {
        // more than one in one file, and it does not tell which
        let apart = |a: usize, b: usize| input(drafts, a) != input(drafts, b);
        let unique = twins.iter().enumerate().all(|(i, a)| twins.iter().skip(i + 1).all(|b| apart(*a, *b)));
        if let (true, Some((first, others))) = (unique, twins.split_first()) {
            pairs.extend(others.iter().map(|o| (*first, *o)));
        }
    }
    pairs.sort_unstable();
    for (a, b) in pairs {
        join(drafts, a, b, LinkKind::Session.reason());
    }
}

fn join(drafts: &mut Drafts, a: usize, b: usize, reason: &'static str) {
    let fits = drafts.get(a).zip(drafts.get(b)).is_some_and(|(a, b)| compatible(&a.seen, &b.seen));
    if fits {
        drafts.merge(a, b);
        drafts.joins.add(a, b, reason, true);
    }
}

fn input(drafts: &Drafts, index: usize) -> Option<u32> {
    drafts.get(index).and_then(|d| d.from.first()).map(|p| p.input)
}

/// The program whose log it is, and the form of that log, where only one tells of it.
fn dialect(draft: &Draft) -> Option<(&'static str, &'static str)> {
    let form = draft.layers.first()?.dialect;
    let only = draft.layers.iter().all(|v| v.dialect == form);
    only.then(|| (form.strip_suffix("-json").unwrap_or(form), form))
}

/// Different forms of one program's log, at the same time.
fn by_time(drafts: &mut Drafts, clocks: &[Clock], assumed: &Assumptions) {
    let utc = |m: Moment| {
        clocks.get(m.lane)?.utc(&m, assumed).filter(|(_, basis)| *basis < AtBasis::Assumed).map(|(ms, _)| ms)
    };
    let mut timed: Vec<(i64, usize)> = live(drafts)
        .filter(|(_, d)| dialect(d).is_some_and(|(program, _)| program == MANY))
        .filter_map(|(i, d)| Some((utc(d.begun.or(d.ended)?)?, i)))
        .collect();
    timed.sort_unstable();
    // the nearest before and behind, with how far away they are
    let twins = |at: usize| -> Vec<(i64, usize)> {
        let Some(&(time, index)) = timed.get(at) else { return Vec::new() };
        let near = |(other, twin): &(i64, usize)| {
            let apart = (other - time).abs();
            (apart <= APART).then_some((apart, *twin))
        };
        let twin = |(_, twin): &(i64, usize)| are_twins(drafts, index, *twin);
        let before = timed.iter().take(at).rev().map_while(near).filter(twin).take(2);
        let after = timed.iter().skip(at + 1).map_while(near).filter(twin).take(2);
        let mut twins: Vec<_> = before.chain(after).collect();
        twins.sort_unstable();
        twins
    };
    let found: Vec<(usize, Vec<(i64, usize)>)> =
        (0..timed.len()).filter_map(|at| Some((timed.get(at)?.1, twins(at)))).collect();
    let only: HashMap<usize, usize> = found
        .iter()
        .filter_map(|(index, twins)| match twins.as_slice() {
            [(_, one)] => Some((*index, *one)),
            // a retry may follow soon
            [(apart, one), (next, _), ..] if *next > NEARER * apart + GRAIN => Some((*index, *one)),
            _ => None,
        })
        .collect();
    for (index, _) in &found {
        let twin = only.get(index).copied().filter(|twin| only.get(twin) == Some(index));
        if let Some(twin) = twin.filter(|twin| index < twin) {
            join(drafts, *index, twin, "time in two logs of one client");
        }
    }
}

fn are_twins(drafts: &Drafts, a: usize, b: usize) -> bool {
    let Some((a, b)) = drafts.get(a).zip(drafts.get(b)) else { return false };
    let forms =
        dialect(a).zip(dialect(b)).is_some_and(|((program, form), (other, others))| program == other && form != others);
    let unnamed = a.seen.request_id.is_none() || b.seen.request_id.is_none();
    let steps = a.begun.is_some() == b.begun.is_some();
    forms && unnamed && steps && compatible(&a.seen, &b.seen)
}

/// The error on the terminal, without time or id, is the one that another log of the program tells in full.
fn by_echo(drafts: &mut Drafts) {
    let echo = |d: &Draft| {
        d.error_told
            && d.begun.is_none()
            && d.seen.number.is_none()
            && d.seen.request_id.is_none()
            && d.noted.is_none_or(|m| m.inherited)
    };
    let echoes: Vec<usize> = live(drafts)
        .filter(|(_, d)| echo(d) && dialect(d).is_some_and(|(program, _)| program == MANY))
        .map(|(i, _)| i)
        .collect();
    if echoes.is_empty() {
        return;
    }
    let full: Vec<usize> = live(drafts)
        .filter(|(_, d)| {
            !echo(d) && !d.retried && d.seen.failed() && d.layers.iter().any(|v| v.dialect.starts_with(MANY))
        })
        .map(|(i, _)| i)
        .collect();
    for index in echoes {
        let fits = |other: &&usize| {
            let pair = drafts.get(index).zip(drafts.get(**other));
            input(drafts, index) != input(drafts, **other) && pair.is_some_and(|(a, b)| compatible(&a.seen, &b.seen))
        };
        let mut candidates = full.iter().filter(fits);
        if let (Some(only), None) = (candidates.next().copied(), candidates.next()) {
            join(drafts, only, index, "the same error in two logs of one client");
        }
    }
}

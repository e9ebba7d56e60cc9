//! Excerpts: the lines of a log that a packet rests on, with a few lines around them.
//!
//! They are redacted strictly, each log as a whole, so that what is taken anywhere is taken in them too; only
//! then are lines picked. What no evidence points at stays where it is.

use super::Case;
use crate::check;
use crate::input::{Input, InputError};
use crate::model::{Call, Outcome, Place, Supplied};
use crate::redact::{Redactor, Taken};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Lines before one that is evidence.
const BEFORE: u32 = 2;
/// Lines behind it: a traceback or a body follows what announces it.
const BEHIND: u32 = 6;
/// The most lines of a log.
const MOST_LINES: usize = 400;
/// The most lines of all logs.
const MOST_IN_ALL: usize = 4000;
/// Of a longer line so many bytes are shown.
const LONGEST: usize = 2000;
/// More places of one attempt say the same again.
const MOST_PLACES: usize = 8;

/// The lines of a log that are evidence.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// Which of the case's inputs, from 0.
    pub input: u32,
    /// How many lines are in it.
    pub lines: usize,
    /// The lines with their numbers in the log; `>` stands before those that are evidence.
    pub text: String,
    /// Lines that were withheld, by the rule that found something in them.
    pub withheld: Vec<Taken>,
}

/// The excerpts of a case that was read from `inputs`; logs without evidence have none.
///
/// # Errors
/// Where an input cannot be read once more.
pub fn excerpts(case: &mut Case, inputs: &[Input], supplied: &Supplied) -> Result<Vec<Excerpt>, InputError> {
    let wanted = wanted(&places(&case.calls, supplied));
    let mut found = Vec::new();
    case.redactor.set_strict(true);
    for (log, wanted) in &wanted {
        // a log that another run read is elsewhere
        let Some(name) = case.logs.get(*log as usize) else { continue };
        let Some(number) = case.inputs.iter().position(|i| i.name == *name) else { continue };
        let Some(input) = inputs.iter().find(|i| i.name == *name) else { continue };
        let excerpt = excerpt(number as u32, input, wanted, &mut case.redactor);
        found.push(excerpt);
    }
    case.redactor.set_strict(false);
    found.into_iter().collect()
}

/// Where the evidence stands, the weightiest first: findings, then failures from both ends towards the middle.
fn places(calls: &[Call], supplied: &Supplied) -> Vec<Place> {
    let findings = check::conclude(calls, supplied).findings;
    let mut places: Vec<Place> = findings.iter().flat_map(|f| f.evident.places.iter().copied()).collect();
    let failed = |call: &&Call| matches!(call.outcome, Outcome::Failed | Outcome::Recovered);
    let attempts = calls.iter().filter(failed).flat_map(|c| &c.attempts);
    let failures: Vec<&[Place]> = attempts.filter(|a| a.seen.failed()).map(|a| a.from.as_slice()).collect();
    let mut failures = failures.into_iter();
    while let Some(first) = failures.next() {
        for from in [Some(first), failures.next_back()].into_iter().flatten() {
            places.extend(from.iter().take(MOST_PLACES));
        }
    }
    places
}

/// The lines of a log that are shown.
#[derive(Debug, Default)]
struct Wanted {
    shown: BTreeSet<u32>,
    evidence: BTreeSet<u32>,
}

/// By input, within bounds.
fn wanted(places: &[Place]) -> BTreeMap<u32, Wanted> {
    let mut inputs: BTreeMap<u32, Wanted> = BTreeMap::new();
    let mut all = 0;
    for place in places {
        let wanted = inputs.entry(place.input).or_default();
        let around = place.line.saturating_sub(BEFORE).max(1)..=place.line.saturating_add(BEHIND);
        let more: Vec<u32> = around.filter(|line| !wanted.shown.contains(line)).collect();
        if wanted.shown.len() + more.len() > MOST_LINES || all + more.len() > MOST_IN_ALL {
            continue;
        }
        all += more.len();
        wanted.shown.extend(more);
        wanted.evidence.insert(place.line);
    }
    inputs.retain(|_, wanted| !wanted.evidence.is_empty());
    inputs
}

fn excerpt(number: u32, input: &Input, wanted: &Wanted, redactor: &mut Redactor) -> Result<Excerpt, InputError> {
    // what it holds is known already; places are found anew, so that those of all logs need not be kept
    let learned = redactor.learn(input.open()?.reader).map_err(|e| input.error(&e))?;
    let mut picker = Picker::new(wanted);
    let outcome = redactor.write(learned, input.open()?.reader, &mut picker).map_err(|e| input.error(&e))?;
    picker.end_line();
    Ok(Excerpt { input: number, lines: picker.lines, text: picker.out, withheld: outcome.withheld })
}

/// Takes a redacted log in and keeps the lines that are wanted.
struct Picker<'w> {
    wanted: &'w Wanted,
    /// The line that is being read, and as much of it as is shown.
    line: u32,
    kept: Vec<u8>,
    /// How long it is.
    len: usize,
    /// The last line that was shown.
    last: u32,
    lines: usize,
    out: String,
}

impl<'w> Picker<'w> {
    fn new(wanted: &'w Wanted) -> Self {
        Self { wanted, line: 1, kept: Vec::new(), len: 0, last: 0, lines: 0, out: String::new() }
    }

    fn add(&mut self, part: &[u8]) {
        if self.wanted.shown.contains(&self.line) {
            let room = LONGEST.saturating_sub(self.kept.len());
            self.kept.extend(part.iter().take(room));
            self.len += part.len();
        }
    }

    fn end_line(&mut self) {
        if self.len > 0 {
            if self.line > self.last + 1 && self.last > 0 {
                self.out.push_str("     ...\n");
            }
            let sign = if self.wanted.evidence.contains(&self.line) { '>' } else { ' ' };
            let cut = if self.len > self.kept.len() {
                format!(" ... [{} bytes more]", self.len - self.kept.len())
            } else {
                String::new()
            };
            let text = String::from_utf8_lossy(&self.kept);
            let text: String = text.trim_end().chars().map(|c| if acts(c) { ' ' } else { c }).collect();
            self.out.push_str(format!("{sign}{:>7}  {text}{cut}", self.line).trim_end());
            self.out.push('\n');
            self.last = self.line;
            self.lines += 1;
        }
        self.kept.clear();
        self.len = 0;
        self.line = self.line.saturating_add(1);
    }
}

/// Characters that act on a terminal or turn the direction of text.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl Write for Picker<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            // with its end, so that an empty line is one too
            self.add(rest.get(..=end).unwrap_or_default());
            self.end_line();
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        self.add(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Options, read};
    use std::fmt::Write as _;

    fn of(log: &str) -> Vec<Excerpt> {
        let inputs = [Input::keep(log.as_bytes()).unwrap()];
        let mut case = read(&inputs, &Options::default());
        excerpts(&mut case, &inputs, &Supplied::default()).unwrap()
    }

    fn failure(minute: usize) -> String {
        format!(
            "{{\"timestamp\":\"2026-11-20T10:{:02}:{:02}Z\",\"status_code\":500,\"error_type\":\"api_error\",\"model\":\"claude-sonnet-4-5\",\"url\":\"https://api.anthropic.com/v1/messages\"}}\n",
            minute / 60 % 60,
            minute % 60
        )
    }

    #[test]
    fn only_evidence_and_its_neighbours_are_shown() {
        let mut log = String::new();
        for i in 0..40 {
            let _ = writeln!(log, "2026-11-20 09:59:{i:02} the merger of Halcyon is off, {i}");
        }
        log.push_str(&failure(1));
        for i in 0..40 {
            let _ = writeln!(log, "2026-11-20 10:59:{i:02} the merger of Halcyon is off, {i}");
        }
        let text = of(&log).remove(0).text;
        let numbers: Vec<&str> = text.lines().filter_map(|l| l.get(1..8).map(str::trim)).collect();
        assert_eq!(numbers, ["39", "40", "41", "42", "43", "44", "45", "46", "47"], "{text}");
        assert!(text.contains(">     41  {") && text.contains("\"status_code\":500"), "{text}");
        assert!(!text.contains("Halcyon"), "{text}");
    }

    #[test]
    fn a_log_without_failures_has_none() {
        assert!(of("2026-11-20 10:00:00 INFO started\n").is_empty());
    }

    #[test]
    fn lines_are_few_and_short_and_the_last_failure_is_among_them() {
        let mut log: String = (0..3000).map(|i| failure(i) + "\n\n\n\n\n\n\n\n\n\n").collect();
        log.push_str(&format!("2026-11-20 10:59:59 INFO {}\n", "429 ".repeat(2000)));
        let excerpt = of(&log).remove(0);
        assert!(excerpt.lines <= MOST_LINES && excerpt.text.contains(">  32990  "), "{}", excerpt.text);
        assert!(excerpt.text.lines().all(|l| l.len() <= LONGEST + 60));
    }

    #[test]
    fn what_is_taken_at_the_end_is_taken_in_the_excerpt() {
        let secret = "Zb7c".repeat(6);
        let log = failure(1).replace("\"api_error\"", &format!("\"api_error\",\"note\":\"{secret}\""))
            + "\n\n\n\n\n\n\n\n\n"
            + &format!("password={secret}\n");
        let text = of(&log).remove(0).text;
        assert!(!text.contains(&secret), "{text}");
    }
}

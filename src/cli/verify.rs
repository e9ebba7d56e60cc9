//! `casefile verify`: is an archive what it was when it was made, and is it safe to pass on?
//!
//! Whoever gets an archive did not make it. So nothing that it says of itself is believed: sizes are counted
//! while it is read, names are not used as paths, and nothing is unpacked.

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::output::Output;
use super::policy::PolicyArgs;
use super::{Exit, Run, term};
use crate::packet;
use crate::redact::{Class, Policy, Redactor, Taken};
use crate::render::zip::{FORM, MANIFEST, Member, Opened, SUMS, open, sha256};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

/// More problems than anybody reads.
const MOST: usize = 200;

/// Verify an archive: checksums, a whole list of its files, the packet's form, and that nothing leaks
///
/// Exit 1 and a list of places where something is wrong, 2 where it cannot be read.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile verify packet.zip")]
pub struct Args {
    /// An archive that `casefile build -o packet.zip` wrote
    archive: PathBuf,
    #[command(flatten)]
    policy: PolicyArgs,
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let policy = self.policy.policy(&config.load()?)?;
        let file = File::open(&self.archive).map_err(|e| Error::file("read", &self.archive, &e))?;
        let opened = open(BufReader::new(file)).map_err(|why| {
            Error::new(format!("cannot read `{}`: {why}", self.archive.display()))
                .hint("get it again from whoever made it; it may be cut off")
        })?;
        let problems = problems(&opened, &policy)?;
        let mut text = String::new();
        for problem in problems.iter().take(MOST) {
            text.push_str(&term::escaped(problem));
            text.push('\n');
        }
        Output::stdout().text(&text)?;
        let files = term::count(opened.members.len() as u64, "file");
        if problems.is_empty() {
            term::note(&format!("{files}, as they were written; found nothing that should stay in"));
            return Ok(Exit::Done);
        }
        let count = term::count(problems.len() as u64, "problem");
        term::warn(&format!("{count} in {files}"), Some("do not rely on this archive; ask for a new one"));
        Ok(Exit::No)
    }
}

/// Everything that is wrong, as `place: what`.
fn problems(opened: &Opened, policy: &Policy) -> Result<Vec<String>> {
    let mut problems = opened.problems.clone();
    problems.extend(of_sums(&opened.members));
    problems.extend(of_manifest(&opened.members));
    problems.extend(of_packet(&opened.members));
    problems.extend(leaks(&opened.members, policy).map_err(|e| Error::from_writing(&e))?);
    Ok(problems)
}

fn find<'m>(members: &'m [Member], path: &str) -> Option<&'m Member> {
    members.iter().find(|m| m.path == path)
}

/// What is listed against what is there: missing, more, and different.
fn compared(list: &str, listed: &BTreeMap<String, String>, members: &[Member], not_listed: &[&str]) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, sum) in listed {
        match find(members, path) {
            None => problems.push(format!("{}: missing, and {list} lists it", term::redacted(path))),
            Some(member) if sha256(&member.bytes) != *sum => problems.push(format!("{path}: not what {list} lists")),
            Some(_) => {}
        }
    }
    let more = members.iter().filter(|m| !listed.contains_key(&m.path) && !not_listed.contains(&m.path.as_str()));
    problems.extend(more.map(|m| format!("{}: {list} does not list it", term::redacted(&m.path))));
    problems
}

fn of_sums(members: &[Member]) -> Vec<String> {
    let Some(sums) = find(members, SUMS) else { return vec![format!("{SUMS}: missing")] };
    let text = String::from_utf8_lossy(&sums.bytes);
    let mut listed = BTreeMap::new();
    for (n, line) in text.lines().enumerate() {
        match line.split_once("  ") {
            Some((sum, path)) if sum.len() == 64 && listed.insert(path.to_owned(), sum.to_owned()).is_none() => {}
            _ => return vec![format!("{SUMS}:{}: no checksum and path", n + 1)],
        }
    }
    compared(SUMS, &listed, members, &[SUMS])
}

fn of_manifest(members: &[Member]) -> Vec<String> {
    let Some(manifest) = find(members, MANIFEST) else { return vec![format!("{MANIFEST}: missing")] };
    let Ok(manifest) = serde_json::from_slice::<Value>(&manifest.bytes) else {
        return vec![format!("{MANIFEST}: no JSON")];
    };
    if manifest.get("schema").and_then(Value::as_str) != Some(FORM) {
        return vec![format!("{MANIFEST}: its form is not {FORM}")];
    }
    let rows = manifest.get("files").and_then(Value::as_array);
    let mut problems = Vec::new();
    let mut listed = BTreeMap::new();
    for row in rows.into_iter().flatten() {
        let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(path), Some(sum), Some(bytes)) =
            (text("path"), text("sha256"), row.get("bytes").and_then(Value::as_u64))
        else {
            return vec![format!("{MANIFEST}: a file without path, bytes or sha256")];
        };
        if find(members, &path).is_some_and(|m| m.bytes.len() as u64 != bytes) {
            problems.push(format!("{path}: not of the size that {MANIFEST} lists"));
        }
        if listed.insert(path.clone(), sum).is_some() {
            problems.push(format!("{}: {MANIFEST} lists it twice", term::redacted(&path)));
        }
    }
    problems.extend(compared(MANIFEST, &listed, members, &[MANIFEST, SUMS]));
    problems
}

fn of_packet(members: &[Member]) -> Vec<String> {
    const PACKET: &str = "packet.json";
    let Some(member) = find(members, PACKET) else { return vec![format!("{PACKET}: missing")] };
    match serde_json::from_slice::<Value>(&member.bytes) {
        Ok(packet) => packet::departures(&packet).into_iter().map(|d| format!("{PACKET}: {d}")).collect(),
        Err(e) => vec![format!("{PACKET}:{}: no JSON", e.line())],
    }
}

/// What should not be there. In what is copied from logs and pages every net looks. Sentences of the program
/// itself are no leak, so in what it wrote the net for prose does not; nor, in requests that are to be run and
/// name headers beside variables, the one for names.
fn leaks(members: &[Member], policy: &Policy) -> io::Result<Vec<String>> {
    let mut own = policy.clone();
    own.classes.remove(Class::Bodies);
    let inside = |folder: &'static str| move |m: &&Member| m.path.starts_with(folder);
    let (requests, others): (Vec<&Member>, Vec<&Member>) = members.iter().partition(inside("repro/"));
    let (pages, others): (Vec<&Member>, Vec<&Member>) = others.into_iter().partition(inside("status/"));
    let (excerpts, others): (Vec<&Member>, Vec<&Member>) = others.into_iter().partition(inside("excerpts/"));
    let mut found = places(&[excerpts, pages].concat(), policy)?;
    found.extend(places(&others, &own)?);
    let mut tokens = Redactor::new(own);
    for member in requests {
        let taken = tokens.leaks(&member.bytes, &[]);
        found.extend(taken.iter().flat_map(lines).map(|(line, rule)| format!("{}:{line}: {rule}", member.path)));
    }
    Ok(found)
}

fn places(members: &[&Member], policy: &Policy) -> io::Result<Vec<String>> {
    let mut redactor = Redactor::new(policy.clone());
    let learned: Vec<_> = members.iter().map(|m| redactor.learn(m.bytes.as_slice())).collect::<io::Result<_>>()?;
    let mut places = Vec::new();
    for (member, learned) in members.iter().zip(learned) {
        let outcome = redactor.write(learned, member.bytes.as_slice(), &mut io::sink())?;
        let rows: BTreeSet<(u64, &str)> = outcome.taken.iter().chain(&outcome.withheld).flat_map(lines).collect();
        places.extend(rows.into_iter().map(|(line, rule)| format!("{}:{line}: {rule}", member.path)));
    }
    Ok(places)
}

fn lines(taken: &Taken) -> impl Iterator<Item = (u64, &str)> {
    taken.lines.iter().map(|line| (*line, taken.rule.as_str()))
}

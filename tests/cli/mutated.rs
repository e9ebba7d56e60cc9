//! Logs that broke: cut off, with flipped bits, glued together. No command panics over them, and none quotes them.

use super::{Done, Place};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// So many bytes of an input in a row are a quotation.
const RUN: usize = 16;
/// Of longer fixtures, so much.
const MOST: usize = 16 << 10;
/// Every so many of them are pasted.
const PASTED: usize = 7;

fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fixtures(&path, found);
        } else if path.extension().is_none_or(|e| e != "snap" && e != "new") {
            found.push(path);
        }
    }
    found.sort();
}

/// The same ones in each run.
fn mutated(logs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut made = Vec::new();
    for (i, log) in logs.iter().enumerate() {
        let mut flipped = log.clone();
        flipped.iter_mut().skip(i % 41).step_by(41).enumerate().for_each(|(n, byte)| *byte ^= 1 << (n % 8));
        made.push(flipped);
        let next = &logs[(i + 1) % logs.len()];
        made.push([&log[..log.len() * 2 / 3], &next[next.len() / 3..]].concat());
    }
    made
}

struct Quoted(HashSet<Vec<u8>>);

impl Quoted {
    fn of(logs: &[Vec<u8>]) -> Self {
        Self(logs.iter().flat_map(|log| log.windows(RUN)).map(<[u8]>::to_vec).collect())
    }

    #[track_caller]
    fn none_in(&self, done: &Done) {
        assert!(matches!(done.code, Some(0..=2)), "{:?}: {}", done.code, done.err);
        assert!(!done.err.contains("panicked"), "{}", done.err);
        let quoted = done.err.as_bytes().windows(RUN).find(|run| self.0.contains(*run));
        assert_eq!(quoted.map(String::from_utf8_lossy), None, "{}", done.err);
    }
}

#[test]
fn broken_logs_are_read_and_not_quoted() {
    let mut paths = Vec::new();
    fixtures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut paths);
    let cut = |path: &PathBuf| fs::read(path).unwrap().into_iter().take(MOST).collect();
    let logs = mutated(&paths.iter().map(cut).collect::<Vec<Vec<u8>>>());
    let quoted = Quoted::of(&logs);
    let place = Place::new("mutated");
    let names: Vec<String> = (0..logs.len()).map(|i| format!("logs/{i}.log")).collect();
    for (name, log) in names.iter().zip(&logs) {
        place.file(name, log);
    }
    for command in [&["build", "-f", "json"][..], &["build"], &["attempts"], &["check"], &["redact", "-o", "safe"]] {
        quoted.none_in(&place.run(&[command, &["logs"]].concat()));
    }
    quoted.none_in(&place.run(&["redact", "--strict", "--report", "report.json", "-o", "strict", "logs"]));
    quoted.none_in(&place.run(&[&["ids"][..], &names.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat()));
    for (name, log) in names.iter().zip(&logs).step_by(PASTED) {
        quoted.none_in(&place.run(&["match", name]));
        quoted.none_in(&place.pipe(&["redact"], log));
    }
}

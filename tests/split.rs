//! Work may be split: the packet of what `casefile attempts` wrote of several logs, one run a log or one run for all
//! of them, is the packet of the logs themselves, but for the files that were read.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails where it stands")]

use casefile::case::{self, Case, Options};
use casefile::dialect::casefile::{SCHEMA, header, line, run_of};
use casefile::packet::{Supplied, assemble};
use casefile::redact::{Key, Policy};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Behind the name of what a run wrote.
const WRITTEN: &str = ".written";

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn logs(folder: &Path) -> Vec<PathBuf> {
    let is_log = |p: &PathBuf| {
        p.is_file() && !p.ends_with("casefile.toml") && !p.extension().is_some_and(|e| e == "snap" || e == "new")
    };
    entries(folder).into_iter().filter(is_log).collect()
}

fn read(paths: &[PathBuf], options: &Options) -> Case {
    case::read(&casefile::input::expand(paths).inputs, options)
}

/// What a run over these logs writes, in a file of its own.
fn written(paths: &[PathBuf], name: &str, to: &Path, options: &Options) -> PathBuf {
    let Case { calls, logs, mut redactor, .. } = read(paths, &Options { parts: true, ..options.clone() });
    let names: Vec<String> = logs.iter().map(|name| redactor.text(name)).collect();
    let run = run_of(&calls);
    let lines = calls.iter().flat_map(|call| (0..call.attempts.len()).map(|n| line(&run, call, n, &names)));
    let text: String = std::iter::once(header(&run, &calls, &names)).chain(lines).collect();
    validate(&text);
    let path = to.join(format!("{name}{WRITTEN}"));
    fs::write(&path, text).expect("a file is written");
    path
}

/// Panics where a line is not of the form that the schema says.
fn validate(text: &str) {
    static FORM: LazyLock<(boon::Schemas, boon::SchemaIndex)> = LazyLock::new(|| {
        let mut compiler = boon::Compiler::new();
        let schema = serde_json::from_str(SCHEMA).expect("the schema is JSON");
        compiler.add_resource("attempts.json", schema).expect("a resource");
        let mut schemas = boon::Schemas::new();
        let index = compiler.compile("attempts.json", &mut schemas).expect("the schema is one");
        (schemas, index)
    });
    for line in text.lines() {
        let value = serde_json::from_str(line).expect("a line is JSON");
        if let Err(error) = FORM.0.validate(&value, FORM.1) {
            panic!("{error}\n{line}");
        }
    }
}

/// The packet without what it says of the files themselves; places are those of the logs.
fn packet(paths: &[PathBuf], options: &Options) -> Value {
    let mut case = read(paths, options);
    let mut packet = serde_json::to_value(assemble(&mut case, &Supplied::default())).expect("a packet is JSON");
    for section in ["inputs", "redaction"] {
        packet.as_object_mut().and_then(|packet| packet.remove(section)).expect("the section is there");
    }
    of_logs(&mut packet);
    packet
}

/// `app.log.written!app.log:3` is `app.log:3`.
fn of_logs(value: &mut Value) {
    match value {
        Value::String(text) => {
            while let Some(end) = text.find(&format!("{WRITTEN}!")) {
                let start = text.get(..end).and_then(|t| t.rfind([' ', '`', '('])).map_or(0, |at| at + 1);
                text.replace_range(start..end + WRITTEN.len() + 1, "");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(of_logs),
        Value::Object(fields) => fields.values_mut().for_each(of_logs),
        _ => {}
    }
}

/// The ways to the values that differ.
fn differences(a: &Value, b: &Value, path: &str, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let mut keys: Vec<&String> = x.keys().chain(y.keys()).collect();
            keys.dedup();
            for key in keys {
                let of = |fields: &serde_json::Map<String, Value>| fields.get(key).cloned().unwrap_or_default();
                differences(&of(x), &of(y), &format!("{path}.{key}"), found);
            }
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            for (i, (a, b)) in x.iter().zip(y).enumerate() {
                differences(a, b, &format!("{path}[{i}]"), found);
            }
        }
        _ if a != b => found.push(format!("  {path}: {a} became {b}")),
        _ => {}
    }
}

/// What the folder's logs tell when they are read in several runs, and in one, where that is not what they tell.
fn changes(folder: &Path, to: &Path) -> Vec<String> {
    drop(fs::remove_dir_all(to));
    fs::create_dir_all(to).expect("a folder is made");
    let logs = logs(folder);
    // a key links the users of runs
    let policy = Policy { key: Key::new(b"links the runs of one incident"), ..Policy::default() };
    let mut options = Options { policy, ..Options::default() };
    if let Ok(described) = fs::read_to_string(folder.join("casefile.toml")) {
        options.custom.read(&described).expect("descriptions that hold");
    }
    let whole = packet(&logs, &options);
    let name = |log: &Path| log.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let several: Vec<PathBuf> =
        logs.iter().map(|log| written(std::slice::from_ref(log), &name(log), to, &options)).collect();
    let one = written(&logs, "all", to, &options);
    // and once more, of what was written
    let again = written(&several, "again", to, &options);
    let mut found = Vec::new();
    // some of the logs are here, the others are not
    let mixed: Vec<PathBuf> = (0..)
        .zip(logs.iter().zip(&several))
        .map(|(n, (log, run))| if n % 2 == 0 { log } else { run }.clone())
        .collect();
    for (how, paths) in
        [("several runs", &several), ("one run", &vec![one]), ("a run of runs", &vec![again]), ("half of it", &mixed)]
    {
        let mut of_this = Vec::new();
        differences(&whole, &packet(paths, &options), "", &mut of_this);
        of_this.truncate(12);
        if !of_this.is_empty() {
            found.push(format!("{}, {how}:\n{}", folder.display(), of_this.join("\n")));
        }
    }
    found
}

/// A zone that was named where a log was read holds for that log, and for no other.
#[test]
fn zones_that_were_named_are_told() {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("split-zones");
    drop(fs::remove_dir_all(&to));
    fs::create_dir_all(&to).expect("a folder is made");
    let log = to.join("app.log");
    fs::write(&log, "2026-03-02 14:02:11,201 ERROR anthropic.InternalServerError: Error code: 500\n").expect("written");
    let at = |path: &Path, options: &Options| {
        let packet = packet(&[path.to_owned()], options);
        let attempt = &packet["calls"][0]["attempts"][0];
        (attempt["at"].as_str().unwrap_or_default().to_owned(), attempt["at_basis"].clone())
    };
    let in_zone = |offset_min| {
        let mut options = Options::default();
        options.assumed.offset_min = offset_min;
        options
    };
    let told = ("2026-03-02T12:02:11.201Z".to_owned(), Value::from("supplied"));
    let far = written(std::slice::from_ref(&log), "far", &to, &in_zone(Some(120)));
    assert_eq!(at(&log, &in_zone(Some(120))), told);
    assert_eq!(at(&far, &in_zone(None)), told);
    assert_eq!(at(&far, &in_zone(Some(-60))), told);
    // where none was named, it can be named later
    let here = written(&[log], "here", &to, &in_zone(None));
    assert_eq!(at(&here, &in_zone(Some(120))), told);
    assert_eq!(at(&here, &in_zone(None)).1, "assumed");
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut folders: Vec<PathBuf> = entries(&root.join("dialects")).iter().flat_map(|d| entries(d)).collect();
    for kind in ["joins", "custom", "exports", "verdicts", "demo"] {
        folders.extend(entries(&root.join(kind)).into_iter().filter(|p| p.is_dir()));
    }
    folders.retain(|folder| !logs(folder).is_empty());
    assert!(folders.len() > 100, "only {} folders", folders.len());
    folders
}

#[test]
fn what_several_runs_wrote_tells_what_the_logs_do() {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("split");
    let found: Vec<String> = folders().iter().flat_map(|folder| changes(folder, &to)).collect();
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found.join("\n"));
}

/// Logs that have nothing to do with each other join by accident, in ways that no one incident shows.
#[test]
fn and_so_do_all_logs_as_one_incident() {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("split-all");
    drop(fs::remove_dir_all(&all));
    fs::create_dir_all(&all).expect("a folder is made");
    for (n, log) in folders().iter().flat_map(|folder| logs(folder)).enumerate() {
        let name = log.file_name().unwrap_or_default().to_string_lossy();
        fs::copy(&log, all.join(format!("{n:03}-{name}"))).expect("a log is copied");
    }
    let found = changes(&all, &Path::new(env!("CARGO_TARGET_TMPDIR")).join("split-all-written"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

//! A folder is a test: what is read from the logs in `fixtures/dialects/*/*`, `fixtures/joins/*`, `fixtures/exports/*` and
//! `fixtures/custom/*` (with the formats described in its `casefile.toml`) is what the snapshot beside them says.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails where it stands")]

use casefile::case;
use casefile::packet::Supplied;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Describes formats; it is no log.
const SETTINGS: &str = "casefile.toml";

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.is_dir()).collect();
    found.sort();
    found
}

fn inputs(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.is_file()).collect();
    files.retain(|p| !p.extension().is_some_and(|e| e == "snap" || e == "new"));
    files.retain(|p| !p.ends_with(SETTINGS));
    files.sort();
    files
}

/// Without what is not known, so that a snapshot shows what is.
fn known(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().filter_map(known).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(fields) => {
            let fields: serde_json::Map<_, _> =
                fields.iter().filter_map(|(k, v)| Some((k.clone(), known(v)?))).collect();
            (!fields.is_empty()).then_some(Value::Object(fields))
        }
        other => Some(other.clone()),
    }
}

/// Panics where a packet is not of the form that the schema says.
fn validate(packet: &Value) {
    let schema: Value = serde_json::from_str(casefile::packet::SCHEMA).expect("the schema is JSON");
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("packet.json", schema).expect("a resource");
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile("packet.json", &mut schemas).expect("the schema is one");
    if let Err(error) = schemas.validate(packet, index) {
        panic!("{error}");
    }
}

/// One line a call, one line an attempt.
fn told(folder: &Path) -> String {
    let inputs = casefile::input::expand(&inputs(folder));
    let mut options = case::Options::default();
    if let Ok(described) = std::fs::read_to_string(folder.join(SETTINGS)) {
        options.custom.read(&described).expect("descriptions that hold");
    }
    let mut case = case::read(&inputs.inputs, &options);
    let mut text = String::new();
    for problem in &case.problems {
        let _ = writeln!(text, "problem: {problem}");
    }
    for input in &case.inputs {
        let _ =
            writeln!(text, "{}: {} records, {:?}", input.name, input.understood.records, input.understood.by_dialect);
    }
    let packet =
        serde_json::to_value(casefile::packet::assemble(&mut case, &Supplied::default())).expect("a packet is JSON");
    validate(&packet);
    for call in packet["calls"].as_array().into_iter().flatten() {
        let joined: Vec<&str> = call["joined_by"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let joined = if joined.is_empty() { "nothing".to_owned() } else { joined.join(", ") };
        let _ = writeln!(
            text,
            "\ncall {}: {}; joined by {joined}",
            call["id"],
            call["outcome"].as_str().unwrap_or_default()
        );
        if let Some(why) = call["ambiguous"].as_str() {
            let _ = writeln!(text, "  ambiguous: {why}");
        }
        for attempt in call["attempts"].as_array().into_iter().flatten() {
            let _ = writeln!(text, "  {}", known(attempt).unwrap_or_default());
        }
    }
    text
}

#[test]
fn what_is_read_is_what_the_snapshot_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut cases: Vec<PathBuf> = folders(&root.join("dialects")).iter().flat_map(|d| folders(d)).collect();
    cases.extend(folders(&root.join("joins")));
    cases.extend(folders(&root.join("custom")));
    cases.extend(folders(&root.join("exports")));
    assert!(!cases.is_empty(), "no fixtures");
    for case in cases {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("read", told(&case)));
    }
}

#[test]
fn every_dialect_has_a_fixture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dialects");
    for dialect in casefile::dialect::DIALECTS {
        let id = dialect.about().id;
        assert!(!folders(&root.join(id)).is_empty(), "no fixture for {id} in fixtures/dialects/{id}");
    }
}

//! The README and the other pages say what is there.

#![allow(clippy::panic, reason = "a test fails where it stands")]

use casefile::dialect::DIALECTS;
use casefile::dialect::custom::{self, Custom};
use casefile::model::KEYS;

const README: &str = include_str!("../README.md");
const SETTINGS: &str = include_str!("../docs/settings.md");
const CUSTOM: &str = include_str!("../docs/custom-dialects.md");

#[test]
fn every_dialect_is_in_the_table() {
    let rows: Vec<&str> = README.lines().filter(|line| line.starts_with("| `")).collect();
    for dialect in DIALECTS {
        let about = dialect.about();
        let row = format!("| `{}` | {} |", about.id, about.title);
        assert!(rows.contains(&row.as_str()), "the README lacks: {row}");
    }
}

#[test]
fn the_packet_that_it_shows_is_what_its_command_prints() {
    let shown = README.split("````markdown\n").nth(1).and_then(|rest| rest.split("````").next()).unwrap_or_default();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_casefile"))
        .args(["build", "--no-config", &format!("{demo}/app.log"), "--status", &format!("{demo}/status.json")])
        .args(["--status-checked-at", "2026-03-02T14:09:00Z", "--set", "reference=INC-2231"])
        .args(["--set", "impact=6 % of support replies are late"])
        .output();
    let printed = done.map(|d| String::from_utf8_lossy(&d.stdout).into_owned()).unwrap_or_default();
    assert!(
        shown.lines().count() > 30 && printed.starts_with(shown),
        "the README shows\n{shown}\nit prints\n{printed}"
    );
}

#[test]
fn every_fact_is_in_the_table() {
    for key in KEYS {
        assert!(SETTINGS.lines().any(|l| l.starts_with(&format!("| `{}` | {}", key.name, key.about))), "{}", key.name);
    }
}

#[test]
fn every_field_of_a_description_is_in_the_table() {
    for name in custom::names() {
        assert!(CUSTOM.lines().any(|line| line.starts_with(&format!("| `{name}` |"))), "the page lacks `{name}`");
    }
}

#[test]
fn descriptions_that_the_page_shows_hold() {
    let shown: Vec<&str> = CUSTOM.split("```toml\n").skip(1).filter_map(|part| part.split("```").next()).collect();
    assert!(shown.len() > 3, "it shows {}", shown.len());
    for text in shown.iter().filter(|text| !text.starts_with("dialect_files")) {
        if let Err(problem) = Custom::default().read(text) {
            panic!("{problem:?} in\n{text}");
        }
    }
}

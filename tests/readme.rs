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

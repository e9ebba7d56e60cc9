//! Every template, filled in with one case: `fixtures/templates/<name>.snap` is what it makes.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails where it stands")]

use casefile::case::{self, Options};
use casefile::packet::{Packet, Supplied, assemble};
use casefile::redact::Redactor;
use casefile::render::templates::TEMPLATES;
use casefile::render::{Output, RenderError, Template, checked};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/templates")
}

fn packet() -> (Packet, Redactor) {
    let inputs = casefile::input::expand(&[folder().join("input.log")]).inputs;
    let mut case = case::read(&inputs, &Options::default());
    let mut supplied = Supplied::default();
    for (name, value) in [
        ("reference", "INC-2231"),
        ("impact", "one in ten answers is late"),
        ("owner.ticket", "platform on call"),
        ("idempotent", "yes"),
    ] {
        supplied.set(name, value, "--set").unwrap();
    }
    let page = std::fs::read(folder().join("status.json")).unwrap();
    let checked_ms = Some(1_795_170_600_000);
    supplied.snapshots.push(casefile::status::read("status.json", &page, checked_ms, None, &mut case.redactor));
    (assemble(&mut case, &supplied), case.redactor)
}

fn filled(output: &dyn Output) -> Result<String, RenderError> {
    let (mut packet, mut redactor) = packet();
    checked(&mut packet, output, &mut redactor).map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn every_template_makes_what_its_snapshot_says() {
    for known in TEMPLATES {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(known.name, filled(&known.template()).unwrap()));
    }
}

#[test]
fn templates_are_described() {
    for known in TEMPLATES {
        assert!(!known.title.is_empty() && known.about.len() < 140, "{}", known.name);
    }
}

#[test]
fn what_is_wrong_with_a_template_is_said_with_its_line() {
    let said = |source: &str| filled(&Template::new("mine.md", source)).unwrap_err().to_string();
    assert_eq!(
        said("one\n{{ verdict.decision|shout }}\n"),
        "template `mine.md`, line 2: unknown filter: filter shout is unknown"
    );
    assert_eq!(said("{{ verdict.decison }}\n"), "template `mine.md`, line 1: undefined value");
    assert_eq!(said("{{ verdict.decison|fact }}\n"), "template `mine.md`, line 1: undefined value");
    assert!(
        said("\n\n{% if verdict %}\n").contains(": syntax error: unexpected end of input"),
        "{}",
        said("\n\n{% if verdict %}\n")
    );
    assert_eq!(said("{{ case.title|bytes }}"), "template `mine.md`, line 1: invalid operation");
}

#[test]
fn a_template_cannot_let_anything_out() {
    // what stood in a prompt of the log
    let leaks =
        filled(&Template::new("mine.md", "# {{ case.title }}\ncompare both {{ 'offers and say which' }} is better\n"));
    assert!(matches!(&leaks, Err(RenderError::Leak(taken)) if taken.lines == [2]), "{leaks:?}");
    let key = format!("sk-ant-api03-{}AA", "aB3d".repeat(20));
    assert!(matches!(filled(&Template::new("mine.md", &key)), Err(RenderError::Leak(_))));
}

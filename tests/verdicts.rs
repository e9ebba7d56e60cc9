//! What is concluded from the logs in `fixtures/verdicts/*/` is what `expected.tsv` beside them says: written
//! down by reading each log as a careful engineer would, not by asking the program.

#![allow(clippy::expect_used, reason = "a test fails where it stands")]

use casefile::model::{Outcome, Supplied};
use casefile::{case, check, dialect, input};
use std::path::{Path, PathBuf};

/// A line of the table.
struct Expected {
    scenario: String,
    /// Branch, decision, responder.
    verdict: [String; 3],
    /// Findings that must be there; `-` means none at all.
    findings: Vec<String>,
    supplied: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/verdicts")
}

fn expected() -> Vec<Expected> {
    let table = std::fs::read_to_string(folder().join("expected.tsv")).expect("the table is there");
    let rows = table.lines().filter(|l| !l.starts_with('#')).skip(1);
    rows.map(|row| {
        let mut columns = row.split('\t').map(str::to_owned).chain(std::iter::repeat(String::new()));
        let mut next = || columns.next().unwrap_or_default();
        let (scenario, verdict) = (next(), [next(), next(), next()]);
        let findings = next().split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect();
        Expected { scenario, verdict, findings, supplied: next() }
    })
    .collect()
}

/// `status=green;checked=2026-11-20T09:33:00Z`.
fn supplied(text: &str) -> Supplied {
    let mut supplied = Supplied::default();
    for (name, value) in text.split(';').filter_map(|fact| fact.split_once('=')) {
        if name == "checked" {
            let (stamp, _) = casefile::literal::Timestamp::begins(value.as_bytes()).expect("a time");
            supplied.status_checked_ms = stamp.utc_ms();
        } else {
            supplied.set(name, value, "test").expect("a fact that may be supplied");
        }
    }
    supplied
}

/// What differs from what is expected, in a line each.
fn differences(expected: &Expected) -> Vec<String> {
    let inputs = input::expand(&[folder().join(&expected.scenario).join("input.log")]);
    let case = case::read(&inputs.inputs, &case::Options::default());
    let supplied = supplied(&expected.supplied);
    let concluded = check::conclude(&case.calls, &supplied);
    let verdict = &concluded.verdict;
    let got = [concluded.facts.evidence.branch.name(), verdict.decision.name(), verdict.responder.name()];
    let found: Vec<&str> = concluded.findings.iter().map(|f| f.rule.id).collect();
    let mut differences = Vec::new();
    if expected.verdict != got {
        differences.push(format!("{}: {got:?}, not {:?}: {}", expected.scenario, expected.verdict, verdict.because));
    }
    for finding in &expected.findings {
        match finding.as_str() {
            "-" if found.is_empty() => {}
            "-" => differences.push(format!("{}: found {found:?} where nothing is wrong", expected.scenario)),
            id if found.contains(&id) => {}
            id => differences.push(format!("{}: `{id}` is missing of {found:?}", expected.scenario)),
        }
    }
    differences
}

#[test]
fn verdicts_are_those_of_a_careful_engineer() {
    let expected = expected();
    assert!(expected.len() > 30, "only {} scenarios", expected.len());
    let differences: Vec<String> = expected.iter().flat_map(differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_scenario_is_expected() {
    let expected = expected();
    let folders = std::fs::read_dir(folder()).into_iter().flatten().flatten().filter(|e| e.path().is_dir());
    for folder in folders {
        let name = folder.file_name().to_string_lossy().into_owned();
        assert!(expected.iter().any(|e| e.scenario == name), "{name} is not in expected.tsv");
    }
}

/// Where a proxy's log is all there is, what is asked for is answered by a setting of that proxy.
#[test]
fn questions_are_answered_by_what_wrote_the_log() {
    for (scenario, kit) in [
        ("nginx-tries", "nginx"),
        ("nginx-errors", "nginx"),
        ("nginx-combined", "access-log"),
        ("haproxy-timeouts", "haproxy"),
        ("python-client-errors", "anthropic-python"),
        ("litellm-proxy-dns", "litellm"),
        ("claude-code-timeout", "claude-code"),
    ] {
        let inputs = input::expand(&[folder().join(scenario).join("input.log")]);
        let case = case::read(&inputs.inputs, &case::Options::default());
        let supplied = Supplied::default();
        assert_eq!(check::conclude(&case.calls, &supplied).facts.kit.id, kit, "{scenario}");
    }
}

/// A finding explains itself, in full sentences, with an id that fits a command line.
#[test]
fn findings_explain_themselves() {
    let mut ids: Vec<&str> = check::findings::rules().map(|r| r.id).collect();
    ids.sort_unstable();
    let many = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), many, "two findings share an id");
    for rule in check::findings::rules() {
        assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{}", rule.id);
        for text in [rule.title, rule.means, rule.not_proof, rule.action, rule.source] {
            assert!(text.len() > 10, "{}: {text:?}", rule.id);
        }
        assert!(rule.means.ends_with('.') && rule.not_proof.ends_with('.'), "{}", rule.id);
    }
}

/// Dialects of programs that print nothing where nothing fails, and our own, which has what others told.
const ONLY_FAILURES: &[&str] = &[
    "ai-sdk",
    "axios",
    "browser-console",
    "casefile",
    "http-error",
    "nginx-error",
    "node-error",
    "python-error",
    "python-retry",
];

/// A log of requests that all went well, however it is written and whatever its prompts and answers speak of: nothing
/// is found, and nothing is asked. That it was read at all is seen by its requests.
#[test]
fn a_healthy_log_has_no_findings() {
    let healthy = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/healthy");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(healthy).expect("a folder").flatten().map(|e| e.path()).collect();
    folders.sort();
    assert!(folders.len() > 30, "only {} healthy logs", folders.len());
    let mut read = std::collections::BTreeSet::new();
    for folder in folders {
        let name = folder.display();
        let case = case::read(&input::expand(&[folder.join("input.log")]).inputs, &case::Options::default());
        read.extend(case.inputs.iter().flat_map(|input| input.understood.by_dialect.keys().copied()));
        let supplied = Supplied::default();
        let concluded = check::conclude(&case.calls, &supplied);
        let found: Vec<&str> = concluded.findings.iter().map(|f| f.rule.id).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
        assert_eq!(concluded.facts.evidence.branch.name(), "none", "{name}");
        assert_eq!(concluded.verdict.decision.name(), "none", "{name}");
        assert!(concluded.questions.is_empty(), "{name}: {:?}", concluded.questions);
        assert!(!case.calls.is_empty(), "{name}: no request was read");
        for call in &case.calls {
            assert_eq!((call.outcome, call.attempts.len()), (Outcome::Ok, 1), "{name}: {call:?}");
        }
    }
    for dialect in dialect::DIALECTS.iter().map(|d| d.about().id) {
        assert_eq!(read.contains(dialect), !ONLY_FAILURES.contains(&dialect), "a healthy log of `{dialect}`");
    }
}

//! Findings that no short log would show, on attempts made for them; and that none is without a case.

use super::rules;
use crate::check::conclude;
use crate::model::{
    AtBasis, Attachment, Attempt, Call, CheckedBy, Clean, Id, IdKind, Incident, Marks, Outcome, Payload, Place, Seen,
    Snapshot, Supplied, Trouble,
};
use std::sync::Arc;

const T0: i64 = 1_795_170_600_000;

fn text(text: &str) -> Option<Clean> {
    Some(Clean::vouched(text))
}

/// An internal server error of the provider, changed.
fn failed(change: impl FnOnce(&mut Seen)) -> Seen {
    let mut seen = Seen {
        status: Some(500),
        error_type: text("api_error"),
        request_id: text("req_011CabcdefghijkmnopqrstT"),
        model: text("claude-sonnet-4-6"),
        method: text("POST"),
        endpoint: text("/v1/messages"),
        base_url: text("https://api.anthropic.com"),
        ..Seen::default()
    };
    change(&mut seen);
    seen
}

fn worked(change: impl FnOnce(&mut Seen)) -> Seen {
    failed(|seen| {
        (seen.status, seen.error_type) = (Some(200), None);
        change(seen);
    })
}

/// A call of attempts, a second each.
fn call(id: u32, at_s: i64, attempts: Vec<Seen>) -> Call {
    let attempt = |(n, seen): (i64, Seen)| {
        let at = T0 + (at_s + n) * 1000;
        let place = Place { input: 0, line: id * 10 + n as u32 };
        Attempt {
            at_ms: Some(at),
            at_basis: AtBasis::Observed,
            clock: None,
            end_ms: Some(at + 301),
            counted: false,
            seen,
            layers: Vec::new(),
            from: vec![place],
            parts: Box::default(),
        }
    };
    let attempts: Vec<Attempt> = (0..).zip(attempts).map(attempt).collect();
    let outcome = match attempts.last().map(|a| a.seen.failed()) {
        Some(true) => Outcome::Failed,
        Some(false) if attempts.len() > 1 => Outcome::Recovered,
        Some(false) => Outcome::Ok,
        None => Outcome::Unknown,
    };
    Call { id, outcome, attempts, joined_by: Vec::new(), ambiguous: None }
}

fn payload(change: impl FnOnce(&mut Payload)) -> Option<Arc<Payload>> {
    let mut payload = Payload { messages: Some(3), text_chars: Some(4000), ..Payload::default() };
    change(&mut payload);
    Some(Arc::new(payload))
}

fn said(facts: &[(&str, &str)]) -> Supplied {
    let mut supplied = Supplied::default();
    for (name, value) in facts {
        supplied.set(name, value, "test").unwrap();
    }
    supplied
}

/// A page that tells of an incident which began with the failures and was posted ten minutes later.
fn page() -> Supplied {
    let incident = Incident {
        id: Clean::vouched("i1"),
        name: Clean::vouched("Elevated errors"),
        impact: None,
        begin_ms: T0 - 1000,
        end_ms: Some(T0 + 3_600_000),
        first_post_ms: Some(T0 + 600_000),
        components: Vec::new(),
        maintenance: false,
    };
    let snapshot = Snapshot {
        file: Clean::vouched("status.json"),
        checked_ms: Some(T0 + 7_200_000),
        checked_by: CheckedBy::Supplied,
        page: text("Claude"),
        incidents: vec![incident],
        complete_from_ms: Some(T0 - 86_400_000),
        ..Snapshot::default()
    };
    let mut supplied = Supplied::default();
    supplied.snapshots.push(snapshot);
    supplied
}

/// Finding, calls, what is supplied.
fn cases() -> Vec<(&'static str, Vec<Call>, Supplied)> {
    let nothing = Supplied::default;
    let gateway = |seen: &mut Seen| {
        (seen.request_id, seen.error_type, seen.trouble) = (None, None, Some(Trouble::Dns));
        seen.marks = Marks { gateway: true, ..Marks::default() };
    };
    let foreign = |seen: &mut Seen| {
        seen.request_id = None;
        let value = Clean::vouched("0fd5fea8-2006-4449-af1e-469e1a2d4ad9");
        seen.add_id(Id { kind: IdKind::GatewayRequest, name: text("x-request-id"), value });
    };
    let with = |change: fn(&mut Payload)| failed(|seen| seen.payload = payload(change));
    let image =
        |p: &mut Payload| p.attachments.push(Attachment { kind: Clean::vouched("image/png"), bytes: Some(9000) });
    let key = |kind| move |seen: &mut Seen| seen.auth = Some(kind);
    let elsewhere = |seen: &mut Seen| {
        (seen.base_url, seen.model) = (text("https://gateway.example.com"), text("claude-opus-4-6"));
        seen.payload = payload(|_| {});
    };
    vec![
        ("gateway_cannot_reach_provider", vec![call(1, 0, vec![failed(gateway)])], nothing()),
        ("alias_header", vec![call(1, 0, vec![failed(foreign)])], nothing()),
        ("payload_lint", vec![call(1, 0, vec![with(|p| p.lint.push("no_messages"))])], nothing()),
        ("raw_attachment", vec![call(1, 0, vec![with(image)])], nothing()),
        ("payload_changed_on_500", vec![call(1, 0, vec![with(|_| {}), with(|p| p.tools = Some(2))])], nothing()),
        ("key_changed_on_500", vec![call(1, 0, vec![failed(key("oauth")), failed(key("api_key"))])], nothing()),
        ("auth_owner_conflict", vec![call(1, 0, vec![failed(key("oauth")), failed(key("api_key"))])], nothing()),
        (
            "many_variables_changed",
            vec![call(1, 0, vec![with(|_| {})]), call(2, 60, vec![worked(elsewhere)])],
            nothing(),
        ),
        ("saw_it_first", vec![call(1, 0, vec![failed(|_| {})])], page()),
        (
            "budget_exceeded",
            vec![call(1, 0, vec![failed(|_| {}), failed(|_| {})])],
            said(&[("budget.max_elapsed_ms", "500")]),
        ),
    ]
}

#[test]
fn each_fires_on_its_case() {
    for (id, calls, supplied) in cases() {
        let found: Vec<&str> = conclude(&calls, &supplied).findings.iter().map(|f| f.rule.id).collect();
        assert!(found.contains(&id), "{id} is missing of {found:?}");
    }
}

#[test]
fn none_fires_where_nothing_failed() {
    let calls: Vec<Call> = (1..20u32).map(|id| call(id, i64::from(id) * 30, vec![worked(|_| {})])).collect();
    let found = conclude(&calls, &Supplied::default()).findings;
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn none_is_without_a_case() {
    let of_logs = include_str!("../../../fixtures/verdicts/expected.tsv");
    let cases = cases();
    for rule in rules() {
        let here = cases.iter().any(|(id, ..)| *id == rule.id);
        let in_logs = of_logs.lines().any(|l| l.split(['\t', ',']).any(|cell| cell == rule.id));
        assert!(here || in_logs, "nothing fires {}", rule.id);
    }
}

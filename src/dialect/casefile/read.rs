//! Parts of attempts read back, as though their source had been read here. What was concluded from them is left
//! aside: it is concluded again, together with what other sources tell. Every value is checked again: a file
//! may have been written by anybody.

use super::ABOUT;
use super::part::{TIMES, TOLD};
use super::seen::{number, seen};
use crate::dialect::custom::Custom;
use crate::dialect::entry::{Entry, Found};
use crate::literal::{Node, Timestamp};
use crate::model::{Clean, Kin, Layer, LayerView, Link, LinkKind, Outer, Part, Place, Stage, When};
use crate::redact::Cleaner;

const LAYERS: &[Layer] = &[Layer::Client, Layer::Proxy, Layer::Gateway];
const LINKS: &[LinkKind] = &[
    LinkKind::Request,
    LinkKind::Attempt,
    LinkKind::Span,
    LinkKind::Call,
    LinkKind::Gateway,
    LinkKind::Trace,
    LinkKind::Session,
];
/// No clock is so many minutes away from UTC.
const MOST_AHEAD: u16 = 14 * 60;
/// Why parts of one source are of one call, besides the links they share.
const REASONS: &[&str] =
    &["order of responses", "order of retries", "announced retry", "announced wait", "attempt number"];

/// Numbers the logs of a run in the order in which it read them.
pub fn header(fields: &Node<'_>, found: &mut Found<'_>) {
    let run = text(fields, "run");
    for name in list(fields, "inputs").filter_map(Node::str) {
        found.logs.told(run, name);
    }
    found.understood();
}

/// Hands over the parts of an attempt.
pub fn attempt(fields: &Node<'_>, entry: &Entry<'_>, found: &mut Found<'_>) {
    for row in list(fields, "parts").filter(|row| row.is_group()) {
        let log = found.logs.told(text(fields, "run"), text(row, "log"));
        let mut part = part(row, log, entry.custom, found.clean);
        if part.from.is_empty() {
            continue;
        }
        part.seen = seen(row.get("shown").unwrap_or(fields), found.clean);
        let mut fact = entry.fact(&ABOUT, Stage::Told, 0);
        fact.told = Some(Box::new(part));
        found.push(fact);
    }
    // no log shows one that was counted: the attempt that counts it is told, too
    if fields.get("counted").and_then(Node::bool) == Some(true) {
        found.understood();
    }
}

fn part(row: &Node<'_>, log: u32, custom: &Custom, clean: &mut Cleaner) -> Part {
    let place = |line: u32| Place { input: log, line };
    let says = |list_name: &str, what: &str| list(row, list_name).any(|n| n.str() == Some(what));
    let when = |name: &str| {
        let (time, _) = Timestamp::begins(text(row, name).as_bytes())?;
        Some(When { time, inherited: says("inherited", name) })
    };
    let [begun, ended, noted] = TIMES.map(when);
    let [error_told, retried, answer] = TOLD.map(|what| says("told", what));
    Part {
        log,
        source: number(row, "source").unwrap_or_default(),
        zone_min: number(row, "zone_min").filter(|n: &i16| n.unsigned_abs() <= MOST_AHEAD),
        order: number(row, "order").unwrap_or_default(),
        begun,
        ended,
        noted: noted.or(begun).or(ended),
        error_told,
        retried,
        answer,
        outer: row.get("outer").map(|outer| Outer { status: number(outer, "status"), endpoint: path(outer, clean) }),
        links: list(row, "links").filter_map(|row| link(row, clean)).collect(),
        layers: list(row, "layers").filter_map(|row| layer(row, place, custom, clean)).collect(),
        from: list(row, "lines").filter_map(Node::number).map(place).collect(),
        kin: list(row, "kin").filter_map(kin).collect(),
        ..Part::default()
    }
}

fn layer(row: &Node<'_>, place: impl Fn(u32) -> Place, custom: &Custom, clean: &mut Cleaner) -> Option<LayerView> {
    Some(LayerView {
        layer: LAYERS.iter().copied().find(|l| l.name() == text(row, "layer"))?,
        dialect: custom.named(text(row, "dialect")).map_or(ABOUT.id, |a| a.id),
        status: number(row, "status"),
        elapsed_ms: number(row, "elapsed_ms"),
        endpoint: path(row, clean),
        id: row.get("id").and_then(Node::bytes).and_then(|v| clean.id(v)),
        from: place(number(row, "line")?),
    })
}

fn link(row: &Node<'_>, clean: &mut Cleaner) -> Option<Link> {
    let kind = LINKS.iter().copied().find(|l| l.reason() == text(row, "by"))?;
    Some(Link { kind, value: clean.id(row.get("value").and_then(Node::bytes)?)? })
}

fn kin(row: &Node<'_>) -> Option<Kin> {
    let reasons = REASONS.iter().copied().chain(LINKS.iter().map(|l| l.reason()));
    let mut reasons = reasons.filter(|reason| *reason == text(row, "by"));
    Some(Kin {
        order: number(row, "order")?,
        reason: reasons.next().unwrap_or("as told"),
        certain: row.get("ambiguous").and_then(Node::bool) != Some(true),
    })
}

fn path(row: &Node<'_>, clean: &mut Cleaner) -> Option<Clean> {
    row.get("endpoint").and_then(Node::bytes).and_then(|v| clean.path(v))
}

fn text<'n>(row: &'n Node<'_>, name: &str) -> &'n str {
    row.get(name).and_then(Node::str).unwrap_or_default()
}

fn list<'n, 't>(row: &'n Node<'t>, name: &str) -> impl Iterator<Item = &'n Node<'t>> {
    row.get(name).into_iter().flat_map(Node::entries).map(|(_, item)| item)
}

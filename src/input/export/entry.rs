//! One entry of an export: when, which program, and what it wrote.

use super::walk::List;
use crate::literal::{Node, Timestamp};
use std::borrow::Cow;

/// What an entry tells.
#[derive(Debug)]
pub(super) struct Told {
    pub time: Option<Timestamp>,
    /// The program, as far as the entry names it.
    pub source: Vec<u8>,
    /// Whether the list that it stands in is of one program.
    pub of_list: bool,
    /// What the program wrote, where that is a text and the entry has nothing else to say.
    pub line: Option<Vec<u8>>,
    /// The entry as an object, where it was not written as one.
    pub made: Option<Vec<u8>>,
}

/// Where entries have their time.
const TIMES: &[&[&str]] = &[
    &["timestamp"],
    &["@timestamp"],
    &["_time"],
    &["TimeGenerated"],
    &["timeUnixNano"],
    &["observedTimeUnixNano"],
    &["time"],
    &["ts"],
    &["date"],
    &["TimeGenerated [UTC]"],
    &["_source", "@timestamp"],
    &["_source", "timestamp"],
    &["attributes", "timestamp"],
    &["receiveTimestamp"],
    &["ingestionTime"],
];
/// Where services put the text that a program wrote, and nothing else.
const LINES: &[&str] = &["textPayload", "@message", "LogEntry", "LogMessage", "_raw", "line"];
/// Of an entry with a message, all that is no field of the program's.
const BARE: &[&str] = &[
    "timestamp",
    "@timestamp",
    "message",
    "ingestionTime",
    "eventId",
    "logStreamName",
    "id",
    "date",
    "time",
    "content",
    "log",
    "msg",
    "host",
    "service",
    "source",
    "tsNs",
];
/// Where those have their text.
const TEXTS: &[&str] = &["message", "content", "log", "msg"];
/// Where services name the program.
const SOURCES: &[&[&str]] = &[
    &["logStreamName"],
    &["@logStream"],
    &["resource", "labels"],
    &["PodName"],
    &["ContainerName"],
    &["ContainerID"],
    &["AppRoleInstance"],
    &["_source", "kubernetes", "pod", "name"],
    &["_source", "kubernetes", "pod_name"],
    &["_source", "container", "id"],
    &["attributes", "host"],
    &["host"],
    &["labels", "pod"],
    &["labels", "instance"],
];

/// Reads an element; `None` where it is no log entry.
pub(super) fn read(element: &Node<'_>, list: &List) -> Option<Told> {
    if let Some((time, text)) = pair(element).filter(|_| !list.is_table) {
        return Some(Told {
            time: Some(time),
            source: Vec::new(),
            of_list: true,
            line: Some(text.to_vec()),
            made: None,
        });
    }
    let rows = row(element, &list.columns);
    let fields = rows.as_ref().unwrap_or(element);
    let time = TIMES.iter().filter_map(|path| fields.at(path)?.bytes()).find_map(time_of);
    let line = LINES.iter().find_map(|name| text(fields.get(name)?)).or_else(|| bare(fields));
    let body = || fields.at(&["body", "stringValue"]).and_then(text).filter(|_| fields.get("attributes").is_none());
    let line = line.or_else(body).map(<[u8]>::to_vec);
    // an object with a time and one thing more may be anything: Claude Code's list of errors is
    let named = fields.entries().filter(|(name, _)| !name.is_empty());
    let named: usize = named.map(|(_, value)| value.entries().count().max(1)).sum();
    if line.is_none() && (time.is_none() || named < 3) {
        return None;
    }
    // CloudWatch Insights and Azure leave the zone out; a console's table is in the zone of its user
    let is_utc = rows.is_some() && (!list.is_table || fields.get("TimeGenerated [UTC]").is_some());
    let time = time.map(|t| if is_utc { Timestamp { offset_min: t.offset_min.or(Some(0)), ..t } } else { t });
    let mut source = Vec::new();
    for node in SOURCES.iter().filter_map(|path| fields.at(path)) {
        let values = node.bytes().into_iter().chain(node.entries().filter_map(|(_, value)| value.bytes()));
        values.for_each(|value| source.extend_from_slice(value));
    }
    let made = rows.filter(|_| line.is_none()).map(|rows| object(&rows));
    Some(Told { time, source, of_list: false, line, made })
}

fn time_of(value: &[u8]) -> Option<Timestamp> {
    // Kibana's: `Nov 25, 2026 @ 00:40:00.011`
    if let Some(at) = memchr::memmem::find(value, b" @ ") {
        let (day, clock) = (value.get(..at)?, value.get(at + 3..)?);
        return Timestamp::begins(&[day, b" ", clock].concat()).map(|(time, _)| time);
    }
    Timestamp::begins(value).map(|(time, _)| time).or_else(|| Timestamp::epoch(value))
}

fn text<'n>(node: &'n Node<'_>) -> Option<&'n [u8]> {
    match node {
        Node::Text(text) => Some(text.as_ref()),
        _ => None,
    }
}

/// Loki's: `["1795243279123000000", "what the program wrote"]`.
fn pair<'n>(element: &'n Node<'_>) -> Option<(Timestamp, &'n [u8])> {
    let mut values = element.entries().map(|(name, value)| value.bytes().filter(|_| name.is_empty()));
    let (time, line, more) = (values.next()??, values.next()??, values.next());
    Some((Timestamp::epoch(time)?, line)).filter(|_| more.is_none_or(|more| more.is_none()))
}

/// CloudWatch's and Datadog's: a message and nothing of the program's own.
fn bare<'n>(fields: &'n Node<'_>) -> Option<&'n [u8]> {
    let is_bare = |name: &[u8]| BARE.iter().any(|bare| name.eq_ignore_ascii_case(bare.as_bytes()));
    let message = TEXTS.iter().find_map(|name| text(fields.get(name)?))?;
    fields.entries().all(|(name, _)| is_bare(name)).then_some(message)
}

/// An element whose names stand apart: `[{"field":"@message","value":"…"}, …]`, or a row beneath columns.
fn row<'t>(element: &Node<'t>, columns: &[Vec<u8>]) -> Option<Node<'t>> {
    let values = || element.entries().filter(|(name, _)| name.is_empty()).map(|(_, value)| value);
    let named: Option<Vec<(Vec<u8>, Node<'t>)>> =
        values().map(|v| Some((v.get("field")?.bytes()?.to_vec(), v.get("value")?.clone()))).collect();
    let rows = match named.filter(|named| !named.is_empty()) {
        Some(named) => named,
        None if !columns.is_empty() => columns.iter().cloned().zip(values().cloned()).collect(),
        None => return None,
    };
    let rows: Vec<(Cow<'t, [u8]>, Node<'t>)> =
        rows.into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect();
    (!rows.is_empty()).then_some(Node::Group(rows))
}

/// The row as one object.
fn object(rows: &Node<'_>) -> Vec<u8> {
    let string = |bytes: &[u8]| serde_json::Value::from(String::from_utf8_lossy(bytes));
    let fields = rows
        .entries()
        .filter_map(|(name, value)| Some((String::from_utf8_lossy(name).into_owned(), string(value.bytes()?))));
    serde_json::Value::Object(fields.collect()).to_string().into_bytes()
}

//! Where the entries of an export stand: the elements of a list that has one of a few names, or of the list that
//! the document is.

use super::{csv, entry};
use crate::literal::{Event, Node, Reader, Span, State};

/// So much of a record's beginning tells what it is.
const HEAD: usize = 1 << 10;
/// Lists stand no deeper.
const MAX_DEPTH: usize = 8;

/// Names of lists whose elements may be entries.
const LISTS: &[&[u8]] = &[
    b"events",
    b"results",
    b"hits",
    b"values",
    b"data",
    b"rows",
    b"logRecords",
    b"logEvents",
    b"logs",
    b"records",
    b"items",
];
/// Names of lists in which they stand.
const AROUND: &[&[u8]] = &[b"result", b"tables", b"resourceLogs"];

/// A list of entries.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Names of the values of each element, where the document names them apart.
    pub columns: Vec<Vec<u8>>,
    pub elements: Vec<Element>,
    /// Whether it is a table whose columns are parted by commas.
    pub is_table: bool,
    pub(super) depth: usize,
}

impl List {
    /// An element of the list, as data.
    pub fn node<'t>(&self, element: &Element, text: &'t [u8]) -> Option<Node<'t>> {
        let element = element.span.of(text);
        if self.is_table { Some(csv::row(element)) } else { Node::read(element).map(|(node, _)| node) }
    }
}

/// An element of a list.
#[derive(Debug)]
pub(super) struct Element {
    pub span: Span,
    /// How many lines end before it.
    pub line: u32,
}

/// Whether a record begins as an export does.
pub(super) fn may_be_export(text: &[u8]) -> bool {
    let head = text.get(..text.len().min(HEAD)).unwrap_or_default().trim_ascii_start();
    match head.first() {
        Some(b'[') => head.get(1..).unwrap_or_default().trim_ascii_start().first() == Some(&b'{'),
        Some(b'{') => memchr::memchr_iter(b'[', head).any(|at| {
            let before = head.get(..at).unwrap_or_default().trim_ascii_end();
            let name = before.strip_suffix(b":").map(<[u8]>::trim_ascii_end).and_then(|b| b.strip_suffix(b"\""));
            name.is_some_and(|name| {
                LISTS.iter().chain(AROUND).any(|n| name.strip_suffix(*n).is_some_and(|rest| rest.ends_with(b"\"")))
            })
        }),
        _ => false,
    }
}

/// The lists of entries in a document; none where it holds something else.
pub(super) fn lists(text: &[u8]) -> Vec<List> {
    let mut state = State::default();
    let mut reader = Reader::new(text, &mut state);
    let mut found: Vec<List> = Vec::new();
    let mut list: Option<List> = None;
    let mut columns: Vec<Vec<u8>> = Vec::new();
    let (mut named, mut start) = (b"".as_slice(), None);
    let (mut line, mut counted) = (0_u32, 0);
    while let Some(event) = reader.next() {
        let depth = reader.state().depth();
        let of_list = list.as_ref().map(|l| l.depth);
        match event {
            Event::Key(key) if list.is_none() => named = key.name.of(text),
            Event::Open { at, bracket: b'[', .. } if list.is_none() => match std::mem::take(&mut named) {
                b"columns" => columns = names(text.get(at..).unwrap_or_default()),
                name if depth == 1 || depth <= MAX_DEPTH && LISTS.contains(&name) => {
                    list = Some(List { columns: columns.clone(), depth, ..List::default() });
                }
                _ => {}
            },
            Event::Open { .. } if list.is_none() => named = b"",
            Event::Open { at, .. } if of_list == Some(depth.saturating_sub(1)) => start = Some(at),
            Event::Close { at } if of_list == Some(depth) => {
                let Some((span, list_now)) = start.take().map(|s| Span::new(s, at + 1)).zip(list.as_mut()) else {
                    continue;
                };
                if list_now.elements.is_empty() && !is_entry(span.of(text), list_now) {
                    list = None;
                    continue;
                }
                let ends = memchr::memchr_iter(b'\n', text.get(counted..span.start).unwrap_or_default()).count();
                (line, counted) = (line.saturating_add(ends as u32), span.start);
                list_now.elements.push(Element { span, line });
            }
            Event::Close { .. } if of_list.is_some_and(|l| depth < l) => {
                found.extend(list.take().filter(|l| !l.elements.is_empty()));
            }
            _ => {}
        }
    }
    // a document that was cut off
    found.extend(list.filter(|l| !l.elements.is_empty()));
    found
}

fn is_entry(text: &[u8], list: &List) -> bool {
    Node::read(text).is_some_and(|(node, _)| entry::read(&node, list).is_some())
}

/// `[{"name":"TimeGenerated","type":"datetime"}, …]`
fn names(text: &[u8]) -> Vec<Vec<u8>> {
    let Some((columns, _)) = Node::read(text) else { return Vec::new() };
    columns.entries().filter_map(|(_, column)| column.get("name")?.bytes().map(<[u8]>::to_vec)).collect()
}

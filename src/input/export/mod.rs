//! Exports of log services: one JSON document that holds many log entries.
//!
//! `aws logs filter-log-events`, CloudWatch Insights, `gcloud logging read`, Elasticsearch and Kibana, Loki, Datadog,
//! Azure Monitor and the OpenTelemetry collector all answer with such a document, on one line or on many; consoles save
//! tables. What a program wrote as text goes through the same hands as any log: wrappers are undone, and the lines of a
//! traceback, of which each came as an entry, are one record again. Newest first is turned round.

pub(super) mod csv;
mod entry;
mod walk;

use super::records::{Open, Place, Record};
use super::wrap::Unwrapper;
use crate::literal::Timestamp;
use entry::Told;
use std::collections::{BTreeMap, HashMap};
use walk::Element;

/// So much text of one program is collected before it is parted into records.
const MOST: usize = 1 << 20;

/// Opens exports. The programs whose logs they hold keep their numbers through an input.
#[derive(Debug, Default)]
pub(super) struct Exports {
    sources: HashMap<Vec<u8>, u32>,
}

impl Exports {
    /// Hands out the entries of an export, and any other record as it is.
    pub fn open(&mut self, record: Record<'_>, each: &mut impl FnMut(Record<'_>)) {
        let lists = match record.line {
            1 if csv::is_head(first_line(record.text)) => csv::list(record.text).into_iter().collect(),
            _ if walk::may_be_export(record.text) => walk::lists(record.text),
            _ => Vec::new(),
        };
        if lists.is_empty() {
            return each(record);
        }
        let mut programs: BTreeMap<u32, Program> = BTreeMap::new();
        for (number, list) in lists.iter().enumerate() {
            let read = |e: &Element| entry::read(&list.node(e, record.text)?, list);
            let time = |e: Option<&Element>| e.and_then(read)?.time.map(|t| t.local_ms);
            let newest_first = time(list.elements.first()) > time(list.elements.last());
            let mut elements: Vec<&Element> = list.elements.iter().collect();
            if newest_first {
                elements.reverse();
            }
            for (element, told) in elements.into_iter().filter_map(|e| Some((e, read(e)?))) {
                let source = self.number(&told, number, record.source);
                let program = programs.entry(source).or_default();
                let line = record.line.saturating_add(element.line);
                let time = told.time.or(record.time);
                match told.line {
                    Some(text) => {
                        program.add(&text, line, time);
                        if program.text.len() > MOST {
                            program.pass_on(source, each);
                        }
                    }
                    None => {
                        program.finish(source, each);
                        let text = told.made.as_deref().unwrap_or(element.span.of(record.text));
                        each(Record {
                            source,
                            line,
                            text,
                            straight: if told.made.is_some() { 1 } else { u32::MAX },
                            time,
                        });
                    }
                }
            }
        }
        for (source, mut program) in programs {
            program.finish(source, each);
        }
    }

    fn number(&mut self, told: &Told, list: usize, around: u32) -> u32 {
        let mut key = told.source.clone();
        key.extend_from_slice(&around.to_le_bytes());
        if told.of_list {
            key.extend_from_slice(&list.to_le_bytes());
        }
        let next = self.sources.len() as u32 + 1;
        *self.sources.entry(key).or_insert(next)
    }
}

/// What one program wrote, as its lines come in.
#[derive(Debug, Default)]
struct Program {
    text: Vec<u8>,
    /// Where an entry begins in the text, the raw line that it stands in, and its time.
    starts: Vec<(usize, u32, Option<Timestamp>)>,
    open: Open,
}

impl Program {
    fn add(&mut self, text: &[u8], line: u32, time: Option<Timestamp>) {
        self.starts.push((self.text.len(), line, time));
        self.text.extend_from_slice(text.strip_suffix(b"\n").unwrap_or(text));
        self.text.push(b'\n');
    }

    /// Hands out the records that end in what was collected.
    fn pass_on(&mut self, source: u32, each: &mut impl FnMut(Record<'_>)) {
        let unwrapped = Unwrapper::default().unwrap(&self.text, true);
        for stream in &unwrapped.streams {
            let start = |at| {
                let after = self.starts.partition_point(|(start, ..)| *start <= stream.raw(at));
                after.checked_sub(1).and_then(|i| self.starts.get(i)).copied().unwrap_or_default()
            };
            let place =
                Place { line: |at| start(at).1, time: |at| stream.time(at, &self.text).or(start(at).2), apart: true };
            self.open.lines(stream.view.text(), source, &place, each);
        }
        self.text.clear();
        self.starts.clear();
    }

    fn finish(&mut self, source: u32, each: &mut impl FnMut(Record<'_>)) {
        self.pass_on(source, each);
        self.open.close(None, b"", source, each);
        self.open = Open::default();
    }
}

fn first_line(text: &[u8]) -> &[u8] {
    text.get(..memchr::memchr(b'\n', text).unwrap_or(text.len())).unwrap_or_default().trim_ascii_end()
}

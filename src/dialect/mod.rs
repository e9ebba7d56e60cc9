//! What logs say: one file a dialect.
//!
//! A dialect knows how one program, or one family of programs, writes about requests. It gets records and
//! gives facts; it keeps nothing from one record to the next, and it does not decide what belongs together.
//! Which dialect a record is in is told by the record itself, so that one file may mix an SDK, the program
//! around it and a gateway.

mod access;
mod ai_sdk;
mod alb;
mod axios;
mod botocore;
mod browser_console;
mod caddy;
pub mod casefile;
mod claude_code;
mod claude_code_json;
mod curl;
pub mod custom;
mod dotnet_http;
pub mod entry;
mod envoy;
mod faraday;
mod haproxy;
mod har;
mod http_client;
mod http_error;
mod httpcore;
mod httpx;
mod json;
mod key_values;
mod langchain;
mod langchain4j;
mod litellm;
mod logs;
mod mitmproxy;
mod nginx;
mod nginx_error;
mod node_debug;
mod node_error;
mod okhttp;
mod otel_span;
mod portkey;
mod probe;
mod python_error;
mod request_log;
mod retry_decorators;
mod sdk_python;
mod sdk_typescript;
pub mod shared;
mod sse;
mod text;
mod urllib3;

use crate::input::Record;
use crate::literal::{Node, Timestamp};
use crate::model::{Fact, Layer};
use crate::redact::Cleaner;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use custom::Custom;
use entry::{Entry, Found};
use logs::Logs;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, HashMap};

/// What is known of a dialect, for people.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its id: lower case, words joined by `-`.
    pub id: &'static str,
    /// What it reads.
    pub title: &'static str,
    /// Whose view it gives.
    pub layer: Layer,
    /// What such a log tells.
    pub tells: &'static str,
    /// What it does not.
    pub lacks: &'static str,
}

/// How one kind of program writes about requests.
pub trait Dialect: Sync {
    /// What is known of it.
    fn about(&self) -> &'static About;

    /// Literals of which at least one stands in every text that it reads.
    fn anchors(&self) -> &[&'static str];

    /// Whether it reads any record without looking for an anchor: structured ones, or others.
    fn reads_any(&self, _structured: bool) -> bool {
        false
    }

    /// Whether it reads errors that are printed behind anything, so that it goes on where another dialect
    /// understood only the first line of a record.
    fn reads_errors(&self) -> bool {
        false
    }

    /// Reads a text, and hands over what it understands.
    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>);
}

/// All built-in dialects. The first that understands a text has it; the last two read what no other does.
pub static DIALECTS: &[&dyn Dialect] = &[
    &casefile::Casefile,
    &probe::Probe,
    &sdk_typescript::SdkTypescript,
    &sdk_python::SdkPython,
    &httpx::Httpx,
    &httpcore::Httpcore,
    &botocore::Botocore,
    &urllib3::Urllib3,
    &http_client::HttpClient,
    &otel_span::OtelSpan,
    &langchain::Langchain,
    &litellm::Litellm,
    &har::Har,
    &claude_code::ClaudeCode,
    &claude_code_json::ClaudeCodeJson,
    &ai_sdk::AiSdk,
    &axios::Axios,
    &retry_decorators::RetryDecorators,
    &node_error::NodeError,
    &http_error::HttpError,
    &python_error::PythonError,
    &node_debug::NodeDebug,
    &mitmproxy::Mitmproxy,
    &okhttp::Okhttp,
    &dotnet_http::DotnetHttp,
    &faraday::Faraday,
    &langchain4j::Langchain4j,
    &curl::Curl,
    &sse::Sse,
    &browser_console::BrowserConsole,
    &portkey::Portkey,
    &nginx_error::NginxError,
    &nginx::Nginx,
    &haproxy::Haproxy,
    &envoy::Envoy,
    &caddy::Caddy,
    &alb::Alb,
    &access::Access,
    &request_log::RequestLog,
    &key_values::KeyValues,
    &json::Json,
    &text::Text,
];

/// Reads records in whatever dialect they are.
#[derive(Debug)]
pub struct Dialects {
    finder: AhoCorasick,
    /// The dialect of each anchor.
    of_anchor: Vec<usize>,
    /// Only this one is read.
    forced: Option<&'static str>,
    custom: Custom,
    clean: Cleaner,
    logs: Logs,
    facts: Vec<Fact>,
    last_time: HashMap<u32, Timestamp>,
}

/// How the records of an input were read.
#[derive(Clone, Debug, Default)]
pub struct Understood {
    /// Records in all.
    pub records: u64,
    /// Records by dialect.
    pub by_dialect: BTreeMap<&'static str, u64>,
    /// Records in which nothing about requests was found.
    pub others: u64,
}

impl Dialects {
    /// With a cleaner for what enters the model; `forced` reads everything as one dialect.
    #[must_use]
    pub fn new(clean: Cleaner, forced: Option<&'static str>, custom: Custom) -> Self {
        let anchors: Vec<(usize, &str)> =
            custom.dialects().enumerate().flat_map(|(i, d)| d.anchors().iter().map(move |a| (i, *a))).collect();
        // anchors are constants, or few and short: they always build
        let finder = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(anchors.iter().map(|(_, a)| a));
        #[expect(clippy::expect_used, reason = "few short patterns, built by a test")]
        let finder = finder.expect("few short patterns");
        Self {
            finder,
            of_anchor: anchors.into_iter().map(|(i, _)| i).collect(),
            forced,
            custom,
            clean,
            logs: Logs::default(),
            facts: Vec::new(),
            last_time: HashMap::new(),
        }
    }

    /// A new input begins: times of the last are none of it.
    pub fn next_input(&mut self, name: &str) {
        self.logs.next(name);
        self.last_time.clear();
    }

    /// The names of the logs that places are in.
    #[must_use]
    pub fn logs(self) -> Vec<String> {
        self.logs.names()
    }

    /// Reads a record of the input; gives its facts in order.
    pub fn read(&mut self, record: Record<'_>, understood: &mut Understood) -> std::vec::Drain<'_, Fact> {
        understood.records += 1;
        self.facts.clear();
        let outer = entry::structured(record.text);
        let inner_text = outer.as_ref().and_then(entry::message).map(<[u8]>::to_vec);
        // a message may be a structured record of its own
        let inner = inner_text.as_deref().and_then(entry::structured);
        let fields = inner.as_ref().or(outer.as_ref());
        let text: Cow<'_, [u8]> = match fields {
            Some(fields) => entry::message(fields).map_or(Cow::Borrowed(record.text), |m| Cow::Owned(m.to_vec())),
            None => Cow::Borrowed(record.text),
        };
        let (time, time_inherited) = self.time(&record, fields, outer.as_ref());
        let by = self.by(&text, fields.map(|_| record.text));
        let input = self.logs.current();
        let entry =
            Entry { record, input, text, fields, time, time_inherited, custom: &self.custom, lines: Cell::default() };
        let has_more_lines = memchr::memchr(b'\n', entry.text.trim_ascii_end()).is_some();
        let has_traceback = has_more_lines
            && entry.fields.is_none()
            && entry.places("\nTraceback (most recent call last)").next().is_some();
        let quiet = OnceCell::new();
        let mut found = Found::new(&mut self.clean, &mut self.logs, &mut self.facts);
        for index in by {
            let Some(dialect) = self.custom.get(index).filter(|d| self.forced.is_none_or(|f| f == d.about().id)) else {
                continue;
            };
            if found.is_understood() && !(dialect.reads_errors() && found.leaves_errors(has_traceback)) {
                continue;
            }
            let before = found.is_understood();
            let anywhere = dialect.reads_errors() || dialect.reads_any(entry.fields.is_some());
            let so_far = found.so_far();
            dialect.read(&entry, &mut found);
            // most records tell of no failure, and need not be read without what they quote
            if anywhere
                && found.tells_of_failure(so_far)
                && let Some(quiet) = quiet.get_or_init(|| self::quiet(&entry, found.clean))
            {
                found.back_to(so_far);
                dialect.read(quiet, &mut found);
            }
            if found.is_understood() && !before {
                *understood.by_dialect.entry(dialect.about().id).or_insert(0) += 1;
                if !has_more_lines {
                    break;
                }
            }
        }
        if !found.is_understood() {
            understood.others += 1;
        }
        let complete = found.is_complete();
        if let ([fact], Some(fields), false) = (self.facts.as_mut_slice(), fields, complete) {
            entry::complete(fact, fields, &self.custom, &mut self.clean);
        }
        self.facts.drain(..)
    }

    /// The dialects whose anchors stand in a text, or in the structured record around it, in the order of the
    /// registry, and those that read anything.
    fn by(&self, text: &[u8], record: Option<&[u8]>) -> Vec<usize> {
        let mut found = vec![false; self.custom.dialects().count()];
        let around = record.filter(|r| r.len() != text.len()).unwrap_or_default();
        for hit in self.finder.find_overlapping_iter(text).chain(self.finder.find_overlapping_iter(around)) {
            if let Some(slot) = self.of_anchor.get(hit.pattern().as_usize()).and_then(|i| found.get_mut(*i)) {
                *slot = true;
            }
        }
        for (slot, dialect) in found.iter_mut().zip(self.custom.dialects()) {
            *slot |= dialect.reads_any(record.is_some());
        }
        found.iter().enumerate().filter(|(_, f)| **f).map(|(i, _)| i).collect()
    }

    /// The record's own time; else its wrapper's; else that of the record before it.
    fn time(
        &mut self,
        record: &Record<'_>,
        fields: Option<&Node<'_>>,
        outer: Option<&Node<'_>>,
    ) -> (Option<Timestamp>, bool) {
        let own = match fields {
            Some(fields) => {
                let named = self.custom.time(fields);
                let told = named.or_else(|| entry::time(fields)).or_else(|| outer.and_then(entry::time));
                // a prefix may tell what the object behind it does not
                told.or_else(|| Timestamp::begins(record.text).map(|(time, _)| time))
            }
            None if entry::is_untimed(record.text) => None,
            None => Timestamp::find(record.text).map(|(time, _)| time),
        };
        // a wrapper that says everything beats a program that does not
        let time = match (own, record.time) {
            (Some(own), _) if own.utc_ms().is_some() => Some(own),
            (_, Some(wrapper)) if wrapper.utc_ms().is_some() => Some(wrapper),
            (own, wrapper) => own.or(wrapper),
        };
        match time {
            Some(time) => {
                self.last_time.insert(record.source, time);
                (Some(time), false)
            }
            None => (self.last_time.get(&record.source).copied(), true),
        }
    }
}

/// A record for dialects that look for an error anywhere in it: without what it quotes of a conversation.
fn quiet<'r>(entry: &Entry<'r>, clean: &mut Cleaner) -> Option<Entry<'r>> {
    let text = shared::spoken::blanked(&entry.text, clean)?;
    Some(Entry { record: entry.record, text: Cow::Owned(text), lines: Cell::default(), ..*entry })
}

//! What runtimes, journals and terminals put around every line, undone.
//!
//! One file a wrapper; each recognises a line by its own grammar alone, never by its neighbours, so that
//! a log reads the same however it arrives in pieces. A record that a runtime cut in two is joined, the
//! lines of different sources are kept apart (a value that stretches over lines is interrupted by other
//! services' lines), and wrappers inside wrappers are undone one after another.

mod actions;
mod ansi;
mod aws_tail;
mod compose;
mod cri;
mod docker;
mod heroku;
mod journal_json;
mod kubectl;
mod syslog;
mod trace_ascii;

use crate::literal::{Span, Style, Timestamp, View, unescape};
use std::collections::HashMap;
use std::sync::OnceLock;

/// How deep wrappers may nest: docker inside kubectl inside a CI log is three.
const MAX_NESTING: usize = 5;

/// So much of a record that a runtime cut in pieces is waited for.
const MAX_AWAITED: usize = 2 << 20;

/// A line without what one wrapper put around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wrapped<'l> {
    /// Which of the sources in this log the line is from: a container, a unit, `stdout`. Empty for one.
    pub source: &'l [u8],
    /// What the program wrote, in the line.
    pub payload: Span,
    /// How the payload is written.
    pub coding: Coding,
    /// Whether the program's line goes on in the next line of the same source.
    pub goes_on: bool,
    /// Whether the program's line begins here even if the one before was said to go on.
    pub fresh: bool,
    /// When the wrapper saw the line, in the line.
    pub time: Option<Span>,
}

/// How a payload is written in its wrapper.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Coding {
    /// As it is.
    #[default]
    Plain,
    /// With the escapes of a JSON string.
    Json,
    /// As a JSON list of byte numbers.
    Numbers,
}

/// One way to wrap a line.
pub trait Wrapper: Sync {
    /// Its id, as `casefile dialects` prints it.
    fn id(&self) -> &'static str;

    /// First bytes of the lines it makes.
    fn begins(&self, first: u8) -> bool;

    /// The line (without its end) unwrapped; `None` where this wrapper did not make it.
    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>>;
}

/// All wrappers, the most telling grammar first.
pub static WRAPPERS: &[&dyn Wrapper] = &[
    &docker::Docker,
    &journal_json::JournalJson,
    &cri::Cri,
    &kubectl::Kubectl,
    &aws_tail::AwsTail,
    &heroku::Heroku,
    &compose::Compose,
    &syslog::Syslog,
    &actions::Actions,
    &trace_ascii::TraceAscii,
];

/// The text of one source in a block.
#[derive(Debug)]
pub struct Stream<'b> {
    /// A number that stays the same for a source through the whole input; 0 where nothing was unwrapped.
    pub source: usize,
    /// Its text; raw offsets are those in the block.
    pub view: View<'b>,
    /// For lines whose wrapper said when: where the line begins in the text, and the time in the block.
    pub times: Vec<(usize, Span)>,
}

impl Stream<'_> {
    /// Where in the block a byte of the text stands.
    #[must_use]
    pub fn raw(&self, at: usize) -> usize {
        if self.view.is_plain() {
            return at;
        }
        self.view.raw(Span::new(at, at + 1)).next().map_or(0, |span| span.start)
    }

    /// When the wrapper saw the line that begins at a place in the text.
    #[must_use]
    pub fn time(&self, at: usize, block: &[u8]) -> Option<Timestamp> {
        let index = self.times.binary_search_by_key(&at, |(start, _)| *start).ok()?;
        let (_, raw) = self.times.get(index)?;
        Timestamp::begins(raw.of(block)).map(|(time, _)| time).or_else(|| Timestamp::epoch(raw.of(block)))
    }
}

/// What is known of an input's sources from one block to the next.
#[derive(Debug, Default)]
pub struct Unwrapper {
    sources: HashMap<Vec<u8>, usize>,
}

/// The streams of a block, and how much of the block they cover.
#[derive(Debug)]
pub struct Unwrapped<'b> {
    /// In order of first appearance.
    pub streams: Vec<Stream<'b>>,
    /// Where the first record begins that is not whole yet; present it again with more behind it.
    pub whole: usize,
}

impl Unwrapper {
    /// Unwraps a block of whole lines. With `last`, records that never end are taken as they are.
    pub fn unwrap<'b>(&mut self, block: &'b [u8], last: bool) -> Unwrapped<'b> {
        if !any_wrapped(block) {
            let stream = Stream { source: 0, view: View::plain(block), times: Vec::new() };
            return Unwrapped { streams: vec![stream], whole: block.len() };
        }
        let whole = if last { block.len() } else { self.whole(block) };
        let mut made = Made::default();
        for (at, line) in lines(block.get(..whole).unwrap_or_default()) {
            self.line(at, line, &mut made);
        }
        Unwrapped { streams: made.streams, whole }
    }

    /// The length of the block up to the first record that is not whole; all of it where there is none, or where that
    /// one record has become too long to wait for.
    fn whole(&self, block: &[u8]) -> usize {
        let mut open: HashMap<Vec<u8>, usize> = HashMap::new();
        for (at, line) in lines(block) {
            if let Some(wrapped) = unwrap(content(line)) {
                if wrapped.goes_on {
                    open.entry(wrapped.source.to_vec()).or_insert(at);
                } else {
                    open.remove(wrapped.source);
                }
            }
        }
        open.into_values().min().filter(|at| *at > 0 || block.len() < MAX_AWAITED).unwrap_or(block.len())
    }

    fn line(&mut self, at: usize, line: &[u8], made: &mut Made<'_>) {
        let content = content(line);
        let end = Span::new(at + content.len(), at + line.len());
        let mut key = Vec::new();
        let mut view = View::with_capacity(line.len());
        view.push(content, Span::new(at, at + content.len()));
        let (mut goes_on, mut fresh, mut time) = (false, false, None);
        for _ in 0..MAX_NESTING {
            let text = view.text();
            if let Some(stripped) = ansi::strip(text) {
                view = view.keep(&stripped);
                continue;
            }
            let Some(wrapped) = unwrap(text) else { break };
            key.extend_from_slice(wrapped.source);
            key.push(0);
            goes_on |= wrapped.goes_on;
            fresh |= wrapped.fresh;
            if let Some(span) = wrapped.time {
                time = view.raw(span).next();
            }
            let same = wrapped.payload.len() == text.len();
            let inner = view.keep(&[wrapped.payload]);
            view = match wrapped.coding {
                Coding::Plain => inner,
                Coding::Json => inner.then(&unescape(inner.text(), Style::Text)),
                Coding::Numbers => inner.then(&journal_json::numbers(inner.text())),
            };
            if same {
                break;
            }
        }
        let source = self.number(key);
        let stream = made.stream(source);
        if fresh && !stream.view.text().is_empty() && !stream.view.text().ends_with(b"\n") {
            stream.view.push(b"\n", Span::new(at, at));
        }
        if let Some(time) = time {
            stream.times.push((stream.view.text().len(), time));
        }
        stream.view.append(&view);
        if !goes_on && !stream.view.text().ends_with(b"\n") {
            stream.view.push(b"\n", end);
        }
    }

    fn number(&mut self, key: Vec<u8>) -> usize {
        if key.is_empty() {
            return 0;
        }
        let next = self.sources.len() + 1;
        *self.sources.entry(key).or_insert(next)
    }
}

#[derive(Default)]
struct Made<'b> {
    streams: Vec<Stream<'b>>,
}

impl<'b> Made<'b> {
    fn stream(&mut self, source: usize) -> &mut Stream<'b> {
        let found = self.streams.iter().position(|s| s.source == source);
        let index = found.unwrap_or_else(|| {
            self.streams.push(Stream { source, view: View::with_capacity(0), times: Vec::new() });
            self.streams.len() - 1
        });
        &mut self.streams[index]
    }
}

fn unwrap(line: &[u8]) -> Option<Wrapped<'_>> {
    let mut makers = MAKERS.get_or_init(makers)[usize::from(*line.first()?)];
    // most lines of most logs end here
    while makers != 0 {
        let wrapper = WRAPPERS.get(makers.trailing_zeros() as usize)?;
        if let Some(wrapped) = wrapper.unwrap(line) {
            return Some(wrapped);
        }
        makers &= makers - 1;
    }
    None
}

/// Which wrappers make lines that begin with a byte, a bit each.
static MAKERS: OnceLock<[u16; 256]> = OnceLock::new();

fn makers() -> [u16; 256] {
    let bits = |first: u8| WRAPPERS.iter().enumerate().map(move |(n, w)| u16::from(w.begins(first)) << n);
    std::array::from_fn(|first| bits(first as u8).sum())
}

/// Whether any line of a block needs unwrapping; most logs have none and are read where they lie.
fn any_wrapped(block: &[u8]) -> bool {
    memchr::memchr(0x1b, block).is_some() || lines(block).any(|(_, line)| unwrap(content(line)).is_some())
}

/// The lines of a text with their offsets and their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let len = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
        let line = (at, rest.get(..len)?);
        at += len;
        Some(line)
    })
}

/// A line without its end.
fn content(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of each source, and the raw text under a span of the first that holds `needle`.
    fn texts(block: &str) -> Vec<String> {
        let unwrapped = Unwrapper::default().unwrap(block.as_bytes(), true);
        unwrapped.streams.iter().map(|s| String::from_utf8_lossy(s.view.text()).into_owned()).collect()
    }

    #[test]
    fn each_wrapper_gives_the_programs_own_text() {
        for (line, text) in [
            (r#"{"log":"a \"b\"\n","stream":"stdout","time":"2026-11-21T06:40:52.259100000Z"}"#, "a \"b\"\n"),
            ("2026-11-21T06:41:01.464100000Z stdout F {\"a\":1}", "{\"a\":1}\n"),
            ("2026-11-21T06:41:19+0000 llm-gw-02 orders[30874]:   url: 'x',", "  url: 'x',\n"),
            ("Nov 21 06:28:07 ip-10-24-3-17 claims-worker[4127]: DEBUG:x", "DEBUG:x\n"),
            ("\u{1b}[36mapi-1    | \u{1b}[0m  method: 'POST',", "  method: 'POST',\n"),
            ("[pod/api-7d9/app] 2026-11-21T06:41:09.557100000Z hello", "hello\n"),
            ("\u{feff}2026-11-21T06:41:09.5571000Z ##[group]Run", "##[group]Run\n"),
            (r#"{"__REALTIME_TIMESTAMP":"1795243261464000","MESSAGE":[27,91,51,50,109,104,105]}"#, "hi\n"),
            ("2026-11-21T06:41:10.001000+00:00 ecs/worker/0f3a11111111111111111111 {\"a\":1}", "{\"a\":1}\n"),
            ("2026-11-21T06:41:10.001000+00:00 2026/11/21/[$LATEST]8f3b0123456789ab START", "START\n"),
            ("2026-11-21T06:41:10.001000+00:00 app[web.1]:   at x", "  at x\n"),
            ("2026-11-21T06:41:10.001000+00:00 heroku[router]: at=error", "at=error\n"),
            ("EVENTS\t39000000000000000000\t1795243270901\tecs/worker/0f3a\tone\ttwo\t1795243270001", "one\ttwo\n"),
            ("EVENTS\t1795243270901\tone\t1795243270001", "one\n"),
            ("<34>1 2026-11-21T06:28:07.003Z host app 12 ID47 - text", "text\n"),
        ] {
            assert_eq!(texts(line), [text], "{line}");
        }
    }

    #[test]
    fn what_no_wrapper_made_stays() {
        for line in [
            "2026-11-21 06:26:42,123 DEBUG x",
            "2026-11-21T06:43:26.166Z [DEBUG] MDM settings load",
            "2026-11-21T06:41:10.001000+00:00 worker/pool started",
            "2026-11-21T06:41:10.001000+00:00 app[web 1]: x",
            "EVENTS\tone\ttwo",
            "| a | b |",
            "2026-01-01T00:00:00.275Z WARN router[4206]: pulled image",
            "{\"log\": 1}",
            "Mar 3 was fine",
        ] {
            assert_eq!(texts(line), [line.to_owned()], "{line}");
        }
    }

    #[test]
    fn a_record_cut_in_two_is_one_again() {
        let docker = "{\"log\":\"sk-ant-\",\"stream\":\"stdout\",\"time\":\"2026-11-21T06:40:52.2Z\"}\n\
                      {\"log\":\"other\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-21T06:40:52.3Z\"}\n\
                      {\"log\":\"api03\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-21T06:40:52.4Z\"}\n";
        assert_eq!(texts(docker), ["sk-ant-api03\n", "other\n"]);
        let cri = "2026-11-21T06:41:01.4Z stdout P one \n2026-11-21T06:41:01.5Z stdout F two\n";
        assert_eq!(texts(cri), ["one two\n"]);
    }

    #[test]
    fn a_record_that_is_not_whole_waits() {
        let block = b"2026-11-21T06:41:01.4Z stdout F a\n2026-11-21T06:41:01.4Z stdout P one \n";
        let unwrapped = Unwrapper::default().unwrap(block, false);
        assert_eq!(unwrapped.whole, 34);
        // also at the front of a block, but not for ever
        let piece = &block[34..];
        let whole = |pieces: usize, last| Unwrapper::default().unwrap(&piece.repeat(pieces), last).whole;
        let most = MAX_AWAITED / piece.len() + 1;
        assert_eq!((whole(3, false), whole(3, true)), (0, 3 * piece.len()));
        assert_eq!(whole(most, false), most * piece.len());
    }

    #[test]
    fn trace_columns_are_joined() {
        let trace = format!(
            "06:35:11.456130 => Send header, 567 bytes (0x237)\n0059: x-api-key: {}\n0099: tail\n00d2: Host: h\n",
            "k".repeat(53)
        );
        let expected =
            format!("06:35:11.456130 => Send header, 567 bytes (0x237)\nx-api-key: {}tail\nHost: h\n", "k".repeat(53));
        assert_eq!(texts(&trace), [expected]);
    }

    #[test]
    fn places_lead_back_to_the_raw_line() {
        let block = r#"{"log":"a \"key\"\n","stream":"stdout","time":"2026-11-21T06:40:52.2Z"}"#;
        let unwrapped = Unwrapper::default().unwrap(block.as_bytes(), true);
        let raw: Vec<_> = unwrapped.streams[0].view.raw(Span::new(2, 7)).collect();
        assert_eq!(raw, [Span::new(10, 17)]);
        assert_eq!(raw[0].of(block.as_bytes()), br#"\"key\""#);
    }
}

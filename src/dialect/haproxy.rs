//! HAProxy's HTTP log, as text and as JSON: timers, the state in which the session ended, captured headers.

use super::entry::{Entry, Found};
use super::shared::{address, body, headers, request_line};
use super::{About, Dialect};
use crate::literal::{Node, Timestamp};
use crate::model::{Fact, IdKind, Layer, LinkKind, Stage, Trouble, id_kind, is_ray};

pub struct Haproxy;

const ABOUT: About = About {
    id: "haproxy",
    title: "HAProxy HTTP log, as text and as JSON",
    layer: Layer::Proxy,
    tells: "status, elapsed time, when the request came, how the session ended, ids among the captured headers",
    lacks: "error types, names of captured headers, how often it connected in vain; errors inside streams look like success",
};

impl Dialect for Haproxy {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[" HTTP/1.", " HTTP/2", "\"tsc\"", "\"termination", "\"term_state\"", "\"ts\""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let line = entry.line(0).to_vec();
        let session = match entry.fields.filter(|f| request_line::find(&line).is_none() || f.get("status").is_some()) {
            Some(node) => Session::of_node(node),
            None => Session::of_line(&line),
        };
        let Some(session) = session else { return };
        if !address::is_endpoint(session.path) {
            return found.understood();
        }
        let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
        session.tell(found, &mut fact);
        found.push(fact);
    }
}

/// What the log says of one request.
#[derive(Default)]
struct Session<'l> {
    method: &'l [u8],
    path: &'l [u8],
    /// -1, and so none, where there was no response.
    status: Option<u16>,
    /// Milliseconds until the server's headers were there; none where they never were.
    response: Option<u64>,
    total: Option<u64>,
    /// `sH--`: who ended it, and in which phase.
    ended: &'l [u8],
    unique_id: Option<&'l [u8]>,
    captured: Vec<&'l [u8]>,
    accepted: Option<Timestamp>,
}

impl<'l> Session<'l> {
    /// `10.0.0.9:50320 [21/Nov/2026:06:49:17.694] fe be/srv 0/0/0/247/247 500 863 - - ---- 1/1/0/0/0 0/0 {…} {…} "POST …"`
    fn of_line(line: &'l [u8]) -> Option<Self> {
        let request = request_line::find(line)?;
        let open = memchr::memchr(b'[', request.before)?;
        let head = request.before.get(open + 1..)?;
        let captured_at = memchr::memchr(b'{', head).unwrap_or(head.len());
        let mut words = head.get(..captured_at)?.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty());
        let accepted = Timestamp::begins(head).map(|(time, _)| time);
        let timers: Vec<i64> = words.by_ref().find_map(timers)?;
        let status = number::<i32>(words.next()?)?;
        let ended = words.nth(3).filter(|w| is_state(w))?;
        let captured = head
            .get(captured_at..)?
            .split(|b| matches!(b, b'{' | b'}' | b'|'))
            .filter(|v| !v.trim_ascii().is_empty())
            .collect();
        Some(Self {
            method: request.method,
            path: request.path,
            status: u16::try_from(status).ok().filter(|s| *s >= 100),
            response: timers.get(3).and_then(|t| u64::try_from(*t).ok()),
            total: timers.get(4).and_then(|t| u64::try_from(*t).ok()),
            ended,
            unique_id: None,
            captured,
            accepted,
        })
    }

    /// A JSON log format names its fields freely: by their meaning, or by HAProxy's own short names.
    fn of_node(node: &'l Node<'_>) -> Option<Self> {
        let text = |names: &[&str]| {
            names
                .iter()
                .find_map(|n| node.entries().find(|(name, _)| *name == n.as_bytes()).and_then(|(_, v)| v.bytes()))
                .filter(|v| !v.is_empty())
        };
        let ended = text(&["termination_state", "tsc", "ts", "term_state", "terminationState", "termination"])
            .filter(|w| is_state(w))?;
        let request = text(&["request", "http_request", "req"]).unwrap_or_default();
        let mut words = request.split(|b| *b == b' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let status = text(&["status", "status_code", "http_status", "ST", "http_status_code", "statusCode"])
            .and_then(number::<i32>)?;
        let millis = |names: &[&str]| text(names).and_then(number::<i64>).and_then(|t| u64::try_from(t).ok());
        Some(Self {
            method: text(&["method", "http_method", "HM", "verb"]).unwrap_or(method),
            path: text(&["path", "uri", "url", "HU", "HP", "http_path", "http_uri", "request_uri"]).unwrap_or(path),
            status: u16::try_from(status).ok().filter(|s| *s >= 100),
            response: millis(&["Tr", "time_server_response", "response_time", "tr"]),
            total: millis(&["Ta", "Tt", "time_active", "time_total", "ta", "total_time", "duration_ms"]),
            ended,
            unique_id: text(&["unique_id", "uniqueId", "ID", "id", "request_id", "req_id", "unique-id"]),
            captured: node
                .entries()
                .filter_map(|(_, v)| v.bytes())
                .flat_map(|v| v.split(|b| matches!(b, b'{' | b'}' | b'|')))
                .collect(),
            accepted: None,
        })
    }

    fn tell(&self, found: &mut Found<'_>, fact: &mut Fact) {
        // its times are those at which requests came
        fact.time = self
            .accepted
            .or(fact.time)
            .map(|t| Timestamp { local_ms: t.local_ms + self.total.unwrap_or(0) as i64, ..t });
        let seen = &mut fact.seen;
        address::read_path(self.path, found.clean, seen);
        seen.method = found.clean.word(self.method);
        seen.status = self.status;
        seen.elapsed_ms = self.total;
        for value in &self.captured {
            if id_kind(value) == Some(IdKind::ProviderRequest) {
                body::request_id(value, found.clean, seen);
            } else if is_ray(value) {
                seen.ids.extend(found.clean.named_id(IdKind::EdgeRay, "cf-ray", value));
            } else if is_sdk(value) {
                headers::one(b"user-agent", value, found.clean, seen, &mut fact.links);
            }
        }
        if let Some(id) = self.unique_id.filter(|id| id_kind(id) != Some(IdKind::ProviderRequest)) {
            seen.ids.extend(found.clean.named_id(IdKind::GatewayRequest, "unique-id", id));
            fact.links.extend(super::entry::link(LinkKind::Call, id, found.clean));
        }
        let (who, phase) = (self.ended.first().copied().unwrap_or(b'-'), self.ended.get(1).copied().unwrap_or(b'-'));
        let answered = self.response.is_some() && matches!(phase, b'D' | b'L');
        match (who, phase) {
            (b'-', _) => seen.marks.passed_on = seen.request_id.is_none() && self.response.is_some(),
            (b'L', _) => {}
            // the response broke off behind its headers, whose status stays
            (b'S' | b's', b'D' | b'L') if answered => seen.trouble = Some(Trouble::StreamCut),
            (b'C' | b'c', b'D' | b'L') if answered => seen.trouble = Some(Trouble::StreamCut),
            // the client went before there was a response
            (b'C', _) => {
                seen.status = seen.status.filter(|_| self.response.is_some());
                seen.trouble = Some(Trouble::ClientTimeout);
            }
            // HAProxy answered itself
            (_, phase) => {
                seen.marks.proxy = true;
                let cause: &[u8] = match (who, phase) {
                    (b's', b'C') | (b'S', b'C') => b"connect",
                    (b's' | b'c', _) => b"timeout",
                    (b'S', _) => b"reset",
                    _ => b"proxy",
                };
                seen.cause = found.clean.word(cause);
            }
        }
    }
}

/// `0/0/0/247/247`, with `+` before what was still running, `-1` for what never was.
fn timers(word: &[u8]) -> Option<Vec<i64>> {
    let all: Option<Vec<i64>> = word.split(|b| *b == b'/').map(|t| number(t.strip_prefix(b"+").unwrap_or(t))).collect();
    all.filter(|t| t.len() == 5)
}

fn is_state(word: &[u8]) -> bool {
    matches!(word.len(), 2 | 4)
        && matches!(
            word.first(),
            Some(b'C' | b'S' | b'P' | b'L' | b'R' | b'I' | b'D' | b'U' | b'K' | b'c' | b's' | b'-')
        )
        && word.iter().all(|b| b.is_ascii_alphabetic() || *b == b'-')
}

fn is_sdk(value: &[u8]) -> bool {
    [
        b"Anthropic/".as_slice(),
        b"AsyncAnthropic/",
        b"OpenAI/",
        b"AsyncOpenAI/",
        b"claude-cli/",
        b"litellm/",
        b"python-httpx",
        b"axios/",
    ]
    .iter()
    .any(|p| value.starts_with(p))
}

fn number<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

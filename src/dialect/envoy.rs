//! Envoy's access log in its default format, as Istio and Envoy Gateway print it, and as JSON.

use super::entry::{Entry, Found};
use super::shared::{address, body, headers, request_line};
use super::{About, Dialect};
use crate::literal::{Node, Timestamp};
use crate::model::{Fact, IdKind, Layer, LinkKind, Stage, Trouble, id_kind};

pub struct Envoy;

const ABOUT: About = About {
    id: "envoy",
    title: "Envoy access log (default, Istio, Envoy Gateway), as text and as JSON",
    layer: Layer::Proxy,
    tells: "status, elapsed time, when the request came, Envoy's own id, why there was no response",
    lacks: "error types, the provider's id unless the format adds it; errors inside streams look like success",
};

impl Dialect for Envoy {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            " HTTP/1.",
            " HTTP/2",
            " HTTP/3",
            "\"response_flags\"",
            "\"upstream_service_time\"",
            "\"x-envoy-upstream-service-time\"",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let line = entry.line(0).to_vec();
        let request = match entry.fields {
            Some(node) => Request::of_node(node),
            None => Request::of_line(&line),
        };
        let Some(request) = request else { return };
        if !address::is_endpoint(request.path) {
            return found.understood();
        }
        let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
        request.tell(found, &mut fact);
        found.push(fact);
    }
}

/// What the log says of one request.
#[derive(Default)]
struct Request<'l> {
    method: &'l [u8],
    path: &'l [u8],
    /// 0, and so none, where no response was sent.
    status: Option<u16>,
    /// `UF,URX`: why there was no response from upstream; `-` where there was.
    flags: &'l [u8],
    duration: Option<u64>,
    answered: bool,
    began: Option<Timestamp>,
    id: Option<&'l [u8]>,
    provider_id: Option<&'l [u8]>,
    agent: Option<&'l [u8]>,
    host: Option<&'l [u8]>,
}

impl<'l> Request<'l> {
    /// `[START] "METHOD PATH PROTO" CODE FLAGS [DETAILS] BYTES BYTES DURATION UPSTREAM_TIME "FORWARDED" "AGENT" "ID" "HOST" "UPSTREAM"`
    fn of_line(line: &'l [u8]) -> Option<Self> {
        let request = request_line::find(line)?;
        let time = request.before.strip_suffix(b"] ")?.rsplit(|b| *b == b'[').next()?;
        let (began, _) = Timestamp::begins(time)?;
        // quoted and unquoted parts take turns
        let parts: Vec<&[u8]> = request.after.split(|b| *b == b'"').collect();
        let words = |part: &'l [u8]| part.split(|b| *b == b' ').filter(|w| !w.is_empty()).collect::<Vec<_>>();
        let head = words(parts.first()?);
        let (status, flags) = (number(head.first()?)?, *head.get(1).filter(|f| is_flags(f))?);
        // details may stand between; three numbers in a row are bytes, bytes and the duration
        let counted = |w: &[&[u8]]| w.iter().take(3).all(|n| number::<u64>(n).is_some());
        let (part, numbers) = parts
            .iter()
            .enumerate()
            .step_by(2)
            .find_map(|(i, part)| Some((i, words(part).windows(4).find(|w| counted(w))?.to_vec())))?;
        let text = |i: usize| parts.get(part + 1 + 2 * i).copied().filter(|t| *t != b"-");
        Some(Self {
            method: request.method,
            path: request.path,
            status: Some(status).filter(|s: &u16| *s >= 100),
            flags,
            duration: numbers.get(2).copied().and_then(number),
            answered: numbers.get(3).is_some_and(|w| *w != b"-"),
            began: Some(began),
            agent: text(1),
            id: text(2),
            host: text(3),
            provider_id: parts.iter().copied().find(|q| id_kind(q) == Some(IdKind::ProviderRequest)),
        })
    }

    fn of_node(node: &'l Node<'_>) -> Option<Self> {
        let text = |names: &[&str]| {
            names.iter().find_map(|n| node.get(n).and_then(Node::bytes)).filter(|v| !v.is_empty() && *v != b"-")
        };
        let flags = text(&["response_flags"]).unwrap_or(b"-");
        node.get("response_flags")
            .or_else(|| node.get("upstream_service_time"))
            .or_else(|| node.get("x-envoy-upstream-service-time"))?;
        Some(Self {
            method: text(&["method", ":method"]).unwrap_or_default(),
            path: text(&["path", "x-envoy-origin-path", ":path"]).unwrap_or_default(),
            status: text(&["response_code", "status"]).and_then(number).filter(|s| *s >= 100),
            flags,
            duration: text(&["duration"]).and_then(number),
            answered: text(&["upstream_service_time", "x-envoy-upstream-service-time"]).is_some(),
            began: text(&["start_time", "timestamp"]).and_then(Timestamp::begins).map(|(time, _)| time),
            id: text(&["request_id", "x-request-id"]),
            provider_id: node
                .entries()
                .filter_map(|(_, v)| v.bytes())
                .find(|v| id_kind(v) == Some(IdKind::ProviderRequest)),
            agent: text(&["user_agent", "user-agent"]),
            host: text(&["authority", ":authority"]),
        })
    }

    fn tell(&self, found: &mut Found<'_>, fact: &mut Fact) {
        // its times are those at which requests began
        fact.time = self
            .began
            .or(fact.time)
            .map(|t| Timestamp { local_ms: t.local_ms + self.duration.unwrap_or(0) as i64, ..t });
        fact.time_inherited &= self.began.is_none();
        let seen = &mut fact.seen;
        address::read_path(self.path, found.clean, seen);
        seen.method = found.clean.word(self.method);
        seen.status = self.status;
        seen.elapsed_ms = self.duration;
        if let Some(host) = self.host.filter(|h| address::is_host(h)) {
            seen.base_url = found.clean.base_url(&[b"https://", host].concat());
        }
        if let Some(agent) = self.agent {
            headers::one(b"user-agent", agent, found.clean, seen, &mut fact.links);
        }
        if let Some(id) = self.provider_id {
            body::request_id(id, found.clean, seen);
        }
        if let Some(id) = self.id.filter(|id| Some(*id) != self.provider_id) {
            seen.ids.extend(found.clean.named_id(IdKind::GatewayRequest, "x-request-id", id));
            fact.links.extend(super::entry::link(LinkKind::Call, id, found.clean));
        }
        if self.flags == b"-" {
            // without a flag the status is the upstream's
            seen.marks.passed_on = seen.request_id.is_none() && self.answered;
            return;
        }
        let has = |flag: &str| self.flags.split(|b| *b == b',').any(|f| f == flag.as_bytes());
        if has("DC") && !self.answered {
            // the client went before there was a response
            seen.status = None;
            seen.trouble = Some(Trouble::ClientTimeout);
        } else if self.answered && (has("UC") || has("UPE") || has("UR") || has("DC") || has("UMSDR")) {
            seen.trouble = Some(Trouble::StreamCut);
        } else if !self.answered {
            seen.marks.proxy = true;
            seen.cause = self.flags.split(|b| *b == b',').next().and_then(|f| found.clean.word(f));
        }
    }
}

/// `-`, `UF`, `UF,URX`
fn is_flags(word: &[u8]) -> bool {
    word == b"-" || word.len() <= 24 && word.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b',' | b'1' | b'2'))
}

fn number<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

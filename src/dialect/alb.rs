//! Access logs of AWS' Application Load Balancer: a line of words, times in seconds, -1 where a step was not reached.

use super::entry::{Entry, Found};
use super::shared::proxied::Proxied;
use super::shared::{address, request_line};
use super::{About, Dialect};
use crate::model::{Id, IdKind, Layer};

pub struct Alb;

const ABOUT: About = About {
    id: "alb",
    title: "Access logs of AWS' Application Load Balancer",
    layer: Layer::Proxy,
    tells: "path, what the load balancer answered and what its target did, how long the target took, trace id, user agent",
    lacks: "the provider's request ids, error types; attempts behind the target",
};

impl Dialect for Alb {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[" app/"]
    }

    /// `https 2026-11-21T06:41:10.186641Z app/llm/50dc 10.0.0.7:2817 10.0.0.1:80 0.086 0.048 0.037 502 529 1234 257
    /// "POST https://llm.example.com:443/v1/messages HTTP/1.1" "agent" …`
    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.line(0).to_vec();
        let Some(line) = request_line::find(&text) else { return };
        let words: Vec<&[u8]> = line.before.split(|b| *b == b' ').collect();
        let &[kind, _, balancer, _, target, _, took, _, status, answered, ..] = words.as_slice() else { return };
        if !matches!(kind, b"http" | b"https" | b"h2" | b"grpcs") || !balancer.starts_with(b"app/") {
            return;
        }
        let mut log = Proxied::default();
        log.add("status", status);
        log.add("upstreamstatus", answered);
        log.add("upstreamresponsetime", if took.starts_with(b"-") { b"-" } else { took });
        log.add("upstreamconnecttime", if target == b"-" { b"-" } else { b"0" });
        log.add("method", line.method);
        log.add("uri", address::parts(line.path).map_or(line.path, |(_, _, path)| path));
        let mut quoted = line.after.split(|b| *b == b'"').skip(1).step_by(2);
        if let Some(agent) = quoted.next() {
            log.add("useragent", agent);
        }
        log.read(&ABOUT, entry, found);
        let trace = quoted.next().and_then(|id| found.clean.id(id));
        if let (Some(fact), Some(value)) = (found.last(), trace) {
            fact.seen.add_id(Id { kind: IdKind::Trace, name: None, value });
        }
    }
}

//! nginx's error log: what went wrong with an upstream, before or instead of a response.

use super::entry::{Entry, Found, between};
use super::shared::{address, request_line, trouble};
use super::{About, Dialect};
use crate::model::{Layer, Stage, Trouble};

pub struct NginxError;

const ABOUT: About = About {
    id: "nginx-error",
    title: "nginx error log",
    layer: Layer::Proxy,
    tells: "attempts that got no response from the upstream, and why; the upstream's address and path",
    lacks: "ids, statuses, elapsed times, everything that an upstream answered",
};

impl Dialect for NginxError {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            ", upstream: \"",
            "while connecting to upstream",
            "while reading response header from upstream",
            "while reading upstream",
        ]
    }

    /// `2026/11/21 06:49:12 [error] 12#12: *1 recv() failed (104: Connection reset by peer) while reading response
    /// header from upstream, client: …, request: "POST /v1/messages HTTP/1.1", upstream: "http://10.0.0.4/v1/messages"`
    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let line = entry.line(0).to_vec();
        let Some(told) = memchr::memmem::find(&line, b", client: ").and_then(|end| line.get(..end)) else { return };
        let Some(request) = request_line::find(&line) else { return };
        if !address::is_endpoint(request.path) {
            return found.understood();
        }
        let Some(what) = failure(told) else { return found.understood() };
        let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
        fact.seen.trouble = Some(what);
        // what the client gets for it is nginx's own page
        fact.seen.marks.proxy = !what.in_stream();
        fact.seen.method = found.clean.word(request.method);
        address::read_path(request.path, found.clean, &mut fact.seen);
        if let Some((scheme, host, _)) = between(&line, "upstream: \"", "\"").and_then(address::parts) {
            fact.seen.base_url = found.clean.base_url(&[scheme, b"://", host].concat());
        }
        found.push(fact);
    }
}

/// What went wrong with the upstream; nothing where the line is about something else.
fn failure(told: &[u8]) -> Option<Trouble> {
    let says = |words: &str| memchr::memmem::find(told, words.as_bytes()).is_some();
    if !says("upstream") {
        return None;
    }
    Some(match () {
        () if says("while connecting to upstream") && says("timed out") => Trouble::Connect,
        () if says("no live upstreams") => Trouble::Connect,
        () if says("SSL_do_handshake") || says("while SSL handshaking") => Trouble::Tls,
        () if says("could not be resolved") => Trouble::Dns,
        () if says("while reading upstream") => Trouble::StreamCut,
        () => return trouble::of(told),
    })
}

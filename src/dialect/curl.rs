//! HTTP messages line by line, as `curl -v`, `curl -i`, `curl --trace-ascii`, `wget -S` and HTTPie print them, and
//! what curl says when none comes.

use super::entry::{Entry, Found, leading_number};
use super::shared::{address, headers, status, transport, trouble};
use super::{About, Dialect};
use crate::input::header_block::{is_request, is_status, stripped};
use crate::literal::Timestamp;
use crate::model::{Marks, Stage, Trouble};

pub struct Curl;

const ABOUT: About = About {
    id: "curl",
    title: "curl -v, -i and --trace-ascii; wget; header lines as HTTPie prints them",
    layer: crate::model::Layer::Client,
    tells: "URL, status, all headers with their ids, the server's date, why a connection failed",
    lacks: "times unless --trace-time; the model unless the body is shown; which runs are one call",
};

/// What wget says before the status.
const AWAITED: &[u8] = b"awaiting response...";

impl Dialect for Curl {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "HTTP/1.",
            "HTTP/2",
            "HTTP/3",
            "OPENED stream for ",
            "--  http",
            "--  (try:",
            "awaiting response...",
            "curl: (",
            "Recv failure",
            "Send failure",
            "Operation timed out",
            "Connection timed out",
            "Could not resolve",
            "Failed to connect to",
            "SSL certificate problem",
            "Empty reply from server",
            "transfer closed with",
            "CONNECT tunnel failed",
            "not closed cleanly",
            "SSL_connect",
            "SSL_read",
            "from proxy after CONNECT",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let mut lines = text.split(|b| *b == b'\n').map(|l| stripped(l.trim_ascii_end()));
        let head = lines.next().unwrap_or_default();
        if is_request(head) {
            request(entry, found, head, lines);
        } else if is_status(head) {
            response(entry, found, head, lines);
        } else if let Some(said) = said(&text) {
            remark(entry, found, said);
        } else if let Some(rest) = head.strip_prefix(b"--").filter(|_| entry.record.text.starts_with(b"--")) {
            asks(entry, found, rest);
        } else if let Some(at) = memchr::memmem::find(head, AWAITED) {
            // the status alone, or with -S all headers below
            let rest = head.get(at + AWAITED.len()..).unwrap_or_default().trim_ascii();
            let mut lines = lines.map(<[u8]>::trim_ascii_start);
            let status = [b"HTTP/1.1 ", rest].concat();
            match lines.clone().next().filter(|line| is_status(line)) {
                Some(head) => response(entry, found, head, lines.by_ref().skip(1)),
                None if is_status(&status) => response(entry, found, &status, std::iter::empty()),
                None => {}
            }
        }
    }
}

/// wget's `2026-11-21 06:49:08--  (try: 2)  https://api.anthropic.com/v1/messages`
fn asks(entry: &Entry<'_>, found: &mut Found<'_>, rest: &[u8]) {
    let Some((_, behind)) = Timestamp::begins(rest) else { return };
    let Some(rest) = rest.get(behind..).and_then(|rest| rest.strip_prefix(b"--  ")) else { return };
    let url = rest.rsplit(|b| *b == b' ').next().unwrap_or_default();
    if !address::is_llm_url(url) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Begin(0), 0);
    address::read_url(url, found.clean, &mut fact.seen);
    let number = rest.strip_prefix(b"(try:").and_then(|n| leading_number(n.trim_ascii_start()));
    fact.seen.number = Some(number.map_or(1, |number| number as u32));
    found.push(fact);
}

/// `POST /v1/messages HTTP/1.1`, with its headers.
fn request<'t>(entry: &Entry<'_>, found: &mut Found<'_>, head: &[u8], lines: impl Iterator<Item = &'t [u8]> + Clone) {
    let mut words = head.split(|b| *b == b' ');
    let (method, target, version) =
        (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let host = lines
        .clone()
        .find_map(|l| l.get(..5).filter(|n| n.eq_ignore_ascii_case(b"host:")).and(l.get(5..)))
        .map(<[u8]>::trim_ascii)
        .unwrap_or_default();
    if !(address::is_endpoint(target) || address::is_host(host)) {
        return found.understood();
    }
    // a proxy is asked to connect before the request goes through it
    let connects = method == b"CONNECT";
    let mut fact = entry.fact(&ABOUT, Stage::Begin(u8::from(!connects)), 0);
    if connects {
        address::read_url(&[b"https://", host].concat(), found.clean, &mut fact.seen);
        return found.push(fact);
    }
    headers::read_lines(lines, found.clean, &mut fact.seen, &mut fact.links);
    fact.seen.marks = Marks::default();
    fact.seen.method = found.clean.word(method);
    // the lines do not show the scheme; HTTP/2 and the providers' own hosts are only reached over TLS
    if address::is_host(host) || version.starts_with(b"HTTP/2") {
        address::read_url(&[b"https://", host, target].concat(), found.clean, &mut fact.seen);
    } else if memchr::memmem::find(target, b"://").is_some() {
        // a proxy is told the whole URL
        address::read_url(target, found.clean, &mut fact.seen);
    } else {
        address::read_path(target, found.clean, &mut fact.seen);
    }
    found.push(fact);
}

/// `HTTP/1.1 500 Internal Server Error`, with its headers.
fn response<'t>(entry: &Entry<'_>, found: &mut Found<'_>, head: &[u8], lines: impl Iterator<Item = &'t [u8]>) {
    let mut words = head.splitn(3, |b| *b == b' ').skip(1);
    let status: Option<u16> = words.next().and_then(|s| std::str::from_utf8(s).ok()?.parse().ok());
    let tunnel = words.next().is_some_and(|reason| reason.eq_ignore_ascii_case(b"Connection established"));
    if tunnel || status.is_none_or(|s| s < 200) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Detail, 0);
    headers::read_lines(lines, found.clean, &mut fact.seen, &mut fact.links);
    if status == Some(407) {
        fact.seen.trouble = Some(Trouble::Proxy);
        fact.seen.marks.proxy = true;
        return found.push(fact);
    }
    fact.seen.status = status;
    // without a provider's id it is the response of the request before it, or of something else
    if fact.seen.request_id.is_some() {
        fact.stage = Stage::Response(0);
    }
    found.push(fact);
}

/// What curl itself says: behind `* `, `== Info: ` or `curl: (28) `.
fn said(text: &[u8]) -> Option<&[u8]> {
    let line = text.get(..memchr::memchr(b'\n', text).unwrap_or(text.len()))?;
    let behind = |mark: &[u8]| {
        memchr::memmem::find(line, mark).filter(|at| *at <= 160).and_then(|at| line.get(at + mark.len()..))
    };
    line.strip_prefix(b"* ")
        .or_else(|| behind(b"== Info: "))
        .or_else(|| behind(b"curl: ("))
        .or_else(|| line.get(16..)?.strip_prefix(b"* "))
}

fn remark(entry: &Entry<'_>, found: &mut Found<'_>, said: &[u8]) {
    // `[HTTP/2] [1] OPENED stream for https://api.anthropic.com/v1/messages`
    if let Some(at) = memchr::memmem::find(said, b"OPENED stream for ") {
        let url = said.get(at + 18..).unwrap_or_default().trim_ascii();
        if address::is_llm_url(url) {
            let mut fact = entry.fact(&ABOUT, Stage::Begin(0), 0);
            address::read_url(url, found.clean, &mut fact.seen);
            return found.push(fact);
        }
    }
    // one address of several may fail, and the next answer
    if said.starts_with(b"connect to ") || said.starts_with(b"Immediate connect fail") {
        return;
    }
    // with --fail: `(22) The requested URL returned error: 529`
    let refused =
        memchr::memmem::find(said, b"URL returned error: ").and_then(|at| status::begins(said.get(at + 20..)?));
    let handshake = memchr::memmem::find(said, b"SSL_connect").map(|_| Trouble::Tls);
    let trouble = handshake.or_else(|| trouble::of(said));
    if refused.is_none() && trouble.is_none() {
        return;
    }
    let mut fact = entry.fact(&ABOUT, Stage::Detail, 0);
    fact.seen.status = refused;
    fact.seen.trouble = trouble.filter(|_| refused.is_none());
    // `Could not resolve host: api.anthropic.com`, `Failed to connect to api.anthropic.com port 443 after 3 ms`
    if let Some(target) = transport::target(said) {
        address::read_url(&target, found.clean, &mut fact.seen);
        fact.stage = Stage::Error;
    } else if memchr::memmem::find(said, b"://").is_some() {
        // another's
        return;
    } else if matches!(trouble, Some(Trouble::Dns | Trouble::Connect | Trouble::Tls)) && refused.is_none() {
        // no request was sent yet, and nothing says that it was to be one to an LLM
        return;
    }
    found.push(fact);
}

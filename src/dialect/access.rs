//! Access logs in the common and the combined format, with whatever a log format adds behind it, and the
//! lines that uvicorn prints: `INFO:     10.0.0.7:5061 - "POST /v1/messages HTTP/1.1" 500 Internal Server Error`.

use super::entry::{Entry, Found};
use super::shared::proxied::Proxied;
use super::shared::{address, request_line};
use super::{About, Dialect};
use crate::literal::Timestamp;
use crate::model::{Layer, Stage};

pub struct Access;

const ABOUT: About = About {
    id: "access",
    title: "Access logs: common and combined format (nginx, Apache, gunicorn, Traefik), uvicorn",
    layer: Layer::Proxy,
    tells: "path and status of what the server answered, the client's user agent, who is signed in as a number, the time it was done",
    lacks: "request ids, error types, which upstream answered; attempts behind the server",
};

impl Dialect for Access {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[" HTTP/1.", " HTTP/2", " HTTP/3"]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let Some(line) = request_line::find(entry.line(0)) else { return };
        let uvicorn = is_peer(line.before);
        // a format may name the client or the host behind the time
        if !uvicorn && Timestamp::find(line.before).is_none() {
            return;
        }
        let after = line.after.trim_ascii_start();
        let Some(status) = after.get(..3).filter(|s| s.iter().all(u8::is_ascii_digit)) else { return };
        if !address::is_endpoint(line.path) {
            return found.understood();
        }
        if uvicorn {
            // what follows the status is its name
            let mut fact = entry.fact(&ABOUT, Stage::Answer, 0);
            address::read_path(line.path, found.clean, &mut fact.seen);
            fact.seen.method = found.clean.word(line.method);
            fact.seen.status = std::str::from_utf8(status).ok().and_then(|s| s.parse().ok());
            return found.push(fact);
        }
        let mut log = Proxied::of_pairs(after);
        log.add("status", status);
        log.add("uri", line.path);
        log.add("method", line.method);
        if let Some(user) = remote_user(line.before) {
            log.add("remoteuser", user);
        }
        if let Some(agent) = after.split(|b| *b == b'"').nth(3) {
            log.add("useragent", agent);
        }
        // Traefik ends its lines with the time that the request took
        if let Some(took) = after.rsplit(|b| *b == b' ').next().and_then(|w| w.strip_suffix(b"ms")) {
            log.add("durationms", took);
        }
        log.read(&ABOUT, entry, found);
    }
}

/// `10.0.0.7 - maria [21/Nov/2026:06:49:08 +0000] `: who is signed in stands before the time.
fn remote_user(before: &[u8]) -> Option<&[u8]> {
    let head = before.get(..memchr::memrchr(b'[', before)?)?;
    let mut words = head.split(|b| *b == b' ').filter(|w| !w.is_empty()).rev();
    let (user, _ident, _host) = (words.next()?, words.next()?, words.next()?);
    Some(user)
}

/// Whether a text ends with the peer as uvicorn names it: `10.0.0.7:5061 - `.
fn is_peer(before: &[u8]) -> bool {
    let peer = before.strip_suffix(b" - ").and_then(|b| b.rsplit(u8::is_ascii_whitespace).next()).unwrap_or_default();
    let Some(colon) = memchr::memrchr(b':', peer) else { return false };
    let (host, port) = (peer.get(..colon).unwrap_or_default(), peer.get(colon + 1..).unwrap_or_default());
    !host.is_empty() && !port.is_empty() && port.iter().all(u8::is_ascii_digit)
}

//! What the access log of a reverse proxy says of a request: its answer, and the upstreams that it tried.
//!
//! The names are those of nginx's variables, however a log format spells or shortens them.

use super::super::entry::{Entry, link};
use super::super::{About, entry::Found};
use super::{address, body, fields, headers, request, status};
use crate::literal::{Node, Timestamp};
use crate::model::{Fact, IdKind, LinkKind, Stage, Trouble, UserBy};
use std::borrow::Cow;

/// Of a list of upstreams, so many are read.
const MAX_UPSTREAMS: usize = 16;

/// A record by the folded names of its fields.
#[derive(Debug, Default)]
pub struct Proxied<'t> {
    fields: Vec<(String, Cow<'t, [u8]>)>,
}

/// One upstream that was tried.
#[derive(Debug, Default)]
struct Try {
    status: Option<u16>,
    unreached: bool,
    /// Whether it sent a header, where that is logged: where it sent none, the proxy speaks for it.
    heard: Option<bool>,
    elapsed_ms: Option<u64>,
}

impl Try {
    /// Whether a status is this upstream's own word. 502 and 504 a proxy writes, too, where none came.
    fn passed_on(&self, status: Option<u16>) -> bool {
        let said = self.heard.unwrap_or(!matches!(self.status, Some(502 | 504)));
        said && !self.unreached && self.status.is_some() && self.status == status
    }
}

impl<'t> Proxied<'t> {
    /// The fields of a JSON record.
    #[must_use]
    pub fn of_node(node: &'t Node<'_>) -> Self {
        let texts =
            node.entries().filter_map(|(name, value)| Some((fields::fold(name), Cow::Borrowed(value.bytes()?))));
        Self { fields: texts.collect() }
    }

    /// `name=value` pairs; values may be quoted, with `\x22` and the like in them.
    #[must_use]
    pub fn of_pairs(text: &'t [u8]) -> Self {
        Self { fields: Pairs { text, at: 0 }.collect() }
    }

    /// Adds what stands elsewhere in the record.
    pub fn add(&mut self, name: &str, value: &'t [u8]) {
        self.fields.push((name.to_owned(), Cow::Borrowed(value)));
    }

    /// The first value under one of several names that is not empty.
    #[must_use]
    pub fn text(&self, names: &[&str]) -> Option<&[u8]> {
        let value = |wanted: &&str| {
            let values = self.fields.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.trim_ascii());
            values.into_iter().find(|v| !v.is_empty() && *v != b"-")
        };
        names.iter().find_map(value)
    }

    /// Whether the record tells of upstreams, or of the time a request took.
    #[must_use]
    pub fn is_of_proxy(&self) -> bool {
        self.text(&["upstreamstatus", "upstreamaddr", "upstreamresponsetime", "requesttime", "urt", "rt"]).is_some()
    }

    /// Hands over a fact for each upstream that was tried, the last with the proxy's own answer; none where
    /// the request was no call to an LLM. Whether there was a status.
    pub fn read(&self, about: &About, entry: &Entry<'_>, found: &mut Found<'_>) -> bool {
        let Some(status) =
            self.text(&["status", "statuscode", "httpstatus"]).and_then(number::<u16>).filter(|s| status::is_one(*s))
        else {
            return false;
        };
        let mut words = self.text(&["request", "httprequest"]).unwrap_or_default().split(|b| *b == b' ');
        let (method, path) = (words.next(), words.next());
        let path = self.text(&["requesturi", "uri", "path", "url"]).or(path).unwrap_or_default();
        if !address::is_endpoint(path) {
            found.understood();
            return true;
        }
        let tries = self.tries();
        for (index, one) in tries.iter().enumerate() {
            let mut fact = entry.fact(about, Stage::Whole, 0);
            // the log was written when the last was done
            let later: u64 = tries.iter().skip(index + 1).filter_map(|t| t.elapsed_ms).sum();
            fact.time = fact.time.map(|t| Timestamp { local_ms: t.local_ms.saturating_sub_unsigned(later), ..t });
            self.request(path, method, found, &mut fact);
            self.response(one, index + 1 == tries.len(), status, found, &mut fact);
            found.push(fact);
        }
        true
    }

    /// What holds for every upstream that was tried.
    fn request(&self, path: &[u8], method: Option<&[u8]>, found: &mut Found<'_>, fact: &mut Fact) {
        let seen = &mut fact.seen;
        address::read_path(path, found.clean, seen);
        seen.method = self.text(&["requestmethod", "method"]).or(method).and_then(|m| found.clean.word(m));
        if let Some(id) = self.text(&["requestid", "rid", "reqid", "xrequestid"]) {
            seen.ids.extend(found.clean.named_id(IdKind::GatewayRequest, "request_id", id));
            fact.links.extend(link(LinkKind::Call, id, found.clean));
        }
        if let Some((node, _)) = self.text(&["requestbody", "body"]).and_then(Node::read)
            && request::is_request(&node)
        {
            request::read(&node, found.clean, seen);
        }
        if let Some(agent) = self.text(&["useragent", "httpuseragent", "ua"]) {
            headers::one(b"user-agent", agent, found.clean, seen, &mut fact.links);
        }
        let users = [(UserBy::End, "httpxenduserid"), (UserBy::Log, "httpxuserid"), (UserBy::Log, "remoteuser")];
        for (by, name) in users {
            seen.is_for(self.text(&[name]).and_then(|user| found.clean.user(by, user)));
        }
    }

    /// What holds for one upstream; the response that the client got is the last one's.
    fn response(&self, one: &Try, last: bool, status: u16, found: &mut Found<'_>, fact: &mut Fact) {
        let seen = &mut fact.seen;
        seen.status = one.status.filter(|_| !one.unreached);
        seen.elapsed_ms = one.elapsed_ms;
        if one.unreached {
            seen.trouble = Some(Trouble::Connect);
        }
        if !last {
            seen.marks.passed_on = one.passed_on(one.status);
            return;
        }
        if seen.status != Some(status) && !one.unreached {
            seen.reported_status = seen.status.and(Some(status));
        }
        seen.status = seen.status.or(Some(status));
        if one.unreached {
            // the proxy answered for an upstream that it could not reach
            seen.trouble = None;
            seen.cause = found.clean.word(b"connect");
        }
        seen.elapsed_ms = seen
            .elapsed_ms
            .or_else(|| self.text(&["requesttime", "rt"]).and_then(millis))
            .or_else(|| self.text(&["durationms", "elapsedms"]).and_then(number));
        if let Some(id) = self.text(&[
            "upstreamhttprequestid",
            "upstreamrequestid",
            "upstreamhttpxrequestid",
            "anthropicrequestid",
            "providerrequestid",
        ]) {
            body::request_id(id, found.clean, seen);
        }
        for (name, header) in [
            ("upstreamhttpcfray", "cf-ray"),
            ("cfray", "cf-ray"),
            ("upstreamhttpretryafter", "retry-after"),
            ("retryafter", "retry-after"),
        ] {
            if let Some(value) = self.text(&[name]) {
                headers::one(header.as_bytes(), value, found.clean, seen, &mut fact.links);
            }
        }
        if seen.request_id.is_none() {
            seen.marks.proxy = one.unreached || one.heard == Some(false);
            seen.marks.passed_on = one.passed_on(Some(status));
        }
    }

    fn tries(&self) -> Vec<Try> {
        let (status, connect, header, elapsed) = (
            self.list(&["upstreamstatus", "us"]),
            self.list(&["upstreamconnecttime", "uct"]),
            self.list(&["upstreamheadertime", "uht"]),
            self.list(&["upstreamresponsetime", "urt"]),
        );
        let n = status.len().max(elapsed.len()).clamp(1, MAX_UPSTREAMS);
        let one = |i: usize| Try {
            status: status.get(i).copied().and_then(number),
            unreached: connect.get(i) == Some(&b"-".as_slice()),
            heard: header.get(i).map(|time| *time != b"-"),
            elapsed_ms: elapsed.get(i).copied().and_then(millis),
        };
        (0..n).map(one).collect()
    }

    /// `502, 500 : 200`: upstreams of one group are parted by commas, groups by colons with blanks around.
    fn list(&self, names: &[&str]) -> Vec<&[u8]> {
        let mut rest = self
            .fields
            .iter()
            .find(|(name, _)| names.contains(&name.as_str()))
            .map(|(_, value)| value.as_ref())
            .unwrap_or_default();
        let mut parts = Vec::new();
        while !rest.is_empty() && parts.len() < MAX_UPSTREAMS {
            let (comma, colon) = (memchr::memchr(b',', rest), memchr::memmem::find(rest, b" : "));
            let (end, next) = match (comma, colon) {
                (Some(comma), colon) if colon.is_none_or(|c| comma < c) => (comma, comma + 1),
                (_, Some(colon)) => (colon, colon + 3),
                _ => (rest.len(), rest.len()),
            };
            let part = rest.get(..end).unwrap_or_default().trim_ascii();
            if !part.is_empty() {
                parts.push(part);
            }
            rest = rest.get(next..).unwrap_or_default();
        }
        parts
    }
}

/// `a=1 b="two words" c='x'`
struct Pairs<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Iterator for Pairs<'t> {
    type Item = (String, Cow<'t, [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.at..)?;
            let equals = memchr::memchr(b'=', rest)?;
            let before = rest.get(..equals)?;
            let len = before
                .iter()
                .rev()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$'))
                .count();
            let name = fields::fold(before.get(before.len() - len..)?);
            let value = rest.get(equals + 1..)?;
            let (value, len) = match value.first() {
                Some(quote @ (b'"' | b'\'')) => quoted(value.get(1..)?, *quote),
                _ => {
                    let len = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
                    (value.get(..len)?.trim_ascii_end(), len)
                }
            };
            self.at += equals + 1 + len;
            if !name.is_empty() {
                return Some((name, unhexed(value)));
            }
        }
    }
}

/// What stands before a closing quote, and how long it is with both quotes.
fn quoted(text: &[u8], quote: u8) -> (&[u8], usize) {
    let mut escaped = false;
    let end = text.iter().position(|b| {
        let closes = *b == quote && !escaped;
        escaped = *b == b'\\' && !escaped;
        closes
    });
    let end = end.unwrap_or(text.len());
    (text.get(..end).unwrap_or_default(), (end + 2).min(text.len() + 1))
}

/// nginx writes quotes, backslashes and everything beyond ASCII as `\x22`.
fn unhexed(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(text, b"\\x").is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&b, tail)) = rest.split_first() {
        let code = rest
            .strip_prefix(b"\\x")
            .and_then(|t| t.get(..2))
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(code) => {
                out.push(code);
                rest = rest.get(4..).unwrap_or_default();
            }
            None => {
                out.push(b);
                rest = tail;
            }
        }
    }
    Cow::Owned(out)
}

fn number<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Seconds with a fraction, in milliseconds.
fn millis(text: &[u8]) -> Option<u64> {
    number::<f64>(text).filter(|s| s.is_finite() && *s >= 0.0).map(|s| (s * 1000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_in_every_spelling() {
        let p = Proxied::of_pairs(br#"status=500 rt=0.2 upstream_status="502, 500 : 200" uri=/v1/messages body="{\x22model\x22:\x22x\x22}" ref='-' a="b\"c""#);
        assert_eq!(p.text(&["status"]), Some(b"500".as_slice()));
        assert_eq!(p.text(&["body"]), Some(br#"{"model":"x"}"#.as_slice()));
        assert_eq!(p.text(&["a"]), Some(br#"b\"c"#.as_slice()));
        assert_eq!(p.tries().iter().map(|t| t.status).collect::<Vec<_>>(), [Some(502), Some(500), Some(200)]);
    }
}

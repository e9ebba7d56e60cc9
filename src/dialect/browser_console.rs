//! The console of browsers: what the browser itself says of requests that failed.

use super::entry::{Entry, Found};
use super::shared::{address, status, trouble};
use super::{About, Dialect, request_log};
use crate::model::{Layer, Stage, Trouble};

pub struct BrowserConsole;

const ABOUT: About = About {
    id: "browser-console",
    title: "Consoles of Chrome, Firefox and Safari, saved or pasted",
    layer: Layer::Client,
    tells: "URL and status of requests that failed, network errors by name",
    lacks: "request ids, error types, times; requests of which only the status is shown",
};

const METHODS: &[&[u8]] = &[b"GET", b"POST", b"PUT", b"PATCH", b"DELETE"];

impl Dialect for BrowserConsole {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["Failed to load resource: ", "net::ERR_", " [HTTP/", "blocked by CORS policy", "POST http"]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let mut at = 0;
        for line in text.split(|b| *b == b'\n') {
            let start = at;
            at += line.len() + 1;
            let Some((method, url, rest)) = request(line).or_else(|| resource(line)) else { continue };
            let mut fact = entry.fact(&ABOUT, Stage::Response(0), start);
            fact.seen.status = status(rest);
            if fact.seen.status.is_none() {
                let lost = memchr::memmem::find(rest, b"net::ERR_")
                    .or_else(|| memchr::memmem::find(rest, b"blocked by CORS policy"));
                let Some(lost) = lost else { continue };
                fact.seen.trouble =
                    Some(trouble::of(rest.get(lost..).unwrap_or_default()).unwrap_or(Trouble::NoResponse));
            }
            address::read_url(&url, found.clean, &mut fact.seen);
            fact.seen.method = found.clean.word(method);
            found.push(fact);
        }
    }
}

/// `POST https://api.anthropic.com/v1/messages 529 (unknown)`; Firefox writes `XHRPOST https://… [HTTP/2 529  300ms]`.
fn request(line: &[u8]) -> Option<(&[u8], Vec<u8>, &[u8])> {
    let at = memchr::memmem::find(line, b" http")?;
    let word = line.get(..at)?.rsplit(|b| b.is_ascii_whitespace()).next()?;
    let method = METHODS.iter().find(|m| word == **m || word.strip_prefix(b"XHR") == Some(**m))?;
    // a proxy's line, with headers behind it
    if request_log::squid(line.get(..at - word.len())?).is_some() {
        return None;
    }
    let rest = line.get(at + 1..)?;
    let end = rest.iter().position(|b| b.is_ascii_whitespace())?;
    let url = rest.get(..end).filter(|url| address::is_llm_url(url))?;
    Some((method, url.to_vec(), rest.get(end..)?))
}

/// `api.anthropic.com/v1/messages:1 Failed to load resource: the server responded with a status of 529 ()`,
/// `Access to fetch at 'https://…' from origin '…' has been blocked by CORS policy: …`
fn resource(line: &[u8]) -> Option<(&'static [u8], Vec<u8>, &[u8])> {
    let said = memchr::memmem::find(line, b"Failed to load resource: ")
        .or_else(|| memchr::memmem::find(line, b"has been blocked by CORS policy"))?;
    let words = line.split(|b| b.is_ascii_whitespace() || matches!(b, b'\'' | b'"' | b'(' | b')'));
    let mut urls = words.filter_map(|word| {
        // Chrome names the resource as a file, with a line
        let word = without_line(word);
        let url = if address::parts(word).is_some() { word.to_vec() } else { [b"https://", word].concat() };
        (memchr::memchr(b'/', word).is_some() && address::is_llm_url(&url)).then_some(url)
    });
    Some((b"", urls.next()?, line.get(said..)?))
}

/// A word without the number of a line behind it.
fn without_line(word: &[u8]) -> &[u8] {
    let digits = word.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let head = word.get(..word.len() - digits).unwrap_or_default();
    head.strip_suffix(b":").filter(|_| digits > 0).unwrap_or(word)
}

fn status(rest: &[u8]) -> Option<u16> {
    let rest = rest.trim_ascii_start();
    let named = |before: &[u8]| {
        memchr::memmem::find(rest, before).and_then(|at| status::begins(rest.get(at + before.len()..)?))
    };
    let firefox = || named(b"[HTTP/1.1 ").or_else(|| named(b"[HTTP/2 ")).or_else(|| named(b"[HTTP/3 "));
    let chrome = || rest.get(3).is_none_or(|b| *b == b' ').then(|| status::begins(rest)).flatten();
    named(b"with a status of ").or_else(firefox).or_else(chrome)
}

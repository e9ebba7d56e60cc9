//! OkHttp's log (under the SDKs for Java and Kotlin), and what other clients print after its manner:
//! `--> POST https://…`, `<-- 500 https://… (231ms)`.

use super::entry::{Entry, Found, leading_number};
use super::shared::{address, status};
use super::{About, Dialect};
use crate::model::{Layer, Stage};

pub struct Okhttp;

const ABOUT: About = About {
    id: "okhttp",
    title: "OkHttp's log (SDKs for Java and Kotlin), and arrows of other clients after its manner",
    layer: Layer::Client,
    tells: "URL, status, elapsed time; with headers the request id",
    lacks: "which attempts are one call, error types unless bodies are logged",
};

impl Dialect for Okhttp {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["--> ", "<-- "]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        if let Some(at) = entry.places("--> ").next() {
            // `POST https://… http/1.1`, `END POST (131-byte body)`
            let line = entry.line(at + 4).to_vec();
            let mut words = line.split(|b| *b == b' ');
            let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            if method.iter().all(u8::is_ascii_uppercase) && address::is_llm_url(url) {
                let mut fact = entry.fact(&ABOUT, Stage::Begin(1), at);
                fact.seen.method = found.clean.word(method);
                address::read_url(url, found.clean, &mut fact.seen);
                found.push(fact);
            }
        } else if let Some(at) = entry.places("<-- ").next() {
            // `500 Internal Server Error https://… (231ms, 131-byte body)`
            let line = entry.line(at + 4).to_vec();
            let url = line.split(|b| *b == b' ').find(|word| address::is_llm_url(word));
            let status = status::begins(line.as_slice());
            let (Some(url), Some(status)) = (url, status) else { return };
            let mut fact = entry.fact(&ABOUT, Stage::Response(1), at);
            fact.seen.status = Some(status);
            address::read_url(url, found.clean, &mut fact.seen);
            let took = memchr::memchr(b'(', &line).and_then(|open| line.get(open + 1..));
            let unit = took.and_then(|t| t.get(t.iter().take_while(|b| b.is_ascii_digit()).count()..));
            if unit.is_some_and(|unit| unit.starts_with(b"ms")) {
                fact.seen.elapsed_ms = took.and_then(leading_number).map(|ms| ms as u64);
            }
            super::text::details(line.as_slice(), found.clean, &mut fact.seen);
            found.push(fact);
        }
    }
}

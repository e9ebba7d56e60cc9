//! Streams of events as they came over the wire: the only place where an error inside a stream is shown as it is.

use super::entry::{Entry, Found};
use super::shared::body;
use super::{About, Dialect};
use crate::model::{Layer, Stage};

pub struct Sse;

const ABOUT: About = About {
    id: "sse",
    title: "Streams of server-sent events (curl -N, raw dumps)",
    layer: Layer::Client,
    tells: "error type and request id of an error inside a stream, the model that answered",
    lacks: "status, headers, URL, times",
};

impl Dialect for Sse {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["data: {"]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let text = entry.text.to_vec();
        let mut fact = entry.fact(&ABOUT, Stage::Detail, 0);
        if !body::events(&text, found.clean, &mut fact.seen) {
            return;
        }
        if fact.seen.failed() {
            fact.stage = Stage::Error;
        }
        found.push(fact);
    }
}

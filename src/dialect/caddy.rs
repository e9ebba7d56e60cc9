//! Caddy's access log, in JSON and as its console writes it: what was asked, with all headers, and what was answered.

use super::entry::{Entry, Found, last_object};
use super::shared::{address, headers};
use super::{About, Dialect};
use crate::model::{Layer, Stage};

pub struct Caddy;

const ABOUT: About = About {
    id: "caddy",
    title: "Caddy access log, JSON and console",
    layer: Layer::Proxy,
    tells: "status, elapsed time and the response's headers with the provider's ids, the client's user agent",
    lacks: "error types, models; what each upstream answered unless at debug",
};

/// What it says of a request that is done.
const HANDLED: &str = "handled request";

impl Dialect for Caddy {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[HANDLED, "upstream roundtrip", "\"err_trace\""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let line = entry.line(0).to_vec();
        let object = entry.fields.cloned().or_else(|| Some(last_object(&line)?.0));
        let Some(object) = object else { return };
        let of_request = |name: &str| object.at(&["request", name]);
        let told = |name: &str| of_request(name).and_then(|value| value.bytes());
        let (Some(path), Some(host)) = (told("uri"), told("host")) else { return };
        // of each request it tells once more what an upstream answered, and what went wrong
        let handled = memchr::memmem::find(&entry.text, HANDLED.as_bytes()).is_some();
        if !handled || !address::is_endpoint(path) {
            return found.understood();
        }
        let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
        if address::is_host(host) {
            address::read_url(&[b"https://", host, path].concat(), found.clean, &mut fact.seen);
        } else {
            address::read_path(path, found.clean, &mut fact.seen);
        }
        fact.seen.method = told("method").and_then(|method| found.clean.word(method));
        fact.seen.status = object.get("status").and_then(|status| status.number());
        let took = object.get("duration").and_then(|took| took.number::<f64>());
        fact.seen.elapsed_ms = took.filter(|s| s.is_finite() && *s >= 0.0).map(|s| (s * 1000.0).round() as u64);
        let agent = of_request("headers").and_then(|list| list.header("user-agent"));
        if let Some(agent) = agent.and_then(|list| list.entries().next()?.1.bytes().or_else(|| list.bytes())) {
            headers::one(b"user-agent", agent, found.clean, &mut fact.seen, &mut fact.links);
        }
        if let Some(list) = object.get("resp_headers") {
            headers::read(list, found.clean, &mut fact.seen, &mut fact.links);
        }
        found.push(fact);
    }
}

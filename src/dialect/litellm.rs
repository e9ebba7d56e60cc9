//! LiteLLM, library and proxy, in plain text and in JSON. What it calls, what it got, how often it tried:
//! `LiteLLM Proxy:ERROR: … - Exception occured - litellm_call_id=… - litellm.InternalServerError:
//! AnthropicException - {…} … LiteLLM Retried: 2 times, LiteLLM Max Retries: 2`.

use super::entry::{Entry, Found, between, leading_number, link};
use super::shared::{address, body, error_text, request, status, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, Id, IdKind, Layer, LinkKind, Seen, Stage, Trouble, documented_status};

pub struct Litellm;

const ABOUT: About = About {
    id: "litellm",
    title: "LiteLLM proxy and library (default, debug, JSON logs)",
    layer: Layer::Gateway,
    tells: "the provider's answer as LiteLLM quotes it with its request id, LiteLLM's own call id, how often it retried, model group; at debug each attempt",
    lacks: "the provider's status (LiteLLM's own replaces it), earlier attempts unless at debug, dates",
};

/// Finds where a line that it knows stands in a text.
type Find = fn(&Entry<'_>) -> Option<usize>;
/// Reads one.
type Read = fn(&Entry<'_>, &mut Found<'_>, usize);

/// What LiteLLM logs, the most telling first.
const LINES: &[(Find, Read)] = &[
    (|e| at(e, " Exception litellm."), |e, f, at| failure(e, f, at, Stage::Response(4))),
    (|e| at(e, "Exception occured - "), |e, f, at| failure(e, f, at, Stage::Error)),
    (|e| at(e, "litellm.exceptions.").filter(|_| at(e, "Traceback (most").is_some()), traceback),
    (|e| at(e, "LiteLLM: model group '").filter(|at| *at == 0), counted),
    (|e| at(e, "received streaming chunk - ").filter(|_| at(e, "event: error").is_some()), broken_stream),
    (|e| at(e, " 200 OK").and_then(|_| at(e, "(model=")), succeeded),
    (|e| at(e, "Wrapper: Completed Call"), completed),
    (
        |e| at(e, "status_code: ").filter(|at| *at == 0 || e.text.get(..*at).is_some_and(|b| b.ends_with(b" - "))),
        status_code,
    ),
    (|e| at(e, "error '").filter(|at| *at == 7), refused),
    (|e| at(e, "LiteLLM completion() model= "), completion),
    (|e| at(e, "POST Request Sent from LiteLLM").filter(|_| e.fields.is_some()), sent_json),
    (|e| at(e, "curl -X POST \\\n").filter(|at| *at < 200), sent),
    (|e| at(e, "Retrying request with num_retries: "), retrying),
    (|e| at(e, "response model mismatch - requested="), mismatch),
    (|e| call(e), called),
];

impl Dialect for Litellm {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "Exception occured - ",
            " Exception litellm.",
            "litellm.exceptions.",
            "received streaming chunk - ",
            " 200 OK",
            "Wrapper: Completed Call",
            "status_code: ",
            "Server error '",
            "Client error '",
            "LiteLLM completion() model= ",
            "LiteLLM: model group '",
            "POST Request Sent from LiteLLM",
            "curl -X POST \\\n",
            "Retrying request with num_retries: ",
            "response model mismatch - requested=",
            "litellm.completion(",
            "litellm.acompletion(",
            "litellm.anthropic_messages(",
            "litellm.aresponses(",
            "litellm.responses(",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        if let Some((at, read)) = LINES.iter().find_map(|(find, read)| Some((find(entry)?, read))) {
            read(entry, found, at);
        }
    }
}

fn at(entry: &Entry<'_>, literal: &str) -> Option<usize> {
    memchr::memmem::find(&entry.text, literal.as_bytes())
}

/// Whose view a line gives: the library is a part of the program that calls it; router and proxy are a gateway.
fn fact(entry: &Entry<'_>, stage: Stage, at: usize) -> Fact {
    let mut fact = entry.fact(&ABOUT, stage, at);
    let component = entry.fields.and_then(|f| f.get("component")).and_then(Node::bytes).unwrap_or_default();
    let head = entry.text.get(..entry.text.len().min(80)).unwrap_or_default();
    let names = |text: &[u8]| {
        [b"LiteLLM Proxy".as_slice(), b"LiteLLM Router"].iter().any(|n| memchr::memmem::find(text, n).is_some())
    };
    if !names(component) && !names(head) {
        fact.layer = Layer::Client;
    }
    fact
}

/// What the router tells of each attempt that failed, and the proxy of the last, once more.
fn failure(entry: &Entry<'_>, found: &mut Found<'_>, at: usize, stage: Stage) {
    let text = entry.text.get(at..).unwrap_or_default();
    let mut fact = fact(entry, stage, at);
    fact.layer = Layer::Gateway;
    told(text, found, &mut fact.seen);
    if fact.seen.error_type.is_none() {
        fact.seen.trouble = trouble::of(text).or_else(|| trouble::of(&entry.text));
    }
    if let Some(id) = between(text, "litellm_call_id=", " ") {
        gateway_id(id, found, &mut fact);
    }
    if let Some(model) = between(entry.text.get(..at).unwrap_or_default(), "(model=", ")") {
        offered(model, found, &mut fact.seen);
    }
    fact.seen.marks.gateway = true;
    // the traceback beside it names what was asked
    let trace = entry.fields.and_then(|f| f.get("stacktrace")).and_then(Node::bytes).unwrap_or(text);
    if let Some((_, last)) = attempts(trace).last() {
        answered(last, found, &mut fact.seen);
    }
    found.push(fact);
}

/// An exception of LiteLLM's, with what the provider said quoted behind it.
fn told(text: &[u8], found: &mut Found<'_>, seen: &mut Seen) {
    let exception = error_text::exceptions(text).find(|e| e.class.starts_with(b"litellm."));
    seen.exception = exception.and_then(|e| found.clean.word(e.class));
    let quoted = exception.map_or(text, |e| e.rest);
    let quoted = quoted.get(..quoted.len().min(8192)).unwrap_or_default();
    body::nested(quoted, found.clean, seen);
    if let Some(at) = memchr::memmem::find(quoted, b"Error code: ") {
        seen.status = seen.status.or_else(|| status::said(quoted.get(at..)?));
    }
    let group = between(text, "model group '", "'").or_else(|| between(text, "Received Model Group=", "\n"));
    seen.model_group = group.and_then(|g| found.clean.model(g));
    let counted = |name: &str| {
        memchr::memmem::find(text, name.as_bytes())
            .and_then(|i| leading_number(text.get(i + name.len()..)?))
            .map(|n| n as u32)
    };
    seen.earlier = counted("LiteLLM Retried: ");
    seen.most = counted("LiteLLM Max Retries: ").map(|n| n.saturating_add(1));
}

/// `LiteLLM: model group 'claude' failed with the error above. … LiteLLM Retried: 2 times, LiteLLM Max Retries: 2`
fn counted(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = entry.fact(&ABOUT, Stage::Detail, at);
    told(&entry.text, found, &mut fact.seen);
    fact.seen.marks.gateway = true;
    found.push(fact);
}

/// A traceback holds the errors of several attempts where one was raised while another was handled.
fn traceback(entry: &Entry<'_>, found: &mut Found<'_>, _: usize) {
    let attempts = attempts(&entry.text);
    for (index, (at, text)) in attempts.iter().enumerate() {
        let last = index + 1 == attempts.len();
        let mut fact = fact(entry, if last { Stage::Error } else { Stage::Response(0) }, *at);
        if [b"model group '".as_slice(), b"/litellm/proxy/", b"/litellm/router.py"]
            .iter()
            .any(|w| memchr::memmem::find(&entry.text, w).is_some())
        {
            fact.layer = Layer::Gateway;
        }
        told(text, found, &mut fact.seen);
        if last && index > 0 {
            fact.seen.earlier = fact.seen.earlier.max(Some(index as u32));
        }
        answered(text, found, &mut fact.seen);
        if fact.seen.error_type.is_none() && fact.seen.status.is_none() {
            fact.seen.trouble = trouble::of(text);
        }
        found.push(fact);
    }
}

/// The parts of a traceback that tell of one attempt each: the provider's id parts them.
fn attempts(text: &[u8]) -> Vec<(usize, &[u8])> {
    let chained = [b"\nDuring handling of the above".as_slice(), b"\nThe above exception was the direct"];
    let mut bounds: Vec<usize> = chained.iter().flat_map(|c| memchr::memmem::find_iter(text, c)).collect();
    bounds.sort_unstable();
    bounds.push(text.len());
    let mut found = Vec::new();
    let (mut start, mut from) = (0, 0);
    let mut id: Option<&[u8]> = None;
    for end in bounds {
        let part = text.get(from..end).unwrap_or_default();
        if let Some(own) = between(part, "\"request_id\": \"", "\"") {
            if id.is_some_and(|known| known != own) {
                found.push((start, text.get(start..from).unwrap_or_default()));
                start = from;
            }
            id = Some(own);
        }
        from = end;
    }
    found.push((start, text.get(start..).unwrap_or_default()));
    found
}

/// httpx says it in words: `Server error '529 ' for url 'https://api.anthropic.com/v1/messages'`.
fn answered(text: &[u8], found: &mut Found<'_>, seen: &mut Seen) {
    let Some(place) =
        [b"Server error '".as_slice(), b"Client error '"].iter().find_map(|w| memchr::memmem::find(text, w))
    else {
        return;
    };
    let rest = text.get(place..).unwrap_or_default();
    let status = between(rest, "error '", "'").and_then(|s| std::str::from_utf8(s.get(..3)?).ok()?.parse().ok());
    seen.status = seen.status.or(status.filter(|status| !contradicts(*status, seen)));
    if let Some(url) = between(rest, "for url '", "'") {
        address::read_url(url, found.clean, seen);
    }
}

/// Whether a status blames one side and the error's type the other. The router chains the error of the attempt before
/// to that of its retry, with the id of the last alone.
fn contradicts(status: u16, seen: &Seen) -> bool {
    let documented = seen.error_type.as_ref().and_then(|kind| documented_status(kind.as_str()));
    documented.is_some_and(|documented| documented / 100 != status / 100)
}

fn refused(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = fact(entry, Stage::Response(1), at);
    answered(&entry.text, found, &mut fact.seen);
    if fact.seen.status.is_none() || fact.seen.base_url.is_none() {
        return;
    }
    found.push(fact);
}

/// `… - status_code: 429`, and no more
fn status_code(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let rest = entry.text.get(at..).unwrap_or_default().trim_ascii_end();
    let Some(status) = status::said(rest).filter(|_| rest.len() == "status_code: 429".len()) else { return };
    let mut fact = fact(entry, Stage::Response(2), at);
    fact.seen.status = Some(status);
    found.push(fact);
}

/// The library takes nothing but 200 for a success.
fn completed(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = fact(entry, Stage::Response(5), at);
    fact.seen.status = Some(200);
    found.push(fact);
}

/// `litellm.acompletion(model=anthropic/claude-sonnet-5) 200 OK`
fn succeeded(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let Some(model) = between(&line, "(model=", ")").filter(|_| line.len() < 300) else { return };
    let mut fact = fact(entry, Stage::Response(4), at);
    fact.layer = Layer::Gateway;
    fact.seen.status = Some(200);
    fact.seen.marks.gateway = true;
    offered(model, found, &mut fact.seen);
    found.push(fact);
}

fn broken_stream(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = fact(entry, Stage::Error, at);
    let text = String::from_utf8_lossy(entry.text.get(at..).unwrap_or_default()).replace("\\n", "\n");
    if !body::nested(text.as_bytes(), found.clean, &mut fact.seen) {
        return;
    }
    fact.seen.trouble = Some(Trouble::StreamError);
    found.push(fact);
}

/// `LiteLLM completion() model= claude-sonnet-5; provider = anthropic`
fn completion(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = fact(entry, Stage::Begin(1), at);
    let line = entry.line(at).to_vec();
    fact.seen.model = between(&line, "model= ", ";").and_then(|m| found.clean.model(own_name(m)));
    found.push(fact);
}

/// `litellm.completion(model='anthropic/claude-sonnet-5', messages=[…], num_retries=2, …)`
fn call(entry: &Entry<'_>) -> Option<usize> {
    let calls = [
        "litellm.completion(",
        "litellm.acompletion(",
        "litellm.anthropic_messages(",
        "litellm.aresponses(",
        "litellm.responses(",
    ];
    calls.iter().find_map(|c| at(entry, c)).filter(|at| *at < 160)
}

fn called(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let rest = entry.text.get(at..).unwrap_or_default();
    let Some(model) = between(rest, "model='", "'").map(<[u8]>::to_vec) else { return };
    let mut fact = fact(entry, Stage::Begin(0), at);
    fact.seen.model = found.clean.model(own_name(&model));
    // its own retries are calls with none left; how many there are says the first
    let retries =
        memchr::memmem::find(rest, b"num_retries=").and_then(|i| leading_number(rest.get(i + "num_retries=".len()..)?));
    fact.seen.retries_left = retries.map(|n| n as u32);
    found.push(fact);
}

/// The command that it prints for each request: `curl -X POST \⏎https://… \⏎-H '…' \⏎-d '{'model': …}'`.
fn sent(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let rest = entry.text.get(at + "curl -X POST \\\n".len()..).unwrap_or_default();
    let url = rest.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    if address::parts(url).is_none() {
        return;
    }
    let mut fact = fact(entry, Stage::Begin(2), at);
    upstream(url, found, &mut fact.seen);
    fact.seen.method = found.clean.word(b"POST");
    let data = memchr::memmem::find(rest, b"-d '{").and_then(|i| Node::read(rest.get(i + 4..)?));
    if let Some((node, _)) = data.filter(|(n, _)| request::is_request(n)) {
        request::read(&node, found.clean, &mut fact.seen);
    }
    found.push(fact);
}

fn sent_json(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = fact(entry, Stage::Begin(2), at);
    let base = entry.fields.and_then(|f| f.get("api_base"));
    let url = base.and_then(|b| b.bytes().or_else(|| b.entries().next().and_then(|(_, first)| first.bytes())));
    if let Some(url) = url {
        upstream(url, found, &mut fact.seen);
    }
    fact.seen.method = found.clean.word(b"POST");
    found.push(fact);
}

/// Of some providers it prints the base only: a path that is no endpoint is none.
fn upstream(url: &[u8], found: &mut Found<'_>, seen: &mut Seen) {
    let url = url.strip_suffix(b"/").unwrap_or(url);
    match address::parts(url) {
        Some((_, _, path)) if address::is_endpoint(path) => address::read_url(url, found.clean, seen),
        Some((scheme, host, _)) => seen.base_url = found.clean.base_url(&[scheme, b"://", host].concat()),
        None => {}
    }
}

fn retrying(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = fact(entry, Stage::Retry, at);
    fact.seen.retries_left =
        leading_number(entry.text.get(at + "Retrying request with num_retries: ".len()..).unwrap_or_default())
            .map(|n| n as u32);
    found.push(fact);
}

/// `litellm_call_id=…: response model mismatch - requested='claude' downstream='claude-sonnet-5'`
fn mismatch(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = fact(entry, Stage::Detail, at);
    let text = entry.text.to_vec();
    fact.seen.model_group = between(&text, "requested='", "'").and_then(|m| found.clean.model(m));
    fact.seen.model = between(&text, "downstream='", "'").and_then(|m| found.clean.model(own_name(m)));
    if let Some(id) = between(&text, "litellm_call_id=", ":") {
        gateway_id(id, found, &mut fact);
    }
    found.push(fact);
}

fn gateway_id(id: &[u8], found: &mut Found<'_>, fact: &mut Fact) {
    if let Some(value) = found.clean.id(id) {
        fact.seen.add_id(Id { kind: IdKind::GatewayRequest, name: found.clean.word(b"litellm_call_id"), value });
    }
    fact.links.extend(link(LinkKind::Gateway, id, found.clean));
}

/// The router names a deployment, `anthropic/claude-sonnet-5`, or the group that it picks from.
fn offered(model: &[u8], found: &mut Found<'_>, seen: &mut Seen) {
    if own_name(model).len() < model.len() {
        seen.model = found.clean.model(own_name(model));
    } else {
        seen.model_group = seen.model_group.take().or_else(|| found.clean.model(model));
    }
}

/// A model without the provider before it, by which LiteLLM chooses the API.
fn own_name(model: &[u8]) -> &[u8] {
    const PROVIDERS: &[&str] = &[
        "anthropic/",
        "openai/",
        "bedrock/",
        "vertex_ai/",
        "azure/",
        "azure_ai/",
        "gemini/",
        "mistral/",
        "groq/",
        "deepseek/",
        "openrouter/",
        "cohere/",
        "together_ai/",
        "xai/",
        "fireworks_ai/",
    ];
    PROVIDERS.iter().find_map(|p| model.strip_prefix(p.as_bytes())).unwrap_or(model)
}

//! botocore, under boto3 and the Bedrock clients: what it sends and gets at debug, and the errors it raises.

use super::entry::{Entry, Found, between, leading_number};
use super::python_error;
use super::shared::{address, body, error_text, headers, request, status, trouble};
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Fact, Layer, Marks, Seen, Stage, Trouble};

pub struct Botocore;

const ABOUT: About = About {
    id: "botocore",
    title: "botocore and boto3 with Bedrock: debug log, ClientError, printed responses",
    layer: Layer::Client,
    tells: "URL with model and region, request id and error type of every attempt, number of the attempt, waits, payload shape",
    lacks: "at the default level everything but the last error; its message has neither status nor request id",
};

/// A line that botocore prints, by what is always in it.
type Line = (&'static str, fn(&Entry<'_>, &mut Found<'_>, usize));

const LINES: &[Line] = &[
    ("Making request for OperationModel(", making),
    ("Sending http request: <AWSPreparedRequest", sending),
    ("Response headers: {", response),
    ("Response received to retry, sleeping for ", retrying),
    ("retryable HTTP status code received: ", retryable),
    ("An error occurred (", client_error),
    ("HTTPStatusCode", metadata),
    ("endpoint URL: \"", no_response),
    ("Retry needed, ", quiet),
    ("Max attempts of ", quiet),
    ("Response body:", quiet),
    ("CanonicalRequest:", quiet),
    ("StringToSign:", quiet),
    ("Signature:", quiet),
];

/// Operations that call a model.
const OPERATIONS: &[&str] = &[
    "Converse",
    "ConverseStream",
    "InvokeModel",
    "InvokeModelWithResponseStream",
    "InvokeModelWithBidirectionalStream",
    "CountTokens",
    "InvokeAgent",
    "RetrieveAndGenerate",
];

impl Dialect for Botocore {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &[
            "Making request for OperationModel(",
            "Sending http request: <AWSPreparedRequest",
            "Response headers: {",
            "Response received to retry, sleeping for ",
            "retryable HTTP status code received: ",
            "An error occurred (",
            "HTTPStatusCode",
            "endpoint URL: \"",
            "Retry needed, ",
            "Max attempts of ",
            "Response body:",
            "CanonicalRequest:",
            "StringToSign:",
            "Signature:",
        ]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        for (anchor, read) in LINES {
            if let Some(at) = entry.places(anchor).next() {
                read(entry, found, at);
            }
        }
    }
}

/// `Making request for OperationModel(name=Converse) with params: {'url_path': …, 'body': '…', 'url': '…'}`
fn making(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let text = entry.text.get(at..).unwrap_or_default().to_vec();
    let params = memchr::memmem::find(&text, b"params: ").and_then(|i| Node::read(text.get(i..)?));
    let Some((params, _)) = params else { return found.understood() };
    let url = params.get("url").and_then(Node::bytes).unwrap_or_default();
    if !address::is_llm_url(url) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Begin(0), at);
    address::read_url(url, found.clean, &mut fact.seen);
    fact.seen.method = params.get("method").and_then(Node::bytes).and_then(|m| found.clean.word(m));
    match params.get("body") {
        Some(Node::Text(text)) => {
            if let Some((body, _)) = Node::read(text).filter(|(body, _)| request::is_request(body)) {
                request::read(&body, found.clean, &mut fact.seen);
            }
        }
        Some(body) if request::is_request(body) => request::read(body, found.clean, &mut fact.seen),
        _ => {}
    }
    found.push(fact);
}

/// `Sending http request: <AWSPreparedRequest stream_output=False, method=POST, url=https://…, headers={…}>`
fn sending(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let text = entry.text.get(at..).unwrap_or_default().to_vec();
    let url = between(&text, "url=", ", ").unwrap_or_default();
    if !address::is_llm_url(url) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Begin(1), at);
    address::read_url(url, found.clean, &mut fact.seen);
    fact.seen.method = between(&text, "method=", ",").and_then(|m| found.clean.word(m));
    let sent = memchr::memmem::find(&text, b"headers={").and_then(|i| Node::read(text.get(i + 8..)?));
    if let Some((sent, _)) = sent {
        headers::read(&sent, found.clean, &mut fact.seen, &mut fact.links);
        // what was sent says nothing about who answered
        fact.seen.marks = Marks::default();
        fact.seen.auth = fact.seen.auth.or(Some("sigv4"));
        // `ttl=20261121T063157Z; attempt=2; max=4`
        if let Some(count) = sent.header("amz-sdk-request").and_then(Node::bytes) {
            let after = |name: &str| {
                memchr::memmem::find(count, name.as_bytes()).and_then(|i| leading_number(count.get(i + name.len()..)?))
            };
            fact.seen.most = after("max=").map(|n| n as u32);
            if let Some(number) = after("attempt=") {
                fact.seen.count(number as u32);
            }
        }
    }
    found.push(fact);
}

/// `Response headers: {'Date': '…', 'x-amzn-RequestId': '…', 'x-amzn-ErrorType': 'ThrottlingException:http://…'}`; whose
/// they are, only the lines before tell.
fn response(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let text = entry.text.get(at..).unwrap_or_default().to_vec();
    let Some((list, _)) = Node::read(&text) else { return found.understood() };
    let mut fact = entry.fact(&ABOUT, Stage::Part, at);
    headers::read(&list, found.clean, &mut fact.seen, &mut fact.links);
    found.push(fact);
}

/// `Response received to retry, sleeping for 0.5452378726136896 seconds`
fn retrying(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let Some(wait) = between(&line, "sleeping for ", " seconds").and_then(leading_number) else {
        return found.understood();
    };
    let mut fact = entry.fact(&ABOUT, Stage::PartRetry, at);
    fact.seen.wait_ms = Some((wait * 1000.0).round() as u64);
    found.push(fact);
}

/// `retry needed: retryable HTTP status code received: 500`
fn retryable(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let mut fact = entry.fact(&ABOUT, Stage::Part, at);
    fact.seen.status =
        status::said(&[b"HTTP ".as_slice(), entry.line(at).rsplit(|b| *b == b' ').next().unwrap_or_default()].concat());
    found.push(fact);
}

/// `botocore.errorfactory.ThrottlingException: An error occurred (ThrottlingException) when calling the Converse
/// operation (reached max retries: 3): Too many requests`
fn client_error(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let operation = between(&line, "when calling the ", " operation").unwrap_or_default();
    if !OPERATIONS.iter().any(|o| operation == o.as_bytes()) {
        return found.understood();
    }
    let mut fact = entry.fact(&ABOUT, Stage::Error, at);
    let seen = &mut fact.seen;
    seen.error_type =
        between(&line, "An error occurred (", ")").filter(|t| **t != *b"Unknown").and_then(|t| found.clean.word(t));
    seen.marks.provider_body = true;
    seen.exception = error_text::exceptions(&entry.text)
        .find(|e| e.class.starts_with(b"botocore."))
        .and_then(|e| found.clean.word(e.class));
    if memchr::memmem::find(&entry.text, b"EventStreamError").is_some() {
        seen.trouble = Some(Trouble::StreamError);
    }
    if let Some(message) = memchr::memmem::find(&line, b"): ").map(|i| line.get(i + 3..).unwrap_or_default()) {
        seen.message = found.clean.message(message);
    }
    if let Some(retries) = between(&line, "reached max retries: ", ")").and_then(leading_number) {
        seen.count((retries as u32).saturating_add(1));
    }
    if operation.ends_with(b"Stream") {
        seen.stream = Some(true);
    }
    python_error::frames(&entry.text, found.clean, seen);
    if let Some((node, _)) = printed(entry) {
        read_metadata(&node, found, &mut fact);
    }
    found.push(fact);
}

/// `{'Error': {'Code': …}, 'ResponseMetadata': {'RequestId': '…', 'HTTPStatusCode': 429, 'RetryAttempts': 4}}`, as
/// programs print what a call gave or the error's response.
fn metadata(entry: &Entry<'_>, found: &mut Found<'_>, _: usize) {
    if found.is_understood() {
        return;
    }
    let Some((node, at)) = printed(entry) else { return };
    let bedrock = memchr::memmem::find(&entry.text, b"bedrock").is_some()
        || memchr::memmem::find(&entry.text, b"Bedrock").is_some();
    let mut fact = entry.fact(&ABOUT, if bedrock { Stage::Error } else { Stage::Part }, at);
    read_metadata(&node, found, &mut fact);
    if !fact.seen.failed() {
        fact.stage = if bedrock { Stage::Whole } else { Stage::Part };
    }
    found.push(fact);
}

/// The object in the text that holds `HTTPStatusCode`, quoted as a key: Go's structures have such a field, too.
fn printed<'e>(entry: &'e Entry<'_>) -> Option<(Node<'e>, usize)> {
    let quoted = |at: &usize| matches!(entry.text.get(at + "HTTPStatusCode".len()), Some(b'"' | b'\'' | b'\\'));
    let at = entry.places("HTTPStatusCode").find(quoted)?;
    let start = memchr::memrchr(b'\n', entry.text.get(..at)?).map_or(0, |n| n + 1);
    let brace = start + memchr::memchr(b'{', entry.text.get(start..at)?)?;
    Some((Node::read(entry.text.get(brace..)?)?.0, brace))
}

fn read_metadata(node: &Node<'_>, found: &mut Found<'_>, fact: &mut Fact) {
    let seen: &mut Seen = &mut fact.seen;
    let told = node.get("ResponseMetadata").unwrap_or(node);
    if let Some(list) = told.get("HTTPHeaders") {
        headers::read(list, found.clean, seen, &mut fact.links);
    }
    if let Some(id) = told.get("RequestId").and_then(Node::bytes) {
        body::request_id(id, found.clean, seen);
    }
    seen.status = seen.status.or_else(|| told.get("HTTPStatusCode").and_then(Node::number));
    if let Some(retries) = told.get("RetryAttempts").and_then(Node::number::<u32>) {
        seen.count(retries.saturating_add(1));
    }
    if let Some(code) = node.at(&["Error", "Code"]).and_then(Node::bytes) {
        seen.error_type = seen.error_type.take().or_else(|| found.clean.word(code));
    }
}

/// `Could not connect to the endpoint URL: "https://bedrock-runtime…"`, `Read timeout on endpoint URL: "…"`
fn no_response(entry: &Entry<'_>, found: &mut Found<'_>, at: usize) {
    let line = entry.line(at).to_vec();
    let Some(url) = between(&line, "endpoint URL: \"", "\"").filter(|url| address::is_llm_url(url)) else { return };
    let mut fact = entry.fact(&ABOUT, Stage::Error, at);
    address::read_url(url, found.clean, &mut fact.seen);
    fact.seen.trouble = Some(trouble::of(&entry.text).unwrap_or(Trouble::NoResponse));
    fact.seen.exception = error_text::exceptions(&entry.text).last().and_then(|e| found.clean.word(e.class));
    found.push(fact);
}

fn quiet(_: &Entry<'_>, found: &mut Found<'_>, _: usize) {
    found.understood();
}

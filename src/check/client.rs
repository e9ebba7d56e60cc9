//! Which library made the requests, and what makes that very library log what is missing.

mod proxies;

use super::evidence::Evidence;
use super::question::{Answer, js, prose, python, shell};
use super::route::{Route, provider};
use crate::model::{Attempt, Layer};

/// A library or program whose logging is known.
#[derive(Debug)]
pub struct Kit {
    /// Its id: `anthropic-python`.
    pub id: &'static str,
    /// Its name as people say it.
    pub title: &'static str,
    /// What logs the request id.
    pub request_id: Answer,
    /// What logs status and error type.
    pub error: Answer,
    /// What logs model, endpoint and base URL.
    pub target: Answer,
    /// What logs the shape of a request.
    pub payload: Answer,
    /// What logs times and attempts.
    pub times: Answer,
    /// A command that prints versions, safe to paste.
    pub version: Answer,
}

/// The Anthropic SDK for TypeScript before it took the platform's `fetch`: it logs with `DEBUG=true`.
const OLD_TYPESCRIPT: &str = "0.50";

static ANTHROPIC_PYTHON: Kit = Kit {
    id: "anthropic-python",
    title: "Anthropic SDK for Python",
    request_id: python(
        "except anthropic.APIStatusError as e: log.error(\"claude failed\", extra={\"request_id\": e.request_id})",
    ),
    error: python(
        "except anthropic.APIStatusError as e: log.error(\"claude failed\", extra={\"status\": e.status_code, \"body\": e.body})  # e.body[\"error\"][\"type\"]; the body alone is logged, not the request",
    ),
    target: prose(
        "`ANTHROPIC_LOG=info` prints method and URL of every attempt; add the model to your own line, the SDK logs it at debug only",
    ),
    payload: prose("`ANTHROPIC_LOG=debug` for one failing request, then `casefile redact`: it prints the prompt"),
    times: python(
        "logging.basicConfig(format=\"%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s\", datefmt=\"%Y-%m-%dT%H:%M:%S\"); logging.Formatter.converter = time.gmtime",
    ),
    version: shell("pip show anthropic httpx | grep -E '^(Name|Version)'; python --version"),
};
static ANTHROPIC_TYPESCRIPT: Kit = Kit {
    id: "anthropic-typescript",
    title: "Anthropic SDK for TypeScript",
    request_id: js(
        "if (err instanceof Anthropic.APIError) log.error({ requestId: err.requestID })  // the headers are a Headers object: err.headers?.get(\"request-id\")",
    ),
    error: js(
        "if (err instanceof Anthropic.APIError) log.error({ status: err.status, type: err.error?.error?.type })  // err.error is the whole body: err.error.type is always \"error\"",
    ),
    target: prose(
        "`new Anthropic({ logLevel: \"info\", logger })` prints method, URL and attempt; add params.model to your own line",
    ),
    payload: prose("`ANTHROPIC_LOG=debug` for one failing request, then `casefile redact`: it prints the prompt"),
    times: prose("`new Anthropic({ logLevel: \"info\", logger: pino() })`: the SDK's own lines carry no time"),
    version: shell("npm ls @anthropic-ai/sdk; node --version"),
};
static ANTHROPIC_TYPESCRIPT_OLD: Kit = Kit {
    id: "anthropic-typescript-old",
    title: "Anthropic SDK for TypeScript, before 0.50",
    request_id: js(
        "if (err instanceof Anthropic.APIError) log.error({ requestId: err.request_id ?? err.headers?.[\"request-id\"] })",
    ),
    error: js("if (err instanceof Anthropic.APIError) log.error({ status: err.status, type: err.error?.error?.type })"),
    target: prose("`DEBUG=true` prints URL and body of every attempt; later versions have logLevel: \"info\""),
    payload: prose("`DEBUG=true` for one failing request, then `casefile redact`: it prints the prompt"),
    times: prose("log `new Date().toISOString()` before and after the call: DEBUG=true prints no time"),
    version: shell("npm ls @anthropic-ai/sdk; node --version"),
};
static OPENAI_PYTHON: Kit = Kit {
    id: "openai-python",
    title: "OpenAI SDK for Python",
    request_id: python(
        "except openai.APIStatusError as e: log.error(\"openai failed\", extra={\"request_id\": e.request_id})",
    ),
    error: python(
        "except openai.APIStatusError as e: log.error(\"openai failed\", extra={\"status\": e.status_code, \"type\": e.type, \"code\": e.code})",
    ),
    target: prose("log client.base_url and the model with the error; version 3 prints neither at debug"),
    payload: prose(
        "`OPENAI_LOG=debug` for one failing request in versions 1 and 2, then `casefile redact`: it prints the prompt",
    ),
    times: python(
        "logging.basicConfig(format=\"%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s\", datefmt=\"%Y-%m-%dT%H:%M:%S\"); logging.Formatter.converter = time.gmtime",
    ),
    version: shell("pip show openai httpx | grep -E '^(Name|Version)'; python --version"),
};
static OPENAI_NODE: Kit = Kit {
    id: "openai-node",
    title: "OpenAI SDK for TypeScript",
    request_id: js("if (err instanceof OpenAI.APIError) log.error({ requestId: err.requestID ?? err.request_id })"),
    error: js("if (err instanceof OpenAI.APIError) log.error({ status: err.status, type: err.type, code: err.code })"),
    target: prose(
        "`new OpenAI({ logLevel: \"info\", logger })` prints method, URL and attempt; add params.model to your own line",
    ),
    payload: prose(
        "`OPENAI_LOG=debug` for one failing request (version 4: DEBUG=true), then `casefile redact`: it prints the prompt",
    ),
    times: prose("`new OpenAI({ logLevel: \"info\", logger: pino() })`: the SDK's own lines carry no time"),
    version: shell("npm ls openai; node --version"),
};
static BOTO3: Kit = Kit {
    id: "boto3",
    title: "boto3 for Amazon Bedrock",
    request_id: python(
        "except botocore.exceptions.ClientError as e: log.error(\"bedrock failed\", extra={\"request_id\": e.response[\"ResponseMetadata\"][\"RequestId\"]})",
    ),
    error: python(
        "except botocore.exceptions.ClientError as e: log.error(\"bedrock failed\", extra={\"status\": e.response[\"ResponseMetadata\"][\"HTTPStatusCode\"], \"type\": e.response[\"Error\"][\"Code\"]})",
    ),
    target: prose("log modelId, client.meta.region_name and client.meta.endpoint_url with the error"),
    payload: prose(
        "`boto3.set_stream_logger(\"botocore.endpoint\", logging.DEBUG)` for one failing request, then `casefile redact`: it prints the prompt and the signature",
    ),
    times: prose("log `e.response[\"ResponseMetadata\"][\"RetryAttempts\"]` with a time in UTC"),
    version: shell("pip show boto3 botocore | grep -E '^(Name|Version)'"),
};
static GEMINI: Kit = Kit {
    id: "google",
    title: "Gemini and Vertex AI",
    request_id: prose("log the response's headers and project and region: Google traces by project, region and time"),
    error: prose("log the HTTP status and the body's error.status of every failed response"),
    target: prose("log the URL without its query: the key may stand there"),
    payload: prose("log the sizes of contents and tools, not their text"),
    times: prose("log a time in UTC before each request and after each response"),
    version: shell("pip show google-genai | grep -E '^(Name|Version)'; npm ls @google/genai"),
};
static LITELLM: Kit = Kit {
    id: "litellm",
    title: "LiteLLM",
    request_id: prose(
        "log the header `x-litellm-call-id` at the client and `json_logs` at the proxy: of a failure the provider's id stands only in the body that the proxy's message quotes",
    ),
    error: prose(
        "`litellm_settings: { json_logs: true }` on the proxy; its 500 may be the provider's 529: read the body quoted in the message",
    ),
    target: prose("`litellm --detailed_debug` on the proxy for one failing request prints the URL it calls"),
    payload: prose("`litellm --detailed_debug` for one failing request, then `casefile redact`: it prints the prompt"),
    times: prose("`litellm_settings: { json_logs: true }` prints a time to the millisecond"),
    version: shell("pip show litellm | grep -E '^(Name|Version)'"),
};
static CLAUDE_CODE: Kit = Kit {
    id: "claude-code",
    title: "Claude Code",
    request_id: prose(
        "`claude --debug` writes `~/.claude/debug/latest` with the id of every failed attempt; the terminal's sentence has none",
    ),
    error: prose("`claude --debug`: the line `API error (attempt n/m)` carries the body with its error type"),
    target: prose("`/status` shows model, base URL and which credential is used"),
    payload: prose(
        "the session's file under ~/.claude/projects shows messages and tools; `casefile build` keeps their counts only",
    ),
    times: prose("build from the session's file under ~/.claude/projects: each record has a time"),
    version: shell("claude --version"),
};
static AI_SDK: Kit = Kit {
    id: "ai-sdk",
    title: "AI SDK",
    request_id: js(
        "if (APICallError.isInstance(e)) log.error({ requestId: e.responseHeaders?.[\"request-id\"] })  // RetryError has one in each of e.errors",
    ),
    error: js(
        "if (APICallError.isInstance(e)) log.error({ status: e.statusCode, body: e.responseBody })  // not requestBodyValues: that is the prompt",
    ),
    target: js("if (APICallError.isInstance(e)) log.error({ url: e.url, model: e.requestBodyValues?.model })"),
    payload: prose("log messages.length and tools: e.requestBodyValues holds the prompt"),
    times: prose("log a time with each of RetryError's errors: they carry none"),
    version: shell("npm ls ai @ai-sdk/anthropic @ai-sdk/openai; node --version"),
};
static CURL: Kit = Kit {
    id: "curl",
    title: "curl",
    request_id: prose("`curl -sS -D -` prints the response's headers with request-id"),
    error: prose("`curl -sS -D - -o body.json`, then read error.type in body.json"),
    target: prose("`curl -w '%{url_effective} %{http_code} %{time_total}\\n'`"),
    payload: shell("wc -c request.json"),
    times: prose("`curl -w '%{http_code} %{time_starttransfer} %{time_total}\\n'`, and `date -u +%FT%TZ` before it"),
    version: shell("curl --version | head -1"),
};
static OTHER: Kit = Kit {
    id: "other",
    title: "this client",
    request_id: prose(
        "log the response header of every failure: request-id (Anthropic), x-request-id (OpenAI), x-amzn-requestid (AWS), apim-request-id (Azure)",
    ),
    error: prose("log the HTTP status and the body's error.type of every failed attempt"),
    target: prose("log the model, the URL's host and path of each request"),
    payload: prose("log counts and sizes of messages, tools and attachments, not their text"),
    times: prose("log a date, a time to the millisecond and a zone: 2026-01-31T09:30:00.000Z"),
    version: shell(
        "pip freeze | grep -iE 'anthropic|openai|litellm'; npm ls 2>/dev/null | grep -iE 'anthropic|openai'",
    ),
};

/// All of them.
pub static KITS: &[&Kit] = &[
    &ANTHROPIC_PYTHON,
    &ANTHROPIC_TYPESCRIPT,
    &ANTHROPIC_TYPESCRIPT_OLD,
    &OPENAI_PYTHON,
    &OPENAI_NODE,
    &BOTO3,
    &GEMINI,
    &LITELLM,
    &CLAUDE_CODE,
    &AI_SDK,
    &CURL,
    &proxies::NGINX,
    &proxies::HAPROXY,
    &proxies::ENVOY,
    &proxies::ACCESS,
    &OTHER,
];

impl Kit {
    /// Whose service the client speaks to where nothing sends it elsewhere.
    #[must_use]
    pub fn provider(&self) -> Option<&'static str> {
        match self.id {
            "anthropic-python" | "anthropic-typescript" | "anthropic-typescript-old" | "claude-code" => {
                Some("anthropic")
            }
            "openai-python" | "openai-node" => Some("openai"),
            "boto3" => Some("aws.bedrock"),
            _ => None,
        }
    }

    /// Of most failures of a case that tell.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> &'static Kit {
        let mut counts: Vec<(&'static Kit, usize)> = Vec::new();
        for row in evidence.failures() {
            let kit = of_attempt(row.attempt, row.route);
            match counts.iter_mut().find(|(k, _)| k.id == kit.id) {
                Some((_, n)) => *n += 1,
                None => counts.push((kit, 1)),
            }
        }
        counts.sort_by_key(|(kit, n)| (kit.id == OTHER.id, std::cmp::Reverse(*n)));
        counts.first().map_or(&OTHER, |(kit, _)| kit)
    }
}

fn of_attempt(attempt: &Attempt, route: Route) -> &'static Kit {
    let seen = &attempt.seen;
    // where a proxy's log is all there is, that one can be made to say more
    if let Some(proxy) = attempt.layers.first().filter(|_| attempt.layers.iter().all(|v| v.layer == Layer::Proxy))
        && let Some(kit) = proxies::of_dialect(proxy.dialect)
    {
        return kit;
    }
    if route == Route::ClaudeCode {
        return &CLAUDE_CODE;
    }
    let client = seen.client.as_deref();
    let name = client.and_then(|c| c.name.as_ref()).map_or("", |n| n.as_str()).to_ascii_lowercase();
    let version = client.and_then(|c| c.version.as_ref()).map_or("", |v| v.as_str());
    let runtime = client.and_then(|c| c.runtime.as_ref()).map_or("", |r| r.as_str());
    let exception = seen.exception.as_ref().map_or("", |e| e.as_str());
    let is = |names: &[&str]| names.iter().any(|n| name.starts_with(n));
    match () {
        () if is(&["anthropic-js", "anthropic-typescript"]) && is_old(version) => &ANTHROPIC_TYPESCRIPT_OLD,
        () if is(&["anthropic-js", "anthropic-typescript"]) => &ANTHROPIC_TYPESCRIPT,
        () if is(&["anthropic"]) => &ANTHROPIC_PYTHON,
        () if is(&["openai-js", "openai-typescript", "openai-node"]) => &OPENAI_NODE,
        () if is(&["openai"]) => &OPENAI_PYTHON,
        () if is(&["boto3", "botocore"]) => &BOTO3,
        () if is(&["litellm"]) || exception.starts_with("litellm.") || seen.ids.iter().any(is_litellm) => &LITELLM,
        () if is(&["ai", "ai-sdk"]) || exception.starts_with("AI_") => &AI_SDK,
        () if is(&["curl"]) => &CURL,
        () if exception.starts_with("anthropic.") => &ANTHROPIC_PYTHON,
        () if exception.starts_with("openai.") => &OPENAI_PYTHON,
        () if exception.starts_with("botocore.") => &BOTO3,
        () if runtime.starts_with("node") && provider(attempt) == Some("anthropic") => &ANTHROPIC_TYPESCRIPT,
        () if matches!(provider(attempt), Some("aws.bedrock")) => &BOTO3,
        () if matches!(provider(attempt), Some("google" | "gcp.vertex_ai")) => &GEMINI,
        () => &OTHER,
    }
}

fn is_litellm(id: &crate::model::Id) -> bool {
    id.name.as_ref().is_some_and(|n| n.as_str().contains("litellm"))
}

/// Whether a version is before [`OLD_TYPESCRIPT`], by its first two numbers.
fn is_old(version: &str) -> bool {
    let numbers = |text: &str| {
        let mut parts = text.split('.').map(|p| p.parse::<u32>().ok());
        Some((parts.next()??, parts.next()??))
    };
    numbers(version).zip(numbers(OLD_TYPESCRIPT)).is_some_and(|(a, b)| a < b)
}

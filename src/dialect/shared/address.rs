//! URLs and paths of LLM APIs: which they are, and what they say.

use crate::model::Seen;
use crate::redact::Cleaner;

/// Ends of the paths of LLM APIs.
const ENDPOINTS: &[&str] = &[
    "/v1/messages",
    "/messages/count_tokens",
    "/messages/batches",
    "/v1/complete",
    "/chat/completions",
    "/completions",
    "/responses",
    "/embeddings",
    "/v1/models",
    "/images/generations",
    "/audio/transcriptions",
    "/audio/speech",
    "/moderations",
    "/rerank",
    "/v2/chat",
    "/v1/chat",
    "/api/chat",
    "/api/generate",
    "/converse",
    "/converse-stream",
    "/invoke",
    "/invoke-with-response-stream",
    ":generateContent",
    ":streamGenerateContent",
    ":countTokens",
    ":embedContent",
    ":predict",
    ":rawPredict",
    ":streamRawPredict",
];

/// Hosts of LLM APIs, as ends of names.
const HOSTS: &[&str] = &[
    "api.anthropic.com",
    "api.openai.com",
    "openai.azure.com",
    "services.ai.azure.com",
    "cognitiveservices.azure.com",
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "openrouter.ai",
    "api.mistral.ai",
    "api.groq.com",
    "api.deepseek.com",
    "api.x.ai",
    "api.together.xyz",
    "api.cohere.com",
    "api.cohere.ai",
    "api.perplexity.ai",
    "api.fireworks.ai",
    "api.cerebras.ai",
    "gateway.ai.cloudflare.com",
    "api.portkey.ai",
    "anthropic.helicone.ai",
    "oai.helicone.ai",
    "ai-gateway.vercel.sh",
];

/// Whether a path, with or without query, is that of an LLM API.
#[must_use]
pub fn is_endpoint(path: &[u8]) -> bool {
    let path = path.split(|b| matches!(b, b'?' | b'#' | b'&')).next().unwrap_or_default();
    let path = path.strip_suffix(b"/").unwrap_or(path);
    let known = ENDPOINTS.iter().any(|e| path.ends_with(e.as_bytes()));
    known
        || memchr::memmem::find(path, b"/messages/batches/").is_some()
        || memchr::memmem::find(path, b"/v1/responses/").is_some()
}

/// Whether a host is that of an LLM API.
#[must_use]
pub fn is_host(host: &[u8]) -> bool {
    let host = host.split(|b| *b == b':').next().unwrap_or_default();
    let known = HOSTS.iter().any(|h| host.ends_with(h.as_bytes()));
    known || host.starts_with(b"bedrock-runtime") && host.ends_with(b".amazonaws.com")
}

/// A URL in its parts: `https`, `api.anthropic.com:443`, `/v1/messages?beta=true`.
#[must_use]
pub fn parts(url: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let at = memchr::memmem::find(url, b"://")?;
    let (scheme, rest) = (url.get(..at)?, url.get(at + 3..)?);
    let path = rest.iter().position(|b| matches!(b, b'/' | b'?')).unwrap_or(rest.len());
    Some((scheme, rest.get(..path)?, rest.get(path..)?))
}

/// Whether a URL is that of a call to an LLM.
#[must_use]
pub fn is_llm_url(url: &[u8]) -> bool {
    parts(url).is_some_and(|(_, host, path)| is_host(host) || is_endpoint(path))
}

/// The URL of an LLM API in a line.
#[must_use]
pub fn find(line: &[u8]) -> Option<&[u8]> {
    memchr::memmem::find_iter(line, b"http").find_map(|at| {
        let rest = line.get(at..)?;
        let len = rest
            .iter()
            .position(|b| {
                b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<' | b'>' | b')' | b',' | b'`' | b'\\')
            })
            .unwrap_or(rest.len());
        // a sentence goes on behind it
        let url = rest.get(..len)?;
        let url = url.get(..url.len() - url.iter().rev().take_while(|b| matches!(b, b':' | b';' | b'.')).count())?;
        Some(url).filter(|u| is_llm_url(u))
    })
}

/// Reads a URL: base, endpoint, and what hosts and paths say of model and region.
pub fn read_url(url: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    let Some((scheme, host, path)) = parts(url) else {
        return read_path(url, clean, seen);
    };
    seen.base_url = clean.base_url(&[scheme, b"://", without_default_port(scheme, host)].concat());
    let name = host.rsplit(|b| *b == b'@').next().unwrap_or_default();
    seen.region = seen.region.take().or_else(|| region(name).and_then(|r| clean.version(r)));
    read_path(path, clean, seen);
}

/// Reads a path: the endpoint, and the model where it stands there.
pub fn read_path(path: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    // a page writes `&nbsp;` for the space behind it
    let path = path.split(|b| matches!(b, b'?' | b'#' | b'&')).next().unwrap_or_default();
    if path.len() > 1 {
        seen.endpoint = clean.path(path);
    }
    if let Some(model) = model(path) {
        seen.model = seen.model.take().or_else(|| clean.model(&percent_decoded(model)));
    }
    if [b":stream".as_slice(), b"-stream"].iter().any(|s| memchr::memmem::find(path, s).is_some()) {
        seen.stream = seen.stream.or(Some(true));
    }
}

fn without_default_port<'h>(scheme: &[u8], host: &'h [u8]) -> &'h [u8] {
    let default: &[u8] = if scheme.eq_ignore_ascii_case(b"https") { b":443" } else { b":80" };
    host.strip_suffix(default).unwrap_or(host)
}

/// `/model/<id>/invoke`, `/models/<id>:generateContent`, `/deployments/<name>/chat/completions`.
fn model(path: &[u8]) -> Option<&[u8]> {
    for (before, ends) in [(b"/model/".as_slice(), b"/".as_slice()), (b"/models/", b":/"), (b"/deployments/", b"/")] {
        if let Some(at) = memchr::memmem::rfind(path, before) {
            let rest = path.get(at + before.len()..)?;
            let len = rest.iter().position(|b| ends.contains(b))?;
            return rest.get(..len).filter(|m| !m.is_empty());
        }
    }
    None
}

/// `bedrock-runtime.us-east-1.amazonaws.com`, `us-east5-aiplatform.googleapis.com`.
fn region(host: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = host.strip_prefix(b"bedrock-runtime.").or_else(|| host.strip_prefix(b"bedrock-runtime-fips.")) {
        return rest.split(|b| *b == b'.').next();
    }
    let at = memchr::memmem::find(host, b"-aiplatform.")?;
    host.get(..at)
}

/// Undoes percent-encoding, as often as it was done.
#[must_use]
pub fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..3 {
        let Some(decoded) = decoded_once(&text) else { break };
        text = decoded;
    }
    text
}

fn decoded_once(text: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'%', text)?;
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    let mut any = false;
    while let Some(&b) = text.get(at) {
        let code = text
            .get(at + 1..at + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (b, code) {
            (b'%', Some(code)) => {
                out.push(code);
                at += 3;
                any = true;
            }
            _ => {
                out.push(b);
                at += 1;
            }
        }
    }
    any.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn read(url: &str) -> [String; 4] {
        let mut seen = Seen::default();
        read_url(url.as_bytes(), &mut Cleaner::new(RuleSet::builtin(), Classes::default()), &mut seen);
        [seen.base_url, seen.endpoint, seen.model, seen.region].map(|c| c.map(|c| c.to_string()).unwrap_or_default())
    }

    #[test]
    fn urls_say_base_path_model_and_region() {
        assert_eq!(
            read("https://api.anthropic.com:443/v1/messages?beta=true"),
            ["https://api.anthropic.com", "/v1/messages", "", ""]
        );
        assert_eq!(
            read(
                "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse"
            ),
            [
                "https://bedrock-runtime.us-east-1.amazonaws.com",
                "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse",
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                "us-east-1"
            ]
        );
        assert_eq!(read("https://api.anthropic.com/v1/messages&nbsp;&quot;HTTP/1.1")[1], "/v1/messages");
        assert_eq!(
            read("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent?key=x")[2],
            "gemini-2.5-flash"
        );
        assert_eq!(
            read(
                "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict"
            )[2..],
            ["claude-sonnet-4-5@20250929", "us-east5"]
        );
        assert_eq!(
            read("https://x.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=1")[2],
            "gpt-4o"
        );
    }

    #[test]
    fn other_urls_are_no_calls() {
        assert!(is_llm_url(b"http://127.0.0.1:18080/v1/messages"));
        assert!(is_llm_url(b"https://api.anthropic.com/anything"));
        assert!(!is_llm_url(b"https://api.github.com/repos"));
        assert!(!is_endpoint(b"/v1/claims/4410/summary"));
    }
}

//! The route a request takes, as far as its URL, its client and its marks tell.

use crate::model::{Attempt, Layer};

/// A kind of route; each has its own owner, and figures of one are not mixed with those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// The provider's own API.
    Direct,
    /// Claude Code, wherever it sends to.
    ClaudeCode,
    /// A cloud that offers the model: Bedrock, Vertex, Azure.
    Cloud,
    /// A gateway.
    Gateway,
    /// The log does not tell.
    Unknown,
}

/// Hosts that are a provider's own.
const PROVIDERS: &[(&str, &str)] = &[
    ("api.anthropic.com", "anthropic"),
    ("api.openai.com", "openai"),
    ("generativelanguage.googleapis.com", "google"),
    ("api.mistral.ai", "mistral"),
    ("api.cohere.com", "cohere"),
    ("api.groq.com", "groq"),
    ("api.together.xyz", "together"),
    ("api.deepseek.com", "deepseek"),
    ("api.x.ai", "xai"),
];
/// Ends of hosts of clouds that offer models.
const CLOUDS: &[(&str, &str)] = &[
    ("amazonaws.com", "aws.bedrock"),
    ("aiplatform.googleapis.com", "gcp.vertex_ai"),
    ("openai.azure.com", "azure.ai.openai"),
    ("services.ai.azure.com", "azure.ai"),
];
/// Ends of hosts that are gateways.
const GATEWAYS: &[&str] = &[
    "openrouter.ai",
    "gateway.ai.cloudflare.com",
    "api.portkey.ai",
    "ai-gateway.vercel.sh",
    "oai.helicone.ai",
    "anthropic.helicone.ai",
];

/// The host of a URL, in small letters.
#[must_use]
pub fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(h, _)| h);
    (!host.is_empty()).then_some(host)
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

impl Route {
    /// Of an attempt.
    #[must_use]
    pub fn of(attempt: &Attempt) -> Self {
        let seen = &attempt.seen;
        if seen.client.as_ref().and_then(|c| c.name.as_ref()).is_some_and(|n| n.as_str().starts_with("claude-c")) {
            return Route::ClaudeCode;
        }
        let host = seen.base_url.as_ref().and_then(|u| host(u.as_str()));
        let host_is = |known: &[(&str, &str)]| host.is_some_and(|h| known.iter().any(|(k, _)| is_within(h, k)));
        if seen.marks.gateway
            || attempt.layers.iter().any(|v| v.layer == Layer::Gateway)
            || host.is_some_and(|h| GATEWAYS.iter().any(|g| is_within(h, g)))
        {
            Route::Gateway
        } else if host_is(CLOUDS) {
            Route::Cloud
        } else if host_is(PROVIDERS) {
            Route::Direct
        } else {
            Route::Unknown
        }
    }

    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Route::Direct => "direct",
            Route::ClaudeCode => "claude_code",
            Route::Cloud => "cloud",
            Route::Gateway => "gateway",
            Route::Unknown => "unknown",
        }
    }
}

/// Whose model it is, by the host, and by the model's name where the host does not tell.
#[must_use]
pub fn provider(attempt: &Attempt) -> Option<&'static str> {
    let seen = &attempt.seen;
    let host = seen.base_url.as_ref().and_then(|u| host(u.as_str()));
    let by_host = host.and_then(|h| PROVIDERS.iter().chain(CLOUDS).find(|(k, _)| is_within(h, k)).map(|(_, p)| *p));
    let model = || {
        let model = seen.model.as_ref()?.as_str();
        let families = [
            ("claude", "anthropic"),
            ("gpt-", "openai"),
            ("o1", "openai"),
            ("o3", "openai"),
            ("o4", "openai"),
            ("gemini", "google"),
        ];
        families.iter().find(|(part, _)| model.contains(part)).map(|(_, p)| *p)
    };
    let id = || seen.request_id.as_ref().filter(|id| id.as_str().starts_with("req_01")).map(|_| "anthropic");
    by_host.or_else(id).or_else(model)
}

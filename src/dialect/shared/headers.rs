//! HTTP headers, of requests and responses: what each name tells.

mod limits;
mod names;

use crate::literal::{Node, Timestamp, trim};
use crate::model::{Client, Id, IdKind, Link, LinkKind, Seen, UserBy, id_kind};
use crate::redact::Cleaner;
use names::{HEADERS, Part, Tells};
use std::sync::Arc;

/// Beginnings of the names of headers that gateways add.
const GATEWAYS: &[&str] =
    &["x-litellm-", "x-portkey-", "x-kong-", "cf-aig-", "helicone-", "ngrok-aig-", "x-bifrost-", "llm_provider-"];
/// Responses that pass through LiteLLM carry the provider's headers under this prefix.
const COPIED: &str = "llm_provider-";

/// A class around a header map may wrap it so deep: `Headers { [Symbol(map)]: [Object: null prototype] {…} }`.
const MAX_WRAPS: usize = 3;

/// Reads all headers of a request or a response.
pub fn read(headers: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen, links: &mut Vec<Link>) {
    let mut all = Vec::new();
    unwrapped(headers, 0, &mut all);
    for (name, value) in &all {
        let value = match value {
            // header maps of some clients hold lists of values
            Node::Group(entries) => entries.first().and_then(|(_, first)| first.bytes()),
            other => other.bytes(),
        };
        if let Some(value) = value {
            one(name, value, clean, seen, links);
        }
    }
    if all.iter().any(|(name, _)| name.to_ascii_lowercase().starts_with(b"openai-")) {
        adopt(seen);
    }
    seen.marks.all_headers |= all.len() > 2;
}

/// The headers of a map, and of the map in it where a class prints its inside.
fn unwrapped<'n>(map: &'n Node<'_>, depth: usize, all: &mut Vec<(&'n [u8], &'n Node<'n>)>) {
    all.extend(map.pairs());
    if depth < MAX_WRAPS {
        for (_, inner) in map.entries().filter(|(_, inner)| inner.pairs().next().is_some()) {
            unwrapped(inner, depth + 1, all);
        }
    }
}

/// OpenAI's ids are sometimes plain hexadecimal digits under a name that anybody may use.
fn adopt(seen: &mut Seen) {
    if seen.request_id.is_none()
        && let Some(at) = seen.ids.iter().position(|id| id.name.as_ref().is_some_and(|n| *n == "x-request-id"))
    {
        seen.request_id = Some(seen.ids.remove(at).value);
        seen.marks.provider_id = true;
    }
}

/// Reads one header.
pub fn one(name: &[u8], value: &[u8], clean: &mut Cleaner, seen: &mut Seen, links: &mut Vec<Link>) {
    let Ok(name) = std::str::from_utf8(trim(name)) else { return };
    let mut name = name.to_ascii_lowercase();
    let value = trim(value);
    if GATEWAYS.iter().any(|g| name.starts_with(g)) {
        seen.marks.gateway = true;
    }
    if let Some(copied) = name.strip_prefix(COPIED) {
        // the copied `date` and the rest are the provider's own
        name = copied.to_owned();
    }
    if limits::one(&name, value, seen) {
        return;
    }
    let Some((name, tells)) = HEADERS.iter().find(|(known, _)| *known == name) else { return };
    match tells {
        Tells::Request => request(name, value, clean, seen),
        Tells::RequestIfProviders if id_kind(value) == Some(IdKind::ProviderRequest) => {
            request(name, value, clean, seen)
        }
        Tells::RequestIfProviders => id(IdKind::GatewayRequest, name, value, clean, seen),
        Tells::Id(kind) => {
            id(*kind, name, value, clean, seen);
            if *kind == IdKind::Call {
                links.extend(clean.id(value).map(|value| Link { kind: LinkKind::Call, value }));
            }
        }
        Tells::Gateway => {
            id(IdKind::GatewayRequest, name, value, clean, seen);
            links.extend(clean.id(value).map(|value| Link { kind: LinkKind::Gateway, value }));
        }
        Tells::RetryAfter => seen.retry_after_s = seen.retry_after_s.or_else(|| seconds(value)),
        Tells::RetryAfterMs => seen.retry_after_s = number(value).map(|ms: f64| ms / 1000.0).or(seen.retry_after_s),
        Tells::Date => {
            seen.server_ms = seen.server_ms.or_else(|| Timestamp::begins(value).and_then(|(t, _)| t.utc_ms()))
        }
        Tells::ErrorType => {
            let kind = value.split(|b| *b == b':').next().unwrap_or_default();
            seen.error_type = seen.error_type.take().or_else(|| clean.word(kind));
            seen.marks.provider_body = true;
        }
        Tells::Region => seen.region = seen.region.take().or_else(|| clean.version(value)),
        Tells::Model => seen.model = seen.model.take().or_else(|| clean.model(value)),
        Tells::ModelGroup => seen.model_group = seen.model_group.take().or_else(|| clean.model(value)),
        // `anthropic/claude-sonnet-5`: the first part is the API
        Tells::ModelUsed => {
            seen.model_used = seen.model_used.take().or_else(|| clean.model(value.split(|b| *b == b'/').next_back()?))
        }
        Tells::Earlier => seen.earlier = seen.earlier.or_else(|| number(value)),
        Tells::ContentType => {
            seen.marks.html |= value.starts_with(b"text/html");
            if value.starts_with(b"text/event-stream") {
                seen.stream = seen.stream.or(Some(true));
            }
        }
        Tells::Server => seen.marks.edge |= value.eq_ignore_ascii_case(b"cloudflare"),
        Tells::Via => via(value, seen),
        Tells::RetryCount => {
            if let Some(number) = number::<u32>(value).and_then(|n| n.checked_add(1)) {
                seen.count(number);
            }
        }
        // the SDKs say seconds; TypeScript's before 0.40 said milliseconds
        Tells::Timeout => {
            seen.timeout_s =
                seen.timeout_s.or_else(|| number(value).map(|t: f64| if t >= 10_000.0 { t / 1000.0 } else { t }))
        }
        Tells::Key => seen.auth = seen.auth.or(Some(kind_of_key(value, "api_key"))),
        Tells::Authorization => seen.auth = seen.auth.or_else(|| authorization(value)),
        Tells::UserAgent => user_agent(value, clean, seen),
        Tells::Sdk(part) => sdk(*part, value, clean, seen),
        Tells::EndUser => seen.is_for(clean.user(UserBy::End, value)),
    }
}

fn request(name: &str, value: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    let Some(value) = clean.request_id(value) else { return };
    if seen.request_id.is_none() {
        seen.marks.provider_id = true;
        seen.request_id = Some(value);
    } else if seen.request_id.as_ref() != Some(&value) {
        // Anthropic on AWS sends two; its own is the one that its support traces
        let id = |value| Id { kind: IdKind::ProviderRequest, name: clean.word(name.as_bytes()), value };
        let other = if name == "request-id" { seen.request_id.replace(value) } else { Some(value) };
        let other = other.map(id);
        seen.ids.extend(other);
    }
}

fn id(kind: IdKind, name: &str, value: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    if let Some(id) = clean.named_id(kind, name, value) {
        seen.add_id(id);
    }
}

fn number<T: std::str::FromStr>(value: &[u8]) -> Option<T> {
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

/// Seconds; a date is nothing that can be compared with a wait.
fn seconds(value: &[u8]) -> Option<f64> {
    number::<f64>(value).filter(|s| s.is_finite() && *s >= 0.0)
}

/// `1.1 google` stands on Anthropic's own responses; anything else is a proxy's or a gateway's.
fn via(value: &[u8], seen: &mut Seen) {
    let lower = value.to_ascii_lowercase();
    let has = |word: &str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    let edge = ["google", "envoy", "cloudfront", "hit", "miss"].into_iter().any(has);
    if has("kong") {
        seen.marks.gateway = true;
    } else if !edge || has("squid") || has("zscaler") {
        seen.marks.proxy = true;
    }
}

fn kind_of_key(value: &[u8], otherwise: &'static str) -> &'static str {
    if memchr::memmem::find(value, b"sk-ant-oat").is_some() {
        "oauth"
    } else if value.starts_with(b"sk-") || value.starts_with(b"AIza") {
        "api_key"
    } else {
        otherwise
    }
}

fn authorization(value: &[u8]) -> Option<&'static str> {
    let (scheme, rest) = value.split_at(value.iter().position(|b| *b == b' ')?);
    Some(match scheme {
        b"Bearer" | b"bearer" => kind_of_key(trim(rest), "bearer"),
        b"Basic" | b"basic" => "basic",
        s if s.starts_with(b"AWS4-") => "sigv4",
        _ => return None,
    })
}

/// `Anthropic/JS 1.11.0`, `claude-cli/2.1.329 (external, cli)`, `Anthropic/Python 2.11.0`, `python-requests/2.34.2`.
fn user_agent(value: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    let Ok(text) = std::str::from_utf8(value) else { return };
    let (name, version) = match text.split_once('/') {
        Some((name, rest)) if matches!(name, "Anthropic" | "AsyncAnthropic" | "OpenAI" | "AsyncOpenAI") => {
            let (language, version) = rest.split_once(' ').unwrap_or((rest, ""));
            (format!("{}-{}", name.trim_start_matches("Async").to_lowercase(), language.to_lowercase()), version)
        }
        Some((name, rest)) => {
            (name.to_owned(), rest.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default())
        }
        None => (text.split(|c: char| c.is_whitespace()).next().unwrap_or_default().to_owned(), ""),
    };
    if matches!(name.as_str(), "Mozilla" | "") {
        return;
    }
    let name = clean.version(name.as_bytes());
    let version = clean.version(version.as_bytes());
    change(seen, |client| {
        client.name = client.name.take().or(name);
        client.version = client.version.take().or(version);
    });
}

fn sdk(part: Part, value: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    let Some(value) = clean.version(value) else { return };
    change(seen, |client| {
        let joined =
            |mine: Option<crate::model::Clean>| mine.map(|m| crate::model::Clean::vouched(&format!("{m} {value}")));
        match part {
            Part::Language => {}
            Part::Version => client.version = Some(value),
            Part::Runtime => client.runtime = client.runtime.take().or(Some(value)),
            Part::RuntimeVersion => client.runtime = joined(client.runtime.take()).or(Some(value)),
            Part::System => client.os = client.os.take().or(Some(value)),
            Part::Architecture => client.os = joined(client.os.take()).or(Some(value)),
        }
    });
}

fn change(seen: &mut Seen, how: impl FnOnce(&mut Client)) {
    let mut client = seen.client.as_deref().cloned().unwrap_or_default();
    how(&mut client);
    seen.client = Some(Arc::new(client));
}

/// Reads header lines: `request-id: req_…`.
pub fn read_lines<'t>(
    lines: impl Iterator<Item = &'t [u8]>,
    clean: &mut Cleaner,
    seen: &mut Seen,
    links: &mut Vec<Link>,
) {
    let mut count = 0;
    for line in lines {
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        let (name, value) = (line.get(..colon).unwrap_or_default(), line.get(colon + 1..).unwrap_or_default());
        one(name, value, clean, seen, links);
        count += 1;
    }
    seen.marks.all_headers |= count > 2;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn seen(headers: &str) -> Seen {
        let mut seen = Seen::default();
        let (node, _) = Node::read(headers.as_bytes()).unwrap();
        read(&node, &mut Cleaner::new(RuleSet::builtin(), Classes::default()), &mut seen, &mut Vec::new());
        seen
    }

    #[test]
    fn every_shape_of_headers_says_the_same() {
        for text in [
            "Headers({'date': 'Sat, 21 Nov 2026 06:26:43 GMT', 'Request-Id': 'req_011CT713MmvDeEszFAzwPU4y', 'retry-after': '2', 'cf-ray': '48369c3ebe0520e4-SJC'})",
            "[(b'Date', b'Sat, 21 Nov 2026 06:26:43 GMT'), (b'Request-Id', b'req_011CT713MmvDeEszFAzwPU4y'), (b'retry-after', b'2'), (b'cf-ray', b'48369c3ebe0520e4-SJC')]",
        ] {
            let seen = seen(text);
            assert_eq!(seen.request_id.map(|c| c.to_string()).as_deref(), Some("req_011CT713MmvDeEszFAzwPU4y"));
            assert_eq!((seen.retry_after_s, seen.server_ms), (Some(2.0), Some(1_795_242_403_000)));
            assert_eq!(seen.ids.iter().map(|i| i.kind).collect::<Vec<_>>(), [IdKind::EdgeRay]);
        }
    }

    #[test]
    fn a_request_id_is_the_providers() {
        let own = seen("{'x-request-id': '0fd5fea8-2006-4449-af1e-469e1a2d4ad9', 'server': 'envoy', 'a': 'b'}");
        assert_eq!((own.request_id, own.ids[0].kind), (None, IdKind::GatewayRequest));
        let openai =
            seen("{'x-request-id': '734bce8facec0418d6845ec585f2b9a1', 'openai-version': '2020-10-01', 'a': 'b'}");
        assert!(openai.request_id.is_some());
        let copied = seen(
            "{'x-litellm-call-id': '36609ebe-a4d0-4bf0-9c70-1ae923668566', 'llm_provider-request-id': 'req_011CT713MmvDeEszFAzwPU4y', 'a': 'b'}",
        );
        assert!(copied.request_id.is_some() && copied.marks.gateway);
    }

    #[test]
    fn clients_say_what_they_are() {
        let seen = seen(
            "{'user-agent': 'Anthropic/JS 1.11.0', 'x-stainless-os': 'Linux', 'x-stainless-arch': 'x64', 'x-stainless-retry-count': '1', 'authorization': 'Bearer sk-ant-oat01-x'}",
        );
        let client = seen.client.unwrap();
        assert_eq!(client.name.as_ref().map(|c| c.as_str()), Some("anthropic-js"));
        assert_eq!(client.os.as_ref().map(|c| c.as_str()), Some("Linux x64"));
        assert_eq!((seen.number, seen.auth), (Some(2), Some("oauth")));
    }
}

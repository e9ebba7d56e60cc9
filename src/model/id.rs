//! Identifiers by their shape: what a support team traces a request by.
//!
//! They look as random as keys do, and destroying one is as bad as leaking a key. Shapes and what each
//! provider calls them: the providers' API references and the values that their services send.

/// What an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdKind {
    /// A request, by the provider that answered it.
    ProviderRequest,
    /// A request, by a gateway, a proxy or a framework between the caller and the provider.
    GatewayRequest,
    /// A request, by the edge network in front of the provider: `cf-ray`.
    EdgeRay,
    /// A message or response that a model produced.
    Message,
    /// A tool call inside a message.
    ToolCall,
    /// A trace over services.
    Trace,
    /// A step of a trace.
    Span,
    /// A session, thread or conversation.
    Session,
    /// The caller's own id for a piece of work.
    Correlation,
    /// All attempts of one call, as the client numbered it.
    Call,
    /// A file, batch, container or other object at the provider.
    Object,
    /// An organization or workspace at the provider.
    Organization,
}

impl IdKind {
    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            IdKind::ProviderRequest => "provider_request",
            IdKind::GatewayRequest => "gateway_request",
            IdKind::EdgeRay => "edge_ray",
            IdKind::Message => "message",
            IdKind::ToolCall => "tool_call",
            IdKind::Trace => "trace",
            IdKind::Span => "span",
            IdKind::Session => "session",
            IdKind::Correlation => "correlation",
            IdKind::Call => "call",
            IdKind::Object => "object",
            IdKind::Organization => "organization",
        }
    }
}

/// Which characters follow a prefix.
#[derive(Clone, Copy)]
enum Tail {
    Alnum,
    Hex,
    /// Letters, digits, `-` and `_`.
    Url,
}

/// Identifiers that carry their kind in a prefix: prefix, fewest characters after it, which, kind.
const PREFIXED: &[(&str, usize, Tail, IdKind)] = &[
    ("req_vrtx_", 20, Tail::Alnum, IdKind::ProviderRequest),
    ("req_bdrk_", 20, Tail::Alnum, IdKind::ProviderRequest),
    ("req_", 16, Tail::Alnum, IdKind::ProviderRequest),
    ("msg_bdrk_", 16, Tail::Alnum, IdKind::Message),
    ("msg_vrtx_", 16, Tail::Alnum, IdKind::Message),
    ("msg_", 16, Tail::Alnum, IdKind::Message),
    ("chatcmpl-", 16, Tail::Url, IdKind::Message),
    ("cmpl-", 16, Tail::Alnum, IdKind::Message),
    ("resp_", 16, Tail::Alnum, IdKind::Message),
    ("gen-", 10, Tail::Url, IdKind::Message),
    ("rs_", 20, Tail::Alnum, IdKind::Message),
    ("fc_", 20, Tail::Alnum, IdKind::ToolCall),
    ("toolu_", 16, Tail::Url, IdKind::ToolCall),
    ("srvtoolu_", 16, Tail::Alnum, IdKind::ToolCall),
    ("call_", 16, Tail::Alnum, IdKind::ToolCall),
    ("msgbatch_", 16, Tail::Alnum, IdKind::Object),
    ("file_0", 16, Tail::Alnum, IdKind::Object),
    ("file-", 20, Tail::Alnum, IdKind::Object),
    ("container_0", 16, Tail::Alnum, IdKind::Object),
    ("asst_", 16, Tail::Alnum, IdKind::Object),
    ("thread_", 16, Tail::Alnum, IdKind::Session),
    ("run_", 16, Tail::Alnum, IdKind::Object),
    ("batch_", 16, Tail::Alnum, IdKind::Object),
    ("wrkspc_", 16, Tail::Alnum, IdKind::Organization),
    ("org-", 8, Tail::Alnum, IdKind::Organization),
    ("proj_", 16, Tail::Alnum, IdKind::Organization),
    ("log_", 6, Tail::Hex, IdKind::Call),
    ("stainless-python-retry-", 36, Tail::Url, IdKind::Call),
    ("stainless-node-retry-", 36, Tail::Url, IdKind::Call),
];

/// No identifier has fewer characters: `log_` and six digits.
const SHORTEST: usize = 10;

/// The kind of an identifier that says so by its own shape; `None` for UUIDs and plain hex, which may be
/// anything (see [`is_opaque_id`]).
#[must_use]
pub fn id_kind(value: &[u8]) -> Option<IdKind> {
    if value.len() < SHORTEST {
        return None;
    }
    for (prefix, least, tail, kind) in PREFIXED.iter().filter(|(prefix, ..)| prefix.as_bytes().first() == value.first())
    {
        if let Some(rest) = value.strip_prefix(prefix.as_bytes()) {
            return (rest.len() >= *least && rest.len() <= 96 && rest.iter().all(|b| tail.has(*b))).then_some(*kind);
        }
    }
    if is_ray(value) {
        return Some(IdKind::EdgeRay);
    }
    if is_traceparent(value) || is_xray(value) {
        return Some(IdKind::Trace);
    }
    None
}

/// Whether a value is an identifier of some kind: one of [`id_kind`]'s, a UUID, a ULID, or plain hex of a
/// usual length.
#[must_use]
pub fn is_opaque_id(value: &[u8]) -> bool {
    // no word is one
    value.len() >= SHORTEST
        && !value.iter().all(u8::is_ascii_lowercase)
        && (id_kind(value).is_some() || is_uuid(value) || is_ulid(value) || is_hex_id(value) || is_digest(value))
}

/// `8-4-4-4-12` hexadecimal digits.
#[must_use]
pub fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// 26 characters of Crockford's base 32 that begin with a time in this century.
#[must_use]
pub fn is_ulid(value: &[u8]) -> bool {
    let digit = |b: &u8| b.is_ascii_digit() || (b.is_ascii_uppercase() && !matches!(b, b'I' | b'L' | b'O' | b'U'));
    value.len() == 26 && value.starts_with(b"01") && value.iter().all(digit)
}

/// 16, 32, 40 or 64 hexadecimal digits in one case: span ids, trace ids, commits, hashes. `0x` may precede.
#[must_use]
pub fn is_hex_id(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"0x").unwrap_or(value);
    let lower = || digits.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    let upper = || digits.iter().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b));
    matches!(digits.len(), 16 | 32 | 40 | 64) && (lower() || upper())
}

/// `sha256:…`, `sha512-…==`.
fn is_digest(value: &[u8]) -> bool {
    let rest = value
        .strip_prefix(b"sha256:")
        .or_else(|| value.strip_prefix(b"sha512-"))
        .or_else(|| value.strip_prefix(b"sha384-"));
    rest.is_some_and(|r| {
        r.len() >= 40 && r.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
    })
}

/// `<16 hex>-<airport>`; the airport may be missing.
#[must_use]
pub fn is_ray(value: &[u8]) -> bool {
    match value.split_at_checked(16) {
        Some((ray, colo)) => {
            ray.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
                && colo.len() == 4
                && colo.first() == Some(&b'-')
                && colo.iter().skip(1).all(u8::is_ascii_uppercase)
        }
        None => false,
    }
}

/// W3C trace context: `00-<32 hex>-<16 hex>-<2 hex>`.
fn is_traceparent(value: &[u8]) -> bool {
    value.len() == 55
        && value.iter().enumerate().all(|(i, b)| match i {
            2 | 35 | 52 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// AWS X-Ray: `Root=1-<8 hex>-<24 hex>…`.
fn is_xray(value: &[u8]) -> bool {
    let root = value.strip_prefix(b"Root=").or_else(|| value.strip_prefix(b"Self=")).unwrap_or(value);
    root.strip_prefix(b"1-")
        .is_some_and(|r| r.len() >= 33 && r.get(8) == Some(&b'-') && r.iter().take(8).all(u8::is_ascii_hexdigit))
}

impl Tail {
    fn has(self, b: u8) -> bool {
        match self {
            Tail::Alnum => b.is_ascii_alphanumeric(),
            Tail::Hex => b.is_ascii_hexdigit(),
            Tail::Url => b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_say_what_they_name() {
        for (value, kind) in [
            ("req_011CMGYtqxWNEZC7PuSZU1u8", Some(IdKind::ProviderRequest)),
            ("req_vrtx_011CfrDnzbmVSJu89BUNxVnp", Some(IdKind::ProviderRequest)),
            ("req_734bce8facec0418d6845ec585f2b9a1", Some(IdKind::ProviderRequest)),
            ("48369c3ebe0520e4-SJC", Some(IdKind::EdgeRay)),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Some(IdKind::Trace)),
            ("req-1", None),
            ("request", None),
        ] {
            assert_eq!(id_kind(value.as_bytes()), kind, "{value}");
        }
    }

    #[test]
    fn opaque_ids_are_ids_of_some_kind() {
        for value in
            ["0fd5fea8-2006-4449-af1e-469e1a2d4ad9", "f87c00e3a0716bebe4d491652c47a831", "01JQ8Z3V9M4K7T2B5N6P8R0S1W"]
        {
            assert!(is_opaque_id(value.as_bytes()), "{value}");
        }
        assert!(!is_opaque_id(b"deadbeef"));
    }
}

//! The branch of a failure: what kind it is, from the pair of what arrived and what it was called.

use crate::model::{ErrorKind, Seen, Trouble, documented_status, error_kind};

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Branch {
    /// 500 and other 5xx without a row of their own.
    ServerError,
    /// 529, or the error type that says so.
    Overloaded,
    /// 429.
    RateLimited,
    /// 504 and 408: the server gave up.
    Timeout,
    /// 503.
    Unavailable,
    /// No response; why, as far as it is known.
    NoResponse(Trouble),
    /// Failed after it began with success.
    StreamError,
    /// 401 and 403.
    Auth,
    /// 402, or an error type about money.
    Billing,
    /// Any other 4xx.
    ClientRequest,
    /// It failed, and the log does not tell how.
    Unknown,
    /// It did not fail.
    None,
}

impl Branch {
    /// Of an attempt.
    #[must_use]
    pub fn of(seen: &Seen) -> Self {
        if !seen.failed() {
            return Branch::None;
        }
        let success = seen.status.is_some_and(|s| (200..300).contains(&s));
        match seen.trouble {
            Some(Trouble::Quota) => return Branch::Billing,
            Some(t) if t.in_stream() || success => return Branch::StreamError,
            Some(t) if seen.status.is_none() => return Branch::NoResponse(t),
            _ => {}
        }
        if success {
            return Branch::StreamError;
        }
        let by_status = seen.status.map(Self::of_status);
        let documented = name(seen).and_then(documented_status);
        let kind = kind(seen).map(Self::of_kind);
        match (by_status, kind) {
            // one status has several meanings, and the provider says which: 424, 429
            (Some(_), Some(kind)) if documented == seen.status => kind,
            // the type decides where the server's own branches meet: gateways make 500 of 529
            (Some(status), Some(kind)) if status.is_servers() && (kind.is_servers() || kind == Branch::RateLimited) => {
                kind
            }
            (
                Some(Branch::RateLimited | Branch::ClientRequest),
                Some(kind @ (Branch::Billing | Branch::Overloaded | Branch::Unavailable)),
            ) => kind,
            (Some(status), _) => status,
            (None, Some(kind)) => kind,
            (None, None) => Branch::Unknown,
        }
    }

    /// Of a status alone.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            401 | 403 => Branch::Auth,
            402 => Branch::Billing,
            // no server answers so for itself
            407 => Branch::NoResponse(Trouble::Proxy),
            408 | 504 => Branch::Timeout,
            429 => Branch::RateLimited,
            503 => Branch::Unavailable,
            529 => Branch::Overloaded,
            400..500 => Branch::ClientRequest,
            500..600 => Branch::ServerError,
            _ => Branch::Unknown,
        }
    }

    fn of_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Server => Branch::ServerError,
            ErrorKind::Overloaded => Branch::Overloaded,
            ErrorKind::RateLimited => Branch::RateLimited,
            ErrorKind::Timeout => Branch::Timeout,
            ErrorKind::Unavailable => Branch::Unavailable,
            ErrorKind::Auth => Branch::Auth,
            ErrorKind::Billing => Branch::Billing,
            ErrorKind::Request => Branch::ClientRequest,
            ErrorKind::Stream => Branch::StreamError,
        }
    }

    fn is_servers(self) -> bool {
        matches!(self, Branch::ServerError | Branch::Overloaded | Branch::Timeout | Branch::Unavailable)
    }

    /// The branch of a name; `no_response` alone is the one without a known reason.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|b| b.name() == name)
    }

    /// Its name in packets: `no_response.dns`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Branch::ServerError => "server_error",
            Branch::Overloaded => "overloaded",
            Branch::RateLimited => "rate_limited",
            Branch::Timeout => "timeout",
            Branch::Unavailable => "unavailable",
            Branch::NoResponse(Trouble::Dns) => "no_response.dns",
            Branch::NoResponse(Trouble::Connect) => "no_response.connect",
            Branch::NoResponse(Trouble::Tls) => "no_response.tls",
            Branch::NoResponse(Trouble::Proxy) => "no_response.proxy",
            Branch::NoResponse(Trouble::Reset) => "no_response.reset",
            Branch::NoResponse(Trouble::ClientTimeout) => "no_response.client_timeout",
            Branch::NoResponse(_) => "no_response",
            Branch::StreamError => "stream_error",
            Branch::Auth => "auth",
            Branch::Billing => "billing",
            Branch::ClientRequest => "client_request",
            Branch::Unknown => "unknown",
            Branch::None => "none",
        }
    }

    /// Its name as people say it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Branch::ServerError => "internal server error",
            Branch::Overloaded => "overloaded",
            Branch::RateLimited => "rate limited",
            Branch::Timeout => "server timeout",
            Branch::Unavailable => "service unavailable",
            Branch::NoResponse(Trouble::Dns) => "no response: name not resolved",
            Branch::NoResponse(Trouble::Connect) => "no response: no connection",
            Branch::NoResponse(Trouble::Tls) => "no response: no encrypted connection",
            Branch::NoResponse(Trouble::Proxy) => "no response: refused by a proxy",
            Branch::NoResponse(Trouble::Reset) => "no response: connection broken",
            Branch::NoResponse(Trouble::ClientTimeout) => "no response: the client stopped waiting",
            Branch::NoResponse(_) => "no response",
            Branch::StreamError => "error in the middle of a stream",
            Branch::Auth => "not authorised",
            Branch::Billing => "billing",
            Branch::ClientRequest => "request not accepted",
            Branch::Unknown => "failure of unknown kind",
            Branch::None => "no failure",
        }
    }

    /// All branches that explain themselves, each once.
    pub const ALL: &'static [Branch] = &[
        Branch::ServerError,
        Branch::Overloaded,
        Branch::RateLimited,
        Branch::Timeout,
        Branch::Unavailable,
        Branch::NoResponse(Trouble::Dns),
        Branch::NoResponse(Trouble::Connect),
        Branch::NoResponse(Trouble::Tls),
        Branch::NoResponse(Trouble::Proxy),
        Branch::NoResponse(Trouble::Reset),
        Branch::NoResponse(Trouble::ClientTimeout),
        Branch::NoResponse(Trouble::NoResponse),
        Branch::StreamError,
        Branch::Auth,
        Branch::Billing,
        Branch::ClientRequest,
        Branch::Unknown,
    ];
}

/// The kind that the error's own names tell: the finer code first.
#[must_use]
pub fn kind(seen: &Seen) -> Option<ErrorKind> {
    // money is often told as a wrong request
    let money = |m: &str| m.contains("credit balance is too low") || m.contains("your specified API usage limits");
    if seen.message.as_ref().is_some_and(|m| money(m.as_str())) {
        return Some(ErrorKind::Billing);
    }
    name(seen).and_then(error_kind)
}

/// The name for the error that is known: the finer code where it is.
fn name(seen: &Seen) -> Option<&str> {
    let known = |name: &&str| error_kind(name).is_some();
    let code = seen.error_code.as_ref().map(|c| c.as_str()).filter(known);
    code.or_else(|| seen.error_type.as_ref().map(|t| t.as_str()).filter(known))
}

/// Whether the message says that there is no capacity, whatever the type says.
fn says_overloaded(seen: &Seen) -> bool {
    seen.message.as_ref().is_some_and(|m| m.as_str().trim_end_matches('.').eq_ignore_ascii_case("overloaded"))
}

/// Where what arrived and what it was called do not go together, in a sentence.
#[must_use]
pub fn conflict(seen: &Seen) -> Option<String> {
    let (Some(status), Some(name)) = (seen.status, &seen.error_type) else {
        return seen
            .reported_status
            .zip(seen.status)
            .filter(|(a, b)| a != b)
            .map(|(reported, arrived)| format!("one layer reports {reported} where {arrived} arrived"));
    };
    if (200..300).contains(&status) {
        return None;
    }
    if says_overloaded(seen) && kind(seen).is_some_and(|k| !matches!(k, ErrorKind::Overloaded | ErrorKind::Unavailable))
    {
        return Some(format!("status {status} with {name}, and the message says that the service is overloaded"));
    }
    let (kind, documented) = (kind(seen)?, documented_status(name.as_str())?);
    let (by_status, by_type) = (Branch::of_status(status), Branch::of_kind(kind));
    (by_status != by_type && documented != status)
        .then(|| format!("status {status} with {name}, which is documented for {documented}"))
}

/// Whether a failure is the provider's own, clean internal error: its status, its name for it and its id.
#[must_use]
pub fn is_clean(seen: &Seen) -> bool {
    let named = kind(seen) == Some(ErrorKind::Server);
    seen.status == Some(500)
        && named
        && seen.request_id.is_some()
        && !seen.marks.html
        && seen.trouble.is_none()
        && conflict(seen).is_none()
}

//! What providers' names for errors mean.
//!
//! A status and an error type are a pair, and gateways change one of them. The tables here say which kind of
//! failure a type names and which status its provider documents for it. Sources: the API references of
//! Anthropic, OpenAI, Amazon Bedrock, Google Cloud and OpenRouter.

/// A kind of failure that an error type names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// The service failed inside.
    Server,
    /// The service has no capacity.
    Overloaded,
    /// The caller sends too much.
    RateLimited,
    /// The service took too long.
    Timeout,
    /// The service is not there.
    Unavailable,
    /// Who asks is not known, or may not.
    Auth,
    /// Money.
    Billing,
    /// The request is wrong.
    Request,
    /// The response broke off after it had begun.
    Stream,
}

use ErrorKind::{Auth, Billing, Overloaded, RateLimited, Request, Server, Stream, Timeout, Unavailable};

/// Name, kind, documented status. Names are compared without case and separators.
const TYPES: &[(&str, ErrorKind, u16)] = &[
    // Anthropic
    ("invalid_request_error", Request, 400),
    ("authentication_error", Auth, 401),
    ("billing_error", Billing, 402),
    ("permission_error", Auth, 403),
    ("not_found_error", Request, 404),
    ("conflict_error", Request, 409),
    ("request_too_large", Request, 413),
    ("rate_limit_error", RateLimited, 429),
    ("api_error", Server, 500),
    ("timeout_error", Timeout, 504),
    ("overloaded_error", Overloaded, 529),
    // OpenAI and what copies its shape
    ("server_error", Server, 500),
    ("internal_server_error", Server, 500),
    ("internal_error", Server, 500),
    ("rate_limit_exceeded", RateLimited, 429),
    ("tokens", RateLimited, 429),
    ("requests", RateLimited, 429),
    ("too_many_requests", RateLimited, 429),
    ("insufficient_quota", Billing, 429),
    ("server_is_overloaded", Overloaded, 503),
    ("service_unavailable_error", Unavailable, 503),
    ("service_unavailable", Unavailable, 503),
    ("invalid_api_key", Auth, 401),
    ("model_not_found", Request, 404),
    ("context_length_exceeded", Request, 400),
    ("content_filter", Request, 400),
    ("unsupported_value", Request, 400),
    // Amazon Bedrock
    ("ThrottlingException", RateLimited, 429),
    ("TooManyRequestsException", RateLimited, 429),
    ("ServiceQuotaExceededException", RateLimited, 400),
    ("ModelNotReadyException", Unavailable, 429),
    ("ModelTimeoutException", Timeout, 408),
    ("ModelErrorException", Server, 424),
    ("ModelStreamErrorException", Stream, 424),
    ("InternalServerException", Server, 500),
    ("ServiceUnavailableException", Unavailable, 503),
    ("ValidationException", Request, 400),
    ("ResourceNotFoundException", Request, 404),
    ("AccessDeniedException", Auth, 403),
    ("UnrecognizedClientException", Auth, 403),
    ("ExpiredTokenException", Auth, 403),
    ("InvalidSignatureException", Auth, 403),
    // Google
    ("INVALID_ARGUMENT", Request, 400),
    ("FAILED_PRECONDITION", Request, 400),
    ("UNAUTHENTICATED", Auth, 401),
    ("PERMISSION_DENIED", Auth, 403),
    ("NOT_FOUND", Request, 404),
    ("RESOURCE_EXHAUSTED", RateLimited, 429),
    ("INTERNAL", Server, 500),
    ("UNAVAILABLE", Unavailable, 503),
    ("DEADLINE_EXCEEDED", Timeout, 504),
];

fn row(name: &str) -> Option<&'static (&'static str, ErrorKind, u16)> {
    let letters = |text: &str| {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase()).collect::<Vec<u8>>()
    };
    let wanted = letters(name);
    TYPES.iter().find(|(known, ..)| letters(known) == wanted)
}

/// The kind of failure that an error type names; `None` for a type that is not known.
#[must_use]
pub fn error_kind(name: &str) -> Option<ErrorKind> {
    row(name).map(|(_, kind, _)| *kind)
}

/// The status that the provider documents for an error type.
#[must_use]
pub fn documented_status(name: &str) -> Option<u16> {
    row(name).map(|(.., status)| *status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_however_they_are_spelt() {
        assert_eq!(error_kind("overloaded_error"), Some(ErrorKind::Overloaded));
        assert_eq!(error_kind("throttlingException"), Some(ErrorKind::RateLimited));
        assert_eq!(documented_status("Resource_Exhausted"), Some(429));
        assert_eq!(error_kind("error"), None);
    }
}

//! Who answered: the provider is named only where its own marks are there.

use crate::model::{Attempt, IdKind, Layer, Trouble};

/// Who wrote a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Responder {
    /// The provider: its id, or an error in its shape.
    Provider,
    /// The network in front of the provider.
    Edge,
    /// A gateway that makes calls of its own.
    Gateway,
    /// A proxy that passes requests on.
    Proxy,
    /// Nobody: there was no response.
    Nobody,
    /// The log does not tell.
    Unknown,
}

impl Responder {
    /// Of an attempt, with what shows it.
    #[must_use]
    pub fn of(attempt: &Attempt) -> (Self, &'static str) {
        let seen = &attempt.seen;
        if let (None, Some(trouble)) = (seen.status, seen.trouble)
            && !trouble.in_stream()
            && trouble != Trouble::Quota
            && !seen.marks.provider_body
            && seen.request_id.is_none()
        {
            // behind a gateway nobody answered, and the gateway did for them
            return match seen.reported_status {
                Some(500..) if is_of_gateway(attempt) => {
                    (Responder::Gateway, "a gateway answered in place of the provider, of which no response came")
                }
                _ => (Responder::Nobody, "no response came"),
            };
        }
        let marks = seen.marks;
        if seen.status == Some(407) {
            return (Responder::Proxy, "status 407, which only proxies give");
        }
        if seen.request_id.is_some() || marks.provider_id {
            return (Responder::Provider, "the provider's request id");
        }
        if marks.html {
            return match (marks.proxy, marks.edge, marks.gateway) {
                (true, ..) => (Responder::Proxy, "a page in HTML with a proxy's marks"),
                (_, true, _) => (Responder::Edge, "a page in HTML with the edge network's marks"),
                (_, _, true) => (Responder::Gateway, "a page in HTML with a gateway's marks"),
                _ => (Responder::Unknown, "a page in HTML, which no provider's API sends"),
            };
        }
        if is_of_gateway(attempt) {
            return (Responder::Gateway, "a gateway's id or headers, and no id of the provider");
        }
        if marks.passed_on && !marks.proxy && !marks.provider_body {
            return (Responder::Unknown, "a proxy's log says that it came from behind the proxy, and has no id of it");
        }
        // a proxy numbers whatever passes through it
        let of_proxy = attempt.layers.iter().any(|v| v.layer == Layer::Proxy);
        if seen.ids.iter().any(|id| id.kind == IdKind::GatewayRequest)
            && !of_proxy
            && !marks.provider_body
            && !marks.passed_on
            && !marks.proxy
        {
            return (Responder::Gateway, "a gateway's id or headers, and no id of the provider");
        }
        if marks.proxy {
            return (Responder::Proxy, "a proxy's headers or its own log say so, and there is no id of the provider");
        }
        if marks.provider_body {
            return (Responder::Provider, "an error in the provider's shape");
        }
        if marks.edge {
            return (Responder::Edge, "the edge network's headers, and no id of the provider");
        }
        if seen.status.is_none() {
            return (Responder::Unknown, "no status in the log");
        }
        (Responder::Unknown, "neither an id nor the shape of an error in the log")
    }

    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Responder::Provider => "provider",
            Responder::Edge => "edge",
            Responder::Gateway => "gateway",
            Responder::Proxy => "proxy",
            Responder::Nobody => "nobody",
            Responder::Unknown => "unknown",
        }
    }
}

/// Whether a gateway had to do with it: by its marks, or by its log.
fn is_of_gateway(attempt: &Attempt) -> bool {
    attempt.seen.marks.gateway || attempt.layers.iter().any(|v| v.layer == Layer::Gateway)
}

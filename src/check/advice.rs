//! What to do on each branch: the first action, how to verify, when to stop.
//!
//! From the recovery board of the article on Claude's 500 that the project began from, and the API references
//! of the providers.

use super::branch::Branch;

/// What to do on a branch.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// What the branch means.
    pub means: &'static str,
    /// What it does not prove.
    pub not_proof: &'static str,
    /// What to do first.
    pub first_action: &'static str,
    /// How to tell whether that helped.
    pub verify: &'static str,
    /// When to stop, or what not to do.
    pub stop_rule: &'static str,
}

impl Branch {
    /// What to do.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            Branch::ServerError => SERVER_ERROR,
            Branch::Overloaded => OVERLOADED,
            Branch::RateLimited => RATE_LIMITED,
            Branch::Timeout => TIMEOUT,
            Branch::Unavailable => UNAVAILABLE,
            Branch::NoResponse(_) => NO_RESPONSE,
            Branch::StreamError => STREAM_ERROR,
            Branch::Auth => AUTH,
            Branch::Billing => BILLING,
            Branch::ClientRequest => CLIENT_REQUEST,
            Branch::Unknown => UNKNOWN,
            Branch::None => NONE,
        }
    }
}

const SERVER_ERROR: Advice = Advice {
    means: "The request reached the service, which failed inside. With the provider's error type and request id it is the provider's own internal error; without them, whoever is between may have made it.",
    not_proof: "It does not show which part of the service failed, and not that every other request fails.",
    first_action: "Keep request id, time, model, endpoint and route; look at the status page and note when.",
    verify: "The same path either recovers or repeats with the same branch.",
    stop_rule: "Stop after a small bounded retry budget; do not loop indefinitely.",
};
const OVERLOADED: Advice = Advice {
    means: "The service has no capacity for the request at the moment; it concerns all users, not one account.",
    not_proof: "It says nothing about the request itself, and nothing about the account's limits.",
    first_action: "Treat it as capacity pressure: reduce retries, wait, lower concurrency.",
    verify: "The error changes or clears after backoff and with less load.",
    stop_rule: "Do not diagnose it as your own validation bug.",
};
const RATE_LIMITED: Advice = Advice {
    means: "The account, the organisation or the workspace sends more than its limits allow, or grows faster than they do.",
    not_proof: "It is not a failure of the service.",
    first_action: "Look at usage, pacing and quota before retrying; wait as long as `retry-after` says.",
    verify: "Requests succeed after pacing, batching or a higher limit.",
    stop_rule: "Do not rotate keys as a default 500 fix.",
};
const TIMEOUT: Advice = Advice {
    means: "The service, or a gateway before it, gave up waiting for the work to be done.",
    not_proof: "It does not show whether the work was done in the end.",
    first_action: "Shorten, stream or batch the request, or set timeouts that fit it.",
    verify: "A smaller or streaming request completes on the same account.",
    stop_rule: "Do not call it a clean internal-server branch without the 500 response.",
};
const UNAVAILABLE: Advice = Advice {
    means: "Someone on the way said that the service is not there. Anthropic does not document 503: find out which hop answered.",
    not_proof: "A 503 without the provider's id does not show that the provider is down.",
    first_action: "Name the hop that answered: load balancer, gateway or provider; then look at its health.",
    verify: "The same request sent past that hop succeeds or fails differently.",
    stop_rule: "Do not blame the provider without its id or its shape of errors.",
};
const NO_RESPONSE: Advice = Advice {
    means: "No response came: the failure is on the way, or the client stopped waiting.",
    not_proof: "It is not an answer of the service; whether the request arrived is open.",
    first_action: "Test the network path, base URL, proxy, firewall and SDK timeout separately.",
    verify: "A known small request reaches the API and returns a normal response or a clearer error.",
    stop_rule: "Do not apply API 500 retry rules to a connection failure.",
};
const STREAM_ERROR: Advice = Advice {
    means: "The response began with success and then carried an error or broke off. SDKs do not retry it, and gateways count it as success.",
    not_proof: "The status 200 is not a success, and partial output may already have been used.",
    first_action: "Keep the request id and the error type of the event; decide what to do with the partial output.",
    verify: "The same request streams to its end, or breaks again with the same error type.",
    stop_rule: "Do not send it again blindly: part of the answer may already have had effects.",
};
const AUTH: Advice = Advice {
    means: "The credential is missing, wrong, expired, or may not do this.",
    not_proof: "It says nothing about the service's health.",
    first_action: "Check which credential the process really uses, and its workspace and permissions.",
    verify: "The same request succeeds with the credential that was meant.",
    stop_rule: "Change keys only here, and only after you know which one was sent.",
};
const BILLING: Advice = Advice {
    means: "The account has no credit, or a limit of spending or use was reached.",
    not_proof: "It is not a failure of the service or of the request.",
    first_action: "Check credit and limits in the provider's console.",
    verify: "The same request succeeds after the account is in order.",
    stop_rule: "This packet is not for it: go to billing.",
};
const CLIENT_REQUEST: Advice = Advice {
    means: "The service does not accept the request as it is.",
    not_proof: "It is not a failure of the service.",
    first_action: "Read the message of the error, and fix the request.",
    verify: "The changed request succeeds; the unchanged one fails every time.",
    stop_rule: "Do not retry it unchanged.",
};
const UNKNOWN: Advice = Advice {
    means: "The log says that a request failed, and not how.",
    not_proof: "Nothing can be concluded from it.",
    first_action: "Log status, error type and request id of the next failure.",
    verify: "The next failure shows them.",
    stop_rule: "Do not guess a branch.",
};
const NONE: Advice = Advice {
    means: "No failure was found in what was given.",
    not_proof: "A log that ends early, or has no line for failures, looks the same.",
    first_action: "Check that the log covers the time of the failure.",
    verify: "The failing request is in the log.",
    stop_rule: "Do not escalate without a failure.",
};

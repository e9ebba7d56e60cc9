//! Who answered.

use super::{places, times};
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::check::responder::Responder;
use crate::model::{IdKind, Trouble};

pub const RULES: &[Rule] = &[
    Rule {
        id: "provider_not_proven",
        severity: Severity::High,
        title: "nothing shows that the provider answered",
        means: "None of the failed responses carries the provider's id or an error in its shape: a gateway, a proxy or the edge may have written them.",
        not_proof: "It does not show that the provider is healthy, or that the request did not reach it.",
        action: "Log the response headers, and send one request past the gateway or proxy.",
        stop_rule: Some(
            "An upstream dependency issue, and a routed gateway problem can all appear to the caller as a returned 500.",
        ),
        source: "article on Claude's 500 api_error, what a clean 500 means; article on diagnosing Claude's 500, proxies",
        find: not_proven,
    },
    Rule {
        id: "gateway_id_without_provider_id",
        severity: Severity::Warn,
        title: "only one of two ids is known",
        means: "A gateway's id was logged and the provider's was not: the provider cannot trace the request by the gateway's id.",
        not_proof: "It does not show that the provider sent none: gateways drop it.",
        action: "Log both: the gateway's id for its owner, the provider's for the provider.",
        stop_rule: Some("Include both the gateway trace ID and any Anthropic request ID the route exposes."),
        source: "article on Claude's 500 api_error, escalation packet",
        find: gateway_only,
    },
    Rule {
        id: "proxy_suspect",
        severity: Severity::Warn,
        title: "a proxy has a part in it",
        means: "A failed response bears a proxy's headers or is a page in HTML, or the connection failed at a proxy or in its certificate: something on the way answers for the service, or changes what passes.",
        not_proof: "It does not show that the proxy is at fault; it may pass on what it got.",
        action: "Send one request past the proxy and compare: `curl --noproxy '*' -sS -o /dev/null -w '%{http_code}\\n' https://api.anthropic.com/`",
        stop_rule: Some(
            "A proxy that modifies request bodies or times out before the API responds can produce what looks like a 500 error but is actually a proxy-generated response.",
        ),
        source: "article on diagnosing Claude's 500, proxies",
        find: proxy,
    },
    Rule {
        id: "gateway_cannot_reach_provider",
        severity: Severity::High,
        title: "a gateway answered because it could not reach the next hop",
        means: "The error status was written by a gateway or proxy whose own connection onwards failed: the request never reached the provider.",
        not_proof: "It does not show whether the next hop or the network between is at fault.",
        action: "Test name resolution, connection and certificate from the gateway's machine.",
        stop_rule: Some("Do not apply API 500 retry rules to a connection failure"),
        source: "recovery board of the article on Claude's 500 api_error",
        find: cannot_reach,
    },
];

fn answered<'c>(facts: &Facts<'c>) -> Vec<Row<'c>> {
    let all = facts.evidence.main_failures();
    all.filter(|r| r.attempt.seen.status.is_some() && r.responder.0 != Responder::Nobody).cloned().collect()
}

fn not_proven(facts: &Facts<'_>) -> Option<Evident> {
    let branch = facts.evidence.branch;
    let matters = matches!(
        branch,
        Branch::ServerError | Branch::Overloaded | Branch::Unavailable | Branch::Timeout | Branch::StreamError
    );
    let rows = answered(facts);
    if !matters || rows.is_empty() || rows.iter().any(|r| r.responder.0 == Responder::Provider) {
        return None;
    }
    let (who, why) = rows.first()?.responder;
    Evident::new(format!("{}; answered by: {} ({why})", times(rows.len(), "failure"), who.name()), places(&rows))
}

fn gateway_only(facts: &Facts<'_>) -> Option<Evident> {
    let is_gateways = |r: &&Row<'_>| r.attempt.seen.ids.iter().any(|id| id.kind == IdKind::GatewayRequest);
    let rows: Vec<&Row<'_>> = facts
        .evidence
        .main_failures()
        .filter(|r| r.attempt.seen.request_id.is_none() && r.attempt.seen.status.is_some())
        .filter(is_gateways)
        .collect();
    let n = rows.len();
    if n == 0 {
        None
    } else {
        Evident::new(format!("{} with a gateway's id and none of the provider", times(n, "failure")), places(rows))
    }
}

fn proxy(facts: &Facts<'_>) -> Option<Evident> {
    let suspect = |r: &&Row<'_>| {
        let seen = &r.attempt.seen;
        let html = seen.marks.html && !seen.marks.edge && seen.request_id.is_none();
        let tls = seen.trouble == Some(Trouble::Tls);
        html || tls || seen.trouble == Some(Trouble::Proxy) || r.responder.0 == Responder::Proxy
    };
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(suspect).collect();
    let first = rows.first()?;
    let how = match first.attempt.seen.trouble {
        Some(Trouble::Tls) => "the encrypted connection failed",
        Some(Trouble::Proxy) => "a proxy refused the connection",
        _ if first.attempt.seen.marks.html => "a page in HTML came back",
        _ => first.responder.1,
    };
    Evident::new(format!("{}: {how}", times(rows.len(), "failure")), places(rows))
}

fn cannot_reach(facts: &Facts<'_>) -> Option<Evident> {
    let cut_off = |r: &&Row<'_>| {
        let seen = &r.attempt.seen;
        let connection = matches!(seen.trouble, Some(Trouble::Dns | Trouble::Connect | Trouble::Tls));
        let between = matches!(r.responder.0, Responder::Gateway | Responder::Proxy);
        connection && between && seen.status.or(seen.reported_status).is_some_and(|s| s >= 500)
    };
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(cut_off).collect();
    let trouble = rows.first()?.attempt.seen.trouble?;
    Evident::new(format!("{}: {}", times(rows.len(), "failure"), trouble.name()), places(rows))
}

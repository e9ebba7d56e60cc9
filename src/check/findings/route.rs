//! Which way requests took, and with whose credential.

use super::places;
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::check::route::Route;

pub const RULES: &[Rule] = &[
    Rule {
        id: "route_changed_mid_case",
        severity: Severity::Warn,
        title: "the route changed after a failure",
        means: "After a failure the next attempts went to another host or another model, and the path that failed was not taken again: a success there says nothing about the one that failed.",
        not_proof: "It does not show that the change was made by hand: gateways fall back by themselves.",
        action: "Keep the first failing path, and send one more request on it.",
        stop_rule: Some(
            "If you change several variables at once and the next request succeeds, you do not know whether Claude recovered, the route changed, or the request stopped triggering the same branch.",
        ),
        source: "article on Claude's 500 api_error, bounded recovery loop",
        find: changed,
    },
    Rule {
        id: "fallback_before_evidence",
        severity: Severity::Warn,
        title: "a fallback took over before an id was kept",
        means: "The route changed after a failure of which no request id was logged: that failure can no longer be traced.",
        not_proof: "It does not show that the fallback was wrong.",
        action: "Log the id of the failing response before falling back.",
        stop_rule: Some(
            "First preserve the original failure, then decide whether business continuity requires a fallback route.",
        ),
        source: "article on Claude's 500 api_error, route owners",
        find: fallback,
    },
    Rule {
        id: "auth_owner_conflict",
        severity: Severity::Warn,
        title: "the credential is not the one that was meant",
        means: "The kind of credential in the log is not the one you name, or requests of one route carry two kinds: for Claude Code an API key in the environment goes before the subscription.",
        not_proof: "It does not show which credential is right.",
        action: "Check `/status` in Claude Code, or the environment of the process, and unset what is not meant.",
        stop_rule: Some(
            "If the active path is not the one you thought you were testing, every conclusion after that gets shaky.",
        ),
        source: "article on Claude Code's 500, API key, provider or proxy route",
        find: credential,
    },
];

fn is_services(row: &Row<'_>) -> bool {
    !matches!(row.branch, Branch::None | Branch::Unknown | Branch::ClientRequest | Branch::Auth | Branch::Billing)
}

fn changed(facts: &Facts<'_>) -> Option<Evident> {
    let rows = &facts.evidence.rows;
    let switch = facts.switches.iter().find(|s| {
        let moved = s.has("route") || s.has("base_url") || s.in_call && s.has("model");
        moved && rows.get(s.from).is_some_and(is_services)
    })?;
    let pair = [rows.get(switch.from)?, rows.get(switch.to)?];
    Evident::new(format!("{} changed after a failure", switch.names()), places(pair))
}

fn fallback(facts: &Facts<'_>) -> Option<Evident> {
    let rows = &facts.evidence.rows;
    let switch = facts.switches.iter().find(|s| {
        let moved = s.has("route") || s.has("base_url") || s.in_call && s.has("model");
        let traced = |r: &Row<'_>| r.attempt.seen.request_id.is_some() || r.attempt.seen.status.is_none();
        moved && rows.get(s.from).is_some_and(|r| is_services(r) && !traced(r))
    })?;
    let pair = [rows.get(switch.from)?, rows.get(switch.to)?];
    Evident::new(format!("{} changed after a failure without an id", switch.names()), places(pair))
}

fn credential(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    if evidence.branch == Branch::None {
        return None;
    }
    let of = |kind: &'static str| evidence.rows.iter().find(|r| r.attempt.seen.auth == Some(kind));
    let (key, oauth) = (of("api_key"), of("oauth"));
    let said = evidence.supplied.get("auth_owner").unwrap_or_default().to_ascii_lowercase();
    let subscription = ["subscription", "oauth", "login"].iter().any(|w| said.contains(w));
    match (key, oauth) {
        (Some(a), Some(b)) if a.route == b.route => {
            Evident::new(format!("both an API key and a login on the route {}", a.route.name()), places([a, b]))
        }
        (Some(a), None) if subscription && a.route == Route::ClaudeCode => {
            Evident::new("an API key was sent where the subscription was meant", places([a]))
        }
        (None, Some(b)) if said.contains("api key") || said.contains("api_key") => {
            Evident::new("a login was used where an API key was meant", places([b]))
        }
        _ => None,
    }
}

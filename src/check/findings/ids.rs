//! What request ids tell besides themselves. Only where their times agree with the log.

use super::{duration, places, times};
use crate::check::Facts;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::idclock;

pub const RULES: &[Rule] = &[
    Rule {
        id: "clock_skew",
        severity: Severity::Info,
        title: "the client's clock is behind the service's",
        means: "The log says that a response was there before its request arrived, by the time in the request's id or the response's `Date` header: the client's clock is behind by at least that much.",
        not_proof: "Times in ids are measured, not documented. How much the clock is off beyond that is not known.",
        action: "Set the machine's clock (NTP); logins and signed requests fail with a wrong one.",
        stop_rule: None,
        source: "times inside request ids (`casefile ids`); article on Claude Code's 500, login",
        find: skew,
    },
    Rule {
        id: "dwell_cluster",
        severity: Severity::Info,
        title: "failures end after the same time",
        means: "Three failures or more stayed equally long before they failed, to five per cent: that looks like one deadline on the way.",
        not_proof: "It does not show whose deadline it is.",
        action: "Compare the time with the timeouts of client, gateway and proxy.",
        stop_rule: None,
        source: "times inside request ids and elapsed times of the log",
        find: cluster,
    },
    Rule {
        id: "id_malformed",
        severity: Severity::Warn,
        title: "a request id that no service gives out",
        means: "An id begins as Anthropic's do, and is too short, too long or has letters that those ids do not have: it was cut off or typed wrong.",
        not_proof: "Ids are not documented in full; another service may use the same beginning.",
        action: "Take the id from the log or the response header again.",
        stop_rule: None,
        source: "the shape of recorded ids",
        find: malformed,
    },
];

fn skew(facts: &Facts<'_>) -> Option<Evident> {
    let (row, ms) = facts.clocks.behind?;
    let place = facts.evidence.rows.get(row).and_then(Row::place);
    Evident::new(format!("behind by at least {}", duration(ms.unsigned_abs())), place)
}

fn cluster(facts: &Facts<'_>) -> Option<Evident> {
    let (rows, ms) = facts.clocks.cluster.as_ref()?;
    let found = rows.iter().filter_map(|i| facts.evidence.rows.get(*i));
    Evident::new(format!("{} after about {}", times(rows.len(), "failure"), duration(*ms)), places(found))
}

fn malformed(facts: &Facts<'_>) -> Option<Evident> {
    let is = |r: &&Row<'_>| r.attempt.seen.request_id.as_ref().is_some_and(|id| is_malformed(id.as_str()));
    let rows: Vec<&Row<'_>> = facts.evidence.failures().filter(is).collect();
    if rows.is_empty() { None } else { Evident::new(times(rows.len(), "id"), places(rows)) }
}

/// Whether an id begins as Anthropic's ids do and then is none. 32 hexadecimal digits are OpenAI's.
fn is_malformed(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("req_") else { return false };
    let rest = rest.strip_prefix("vrtx_").or_else(|| rest.strip_prefix("bdrk_")).unwrap_or(rest);
    let openai = rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit());
    rest.starts_with("01") && !openai && idclock::grammar(id).is_none()
}

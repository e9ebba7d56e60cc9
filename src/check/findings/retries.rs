//! How often it was sent again, by whom, and whether that was wise.

use super::{duration, places, times};
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::model::{Attempt, Trouble};

/// More attempts than this on one path, one after another without success, are a loop.
const LOOP: usize = 20;

pub const RULES: &[Rule] = &[
    Rule {
        id: "budget_exceeded",
        severity: Severity::Warn,
        title: "more was sent than the budget allows",
        means: "A call made more attempts, or went on longer, than the retry budget that was supplied or that the log shows.",
        not_proof: "It does not show which layer retried: see the layers.",
        action: "Count every layer's retries against one budget; switch off all but one layer.",
        stop_rule: Some("Stop after a small bounded retry budget; do not loop indefinitely"),
        source: "recovery board of the article on Claude's 500 api_error",
        find: exceeded,
    },
    Rule {
        id: "unbounded_loop",
        severity: Severity::Block,
        title: "it is sent again and again",
        means: "More than twenty attempts on one path, one after another, without a success and without waits that grow.",
        not_proof: "Attempts of one path may be of different work: the log does not show what was sent.",
        action: "Stop sending; put a limit on attempts and on elapsed time before anything else.",
        stop_rule: Some(
            "Use backoff and jitter, cap total elapsed time, and stop when the same clean 500 keeps repeating.",
        ),
        source: "article on Claude's 500 api_error, bounded recovery loop",
        find: unbounded,
    },
    Rule {
        id: "retry_amplification",
        severity: Severity::Warn,
        title: "retries of two layers multiply",
        means: "Calls that each retried by themselves were repeated by the caller: one operation became many requests.",
        not_proof: "That the calls are one operation is derived from what they have in common.",
        action: "Set the SDK's retries to 0 where the application retries, or the other way round.",
        stop_rule: Some("Adding an unbounded outer loop can multiply side effects and worsen a provider incident."),
        source: "article on Claude's 500 api_error, bounded recovery loop",
        find: amplified,
    },
    Rule {
        id: "no_backoff_or_jitter",
        severity: Severity::Warn,
        title: "waits do not grow, or there are none",
        means: "Attempts follow each other after less than a tenth of a second, or after equal waits three times or more.",
        not_proof: "It does not show that the load of one client matters to the service.",
        action: "Double each wait, add a random part, and limit the time in all.",
        stop_rule: Some(
            "A useful policy has four numbers: maximum attempts, initial delay, backoff shape, and maximum elapsed time.",
        ),
        source: "article on Claude's 500 api_error, safe retries",
        find: no_backoff,
    },
    Rule {
        id: "retry_after_ignored",
        severity: Severity::Warn,
        title: "it was sent again sooner than the server asked",
        means: "The next attempt came before the time in the `retry-after` header was over.",
        not_proof: "SDKs do not obey a `retry-after` of more than a minute.",
        action: "Wait as long as the server asks before the next attempt.",
        stop_rule: Some("Inspect usage, pacing, and quota before retrying"),
        source: "recovery board of the article on Claude's 500 api_error",
        find: too_soon,
    },
    Rule {
        id: "retried_non_retryable",
        severity: Severity::Warn,
        title: "a request was repeated that cannot succeed",
        means: "A 4xx other than 408, 409 and 429 was sent again unchanged.",
        not_proof: "It does not show that nothing changed on the server's side in between.",
        action: "Fix the request or the credential first; do not retry these at all.",
        stop_rule: Some("The important behavior is that the handler refuses to treat every error as retryable"),
        source: "article on Claude's 500 api_error, safe retries",
        find: non_retryable,
    },
    Rule {
        id: "no_budget_stated",
        severity: Severity::Info,
        title: "the retry budget is not known",
        means: "Requests were sent again, and neither the log nor you say how often and how long they may be.",
        not_proof: "It does not show that there is no limit.",
        action: "State it: `--set budget.max_attempts=3 --set budget.max_elapsed_ms=10000`, or in `casefile.toml`.",
        stop_rule: Some(
            "Without those numbers, \"retry with backoff\" becomes a vague instruction that each engineer implements differently.",
        ),
        source: "article on Claude's 500 api_error, safe retries",
        find: no_budget,
    },
    Rule {
        id: "non_idempotent_retry",
        severity: Severity::Warn,
        title: "work that may not be done twice was half done or sent again",
        means: "A request that offers tools broke off in the middle or timed out, or you say that the work may not be repeated and it was sent again.",
        not_proof: "It does not show that a tool ran, or that it has effects.",
        action: "Give the work an id, and deduplicate by it before the next attempt.",
        stop_rule: Some(
            "If a tool call can send an email or trigger a purchase, do not rerun the whole chain just because the final model response returned 500.",
        ),
        source: "article on Claude's 500 api_error, safe retries",
        find: not_idempotent,
    },
];

fn exceeded(facts: &Facts<'_>) -> Option<Evident> {
    let (seen, set) = (&facts.retries.observed, &facts.retries.configured);
    let over = |seen: Option<u64>, set: Option<u64>| seen.zip(set).filter(|(seen, set)| seen > set);
    let series = facts.retries.series.as_ref().filter(|_| facts.retries.configured_by == Some("supplied"));
    let attempts = seen.max_attempts.max(series.map(|s| s.attempts as u64));
    let places = places(facts.evidence.failures().filter(|r| r.n > 1));
    if let Some((seen, set)) = over(attempts, set.max_attempts) {
        return Evident::new(format!("{seen} attempts where {set} are allowed"), places);
    }
    let (seen, set) = over(seen.max_elapsed_ms, set.max_elapsed_ms)?;
    Evident::new(format!("{} where {} are allowed", duration(seen), duration(set)), places)
}

fn unbounded(facts: &Facts<'_>) -> Option<Evident> {
    let rows: Vec<&Row<'_>> = facts.ledger.rows.iter().filter_map(|i| facts.evidence.rows.get(*i)).collect();
    let best = longest_run(&rows);
    if best.len() <= LOOP {
        return None;
    }
    let pairs = best.iter().zip(best.iter().skip(1));
    let gaps: Vec<i64> = pairs.filter_map(|(a, b)| Some(b.attempt.at_ms? - a.attempt.at_ms?)).collect();
    let quarter = gaps.len().div_ceil(4);
    let (first, last) = (gaps.iter().take(quarter).sum::<i64>(), gaps.iter().rev().take(quarter).sum::<i64>());
    if gaps.is_empty() || last > first * 2 {
        return None;
    }
    let total = gaps.iter().sum::<i64>().unsigned_abs();
    let detail = format!("{} attempts in {}, none succeeded, waits do not grow", best.len(), duration(total));
    Evident::new(detail, places(best.iter().copied()))
}

/// The longest row of failures of which each began after the one before it was over.
fn longest_run<'r, 'f, 'c>(rows: &'r [&'f Row<'c>]) -> &'r [&'f Row<'c>] {
    let (mut from, mut best) = (0, 0..0);
    for (i, row) in rows.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| rows.get(i));
        if !before.is_some_and(|b| b.failed() && begins_after(b.attempt, row.attempt)) {
            from = i;
        }
        if row.failed() && i + 1 - from > best.len() {
            best = from..i + 1;
        }
    }
    rows.get(best).unwrap_or_default()
}

/// Whether one attempt began only after another was over, as one loop does it.
fn begins_after(before: &Attempt, after: &Attempt) -> bool {
    before.end_ms.or(before.at_ms).zip(after.at_ms).is_some_and(|(end, begin)| begin >= end)
}

fn amplified(facts: &Facts<'_>) -> Option<Evident> {
    let series = facts.retries.series.as_ref()?;
    let calls = series.calls.len();
    if series.attempts <= calls {
        return None;
    }
    let of_series = facts.evidence.rows.iter().filter(|r| r.n == 1 && series.has(r.call.id));
    let detail = format!(
        "one operation became {} requests: {} with retries of their own ({})",
        series.attempts,
        times(calls, "call"),
        series.because
    );
    Evident::new(detail, places(of_series))
}

fn no_backoff(facts: &Facts<'_>) -> Option<Evident> {
    let retries = &facts.retries;
    let own: Vec<u64> = retries.waits.iter().filter(|w| !w.obeys() && w.grain_ms < 100).map(|w| w.ms).collect();
    let at_once = own.iter().filter(|ms| **ms < 100).count();
    let call = facts.evidence.calls.iter().find(|c| {
        let waits: Vec<u64> =
            crate::check::retries::waits(c).iter().filter(|w| !w.obeys() && w.grain_ms < 100).map(|w| w.ms).collect();
        let near = |a: &u64, b: &u64| a.abs_diff(*b) <= a / 20 + 20;
        waits.len() >= 3 && waits.iter().zip(waits.iter().skip(1)).all(|(a, b)| near(a, b))
    });
    let retried = places(facts.evidence.failures().filter(|r| !r.last));
    match call {
        _ if at_once >= 2 && at_once * 2 > own.len() => {
            Evident::new(format!("{} of less than 100 ms", times(at_once, "wait")), retried)
        }
        Some(call) => {
            let wait = crate::check::retries::waits(call).first().map_or(0, |w| w.ms);
            Evident::new(format!("equal waits of about {}", duration(wait)), retried)
        }
        None => None,
    }
}

fn too_soon(facts: &Facts<'_>) -> Option<Evident> {
    let mut found = Vec::new();
    let mut first = None;
    for call in facts.evidence.calls {
        for wait in crate::check::retries::waits(call) {
            let Some(asked) = wait.asked_ms.filter(|asked| wait.ms + 100 + wait.grain_ms < asked - asked / 20) else {
                continue;
            };
            first = first.or(Some((wait.ms, asked)));
            found.extend(call.attempts.get(wait.after).and_then(|a| a.from.first().copied()));
        }
    }
    let (waited, asked) = first?;
    Evident::new(
        format!("{}: waited {} where {} were asked", times(found.len(), "time"), duration(waited), duration(asked)),
        found,
    )
}

fn non_retryable(facts: &Facts<'_>) -> Option<Evident> {
    let fixed = |a: &Attempt| {
        let status = a.seen.status.is_some_and(|s| (400..500).contains(&s) && !matches!(s, 408 | 409 | 425 | 429));
        status && matches!(Branch::of(&a.seen), Branch::Auth | Branch::ClientRequest | Branch::Billing)
    };
    let in_call = facts.evidence.calls.iter().flat_map(|c| c.attempts.iter().zip(c.attempts.iter().skip(1)));
    let again: Vec<&Attempt> =
        in_call.filter(|(a, b)| fixed(a) && fixed(b) && a.seen.status == b.seen.status).map(|(_, b)| b).collect();
    if !again.is_empty() {
        let from = again.iter().filter_map(|a| a.from.first().copied());
        return Evident::new(times(again.len(), "repetition"), from);
    }
    let series = facts.retries.series.as_ref()?;
    let rows: Vec<&Row<'_>> = facts.evidence.rows.iter().filter(|r| r.n == 1 && series.has(r.call.id)).collect();
    if rows.len() < 2 || !rows.iter().all(|r| fixed(r.attempt)) {
        return None;
    }
    Evident::new(format!("{} one after another ({})", times(rows.len(), "call"), series.because), places(rows))
}

fn no_budget(facts: &Facts<'_>) -> Option<Evident> {
    let retries = &facts.retries;
    let retried = facts.evidence.failures().filter(|r| !r.last);
    if retries.configured_by.is_some() || retried.clone().next().is_none() {
        return None;
    }
    Evident::new(format!("{} followed by another", times(retried.clone().count(), "failed attempt")), places(retried))
}

fn not_idempotent(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    let said = evidence.supplied.get("idempotent");
    if said == Some("yes") {
        return None;
    }
    if said == Some("no") {
        let again: Vec<&Row<'_>> = evidence.failures().filter(|r| !r.last).collect();
        let n = times(again.len(), "failed attempt");
        return Evident::new(format!("{n} of work that may not be done twice (supplied)"), places(again.clone()))
            .filter(|_| !again.is_empty());
    }
    // a plain failure ran no tool; half an answer may have, and so may work that went on unseen
    let half_done = |r: &&Row<'_>| {
        matches!(r.branch, Branch::StreamError | Branch::Timeout | Branch::NoResponse(Trouble::ClientTimeout))
    };
    let tools = |r: &&Row<'_>| r.attempt.seen.payload.as_deref().is_some_and(|p| p.tools.is_some_and(|n| n > 0));
    let rows: Vec<&Row<'_>> = evidence.failures().filter(half_done).filter(tools).collect();
    if rows.is_empty() {
        return None;
    }
    let n = times(rows.len(), "half-done attempt");
    Evident::new(format!("{n} with tools; whether they have effects is not known"), places(rows))
}

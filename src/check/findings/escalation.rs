//! Reasons to go to who runs the service.

use super::{duration, places, times};
use crate::check::Facts;
use crate::check::branch::Branch;
use crate::check::evidence::Row;
use crate::check::finding::{Evident, Rule, Severity};
use crate::check::overlap::{self, Position};
use crate::check::verdict::{is_minimal, is_services, persistence};
use crate::model::Outcome;

pub const RULES: &[Rule] = &[
    Rule {
        id: "repeat_clean_500_same_path",
        severity: Severity::High,
        title: "the provider's internal error repeats on one unchanged path",
        means: "Three or more failures of the provider's own on the same model, endpoint, route and client, with the retry budget spent and no success beside them.",
        not_proof: "It does not show that other paths fail, or why the service fails.",
        action: "Stop changing the request; send the packet with its request ids.",
        stop_rule: Some(
            "If repeated clean 500s continue on the same path, stop changing the request and build the escalation packet.",
        ),
        source: "article on Claude's 500 api_error, bounded recovery loop",
        find: repeats,
    },
    Rule {
        id: "persisted_30min",
        severity: Severity::High,
        title: "failures go on for half an hour or longer",
        means: "The first and the last failed call of this branch are thirty minutes apart or more, and at least half of what was sent on their path meanwhile failed.",
        not_proof: "It does not show that nothing succeeded in between.",
        action: "File a ticket; do not wait for it to pass.",
        stop_rule: Some("500 errors persist for more than 30 minutes"),
        source: "article on diagnosing Claude's 500, when to contact support",
        find: persisted,
    },
    Rule {
        id: "green_and_failing",
        severity: Severity::High,
        title: "the status page was green while it failed",
        means: "The status page was looked at near the time of the failures, and showed no incident.",
        not_proof: "A green page does not show that this model, account, region or route is healthy.",
        action: "Keep same-path evidence; do not take the failure for local because the page is green.",
        stop_rule: Some(
            "Green status is a dated branch signal, not proof that your exact model, account, region, route, or workload is healthy.",
        ),
        source: "article on Claude's 500 api_error, questions; article on diagnosing Claude's 500, when to contact support",
        find: green,
    },
    Rule {
        id: "single_model",
        severity: Severity::High,
        title: "one model fails while another works on the same route",
        means: "In one stretch of time every request to one model failed on the service's side, and requests to another model on the same route succeeded.",
        not_proof: "It does not show that the account may use both models, or that both see the same load.",
        action: "Name both models in the ticket, with an id of each; the model that works is a way round (`--model` in Claude Code) once that is kept.",
        stop_rule: Some("Only one specific model returns 500 (others work fine)"),
        source: "article on diagnosing Claude's 500, when to contact support",
        find: single_model,
    },
    Rule {
        id: "minimal_payload_fails",
        severity: Severity::High,
        title: "even a request of the smallest kind fails",
        means: "A failing request has less than a hundred tokens of text, no tools and no attachments: its size and shape are not the cause.",
        not_proof: "The number of tokens is estimated from characters.",
        action: "Stop changing the prompt; add the small request's shape to the ticket.",
        stop_rule: Some("The error occurs with a minimal payload (under 100 tokens)"),
        source: "article on diagnosing Claude's 500, when to contact support",
        find: minimal,
    },
    Rule {
        id: "material_user_impact",
        severity: Severity::High,
        title: "users notice",
        means: "You say that users or their work are touched.",
        not_proof: "A log shows only the users whom it names.",
        action: "Escalate sooner, and protect users with a degraded mode meanwhile.",
        stop_rule: Some(
            "Escalate after repeated clean 500s on the same path, after a bounded retry budget, or when user-facing impact is material.",
        ),
        source: "article on Claude's 500 api_error, questions",
        find: impact,
    },
];

fn repeats(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    let proven = evidence.main_failures().any(|r| r.clean);
    let ledger = &facts.ledger;
    let spent = facts.retries.spent || evidence.count(Outcome::Failed) >= 3;
    let holds =
        evidence.branch == Branch::ServerError && proven && ledger.failures >= 3 && ledger.successes == 0 && spent;
    let on_path = ledger.rows.iter().filter_map(|i| evidence.rows.get(*i)).filter(|r| r.branch == evidence.branch);
    if holds {
        Evident::new(format!("{} failures on one path, no success on it", ledger.failures), places(on_path))
    } else {
        None
    }
}

fn persisted(facts: &Facts<'_>) -> Option<Evident> {
    let (first, last, ms) = persistence(facts)?;
    Evident::new(format!("first and last failure are {} minutes apart", ms / 60_000), places([first, last]))
}

fn green(facts: &Facts<'_>) -> Option<Evident> {
    let overlap = &facts.overlap;
    if overlap.verdict != overlap::Verdict::Green || !facts.evidence.main_failures().any(is_services) {
        return None;
    }
    let n = overlap.failures.iter().filter(|f| f.position == Position::Outside).count();
    let by = if overlap.supplied { " (supplied)" } else { "" };
    Evident::new(
        format!("{} while the page showed no trouble{by}", times(n, "failure")),
        places(facts.evidence.main_failures()),
    )
}

fn single_model(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    let bad: Vec<&Row<'_>> =
        evidence.main_failures().filter(|r| is_services(r) && r.attempt.seen.model.is_some()).collect();
    let model = bad.first()?.attempt.seen.model.as_ref()?;
    let one = bad.len() >= 2 && bad.iter().all(|r| r.attempt.seen.model.as_ref() == Some(model));
    let works = |r: &&Row<'_>| r.attempt.seen.succeeded();
    let mut good = evidence.rows.iter().filter(works);
    let same = good.clone().any(|r| r.attempt.seen.model.as_ref() == Some(model));
    let route = bad.first()?.path.keys.get(4)?.as_ref();
    let (from, to) = (bad.first()?.ms()?, bad.last()?.ms()?);
    const AROUND: i64 = 10 * 60_000;
    let other = good.find(|r| {
        let near = r.ms().is_some_and(|ms| (from - AROUND..=to + AROUND).contains(&ms));
        let other = r.attempt.seen.model.as_ref().is_some_and(|m| m != model);
        near && other && route.is_some() && r.path.keys.get(4).is_some_and(|k| k.as_ref() == route)
    })?;
    if !one || same {
        return None;
    }
    let works = other.attempt.seen.model.as_ref()?;
    let detail =
        format!("{} with {model}, none without failure; {works} works on the same route", times(bad.len(), "failure"));
    Evident::new(detail, places(bad.into_iter().take(7).chain([other])))
}

fn minimal(facts: &Facts<'_>) -> Option<Evident> {
    let row = facts
        .evidence
        .main_failures()
        .find(|r| is_services(r) && is_minimal(r) && r.call.outcome == Outcome::Failed)?;
    let tokens = row.attempt.seen.payload.as_deref()?.estimated_tokens()?;
    let dwell = row.attempt.seen.elapsed_ms.map(|ms| format!(", after {}", duration(ms))).unwrap_or_default();
    Evident::new(format!("a request of about {} failed{dwell}", times(tokens as usize, "token")), row.place())
}

fn impact(facts: &Facts<'_>) -> Option<Evident> {
    let evidence = &facts.evidence;
    let supplied = evidence.supplied;
    let users = supplied.number("users_affected").filter(|n| *n > 0);
    let said = supplied.get("user_visible") == Some("yes") || users.is_some();
    if !said || evidence.branch == Branch::None {
        return None;
    }
    Evident::new(users.map_or("users notice (supplied)".into(), |n| format!("{n} users are touched (supplied)")), None)
}

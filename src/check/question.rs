//! What support will ask next, and how to find the answer with the very client that made the requests.

use super::Facts;
use super::branch::Branch;
use super::client::Kit;
use super::route::provider;

/// A question that the packet leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is not known.
    pub field: &'static str,
    /// Why it is asked.
    pub why: &'static str,
    /// What answers it.
    pub answer: Answer,
}

/// A setting, a line of code or a command, safe to paste: nothing in it prints a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// In which language: `sh`, `python`, `js`, or `text`, which is for people.
    pub language: &'static str,
    /// Itself.
    pub text: &'static str,
}

/// A command line.
pub(super) const fn shell(text: &'static str) -> Answer {
    Answer { language: "sh", text }
}

/// A line of Python.
pub(super) const fn python(text: &'static str) -> Answer {
    Answer { language: "python", text }
}

/// A line of JavaScript.
pub(super) const fn js(text: &'static str) -> Answer {
    Answer { language: "js", text }
}

/// A sentence, with code in backquotes.
pub(super) const fn prose(text: &'static str) -> Answer {
    Answer { language: "text", text }
}

const fn ask(field: &'static str, why: &'static str, answer: Answer) -> Question {
    Question { field, why, answer }
}

/// Names the client whose settings the answers are: `Anthropic SDK for Python`.
#[must_use]
pub fn client(facts: &Facts<'_>) -> &'static str {
    facts.kit.title
}

/// The questions of a case, the most important first.
#[must_use]
pub fn questions(facts: &Facts<'_>) -> Vec<Question> {
    if facts.evidence.branch == Branch::None {
        return Vec::new();
    }
    let mut questions = of_log(facts);
    questions.extend(of_people(facts));
    questions
}

/// What the client could have logged.
fn of_log(facts: &Facts<'_>) -> Vec<Question> {
    let evidence = &facts.evidence;
    let kit: &Kit = facts.kit;
    let known = |field: &str| facts.completeness.iter().find(|k| k.field == field).map_or(0, |k| k.halves);
    let answered = evidence.main_failures().any(|r| r.attempt.seen.status.is_some());
    let region = evidence.main_failures().any(|r| r.attempt.seen.region.is_some());
    let who = evidence.example().and_then(|r| provider(r.attempt));
    let elsewhere = evidence.main_failures().any(|r| r.attempt.seen.base_url.is_some());
    let host = who.or_else(|| kit.provider().filter(|_| !elsewhere));
    let cloud = matches!(who, Some("aws.bedrock" | "gcp.vertex_ai" | "azure.ai.openai" | "azure.ai"));
    let elapsed = facts.coverage.iter().any(|c| c.field == "elapsed" && c.have == 0 && c.of > 0);
    let all = [
        (answered && known("request ids") < 2, ask("request ids", ids_why(who), kit.request_id)),
        (
            known("status timestamp") < 2,
            ask("status timestamp", "whether a public incident covers the failure", status_page(host)),
        ),
        (
            answered && known("status and error type") < 2,
            ask("error type", "500, 529 and 429 need different actions", kit.error),
        ),
        (
            known("model and endpoint") < 2,
            ask("model and endpoint", "separates a model's incident from an account's", kit.target),
        ),
        (
            known("SDK, gateway, base URL, region") < 2,
            ask("SDK and base URL", "which layer wrapped or routed the request", kit.version),
        ),
        (known("retry timeline") < 2, ask("times", "when each attempt was sent", kit.times)),
        (elapsed, ask("elapsed time", "tells a refusal from a deadline", kit.times)),
        (
            known("payload shape") < 2,
            ask(
                "payload shape",
                "size, tools, streaming and attachments of the request, without its text",
                kit.payload,
            ),
        ),
        (
            cloud && !region && evidence.supplied.get("region").is_none(),
            ask("region", "clouds fail by region", shell("casefile build LOG --set region=\"...\"")),
        ),
    ];
    all.into_iter().filter(|(open, _)| *open).map(|(_, q)| q).collect()
}

/// What only people know.
fn of_people(facts: &Facts<'_>) -> Vec<Question> {
    let evidence = &facts.evidence;
    let said = |name: &str| evidence.supplied.get(name).is_some();
    let services = !matches!(evidence.branch, Branch::ClientRequest | Branch::Auth | Branch::Billing);
    let code = facts.claude_code.is_some();
    let all = [
        (!said("impact"), ask("impact", "how urgent it is", shell("casefile build LOG --set impact=\"...\""))),
        (
            services && !said("idempotent"),
            ask(
                "idempotent",
                "whether the work may be sent again",
                shell("casefile build LOG --set idempotent=yes   # or no"),
            ),
        ),
        (
            services && !said("network_path"),
            ask(
                "network path",
                "whether a VPN or a proxy is on the way",
                shell(
                    "env | grep -icE '^(https?|all)_proxy='   # counts them, prints none; then --set network_path=\"...\"",
                ),
            ),
        ),
        (
            code && !said("workbench") && !said("direct_api"),
            ask(
                "same task elsewhere",
                "whether Claude Code has a part in it",
                shell("casefile build LOG --set workbench=fails --set direct_api=fails   # or works"),
            ),
        ),
        (
            code && facts.claude_code.as_ref().is_some_and(|c| c.one_session_only.is_none()) && !said("fresh_session"),
            ask(
                "fresh session",
                "whether one session's state is at fault",
                shell("casefile build LOG --set fresh_session=works   # or fails"),
            ),
        ),
        (
            services && !said("changed"),
            ask("what changed", "whether a change came just before", shell("casefile build LOG --set changed=\"...\"")),
        ),
    ];
    all.into_iter().filter(|(open, _)| *open).map(|(_, q)| q).collect()
}

fn ids_why(provider: Option<&str>) -> &'static str {
    match provider {
        Some("anthropic") => "Anthropic traces a request by its `request-id`",
        Some("openai") => "OpenAI traces a request by its `x-request-id`",
        Some("azure.ai.openai" | "azure.ai") => "Azure traces a request by its `apim-request-id`, region and time",
        Some("aws.bedrock") => "AWS traces a request by its `x-amzn-requestid`, region and time",
        Some("google" | "gcp.vertex_ai") => "Google traces a request by project, region and time",
        _ => "support traces a request by its id",
    }
}

fn status_page(provider: Option<&str>) -> Answer {
    match provider {
        Some("openai") => shell(
            "curl -sSL https://status.openai.com/api/v2/summary.json -o status.json && casefile build LOG --status status.json --status-checked-at \"$(date -u +%FT%TZ)\"",
        ),
        Some("aws.bedrock") => shell(
            "curl -sSL https://health.aws.amazon.com/public/currentevents -o status.json && casefile build LOG --status status.json --status-checked-at \"$(date -u +%FT%TZ)\"",
        ),
        Some("google" | "gcp.vertex_ai") => shell(
            "curl -sSL https://status.cloud.google.com/incidents.json -o status.json && casefile build LOG --status status.json --status-checked-at \"$(date -u +%FT%TZ)\"",
        ),
        Some("azure.ai.openai" | "azure.ai") => shell(
            "casefile build LOG --set status=green --status-checked-at \"$(date -u +%FT%TZ)\"   # or incident, as https://azure.status.microsoft says",
        ),
        None => prose(
            "save the data of the provider's status page, then `casefile build LOG --status FILE`, or `--set status=green` where it shows no trouble",
        ),
        _ => shell(
            "curl -sSL https://status.claude.com/api/v2/summary.json -o status.json && casefile build LOG --status status.json --status-checked-at \"$(date -u +%FT%TZ)\"",
        ),
    }
}

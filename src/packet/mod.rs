//! The packet: one document that says what failed, where, how often and on which path.
//!
//! Everything in it is a number, a word of the program, clean text that fits a checked grammar, or what the
//! user said. Facts of the case say how they are known and where they stand.

pub mod calls;
pub mod claude_code;
pub mod conduct;
mod departures;
pub mod failure;
pub mod inputs;
pub mod retries;
mod schema;
mod status;
pub mod told;
pub mod users;

pub use crate::model::Supplied;
pub use departures::departures;
pub use schema::SCHEMA;

use crate::case::Case;
use crate::check::{self, Conclusions, readiness};
use crate::literal::Timestamp;
use crate::model::Clean;
use calls::CallRow;
use claude_code::ClaudeCodeSection;
use conduct::{Change, ImpactSection, OwnersSection, ReproductionSection};
use failure::{ErrorSection, IdentifierRow, RouteSection, TargetSection, VerdictSection};
use inputs::{InputRow, RedactionSection};
use retries::{RetriesSection, StepRow};
use serde::Serialize;
use status::StatusSection;
use std::collections::BTreeMap;
use std::sync::Arc;
pub use told::duration;
use told::{Basis, Places, Told};

/// The name and major version of the form of packets.
pub const FORM: &str = "casefile.packet/1";

/// The document.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Packet {
    /// [`FORM`].
    pub schema: &'static str,
    /// What wrote it.
    pub tool: Tool,
    /// When it was written, RFC 3339 in UTC.
    pub generated_at: Option<String>,
    /// What the user calls it.
    pub case: CaseSection,
    /// What to do.
    pub verdict: VerdictSection,
    /// What the status page said at the time.
    pub status: StatusSection,
    /// Ids to trace by, those of failures first.
    pub identifiers: Vec<IdentifierRow>,
    /// Ids that are left out for length.
    pub identifiers_left_out: usize,
    /// The error.
    pub error: ErrorSection,
    /// What was asked, and of whom.
    pub target: TargetSection,
    /// How requests get there.
    pub route: RouteSection,
    /// Retries.
    pub retries: RetriesSection,
    /// The steps of a bounded recovery, and how far each was taken.
    pub recovery: Vec<StepRow>,
    /// The path of most failures.
    pub reproduction: ReproductionSection,
    /// Shape of the request's body.
    pub payload: Told<Arc<crate::model::Payload>>,
    /// How often it failed.
    pub impact: ImpactSection,
    /// What changed.
    pub changes: Vec<Change>,
    /// More on Claude Code, where it made requests.
    pub claude_code: Option<ClaudeCodeSection>,
    /// Who does what.
    pub owners: OwnersSection,
    /// What was found.
    pub findings: Vec<FindingRow>,
    /// What is open.
    pub questions: Vec<QuestionRow>,
    /// How complete it is.
    pub completeness: Completeness,
    /// What the log shows of failures.
    pub log_readiness: Vec<CoverageRow>,
    /// What was taken out.
    pub redaction: RedactionSection,
    /// What was read.
    pub inputs: Vec<InputRow>,
    /// Calls and attempts.
    pub calls: Vec<CallRow>,
    /// Calls that are left out for length.
    pub calls_left_out: usize,
}

/// What wrote a packet.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tool {
    /// `casefile`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// What the user calls the case.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CaseSection {
    /// One line that says it all.
    pub title: String,
    /// The user's own title.
    pub said: Told<Clean>,
    /// The user's ticket.
    pub reference: Told<Clean>,
    /// How bad in the user's own scale.
    pub severity: Told<Clean>,
}

/// A conclusion with its evidence.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingRow {
    /// Its id; `casefile explain` tells all about it.
    pub id: &'static str,
    /// `block`, `high`, `warn` or `info`.
    pub severity: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// In this case.
    pub detail: String,
    /// What to do.
    pub action: &'static str,
    /// When to stop.
    pub stop_rule: Option<&'static str>,
    /// Where it shows.
    pub from: Vec<String>,
}

/// What support will ask.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct QuestionRow {
    /// What is not known.
    pub field: String,
    /// Why it is asked.
    pub why: String,
    /// The language of the answer: `sh`, `python`, `js`, or `text`, which is for people.
    pub language: &'static str,
    /// What answers it.
    pub answer: String,
}

/// How complete a packet is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Completeness {
    /// A to E.
    pub grade: char,
    /// Fields known, partly known ones as a half.
    pub score: f64,
    /// Of so many.
    pub of: usize,
    /// Each field: 1 known, 0.5 partly, 0 not.
    pub fields: Vec<FieldRow>,
}

/// One of the nine fields.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FieldRow {
    /// The field.
    pub field: &'static str,
    /// 1 known, 0.5 partly, 0 not.
    pub known: f64,
}

/// How often a field stands beside a failure.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CoverageRow {
    /// The field.
    pub field: &'static str,
    /// Failures that show it.
    pub have: usize,
    /// Failures that could.
    pub of: usize,
}

/// Assembles the packet of a case.
#[must_use]
pub fn assemble(case: &mut Case, supplied: &Supplied) -> Packet {
    let Case { inputs, logs, calls, redactor, .. } = case;
    let mut clean = |name: &str| redactor.clean(name).as_str().to_owned();
    let names: Vec<String> = inputs.iter().map(|i| clean(&i.name)).collect();
    let places = Places::new(logs.iter().map(|name| clean(name)).collect());
    let cleaned: BTreeMap<&str, (Clean, Clean)> = supplied
        .iter()
        .map(|(name, said)| (name, (redactor.clean(&said.value), redactor.clean(&said.origin))))
        .collect();
    let said = |name: &str| match cleaned.get(name) {
        Some((value, origin)) => Told::new(Some(value.clone()), Basis::Supplied, vec![origin.as_str().to_owned()]),
        None => Told::default(),
    };
    let conclusions = check::conclude(calls, supplied);
    let evidence = &conclusions.facts.evidence;
    let owner = failure::route_owner(evidence).map(|said| (redactor.clean(&said.value), redactor.clean(&said.origin)));
    let (identifiers, identifiers_left_out) = failure::identifiers(evidence, &places, evidence.trusts_ids());
    let (rows, calls_left_out) = calls::rows(calls, &places);
    let case_said = CaseSection {
        title: title(&conclusions),
        said: said("title"),
        reference: said("reference"),
        severity: said("severity"),
    };
    Packet {
        schema: FORM,
        tool: Tool { name: "casefile", version: env!("CARGO_PKG_VERSION") },
        generated_at: None,
        case: case_said,
        verdict: VerdictSection::of(&conclusions),
        status: StatusSection::of(&conclusions),
        identifiers,
        identifiers_left_out,
        error: ErrorSection::of(evidence, &places),
        target: TargetSection::of(evidence, &places),
        route: RouteSection::of(evidence, &places, said).owned_by(owner),
        retries: RetriesSection::of(&conclusions.facts.retries, supplied, &places),
        recovery: retries::recovery(&conclusions),
        reproduction: ReproductionSection::of(&conclusions),
        payload: conduct::payload(&conclusions, &places),
        impact: ImpactSection::of(&conclusions, &places, said),
        changes: conduct::changes(&conclusions, &places, &said("changed")),
        claude_code: conclusions.facts.claude_code.as_ref().map(|c| ClaudeCodeSection::of(c, &places, said)),
        owners: OwnersSection::of(said),
        findings: findings(&conclusions, &places),
        questions: questions(&conclusions),
        completeness: completeness(&conclusions),
        log_readiness: conclusions
            .facts
            .coverage
            .iter()
            .map(|c| CoverageRow { field: c.field, have: c.have, of: c.of })
            .collect(),
        redaction: RedactionSection::of(inputs, redactor.memory_is_full()),
        inputs: inputs.iter().zip(names).map(|(i, name)| InputRow::of(i, name)).collect(),
        calls: rows,
        calls_left_out,
    }
}

/// One line: branch, error type, model, route, how often, for how long.
fn title(conclusions: &Conclusions<'_>) -> String {
    let evidence = &conclusions.facts.evidence;
    let failures = evidence.main_failures().count();
    if failures == 0 {
        return "No failure found".into();
    }
    let mut parts = Vec::new();
    let example = evidence.example();
    let status = example.and_then(|r| r.attempt.seen.status).map(|s| s.to_string());
    let error = example.and_then(|r| r.attempt.seen.error_type.clone()).map(|t| t.as_str().to_owned());
    let clean = conclusions.verdict.clean.then(|| "clean".to_owned());
    let words: Vec<String> = [clean, status, error].into_iter().flatten().collect();
    let branch = failure::branch_title(evidence);
    parts.push(if words.is_empty() { branch.to_owned() } else { format!("{branch} ({})", words.join(" ")) });
    parts.extend(example.and_then(|r| r.attempt.seen.model.clone()).map(|m| m.as_str().to_owned()));
    // others failed in another way
    let of = match evidence.failures().count() {
        all if all > failures => format!("{failures} of {all}"),
        _ => failures.to_string(),
    };
    let times = if of == "1" { "1 failed attempt".to_owned() } else { format!("{of} failed attempts") };
    let at = || evidence.main_failures().filter_map(|r| r.attempt.at_ms);
    let window = at().min().zip(at().max()).map(|(a, b)| b - a).filter(|w| *w >= 1000);
    parts.push(window.map_or(times.clone(), |w| format!("{times} in {}", duration(w))));
    parts.join(" · ")
}

fn findings(conclusions: &Conclusions<'_>, places: &Places) -> Vec<FindingRow> {
    let row = |f: &check::finding::Finding| FindingRow {
        id: f.rule.id,
        severity: f.rule.severity.name(),
        title: f.rule.title,
        detail: f.evident.detail.clone(),
        action: f.rule.action,
        stop_rule: f.rule.stop_rule,
        from: places.all(&f.evident.places),
    };
    conclusions.findings.iter().map(row).collect()
}

fn questions(conclusions: &Conclusions<'_>) -> Vec<QuestionRow> {
    let row = |q: &check::question::Question| QuestionRow {
        field: q.field.to_string(),
        why: q.why.to_string(),
        language: q.answer.language,
        answer: q.answer.text.to_string(),
    };
    conclusions.questions.iter().map(row).collect()
}

fn completeness(conclusions: &Conclusions<'_>) -> Completeness {
    let fields = &conclusions.facts.completeness;
    let half = |halves: u8| f64::from(halves) / 2.0;
    Completeness {
        grade: readiness::grade(fields),
        score: half(fields.iter().map(|f| f.halves).sum()),
        of: fields.len(),
        fields: fields.iter().map(|f| FieldRow { field: f.field, known: half(f.halves) }).collect(),
    }
}

impl Packet {
    /// Texts in it that are the program's own, and no log's.
    #[must_use]
    pub fn own_texts(&self) -> Vec<&str> {
        let verdict = &self.verdict;
        let mut texts = vec![
            verdict.branch_title,
            verdict.responder_evidence,
            verdict.first_action,
            verdict.verify,
            verdict.stop_rule,
        ];
        for finding in &self.findings {
            texts.extend([finding.title, finding.action]);
            texts.extend(finding.stop_rule);
        }
        for question in &self.questions {
            texts.extend([question.field.as_str(), &question.why, &question.answer]);
        }
        texts
    }

    /// Says when it was written: milliseconds since 1970.
    #[must_use]
    pub fn written_at(mut self, ms: i64) -> Self {
        self.generated_at = Some(Timestamp::rfc3339(ms));
        self
    }
}

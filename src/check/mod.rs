//! What follows from the calls: branch, responder, path, retries, impact, findings, verdict.
//!
//! Nothing here reads a log. Every conclusion is drawn from attempts whose fields say where they come from,
//! from saved status pages, and from what the user says; it names its evidence.

pub mod advice;
pub mod branch;
pub mod breaker;
pub mod budget;
pub mod claude_code;
pub mod client;
pub mod clocks;
pub mod evidence;
pub mod finding;
pub mod findings;
pub mod impact;
pub mod overlap;
pub mod path;
pub mod question;
pub mod readiness;
pub mod responder;
pub mod retries;
pub mod route;
pub mod steps;
pub mod switch;
pub mod verdict;

use crate::model::{Call, Supplied};
use claude_code::ClaudeCode;
use client::Kit;
use clocks::Clocks;
use evidence::Evidence;
use finding::Finding;
use impact::Impact;
use overlap::Overlap;
use path::Ledger;
use question::Question;
use readiness::{Coverage, Known};
use retries::Retries;
use steps::Step;
use switch::Switch;
use verdict::Verdict;

/// What findings are drawn from.
#[derive(Debug)]
pub struct Facts<'c> {
    /// Calls and attempts.
    pub evidence: Evidence<'c>,
    /// The path of most failures.
    pub ledger: Ledger,
    /// Changes of path after failures.
    pub switches: Vec<Switch>,
    /// Retries.
    pub retries: Retries,
    /// What times inside ids tell.
    pub clocks: Clocks,
    /// The library that made most requests that failed.
    pub kit: &'static Kit,
    /// More on Claude Code, where it made requests.
    pub claude_code: Option<ClaudeCode>,
    /// Counts.
    pub impact: Impact,
    /// What status pages say.
    pub overlap: Overlap,
    /// What the log shows of failures.
    pub coverage: Vec<Coverage>,
    /// How well the nine fields of a packet are known.
    pub completeness: Vec<Known>,
}

/// Everything that was concluded.
#[derive(Debug)]
pub struct Conclusions<'c> {
    /// What it rests on.
    pub facts: Facts<'c>,
    /// Findings, the gravest first.
    pub findings: Vec<Finding>,
    /// The verdict.
    pub verdict: Verdict,
    /// How far the steps of a bounded recovery were taken.
    pub steps: Vec<Step>,
    /// What is open.
    pub questions: Vec<Question>,
}

/// Concludes.
#[must_use]
pub fn conclude<'c>(calls: &'c [Call], supplied: &'c Supplied) -> Conclusions<'c> {
    let evidence = Evidence::of(calls, supplied);
    let branch = evidence.branch;
    let ledger = Ledger::of(&evidence.rows, |r| r.failed() && r.branch == branch);
    let completeness = readiness::completeness(&evidence, &ledger);
    let facts = Facts {
        switches: switch::switches(&evidence.rows),
        retries: Retries::of(&evidence),
        clocks: Clocks::of(&evidence),
        kit: Kit::of(&evidence),
        claude_code: ClaudeCode::of(&evidence),
        impact: Impact::of(&evidence),
        overlap: Overlap::of_evidence(&evidence),
        coverage: readiness::coverage(&evidence),
        completeness,
        ledger,
        evidence,
    };
    let findings = findings::find(&facts);
    let verdict = Verdict::of(&facts, &findings);
    let questions = question::questions(&facts);
    let steps = steps::steps(&facts, &findings);
    Conclusions { facts, findings, verdict, steps, questions }
}

//! `casefile explain`: a branch, a finding, a rule or a dialect, in full.

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::output::Output;
use super::{Exit, Run, dialects, rules, term};
use crate::check::branch::Branch;
use crate::check::budget;
use crate::check::finding;
use crate::check::findings;
use crate::dialect::custom::Custom;
use crate::packet::duration;
use crate::redact::RuleSet;
use std::fmt::Write;

/// Explain a branch, a finding, a rule or a dialect
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile explain server_error
  casefile explain retry_amplification
  casefile explain          lists everything that it explains")]
pub struct Args {
    /// Its id, as a packet or a list shows it
    #[arg(value_name = "ID")]
    id: Option<String>,
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let custom = config.load()?.custom()?;
        let text = match &self.id {
            Some(id) => explain(id, &custom).ok_or_else(|| unknown(id, &custom))?,
            None => list(),
        };
        Output::stdout().text(&text)?;
        Ok(Exit::Done)
    }
}

fn explain(id: &str, custom: &Custom) -> Option<String> {
    let rule = || {
        let rules = RuleSet::builtin();
        rules.find(id).and_then(|id| rules.rule(id)).map(rules::show)
    };
    let named = Branch::named(id).map(branch).or_else(|| findings::rule(id).map(finding));
    named.or_else(|| budget::preset(id).map(preset)).or_else(rule).or_else(|| custom.named(id).map(dialects::show))
}

fn unknown(id: &str, custom: &Custom) -> Error {
    let rules = RuleSet::builtin();
    let known = Branch::ALL.iter().map(|b| b.name()).chain(findings::rules().map(|r| r.id));
    let known = known.chain(budget::PRESETS.iter().map(|p| p.id));
    let known = known.chain(custom.dialects().map(|d| d.about().id)).chain(rules.rules().iter().map(|r| r.id.as_str()));
    let error = Error::new(format!("nothing is called `{id}`"));
    match super::nearest(id, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`casefile explain` alone lists what can be explained"),
    }
}

fn branch(branch: Branch) -> String {
    let advice = branch.advice();
    let parts = [
        ("what it means", advice.means),
        ("what it does not prove", advice.not_proof),
        ("first action", advice.first_action),
        ("how to verify", advice.verify),
        ("stop rule", advice.stop_rule),
    ];
    in_full(&format!("{}: {} (branch)", branch.name(), branch.title()), &parts)
}

fn finding(rule: &'static finding::Rule) -> String {
    let parts = [
        ("what it means", rule.means),
        ("what it does not prove", rule.not_proof),
        ("what to do", rule.action),
        ("stop rule", rule.stop_rule.unwrap_or_default()),
        ("source", rule.source),
    ];
    in_full(&format!("{}: {} (finding, {})", rule.id, rule.title, rule.severity.name()), &parts)
}

fn preset(preset: &budget::Preset) -> String {
    let ms = |ms: u64| duration(i64::try_from(ms).unwrap_or(i64::MAX));
    let longest = if preset.longest_ms == u64::MAX {
        "no longest wait".into()
    } else {
        format!("at most {}", ms(preset.longest_ms))
    };
    let spread = match (preset.less, preset.more, preset.plus_ms) {
        (0, 0, 0) => "nothing random".to_owned(),
        (0, 0, plus) => format!("up to {} longer at random", ms(plus)),
        (less, 0, _) => format!("up to {less} % shorter at random"),
        (_, more, _) => format!("up to {more} % longer at random"),
    };
    let numbers = format!(
        "{} attempts, first wait {}, doubled each time, {longest}, {spread}",
        preset.max_attempts,
        ms(preset.initial_ms)
    );
    let parts = [
        ("whose it is", preset.title),
        ("the numbers", numbers.as_str()),
        ("what it does not prove", "That waits fit it says whose habit they look like, not who waited."),
    ];
    in_full(&format!("{} (preset of a retry budget)", preset.id), &parts)
}

fn in_full(title: &str, parts: &[(&str, &str)]) -> String {
    let mut text = format!("{title}\n");
    for (name, part) in parts.iter().filter(|(_, part)| !part.is_empty()) {
        let _ = write!(text, "\n{name}\n  {}\n", term::wrapped(part, 2));
    }
    text
}

fn list() -> String {
    let names = Branch::ALL.iter().map(|b| b.name()).chain(findings::rules().map(|r| r.id));
    let width = names.map(str::len).max().unwrap_or(0);
    let mut text = String::from("branches\n");
    for branch in Branch::ALL {
        let _ = writeln!(text, "  {:width$}  {}", branch.name(), branch.title());
    }
    for (family, rules) in findings::FAMILIES {
        let _ = writeln!(text, "\nfindings: {}", family.replace('_', " "));
        for rule in *rules {
            let _ = writeln!(text, "  {:width$}  {}", rule.id, rule.title);
        }
    }
    text.push_str("\npresets of retry budgets\n");
    for preset in budget::PRESETS {
        let _ = writeln!(text, "  {:width$}  {}", preset.id, preset.title);
    }
    text + "\nrules of redaction: `casefile rules list`; dialects: `casefile dialects list`\n"
}

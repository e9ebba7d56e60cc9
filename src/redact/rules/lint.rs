//! Checks that rules say what they do: `casefile rules test`, and a test of the program's own rules.
//!
//! In an example, what stands between `<<` and `>>` must go and the rest must stay; one without marks must
//! go as a whole. A counterexample stays as it is.

use super::super::class::Class;
use super::super::redactor::{Policy, Redactor};
use super::{Rule, RuleSet, expand};
use std::sync::Arc;

/// What is wrong with a rule: it does not do what its file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file of the rule.
    pub file: String,
    /// The rule.
    pub rule: String,
    /// What is wrong, with the example as it stands in the file: placeholders, no secret.
    pub problem: String,
}

/// Checks the rules of these files; of all where none is named.
#[must_use]
pub fn lint(rules: &Arc<RuleSet>, files: &[String]) -> Vec<Fault> {
    let asked = rules.rules().iter().filter(|r| files.is_empty() || files.contains(&r.file));
    let faults = asked.flat_map(|rule| {
        problems(rule, rules).into_iter().map(|problem| Fault {
            file: rule.file.clone(),
            rule: rule.id.clone(),
            problem,
        })
    });
    faults.collect()
}

fn problems(rule: &Rule, rules: &Arc<RuleSet>) -> Vec<String> {
    let mut problems = Vec::new();
    // addresses, hosts and organizations stay unless the user says otherwise
    let optional = matches!(rule.class, Class::Ip | Class::Host | Class::OrgId);
    if rule.examples.is_empty() && !optional {
        problems.push("it has no example".to_owned());
    }
    let redacted = |line: &str| {
        let mut policy = Policy { rules: Arc::clone(rules), ..Policy::default() };
        policy.classes.add(rule.class);
        // the one rule that is a way to redact, too
        policy.strict = rule.id == "strict";
        let mut redactor = Redactor::new(policy);
        redactor.text(line)
    };
    for example in &rule.examples {
        let parts = Parts::of(example);
        match parts.hold(&redacted(&parts.line())) {
            Ok(()) => {}
            Err(problem) => problems.push(format!("{problem}: {example}")),
        }
    }
    for example in &rule.counterexamples {
        let line = expand(example);
        if redacted(&line) != line {
            problems.push(format!("the counterexample changes: {example}"));
        }
    }
    problems
}

/// An example, with its placeholders filled in: what stays and what goes, in turn, beginning with what stays.
struct Parts(Vec<String>);

impl Parts {
    fn of(example: &str) -> Self {
        if !example.contains("<<") {
            return Self(vec![String::new(), expand(example), String::new()]);
        }
        let parts = example.split("<<").flat_map(|part| part.split(">>"));
        Self(parts.map(expand).collect())
    }

    fn line(&self) -> String {
        self.0.concat()
    }

    fn hold(&self, redacted: &str) -> Result<(), &'static str> {
        let stays: Vec<&String> = self.0.iter().step_by(2).collect();
        let goes = self.0.iter().skip(1).step_by(2);
        if goes.into_iter().any(|secret| redacted.contains(secret.as_str())) {
            return Err("the example is not taken");
        }
        let (Some(first), Some(last)) = (stays.first(), stays.last()) else { return Ok(()) };
        let mut rest = redacted.strip_prefix(first.as_str()).ok_or("what stands before is not left as it is")?;
        for part in stays.iter().skip(1).take(stays.len().saturating_sub(2)) {
            let at = rest.find(part.as_str()).ok_or("what stands between is not left as it is")?;
            rest = rest.get(at + part.len()..).unwrap_or_default();
        }
        if rest.ends_with(last.as_str()) { Ok(()) } else { Err("what stands behind is not left as it is") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_own_rules_do_what_they_say() {
        let faults = lint(&RuleSet::builtin(), &[]);
        let lines: Vec<String> = faults.iter().map(|f| format!("{} {}: {}", f.file, f.rule, f.problem)).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }

    #[test]
    fn a_rule_that_does_not_hold_is_found() {
        let text = "[[token]]\nid = \"mine\"\ntitle = \"x\"\nclass = \"keys\"\nprefixes = [\"mine_\"]\npattern = 'mine_[a-z]{8}'\nexamples = [\"mine_{lower:8}\", \"mine_12\"]\ncounterexamples = [\"mine_{lower:9}x\"]\n";
        let rules = Arc::new(RuleSet::with(&[("mine.toml".to_owned(), text.to_owned())]).unwrap());
        let faults = lint(&rules, &["mine.toml".to_owned()]);
        assert!(faults.iter().any(|f| f.problem == "the example is not taken: mine_12"), "{faults:?}");
    }
}

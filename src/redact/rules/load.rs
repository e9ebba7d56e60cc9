//! Reads rule files into a rule set.

use super::format::{File, When};
use super::{FieldUse, MESSAGES, NameUse, Rule, RuleId, RuleSet, Secret, TokenRule, UseId, theirs};
use crate::redact::Class;
use std::ops::Range;

/// The rule files that are part of the program. One more provider is one more file and one more line.
static BUILTIN: &[(&str, &str)] = &[
    ("anthropic.toml", include_str!("../../../rules/anthropic.toml")),
    ("openai.toml", include_str!("../../../rules/openai.toml")),
    ("google.toml", include_str!("../../../rules/google.toml")),
    ("aws.toml", include_str!("../../../rules/aws.toml")),
    ("azure.toml", include_str!("../../../rules/azure.toml")),
    ("ai-services.toml", include_str!("../../../rules/ai-services.toml")),
    ("gateways.toml", include_str!("../../../rules/gateways.toml")),
    ("developer.toml", include_str!("../../../rules/developer.toml")),
    ("http.toml", include_str!("../../../rules/http.toml")),
    ("names.toml", include_str!("../../../rules/names.toml")),
    ("pem.toml", include_str!("../../../rules/pem.toml")),
    ("pii.toml", include_str!("../../../rules/pii.toml")),
    ("telemetry.toml", include_str!("../../../rules/telemetry.toml")),
];

/// What is wrong with a rule file.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct RuleError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, without any of the file's text but names.
    pub problem: String,
}

impl RuleSet {
    /// The program's rules and more, from files in the same format: name and text of each.
    ///
    /// # Errors
    /// Says what is wrong, with file and line.
    pub fn with(more: &[(String, String)]) -> Result<Self, RuleError> {
        let mut set = Self::default();
        for (file, text) in BUILTIN {
            set.add_file(file, text)?;
        }
        for (file, text) in more {
            let asked = theirs::check(file, text, &set)?;
            set.tightened.strict |= asked.strict;
            set.tightened.drop.extend(asked.drop);
            set.add_file(file, text)?;
        }
        set.settle();
        for name in MESSAGES {
            set.names.add_ending(name.as_bytes());
        }
        Ok(set)
    }

    fn add_file(&mut self, file: &str, text: &str) -> Result<(), RuleError> {
        let parsed = parse(file, text)?;
        for token in parsed.token {
            let rule = self.add_rule(
                file,
                text,
                &token.id,
                &token.title,
                token.class,
                &token.examples,
                &token.counterexamples,
            )?;
            let compiled =
                TokenRule::compile(rule, &token).map_err(|(span, problem)| error(file, text, Some(span), &problem))?;
            self.tokens.push(compiled);
        }
        for name in parsed.name {
            let rule =
                self.add_rule(file, text, &name.id, &name.title, name.class, &name.examples, &name.counterexamples)?;
            let place = name.r#where.as_ref().map(toml::Spanned::get_ref).map(String::as_str);
            if let Some(unknown) =
                name.r#where.as_ref().filter(|p| !matches!(p.get_ref().as_str(), "query" | "argument"))
            {
                return Err(error(file, text, Some(unknown.span()), "`where` is `query` or `argument`"));
            }
            let query = place == Some("query");
            let secret = Secret { rule, take: name.take, argument: place == Some("argument") };
            for spelling in &name.names {
                let used = self.exact(spelling);
                let slot = if query { &mut used.query } else { &mut used.secret };
                slot.get_or_insert(secret);
            }
            for words in &name.suffixes {
                self.uses.push(NameUse { secret: Some(secret), ..NameUse::default() });
                self.names.add_suffix(words, (self.uses.len() - 1) as u16);
            }
        }
        for field in parsed.field {
            let rule = self.add_rule(
                file,
                text,
                &field.id,
                &field.title,
                Class::Bodies,
                &field.examples,
                &field.counterexamples,
            )?;
            let under = field.under.as_deref().map(|name| self.exact_id(name));
            let as_field = FieldUse { rule, holds: field.holds, when: field.when, under };
            for spelling in &field.names {
                let used = self.exact(spelling);
                if field.when != When::Inside {
                    used.outside.get_or_insert(as_field);
                }
                if matches!(field.when, When::Always | When::Inside) {
                    used.inside.get_or_insert(as_field);
                }
            }
        }
        for keep in parsed.keep {
            for name in &keep.names {
                self.exact(name).keep = true;
            }
            for name in &keep.identifiers {
                self.exact(name).identifier = true;
            }
        }
        for rule in parsed.builtin {
            self.add_rule(file, text, &rule.id, &rule.title, rule.class, &rule.examples, &rule.counterexamples)?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the fields that all kinds of rules share")]
    fn add_rule(
        &mut self,
        file: &str,
        text: &str,
        id: &toml::Spanned<String>,
        title: &str,
        class: Class,
        examples: &[String],
        counterexamples: &[String],
    ) -> Result<RuleId, RuleError> {
        let name = id.get_ref();
        let well_formed = !name.is_empty()
            && name.len() <= 24
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !well_formed {
            return Err(error(
                file,
                text,
                Some(id.span()),
                "an id has up to 24 lower-case letters, digits and hyphens",
            ));
        }
        if self.find(name).is_some() {
            return Err(error(file, text, Some(id.span()), "another rule has this id"));
        }
        self.rules.push(Rule {
            id: name.clone(),
            title: title.to_owned(),
            class,
            file: file.to_owned(),
            examples: examples.to_vec(),
            counterexamples: counterexamples.to_vec(),
        });
        let rule = RuleId((self.rules.len() - 1) as u16);
        self.ids.insert(name.clone(), rule);
        Ok(rule)
    }

    /// The use of a name that is written out in a rule, made where there is none yet.
    fn exact(&mut self, name: &str) -> &mut NameUse {
        let index = usize::from(self.exact_id(name).0);
        &mut self.uses[index]
    }

    fn exact_id(&mut self, name: &str) -> UseId {
        let next = self.uses.len() as u16;
        let index = self.names.exact(name, next);
        if index == next {
            self.uses.push(NameUse::default());
        }
        UseId(index)
    }

    /// A name that is written out in one rule may also end in another rule's words.
    fn settle(&mut self) {
        for (name, index) in self.names.written_out() {
            let index = usize::from(index);
            let by_suffix = self.names.by_suffix(&name).and_then(|i| self.uses[usize::from(i)].secret);
            let used = &mut self.uses[index];
            if used.secret.is_none() && used.outside.is_none() && used.inside.is_none() {
                used.secret = by_suffix;
            }
        }
    }
}

pub(super) fn parse(file: &str, text: &str) -> Result<File, RuleError> {
    toml::from_str(text).map_err(|e| {
        let problem = e.message().lines().next().unwrap_or("not a rule file").to_owned();
        error(file, text, e.span(), &problem)
    })
}

pub(super) fn error(file: &str, text: &str, span: Option<Range<usize>>, problem: &str) -> RuleError {
    let at = span.map_or(0, |span| span.start.min(text.len()));
    let line = 1 + text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count();
    RuleError { file: file.to_owned(), line, problem: problem.to_owned() }
}

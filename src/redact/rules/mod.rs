//! The rules as data: one TOML file a provider, compiled once.
//!
//! A rule set answers two questions fast: what does this name mean (`RuleSet::name`), and where in this
//! text may a token stand (`redact/tokens.rs` asks for the prefixes). Everything else about a rule (its
//! title, its examples) is there for people.

mod format;
mod lint;
mod names;
mod template;
mod theirs;
mod token;

pub(crate) use format::{Holds, Take, When};
pub use lint::{Fault, lint};
pub(crate) use template::expand;
pub use theirs::Tightened;
pub(crate) use token::{TokenRule, problem as regex_problem};

use super::class::{Class, Classes};
use super::hash::Quick;
use super::tokens::Literals;
use crate::literal::Endings;
use format::File;
use names::Names;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

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

/// Names under which a log message stands; it is looked into, not taken.
pub(crate) const MESSAGES: &[&str] = &[
    "msg",
    "message",
    "error",
    "err",
    "event",
    "detail",
    "details",
    "reason",
    "exception",
    "exc",
    "exc_info",
    "stack",
    "traceback",
    "log",
    "request",
    "upstream",
    "user_agent",
    "useragent",
    "ua",
    "cause",
    "status_message",
    "url",
    "path",
    "http_user_agent",
];

/// Which rule took something: an index into [`RuleSet::rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(crate) u16);

/// A rule as people see it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, which is also how its tokens are named: `[anthropic-key#1]`.
    pub id: String,
    /// What it takes, in words.
    pub title: String,
    /// The class by which it is switched.
    pub class: Class,
    /// The file it stands in.
    pub file: String,
    /// Lines in which it takes what is marked, with placeholders.
    pub examples: Vec<String>,
    /// Lines that stay as they are.
    pub counterexamples: Vec<String>,
}

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

/// A name that a rule knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UseId(u16);

/// What a name says about its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NameUse {
    /// It is known not to be a secret's.
    pub keep: bool,
    /// Its value is an identifier that people trace by.
    pub identifier: bool,
    /// Its value is a credential.
    pub secret: Option<Secret>,
    /// Its value in a URL's query is a credential.
    pub query: Option<Secret>,
    /// What it holds outside a prompt, and inside one.
    pub outside: Option<FieldUse>,
    pub inside: Option<FieldUse>,
}

/// A name whose value is a credential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Secret {
    pub rule: RuleId,
    pub take: Take,
    /// Only where the name is not quoted: as an argument or a line of its own.
    pub argument: bool,
}

/// A name whose value is a prompt or a part of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FieldUse {
    pub rule: RuleId,
    pub holds: Holds,
    pub when: When,
    /// Only under a parent of this name.
    pub under: Option<UseId>,
}

/// Compiled rules.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    ids: HashMap<String, RuleId, Quick>,
    tokens: Vec<TokenRule>,
    names: Names,
    uses: Vec<NameUse>,
    literals: OnceLock<Literals>,
    tightened: Tightened,
}

impl RuleSet {
    /// The rules that are part of the program.
    #[must_use]
    pub fn builtin() -> Arc<Self> {
        static RULES: OnceLock<Arc<RuleSet>> = OnceLock::new();
        Arc::clone(RULES.get_or_init(|| Arc::new(Self::with(&[]).unwrap_or_default())))
    }

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

    /// All rules, in the order of their files.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule behind an id.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(usize::from(id.0))
    }

    /// The rule of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<RuleId> {
        self.ids.get(name).copied()
    }

    /// What the files that were added ask for besides their rules.
    #[must_use]
    pub fn tightened(&self) -> &Tightened {
        &self.tightened
    }

    /// Whether a rule is switched on.
    pub(crate) fn is_on(&self, id: RuleId, classes: Classes) -> bool {
        self.rule(id).is_some_and(|rule| classes.has(rule.class))
    }

    /// How names end that mean something, or that the walk wants to know of.
    pub(crate) fn endings(&self) -> &Endings {
        self.names.endings()
    }

    /// The literals of the token rules, ready to be sought.
    pub(crate) fn literals(&self) -> &Literals {
        self.literals.get_or_init(|| Literals::of(self))
    }

    pub(crate) fn tokens(&self) -> &[TokenRule] {
        &self.tokens
    }

    /// What a name says about its value; `None` for most names. Attributes of telemetry have a path before it:
    /// `gen_ai.prompt.0.content`.
    pub(crate) fn name(&self, name: &[u8]) -> Option<UseId> {
        let last = || memchr::memrchr(b'.', name).and_then(|dot| self.names.get(name.get(dot + 1..)?));
        self.names.get(name).or_else(last).map(UseId)
    }

    pub(crate) fn usage(&self, id: UseId) -> Option<&NameUse> {
        self.uses.get(usize::from(id.0))
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

fn parse(file: &str, text: &str) -> Result<File, RuleError> {
    toml::from_str(text).map_err(|e| {
        let problem = e.message().lines().next().unwrap_or("not a rule file").to_owned();
        error(file, text, e.span(), &problem)
    })
}

fn error(file: &str, text: &str, span: Option<Range<usize>>, problem: &str) -> RuleError {
    let at = span.map_or(0, |span| span.start.min(text.len()));
    let line = 1 + text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count();
    RuleError { file: file.to_owned(), line, problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_own_rules_load() {
        let set = RuleSet::with(&[]).unwrap();
        assert!(set.rules().len() > 60);
        assert!(set.find("anthropic-key").is_some());
    }

    #[test]
    fn names_mean_what_the_files_say() {
        let set = RuleSet::builtin();
        let rule = |name: &str| {
            set.name(name.as_bytes())
                .and_then(|id| set.usage(id))
                .and_then(|u| u.secret)
                .and_then(|s| set.rule(s.rule))
                .map(|r| r.id.clone())
        };
        assert_eq!(rule("X-Api-Key").as_deref(), Some("api-key"));
        assert_eq!(rule("api_key").as_deref(), Some("api-key"));
        assert_eq!(rule("MISTRAL_API_KEY").as_deref(), Some("secret"));
        assert_eq!(rule("set-cookie").as_deref(), Some("cookie"));
        assert_eq!(rule("key"), None);
        let used = |name: &str| set.name(name.as_bytes()).and_then(|id| set.usage(id));
        assert!(used("key").is_some_and(|u| u.query.is_some()));
        assert!(used("max_tokens").is_none_or(|u| u.keep));
    }

    #[test]
    fn errors_point_at_the_line() {
        let bad = "[[token]]\nid = \"mine\"\ntitle = \"x\"\nclass = \"keys\"\nprefixes = [\"mine_\"]\npattern = 'mine_[a-z'\n";
        let error = RuleSet::with(&[("mine.toml".to_owned(), bad.to_owned())]).unwrap_err();
        assert_eq!(error.to_string(), "mine.toml:6: the pattern does not compile: unclosed character class");
        let unknown = "[[token]]\nid = \"mine\"\nclas = \"keys\"\n";
        let error = RuleSet::with(&[("mine.toml".to_owned(), unknown.to_owned())]).unwrap_err();
        assert_eq!((error.line, error.problem.contains("clas")), (3, true));
    }
}

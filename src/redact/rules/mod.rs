//! The rules as data: one TOML file a provider, compiled once.
//!
//! A rule set answers two questions fast: what does this name mean (`RuleSet::name`), and where in this
//! text may a token stand (`RuleSet::literals`). Everything else about a rule (its
//! title, its examples) is there for people.

mod format;
mod lint;
mod literals;
mod load;
mod names;
mod template;
mod theirs;
mod token;

pub(crate) use format::{Holds, Take, When};
pub use lint::{Fault, lint};
pub(crate) use literals::Literals;
pub use load::RuleError;
pub(crate) use template::expand;
pub use theirs::Tightened;
pub(crate) use token::{TokenRule, problem as regex_problem};

use super::class::{Class, Classes};
use super::hash::Quick;
use crate::literal::Endings;
use names::Names;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

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
        self.literals.get_or_init(|| Literals::of(&self.tokens))
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

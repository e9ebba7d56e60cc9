//! Token rules, ready to be tried: where their literals stand, a pattern decides.

use super::RuleId;
use super::format::{Lead, Token};
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::OnceLock;

/// The largest compiled size of one pattern; users bring their own.
const PATTERN_SIZE: usize = 1 << 20;

/// A compiled token rule.
#[derive(Debug)]
pub(crate) struct TokenRule {
    pub rule: RuleId,
    pub prefixes: Vec<String>,
    pub marker: Option<String>,
    pub before: usize,
    pub lead: Lead,
    pub needs: Option<u8>,
    pub anywhere: bool,
    pub random: bool,
    pub basic: bool,
    /// It is known by what stands beside it; only a part of the match goes.
    pub beside: bool,
    source: String,
    regex: OnceLock<Regex>,
}

impl TokenRule {
    /// Checks and takes over a rule as it is written; an error says where in its file.
    pub fn compile(rule: RuleId, token: &Token) -> Result<Self, (Range<usize>, String)> {
        let pattern = token.pattern.get_ref();
        compile(pattern)
            .map_err(|e| (token.pattern.span(), format!("the pattern does not compile: {}", problem(&e))))?;
        let basic = match &token.check {
            None => false,
            Some(check) if check.get_ref() == "basic" => true,
            Some(check) => return Err((check.span(), "`check` knows only `basic`".to_owned())),
        };
        let shortest = token.prefixes.iter().chain(&token.marker).map(String::len).min();
        if shortest.is_none_or(|n| n < 2) {
            return Err((token.id.span(), "a token needs `prefixes` or a `marker` of two bytes or more".to_owned()));
        }
        Ok(Self {
            rule,
            prefixes: token.prefixes.clone(),
            marker: token.marker.clone(),
            before: token.before,
            lead: token.lead,
            needs: token.needs.and_then(|c| u8::try_from(c).ok()),
            anywhere: token.anywhere,
            random: token.random,
            basic,
            beside: pattern.contains("(?P<"),
            source: pattern.clone(),
            regex: OnceLock::new(),
        })
    }

    /// The pattern, anchored at the start. Compiled on first use: most runs meet few kinds of keys.
    pub fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| compile(&self.source).unwrap_or_else(|_| never()))
    }
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!(r"\A(?:{pattern})")).unicode(false).size_limit(PATTERN_SIZE).build()
}

/// What stands in for a pattern that did not compile; patterns are checked when they are read.
fn never() -> Regex {
    #[expect(clippy::expect_used, reason = "a constant pattern")]
    Regex::new(r"[^\s\S]").expect("a constant pattern")
}

/// What is wrong with an expression. The regex crate's errors draw it over several lines; the last says it.
pub(crate) fn problem(error: &regex::Error) -> String {
    if matches!(error, regex::Error::CompiledTooBig(_)) {
        return "too large".to_owned();
    }
    let text = error.to_string();
    text.lines().rfind(|l| l.starts_with("error: ")).map_or("not a regular expression", |l| &l[7..]).to_owned()
}

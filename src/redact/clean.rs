//! Gate 1: what of a log may enter a packet.
//!
//! Nothing in a packet is free text. A value enters as what a dialect says it is, an id, a model, a path,
//! a known message, and only if it fits that grammar and no net takes anything of it.

use super::class::Classes;
use super::edit::{Edit, What, settle};
use super::key::Key;
use super::net::Net;
use super::protect::{is_known_message, is_model, is_placeholder};
use super::rules::RuleSet;
use super::scan::Scanner;
use super::users::Users;
use super::{pii, strict, tokens};
use crate::literal::{Span, trim};
use crate::model::{Clean, Id, IdKind, User, UserBy, id_kind, is_opaque_id};
use std::collections::HashMap;
use std::sync::Arc;

/// Values that were checked are remembered: logs repeat themselves.
const MAX_REMEMBERED: usize = 1 << 14;
/// The longest message.
const MAX_MESSAGE: usize = 400;

/// Makes [`Clean`] text of what a dialect read.
#[derive(Debug)]
pub struct Cleaner {
    net: Net,
    /// Takes conversations, whatever classes the run takes.
    said: Net,
    known: HashMap<(Grammar, Box<[u8]>), Option<Clean>>,
    /// Names of headers and fields, each once: they are the program's own.
    names: HashMap<String, Clean>,
    users: Users,
}

/// What a value is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Grammar {
    Id,
    Word,
    Model,
    Path,
    Base,
    Version,
    Message,
}

impl Cleaner {
    /// With the rules and classes of the run.
    #[must_use]
    pub fn new(rules: Arc<RuleSet>, classes: Classes) -> Self {
        let not_learning = |classes| Net::new(Arc::clone(&rules), classes).reading_again();
        let (net, said) = (not_learning(classes), not_learning(Classes::default()));
        Self { net, said, known: HashMap::new(), names: HashMap::new(), users: Users::default() }
    }

    /// Marks users with a key that links runs.
    #[must_use]
    pub fn linked(self, key: Option<Key>) -> Self {
        Self { users: Users::linked(key), ..self }
    }

    /// What of a text is a conversation's, in order: prompts, answers, a tool's input.
    pub fn said(&mut self, text: &[u8]) -> Vec<Span> {
        let mut found = Vec::new();
        Scanner::default().scan(text, &mut self.said, &mut found);
        found.retain(|edit| matches!(edit.what, What::Text(_) | What::Opaque(_)));
        settle(&mut found);
        found.into_iter().map(|edit| edit.span).collect()
    }

    /// An identifier in whatever form: one run without blanks that is no credential.
    pub fn id(&mut self, value: &[u8]) -> Option<Clean> {
        let value = value.strip_prefix(b"0x").unwrap_or(value);
        self.cleaned(Grammar::Id, value)
    }

    /// An identifier with its kind: the one that its shape tells, else the one given.
    pub fn named_id(&mut self, kind: IdKind, name: &str, value: &[u8]) -> Option<Id> {
        let value = self.id(value)?;
        let name = self.names.entry(name.to_owned()).or_insert_with(|| Clean::vouched(name)).clone();
        Some(Id { kind: id_kind(value.as_str().as_bytes()).unwrap_or(kind), name: Some(name), value })
    }

    /// A provider's id of a request: one that its shape gives away, a UUID or a hash.
    pub fn request_id(&mut self, value: &[u8]) -> Option<Clean> {
        let value = trim(value);
        let request =
            id_kind(value) == Some(IdKind::ProviderRequest) || (id_kind(value).is_none() && is_opaque_id(value));
        if request { self.cleaned(Grammar::Id, value) } else { None }
    }

    /// An error type, a class, a role: one identifier, dotted perhaps.
    pub fn word(&mut self, value: &[u8]) -> Option<Clean> {
        self.cleaned(Grammar::Word, value)
    }

    /// The name of a model; of an ARN its last part.
    pub fn model(&mut self, value: &[u8]) -> Option<Clean> {
        let value = if value.starts_with(b"arn:") { value.rsplit(|b| *b == b'/').next()? } else { value };
        self.cleaned(Grammar::Model, value)
    }

    /// The name of a model of a family that everybody knows, where nothing else says that it is one.
    pub fn known_model(&mut self, value: &[u8]) -> Option<Clean> {
        is_model(value).then(|| self.model(value)).flatten()
    }

    /// A path of a URL; its query is left out, and what a net takes is named instead.
    pub fn path(&mut self, value: &[u8]) -> Option<Clean> {
        let value = value.split(|b| matches!(b, b'?' | b'#')).next()?;
        self.cleaned(Grammar::Path, value)
    }

    /// Scheme and host, port and leading path: `https://gw.example/anthropic`. Credentials are left out.
    pub fn base_url(&mut self, value: &[u8]) -> Option<Clean> {
        let (scheme, rest) = split_at(value, b"://")?;
        let authority = rest.split(|b| *b == b'/').next()?;
        if memchr::memchr(b'@', authority).is_none() {
            return self.cleaned(Grammar::Base, value);
        }
        let host = rest.rsplit(|b| *b == b'@').next()?;
        self.cleaned(Grammar::Base, &[scheme, b"://", host].concat())
    }

    /// The name or version of a program, a runtime, a system.
    pub fn version(&mut self, value: &[u8]) -> Option<Clean> {
        self.cleaned(Grammar::Version, value)
    }

    /// A message: one that everybody knows, or one that `--strict` would keep.
    pub fn message(&mut self, value: &[u8]) -> Option<Clean> {
        let value = value.get(..memchr::memchr(b'\n', value).unwrap_or(value.len()))?;
        self.cleaned(Grammar::Message, value)
    }

    /// A user, whose name stays behind: what enters is a number.
    pub fn user(&mut self, by: UserBy, name: &[u8]) -> Option<User> {
        self.users.of(by, name)
    }

    /// The user whom another run marked with the key that links runs.
    pub fn marked_user(&mut self, by: UserBy, mark: u64) -> Option<User> {
        self.users.marked(by, mark)
    }

    fn cleaned(&mut self, grammar: Grammar, value: &[u8]) -> Option<Clean> {
        let value = trim(value);
        if value.is_empty() || is_placeholder(value) {
            return None;
        }
        if let Some(known) = self.known.get(&(grammar, value.into())) {
            return known.clone();
        }
        let clean = self.check(grammar, value);
        if self.known.len() < MAX_REMEMBERED {
            self.known.insert((grammar, value.into()), clean.clone());
        }
        clean
    }

    fn check(&mut self, grammar: Grammar, value: &[u8]) -> Option<Clean> {
        let fits = match grammar {
            Grammar::Id => is_opaque_id(value) || is_code(value),
            Grammar::Word => is_word(value),
            Grammar::Model => is_model(value) || is_model_name(value),
            Grammar::Path => is_path(value),
            Grammar::Base => is_base(value),
            Grammar::Version => is_version(value),
            Grammar::Message => value.len() <= MAX_MESSAGE && value.iter().all(|b| !b.is_ascii_control()),
        };
        if !fits {
            return None;
        }
        let mut edits = Vec::new();
        tokens::find(value, &mut self.net, &mut edits);
        if grammar != Grammar::Id && grammar != Grammar::Version {
            pii::find(value, &mut self.net, &mut edits);
        }
        if grammar == Grammar::Message && !is_known_message(value) {
            strict::find(value, Span::new(0, value.len()), self.net.builtin.strict, &self.net.rules, &mut edits);
        }
        settle(&mut edits);
        let text = std::str::from_utf8(value).ok()?;
        match (edits.is_empty(), grammar) {
            (true, _) => Some(Clean::vouched(text)),
            (false, Grammar::Path | Grammar::Base) => self.without(value, &edits),
            (false, _) => None,
        }
    }

    /// The value with the names of rules in place of what they took.
    fn without(&self, value: &[u8], edits: &[Edit]) -> Option<Clean> {
        let mut text = String::new();
        let mut at = 0;
        for edit in edits {
            text.push_str(std::str::from_utf8(value.get(at..edit.span.start)?).ok()?);
            text.push('[');
            text.push_str(&self.net.rules.rule(edit.rule)?.id);
            text.push(']');
            at = edit.span.end;
        }
        text.push_str(std::str::from_utf8(value.get(at..)?).ok()?);
        Some(Clean::vouched(&text))
    }
}

fn split_at<'v>(value: &'v [u8], separator: &[u8]) -> Option<(&'v [u8], &'v [u8])> {
    let at = memchr::memmem::find(value, separator)?;
    Some((value.get(..at)?, value.get(at + separator.len()..)?))
}

/// A caller's own id: letters, digits and separators, with a digit in it.
fn is_code(value: &[u8]) -> bool {
    (3..=128).contains(&value.len())
        && value
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'=' | b'/' | b'+' | b'#'))
        && value.iter().any(u8::is_ascii_digit)
}

/// Words as programs name things: `overloaded_error`, `anthropic.InternalServerError`, `ECONNRESET`.
fn is_word(value: &[u8]) -> bool {
    value.len() <= 80
        && value.first().is_some_and(u8::is_ascii_alphabetic)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b':'))
        && value.split(|b| !b.is_ascii_alphabetic()).all(|part| part.len() <= 40)
        && value.iter().filter(|b| b.is_ascii_digit()).count() <= 6
}

/// Deployments and aliases are named freely: letters, digits, separators.
fn is_model_name(value: &[u8]) -> bool {
    (2..=120).contains(&value.len())
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'@' | b'/'))
        && value.iter().any(u8::is_ascii_alphabetic)
}

fn is_path(value: &[u8]) -> bool {
    value.len() <= 300
        && value.starts_with(b"/")
        && value.iter().all(|b| {
            b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`' | b'|' | b'{' | b'}')
        })
}

fn is_base(value: &[u8]) -> bool {
    let Some((scheme, rest)) = split_at(value, b"://") else { return false };
    let path = rest.iter().position(|b| *b == b'/').unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(path).unwrap_or((rest, b""));
    scheme.len() <= 8
        && scheme.iter().all(u8::is_ascii_alphabetic)
        && !host.is_empty()
        && host.len() <= 253
        && host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':' | b'_' | b'[' | b']'))
        && (path.is_empty() || is_path(path))
}

fn is_version(value: &[u8]) -> bool {
    value.len() <= 80
        && value
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+' | b' ' | b'/' | b'@' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaner() -> Cleaner {
        Cleaner::new(RuleSet::builtin(), Classes::default())
    }

    fn text(clean: Option<Clean>) -> String {
        clean.map(|c| c.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_fits_its_grammar_enters() {
        let mut c = cleaner();
        assert_eq!(text(c.request_id(b"req_011CMGYtqxWNEZC7PuSZU1u8")), "req_011CMGYtqxWNEZC7PuSZU1u8");
        assert_eq!(text(c.word(b"overloaded_error")), "overloaded_error");
        assert_eq!(
            text(c.model(b"us.anthropic.claude-sonnet-4-5-20250929-v1:0")),
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
        );
        assert_eq!(text(c.path(b"/v1/messages?beta=true&key=x")), "/v1/messages");
        assert_eq!(text(c.base_url(b"https://user:pw@gw.example:8443/anthropic")), "https://gw.example:8443/anthropic");
        assert_eq!(text(c.message(b"Internal server error")), "Internal server error");
    }

    #[test]
    fn what_does_not_stays_out() {
        let mut c = cleaner();
        let key = format!("sk-ant-api03-{}", "aB3d".repeat(20));
        assert_eq!(c.id(key.as_bytes()), None);
        assert_eq!(c.model(key.as_bytes()), None);
        assert_eq!(c.request_id(b"req-1"), None);
        assert_eq!(c.word(b"tell me about the merger"), None);
        assert_eq!(c.message(b"the Halcyon merger is off, says Maria"), None);
        assert_eq!(
            c.model(b"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-x-v1:0")
                .map(|m| m.to_string())
                .as_deref(),
            Some("us.anthropic.claude-x-v1:0")
        );
        assert_eq!(text(c.path(b"/users/maria@example.com/keys")), "/users/[email-address]/keys");
    }
}

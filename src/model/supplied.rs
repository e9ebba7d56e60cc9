//! What users say that no log can tell.

use std::collections::BTreeMap;

/// What a supplied fact looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A short text.
    Text,
    /// A whole number.
    Number,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A command, of which the shape is kept.
    Command,
}

/// A fact that may be supplied.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name for `--set` and `casefile.toml`.
    pub name: &'static str,
    /// What it looks like.
    pub kind: Kind,
    /// What it says.
    pub about: &'static str,
}

const fn key(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, about }
}
const YES: Kind = Kind::Choice(&["yes", "no"]);
const RESULT: Kind = Kind::Choice(&["fails", "works"]);

/// All facts that may be supplied.
pub static KEYS: &[Key] = &[
    key("reference", Kind::Text, "your ticket or incident number"),
    key("title", Kind::Text, "a title for the packet"),
    key("severity", Kind::Text, "how bad it is in your own scale"),
    key("impact", Kind::Text, "what users or work it touches"),
    key("user_visible", YES, "whether users notice"),
    key("users_affected", Kind::Number, "how many users it touches"),
    key("idempotent", YES, "whether the work may safely be done twice"),
    key("changed", Kind::Text, "what changed shortly before"),
    key("workbench", RESULT, "the same task in the provider's console"),
    key("direct_api", RESULT, "the same request sent to the provider directly"),
    key("fresh_session", RESULT, "the same task in a new session"),
    key("command_shape", Kind::Command, "the command that was run, without prompt and paths"),
    key("network_path", Kind::Text, "VPN, proxy or direct"),
    key("region", Kind::Text, "the cloud region"),
    key("route_owner", Kind::Text, "who owns the route to the provider"),
    key("auth_owner", Kind::Text, "who owns the credential"),
    key("status", Kind::Choice(&["green", "incident"]), "what the status page showed when you looked"),
    key("owner.status", Kind::Text, "who watches the status page"),
    key("owner.ticket", Kind::Text, "who owns the ticket"),
    key("owner.concurrency", Kind::Text, "who can reduce load"),
    key("owner.fallback", Kind::Text, "who can switch to a fallback"),
    key("owner.comms", Kind::Text, "who tells users"),
    key("budget.max_attempts", Kind::Number, "most attempts that your retry policy allows"),
    key("budget.initial_delay_ms", Kind::Number, "first wait of your retry policy, in milliseconds"),
    key("budget.backoff", Kind::Choice(&["none", "constant", "linear", "exponential"]), "how waits grow"),
    key("budget.max_elapsed_ms", Kind::Number, "longest time from first to last attempt, in milliseconds"),
    key("breaker.threshold", Kind::Number, "failures in a row at which your circuit breaker opens"),
];

/// A supplied fact and where it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The value as it was given.
    pub value: String,
    /// `--set`, or the place in `casefile.toml`.
    pub origin: String,
}

/// All that users say.
#[derive(Clone, Debug, Default)]
pub struct Supplied {
    facts: BTreeMap<&'static str, Said>,
    /// When the status page was looked at, for `status=green|incident`: milliseconds since 1970.
    pub status_checked_ms: Option<i64>,
    /// Saved status pages.
    pub snapshots: Vec<super::Snapshot>,
    /// Owners of routes: a host, or the end of one, and who owns it.
    pub routes: Vec<(String, Said)>,
}

/// Why a supplied fact was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuppliedError {
    /// There is no such fact; the name nearest to it.
    #[error("there is no fact with this name")]
    Unknown(Option<&'static str>),
    /// It must be a whole number.
    #[error("{0} must be a whole number")]
    NotANumber(&'static str),
    /// It must be one of some words.
    #[error("{0} must be one of {list}", list = .1.join(", "))]
    NotAChoice(&'static str, &'static [&'static str]),
}

impl Supplied {
    /// Takes a fact; what was said later stands.
    ///
    /// # Errors
    /// Where there is no such fact, or it cannot have this value.
    pub fn set(&mut self, name: &str, value: &str, origin: &str) -> Result<(), SuppliedError> {
        let key = KEYS.iter().find(|k| k.name == name).ok_or_else(|| SuppliedError::Unknown(nearest(name)))?;
        let value = value.trim();
        match key.kind {
            Kind::Text | Kind::Command => {}
            Kind::Number if value.parse::<u64>().is_ok() => {}
            Kind::Number => return Err(SuppliedError::NotANumber(key.name)),
            Kind::Choice(words) if words.contains(&value) => {}
            Kind::Choice(words) => return Err(SuppliedError::NotAChoice(key.name, words)),
        }
        let value = if key.kind == Kind::Command { shape(value) } else { value.to_owned() };
        self.facts.insert(key.name, Said { value, origin: origin.to_owned() });
        Ok(())
    }

    /// A fact as it was said.
    #[must_use]
    pub fn said(&self, name: &str) -> Option<&Said> {
        self.facts.get(name)
    }

    /// The text of a fact.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.facts.get(name).map(|said| said.value.as_str())
    }

    /// The number in a fact.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    /// Who owns the route through a host: what is said of the longest end of its name that stands between dots.
    #[must_use]
    pub fn route_owner(&self, host: &str) -> Option<&Said> {
        let is_end = |end: &str| host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let owners = self.routes.iter().filter(|(end, _)| is_end(end));
        owners.max_by_key(|(end, _)| end.len()).map(|(_, said)| said)
    }

    /// All facts that were said, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Said)> {
        self.facts.iter().map(|(name, said)| (*name, said))
    }
}

/// A command without prompt and paths: its program, its flags and their values, each a plain word. Whoever is asked for
/// the shape of a command pastes the command.
fn shape(command: &str) -> String {
    let mut shape: Vec<&str> = Vec::new();
    let mut quote: Option<char> = None;
    for word in command.split_whitespace() {
        let quoted = quote.is_some() || word.contains(['"', '\'']);
        for c in word.chars().filter(|c| matches!(c, '"' | '\'')) {
            quote = match quote {
                None => Some(c),
                Some(open) if open == c => None,
                open => open,
            };
        }
        // a prompt may stand behind these without quotes
        let behind_print = shape.last().is_some_and(|last| matches!(*last, "-p" | "--print" | TEXT));
        let part = if word.starts_with('-') && !quoted {
            word.split_once('=').filter(|(_, value)| !is_plain(value)).map_or(word, |(flag, _)| flag)
        } else if quoted || behind_print {
            TEXT
        } else if is_plain(word) {
            word
        } else {
            "[path]"
        };
        if part != TEXT || shape.last() != Some(&TEXT) {
            shape.push(part);
        }
    }
    shape.join(" ")
}

/// In the place of what a command says.
const TEXT: &str = "[text]";

/// A name, a number, a model; nothing that has a path or a sign in it.
fn is_plain(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ',' | ':' | '@'))
}

/// The name that a wrong one was most likely meant to be.
fn nearest(name: &str) -> Option<&'static str> {
    let close = |key: &&Key| {
        let last = key.name.rsplit('.').next().unwrap_or(key.name);
        last == name || distance(key.name, name) <= 2
    };
    KEYS.iter().find(close).map(|key| key.name)
}

/// Letters to change, add or take away to make one word of another; of long words their beginnings.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let (up, left, corner) = (row.get(j + 1), next.get(j), row.get(j));
            let least = [up.map(|n| n + 1), left.map(|n| n + 1), corner.map(|n| n + usize::from(x != *y))];
            next.push(least.into_iter().flatten().min().unwrap_or(0));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_so_far_apart() {
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("abc", "abc")), (3, 3, 0));
    }

    #[test]
    fn a_command_keeps_its_shape() {
        for (command, kept) in [
            ("claude --resume --model opus", "claude --resume --model opus"),
            (
                "claude -p \"sum up the merger\" --model claude-opus-4-6 /home/ada/plan.txt",
                "claude -p [text] --model claude-opus-4-6 [path]",
            ),
            ("claude -p sum up the merger --verbose", "claude -p [text] --verbose"),
            (
                "claude --settings=/home/ada/s.json --append-system-prompt 'be ' mcp",
                "claude --settings --append-system-prompt [text]",
            ),
        ] {
            assert_eq!(shape(command), kept);
        }
    }

    #[test]
    fn facts_are_checked() {
        let mut supplied = Supplied::default();
        assert_eq!(supplied.set("idempotent", "yes", "--set"), Ok(()));
        assert_eq!(supplied.get("idempotent"), Some("yes"));
        assert_eq!(
            supplied.set("budget.max_attempts", "three", "--set"),
            Err(SuppliedError::NotANumber("budget.max_attempts"))
        );
        let owner = |name: &str| Said { value: name.to_owned(), origin: "casefile.toml:2".to_owned() };
        supplied.routes = vec![("example.com".into(), owner("all")), ("llm.example.com".into(), owner("gateway team"))];
        let owners = ["llm.example.com", "www.example.com", "notexample.com"].map(|h| supplied.route_owner(h));
        assert_eq!(owners.map(|said| said.map(|s| s.value.as_str())), [Some("gateway team"), Some("all"), None]);
        assert_eq!(supplied.set("impakt", "x", "--set"), Err(SuppliedError::Unknown(Some("impact"))));
        assert_eq!(
            supplied.set("max_attempts", "3", "--set"),
            Err(SuppliedError::Unknown(Some("budget.max_attempts")))
        );
    }
}

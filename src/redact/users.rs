//! Users by number: equal names are one user, and nothing of a name is kept.

use super::key::Key;
use super::protect::is_placeholder;
use crate::literal::{Node, trim};
use crate::model::{User, UserBy};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU64;

/// Users told apart; who comes after them is not counted.
const MAX_USERS: usize = 1 << 20;
/// No name is longer.
const MAX_NAME: usize = 512;
/// What stands where nobody is signed in, where a gateway gives its own default, or which user a process runs as.
const NOBODY: &[&str] = &[
    "0",
    "-1",
    "-",
    "guest",
    "user",
    "anon",
    "system",
    "root",
    "nobody",
    "nginx",
    "www-data",
    "default_user_id",
    "default_user",
];

/// Numbers users by order of first sight. Names are hashed with a key that is made for the run and dies with it, or
/// with one that links runs.
#[derive(Debug, Default)]
pub(super) struct Users {
    random: RandomState,
    linking: Option<Key>,
    numbers: HashMap<u64, u32>,
}

impl Users {
    /// Marks users with a key, so that runs can tell that they saw the same ones.
    pub fn linked(key: Option<Key>) -> Self {
        Self { linking: key, ..Self::default() }
    }

    /// The user of a name, if it is one.
    pub fn of(&mut self, by: UserBy, name: &[u8]) -> Option<User> {
        let name = trim(name);
        if name.len() > MAX_NAME || is_nobody(name) {
            return None;
        }
        let person = composed(name);
        let name = person.as_deref().unwrap_or(name);
        match &self.linking {
            Some(key) => self.marked(by, key.mark(name)),
            None => self.numbered(self.random.hash_one(name)).map(|number| User { number, by, mark: None }),
        }
    }

    /// The user of a mark.
    pub fn marked(&mut self, by: UserBy, mark: u64) -> Option<User> {
        self.numbered(mark).map(|number| User { number, by, mark: NonZeroU64::new(mark) })
    }

    fn numbered(&mut self, hash: u64) -> Option<u32> {
        let next = self.numbers.len() as u32 + 1;
        match self.numbers.get(&hash) {
            Some(number) => Some(*number),
            None if self.numbers.len() >= MAX_USERS => None,
            None => Some(*self.numbers.entry(hash).or_insert(next)),
        }
    }
}

/// Whether it names nobody. What redaction put in place of a name stands for it, if it has a number.
fn is_nobody(name: &[u8]) -> bool {
    let numbered = name.starts_with(b"[") && memchr::memchr(b'#', name).is_some();
    let measure = name.iter().all(|b| b.is_ascii_digit() || *b == b'.') && memchr::memchr(b'.', name).is_some();
    is_placeholder(name) && !numbered || measure || NOBODY.iter().any(|n| name.eq_ignore_ascii_case(n.as_bytes()))
}

/// Claude Code's name for a user ends with the session, or is an object that has it: one person has many.
fn composed(name: &[u8]) -> Option<Vec<u8>> {
    if let Some(end) = memchr::memmem::find(name, b"_session_") {
        return name.get(..end).map(<[u8]>::to_vec);
    }
    let (node, _) = Node::read(name).filter(|(node, _)| node.is_group())?;
    let person = node.get("account_uuid").or_else(|| node.get("device_id"))?.bytes()?.to_vec();
    (!person.is_empty()).then_some(person)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(names: &[&str]) -> Vec<Option<u32>> {
        let mut users = Users::default();
        names.iter().map(|n| users.of(UserBy::Log, n.as_bytes()).map(|u| u.number)).collect()
    }

    #[test]
    fn equal_names_are_one_user() {
        assert_eq!(
            numbers(&["maria", "42", " maria ", "[user-id#3]", "42"]),
            [Some(1), Some(2), Some(1), Some(3), Some(2)]
        );
    }

    #[test]
    fn nobody_is_no_user() {
        let nobody =
            ["", "-", "None", "null", "anonymous", "***", "[text 9 chars]", "default_user_id", "root", "0", "0.25"];
        assert_eq!(numbers(&nobody), [None; 11]);
        assert_eq!(numbers(&["x".repeat(600).as_str()]), [None]);
    }

    #[test]
    fn a_session_is_no_user() {
        let of = |session: &str| format!("user_0a1b_account__session_{session}");
        let object = |session: &str| format!(r#"{{"device_id":"d1","account_uuid":"a1","session_id":"{session}"}}"#);
        assert_eq!(
            numbers(&[&of("s1"), &of("s2"), &object("s1"), &object("s2")]),
            [Some(1), Some(1), Some(2), Some(2)]
        );
    }
}

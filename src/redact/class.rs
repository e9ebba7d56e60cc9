//! Classes of what is taken out: the unit in which users tighten and loosen.

use serde::Deserialize;

/// What kind of thing a rule takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// API keys, tokens, passwords, private keys.
    Keys,
    /// Values of headers that carry credentials.
    Headers,
    /// Values of cookies.
    Cookies,
    /// Prompts, completions, tool inputs and results, images.
    Bodies,
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Payment card numbers.
    Card,
    /// Social security numbers.
    Ssn,
    /// Names of home folders.
    UserPath,
    /// Account numbers of cloud providers.
    AccountId,
    /// IP addresses.
    Ip,
    /// Host names that are not a provider's.
    Host,
    /// Organization and workspace ids; support can use them.
    OrgId,
}

impl Class {
    /// All classes with their names, in the order in which they are listed.
    pub const ALL: &[(Class, &str)] = &[
        (Class::Keys, "keys"),
        (Class::Headers, "headers"),
        (Class::Cookies, "cookies"),
        (Class::Bodies, "bodies"),
        (Class::Email, "email"),
        (Class::Phone, "phone"),
        (Class::Card, "card"),
        (Class::Ssn, "ssn"),
        (Class::UserPath, "user-path"),
        (Class::AccountId, "account-id"),
        (Class::Ip, "ip"),
        (Class::Host, "host"),
        (Class::OrgId, "org-id"),
    ];

    /// The class with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(class, _)| *class)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(class, _)| *class == self).map_or("", |(_, name)| name)
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

/// A set of classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classes(u16);

impl Default for Classes {
    /// What is taken unless the user says otherwise: all but addresses, hosts and organization ids.
    fn default() -> Self {
        let kept = [Class::Ip, Class::Host, Class::OrgId];
        let taken = Class::ALL.iter().filter(|(class, _)| !kept.contains(class));
        Self(taken.fold(0, |set, (class, _)| set | class.bit()))
    }
}

impl Classes {
    /// Whether the set holds a class.
    #[must_use]
    pub fn has(self, class: Class) -> bool {
        self.0 & class.bit() != 0
    }

    /// Adds a class.
    pub fn add(&mut self, class: Class) {
        self.0 |= class.bit();
    }

    /// Removes a class.
    pub fn remove(&mut self, class: Class) {
        self.0 &= !class.bit();
    }
}

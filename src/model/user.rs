//! For whom a request was made: users are told apart, and none is named.

use std::num::NonZeroU64;

/// By which name a log tells of a user; the later, the nearer to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UserBy {
    /// The body of the request names one for the provider.
    Request,
    /// The log has a user beside the request: who is signed in.
    Log,
    /// The log says that it is the end user, for whom somebody else asked.
    End,
}

/// A user: a number by order of first sight. Nothing of the name can be found back from it, and the number means
/// nothing in another run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// From 1.
    pub number: u32,
    /// How the log tells of it.
    pub by: UserBy,
    /// What a key makes of the name, where one was given to link runs.
    pub mark: Option<NonZeroU64>,
}

impl UserBy {
    const ALL: [Self; 3] = [Self::Request, Self::Log, Self::End];

    /// Its name in what is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Log => "log",
            Self::End => "end_user",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }
}

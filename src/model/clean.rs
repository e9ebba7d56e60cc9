//! Text that may stand in a packet.

use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// Text from a log that was checked: it fits the grammar of what it is said to be, and no rule takes
/// anything of it. Only redaction makes it (`redact::Cleaner`), and nothing else from a log enters a packet.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Clean(Arc<str>);

impl Clean {
    /// For redaction alone, which vouches for the text, and for what the program itself wrote.
    pub(crate) fn vouched(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialEq<str> for Clean {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Clean {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

//! A key that names credentials alike in several runs.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Fewer bytes could be guessed.
const SHORTEST: usize = 16;

/// Makes names of credentials with HMAC-SHA-256: whoever has the key can tell that two runs saw the same one,
/// nobody else can tell anything.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// A key of 16 bytes or more; `None` for less.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let long = bytes.len() >= SHORTEST;
        long.then(|| Hmac::new_from_slice(bytes).ok().map(Self)).flatten()
    }

    /// The number that stands for a credential.
    pub(crate) fn number(&self, credential: u64) -> u64 {
        self.mark(&credential.to_le_bytes())
    }

    /// The number that stands for a text.
    pub(crate) fn mark(&self, text: &[u8]) -> u64 {
        let mut mac = self.0.clone();
        mac.update(text);
        let code = mac.finalize().into_bytes();
        code.iter().take(8).fold(0, |n, b| n << 8 | u64::from(*b))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

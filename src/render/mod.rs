//! What a packet looks like: one file an output.
//!
//! Whatever is rendered is read again before it leaves: the gate looks for keys and for anything that was
//! taken out of the logs, in the finished bytes. One hit, and there is no document.
//!
//! An output is one text. An archive holds every one of them, and what the packet rests on.

mod html;
mod json;
mod markdown;
pub mod repro;
pub mod templates;
pub(crate) mod text;
pub mod zip;

pub use markdown::Template;
pub use text::bytes;

use crate::packet::Packet;
use crate::redact::{Redactor, Taken};

/// One way to write a packet.
pub trait Output: Sync {
    /// Its name: `md`.
    fn name(&self) -> &'static str;

    /// Ends of file names that ask for it.
    fn extensions(&self) -> &'static [&'static str];

    /// Writes it.
    ///
    /// # Errors
    /// Where a template does not work.
    fn render(&self, packet: &Packet) -> Result<Vec<u8>, RenderError>;

    /// Texts that the output brings along.
    fn own(&self) -> Vec<&str> {
        Vec::new()
    }

    /// A finished document as a reader sees it, line by line, where its bytes spell characters in another way.
    fn as_read(&self, _document: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// All outputs.
pub static OUTPUTS: &[&dyn Output] = &[&markdown::Markdown, &json::Json, &html::Html];

/// What a packet is written as.
#[derive(Clone, Copy)]
pub enum Format {
    /// One text.
    Text(&'static dyn Output),
    /// An archive of all of them.
    Zip,
}

impl Format {
    /// All formats.
    pub fn all() -> impl Iterator<Item = Self> {
        OUTPUTS.iter().map(|o| Self::Text(*o)).chain([Self::Zip])
    }

    /// Its name: `md`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text(output) => output.name(),
            Self::Zip => "zip",
        }
    }

    /// Ends of file names that ask for it.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Text(output) => output.extensions(),
            Self::Zip => &["zip"],
        }
    }
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template does not work: where and why, as far as that shows nothing of a log.
    #[error("template `{name}`, line {line}: {problem}")]
    Template {
        /// Its name.
        name: String,
        /// The line in it, from 1; 0 where it is not known.
        line: usize,
        /// What is wrong.
        problem: String,
        /// What to do.
        hint: &'static str,
    },
    /// The packet cannot be written as data.
    #[error("the packet cannot be written as JSON")]
    Json,
    /// The archive cannot be written.
    #[error("the archive cannot be written")]
    Archive,
    /// Something must not leave.
    #[error("withheld: {} in line {} of the finished document", .0.rule, .0.lines.first().copied().unwrap_or(0))]
    Leak(Taken),
    /// Something in a file of an archive must not leave.
    #[error("withheld: {} in line {} of `{path}`", .taken.rule, .taken.lines.first().copied().unwrap_or(0))]
    Member {
        /// The file's path in the archive.
        path: String,
        /// The rule that found it.
        taken: Taken,
    },
}

impl RenderError {
    /// The same of a file of an archive.
    fn inside(self, path: &str) -> Self {
        match self {
            Self::Leak(taken) => Self::Member { path: path.to_owned(), taken },
            other => other,
        }
    }
}

/// Renders a packet and reads the finished bytes again.
///
/// # Errors
/// Where a template does not work, or something in the document must not leave.
pub fn checked(packet: &mut Packet, output: &dyn Output, redactor: &mut Redactor) -> Result<Vec<u8>, RenderError> {
    // said before it is known, and not written unless it holds
    packet.redaction.verified = true;
    let document = output.render(packet)?;
    let mut own = packet.own_texts();
    own.extend(output.own());
    read_again(&document, 1, &own, redactor)?;
    if let Some(text) = output.as_read(&document) {
        read_again(&text, 1, &own, redactor)?;
    }
    Ok(document)
}

/// Reads finished bytes again, which begin with line `first` of the document. `own` are texts that the program
/// itself brought.
///
/// # Errors
/// Where something in them must not leave.
pub fn read_again(document: &[u8], first: u64, own: &[&str], redactor: &mut Redactor) -> Result<(), RenderError> {
    let Some(mut leak) = redactor.leaks(document, own).into_iter().next() else { return Ok(()) };
    leak.lines.iter_mut().for_each(|line| *line += first.saturating_sub(1));
    Err(RenderError::Leak(leak))
}

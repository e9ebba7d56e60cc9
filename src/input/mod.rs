//! Opens what was named, undoes what was put around it, and hands it out as text.
//!
//! Compression, archives and folders end here; so do the wrappers that container runtimes, journals and
//! terminals put around every line. Above this floor there is only text, as the program wrote it, with
//! the way back to the raw line it stands in.

mod export;
pub mod header_block;
mod lines;
mod records;
mod source;
mod temporary;
pub mod wrap;

pub use lines::{Block, Lines, MAX_LINE};
pub use records::{Record, Records};
pub use source::{Encoding, Input, InputError, Inputs, Opened, Utf16Writer, expand, open_text};
pub(crate) use temporary::nameless_file;

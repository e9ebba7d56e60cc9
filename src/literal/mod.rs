//! Reads the values that programs print into logs.
//!
//! Programs print values as JSON, Python `repr`, Node `util.inspect`, Go `map[K:[V]]`, header lines,
//! tuples, `k=v`, and all of these inside the strings of one another, cut off, wrapped and mixed with
//! prose. A parser that wants the whole to be well formed reads none of it. [`Reader`] walks over any
//! bytes and says where names, quoted texts and brackets are; it never fails, and a stray quote or
//! bracket costs it one step, not the rest of the line.
//!
//! Two users share it, so that what one understands the other does too: redaction edits the spans in
//! place, dialects build a small [`Node`] tree from a record. A [`View`] is text that stands in the
//! log in another spelling (escaped, wrapped, prefixed), with the way back to the raw bytes.

mod block;
mod bytes;
mod dumps;
mod event;
mod quotes;
mod reader;
mod span;
mod specials;
mod state;
mod timestamp;
mod tree;
mod unescape;
mod view;

pub(crate) use block::{BLOCK, Block};
pub(crate) use bytes::ByteSet;
pub use bytes::{Endings, PADDING, backslashes_before, is_blank, is_name_byte, is_word_byte, trim, without_padding};
pub use event::{Event, Key, Quoted, Role, Separator};
pub use reader::Reader;
pub use span::Span;
pub use state::State;
pub use timestamp::{Missing, Timestamp, Unit};
pub use tree::Node;
pub(crate) use unescape::hex;
pub use unescape::{Style, unescape, unescaped};
pub use view::View;

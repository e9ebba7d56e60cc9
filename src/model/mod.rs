//! The vocabulary: plain data that every floor above speaks.

mod attempt;
mod clean;
mod fact;
mod id;
mod payload;
mod place;
mod seen;

pub use attempt::{Attempt, AtBasis, Call, LayerView, Outcome};
pub use clean::Clean;
pub use fact::{Fact, Layer, Link, LinkKind, Stage};
pub use id::{IdKind, id_kind, is_hex_id, is_opaque_id, is_ray, is_ulid, is_uuid};
pub use payload::{Attachment, Payload};
pub use place::Place;
pub use seen::{Client, Id, Marks, Seen, Trouble};

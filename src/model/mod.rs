//! The vocabulary: plain data that every floor above speaks.

mod id;

pub use id::{IdKind, id_kind, is_hex_id, is_opaque_id, is_ray, is_ulid, is_uuid};

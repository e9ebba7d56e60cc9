//! The vocabulary: plain data that every floor above speaks.

mod attempt;
mod clean;
mod error_type;
mod fact;
mod id;
mod limit;
mod part;
mod payload;
mod place;
mod seen;
mod status;
mod supplied;
mod user;

pub use attempt::{AtBasis, Attempt, Call, LayerView, Outcome};
pub use clean::Clean;
pub use error_type::{ErrorKind, documented_status, error_kind};
pub use fact::{Fact, Layer, Link, LinkKind, Stage};
pub use id::{IdKind, id_kind, is_hex_id, is_opaque_id, is_ray, is_ulid, is_uuid};
pub use limit::Limit;
pub use part::{Kin, Outer, Part, When};
pub use payload::{Attachment, LINTS, Payload};
pub use place::Place;
pub use seen::{Client, Id, Marks, Seen, Trouble};
pub use status::{CheckedBy, Component, Incident, Snapshot};
pub use supplied::{KEYS, Key, Kind, Said, Supplied, SuppliedError, distance};
pub use user::{User, UserBy};

//! What many logs have in common: headers, bodies, URLs, error texts, field names.

pub mod address;
pub mod body;
pub mod error_text;
pub mod fields;
pub mod headers;
pub mod lint;
pub mod message;
pub mod proxied;
pub mod request;
pub mod request_line;
pub mod sentence;
pub mod spoken;
pub mod status;
pub mod transport;
pub mod trouble;
pub mod unaddressed;
pub mod wire;

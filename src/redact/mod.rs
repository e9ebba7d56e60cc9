//! Takes out of text what must not leave, and nothing else.
//!
//! Six nets, one after another; everything outside a taken span stays byte for byte. They work on views,
//! with their own state per stream, and know nothing of dialects: a log in a format that nobody has seen
//! is redacted like any other.

mod bare;
mod class;
mod clean;
mod echo;
mod edit;
mod fields;
mod find;
mod gate;
mod hash;
mod net;
mod pem;
mod pii;
mod protect;
mod redactor;
mod replace;
mod report;
pub mod rules;
mod scan;
mod store;
mod strict;
mod tokens;
mod values;
mod vocabulary;
mod write;

pub use class::{Class, Classes};
pub use clean::Cleaner;
pub use redactor::{Learned, Outcome, Policy, Redactor};
pub use report::Taken;
pub use rules::{Rule, RuleError, RuleId, RuleSet};

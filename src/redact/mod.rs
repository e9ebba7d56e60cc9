//! Takes out of text what must not leave, and nothing else.
//!
//! Six nets, one after another; everything outside a taken span stays byte for byte. They work on views,
//! with their own state per stream, and know nothing of dialects: a log in a format that nobody has seen
//! is redacted like any other.

mod bare;
mod both;
mod class;
mod clean;
mod column;
mod drawn;
mod dump;
mod echo;
mod edit;
mod fields;
mod find;
mod fold;
mod gate;
mod hash;
mod key;
mod net;
mod pem;
mod pieces;
mod pii;
mod protect;
mod recent;
mod redactor;
mod replace;
mod report;
pub mod rules;
mod scan;
mod signs;
mod store;
mod strict;
mod tokens;
mod users;
mod values;
mod vocabulary;
mod write;

pub use class::{Class, Classes};
pub use clean::Cleaner;
pub use key::Key;
pub use redactor::{Learned, Outcome, Policy, Redactor};
pub use report::Taken;
pub(crate) use rules::regex_problem;
pub use rules::{Fault, Rule, RuleError, RuleId, RuleSet, Tightened, lint};

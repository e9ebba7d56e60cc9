//! Turns the logs of failing LLM API calls into an escalation packet, and lets nothing out that should stay in.
//!
//! The program is `casefile`; this is what it is made of, for use in other programs. Without the feature `cli`
//! nothing of a terminal comes along.

pub mod case;
pub mod check;
pub mod dialect;
pub mod idclock;
pub mod input;
pub mod literal;
pub mod model;
pub mod packet;
pub mod redact;
pub mod render;
pub mod status;
pub mod trace;

//! Turns the logs of failing LLM API calls into an escalation packet, and lets nothing out that should stay in.
//!
//! The program is `casefile`; this is what it is made of, for use in other programs. Without the feature `cli`
//! nothing of a terminal comes along.
//!
//! # Redact a text
//!
//! ```
//! use casefile::redact::{Policy, Redactor};
//!
//! let mut redactor = Redactor::new(Policy::default());
//! let log = "retrying req_011CVNyZbvB4WSdhCC8bRuCb for maria.lopez@bank.example";
//! assert_eq!(redactor.text(log), "retrying req_011CVNyZbvB4WSdhCC8bRuCb for [email-address#1]");
//! ```
//!
//! # Redact from a reader to a writer
//!
//! What can be read twice is learned first, all of it, then written: a value that is known to be a secret in one
//! place is taken in all others, before it and in other logs. [`Redactor::stream`](redact::Redactor::stream)
//! reads once.
//!
//! ```
//! use casefile::redact::{Policy, Redactor};
//!
//! # fn main() -> std::io::Result<()> {
//! let logs = ["connecting with hunter2-hunter2\n", "db_password=hunter2-hunter2\n"];
//! let mut redactor = Redactor::new(Policy::default());
//! let learned = logs.map(|log| redactor.learn(log.as_bytes()));
//! let mut out = Vec::new();
//! for (log, learned) in logs.iter().zip(learned) {
//!     redactor.write(learned?, log.as_bytes(), &mut out)?;
//! }
//! let out = String::from_utf8_lossy(&out);
//! assert!(!out.contains("hunter2"), "{out}");
//! # Ok(())
//! # }
//! ```
//!
//! # Build a packet
//!
//! ```
//! use casefile::case::{self, Options};
//! use casefile::input::Input;
//! use casefile::packet::{self, Supplied};
//!
//! # fn main() -> std::io::Result<()> {
//! let log = r#"{"timestamp":"2026-11-20T10:00:00Z","status_code":529,"error_type":"overloaded_error",
//!               "request_id":"req_011CVNyZbvB4WSdhCC8bRuCb","url":"https://api.anthropic.com/v1/messages"}"#;
//! let mut case = case::read(&[Input::keep(log.as_bytes())?], &Options::default());
//! let packet = packet::assemble(&mut case, &Supplied::default());
//! assert_eq!(packet.verdict.branch, "overloaded");
//! assert_eq!(packet.error.status.value, Some(529));
//! # Ok(())
//! # }
//! ```
//!
//! [`input::expand`] finds logs in files, folders and archives, [`render::checked`] writes a packet, and
//! [`render::zip::archive`] packs it with its evidence; both read what they wrote again, and give nothing where
//! something in it must not leave.

pub mod case;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
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

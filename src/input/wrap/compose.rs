//! `docker compose logs`: `api-1    | text`, `app_worker_1 | text`; its colours are stripped before.

use super::{Wrapped, Wrapper};
use crate::literal::Span;

pub(super) struct Compose;

impl Wrapper for Compose {
    fn id(&self) -> &'static str {
        "compose"
    }

    fn begins(&self, first: u8) -> bool {
        first.is_ascii_alphanumeric()
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        if !line.first()?.is_ascii_alphanumeric() {
            return None;
        }
        let name =
            line.iter().take(80).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')).count();
        let source = line.get(..name)?;
        // the replica's number is what tells a service from any word before a bar
        let digits = source.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let dash = name.checked_sub(digits + 1).and_then(|at| source.get(at))?;
        if digits == 0 || digits > 4 || !matches!(dash, b'-' | b'_') {
            return None;
        }
        let blanks = line.get(name..)?.iter().take_while(|b| **b == b' ').count();
        if blanks == 0 || line.get(name + blanks) != Some(&b'|') {
            return None;
        }
        let bar = name + blanks + 1;
        let payload = if line.get(bar) == Some(&b' ') { bar + 1 } else { bar };
        Some(Wrapped { source, payload: Span::new(payload, line.len()), ..Wrapped::default() })
    }
}

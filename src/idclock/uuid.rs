//! UUID: version 7 carries milliseconds (RFC 9562), others carry none that is worth reading.

use super::{Grammar, uuid7};

pub struct Uuid;

fn bits(id: &str) -> Option<u128> {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = id.split('-').collect();
    let fits = parts.len() == 5 && parts.iter().zip(lengths).all(|(p, n)| p.len() == n && super::all_hex(p));
    fits.then(|| u128::from_str_radix(&parts.concat(), 16).ok()).flatten()
}

impl Grammar for Uuid {
    fn name(&self) -> &'static str {
        "uuid"
    }

    fn is_one(&self, id: &str) -> bool {
        bits(id).is_some()
    }

    fn time(&self, id: &str) -> Option<(i64, i64)> {
        Some((uuid7(bits(id)?)?, 1))
    }

    fn note(&self) -> &'static str {
        "version 7 carries the time at which it was made, to the millisecond; other versions carry none"
    }
}

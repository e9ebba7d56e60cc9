//! ULID: 48 bits of milliseconds in Crockford's base 32 (github.com/ulid/spec).

use super::{Grammar, number};

const CROCKFORD: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

pub struct Ulid;

fn digits(id: &str) -> Option<&str> {
    let last = id.rsplit('_').next()?;
    (last.len() == 26 && last.starts_with("01") && last.bytes().all(|b| CROCKFORD.contains(&b))).then_some(last)
}

impl Grammar for Ulid {
    fn name(&self) -> &'static str {
        "ulid"
    }

    fn is_one(&self, id: &str) -> bool {
        digits(id).is_some()
    }

    fn time(&self, id: &str) -> Option<(i64, i64)> {
        let time = number(digits(id)?.get(..10)?, CROCKFORD)?;
        Some((i64::try_from(time).ok()?, 1))
    }

    fn note(&self) -> &'static str {
        "when the id was made, to the millisecond, by whoever made it"
    }
}

//! Datadog traces of 128 bits: seconds, then 32 zero bits, then a random half.

use super::Grammar;

pub struct Trace;

fn seconds(id: &str) -> Option<i64> {
    let fits = id.len() == 32 && super::all_hex(id) && id.get(8..16) == Some("00000000");
    fits.then(|| i64::from_str_radix(id.get(..8)?, 16).ok()).flatten()
}

impl Grammar for Trace {
    fn name(&self) -> &'static str {
        "datadog trace"
    }

    fn is_one(&self, id: &str) -> bool {
        seconds(id).is_some()
    }

    fn time(&self, id: &str) -> Option<(i64, i64)> {
        Some((seconds(id)? * 1000, 1000))
    }

    fn note(&self) -> &'static str {
        "when the trace began, to the second"
    }
}

//! AWS X-Ray: `1-<eight hexadecimal digits of seconds>-<24 digits>`.

use super::Grammar;

pub struct Trace;

fn seconds(id: &str) -> Option<i64> {
    let root = id.strip_prefix("Root=").or_else(|| id.strip_prefix("Self=")).unwrap_or(id);
    let root = root.split(';').next()?;
    let (seconds, rest) = root.strip_prefix("1-")?.split_once('-')?;
    (seconds.len() == 8 && rest.len() == 24 && super::all_hex(rest))
        .then(|| i64::from_str_radix(seconds, 16).ok())
        .flatten()
}

impl Grammar for Trace {
    fn name(&self) -> &'static str {
        "x-ray trace"
    }

    fn is_one(&self, id: &str) -> bool {
        seconds(id).is_some()
    }

    fn time(&self, id: &str) -> Option<(i64, i64)> {
        Some((seconds(id)? * 1000, 1000))
    }

    fn note(&self) -> &'static str {
        "when the trace began, to the second, by the first service in it"
    }
}

//! OpenAI: responses carry seconds, requests carry nothing.

use super::Grammar;

pub struct Response;

/// Where eight digits of Unix seconds stand in `resp_…`: at the front until autumn 2025, later behind 18.
const OFFSETS: [usize; 2] = [0, 18];
/// 2024-06-01 to 2040-01-01, in seconds.
const PLAUSIBLE: std::ops::Range<i64> = 1_717_200_000..2_208_988_800;

impl Grammar for Response {
    fn name(&self) -> &'static str {
        "openai response"
    }

    fn is_one(&self, id: &str) -> bool {
        id.strip_prefix("resp_").is_some_and(|d| (40..=60).contains(&d.len()) && super::all_hex(d))
    }

    fn time(&self, id: &str) -> Option<(i64, i64)> {
        let digits = id.strip_prefix("resp_")?;
        let seconds =
            |at: &usize| i64::from_str_radix(digits.get(*at..at + 8)?, 16).ok().filter(|s| PLAUSIBLE.contains(s));
        let found: Vec<i64> = OFFSETS.iter().filter_map(seconds).collect();
        match found.as_slice() {
            [only] => Some((only * 1000, 1000)),
            _ => None,
        }
    }

    fn note(&self) -> &'static str {
        "when the response was created, to the second; measured, not documented"
    }
}

pub struct Request;

impl Grammar for Request {
    fn name(&self) -> &'static str {
        "openai request"
    }

    fn is_one(&self, id: &str) -> bool {
        id.strip_prefix("req_").is_some_and(|d| d.len() == 32 && super::all_hex(d))
    }

    fn time(&self, _: &str) -> Option<(i64, i64)> {
        None
    }

    fn note(&self) -> &'static str {
        "random; carries no time"
    }
}

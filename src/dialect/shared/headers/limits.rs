//! Headers of limits: `anthropic-ratelimit-input-tokens-remaining: 0`, `x-ratelimit-remaining-tokens: 0`.

use crate::literal::Timestamp;
use crate::model::{Limit, Seen};

/// What a header tells of a limit.
#[derive(Clone, Copy)]
enum Part {
    Limit,
    Remaining,
    Reset,
}

/// Reads a header by its name in lower case; whether it was one of these.
pub(super) fn one(name: &str, value: &[u8], seen: &mut Seen) -> bool {
    let Some((what, part)) = anthropics(name).or_else(|| openais(name)) else { return false };
    let (Some(what), Ok(value)) = (Limit::named(what), std::str::from_utf8(value)) else { return true };
    if seen.limits.iter().all(|l| l.what != what) {
        let known = std::mem::take(&mut seen.limits).into_iter();
        seen.limits = known.chain([Limit { what, ..Limit::default() }]).collect();
    }
    let Some(limit) = seen.limits.iter_mut().find(|l| l.what == what) else { return true };
    match part {
        Part::Limit => limit.limit = limit.limit.or_else(|| value.parse().ok()),
        Part::Remaining => limit.remaining = limit.remaining.or_else(|| value.parse().ok()),
        Part::Reset => {
            let time = Timestamp::begins(value.as_bytes()).and_then(|(time, _)| time.utc_ms());
            limit.resets_ms = limit.resets_ms.or(time);
            limit.resets_in_ms = limit.resets_in_ms.or_else(|| duration(value).filter(|_| time.is_none()));
        }
    }
    true
}

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "limit" => Part::Limit,
        "remaining" => Part::Remaining,
        "reset" => Part::Reset,
        _ => return None,
    })
}

fn anthropics(name: &str) -> Option<(&str, Part)> {
    let (what, last) = name.strip_prefix("anthropic-ratelimit-")?.rsplit_once('-')?;
    Some((what, part(last)?))
}

fn openais(name: &str) -> Option<(&str, Part)> {
    let (first, what) = name.strip_prefix("x-ratelimit-")?.split_once('-')?;
    Some((what, part(first)?))
}

/// `1.964s`, `120ms`, `6m0s`; a number alone is seconds.
fn duration(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then_some((seconds * 1000.0) as u64);
    }
    let (mut rest, mut total) = (text, 0.0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(unit)?;
        let factor = match unit {
            "ms" => 1.0,
            "s" => 1000.0,
            "m" => 60_000.0,
            "h" => 3_600_000.0,
            "d" => 86_400_000.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = tail;
    }
    (total.is_finite() && !text.is_empty()).then_some(total.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(headers: &[(&str, &str)]) -> Vec<Limit> {
        let mut seen = Seen::default();
        for (name, value) in headers {
            assert!(one(name, value.as_bytes(), &mut seen), "{name}");
        }
        seen.limits.into_vec()
    }

    #[test]
    fn both_spellings() {
        let of = limits(&[
            ("anthropic-ratelimit-input-tokens-limit", "400000"),
            ("anthropic-ratelimit-input-tokens-remaining", "0"),
            ("anthropic-ratelimit-input-tokens-reset", "2026-11-20T09:31:00Z"),
            ("anthropic-ratelimit-unified-5h-reset", "1795167060"),
        ]);
        let [limit] = of.as_slice() else { panic!("{of:?}") };
        assert_eq!((limit.what, limit.limit, limit.is_used_up()), ("input_tokens", Some(400_000), true));
        assert_eq!((limit.resets_ms, limit.resets_in_ms), (Some(1_795_167_060_000), None));
        let of = limits(&[("x-ratelimit-remaining-tokens", "12"), ("x-ratelimit-reset-tokens", "1.964s")]);
        assert_eq!(of.first().map(|l| (l.what, l.remaining, l.resets_in_ms)), Some(("tokens", Some(12), Some(1964))));
    }

    #[test]
    fn durations() {
        assert_eq!(
            ["120ms", "6m0s", "1h0m2.5s", "7"].map(duration),
            [Some(120), Some(360_000), Some(3_602_500), Some(7000)]
        );
        assert_eq!(["", "soon", "5 apples", "s"].map(duration), [None; 4]);
    }
}

//! Any bytes are redacted: lines stay lines, from a file and from a pipe, strict or not; lines that nothing was
//! taken from stay as they are; JSON stays JSON; and what was redacted holds no key any more.
#![no_main]

use casefile::redact::{Policy, Redactor};
use libfuzzer_sys::fuzz_target;
use std::io::Write;
use std::sync::LazyLock;

/// The rules are read once.
static POLICY: LazyLock<Policy> = LazyLock::new(Policy::default);

fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b == b'\n').count()
}

fn is_object(line: &[u8]) -> bool {
    line.starts_with(b"{") && serde_json::from_slice::<serde_json::Value>(line).is_ok()
}

fuzz_target!(|bytes: &[u8]| {
    for strict in [false, true] {
        let policy = Policy { strict, ..POLICY.clone() };
        let mut redactor = Redactor::new(policy.clone());
        let mut out = Vec::new();
        let learned = redactor.learn(bytes).expect("memory can be read");
        let outcome = redactor.write(learned, bytes, &mut out).expect("memory can be written");
        assert_eq!(lines(&out), lines(bytes));
        let taken: std::collections::HashSet<u64> =
            outcome.taken.iter().chain(&outcome.withheld).flat_map(|t| t.lines.iter().copied()).collect();
        // of very many places not all lines are listed
        let listed = outcome.taken.iter().all(|t| t.lines.len() as u64 == t.count);
        for (number, (was, is)) in (1..).zip(bytes.split(|b| *b == b'\n').zip(out.split(|b| *b == b'\n'))) {
            if listed && taken.is_empty() {
                assert_eq!(was, is, "line {number} changed");
            }
            if outcome.withheld.is_empty() && is_object(was) {
                assert!(is_object(is), "line {number} is no JSON any more: {}", String::from_utf8_lossy(is));
            }
        }
        let mut piped = Vec::new();
        let mut redactor = Redactor::new(policy.clone());
        redactor.stream(bytes, &mut piped).expect("memory can be written");
        piped.flush().expect("memory can be written");
        assert_eq!(lines(&piped), lines(bytes));
        if !strict {
            let mut again = Redactor::new(policy);
            let learned = again.learn(out.as_slice()).expect("memory can be read");
            let left: Vec<_> = learned.taken().into_iter().filter(|t| t.class == "keys").collect();
            assert!(left.is_empty(), "left: {left:?} in {}", String::from_utf8_lossy(&out));
        }
    }
});

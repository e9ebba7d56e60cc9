//! What was planted is gone, whatever stands around it; everything else is as it was.
//!
//! A made-up credential or a made-up sentence is put into lines as programs print them. None of it may be in
//! what is written, the other lines must be the same byte for byte, JSON must stay JSON, and what was redacted
//! once must not change again.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod planted;

use casefile::redact::{Policy, Redactor};
use planted::{
    CREDENTIALS, Context, SENTENCES, credential, escaped_units, json, json_in_json, percent, sentence, telling,
};
use proptest::prelude::*;
use std::path::Path;

/// Lines in which there is nothing to take.
const CLEAN: &[&str] = &[
    "2026-11-20 10:00:00,123 INFO httpx HTTP Request: POST https://api.anthropic.com/v1/messages \"HTTP/1.1 500 Internal Server Error\"",
    r#"{"level":"error","status":529,"error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_011CVNyZbvB4WSdhCC8bRuCb"}"#,
    "request-id: req_011CVNyZbvB4WSdhCC8bRuCb",
    "    at async Anthropic.makeRequest (file:///app/node_modules/@anthropic-ai/sdk/client.mjs:309:19)",
    "INFO:     10.0.0.7:51234 - \"POST /v1/messages HTTP/1.1\" 200 OK",
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "",
];

fn redacted(text: &str) -> String {
    Redactor::new(Policy::default()).text(text)
}

/// Plants a text and looks at what is left of it.
fn check(context: &Context, planted: &str, telling: &[&str], clean: &[usize], end: &str) -> Result<(), TestCaseError> {
    let name = context.name;
    let (head, tail) = context.line.split_once('@').unwrap();
    let spelled = (context.spelled)(planted);
    let line = format!("{head}{spelled}{tail}");
    let before: Vec<&str> = clean.iter().map(|i| CLEAN[i % CLEAN.len()]).collect();
    let mut lines = before.clone();
    lines.insert(before.len() / 2, &line);
    let text = lines.iter().map(|l| format!("{l}{end}")).collect::<String>();
    let out = redacted(&text);
    for word in telling.iter().copied().chain([spelled.as_str()]) {
        prop_assert!(!out.contains(word), "{name}: {word} is left\n{text}\n{out}");
    }
    let after: Vec<&str> = out.split_terminator(end).collect();
    prop_assert_eq!(after.len(), lines.len(), "{}: lines\n{}", name, out);
    for (i, (was, is)) in lines.iter().zip(&after).enumerate() {
        if i != before.len() / 2 {
            prop_assert_eq!(was, is, "{}", name);
        }
    }
    let is = after[before.len() / 2];
    prop_assert!(is.starts_with(head) && is.ends_with(tail), "{name}: what stands around it changed\n{line}\n{is}");
    if context.json {
        prop_assert!(serde_json::from_str::<serde_json::Value>(is).is_ok(), "{name}: no JSON any more\n{is}");
    }
    prop_assert_eq!(redacted(&out), out, "{}: twice is not once", name);
    Ok(())
}

/// How a sentence may come again in a JSON string.
const SPELLINGS: &[fn(&str) -> String] =
    &[json, json_in_json, escaped_units, percent, |text| json(&escaped_units(text))];

fn cases(n: u32) -> ProptestConfig {
    // a failing case is printed whole; files of seeds would only pile up
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(n);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_credential_is_gone(which in 0..CREDENTIALS.len(), secret in credential(), clean in proptest::collection::vec(0usize..100, 0..6), crlf in any::<bool>()) {
        let runs: Vec<&str> = secret.split(|c: char| !c.is_alphanumeric()).filter(|run| run.len() >= 8).collect();
        check(&CREDENTIALS[which], &secret, &runs, &clean, if crlf { "\r\n" } else { "\n" })?;
    }

    #[test]
    fn a_sentence_is_gone(which in 0..SENTENCES.len(), text in sentence(), clean in proptest::collection::vec(0usize..100, 0..6), crlf in any::<bool>()) {
        check(&SENTENCES[which], &text, &telling(&text).collect::<Vec<_>>(), &clean, if crlf { "\r\n" } else { "\n" })?;
    }

    #[test]
    fn what_is_taken_once_is_taken_everywhere(secret in credential(), text in sentence(), first in any::<bool>()) {
        let named = format!("x-api-key: {secret}\n{{\"messages\":[{{\"role\":\"user\",\"content\":\"{}\"}}]}}\n", json(&text));
        let bare = format!("2026-11-20 10:00:00 INFO it was {secret} there\nwrapped <<{text}>> as it is\n");
        let out = redacted(&if first { named + &bare } else { bare + &named });
        prop_assert!(!out.contains(&secret), "{out}");
        for word in telling(&text).filter(|_| text.len() > 60) {
            prop_assert!(!out.contains(word), "{word} is left\n{out}");
        }
    }

    #[test]
    fn a_sentence_is_known_in_every_spelling(text in sentence(), spelling in 0..SPELLINGS.len()) {
        let spelled = SPELLINGS[spelling](&text);
        let log = format!("{{\"messages\":[{{\"role\":\"user\",\"content\":\"{}\"}}]}}\n{{\"msg\":\"seen {spelled} there\"}}\n", json(&text));
        let out = redacted(&log);
        let line = out.lines().nth(1).unwrap_or_default();
        prop_assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{out}");
        for word in telling(&text).filter(|_| text.len() > 60) {
            prop_assert!(!line.contains(&*SPELLINGS[spelling](word)), "{word} is left\n{log}\n{out}");
        }
    }

    #[test]
    fn any_bytes_go_through(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut redactor = Redactor::new(Policy::default());
        let mut out = Vec::new();
        let learned = redactor.learn(bytes.as_slice()).unwrap();
        redactor.write(learned, bytes.as_slice(), &mut out).unwrap();
        prop_assert_eq!(out.iter().filter(|b| **b == b'\n').count(), bytes.iter().filter(|b| **b == b'\n').count());
    }

    #[test]
    fn any_mixture_goes_through(parts in proptest::collection::vec(prop_oneof![
        Just("{"), Just("}"), Just("\""), Just("'"), Just("\\"), Just("\\u00"), Just("["), Just("]"), Just(","), Just(":"), Just("="), Just("\n"), Just("messages"), Just("content"),
        Just("authorization"), Just("Bearer "), Just("x-api-key"), Just("eyJ"), Just("-----BEGIN RSA PRIVATE KEY-----"), Just("%22"), Just("b'"), Just("<html>"), Just("\u{1b}[31m"), Just("data: "), Just(" | "), Just("secret words here "),
    ], 0..120)) {
        let text = parts.concat();
        let out = redacted(&text);
        prop_assert_eq!(out.lines().count(), text.lines().count(), "{}", out);
    }
}

/// Every log of the fixtures, in both modes.
#[test]
fn what_was_redacted_stays_as_it_is() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
    let mut logs = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            logs += 1;
            for strict in [false, true] {
                let redacted = |text: &str| Redactor::new(Policy { strict, ..Policy::default() }).text(text);
                let once = redacted(&text);
                assert!(redacted(&once) == once, "{}: twice is not once", path.display());
            }
        }
    }
    assert!(logs > 200, "only {logs} logs");
}

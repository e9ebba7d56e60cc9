//! What was planted is in nothing that the program writes: packets, attempts, logs, reports, previews, messages.
//!
//! Every place where a credential or a sentence can stand is in one log, which is wrapped as logs come.

use super::Place;
use proptest::prelude::*;

#[path = "../planted/mod.rs"]
mod places;

use places::{CREDENTIALS, Context, SENTENCES, credential, json, sentence, telling};

/// How a log is wrapped.
type Wrap = fn(&str) -> Vec<u8>;

fn each_line(log: &str, wrapped: impl Fn(&str) -> String) -> Vec<u8> {
    log.lines().map(wrapped).collect::<String>().into_bytes()
}

fn docker(line: &str) -> String {
    format!(r#"{{"log":"{}\n","stream":"stderr","time":"2026-11-20T10:00:00.000000000Z"}}"#, json(line))
}

const WRAPPED: &[(&str, Wrap)] = &[
    ("as it is", |log| log.as_bytes().to_vec()),
    ("UTF-16", |log| format!("\u{feff}{log}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("colours and CRLF", |log| {
        each_line(log, |line| format!("\u{1b}[2m10:00:00\u{1b}[0m \u{1b}[31m{line}\u{1b}[0m\r\n"))
    }),
    ("compose", |log| each_line(log, |line| format!("gateway-1  | {line}\n"))),
    ("docker", |log| each_line(log, |line| docker(line) + "\n")),
    ("docker in journald", |log| {
        each_line(log, |line| {
            let message = json(&docker(line));
            format!(r#"{{"__REALTIME_TIMESTAMP":"1795240000000000","_COMM":"dockerd","MESSAGE":"{message}"}}"#) + "\n"
        })
    }),
];

fn with(contexts: &[Context], planted: &str) -> String {
    let line = |c: &Context| c.line.replace('@', &(c.spelled)(planted)) + "\n";
    contexts.iter().map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_planted_is_nowhere(secret in credential(), text in sentence()) {
        let failure = "2026-11-20 10:00:01 INFO HTTP Request: POST https://api.anthropic.com/v1/messages \"HTTP/1.1 500 Internal Server Error\"\n";
        let log = with(CREDENTIALS, &secret) + failure + &with(SENTENCES, &text);
        let runs = secret.split(|c: char| !c.is_alphanumeric()).filter(|run| run.len() >= 8);
        let planted: Vec<&str> = runs.chain(telling(&text)).collect();
        for (name, wrap) in WRAPPED {
            let place = Place::new("planted");
            place.file("app.log", wrap(&log));
            for command in [
                &["build", "-f", "json"][..],
                &["build"],
                &["attempts"],
                &["check"],
                &["ids"],
                &["match"],
                &["redact", "--diff"],
                &["redact", "--report", "report.json"],
                &["redact", "--strict"],
            ] {
                let done = place.run(&[command, &["app.log"]].concat());
                let report = if command.contains(&"--report") { place.text("report.json") } else { String::new() };
                // a log in UTF-16 is written back in it
                let out = done.out.replace('\0', "");
                for (what, written) in [("output", &out), ("messages", &done.err), ("report", &report)] {
                    let left = planted.iter().find(|word| written.contains(**word));
                    prop_assert!(left.is_none(), "{name}: {left:?} in the {what} of {command:?}\n{written}");
                }
            }
        }
    }
}

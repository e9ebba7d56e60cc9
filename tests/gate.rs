//! The last check holds: whatever goes wrong before it, a document with a credential or a prompt in it is refused.
//!
//! Outputs that are broken on purpose print what was taken out of the log, in the spellings in which it could come.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

use casefile::case::{self, Case};
use casefile::model::Seen;
use casefile::packet::{self, Packet, Supplied};
use casefile::redact::{Class, Policy};
use casefile::render::{self, Output, RenderError, Template};
use std::path::{Path, PathBuf};

const PROMPT: &str = "Tell Wendelin that the merger with the lighthouse company falls through on Thursday";

fn key() -> String {
    format!("sk-ant-api03-{}AA", "qB3".repeat(31))
}

/// A password: no grammar knows it, only what stood beside it.
fn password() -> String {
    "Zq7w".repeat(7)
}

fn read(test: &str, policy: Policy) -> Case {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.log"));
    let log = format!(
        "2026-11-20 10:00:00 DEBUG Request options: {{'method': 'post', 'url': '/v1/messages', 'headers': {{'x-api-key': '{}'}}, 'json_data': {{'model': 'claude-sonnet-4-5', 'messages': [{{'role': 'user', 'content': '{PROMPT}'}}]}}}}\n2026-11-20 10:00:01 INFO HTTP Request: POST https://api.anthropic.com/v1/messages \"HTTP/1.1 500 Internal Server Error\"\npassword={}\n",
        key(),
        password(),
    );
    std::fs::write(&path, log).unwrap();
    case::read(&casefile::input::expand(&[path]).inputs, &case::Options { policy, ..case::Options::default() })
}

/// Prints the packet and what it was told to print with it.
struct Broken(String);

impl Output for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn render(&self, packet: &Packet) -> Result<Vec<u8>, RenderError> {
        let source = format!("# {{{{ verdict.branch }}}}\n\n{}\n", self.0);
        Template::new("broken", &source).render(packet)
    }
}

fn rendered(case: &mut Case, printed: &str) -> Result<Vec<u8>, RenderError> {
    let mut packet = packet::assemble(case, &Supplied::default());
    render::checked(&mut packet, &Broken(printed.to_owned()), &mut case.redactor)
}

#[test]
fn what_was_taken_is_refused_in_every_spelling() {
    let mut case = read("gate-spellings", Policy::default());
    assert!(rendered(&mut case, "nothing").is_ok());
    let units: String = PROMPT.encode_utf16().map(|u| format!("\\u{u:04x}")).collect();
    let percent: String = PROMPT.bytes().map(|b| format!("%{b:02X}")).collect();
    let printed = [
        key(),
        format!("see {} there", key()),
        password(),
        PROMPT.to_owned(),
        PROMPT.get(10..60).unwrap().to_owned(),
        units,
        percent,
        PROMPT.replace(' ', "\\n"),
        format!("{{{{ \"{PROMPT}\" }}}}"),
        format!("{{{{ \"{}\" | code }}}}", password()),
    ];
    for printed in printed {
        let refused = rendered(&mut case, &printed);
        let Err(error @ RenderError::Leak(_)) = refused else { panic!("{printed} was written") };
        let said = error.to_string();
        assert!(said.starts_with("withheld: ") && said.ends_with(" in line 3 of the finished document"), "{said}");
        assert!(![key(), password(), "merger".into()].iter().any(|value| said.contains(value.as_str())), "{said}");
    }
}

#[test]
fn what_a_flag_keeps_may_be_printed_and_nothing_else() {
    let mut policy = Policy::default();
    policy.classes.remove(Class::Bodies);
    let mut case = read("gate-kept", policy);
    assert!(rendered(&mut case, PROMPT).is_ok());
    assert!(matches!(rendered(&mut case, &key()), Err(RenderError::Leak(_))));
    assert!(matches!(rendered(&mut case, &password()), Err(RenderError::Leak(_))));
}

/// What attempts tell, from logs of a test that are given by name and text. Their packet is written.
fn attempts(test: &str, logs: &[(&str, String)]) -> Vec<Seen> {
    let written = logs.iter().map(|(name, log)| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("gate-{test}-{name}.log"));
        std::fs::write(&path, log).unwrap();
        path
    });
    let paths: Vec<PathBuf> = written.collect();
    let mut case = case::read(&casefile::input::expand(&paths).inputs, &case::Options::default());
    let mut packet = packet::assemble(&mut case, &Supplied::default());
    let written = render::checked(&mut packet, &Broken("an announced retry".to_owned()), &mut case.redactor);
    assert!(written.is_ok(), "the packet was refused");
    case.calls.into_iter().flat_map(|call| call.attempts).map(|attempt| attempt.seen).collect()
}

/// A message that everybody knows goes on with what a prompt says elsewhere: the packet does without it.
#[test]
fn a_message_that_a_prompt_quotes_is_left_out() {
    let message = "This request would exceed your organization's rate limit of 400,000 input tokens per minute. \
                   Wendelin and the lighthouse keeper share it.";
    let client = format!(
        "2026-11-20 10:00:01 ERROR anthropic.RateLimitError: Error code: 429 - {{\"type\": \"error\", \"error\": \
         {{\"type\": \"rate_limit_error\", \"message\": \"{message}\"}}, \"request_id\": \"req_011CabcdefghijkmnopqrstA\"}}\n",
    );
    let prompt = message.get(60..).unwrap();
    let app = format!("{{\"time\": \"2026-11-20T10:00:00Z\", \"prompt\": \"Explain {prompt}\"}}\n");
    let logs = [("client", client), ("app", app)];
    let told = |logs: &[_]| attempts("quoted", logs).iter().filter(|seen| seen.message.is_some()).count();
    assert_eq!(told(&logs[..1]), 1, "alone it stays");
    assert_eq!(told(&logs), 0);
}

/// So does any other value that was a text elsewhere, and only that one goes.
#[test]
fn what_was_taken_elsewhere_is_left_out() {
    let client = "2026-11-20 10:00:01 ERROR call to claude-sonnet-4-5 failed: HTTP 529 overloaded_error \
                  request-id: req_011CabcdefghijkmnopqrstA model=lighthouse-7-fine\n";
    let app = "{\"time\": \"2026-11-20T10:00:00Z\", \"messages\": [{\"role\": \"user\", \"content\": \"lighthouse-7-fine\"}]}\n";
    let logs = [("client", client.to_owned()), ("app", app.to_owned())];
    let model = |logs: &[_]| attempts("elsewhere", logs).first().map(|seen| (seen.model.is_some(), seen.status));
    assert_eq!(model(&logs[..1]), Some((true, Some(529))));
    assert_eq!(model(&logs), Some((false, Some(529))));
}

/// A word that a log has as a text of its own is no leak where the program writes it.
#[test]
fn a_word_of_the_program_is_no_leak() {
    let log = format!(
        "2026-11-20 10:00:01 ERROR HTTP 529 overloaded_error request-id: req_011CabcdefghijkmnopqrstA\n{}\n",
        r#"{"attachment": {"rendering": "announced"}}"#,
    );
    assert_eq!(attempts("word", &[("app", log)]).len(), 1);
}

//! What `casefile repro` writes, run against a server on this machine: it gets a request of the same shape.

#![allow(clippy::print_stderr, clippy::unwrap_used, reason = "a test fails where it stands")]
#![cfg(unix)]

mod server;

use casefile::dialect::shared::request;
use casefile::literal::Node;
use casefile::redact::{Classes, Cleaner, RuleSet};
use serde_json::{Value, json};
use server::{Answer, Server};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const KEY: &str = "made-up-key-0123456789abcdef";

fn anthropic() -> Value {
    json!({"model": "claude-sonnet-4-6", "endpoint": "/v1/messages", "base_url": "https://api.anthropic.com", "branch": "server_error",
        "request_id": "req_011CVNyZbvB4WSdhCC8bRuCb", "payload": {
        "messages": 5, "roles": {"assistant": 2, "user": 3}, "blocks": {"image": 2, "text": 5, "tool_result": 2, "tool_use": 2},
        "text_chars": 4321, "system_chars": 700, "tools": 3, "tool_depth": 2, "stream": true, "max_tokens": 4096, "thinking": true,
        "attachments": [{"kind": "image/png", "bytes": 3000}, {"kind": "image/jpeg", "bytes": 900}]}})
}

fn chat() -> Value {
    json!({"model": "gpt-4.1", "endpoint": "/v1/chat/completions", "base_url": "https://api.openai.com", "branch": "server_error",
        "payload": {"messages": 6, "roles": {"assistant": 2, "system": 1, "tool": 1, "user": 2}, "blocks": {"image_url": 1, "text": 6},
        "text_chars": 900, "tools": 2, "tool_depth": 1, "stream": false, "max_tokens": 256, "attachments": [{"kind": "image/png", "bytes": 1500}]}})
}

fn responses() -> Value {
    json!({"model": "gpt-5", "endpoint": "/v1/responses", "base_url": "https://api.openai.com", "branch": "server_error",
        "payload": {"messages": 5, "roles": {"assistant": 1, "user": 2}, "blocks": {"input_text": 2, "output_text": 1}, "text_chars": 300,
        "system_chars": 40, "thinking": true, "max_tokens": 512}})
}

/// A folder with a packet in it.
fn place(test: &str, attempts: &[Value]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let packet = json!({"schema": "casefile.packet/1", "calls": [{"id": 1, "attempts": attempts}]});
    fs::write(folder.join("packet.json"), packet.to_string()).unwrap();
    folder
}

fn repro(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_casefile"))
        .arg("repro")
        .arg(folder.join("packet.json"))
        .args(arguments)
        .output()
        .unwrap()
}

fn written(folder: &Path, arguments: &[&str]) -> String {
    let done = repro(folder, arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn shape(body: &str) -> Value {
    let (node, _) = Node::read(body.as_bytes()).unwrap();
    let payload = request::payload(&node, &mut Cleaner::new(RuleSet::builtin(), Classes::default()));
    serde_json::to_value(payload).unwrap()
}

/// Runs a script with what `program` reads; `None` where there is no such program.
fn run(folder: &Path, program: &str, script: &str, base: &str) -> Option<Output> {
    let needed = if program == "sh" { "curl" } else { program };
    Command::new(needed).arg("--version").output().ok()?;
    let path = folder.join("script");
    fs::write(&path, script).unwrap();
    let mut command = Command::new(program);
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.env("ANTHROPIC_API_KEY", KEY).env("OPENAI_API_KEY", KEY).env("BASE_URL", base).stdin(Stdio::null());
    command.arg(&path).output().ok()
}

#[test]
fn the_server_gets_a_request_of_the_same_shape() {
    for (name, attempt) in [("anthropic", anthropic()), ("chat", chat()), ("responses", responses())] {
        for (format, program) in [("sh", "sh"), ("py", "python3")] {
            let folder = place(&format!("repro-{name}-{format}"), std::slice::from_ref(&attempt));
            let script = written(&folder, &["-f", format]);
            let server = Server::start(|_| {
                Answer::json("500 Internal Server Error", r#"{"error":{"type":"api_error"}}"#)
                    .header("request-id", "req_made_up")
            });
            let Some(done) = run(&folder, program, &script, &server.url()) else {
                eprintln!("skipped: there is no {program}");
                continue;
            };
            let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
            let asked = server.requests();
            assert_eq!(asked.len(), 1, "{name} {format}: one attempt\n{out}\n{err}");
            assert_eq!(Value::from(asked[0].path.as_str()), attempt["endpoint"]);
            assert_eq!(shape(&asked[0].body), attempt["payload"], "{name} {format}\n{}", asked[0].body);
            let key = asked[0].header("x-api-key").or(asked[0].header("authorization"));
            assert!(key.is_some_and(|k| k.ends_with(KEY)), "{:?}", asked[0].headers);
            assert!(out.contains("req_made_up") && format!("{out}{err}").contains("api_error"), "{out}\n{err}");
            assert!(!format!("{out}{err}{script}").contains(KEY));
            assert!(!done.status.success());
        }
    }
}

#[test]
fn the_body_alone_and_as_large() {
    let mut attempt = anthropic();
    attempt["payload"]["bytes"] = json!(20_000);
    let body = written(&place("repro-json", &[attempt]), &["-f", "json"]);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert!((19_000..=20_000).contains(&body.to_string().len()), "{}", body.to_string().len());
    // each result answers a call of the message before it
    let messages = body["messages"].as_array().unwrap();
    for pair in messages.windows(2) {
        let ids = |m: &Value, key: &str| {
            m["content"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|b| b[key].as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let calls = ids(&pair[0], "id");
        assert!(ids(&pair[1], "tool_use_id").iter().all(|id| calls.contains(id)), "{messages:?}");
    }
}

#[test]
fn an_attempt_is_named_by_its_id() {
    let mut second = chat();
    second["ids"] = json!([{"kind": "gateway_request", "value": "gw-77"}]);
    let folder = place("repro-attempt", &[anthropic(), second]);
    assert!(written(&folder, &["-f", "json", "--attempt", "gw-77"]).contains("gpt-4.1"));
    assert!(written(&folder, &["-f", "json"]).contains("claude-sonnet-4-6"));
    let unknown = repro(&folder, &["--attempt", "nobody"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn a_packet_decides_nothing_but_the_shape() {
    let mut attempt = anthropic();
    attempt["base_url"] = json!("https://gateway.example.com");
    attempt["model"] = json!("x'\nCASEFILE_BODY\ntouch made-up\n");
    let folder = place("repro-hostile", &[attempt]);
    for format in ["sh", "py"] {
        let script = written(&folder, &["-f", format]);
        assert!(!script.contains("touch made-up"), "{script}");
        // a key is sent to no address that only the packet names
        let named: Vec<&str> = script.lines().filter(|l| l.contains("gateway.example.com")).collect();
        assert!(!named.is_empty() && named.iter().all(|l| l.starts_with('#')), "{named:?}");
    }
    for packet in ["", "[]", "{}", "{\"calls\": [{\"attempts\": [{}]}]}", "{\"calls\": 5}"] {
        fs::write(folder.join("packet.json"), packet).unwrap();
        let done = repro(&folder, &[]);
        assert_eq!(done.status.code(), Some(2), "{packet}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("hint:"), "{packet}");
    }
}

//! The script that `casefile probe` prints, run against a server on this machine.

#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used, reason = "a test fails where it stands")]
#![cfg(unix)]

mod server;

use serde_json::Value;
use server::{Answer, Server};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const KEY: &str = "made-up-key-0123456789abcdef";
const FIRST: &str = "req_011CVNyZbvB4WSdhCC8bRuCb";
const SECOND: &str = "req_011CVNyZbvB4WSdhCC8bRuCc";

/// A folder of a test's own, with the script in it and a `curl` that notes its arguments.
struct Place(PathBuf);

impl Place {
    /// `None` where there is no curl.
    fn new(test: &str) -> Option<Self> {
        let found = Command::new("sh").args(["-c", "command -v curl"]).output().ok()?;
        let curl = String::from_utf8(found.stdout).ok().filter(|path| path.starts_with('/'))?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(folder.join("bin")).unwrap();
        let script = Command::new(env!("CARGO_BIN_EXE_casefile")).arg("probe").output().unwrap();
        fs::write(folder.join("probe.sh"), script.stdout).unwrap();
        let noting = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{}'\nexec {} \"$@\"\n",
            folder.join("arguments").display(),
            curl.trim()
        );
        fs::write(folder.join("bin/curl"), noting).unwrap();
        fs::set_permissions(folder.join("bin/curl"), fs::Permissions::from_mode(0o755)).unwrap();
        Some(Self(folder))
    }

    fn command(&self, base: &str, models: &[&str]) -> Command {
        let path = format!("{}:{}", self.0.join("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("sh");
        command.arg(self.0.join("probe.sh")).args(models).stdin(Stdio::null()).env("PATH", path);
        command
            .env("ANTHROPIC_BASE_URL", base)
            .env("PROBE_STATUS_URL", format!("{base}/status.json"))
            .env("PROBE_TIMEOUT", "10");
        for name in
            ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "ANTHROPIC_AUTH_TOKEN"]
        {
            command.env_remove(name);
        }
        command.env("ANTHROPIC_API_KEY", KEY);
        command
    }

    /// Runs it; all lines must be JSON, and nothing may hold the key or what stood in a variable.
    fn run(&self, command: &mut Command) -> (Vec<Value>, Option<i32>) {
        let done = command.output().unwrap();
        let out = String::from_utf8(done.stdout).unwrap();
        let err = String::from_utf8(done.stderr).unwrap();
        let arguments = fs::read_to_string(self.0.join("arguments")).unwrap_or_default();
        for secret in [KEY, "proxy-password"] {
            assert!(
                ![&out, &err, &arguments].iter().any(|text| text.contains(secret)),
                "{secret}\n{out}\n{err}\n{arguments}"
            );
        }
        fs::write(self.0.join("probe.jsonl"), &out).unwrap();
        let lines =
            out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect();
        (lines, done.status.code())
    }

    /// The packet that `build` makes of what was printed.
    fn packet(&self) -> Value {
        let printed = self.0.join("probe.jsonl");
        let done = Command::new(env!("CARGO_BIN_EXE_casefile"))
            .args(["build", "-f", "json"])
            .arg(&printed)
            .arg("--status")
            .arg(&printed)
            .output()
            .unwrap();
        serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&done.stderr)))
    }

    /// The attempts in it.
    fn calls(&self) -> Vec<Value> {
        let packet = self.packet();
        let calls = packet["calls"].as_array().cloned().unwrap_or_default();
        calls.iter().flat_map(|call| call["attempts"].as_array().cloned().unwrap_or_default()).collect()
    }
}

fn check<'l>(lines: &'l [Value], name: &str) -> Vec<&'l Value> {
    lines.iter().filter(|line| line["check"] == name).collect()
}

fn error(status: &'static str, kind: &str, id: &str) -> Answer {
    let body = format!(r#"{{"type":"error","error":{{"type":"{kind}","message":"a text with {KEY} in it"}}}}"#);
    Answer::json(status, &body).header("request-id", id)
}

#[test]
fn each_check_says_what_it_found() {
    let Some(place) = Place::new("probe-checks") else { return eprintln!("skipped: there is no curl") };
    let server = Server::start(|request| {
        let model = if request.body.contains("model-a") { "a" } else { "b" };
        match (request.path.as_str(), model) {
            ("/v1/models", _) => Answer::json("200 OK", r#"{"data":[]}"#),
            ("/status.json", _) => Answer::redirect("/moved.json"),
            ("/moved.json", _) => Answer::json(
                "200 OK",
                r#"{"page":{"name":"Claude"},"status":{"indicator":"none","description":"All Systems Operational"}}"#,
            ),
            (_, "a") => error("500 Internal Server Error", "api_error", FIRST),
            _ => error("529 Overloaded", "overloaded_error", SECOND).header("retry-after", "7"),
        }
    });
    let mut command = place.command(&server.url(), &["model-a", "model-b"]);
    let (lines, code) = place
        .run(command.env("NO_PROXY", "proxy-password").env("HTTPS_PROXY", "http://user:proxy-password@127.0.0.1:1"));
    assert_eq!(code, Some(1), "{lines:?}");

    let names = &check(&lines, "proxy")[0]["variables"];
    assert_eq!(names, &serde_json::json!(["HTTPS_PROXY", "NO_PROXY"]));
    assert_eq!(check(&lines, "reach")[0]["result"], "ok");
    let status = check(&lines, "status")[0];
    assert_eq!(
        (&status["result"], &status["indicator"], &status["name"]),
        (&"ok".into(), &"none".into(), &"Claude".into())
    );
    let models: Vec<_> =
        check(&lines, "model").iter().map(|m| (m["status"].as_u64(), m["error_type"].as_str())).collect();
    assert_eq!(models, [(Some(500), Some("api_error")), (Some(529), Some("overloaded_error"))]);
    assert_eq!(check(&lines, "tls")[0]["result"], "unknown");

    let attempts = place.calls();
    let told: Vec<_> = attempts
        .iter()
        .map(|a| (a["status"].as_u64(), a["error_type"].as_str(), a["model"].as_str(), a["request_id"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(500), Some("api_error"), Some("model-a"), Some(FIRST)),
            (Some(529), Some("overloaded_error"), Some("model-b"), Some(SECOND))
        ]
    );
    assert_eq!(attempts[0]["payload"]["messages"], 1, "{}", attempts[0]);
    // it was looked at when models were asked
    let said = &place.packet()["status"];
    assert_eq!((&said["verdict"], &said["checked_at"]["basis"]), (&"green".into(), &"observed".into()), "{said}");

    let asked = server.requests();
    assert!(
        asked.iter().filter(|r| r.path.starts_with("/v1/")).all(|r| r.header("x-api-key") == Some(KEY)),
        "{asked:?}"
    );
    assert!(asked.iter().filter(|r| r.path.ends_with(".json")).all(|r| r.header("x-api-key").is_none()), "{asked:?}");
    assert_eq!(asked.iter().filter(|r| r.path == "/v1/messages").count(), 2);
}

#[test]
fn a_status_page_in_html_says_nothing() {
    let Some(place) = Place::new("probe-html") else { return eprintln!("skipped: there is no curl") };
    let server = Server::start(|request| match request.path.as_str() {
        "/status.json" => Answer::html(r#"<html>"indicator":"major"</html>"#),
        _ => Answer::json("401 Unauthorized", r#"{"type":"error","error":{"type":"authentication_error"}}"#),
    });
    let mut command = place.command(&server.url(), &["model-a"]);
    let (lines, code) = place.run(command.env_remove("ANTHROPIC_API_KEY"));
    assert_eq!(check(&lines, "status")[0]["result"], "unknown");
    // without a key an answer that asks for one is an answer, and no model is asked
    assert_eq!(check(&lines, "reach")[0]["result"], "ok");
    assert_eq!(check(&lines, "model")[0]["result"], "unknown");
    assert!(server.requests().iter().all(|r| r.path != "/v1/messages"));
    assert_eq!(code, Some(0));
}

#[test]
fn a_refused_connection_is_no_answer() {
    let Some(place) = Place::new("probe-refused") else { return eprintln!("skipped: there is no curl") };
    let mut command = place.command(&Server::closed(), &["model-a"]);
    let (lines, code) = place.run(&mut command);
    let model = check(&lines, "model")[0];
    assert_eq!((&model["status"], &model["trouble"]), (&Value::Null, &"connect".into()));
    assert_eq!(check(&lines, "status")[0]["result"], "unknown");
    assert_eq!(code, Some(1));
    let attempts = place.calls();
    assert_eq!(
        attempts.iter().map(|a| a["branch"].as_str()).collect::<Vec<_>>(),
        [Some("no_response.connect"); 2],
        "{attempts:?}"
    );
}

#[test]
fn a_key_that_would_break_out_of_its_quotes_is_not_used() {
    let Some(place) = Place::new("probe-key") else { return eprintln!("skipped: there is no curl") };
    let server = Server::start(|_| Answer::json("401 Unauthorized", "{}"));
    let mut command = place.command(&server.url(), &["model-a"]);
    let (lines, _) = place.run(command.env("ANTHROPIC_API_KEY", "x\"\nurl = \"http://127.0.0.1:1/"));
    assert_eq!(check(&lines, "start")[0]["auth"], "unusable");
    assert!(server.requests().iter().all(|r| r.header("x-api-key").is_none()));
}

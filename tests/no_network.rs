//! The program opens no network connection, ever.

#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used, reason = "a test fails where it stands")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const LOG: &str = "2026-11-20 10:00:00 ERROR anthropic.InternalServerError: Error code: 500 - {'type': 'error', 'error': {'type': 'api_error', 'message': 'Internal server error'}, 'request_id': 'req_011CVNyZbvB4WSdhCC8bRuCb'} POST https://api.anthropic.com/v1/messages\n";

#[test]
fn no_run_makes_a_network_call() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-network");
    fs::create_dir_all(&folder).unwrap();
    let log = folder.join("app.log");
    fs::write(&log, LOG).unwrap();
    let log = log.to_str().unwrap();
    let trace = |args: &[&str]| {
        let strace = Command::new("strace")
            .args(["-f", "-q", "-e", "trace=network", "-e", "signal=none", env!("CARGO_BIN_EXE_casefile")])
            .args(args)
            .stdin(Stdio::null())
            .output();
        strace.ok().filter(|done| done.status.code() == Some(0))
    };
    if trace(&["--version"]).is_none() {
        eprintln!("skipped: `strace` is missing or may not trace here");
        return;
    }
    let runs: &[&[&str]] = &[
        &["build", "-f", "json", log],
        &["redact", log],
        &["attempts", log],
        &["ids", log],
        &["rules", "list"],
        &["config"],
    ];
    for args in runs {
        let done = trace(args).unwrap_or_else(|| panic!("{args:?} failed"));
        let calls = String::from_utf8_lossy(&done.stderr);
        for call in ["socket(", "connect(", "bind(", "sendto(", "getsockopt("] {
            assert!(!calls.contains(call), "{args:?}: {calls}");
        }
    }
}

#[test]
fn the_sources_name_no_network() {
    fn look(folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for word in ["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "ToSocketAddrs"] {
                assert!(!text.contains(word), "{} names {word}", path.display());
            }
        }
    }
    look(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    for crate_ in ["reqwest", "ureq", "hyper", "curl", "tokio", "native-tls", "rustls", "openssl", "socket2"] {
        assert!(!manifest.contains(&format!("name = \"{crate_}\"")), "{crate_} is a dependency");
    }
}

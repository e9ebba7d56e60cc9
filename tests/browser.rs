//! The packet as HTML in a browser: it can be read, it is quiet on the console, and it loads nothing.
//!
//! Needs Chromium; without one the test says so and passes, unless `CASEFILE_BROWSER=required`.

#![cfg(unix)]
#![allow(clippy::print_stderr, clippy::unwrap_used, reason = "a test fails where it stands")]

use casefile::case;
use casefile::packet::{self, Supplied};
use casefile::render;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];
const QUIET: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // no name leads anywhere: neither the page nor the browser itself reaches a network
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
    "--v=0",
];

/// An empty folder for a test.
fn place(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(test);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The packet of a fixture as HTML.
fn html(fixture: &str, facts: &[(&str, &str)]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
    let entries = fs::read_dir(&folder).unwrap().flatten().map(|e| e.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|p| p.extension().is_some_and(|e| e != "snap" && e != "new")).collect();
    files.sort();
    let inputs = casefile::input::expand(&files);
    let mut case = case::read(&inputs.inputs, &case::Options::default());
    let mut supplied = Supplied::default();
    for (name, value) in facts {
        supplied.set(name, value, "--set").unwrap();
    }
    let mut packet = packet::assemble(&mut case, &supplied);
    let output = render::OUTPUTS.iter().copied().find(|o| o.name() == "html").unwrap();
    String::from_utf8(render::checked(&mut packet, output, &mut case.redactor).unwrap()).unwrap()
}

fn browser() -> Option<&'static str> {
    let runs = |name: &&&str| {
        let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        version.is_ok_and(|s| s.success())
    };
    let found = BROWSERS.iter().find(runs).copied();
    let required = std::env::var("CASEFILE_BROWSER").is_ok_and(|v| v == "required");
    assert!(found.is_some() || !required, "no browser: install chromium");
    if found.is_none() {
        eprintln!("skipped: no chromium is installed");
    }
    found
}

/// The document as the browser made it, what it logged, and the addresses it asked for.
fn opened(test: &str, document: &str) -> Option<(String, String, Vec<String>)> {
    let browser = browser()?;
    let folder = place(test);
    let (page, net) = (folder.join("packet.html"), folder.join("net.json"));
    fs::write(&page, document).unwrap();
    let done = Command::new(browser)
        .args(QUIET)
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("--log-net-log={}", net.display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let net = fs::read_to_string(net).unwrap();
    let urls = net.split("\"url\":\"").skip(1).filter_map(|rest| rest.split('"').next());
    // the browser looks for services of its own
    let asked = urls.filter(|url| !of_the_browser(url)).map(str::to_owned).collect();
    Some((String::from_utf8_lossy(&done.stdout).into(), String::from_utf8_lossy(&done.stderr).into(), asked))
}

/// Whether an address is one that the browser asks for with an empty page too.
fn of_the_browser(url: &str) -> bool {
    let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', ':', '?']).next()).unwrap_or_default();
    [".google.com", ".googleapis.com", ".gvt1.com"].iter().any(|own| host.ends_with(own))
}

/// What the browser test rests on: a page that does ask for something, and is refused something, is noticed.
#[test]
fn a_request_and_a_refusal_are_noticed() {
    let asks = "<img src=\"http://asked.example.com/x.png\">";
    let Some((_, _, asked)) = opened("asks", asks) else { return };
    assert!(asked.iter().any(|url| url.contains("asked.example.com")), "{asked:?}");
    let refused = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">{asks}");
    let Some((_, log, asked)) = opened("refused", &refused) else { return };
    assert!(log.contains("CONSOLE") && asked.is_empty(), "{log} {asked:?}");
}

/// The style aside, which the eye judges.
#[test]
fn the_document_is_what_the_snapshot_says() {
    let document = html("joins/litellm-overloaded", &[("impact", "<img src=x onerror=alert(1)>")]);
    let (head, rest) = document.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/joins/litellm-overloaded"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("html", format!("{head}{body}")));
}

#[test]
fn a_packet_is_read_and_loads_nothing() {
    let document = html("joins/litellm-overloaded", &[]);
    let Some((dom, log, asked)) = opened("quiet", &document) else { return };
    for text in ["Trace these", "req_011CT713MmvDeEszFAzwPU4y", "id=\"timeline\"", "<svg viewBox=", "id=\"call-1\""] {
        assert!(dom.contains(text), "no {text} in the document");
    }
    assert!(!log.contains("CONSOLE"), "{log}");
    // the browser itself may look for its own services; nothing may be asked for from the page
    let from_page: Vec<&String> =
        asked.iter().filter(|url| url.contains("gateway.example.com") || url.contains("anthropic")).collect();
    assert!(from_page.is_empty(), "{from_page:?}");
}

#[test]
fn what_is_supplied_does_not_run() {
    let hostile =
        "<img src=https://hostile.example.com/x onerror=\"document.title='ran'\"><script>document.title='ran'</script>";
    let document =
        html("joins/litellm-overloaded", &[("impact", hostile), ("title", "</title></style><script>1</script>")]);
    let Some((dom, log, asked)) = opened("hostile", &document) else { return };
    assert!(dom.contains("&lt;img src="), "the text is shown as text");
    assert!(!dom.contains("<img") && !dom.contains("<script") && !dom.contains("<title>ran"), "markup came through");
    assert!(!log.contains("CONSOLE"), "{log}");
    assert!(asked.is_empty(), "{asked:?}");
}

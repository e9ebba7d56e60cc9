//! What the last check finds does not leave: nothing is written, or the line is withheld.
//!
//! The rules here are broken on purpose: they find something that the program itself puts together, so that only
//! the check of the finished bytes can meet it.

use super::{Place, key};

/// Finds a time as the program writes it, which stands in no log here.
const TIMES: &str = "[[token]]\nid = \"times\"\ntitle = \"a time\"\nclass = \"keys\"\nprefixes = [\"2026-\"]\npattern = '2026-[0-9]{2}-[0-9]{2}T[0-9:.]{12}'\nexamples = [\"2026-11-20T10:00:00.000\"]\n";

/// Finds a replacement with what stands beside it.
const BESIDE: &str = "[[token]]\nid = \"beside\"\ntitle = \"a replacement\"\nclass = \"keys\"\nprefixes = [\"[anthropic-key#\"]\npattern = '\\[anthropic-key#[0-9]\\] tail'\nexamples = [\"[anthropic-key#1] tail\"]\n";

const LOG: &str = "2026-11-20 10:00:00,123 INFO httpx HTTP Request: POST https://api.anthropic.com/v1/messages \"HTTP/1.1 500 Internal Server Error\"\n";

#[test]
fn a_document_with_a_leak_is_not_written() {
    let place = Place::new("gate-document");
    place.file("app.log", LOG).file("times.toml", TIMES);
    let runs: &[(&[&str], &str)] = &[
        (&["build", "-f", "json"], "packet.json"),
        (&["build", "-f", "md"], "packet.md"),
        (&["attempts"], "attempts.jsonl"),
    ];
    for (command, file) in runs {
        for output in [&[][..], &["-o", file]] {
            let done = place.run(&[*command, &["--policy", "times.toml", "app.log"], output].concat());
            assert_eq!((done.code, done.out.as_str()), (Some(1), ""), "{command:?} {output:?}: {}", done.err);
            assert!(done.err.starts_with("error: withheld: times in line "), "{}", done.err);
            assert!(done.err.contains(" of the finished document; nothing was written\nhint: "), "{}", done.err);
            assert!(!done.err.contains("2026"), "{}", done.err);
            assert_eq!(place.files(), ["app.log", "times.toml"]);
        }
        // it is the rule that does it
        let done = place.run(&[*command, &["app.log", "-o", file]].concat());
        assert_eq!(done.code, Some(0), "{}", done.err);
        std::fs::remove_file(place.0.join(file)).unwrap();
    }
}

#[test]
fn what_was_there_stays_where_nothing_is_written() {
    let place = Place::new("gate-stays");
    place.file("app.log", LOG).file("times.toml", TIMES).file("packet.md", "mine");
    let done = place.run(&["build", "--policy", "times.toml", "app.log", "-o", "packet.md", "--force"]);
    assert_eq!((done.code, place.text("packet.md").as_str()), (Some(1), "mine"), "{}", done.err);
    assert_eq!(place.files(), ["app.log", "packet.md", "times.toml"]);
}

#[test]
fn a_line_with_a_leak_is_withheld() {
    let place = Place::new("gate-line");
    let log = format!("one\r\nusing {} tail\r\nthree\n", key('g'));
    place.file("app.log", &log).file("beside.toml", BESIDE);
    let safe = "one\r\n[withheld]\r\nthree\n";
    let says = "warning: 1 line withheld: the check of the finished text still found something there\nhint: `--report FILE` names the lines and the rules\n";
    let policy = ["redact", "--policy", "beside.toml", "--report", "report.json", "--force"];
    let file = place.run(&[&policy[..], &["app.log"]].concat());
    let pipe = place.pipe(&policy, log.as_bytes());
    for done in [file, pipe] {
        assert_eq!((done.code, done.out.as_str()), (Some(1), safe));
        assert!(done.err.ends_with(says), "{}", done.err);
        let report: serde_json::Value = serde_json::from_str(&place.text("report.json")).unwrap();
        let withheld = serde_json::json!([{"rule": "beside", "class": "keys", "count": 1, "lines": [2]}]);
        assert_eq!(report["files"][0]["withheld"], withheld);
    }
    let done = place.run(&["redact", "--policy", "beside.toml", "app.log", "--diff", "-q"]);
    assert_eq!((done.code, done.out.as_str()), (Some(1), "app.log:2: [withheld]\n"));
}

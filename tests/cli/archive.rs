//! Archives: what is in them, that they are the same every time, and that what is wrong with one is noticed.

use super::{Place, key};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A log with three failures, the shape of their request, and a key.
fn log() -> String {
    let line = |second: u32| {
        format!(
            "{{\"timestamp\":\"2026-11-20T10:00:{second:02}Z\",\"status_code\":500,\"error_type\":\"api_error\",\"request_id\":\"req_011CVNyZbvB4WSdhCC8bRuC{second}\",\"model\":\"claude-sonnet-4-5\",\"url\":\"https://api.anthropic.com/v1/messages\",\"headers\":{{\"x-api-key\":\"{}\"}},\"request_body\":{{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":16,\"messages\":[{{\"role\":\"user\",\"content\":\"the merger of Halcyon and Borealis is off\"}}]}}}}\n",
            key('x')
        )
    };
    let quiet = "2026-11-20 10:00:00 INFO Maria Lopez asked about the merger\n".repeat(30);
    format!("{quiet}{}{}{}{quiet}", line(1), line(2), line(4))
}

fn place(test: &str) -> Place {
    let place = Place::new(test);
    place.file("app.log", log());
    let page = r#"{"page":{"id":"p","name":"Claude","url":"https://status.claude.com"},"incidents":[{"id":"i","name":"Elevated errors on several models of the API","status":"resolved","impact":"minor","created_at":"2026-11-20T09:55:00Z","resolved_at":"2026-11-20T10:30:00Z","incident_updates":[{"id":"u","body":"Elevated errors on several models of the API","created_at":"2026-11-20T09:56:00Z"}]}]}"#;
    place.file("status.json", page);
    let done = place.run(&[
        "build",
        "-q",
        "app.log",
        "--status",
        "status.json",
        "--status-checked-at",
        "2026-11-20T10:40:00Z",
        "--template",
        "slack",
        "-o",
        "packet.zip",
    ]);
    done.says(0, "");
    place
}

fn members(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = archive.len();
    let member = |i: usize| {
        let mut file = archive.by_index(i).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(member).collect::<Vec<_>>()
}

fn packed(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in members {
        writer.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_archive_holds_all_that_a_packet_rests_on() {
    let place = place("archive");
    let members = members(&place.read("packet.zip"));
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).filter(|n| *n != "packet.html").collect();
    assert_eq!(
        names,
        [
            "packet.md",
            "packet.json",
            "slack.md",
            "timeline.csv",
            "excerpts/app.log",
            "status/status.json",
            "repro/request.sh",
            "repro/request.py",
            "repro/request.json",
            "commands.md",
            "REDACTION.md",
            "MANIFEST.json",
            "SHA256SUMS"
        ]
    );
    for (name, bytes) in &members {
        let text = String::from_utf8_lossy(bytes);
        for secret in [key('x').as_str(), "Halcyon", "Maria", "Borealis"] {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
    }
    let text = |name: &str| {
        members.iter().find(|(n, _)| n == name).map(|(_, b)| String::from_utf8_lossy(b).into_owned()).unwrap()
    };
    let excerpt = text("excerpts/app.log");
    assert!(
        excerpt.starts_with("      29  ") && excerpt.contains("\n>     31  {") && excerpt.contains("[anthropic-key#1]"),
        "{excerpt}"
    );
    assert_eq!(text("timeline.csv").lines().count(), 4);
    assert!(text("REDACTION.md").contains("| `anthropic-key` | 3 |"), "{}", text("REDACTION.md"));
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    let place = place("archive-same");
    let first = place.read("packet.zip");
    place
        .run(&[
            "build",
            "-q",
            "app.log",
            "--status",
            "status.json",
            "--status-checked-at",
            "2026-11-20T10:40:00Z",
            "--template",
            "slack",
            "-f",
            "zip",
            "-o",
            "again.bin",
        ])
        .says(0, "");
    assert!(place.read("again.bin") == first);
}

#[test]
fn its_checksums_hold() {
    let place = place("archive-sums");
    for (name, bytes) in members(&place.read("packet.zip")) {
        place.file(&format!("out/{name}"), bytes);
    }
    let Ok(done) = std::process::Command::new("sha256sum")
        .args(["--quiet", "-c", "SHA256SUMS"])
        .current_dir(place.0.join("out"))
        .output()
    else {
        return;
    };
    assert!(done.status.success(), "{done:?}");
    place.run(&["verify", "packet.zip"]).says(
        0,
        &format!(
            "{} files, as they were written; found nothing that should stay in\n",
            members(&place.read("packet.zip")).len()
        ),
    );
}

#[test]
fn what_was_changed_is_noticed() {
    let place = place("archive-changed");
    let good = members(&place.read("packet.zip"));
    let verify = |bytes: Vec<u8>| {
        place.file("changed.zip", bytes);
        let done = place.run(&["verify", "-q", "changed.zip"]);
        assert_eq!(done.code, Some(1), "{done:?}");
        done.out
    };
    let changed = |name: &str, with: &[u8]| {
        good.iter().map(|(n, b)| (n.clone(), if n == name { with.to_vec() } else { b.clone() })).collect::<Vec<_>>()
    };
    let out = verify(packed(&changed("timeline.csv", b"time\n")));
    assert!(
        out.contains("timeline.csv: not what SHA256SUMS lists\n")
            && out.contains("timeline.csv: not what MANIFEST.json lists\n"),
        "{out}"
    );
    let out = verify(packed(&changed("packet.json", b"{\"schema\":\"casefile.packet/1\"}")));
    assert!(out.contains("packet.json: verdict: missing\n"), "{out}");
    let out = verify(packed(&changed("excerpts/app.log", format!("    12  x-api-key: {}\n", key('y')).as_bytes())));
    assert!(out.contains("excerpts/app.log:1: anthropic-key\n") && !out.contains(&key('y')), "{out}");
    let out = verify(packed(&good[1..]));
    assert!(out.contains("packet.md: missing, and SHA256SUMS lists it\n"), "{out}");
    let mut more = good.clone();
    more.push(("notes.txt".into(), b"hello".to_vec()));
    assert!(verify(packed(&more)).contains("notes.txt: MANIFEST.json does not list it\n"));
    more.pop();
    more.push(("../up.txt".into(), b"hello".to_vec()));
    assert!(
        verify(packed(&more)).starts_with(&format!("file {} of the archive: a path that no packet has\n", more.len()))
    );
    for beside in [
        [place.read("packet.zip"), b"after".to_vec()].concat(),
        [b"before".to_vec(), place.read("packet.zip")].concat(),
    ] {
        assert!(verify(beside).contains("archive: something beside its files is in it\n"));
    }
}

#[test]
fn a_flipped_byte_is_noticed() {
    let place = place("archive-flipped");
    let good = place.read("packet.zip");
    for at in (0..good.len()).step_by(97) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        place.file("changed.zip", &bytes);
        let done = place.run(&["verify", "-q", "changed.zip"]);
        // a date, or bits that fill the last byte of a file up, change nothing that is in it
        assert!(matches!(done.code, Some(1 | 2)) || members(&bytes) == members(&good), "byte {at}: {done:?}");
    }
}

#[test]
fn what_is_no_archive_of_a_packet_is_not_read() {
    let place = place("archive-broken");
    let good = place.read("packet.zip");
    place.file("cut.zip", &good[..good.len() / 2]);
    place.run(&["verify", "cut.zip"]).says(2, "error: cannot read `cut.zip`: not a whole zip archive\nhint: get it again from whoever made it; it may be cut off\n");
    place.file("empty.zip", "");
    assert_eq!(place.run(&["verify", "empty.zip"]).code, Some(2));
    place.file("bomb.zip", packed(&(0..3).map(|i| (format!("{i}.txt"), vec![0; 100 << 20])).collect::<Vec<_>>()));
    place.run(&["verify", "bomb.zip"]).says(2, "error: cannot read `bomb.zip`: it unpacks to more than any packet\nhint: get it again from whoever made it; it may be cut off\n");
}

#[test]
fn one_hit_and_nothing_is_written() {
    let place = place("archive-gate");
    place.file("mine.md", "# {{ case.title }}\nthe merger of {{ \"Halcyon\" }} and Borealis is off\n");
    let done = place.run(&["build", "-q", "app.log", "--template", "mine.md", "-o", "mine.zip"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("line 2 of `mine.md`; nothing was written") && !done.err.contains("Halcyon"), "{done:?}");
    assert!(!place.files().contains(&"mine.zip".to_owned()));
}

#[test]
fn templates_are_named_or_files() {
    let place = place("archive-templates");
    assert!(place.run(&["templates"]).out.contains("\nslack "));
    assert!(place.run(&["templates", "show", "slack"]).out.starts_with("{#"));
    place.run(&["templates", "show", "slak"]).says(2, "error: no template `slak`\nhint: did you mean `slack`?\n");
    place
        .run(&["build", "app.log", "--template", "slack", "-f", "json"])
        .says(2, "error: a template lays out Markdown, not json\nhint: leave `--template` out, or write md or zip\n");
    place.file("mine.md", "# {{ case.title }}\n{{ verdict.decision|shout }}\n");
    place.run(&["build", "-q", "app.log", "--template", "mine.md"]).says(
        2,
        "error: template `mine.md`, line 2: unknown filter: filter shout is unknown\nhint: the packet's own filters are code, fact, codefact, plain, ticks, pad, bytes, clock, duration, percent, budget, number, words, places and wide\n",
    );
    place.file("casefile.toml", "template = \"mine.md\"\n").file("mine.md", "just {{ verdict.branch }}\n");
    assert_eq!(place.run(&["build", "-q", "app.log"]).out, "just server_error\n");
}

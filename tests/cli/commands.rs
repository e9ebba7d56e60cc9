//! The other commands, as far as they do not depend on how a packet looks.

use super::Place;

#[test]
fn attempts_are_read_back() {
    let place = Place::new("attempts");
    let line = |second: u32, status: u16, id: char| {
        format!(
            "{{\"timestamp\":\"2026-11-20T10:00:{second:02}Z\",\"status_code\":{status},\"request_id\":\"req_011CVNyZbvB4WSdhCC8bRuC{id}\",\"model\":\"claude-sonnet-4-5\",\"url\":\"https://api.anthropic.com/v1/messages\",\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\"}}\n"
        )
    };
    place.file("a.log", line(0, 500, 'a') + &line(2, 200, 'b')).file("b.log", line(30, 529, 'c'));
    for name in ["a", "b"] {
        assert_eq!(place.run(&["attempts", &format!("{name}.log"), "-o", &format!("{name}.jsonl")]).code, Some(0));
    }
    let calls = |args: &[&str]| {
        let done = place.run(&[&["build", "-f", "json"], args].concat());
        let packet: serde_json::Value = serde_json::from_str(&done.out).unwrap_or_else(|e| panic!("{e}: {done:?}"));
        let ids = |call: &serde_json::Value| {
            call["attempts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|a| (a["at"].clone(), a["status"].clone(), a["request_id"].clone()))
                .collect::<Vec<_>>()
        };
        packet["calls"].as_array().unwrap().iter().map(|call| (call["outcome"].clone(), ids(call))).collect::<Vec<_>>()
    };
    let logs = calls(&["a.log", "b.log"]);
    assert!(!logs.is_empty());
    assert_eq!(calls(&["a.jsonl", "b.jsonl"]), logs);
}

#[test]
fn ids_make_a_timeline() {
    let place = Place::new("ids");
    let done = place.pipe(&["ids", "-q"], b"gen-1795242250-AbCdEfGhIjKlMnOpQrSt\nreq_734bce8facec0418d6845ec585f2b9a1\ngen-1795242246-AbCdEfGhIjKlMnOpQrSt\n");
    let lines: Vec<&str> = done.out.lines().collect();
    assert!(lines[0].starts_with("2026-11-21T06:24:06.000Z") && lines[0].ends_with("stdin:3"), "{}", done.out);
    assert!(lines[1].starts_with("2026-11-21T06:24:10.000Z    +4000ms"), "{}", done.out);
    assert!(lines[2].starts_with("carries no time") && lines[2].contains("openai request"), "{}", done.out);
    place
        .run(&["ids", "hello"])
        .says(2, "error: `hello` is neither a file nor an id\nhint: an id looks like req_011CVNyZbvB4WSdhCC8bRuCb\n");
}

#[test]
fn settings_say_where_they_come_from() {
    let place = Place::new("settings");
    place.file("casefile.toml", "timezone = \"+02:00\"\n[redact]\ndrop = [\"ip\"]\n[set]\nidempotent = true\n");
    let done = place.run(&["config", "--keep", "email"]);
    let says = |line: &str| done.out.lines().any(|l| l.starts_with(line));
    assert!(says("timezone = +02:00    # ") && done.out.contains("casefile.toml:1\n"), "{}", done.out);
    assert!(
        says("redact.email = stays    # --keep")
            && says("redact.keys = taken out    # built-in")
            && says("set.idempotent = yes"),
        "{}",
        done.out
    );
}

#[test]
fn rules_and_dialects_can_be_looked_at() {
    let place = Place::new("lists");
    assert!(place.run(&["rules"]).out.contains("\n  anthropic-key "));
    assert!(place.run(&["rules", "show", "anthropic-key"]).out.starts_with("anthropic-key: "));
    assert!(place.run(&["dialects"]).out.contains("\nsdk-python "));
    assert!(place.run(&["dialects", "show", "sdk-python"]).out.contains("\nlacks: "));
    place.file("app.log", "2026-11-20 10:00:00 INFO started\n");
    assert_eq!(place.run(&["dialects", "test", "app.log"]).out, "app.log:1: -\n");
}

#[test]
fn dialects_of_ones_own_are_dialects() {
    let place = Place::new("own-dialects");
    place
        .file("casefile.toml", "dialect_files = [\"logs/mine.toml\"]\n")
        .file("logs/mine.toml", "[[dialect]]\nid = \"mine\"\ntitle = \"My lines\"\nline = '^call: (?<status>\\d+)'\n")
        .file("app.log", "call: 500\ncalled\n");
    assert!(place.run(&["dialects"]).out.starts_with("mine "));
    assert!(place.run(&["dialects", "show", "mine"]).out.contains("My lines\nlayer: client\ntells: status\n"));
    assert!(place.run(&["explain", "mine"]).out.starts_with("mine: My lines"));
    assert_eq!(place.run(&["dialects", "test", "app.log"]).out, "app.log:1: mine whole attempt\napp.log:2: -\n");
    assert_eq!(place.run(&["build", "--dialect", "mine", "app.log"]).code, Some(0));
    place
        .run(&["build", "--dialect", "mien", "app.log"])
        .says(2, "error: no dialect `mien`\nhint: did you mean `mine`?\n");
    assert!(place.run(&["config"]).out.contains("dialect_files = logs/mine.toml    # "));
    assert_eq!(place.run(&["dialects", "test", "app.log", "--no-config"]).out, "app.log:1: -\napp.log:2: -\n");
}

#[test]
fn packagers_get_what_they_need() {
    let place = Place::new("generate");
    assert!(place.run(&["generate", "completions", "bash"]).out.contains("casefile"));
    assert!(place.run(&["generate", "man"]).out.contains(".TH casefile"));
    assert!(place.run(&["--version"]).out.starts_with("casefile "));
    let help = place.run(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (Some(0), ""));
}

#[test]
fn the_readme_shows_the_packet_of_today() {
    const README: &str = include_str!("../../README.md");
    let shown = README.split("````markdown\n").nth(1).and_then(|rest| rest.split("````\n").next()).unwrap();
    let place = Place::new("readme");
    place.file("app.log", include_str!("../../fixtures/demo/app.log"));
    place.file("status.json", include_str!("../../fixtures/demo/status.json"));
    let looked = ["--status", "status.json", "--status-checked-at", "2026-03-02T14:09:00Z"];
    let said = ["--set", "reference=INC-2231", "--set", "impact=6 % of support replies are late"];
    let done = place.run(&[&["build", "app.log"], &looked[..], &said[..]].concat());
    assert!(done.out.starts_with(shown), "{}", done.out);
}

#[test]
fn a_route_has_its_owner() {
    let place = Place::new("route-owner");
    place.file("app.log", include_str!("../../fixtures/demo/app.log"));
    place.file("casefile.toml", "[routes]\n\"anthropic.com\" = \"platform team\"\n");
    let packet: serde_json::Value = serde_json::from_str(&place.run(&["build", "app.log", "-f", "json"]).out).unwrap();
    let owner = packet.pointer("/route/owner").unwrap();
    assert_eq!(*owner, serde_json::json!({"value": "platform team", "basis": "supplied", "from": ["casefile.toml:2"]}));
}

#[cfg(unix)]
#[test]
fn commands_that_answer_are_commands() {
    use casefile::check::client::KITS;
    for kit in KITS {
        for answer in [kit.request_id, kit.error, kit.target, kit.payload, kit.times, kit.version] {
            if answer.language == "sh" {
                let parsed = std::process::Command::new("sh").args(["-n", "-c", answer.text]).status().unwrap();
                assert!(parsed.success(), "{}", answer.text);
            }
        }
    }
}

#[test]
fn an_archive_is_a_packet_to_repeat_from() {
    let place = Place::new("repro-of-archive");
    place.file("app.log", include_str!("../../fixtures/demo/app.log"));
    assert_eq!(place.run(&["build", "app.log", "-o", "packet.zip"]).code, Some(0));
    let (of_archive, json) =
        (place.run(&["repro", "packet.zip"]), place.run(&["build", "app.log", "-o", "packet.json"]));
    assert_eq!((of_archive.code, json.code), (Some(0), Some(0)));
    assert_eq!(of_archive.out, place.run(&["repro", "packet.json"]).out);
}

//! `redact` and `check`.

use super::{Place, key};

#[test]
fn a_secret_in_one_log_is_taken_from_all() {
    let place = Place::new("both-directions");
    let secret = "Zq7".repeat(12);
    place
        .file("logs/a.log", format!("retry with {secret} failed\n"))
        .file("logs/b.log", format!("{{\"x-api-key\": \"{secret}\"}}\n"));
    assert_eq!(place.run(&["redact", "logs", "-o", "safe"]).code, Some(0));
    assert_eq!(place.text("safe/a.log"), "retry with [api-key#1] failed\n");
    assert_eq!(place.text("safe/b.log"), "{\"x-api-key\": \"[api-key#1]\"}\n");
    assert_eq!(place.run(&["check", "safe"]).code, Some(0));
}

#[test]
fn names_stay_and_compression_goes() {
    let place = Place::new("names-stay");
    let line = "2026-11-20 10:00:00 INFO started\n";
    let utf16: Vec<u8> =
        format!("\u{feff}{line}x-api-key: {}\r\n", key('u')).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gzip = {
        let mut stored = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1];
        let len = line.len() as u16;
        stored.extend(len.to_le_bytes());
        stored.extend((!len).to_le_bytes());
        stored.extend(line.as_bytes());
        stored.extend(crc32(line.as_bytes()).to_le_bytes());
        stored.extend(u32::from(len).to_le_bytes());
        stored
    };
    place.file("logs/deep/w.log", &utf16).file("logs/old.log.1.gz", gzip).file("logs/old.log.1", line);
    assert_eq!(place.run(&["redact", "logs", "-o", "safe"]).code, Some(0));
    let safe: Vec<String> = place.files().into_iter().filter(|f| f.starts_with("safe/")).collect();
    assert_eq!(safe, ["safe/deep/w.log", "safe/old.log-2.1", "safe/old.log.1"]);
    let units: Vec<u16> = place.read("safe/deep/w.log").chunks(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
    assert_eq!(String::from_utf16(&units).unwrap(), format!("\u{feff}{line}x-api-key: [anthropic-key#1]\r\n"));
    assert_eq!(place.text("safe/old.log.1"), line);
}

#[test]
fn a_quotation_goes_with_the_quotes_in_it() {
    let place = Place::new("quotes-in-quotes");
    place.file(
        "a.log",
        "BadRequestError: 400 the text \"Sketch the tunnel for Rurik, it's \"urgent\" for the payroll\" is refused\n\
         400 from POST https://api.anthropic.com/v1/messages: \"{\\\"error\\\":{\\\"type\\\":\\\"api_error\\\"}}\"\n",
    );
    assert_eq!(place.run(&["redact", "a.log", "-o", "safe.log"]).code, Some(0));
    let safe = place.text("safe.log");
    assert_eq!(safe.lines().next(), Some("BadRequestError: 400 the text \"[text 58 chars]\" is refused"));
    // the end of a URL is no name of a prompt
    assert_eq!(safe.lines().nth(1), place.text("a.log").lines().nth(1));
}

#[test]
fn dumped_bytes_go_by_the_row() {
    let place = Place::new("dumped-bytes");
    place.file(
        "a.log",
        "06:33:41.552645 => Send data, 74 bytes (0x4a)\n\
         0000: 7b 22 6d 65 73 73 61 67 65 73 22 3a 5b 7b 22 72 {\"messages\":[{\"r\n\
         0010: 6f 6c 65 22 3a 22 75 73 65 72 22 2c 22 63 6f 6e ole\":\"user\",\"con\n\
         0020: 74 65 6e 74 22 3a 22 57 68 79 20 64 6f 65 73 20 tent\":\"Why does \n\
         0030: 74 68 65 20 74 75 6e 6e 65 6c 20 63 6c 6f 73 65 the tunnel close\n\
         0040: 20 61 74 20 36 22 7d 5d 7d 0a                    at 6\"}]}.\n",
    );
    assert_eq!(place.run(&["redact", "a.log", "-o", "safe.log"]).code, Some(0));
    let safe = place.text("safe.log");
    assert!(!safe.contains("tunnel") && !safe.contains("75 6e 6e") && safe.contains("essages"), "{safe}");
    assert_eq!(safe.lines().count(), 6);
}

#[test]
fn code_that_passes_a_signature_on_carries_none() {
    let place = Place::new("signature");
    let line = "    completions = adapter(lm, lm_kwargs=config, signature=signature, demos=demos, inputs=kwargs)\n";
    place.file("a.log", line);
    assert_eq!(place.run(&["redact", "a.log", "-o", "safe.log"]).code, Some(0));
    assert_eq!(place.text("safe.log"), line);
}

#[test]
fn a_list_of_byte_numbers_stays_one() {
    let place = Place::new("byte-numbers");
    let message = format!("\u{1b}[31merror\u{1b}[39m x-api-key: {} end", key('j'));
    let numbers: Vec<String> = message.bytes().map(|b| b.to_string()).collect();
    for (name, separator) in [("a.log", ","), ("b.log", ", ")] {
        let list = numbers.join(separator);
        place.file(name, format!("{{\"__REALTIME_TIMESTAMP\":\"1795243261464000\",\"MESSAGE\":[{list}]}}\n"));
        assert_eq!(place.run(&["redact", name, "-o", "safe.log", "--force"]).code, Some(0));
        let safe: serde_json::Value = serde_json::from_str(&place.text("safe.log")).unwrap();
        let bytes: Vec<u8> =
            safe["MESSAGE"].as_array().unwrap().iter().map(|n| u8::try_from(n.as_u64().unwrap()).unwrap()).collect();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\u{1b}[31merror\u{1b}[39m x-api-key: [anthropic-key#1] end");
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, b| {
        (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 })
    })
}

#[test]
fn a_report_and_a_preview_tell_places_and_no_values() {
    let place = Place::new("report");
    let log = format!(
        "2026-11-20 10:00:00 INFO started\n{{\"x-api-key\":\"{}\",\"messages\":[{{\"role\":\"user\",\"content\":\"tell nobody about the merger\"}}]}}\n",
        key('r')
    );
    place.file("app.log", &log);
    let done = place.run(&["redact", "app.log", "-o", "safe.log", "--report", "report.json"]);
    done.says(0, "took out 2 values (1 anthropic-key, 1 prompt) from 2 lines of 1 input\n");
    let report: serde_json::Value = serde_json::from_str(&place.text("report.json")).unwrap();
    assert_eq!(report["schema"], "casefile.redaction/1");
    let file = &report["files"][0];
    assert_eq!((file["name"].as_str(), file["lines"].as_u64()), (Some("app.log"), Some(2)));
    assert_eq!(file["taken"][0]["lines"], serde_json::json!([2]));
    assert_eq!(file["sha256_out"].as_str().map(str::len), Some(64));
    assert_eq!(file["not_understood"]["lines"][0], 1);
    let preview = place.run(&["redact", "app.log", "--diff", "-q"]);
    assert_eq!(
        preview.out,
        "app.log:2: {\"x-api-key\":\"[anthropic-key#1]\",\"messages\":[{\"role\":\"user\",\"content\":\"[text 28 chars]\"}]}\n"
    );
    for text in [place.text("report.json"), preview.out, done.err.clone()] {
        assert!(!text.contains("bC3bC3") && !text.contains("merger"), "{text}");
    }
}

#[test]
fn a_pipe_is_passed_on() {
    let place = Place::new("pipe");
    let log = format!("one\nx-api-key: {}\nlast without end", key('p'));
    let done = place.pipe(&["redact", "-q"], log.as_bytes());
    assert_eq!((done.out.as_str(), done.err.as_str()), ("one\nx-api-key: [anthropic-key#1]\nlast without end", ""));
}

#[test]
fn a_key_links_runs() {
    let place = Place::new("linking-key");
    place
        .file("a.log", format!("x-api-key: {}\n", key('k')))
        .file("b.log", format!("x-api-key: {}\nkey {}\n", key('l'), key('k')));
    place.file("key", "0123456789abcdef").file("other", "0123456789abcdeF").file("short", "0123");
    let named = |key: &str, log: &str| place.run(&["redact", "-q", "--pseudonym-key-file", key, log]).out;
    let (a, b, c) = (named("key", "a.log"), named("key", "b.log"), named("other", "a.log"));
    let token = a.trim().rsplit(' ').next().unwrap();
    assert!(token.starts_with("[anthropic-key#") && b.contains(token) && !c.contains(token), "{a}{b}{c}");
    let done = place.run(&["redact", "--pseudonym-key-file", "short", "a.log"]);
    done.says(2, "error: the key in `short` is too short\nhint: make one: `head -c 32 /dev/urandom > casefile.key`\n");
}

#[test]
fn policies_tighten_and_flags_loosen() {
    let place = Place::new("tighten");
    place.file("app.log", "client 203.0.113.7 user maria@bank.example.com ticket ACME-99812\n");
    place.file("mine.toml", "drop = [\"ip\"]\n[[token]]\nid = \"acme\"\ntitle = \"a ticket\"\nclass = \"keys\"\nprefixes = [\"ACME-\"]\npattern = 'ACME-[0-9]{5}'\nexamples = [\"ACME-{digits:5}\"]\n");
    let redacted = |args: &[&str]| place.run(&[&["redact", "-q", "app.log"], args].concat()).out;
    assert_eq!(redacted(&[]), "client 203.0.113.7 user [email-address#1] ticket ACME-99812\n");
    assert_eq!(redacted(&["--policy", "mine.toml"]), "client [ip-address#1] user [email-address#1] ticket [acme#1]\n");
    assert_eq!(
        redacted(&["--keep", "email", "--drop", "ip"]),
        "client [ip-address#1] user maria@bank.example.com ticket ACME-99812\n"
    );
    assert_eq!(place.run(&["rules", "test", "mine.toml"]).code, Some(0));
    place.file("casefile.toml", "[redact]\npolicy = [\"mine.toml\"]\n");
    assert_eq!(redacted(&[]), "client [ip-address#1] user [email-address#1] ticket [acme#1]\n");
    assert_eq!(redacted(&["--keep", "ip"]), "client 203.0.113.7 user [email-address#1] ticket [acme#1]\n");
}

#[test]
fn check_names_places() {
    let place = Place::new("check");
    place
        .file("app.log", format!("fine\nx-api-key: {}\n", key('c')))
        .file("by-hand.log", "x-api-key: ***\nAuthorization: <redacted>\ntoken=[REDACTED]\n");
    let done = place.run(&["check", "app.log"]);
    assert_eq!((done.code, done.out.as_str()), (Some(1), "app.log:2: anthropic-key\n"));
    assert_eq!(done.err, "warning: not safe to share: 1 value in 1 input\nhint: `casefile redact` takes them out\n");
    assert_eq!(place.run(&["check", "by-hand.log"]).code, Some(0));
    let done = place.run(&["check", "-f", "json", "app.log", "by-hand.log"]);
    let checked: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((&checked["safe"], &checked["files"][0]["found"][0]["rule"]), (&false.into(), &"anthropic-key".into()));
}

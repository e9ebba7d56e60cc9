//! What goes wrong says what, where and how to fix it, and leaves nothing half done.

use super::{Place, key};
use std::io::Read;
use std::process::Stdio;

#[test]
fn a_missing_file() {
    let place = Place::new("missing-file");
    let done = place.run(&["build", "nope.log", "-o", "packet.json"]);
    done.says(2, "error: cannot read `nope.log`: no such file\nhint: check the path; a folder or `-` for standard input works too\n");
    assert_eq!((done.out.as_str(), place.files()), ("", vec![]));
}

#[test]
fn an_empty_folder() {
    let place = Place::new("empty-folder");
    std::fs::create_dir(place.0.join("logs")).unwrap();
    place
        .run(&["redact", "logs"])
        .says(2, "error: no files there\nhint: the folder or archive is empty; name one with logs in it\n");
}

#[test]
fn empty_input() {
    let place = Place::new("empty-input");
    place.file("empty.log", "");
    let done = place.run(&["redact", "empty.log"]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), ""));
    assert_eq!(place.run(&["build", "-f", "json", "empty.log"]).code, Some(0));
    assert_eq!(place.run(&["redact"]).code, Some(0));
    assert_eq!(place.run(&["attempts", "empty.log"]).out.lines().count(), 1);
}

#[test]
fn a_binary_file() {
    let place = Place::new("binary-file");
    place.file("tool", [b"\x7fELF\x02\x01\x01\x00".as_slice(), &[7; 300]].concat());
    let done = place.run(&["redact", "tool", "-o", "out.log"]);
    done.says(2, "error: cannot read `tool`: not a log: a program\nhint: name the log itself; binary files are never read or copied\n");
    assert_eq!(place.files(), ["tool"]);
}

#[test]
fn json_that_is_cut_off() {
    let place = Place::new("cut-off");
    let log = format!(
        "{{\"level\":\"error\",\"status\":500,\"headers\":{{\"x-api-key\":\"{}\",\"messages\":[{{\"content\":\"the merger is off",
        key('a')
    );
    place.file("app.log", &log);
    let done = place.run(&["redact", "app.log"]);
    assert_eq!(done.code, Some(0));
    assert!(!done.out.contains("bC3bC3") && !done.out.contains("merger"), "{}", done.out);
    assert!(done.out.starts_with("{\"level\":\"error\",\"status\":500,\"headers\":{\"x-api-key\":\"["));
    assert_eq!(place.run(&["build", "-f", "json", "app.log"]).code, Some(0));
}

#[test]
fn a_compressed_log_that_is_cut_off() {
    let place = Place::new("cut-off-gzip");
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    gzip.extend([0xff; 40]);
    place.file("app.log.gz", gzip);
    let done = place.run(&["redact", "app.log.gz", "-o", "out.log"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.starts_with("error: cannot read `app.log.gz`: ") && done.err.contains("\nhint: "), "{}", done.err);
    assert_eq!(place.files(), ["app.log.gz"]);
}

#[test]
fn what_was_not_there_is_not_safe() {
    let place = Place::new("not-there");
    place.file("app.log", "nothing to hide\n");
    let done = place.run(&["check", "app.log", "gone.log"]);
    assert!(done.code == Some(1) && done.err.contains("cannot read `gone.log`"), "{done:?}");
}

#[test]
fn unknown_words() {
    let place = Place::new("unknown-words");
    place.run(&["redcat", "x"]).says(2, "error: no command `redcat`\nhint: did you mean `redact`?\n");
    place
        .run(&["redact", "--repot", "x"])
        .says(2, "error: unknown argument `--repot`\nhint: did you mean `--report`?\n");
    let done = place.run(&["build", "-f", "pdf"]);
    assert!(
        done.code == Some(2)
            && done.err.starts_with("error: `--format <FORMAT>` does not take `pdf`\nhint: one of `md`, `json`"),
        "{}",
        done.err
    );
    place
        .run(&["rules", "show", "antropic-key"])
        .says(2, "error: no rule `antropic-key`\nhint: did you mean `anthropic-key`?\n");
    place
        .run(&["dialects", "show", "sdk-pyton"])
        .says(2, "error: no dialect `sdk-pyton`\nhint: did you mean `sdk-python`?\n");
    place.run(&[]).says(
        2,
        "error: a command is missing\nhint: `casefile --help` lists them; most often it is `casefile build LOG`\n",
    );
    let done = place.run(&["build", "-o", "x.pdf", "y"]);
    let says = "error: the output's extension tells no format\nhint: name it with `--format`: md, ";
    assert!(done.code == Some(2) && done.err.starts_with(says), "{}", done.err);
    let done = place.run(&["build", "--timezone", "Mars", "x"]);
    assert!(
        done.err.starts_with("error: `--timezone <ZONE>` does not take `Mars`\nhint: a zone is its distance from UTC"),
        "{}",
        done.err
    );
    place.run(&["man"]).says(2, "error: no command `man`\nhint: `casefile generate man` prints the page\n");
    place.file("app.log", "a line\n");
    place
        .run(&["app.log"])
        .says(2, "error: no command `app.log`\nhint: `casefile build app.log` builds the packet of it\n");
    let done = place.run(&["build", "--set", "impakt=x", "x"]);
    assert!(done.code == Some(2), "{done:?}");
}

#[test]
fn a_policy_with_mistakes() {
    let place = Place::new("bad-policy");
    place.file("app.log", "x\n");
    let hint = "hint: `casefile rules list` shows rules in the same format; `casefile rules test` checks a file\n";
    let says = |text: &str, err: &str| {
        place.file("mine.toml", text);
        place.run(&["redact", "--policy", "mine.toml", "app.log"]).says(2, &format!("error: mine.toml:{err}\n{hint}"));
    };
    says(
        "strict = true\ndrop = [\"ips\"]\n",
        "2: unknown variant `ips`, expected one of `keys`, `headers`, `cookies`, `bodies`, `email`, `phone`, `card`, `ssn`, `user-path`, `account-id`, `ip`, `host`, `org-id`",
    );
    says(
        "[[token]]\nid = \"mine\"\ntitle = \"x\"\nclass = \"keys\"\nprefixes = [\"mine_\"]\npattern = 'mine_[a-z'\n",
        "6: the pattern does not compile: unclosed character class",
    );
    says(
        "[[keep]]\ntitle = \"x\"\nnames = [\"authorization\"]\n",
        "2: a policy can only tighten: `[[keep]]` is for the program's own files; loosen with `--keep CLASS`",
    );
    place
        .run(&["redact", "--policy", "none.toml", "app.log"])
        .says(2, "error: cannot read `none.toml`: no such file or folder\nhint: check the path\n");
}

#[test]
fn settings_with_mistakes() {
    let place = Place::new("bad-settings");
    place.file("app.log", "x\n").file("casefile.toml", "[redact]\nkeep = [\"ip\"]\n");
    let done = place.run(&["redact", "app.log"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("casefile.toml:2: unknown field `keep`"), "{}", done.err);
    assert_eq!(place.run(&["redact", "app.log", "--no-config"]).code, Some(0));
}

#[test]
fn descriptions_with_mistakes() {
    let place = Place::new("bad-dialects");
    place.file("app.log", "x\n");
    let says = |settings: &str, what: &str| {
        place.file("casefile.toml", settings);
        let done = place.run(&["build", "app.log"]);
        assert_eq!(done.code, Some(2), "{settings}");
        assert!(done.err.contains(&format!("casefile.toml:{what}")) && done.err.contains("\nhint: "), "{}", done.err);
    };
    let dialect = |rest: &str| format!("[[dialect]]\nid = \"mine\"\ntitle = \"Mine\"\n{rest}\n");
    says(&dialect("line = '(?<status>\\d+'"), "4: `line` is no regular expression: unclosed group");
    says(&dialect("line = '(?<status>(?:\\w{1000}){1000})'"), "4: `line` is no regular expression: too large");
    says(&dialect("line = '(?<stauts>\\d+)'"), "4: there is no field `stauts`");
    says(&dialect("line = '\\d+'"), "4: `line` names no field");
    says(&dialect("line = 'm=(?<model>\\S+)'"), "2: nothing in `mine` tells how an attempt ended");
    says(&dialect(""), "2: `mine` needs either `line` or `fields`");
    says(&dialect("fields = { status = \"a..b\" }"), "4: `status` has no path of a field");
    says(&dialect("fields = { status = \"code\" }\nstage = \"end\""), "5: there is no such stage");
    says(&dialect("fields = { status = \"code\" }\nanchors = [\"x\"]"), "5: it is no anchor");
    says("[[dialect]]\nid = \"json\"\ntitle = \"x\"\nline = '(?<status>5)'\n", "2: there is a dialect `json` already");
    says("\n[fields]\nrequestid = \"rid\"\n", "3: there is no field `requestid`");
    place.file("casefile.toml", "dialect_files = [\"more.toml\"]\n").file("more.toml", "\n[[dialects]]\n");
    let done = place.run(&["dialects"]);
    assert!(done.err.contains("more.toml:2: unknown field `dialects`"), "{}", done.err);
}

#[test]
fn no_failures() {
    let place = Place::new("no-failures");
    place.file("app.log", "2026-11-20 10:00:00 INFO started\n");
    assert_eq!(place.run(&["build", "-f", "json", "app.log"]).code, Some(0));
}

#[test]
fn an_output_that_exists() {
    let place = Place::new("output-exists");
    place.file("app.log", "hello\n").file("out.log", "mine").file("out/app.log", "mine too");
    let exists = |path: &str| format!("error: refused to write `{path}`: it exists\nhint: `--force` replaces it\n");
    place.run(&["redact", "app.log", "-o", "out.log"]).says(2, &exists("out.log"));
    place.run(&["redact", "app.log", "-o", "out"]).says(2, &exists("out/app.log"));
    place.run(&["redact", "app.log", "--report", "out.log"]).says(2, &exists("out.log"));
    assert_eq!((place.text("out.log"), place.text("out/app.log")), ("mine".to_owned(), "mine too".to_owned()));
    assert_eq!(place.run(&["redact", "app.log", "-o", "out.log", "--force"]).code, Some(0));
    assert_eq!(
        (place.text("out.log"), place.files()),
        ("hello\n".to_owned(), vec!["app.log".to_owned(), "out.log".to_owned(), "out/app.log".to_owned()])
    );
}

#[test]
fn one_bad_among_good() {
    let place = Place::new("one-bad");
    place
        .file("logs/a.log", "a\n")
        .file("logs/b.bin", [b"\x89PNG".as_slice(), &[1; 64]].concat())
        .file("logs/c.log", "c\n");
    let done = place.run(&["redact", "logs", "-o", "safe", "-q"]);
    done.says(0, "warning: cannot read `logs/b.bin`: not a log: an image; the other inputs go on\nhint: name the log itself; binary files are never read or copied\n");
    assert_eq!(place.files(), ["logs/a.log", "logs/b.bin", "logs/c.log", "safe/a.log", "safe/c.log"]);
    // what was not read was not checked
    assert_eq!(place.run(&["check", "logs"]).code, Some(1));
    assert_eq!(place.run(&["build", "-f", "json", "logs"]).code, Some(0));
}

#[test]
fn a_closed_pipe_is_silent() {
    let place = Place::new("closed-pipe");
    place.file("app.log", "2026-11-20 10:00:00 INFO a line like all the others\n".repeat(100_000));
    let mut child =
        place.command(&["redact", "app.log"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned()), (Some(0), String::new()));
}

#[test]
fn nothing_from_outside_reaches_a_terminal_raw() {
    let place = Place::new("raw-names");
    let done = place.run(&["redact", "\u{1b}[2Jevil\r.log"]);
    assert!(done.err.contains("\\u{1b}[2Jevil\\u{d}.log") && !done.err.contains("\u{1b}[2J"), "{}", done.err);
    let name = format!("{}.log", key('z'));
    let done = place.run(&["redact", &name]);
    assert!(!done.err.contains("bC3bC3"), "{}", done.err);
}

//! Users are counted, and nothing of their names is in anything that is written.

#![allow(clippy::expect_used, reason = "a test fails where it stands")]

use casefile::{case, input, packet, render};
use std::path::{Path, PathBuf};

/// Every name in the logs of these folders, whoever it names.
const NAMES: &[&str] = &[
    "ada.lovelace",
    "ada-lovelace",
    "grace-hopper",
    "svc-frontend",
    "nobody-who-called",
    "7301",
    "user_0a1b2c",
    "41f0",
    "9e77",
];
const FOLDERS: &[&str] = &["json/users", "access/signed-in", "key-values/users", "nginx/users"];

fn log(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dialects").join(folder).join("input.log")
}

fn packet(logs: &[PathBuf]) -> packet::Packet {
    let inputs = input::expand(logs);
    let mut case = case::read(&inputs.inputs, &case::Options::default());
    packet::assemble(&mut case, &packet::Supplied::default())
}

#[test]
fn users_are_counted() {
    let packet = packet(&[log("json/users")]);
    let users = packet.impact.users.as_ref().expect("the log names users");
    assert_eq!((users.seen, users.affected, users.recovered, users.attempts), (4, 2, 1, 7));
    let most: Vec<(u32, usize, usize)> = users.most.iter().map(|u| (u.user, u.failed, u.calls_failed)).collect();
    assert_eq!(most, [(4, 2, 2), (1, 2, 1), (3, 1, 0)]);
    assert_eq!(packet.impact.users_affected.value.expect("it is known").as_str(), "2");
}

#[test]
fn one_name_is_one_user_in_all_logs() {
    let packet = packet(&[log("access/signed-in"), log("key-values/users")]);
    assert_eq!(packet.impact.users.expect("the logs name users").seen, 2);
}

#[test]
fn no_log_without_names_has_users() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/verdicts/clean-500-exhausted/input.log");
    assert!(packet(&[fixture]).impact.users.is_none());
}

#[test]
fn names_are_nowhere() {
    let logs: Vec<PathBuf> = FOLDERS.iter().map(|f| log(f)).collect();
    let raw: String = logs.iter().map(|l| std::fs::read_to_string(l).expect("a log")).collect();
    let inputs = input::expand(&logs);
    let mut case = case::read(&inputs.inputs, &case::Options::default());
    let mut packet = packet::assemble(&mut case, &packet::Supplied::default());
    for output in render::OUTPUTS {
        let text = render::checked(&mut packet, *output, &mut case.redactor).expect("nothing leaks");
        let text = String::from_utf8(text).expect("text");
        for name in NAMES {
            assert!(raw.contains(name), "no log has {name}");
            assert!(!text.contains(name), "{name} is in the packet");
        }
    }
}

//! Floors: a module imports only from floors below its own. See the table; one more module is one more line.

#![allow(clippy::print_stderr, clippy::unwrap_used, reason = "a test fails where it stands")]

use std::fs;
use std::path::{Path, PathBuf};

/// Modules by floor, the lowest first.
const FLOORS: &[&[&str]] = &[
    &["literal", "idclock"],
    &["input", "model"],
    &["redact"],
    &["trace", "check", "status"],
    &["dialect"],
    &["case"],
    &["packet"],
    &["render"],
    &["cli"],
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The modules of the crate that a source names, tests aside.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut modules: Vec<String> = Vec::new();
    for line in lines {
        for part in line.split("crate::").skip(1) {
            // `use crate::{dialect, packet};`
            let names = match part.strip_prefix('{') {
                Some(list) => {
                    list.split(['}', ',']).map(|item| item.trim().split("::").next().unwrap_or_default()).collect()
                }
                None => vec![part.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()],
            };
            modules.extend(names.into_iter().filter(|name| floor(name).is_some()).map(str::to_owned));
        }
    }
    modules
}

#[test]
fn imports_only_go_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for file in &files {
        let inside = file.strip_prefix(&root).unwrap();
        let module = inside.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let Some(own) = floor(&module) else {
            wrong.push(format!("{}: `{module}` has no floor", inside.display()));
            continue;
        };
        for other in imports(&fs::read_to_string(file).unwrap()) {
            if other != module && floor(&other).is_some_and(|f| f >= own) {
                wrong.push(format!("{}: `{module}` must not know `{other}`", inside.display()));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for file in files.iter().filter(|f| !f.strip_prefix(&root).unwrap().starts_with("cli")) {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in ["println!", "eprintln!", "print!(", "io::stdout", "io::stderr", "process::exit"] {
            assert!(!code.contains(word), "{} has {word}", file.display());
        }
    }
}

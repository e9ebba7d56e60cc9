//! The program as it is run: arguments in; output, messages and exit code out.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails where it stands")]

mod archive;
mod bad_input;
mod commands;
mod gate;
mod mutated;
mod planted;
mod redact;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder of a test's own; the program runs in it.
struct Place(PathBuf);

/// What became of a run.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Place {
    /// An empty folder.
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(&path).unwrap();
        // nothing above may have a say
        fs::write(path.join("casefile.toml"), "").unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// Names of all files, sorted, the settings aside.
    fn files(&self) -> Vec<String> {
        fn add(folder: &Path, root: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    add(&path, root, found);
                } else {
                    found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        let mut found = Vec::new();
        add(&self.0, &self.0, &mut found);
        found.retain(|name| name != "casefile.toml");
        found.sort();
        found
    }

    fn run(&self, args: &[&str]) -> Done {
        self.pipe(args, b"")
    }

    /// Runs with something on the standard input.
    fn pipe(&self, args: &[&str], input: &[u8]) -> Done {
        let mut child =
            self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let done = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Done {
            code: done.status.code(),
            out: String::from_utf8_lossy(&done.stdout).into_owned(),
            err: String::from_utf8_lossy(&done.stderr).into_owned(),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casefile"));
        command.args(args).current_dir(&self.0).env("SOURCE_DATE_EPOCH", "1795240000").env_remove("CLICOLOR_FORCE");
        command
    }
}

impl Done {
    /// It ended so, and said this.
    #[track_caller]
    fn says(&self, code: i32, err: &str) -> &Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.err, err);
        self
    }
}

/// A key-shaped text, made here so that none stands in the repository.
fn key(letter: char) -> String {
    format!("sk-ant-api03-{}AA", format!("{letter}bC3").repeat(20))
}

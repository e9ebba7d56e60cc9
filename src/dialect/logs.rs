//! The logs that places are in, each with its number: the inputs, and logs that an input tells of because
//! another run read them.

use std::collections::HashMap;

/// The longest name of a log that another run read.
const LONGEST: usize = 200;

/// All of them.
#[derive(Debug, Default)]
pub struct Logs {
    names: Vec<String>,
    /// The input that is being read.
    current: u32,
    /// By the input that tells of them, the run that read them and their name there.
    told: HashMap<(u32, String, String), u32>,
}

impl Logs {
    /// The next input begins.
    pub fn next(&mut self, name: &str) {
        self.current = self.add(name.to_owned());
    }

    /// The number of the input that is being read.
    #[must_use]
    pub fn current(&self) -> u32 {
        self.current
    }

    /// The number of a log that a run read, of which the input tells.
    pub fn told(&mut self, run: &str, name: &str) -> u32 {
        let key = (self.current, run.to_owned(), name.to_owned());
        if let Some(known) = self.told.get(&key) {
            return *known;
        }
        // as of a member of an archive
        let input = self.names.get(self.current as usize).map_or("", String::as_str);
        let shown = if is_name(name) { name } else { "log" };
        let number = self.add(format!("{input}!{shown}"));
        self.told.insert(key, number);
        number
    }

    /// Their names, by number.
    #[must_use]
    pub fn names(self) -> Vec<String> {
        self.names
    }

    fn add(&mut self, name: String) -> u32 {
        self.names.push(name);
        self.names.len() as u32 - 1
    }
}

/// Whether a text can be the name of a log, and nothing that somebody said: the record may be anybody's.
fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "._-/!#[]@:+=~,()".contains(c);
    !text.is_empty() && text.len() <= LONGEST && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_log_of_each_run_has_its_number() {
        let mut logs = Logs::default();
        logs.next("a.jsonl");
        assert_eq!([logs.told("r1", "app.log"), logs.told("r2", "app.log"), logs.told("r1", "app.log")], [1, 2, 1]);
        logs.next("b.jsonl");
        assert_eq!([logs.current(), logs.told("r1", "app.log"), logs.told("r1", "tell me of the merger")], [3, 4, 5]);
        let names = ["a.jsonl", "a.jsonl!app.log", "a.jsonl!app.log", "b.jsonl", "b.jsonl!app.log", "b.jsonl!log"];
        assert_eq!(logs.names(), names);
    }
}

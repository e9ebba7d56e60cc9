//! What is said to people, on the standard error.
//!
//! Paths and names come from outside, so they are redacted like text, and control characters, which could
//! make a terminal do things, are shown as escapes.

use crate::redact::{Policy, Redactor};
use crate::render::text::is_silent;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

static QUIET: AtomicBool = AtomicBool::new(false);

/// Says nothing but errors and warnings from here on.
pub fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether notes are wanted.
pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Says what was done.
pub fn note(text: &str) {
    if !is_quiet() {
        say(&safe(text));
    }
}

/// Says what is not as it should be, although the command goes on.
pub fn warn(text: &str, hint: Option<&str>) {
    labelled("\x1b[1;33mwarning\x1b[0m", text, hint);
}

/// Says why the command ends.
pub fn error(text: &str, hint: Option<&str>) {
    labelled("\x1b[1;31merror\x1b[0m", text, hint);
}

fn labelled(label: &str, text: &str, hint: Option<&str>) {
    say(&format!("{label}: {}", safe(text)));
    if let Some(hint) = hint {
        say(&format!("\x1b[36mhint\x1b[0m: {}", escaped(hint)));
    }
}

/// A line on the standard error. Who cannot hear it, cannot be told.
fn say(line: &str) {
    drop(writeln!(anstream::stderr(), "{line}"));
}

/// A message in which only what stands in backquotes, or before the first colon and a line number, came
/// from outside: that is redacted.
fn safe(text: &str) -> String {
    let parts: Vec<String> =
        text.split('`').enumerate().map(|(i, part)| if i % 2 == 1 { redacted(part) } else { escaped(part) }).collect();
    parts.join("`")
}

/// A name from outside as it may be shown anywhere.
pub fn redacted(name: &str) -> String {
    escaped(&Redactor::new(Policy::default()).text(name))
}

/// Control characters as escapes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            c if is_silent(c) => {
                // writing to a text does not fail
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// No line of prose is longer.
const WIDTH: usize = 88;

/// A sentence broken into lines, each but the first behind a margin.
pub fn wrapped(text: &str, margin: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut width = margin;
    for word in text.split(' ') {
        let len = word.chars().count();
        if width > margin && width + 1 + len > WIDTH {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', margin));
            width = margin;
        } else if width > margin {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += len;
    }
    out
}

/// Whether somebody looks at the standard error.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal() && !is_quiet()
}

/// `1 line`, `2 lines`, `12,345 lines`.
pub fn count(n: u64, one: &str) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text} {one}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing_strange() {
        assert_eq!(escaped("a\x1b[2Jb\u{202e}c\r"), "a\\u{1b}[2Jb\\u{202e}c\\u{d}");
    }

    #[test]
    fn names_are_redacted() {
        assert_eq!(
            safe("cannot read `/home/dana/maria.lopez@bank.example.log`: no such file"),
            "cannot read `/home/[home-folder#1]/[email-address#1]`: no such file"
        );
    }

    #[test]
    fn prose_is_broken_at_words() {
        let text = wrapped(&"word ".repeat(30), 10);
        assert!(text.lines().all(|l| l.len() <= WIDTH) && text.lines().skip(1).all(|l| l.starts_with("          w")));
        assert_eq!(text.split_whitespace().count(), 30);
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!((count(1, "line"), count(1_234_567, "line")), ("1 line".to_owned(), "1,234,567 lines".to_owned()));
    }
}

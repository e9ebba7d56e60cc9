//! How values are put into Markdown so that nothing in them can break out, and how all outputs write numbers.

use crate::packet::duration;
use minijinja::value::ValueKind;
use minijinja::{Environment, Value};
use std::fmt::Write as _;

/// Text between other text: what would mean something to Markdown or HTML is escaped, lines are joined.
#[must_use]
pub fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let in_word = before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '_' if !in_word => out.push_str("\\_"),
            // forges make people and issues of these
            '@' | '#' if chars.peek().is_some_and(|next| next.is_alphanumeric()) && !before.is_alphanumeric() => {
                out.push(c);
                out.push('\u{200b}');
            }
            c if is_silent(c) => out.push(' '),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// Text for a block of code: one line, no backquote.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '`' {
                '\''
            } else if is_silent(c) {
                ' '
            } else {
                c
            }
        })
        .collect()
}

/// A span of code.
#[must_use]
pub fn code(text: &str) -> String {
    let text = plain(text);
    if text.trim().is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) }
}

/// Text in which code stands in backquotes.
#[must_use]
pub fn ticks(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return inline(text);
    }
    (0..).zip(parts).map(|(n, part)| if n % 2 == 1 { code(part) } else { inline(part) }).collect()
}

/// Characters that act on a terminal or on the direction of text.
#[must_use]
pub fn is_silent(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A value as text: a fact is its value and the sign of how it is known.
#[must_use]
pub fn shown(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => "?".into(),
        ValueKind::Map if value.get_attr("basis").is_ok_and(|b| !b.is_undefined()) => {
            let inner = value.get_attr("value").unwrap_or_default();
            if inner.is_none() || inner.is_undefined() { "?".into() } else { shown(&inner) }
        }
        ValueKind::Bool => if value.is_true() { "yes" } else { "no" }.into(),
        _ => value.to_string(),
    }
}

/// How a fact is known, as a sign behind it: nothing where a log shows it.
#[must_use]
pub fn sign(value: &Value) -> &'static str {
    let basis = value.get_attr("basis").ok();
    match basis.as_ref().and_then(Value::as_str) {
        Some("derived") => "\\*",
        Some("supplied") => "†",
        _ => "",
    }
}

/// The filters that write numbers and times, the same for all templates.
pub fn filters(environment: &mut Environment<'_>) {
    environment.add_filter("bytes", |n: u64| bytes(n));
    environment.add_filter("clock", |value: &Value| clock(&shown(value)));
    environment.add_filter("budget", budget);
    environment.add_filter("number", |n: f64| if n.fract() == 0.0 { format!("{n:.0}") } else { n.to_string() });
    environment.add_filter("words", |value: &Value| shown(value).replace('_', " "));
    environment.add_filter("places", places);
    environment.add_filter("duration", |ms: i64| duration(ms));
    environment.add_filter("plural", |n: u64, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" }));
    environment.add_filter("percent", |rate: f64| {
        if rate >= 0.1 || rate == 0.0 { format!("{:.0} %", rate * 100.0) } else { format!("{:.1} %", rate * 100.0) }
    });
}

/// Places as people write them, `app.log:9-12,15 client.log:1`: a file once, its lines in order.
fn places(all: &Value) -> Result<String, minijinja::Error> {
    let mut files: Vec<(String, Vec<u64>)> = Vec::new();
    for place in all.try_iter()? {
        let place = shown(&place);
        let split = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
        let (file, line) = split.map_or((place.as_str(), None), |(file, line)| (file, Some(line)));
        match files.iter_mut().find(|(known, _)| known == file) {
            Some((_, lines)) => lines.extend(line),
            None => files.push((file.to_owned(), line.into_iter().collect())),
        }
    }
    let told = files.into_iter().map(|(file, lines)| match runs(lines).as_str() {
        "" => file,
        lines => format!("{file}:{lines}"),
    });
    Ok(told.collect::<Vec<_>>().join(" "))
}

/// `9-12,15`
fn runs(mut lines: Vec<u64>) -> String {
    lines.sort_unstable();
    lines.dedup();
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(line) => *last = line,
            _ => runs.push((line, line)),
        }
    }
    let told = |(first, last): &(u64, u64)| match last - first {
        0 => first.to_string(),
        1 => format!("{first},{last}"),
        _ => format!("{first}-{last}"),
    };
    runs.iter().map(told).collect::<Vec<_>>().join(",")
}

/// The four numbers of a retry budget, as far as they are known, and the sign of who says so.
#[must_use]
pub fn budget(row: &Value) -> String {
    let fact = |name: &str| row.get_attr(name).unwrap_or_default();
    let value = |name: &str| fact(name).get_attr("value").ok().filter(|v| !v.is_none() && !v.is_undefined());
    let ms = |name: &str| value(name).and_then(|v| v.as_i64()).map(duration);
    let parts = [
        value("max_attempts").map(|n| format!("{n} attempts a call")),
        ms("initial_delay_ms").map(|ms| format!("first wait {ms}")),
        value("backoff").map(|v| v.to_string()),
        ms("max_elapsed_ms").map(|ms| format!("{ms} in all")),
    ];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    let names = ["max_attempts", "initial_delay_ms", "backoff", "max_elapsed_ms"];
    let supplied = names.iter().any(|n| sign(&fact(n)) == "†");
    known.join(", ") + if supplied { "†" } else { "" }
}

/// A number of bytes.
#[must_use]
pub fn bytes(n: u64) -> String {
    match n {
        0..1000 => format!("{n} B"),
        1000..1_000_000 => format!("{:.1} KB", n as f64 / 1e3),
        _ => format!("{:.1} MB", n as f64 / 1e6),
    }
}

/// A time of day out of an RFC 3339 time.
#[must_use]
pub fn clock(text: &str) -> String {
    text.get(11..23).map_or_else(|| text.to_owned(), |t| format!("{t}Z"))
}

/// Text on a line of its own, filled up to a width.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    let text = plain(text);
    let mut out = text.clone();
    for _ in text.chars().count()..width {
        let _ = out.write_char(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_name_a_file_once() {
        let all = ["a.log:9", "a.log:11", "a.log:10", "b.zip!c.log:1", "b.zip!c.log:2", "a.log:7", "who:le"];
        assert_eq!(places(&Value::from(all.to_vec())).ok().as_deref(), Some("a.log:7,9-11 b.zip!c.log:1,2 who:le"));
    }

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(inline("a|b <script> `x` [y](z)"), "a\\|b &lt;script&gt; \\`x\\` \\[y\\](z)");
        assert_eq!(inline("rate_limit_error"), "rate_limit_error");
        assert_eq!(inline("one\ntwo\u{1b}[31m"), "one two \\[31m");
        assert_eq!(ticks("read `a|b` <x>"), "read `a\\|b` &lt;x&gt;");
        assert_eq!(ticks("one ` alone"), "one \\` alone");
        assert_eq!(code("a`b\n|"), "`a'b \\|`");
    }
}

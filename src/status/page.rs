//! A saved page before its format is known, and the ways in which formats take things from it.

use crate::input::{Encoding, open_text};
use crate::literal::Timestamp;
use crate::model::Clean;
use crate::redact::Redactor;
use serde_json::Value;
use std::io::{Cursor, Read};
use std::path::Path;

/// A saved page.
pub struct Page<'r> {
    /// As text.
    pub text: String,
    /// As data, where it is JSON.
    pub json: Value,
    /// Whether it was UTF-16.
    pub utf16: bool,
    /// When it was answered, where it was saved with its headers: milliseconds since 1970.
    pub answered_ms: Option<i64>,
    redactor: &'r mut Redactor,
}

impl<'r> Page<'r> {
    /// Decodes it; the error is why nothing can be told from it.
    pub fn open(bytes: &[u8], redactor: &'r mut Redactor) -> Result<Self, &'static str> {
        let raw = Box::new(Cursor::new(bytes.to_vec()));
        let opened = open_text(raw, Path::new("")).map_err(|_| "it is no text")?;
        let utf16 = opened.encoding != Encoding::Bytes;
        let mut whole = Vec::new();
        opened.reader.take(super::MAX_BYTES as u64 + 1).read_to_end(&mut whole).map_err(|_| "it cannot be read")?;
        if whole.len() > super::MAX_BYTES {
            return Err("it is larger than a status page");
        }
        let whole = String::from_utf8_lossy(&whole);
        let (head, text) = parts(&whole);
        let (answered_ms, text) = (head.lines().filter_map(date).next_back(), text.to_owned());
        let json = match text.bytes().next() {
            None => return Err("it is empty"),
            // one document a line is a format of its own
            Some(b'{') if text.lines().next().is_some_and(|line| line.contains("casefile.probe/")) => Value::Null,
            Some(b'{' | b'[') => serde_json::from_str(&text).map_err(|_| "its JSON is broken or cut off")?,
            Some(_) if is_html(&text) => return Err("it is an HTML page, not the data behind it"),
            Some(_) => Value::Null,
        };
        Ok(Self { text, json, utf16, answered_ms, redactor })
    }

    /// Why a page is unreadable that no format claims.
    pub fn stranger(&self) -> &'static str {
        match &self.json {
            Value::Array(rows) if rows.is_empty() => "it is an empty list, which says not whose",
            _ => "it is no status page in a format that is known",
        }
    }

    /// Text of the page as it may stand in a packet; `None` where there is none.
    pub fn clean(&mut self, text: Option<&str>) -> Option<Clean> {
        text.filter(|t| !t.trim().is_empty()).map(|t| self.redactor.public_text(t))
    }

    /// Text that must be there; empty where it is not.
    pub fn name(&mut self, text: Option<&str>) -> Clean {
        self.clean(text).unwrap_or_default()
    }

    /// The different ones of some texts, none of them empty.
    pub fn names<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Vec<Clean> {
        let mut names: Vec<Clean> = Vec::new();
        for text in texts.take(200) {
            if let Some(name) = self.clean(Some(text)).filter(|n| !names.contains(n)) {
                names.push(name);
            }
        }
        names
    }
}

/// The header lines that `curl -i` saves too, and what follows them; of several answers the last.
fn parts(whole: &str) -> (&str, &str) {
    let whole = whole.trim_start_matches('\u{feff}').trim_start();
    let mut text = whole;
    while text.starts_with("HTTP/") {
        let blank = ["\r\n\r\n", "\n\n"].iter().filter_map(|b| text.find(b)).min().unwrap_or(text.len());
        text = text.get(blank..).unwrap_or_default().trim_start();
    }
    (whole.get(..whole.len() - text.len()).unwrap_or_default(), text)
}

/// The time in a `date` header.
fn date(line: &str) -> Option<i64> {
    let (name, value) = line.split_once(':')?;
    if name.eq_ignore_ascii_case("date") { moment(value) } else { None }
}

fn is_html(text: &str) -> bool {
    let head: String = text.chars().take(1024).collect::<String>().to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.contains("<html") || head.contains("<head>") || head.contains("<body")
}

/// The text under a key.
pub fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

/// The rows under a key.
pub fn rows<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The time under a key, in milliseconds since 1970.
pub fn time(value: &Value, key: &str) -> Option<i64> {
    moment(text(value, key)?)
}

/// A time as it is printed.
pub fn moment(text: &str) -> Option<i64> {
    Timestamp::begins(text.trim().as_bytes())?.0.utc_ms()
}

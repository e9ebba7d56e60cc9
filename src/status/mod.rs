//! Reads status pages that were saved.
//!
//! What a page said at the time of a failure is worth more than what it says now, so people save it beside
//! their logs. A page is a service's own word on itself: it is read as data, in the few formats that such
//! pages have, and where a file is none of them that is said instead of guessed at.

mod aws;
mod feed;
mod google;
mod page;
mod probe;
mod statuspage;
mod xml;

use crate::model::{CheckedBy, Snapshot};
use crate::redact::Redactor;
use page::Page;

/// The largest file that is read.
pub const MAX_BYTES: usize = 16 << 20;
/// The most incidents that are kept, the latest.
const MAX_INCIDENTS: usize = 500;

/// A format of status pages: `None` where the page is not in it.
type Format = fn(&mut Page<'_>) -> Option<Snapshot>;

/// All formats.
const FORMATS: &[Format] = &[probe::read, statuspage::read, google::read, aws::read, feed::read];

/// Reads a saved page. `checked_ms` is when the user says to have looked at it, `file_time_ms` when the file
/// was last written; both in milliseconds since 1970.
#[must_use]
pub fn read(
    name: &str,
    bytes: &[u8],
    checked_ms: Option<i64>,
    file_time_ms: Option<i64>,
    redactor: &mut Redactor,
) -> Snapshot {
    let mut snapshot = Page::open(bytes, redactor)
        .and_then(|mut page| {
            let read = FORMATS.iter().find_map(|format| format(&mut page));
            let mut read = read.ok_or_else(|| page.stranger())?;
            read.checked_ms = read.checked_ms.or(page.answered_ms);
            Ok(read)
        })
        .unwrap_or_else(|why| Snapshot { unreadable: Some(why), ..Snapshot::default() });
    bound(&mut snapshot);
    snapshot.file = redactor.public_text(name);
    (snapshot.checked_ms, snapshot.checked_by) = match (checked_ms, snapshot.checked_ms, file_time_ms) {
        (Some(ms), _, _) => (Some(ms), CheckedBy::Supplied),
        (None, Some(ms), _) => (Some(ms), CheckedBy::Noted),
        (None, None, Some(ms)) => (Some(ms), CheckedBy::FileTime),
        (None, None, None) => (None, CheckedBy::Unknown),
    };
    snapshot
}

/// Puts incidents in order and keeps the latest; of those that go the file no longer tells.
fn bound(snapshot: &mut Snapshot) {
    let incidents = &mut snapshot.incidents;
    incidents.sort_by_key(|i| i.begin_ms);
    let more = incidents.len().saturating_sub(MAX_INCIDENTS);
    if let Some(last) = more.checked_sub(1).and_then(|last| incidents.get(last)) {
        let told_from = last.end_ms.unwrap_or(last.begin_ms).max(last.begin_ms) + 1;
        snapshot.complete_from_ms = snapshot.complete_from_ms.map(|from| from.max(told_from));
        incidents.drain(..more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literal::Timestamp;
    use crate::redact::Policy;

    /// As a saved page is read, with a time for the file.
    pub(super) fn read_bytes(bytes: &[u8]) -> Snapshot {
        read("status.json", bytes, None, Some(1_000), &mut Redactor::new(Policy::default()))
    }

    pub(super) fn ms(text: &str) -> Option<i64> {
        Timestamp::begins(text.as_bytes()).and_then(|(t, _)| t.utc_ms())
    }

    #[test]
    fn what_is_no_status_page_is_unreadable() {
        for (text, why) in [
            ("", "it is empty"),
            (" \r\n", "it is empty"),
            ("<!DOCTYPE html><html><body>Just a moment</body></html>", "it is an HTML page, not the data behind it"),
            ("HTTP/2 302\r\nlocation: https://status.example.com\r\n\r\n", "it is empty"),
            ("{\"page\": {\"name\": \"Cla", "its JSON is broken or cut off"),
            ("{\"status\": \"ok\"}", "it is no status page in a format that is known"),
            ("[]", "it is an empty list, which says not whose"),
            ("all is well", "it is no status page in a format that is known"),
        ] {
            assert_eq!(read_bytes(text.as_bytes()).unreadable, Some(why), "{text}");
        }
        assert!(read_bytes(&[0xFF, 0xFE, 0x00]).unreadable.is_some());
        assert!(read_bytes("[".repeat(100_000).as_bytes()).unreadable.is_some());
    }

    #[test]
    fn it_is_known_how_the_time_of_looking_is_known() {
        let mut redactor = Redactor::new(Policy::default());
        let mut read = |said, file| read("x", b"", said, file, &mut redactor);
        assert_eq!(read(Some(5), Some(9)).checked_by, CheckedBy::Supplied);
        assert_eq!(read(None, Some(9)).checked_ms, Some(9));
        assert_eq!(read(None, None).checked_by, CheckedBy::Unknown);
    }

    #[test]
    fn an_answer_saved_with_its_head_says_when() {
        let page = "HTTP/1.1 302 Found\r\nDate: Sat, 21 Nov 2026 06:28:33 GMT\r\n\r\nHTTP/2 200\r\ndate: Sat, 21 Nov 2026 06:28:34 GMT\r\n\r\n{\"page\": {\"name\": \"Claude\"}, \"components\": []}";
        let page = read_bytes(page.as_bytes());
        assert_eq!((page.checked_ms, page.checked_by), (ms("2026-11-21T06:28:34Z"), CheckedBy::Noted));
    }

    #[test]
    fn texts_are_bounded_and_carry_no_secret() {
        let key = format!("sk-ant-api03-{}", "aB3d".repeat(20));
        let name = format!("Errors \u{1b}[31m{key} \u{202e}{}", "x".repeat(500));
        let page = serde_json::json!({"page": {"name": name}, "status": {"indicator": "none"}}).to_string();
        let page = read_bytes(page.as_bytes()).page.map(|p| p.to_string()).unwrap_or_default();
        assert!(page.starts_with("Errors [31m[anthropic-key#1]"), "{page}");
        assert!(page.chars().count() <= 120 && !page.contains('\u{202e}'));
    }

    #[test]
    fn of_many_incidents_the_latest_stay() {
        let row = |n: i64| {
            serde_json::json!({"id": n.to_string(), "name": "x", "status": "resolved",
            "created_at": Timestamp::rfc3339(n * 60_000), "resolved_at": Timestamp::rfc3339(n * 60_000 + 30_000)})
        };
        let rows: Vec<_> = (0..600).map(row).collect();
        let page = serde_json::json!({"page": {"name": "Claude"}, "incidents": rows}).to_string();
        let read = read_bytes(page.as_bytes());
        assert_eq!(read.incidents.len(), MAX_INCIDENTS);
        assert_eq!(read.complete_from_ms, Some(99 * 60_000 + 30_001));
    }
}

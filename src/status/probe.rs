//! What the script of `casefile probe` noted of a status page.

use super::page::{Page, moment, text};
use crate::model::Snapshot;
use serde_json::Value;

/// Reads it; of several looks the last.
pub fn read(page: &mut Page<'_>) -> Option<Snapshot> {
    let lines = page.text.lines().filter(|line| line.contains("casefile.probe/1"));
    let mut rows = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let row = rows.rfind(|row| text(row, "check") == Some("status"))?;
    // where the page could not be read, that is what the look found
    let unreadable =
        text(&row, "indicator").is_none().then_some("the status page could not be read when it was looked at");
    Some(Snapshot {
        page: page.clean(text(&row, "name")),
        indicator: page.clean(text(&row, "indicator")),
        checked_ms: text(&row, "time").and_then(moment),
        unreadable,
        ..Snapshot::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::model::CheckedBy;
    use crate::status::tests::{ms, read_bytes};

    #[test]
    fn reads_the_look() {
        let lines = "{\"probe\":\"casefile.probe/1\",\"time\":\"2026-11-21T06:26:40Z\",\"check\":\"start\",\"result\":\"ok\"}\n\
                     {\"probe\":\"casefile.probe/1\",\"time\":\"2026-11-21T06:26:42Z\",\"check\":\"status\",\"result\":\"ok\",\"name\":\"Claude\",\"indicator\":\"none\"}\n";
        let page = read_bytes(lines.as_bytes());
        assert_eq!(
            (page.checked_ms, page.checked_by, page.unreadable),
            (ms("2026-11-21T06:26:42Z"), CheckedBy::Noted, None)
        );
        let html = lines.replace("\"none\"", "null");
        assert!(read_bytes(html.as_bytes()).unreadable.is_some());
    }
}

//! AWS Health's `currentevents`: what is going on now, as a flat list in UTF-16.

use super::page::{Page, rows, text};
use crate::literal::Timestamp;
use crate::model::{Component, Incident, Snapshot};
use serde_json::Value;

/// Reads it.
pub fn read(page: &mut Page<'_>) -> Option<Snapshot> {
    let json = std::mem::take(&mut page.json);
    // only AWS answers an empty list in UTF-16
    let ours = |list: &&Vec<Value>| list.first().map_or(page.utf16, is_event);
    let Some(listed) = json.as_array().filter(ours).cloned() else {
        page.json = json;
        return None;
    };
    Some(Snapshot {
        page: page.clean(Some("AWS")),
        // the page has no word of its own for it: nothing goes on
        indicator: page.clean(listed.is_empty().then_some("none")),
        components: listed.iter().filter_map(|row| component(page, row)).collect(),
        incidents: listed.iter().filter_map(|row| incident(page, row)).collect(),
        ..Snapshot::default()
    })
}

fn is_event(row: &Value) -> bool {
    row.get("service").is_some() && row.get("date").is_some() && row.get("status").is_some()
}

/// `"0"` is over, `"3"` the worst; a number perhaps.
fn level(row: &Value) -> Option<u64> {
    let status = row.get("status")?;
    status.as_u64().or_else(|| status.as_str()?.trim().parse().ok())
}

/// Seconds since 1970, quoted or not.
fn seconds(value: Option<&Value>) -> Option<i64> {
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Timestamp::epoch(text.as_bytes())?.utc_ms()
}

fn component(page: &mut Page<'_>, row: &Value) -> Option<Component> {
    let level = level(row)?;
    let state = ["resolved", "informational", "degraded", "disrupted"].get(usize::try_from(level).ok()?)?;
    Some(Component {
        id: page.name(text(row, "service")),
        name: page.name(text(row, "service_name").or_else(|| text(row, "service"))),
        state: page.name(Some(state)),
        operational: level == 0,
    })
}

fn incident(page: &mut Page<'_>, row: &Value) -> Option<Incident> {
    let begin_ms = seconds(row.get("date"))?;
    let posts =
        || rows(row, "event_log").iter().filter_map(|post| seconds(post.get("timestamp").or_else(|| post.get("date"))));
    let over = level(row) == Some(0);
    Some(Incident {
        id: page.name(text(row, "arn").and_then(|arn| arn.rsplit('/').next()).or_else(|| text(row, "service"))),
        name: page.name(text(row, "summary")),
        impact: page.clean(text(row, "status")),
        begin_ms,
        end_ms: over.then(|| posts().max().unwrap_or(begin_ms)),
        first_post_ms: posts().min(),
        components: page.names([text(row, "service"), text(row, "service_name")].into_iter().flatten()),
        maintenance: false,
    })
}

#[cfg(test)]
mod tests {
    use crate::status::tests::{ms, read_bytes};

    fn utf16(text: &str) -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn reads_what_goes_on() {
        let page = read_bytes(&utf16(
            r#"[{"service": "bedrock-us-east-1", "service_name": "Amazon Bedrock (N. Virginia)", "status": "2", "region_name": "N. Virginia",
                 "summary": "Increased Error Rates", "date": "1785938400", "event_log": [{"timestamp": 1785938700, "message": "We are investigating"}]},
                {"service": "ec2-eu-west-1", "status": "0", "summary": "[RESOLVED] x", "date": "1785930000", "event_log": [{"timestamp": 1785933600}]}]"#,
        ));
        assert_eq!(page.page.map(|p| p.to_string()).as_deref(), Some("AWS"));
        let ends: Vec<_> = page.incidents.iter().map(|i| i.end_ms).collect();
        assert_eq!(ends, [ms("2026-08-05T12:40:00Z"), None]);
        assert_eq!(page.incidents.last().and_then(|i| i.first_post_ms), ms("2026-08-05T14:05:00Z"));
        assert_eq!(page.components.iter().map(|c| c.operational).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn nothing_goes_on_in_an_empty_list() {
        let page = read_bytes(&utf16("[]"));
        assert_eq!((page.indicator.map(|i| i.to_string()).as_deref(), page.unreadable), (Some("none"), None));
    }
}

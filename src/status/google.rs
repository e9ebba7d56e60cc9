//! Google Cloud's `incidents.json`: a history of all products.

use super::page::{Page, rows, text, time};
use crate::model::{Incident, Snapshot};
use serde_json::Value;

/// Reads it.
pub fn read(page: &mut Page<'_>) -> Option<Snapshot> {
    let json = std::mem::take(&mut page.json);
    let listed = json.as_array().filter(|list| list.first().is_some_and(is_incident)).cloned();
    let Some(listed) = listed else {
        page.json = json;
        return None;
    };
    let incidents: Vec<Incident> = listed.iter().filter_map(|row| incident(page, row)).collect();
    let oldest = incidents.iter().map(|i| i.begin_ms).min();
    Some(Snapshot {
        page: page.clean(Some("Google Cloud")),
        complete_from_ms: oldest.filter(|_| incidents.len() == listed.len()),
        incidents,
        ..Snapshot::default()
    })
}

fn is_incident(row: &Value) -> bool {
    row.get("begin").is_some()
        && ["service_name", "affected_products", "external_desc"].iter().any(|key| row.get(key).is_some())
}

fn incident(page: &mut Page<'_>, row: &Value) -> Option<Incident> {
    let products = rows(row, "affected_products").iter().flat_map(|p| [text(p, "id"), text(p, "title")]);
    let service = text(row, "service_name").filter(|name| *name != "Multiple Products");
    Some(Incident {
        id: page.name(text(row, "id").or_else(|| text(row, "number"))),
        name: page.name(text(row, "external_desc")),
        impact: page.clean(text(row, "status_impact").or_else(|| text(row, "severity"))),
        begin_ms: time(row, "begin")?,
        end_ms: time(row, "end"),
        first_post_ms: rows(row, "updates")
            .iter()
            .filter_map(|u| time(u, "created"))
            .min()
            .or_else(|| time(row, "created")),
        components: page.names(products.chain([service]).flatten()),
        maintenance: false,
    })
}

#[cfg(test)]
mod tests {
    use crate::status::tests::{ms, read_bytes};

    #[test]
    fn reads_the_history() {
        let page = read_bytes(
            br#"[{"id": "aB1", "number": "123", "begin": "2026-08-05T13:00:00+00:00", "created": "2026-08-05T13:20:00+00:00", "end": null,
                  "external_desc": "Elevated errors", "status_impact": "SERVICE_DISRUPTION", "severity": "medium", "service_name": "Multiple Products",
                  "updates": [{"created": "2026-08-05T13:40:00+00:00"}, {"created": "2026-08-05T13:20:01+00:00"}],
                  "affected_products": [{"title": "Vertex Gemini API", "id": "p1"}]},
                 {"id": "aB0", "begin": "2026-07-05T13:00:00+00:00", "end": "2026-07-05T14:00:00+00:00", "service_name": "Cloud Run"}]"#,
        );
        let open = page.incidents.last().cloned().unwrap();
        assert_eq!((open.end_ms, open.first_post_ms), (None, ms("2026-08-05T13:20:01Z")));
        assert_eq!(open.components.iter().map(|c| c.as_str()).collect::<Vec<_>>(), ["p1", "Vertex Gemini API"]);
        assert_eq!(page.complete_from_ms, ms("2026-07-05T13:00:00Z"));
    }
}

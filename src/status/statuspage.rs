//! Statuspage by Atlassian and what answers like it, incident.io too: Claude, OpenAI, OpenRouter.
//!
//! `status.json`, `summary.json`, `components.json`, `incidents.json` and `incidents/unresolved.json` share
//! one shape; each file has a part of it.

use super::page::{Page, rows, text, time};
use crate::model::{Clean, Component, Incident, Snapshot};
use serde_json::Value;

/// Reads it.
pub fn read(page: &mut Page<'_>) -> Option<Snapshot> {
    let json = std::mem::take(&mut page.json);
    if !is_statuspage(&json) {
        page.json = json;
        return None;
    }
    let listed = rows(&json, "incidents");
    let mut incidents: Vec<Incident> = listed.iter().filter_map(|row| incident(page, &json, row)).collect();
    let all_read = incidents.len() == listed.len();
    // the file is a history where it has incidents that are over; a list of open ones can look the same else
    let is_history = listed.iter().any(|row| text(row, "status").is_some_and(is_over));
    let oldest = listed.iter().filter_map(|row| time(row, "created_at").or_else(|| time(row, "started_at"))).min();
    incidents.extend(rows(&json, "scheduled_maintenances").iter().filter_map(|row| maintenance(page, &json, row)));
    Some(Snapshot {
        page: page.clean(json.get("page").and_then(|p| text(p, "name"))),
        indicator: page.clean(json.get("status").and_then(|s| text(s, "indicator"))),
        components: rows(&json, "components").iter().filter_map(|row| component(page, row)).collect(),
        incidents,
        complete_from_ms: oldest.filter(|_| is_history && all_read),
        ..Snapshot::default()
    })
}

fn is_statuspage(json: &Value) -> bool {
    json.get("page").is_some_and(Value::is_object)
        && (json.get("status").is_some_and(|s| s.get("indicator").is_some())
            || ["components", "incidents", "scheduled_maintenances"]
                .iter()
                .any(|key| json.get(key).is_some_and(Value::is_array)))
}

fn is_over(status: &str) -> bool {
    matches!(status, "resolved" | "postmortem" | "completed")
}

fn component(page: &mut Page<'_>, row: &Value) -> Option<Component> {
    let state = text(row, "status")?;
    Some(Component {
        id: page.name(text(row, "id")),
        name: page.name(text(row, "name")),
        state: page.name(Some(state)),
        operational: state == "operational",
    })
}

fn incident(page: &mut Page<'_>, whole: &Value, row: &Value) -> Option<Incident> {
    let updates = rows(row, "incident_updates");
    let begin_ms = time(row, "started_at").or_else(|| time(row, "created_at"))?;
    Some(Incident {
        id: page.name(text(row, "id")),
        name: page.name(text(row, "name")),
        impact: page.clean(text(row, "impact")),
        begin_ms,
        end_ms: end(row, updates, begin_ms),
        first_post_ms: updates.iter().filter_map(|u| time(u, "created_at")).min(),
        components: touched(page, whole, row, updates),
        maintenance: false,
    })
}

/// Some pages say that an incident is resolved and not when: then it is the last word on it.
fn end(row: &Value, updates: &[Value], begin_ms: i64) -> Option<i64> {
    let over = |u: &&Value| text(u, "status").is_some_and(is_over);
    let said = || updates.iter().filter(over).filter_map(|u| time(u, "created_at")).min();
    let end = time(row, "resolved_at").or_else(said);
    if end.is_some() || !text(row, "status").is_some_and(is_over) {
        return end;
    }
    Some(time(row, "updated_at").unwrap_or(begin_ms))
}

fn maintenance(page: &mut Page<'_>, whole: &Value, row: &Value) -> Option<Incident> {
    let begin_ms = time(row, "scheduled_for")?;
    Some(Incident {
        begin_ms,
        end_ms: time(row, "resolved_at").or_else(|| time(row, "scheduled_until")),
        maintenance: true,
        ..incident(page, whole, row)?
    })
}

/// The parts an incident touched, by id and name, with the groups they belong to. Its own list mirrors the
/// present, its updates tell of then; what was fine before and after an update is only mentioned in it.
fn touched(page: &mut Page<'_>, whole: &Value, row: &Value, updates: &[Value]) -> Vec<Clean> {
    let suffers = |c: &&Value| ["old_status", "new_status"].iter().any(|k| text(c, k) != Some("operational"));
    let then = updates.iter().flat_map(|u| rows(u, "affected_components")).filter(suffers);
    let now = rows(row, "components").iter();
    let parts: Vec<(&str, &str)> = now
        .map(|c| ("id", c))
        .chain(then.map(|c| ("code", c)))
        .map(|(id, c)| (text(c, id).unwrap_or_default(), text(c, "name").unwrap_or_default()))
        .collect();
    let listed = rows(whole, "components");
    let group = |id: &str| {
        let own = listed.iter().find(|c| text(c, "id") == Some(id))?;
        let group = text(own, "group_id")?;
        text(listed.iter().find(|c| text(c, "id") == Some(group))?, "name")
    };
    let groups = parts.iter().filter_map(|(id, _)| group(id));
    page.names(parts.iter().flat_map(|(id, name)| [*id, *name]).chain(groups))
}

#[cfg(test)]
mod tests {
    use crate::status::tests::{ms, read_bytes};

    fn read(json: &str) -> crate::model::Snapshot {
        read_bytes(json.as_bytes())
    }

    #[test]
    fn reads_the_state_of_a_page_and_its_parts() {
        let page = read(
            r#"{"page": {"id": "abc", "name": "Claude", "updated_at": "2026-08-09T13:08:44.230Z"},
                "status": {"indicator": "minor", "description": "Partially Degraded Service"},
                "components": [{"id": "c1", "name": "Claude API", "status": "degraded_performance"},
                               {"id": "c2", "name": "Claude Code", "status": "operational"}],
                "incidents": [], "scheduled_maintenances": [{"id": "m1", "name": "Database move", "status": "scheduled",
                    "created_at": "2026-08-01T00:00:00Z", "scheduled_for": "2026-08-10T02:00:00Z", "scheduled_until": "2026-08-10T03:00:00Z"}]}"#,
        );
        assert_eq!(page.indicator.map(|i| i.to_string()).as_deref(), Some("minor"));
        assert_eq!(page.components.iter().map(|c| c.operational).collect::<Vec<_>>(), [false, true]);
        assert_eq!(page.complete_from_ms, None);
        assert_eq!(
            page.incidents.first().map(|i| (i.maintenance, i.begin_ms)),
            ms("2026-08-10T02:00:00Z").map(|t| (true, t))
        );
        // the page's own time says nothing of when it was looked at
        assert_eq!(page.checked_ms, Some(1_000));
    }

    #[test]
    fn reads_incidents_with_what_pages_leave_out() {
        let page = read(
            r#"{"page": {"name": "Claude"}, "incidents": [
                {"id": "i3", "name": "Open", "status": "identified", "created_at": "2026-08-05T06:51:30.287-07:00", "started_at": null,
                 "resolved_at": null, "impact": "minor", "incident_updates": [
                    {"status": "identified", "created_at": "2026-08-05T14:10:00Z", "affected_components": null},
                    {"status": "investigating", "created_at": "2026-08-05T14:01:00Z", "affected_components": [
                        {"code": "c1", "name": "Claude API", "old_status": "operational", "new_status": "partial_outage"},
                        {"code": "c9", "name": "claude.ai", "old_status": "operational", "new_status": "operational"}]}],
                 "components": [{"id": "c2", "name": "Claude Code", "status": "operational"}]},
                {"id": "i2", "name": "Resolved without a time", "status": "resolved", "created_at": "2026-08-04T10:00:00Z", "updated_at": "2026-08-04T12:30:00Z",
                 "incident_updates": [{"status": "resolved", "created_at": "2026-08-04T11:00:00Z"}]},
                {"id": "i1", "name": "Resolved without a word", "status": "resolved", "created_at": "2026-08-03T10:00:00Z", "updated_at": "2026-08-03T12:30:00Z", "components": []}]}"#,
        );
        let ends: Vec<_> = page.incidents.iter().map(|i| i.end_ms).collect();
        assert_eq!(ends, [ms("2026-08-03T12:30:00Z"), ms("2026-08-04T11:00:00Z"), None]);
        let open = page.incidents.last().cloned().unwrap();
        assert_eq!(Some(open.begin_ms), ms("2026-08-05T13:51:30.287Z"));
        assert_eq!(open.first_post_ms, ms("2026-08-05T14:01:00Z"));
        assert_eq!(
            open.components.iter().map(|c| c.as_str()).collect::<Vec<_>>(),
            ["c2", "Claude Code", "c1", "Claude API"]
        );
        assert_eq!(page.complete_from_ms, ms("2026-08-03T10:00:00Z"));
    }

    #[test]
    fn a_history_with_an_unreadable_time_is_not_complete() {
        let page = read(
            r#"{"page": {"name": "OpenAI"}, "incidents": [{"id": "1", "status": "resolved", "created_at": "2026-08-03T10:00:00Z"},
                {"id": "2", "status": "resolved", "created_at": "last Tuesday"}]}"#,
        );
        assert_eq!((page.incidents.len(), page.complete_from_ms), (1, None));
    }

    #[test]
    fn a_part_belongs_to_its_group() {
        let page = read(
            r#"{"page": {"name": "OpenAI"}, "components": [{"id": "g", "name": "APIs", "status": "operational", "group": true},
                {"id": "r", "name": "Responses", "status": "operational", "group_id": "g"}],
               "incidents": [{"id": "1", "status": "investigating", "created_at": "2026-08-03T10:00:00Z", "components": [{"id": "r", "name": "Responses"}]}]}"#,
        );
        let touched: Vec<_> = page.incidents.iter().flat_map(|i| &i.components).map(|c| c.as_str()).collect();
        assert_eq!(touched, ["r", "Responses", "APIs"]);
    }
}

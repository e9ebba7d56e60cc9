//! Pages and failures made for them.

use super::*;
use crate::model::Clean;

const MIN: i64 = 60_000;

fn clean(text: &str) -> Clean {
    Clean::vouched(text)
}

fn incident(begin_min: i64, end_min: Option<i64>, part: &str) -> Incident {
    Incident {
        id: clean(&format!("i{begin_min}")),
        name: clean("Elevated errors"),
        impact: None,
        begin_ms: begin_min * MIN,
        end_ms: end_min.map(|m| m * MIN),
        first_post_ms: Some((begin_min + 10) * MIN),
        components: if part.is_empty() { vec![] } else { vec![clean(part)] },
        maintenance: false,
    }
}

/// A history of Claude's page, saved at minute 2000, complete from minute 0 on.
fn history(incidents: Vec<Incident>) -> Snapshot {
    Snapshot {
        page: Some(clean("Claude")),
        checked_ms: Some(2000 * MIN),
        complete_from_ms: Some(0),
        incidents,
        ..Snapshot::default()
    }
}

fn green(checked_min: i64, page: &str) -> Snapshot {
    Snapshot {
        page: Some(clean(page)),
        checked_ms: Some(checked_min * MIN),
        indicator: Some(clean("none")),
        ..Snapshot::default()
    }
}

fn positions(at_min: &[i64], pages: &[Snapshot], provider: &str) -> Vec<&'static str> {
    let times: Vec<i64> = at_min.iter().map(|m| m * MIN).collect();
    Overlap::of(&times, pages, None, Some(provider), false).failures.iter().map(|f| f.position.name()).collect()
}

#[test]
fn failures_lie_in_before_after_and_outside_of_incidents() {
    let pages = [history(vec![incident(100, Some(160), "Claude API (api.anthropic.com)")])];
    let at = [39, 40, 100, 160, 190, 191, 2001];
    assert_eq!(
        positions(&at, &pages, "anthropic"),
        ["outside", "lead", "inside", "inside", "tail", "outside", "unknown"]
    );
    let overlap = Overlap::of(&[95 * MIN, 110 * MIN], &pages, None, Some("anthropic"), false);
    assert_eq!((overlap.verdict, overlap.lead_time_s), (Verdict::Incident, Some(15 * 60)));
    assert_eq!(overlap.touching.iter().map(|t| (t.inside, t.adjacent)).collect::<Vec<_>>(), [(1, 1)]);
}

#[test]
fn only_parts_of_the_route_count() {
    let pages = [history(vec![incident(100, Some(160), "Claude Code")])];
    assert_eq!(positions(&[110], &pages, "anthropic"), ["outside"]);
    assert!(Overlap::of(&[110 * MIN], &pages, None, Some("anthropic"), true).is_incident());
    // a page of somebody else says nothing, and an incident without parts is one of all
    assert_eq!(positions(&[110], &pages, "openai"), ["unknown"]);
    assert_eq!(positions(&[110], &[history(vec![incident(100, Some(160), "")])], "anthropic"), ["inside"]);
}

#[test]
fn a_look_holds_for_a_quarter_of_an_hour() {
    assert_eq!(
        positions(&[84, 85, 115, 116], &[green(100, "Claude")], "anthropic"),
        ["unknown", "outside", "outside", "unknown"]
    );
    assert_eq!(positions(&[100], &[green(100, "OpenAI")], "anthropic"), ["unknown"]);
}

#[test]
fn an_open_incident_lasts_as_long_as_it_was_seen() {
    let open = Snapshot {
        complete_from_ms: None,
        checked_ms: Some(120 * MIN),
        ..history(vec![incident(100, None, "Claude API")])
    };
    assert_eq!(positions(&[110, 135, 136], std::slice::from_ref(&open), "anthropic"), ["inside", "inside", "unknown"]);
    // the same one in a later file has an end
    let later = history(vec![incident(100, Some(150), "Claude API")]);
    assert_eq!(positions(&[136, 300], &[open, later], "anthropic"), ["inside", "outside"]);
}

#[test]
fn a_part_in_trouble_is_no_green_page() {
    let part =
        Component { id: clean("c1"), name: clean("Claude API"), state: clean("major_outage"), operational: false };
    let page = Snapshot { components: vec![part], ..green(100, "Claude") };
    assert_eq!(positions(&[100, 120], &[page], "anthropic"), ["inside", "unknown"]);
}

#[test]
fn what_the_user_saw_counts_at_its_time() {
    let look = |saw, at_ms| Overlap::of(&[100 * MIN], &[], Some(Look { saw, at_ms }), Some("anthropic"), false);
    let near = look(Verdict::Green, Some(105 * MIN));
    assert_eq!((near.count(Position::Outside), near.verdict, near.supplied), (1, Verdict::Green, true));
    // without a time it is the user's word, and no failure's
    let undated = look(Verdict::Green, None);
    assert_eq!((undated.count(Position::Unknown), undated.verdict, undated.supplied), (1, Verdict::Green, true));
    assert!(look(Verdict::Incident, Some(100 * MIN)).is_incident());
}

#[test]
fn nothing_is_known_without_a_page() {
    let none = Overlap::of(
        &[100 * MIN],
        &[Snapshot { unreadable: Some("it is empty"), ..Snapshot::default() }],
        None,
        Some("anthropic"),
        false,
    );
    assert_eq!((none.verdict, none.count(Position::Unknown), none.snapshot), (Verdict::Unknown, 1, None));
}

//! A lane: the attempts of a call, the waits between them, and the times inside their ids.

use super::super::axis::Axis;
use super::super::svg::Canvas;
use super::{Clock, LANE, Lane, MOST_ATTEMPTS, Placed, RIGHT, WIDTH, ms, word};
use crate::packet::Packet;
use crate::packet::duration;

pub fn draw_lane(canvas: &mut Canvas, lane: &Lane<'_>, axis: &Axis, clock: Clock, y: f64) {
    canvas.line((8.0, y + LANE / 2.0), (WIDTH - 8.0, y + LANE / 2.0), "grid");
    canvas.link(8.0, y + 4.0, "lane", &lane.target, &lane.name);
    if lane.joined {
        let pairs = lane.attempts.iter().zip(lane.attempts.iter().skip(1).map(Some).chain([None]));
        pairs.for_each(|(attempt, next)| draw_wait(canvas, attempt, next, axis, clock, y));
    }
    let mut free = 0.0;
    for attempt in &lane.attempts {
        let Some((at, end)) = attempt.at.zip(attempt.end()) else { continue };
        // without times an attempt is no longer than another
        let (from, to) = (axis.x(at), if clock == Clock::Order { axis.x(at) } else { axis.x(end) });
        if to - from >= 1.0 {
            canvas.rect(from, y - 4.0, to - from, 8.0, &format!("bar {}", attempt.sign.told().0));
        }
        canvas.sign(attempt.sign.told().0, to, y, &attempt.told());
        let status = word(attempt.row, attempt.sign);
        let half = status.chars().count() as f64 * 3.3;
        if to - half >= free && to + half < RIGHT + 12.0 {
            canvas.text(to, y - 9.0, "status m", &status);
            free = to + half + 3.0;
        }
    }
    canvas.text(RIGHT + 16.0, y + 4.0, "status", &all_words(lane));
}

/// The wait after an attempt, and how long the server asked to wait.
fn draw_wait(canvas: &mut Canvas, attempt: &Placed<'_>, next: Option<&Placed<'_>>, axis: &Axis, clock: Clock, y: f64) {
    let Some(end) = attempt.end() else { return };
    let from = axis.x(if clock == Clock::Order { attempt.at.unwrap_or(end) } else { end });
    if let Some(to) = next.and_then(|n| n.at).map(|at| axis.x(at)).filter(|to| *to > from) {
        canvas.line((from, y), (to, y), "wait");
        let waited = attempt.row.wait_ms.and_then(|ms| i64::try_from(ms).ok()).map(duration);
        if let Some(waited) =
            waited.filter(|w| to - from > w.len() as f64 * 6.0 + 16.0 && attempt.row.retry_after_s.is_none())
        {
            canvas.text(from.midpoint(to), y + 13.0, "wait-for m", &waited);
        }
    }
    if let Some(asked) = attempt.row.retry_after_s.filter(|s| *s >= 0.0 && clock != Clock::Order) {
        let until = end.saturating_add((asked * 1000.0) as i64);
        let to = axis.x(until);
        canvas.line((from, y + 8.0), (to, y + 8.0), "asked");
        canvas.line((to, y + 5.0), (to, y + 11.0), "asked");
        let more = if axis.shows(until) { "" } else { " →" };
        canvas.text(
            from + 2.0,
            y + 18.0,
            "wait-for",
            &format!("retry-after {}{more}", duration((asked * 1000.0) as i64)),
        );
    }
}

/// What came back, in order; equal answers in a row are counted, and all equal ones where calls share a lane.
fn all_words(lane: &Lane<'_>) -> String {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for word in lane.attempts.iter().map(|a| word(a.row, a.sign)) {
        let known = if lane.joined {
            runs.last_mut().filter(|(last, _)| *last == word)
        } else {
            runs.iter_mut().find(|(known, _)| *known == word)
        };
        match known {
            Some((_, n)) => *n += 1,
            None => runs.push((word, 1)),
        }
    }
    let told = |(word, n): &(String, usize)| if *n > 1 { format!("{word} ×{n}") } else { word.clone() };
    let text = runs.iter().map(told).collect::<Vec<_>>().join(if lane.joined { " → " } else { ", " });
    if text.chars().count() <= 28 { text } else { format!("{}…", text.chars().take(27).collect::<String>()) }
}

/// The times inside request ids, under their attempts.
pub fn draw_id_times(canvas: &mut Canvas, packet: &Packet, lanes: &[Lane<'_>], axis: &Axis, top: f64) {
    for id in packet.identifiers.iter().take(MOST_ATTEMPTS) {
        let Some(at) = id.id_time.as_deref().and_then(ms).filter(|at| axis.shows(*at)) else { continue };
        let target = format!("call-{}", id.call);
        if let Some(n) =
            lanes.iter().position(|lane| lane.target == target && lane.attempts.iter().any(|a| a.row.n == id.attempt))
        {
            let says = format!(
                "attempt {}: time inside {}: {}",
                id.attempt,
                id.value.as_str(),
                id.id_time.as_deref().unwrap_or_default()
            );
            canvas.sign("id-time", axis.x(at), top + LANE * (n as f64 + 0.5) + 9.0, &says);
        }
    }
}

//! The timeline: a lane a call, its attempts and waits on one axis of time, beside what the status page says.
//!
//! Colour never tells anything alone: each kind of answer has a sign of its own, its status stands above it
//! where there is room, and the end of the lane repeats all of them in order.

mod lane;

use super::axis::Axis;
use super::svg::Canvas;
use crate::literal::Timestamp;
use crate::packet::calls::{AttemptRow, CallRow};
use crate::packet::{Packet, duration};
use std::collections::BTreeSet;

/// More lanes than anybody follows, or a printed page holds; further calls share one.
const MOST_LANES: usize = 24;
/// More attempts than a drawing holds.
const MOST_ATTEMPTS: usize = 400;
/// Incidents that are drawn.
const MOST_INCIDENTS: usize = 3;
const WIDTH: f64 = 1040.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 850.0;
const LANE: f64 = 38.0;

/// The drawing and what must be said beside it.
#[derive(Debug, Default, serde::Serialize)]
pub struct Timeline {
    /// The drawing; empty where there is nothing to draw.
    pub svg: String,
    /// The signs in it: their name and what they mean.
    pub signs: Vec<(&'static str, &'static str)>,
    /// What is not in it, and why.
    pub notes: Vec<String>,
}

/// What came back, as it is drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Ok,
    Failed,
    Limited,
    Refused,
    Broken,
    Silent,
    Unknown,
}

impl Sign {
    fn of(attempt: &AttemptRow, call: &CallRow) -> Self {
        match attempt.branch {
            "none" if attempt.status.is_some() => Sign::Ok,
            "none" if matches!(call.outcome, "ok" | "recovered") && attempt.n == call.attempts.len() => Sign::Ok,
            "none" => Sign::Unknown,
            "rate_limited" => Sign::Limited,
            "stream_error" => Sign::Broken,
            "server_error" | "overloaded" | "unavailable" => Sign::Failed,
            _ if attempt.status.is_none() => Sign::Silent,
            "timeout" => Sign::Failed,
            _ => Sign::Refused,
        }
    }

    fn told(self) -> (&'static str, &'static str) {
        match self {
            Sign::Ok => ("ok", "succeeded"),
            Sign::Failed => ("failed", "the server failed"),
            Sign::Limited => ("limited", "rate limited"),
            Sign::Refused => ("refused", "the request was refused"),
            Sign::Broken => ("broken", "broke off after a 200"),
            Sign::Silent => ("silent", "no answer"),
            Sign::Unknown => ("unknown", "outcome not in the log"),
        }
    }
}

/// What an attempt came to, in a word.
fn word(attempt: &AttemptRow, sign: Sign) -> String {
    match (attempt.status, sign) {
        (Some(status), Sign::Broken) => format!("{status} broke"),
        (Some(status), _) => status.to_string(),
        (None, Sign::Ok) => "ok".into(),
        (None, Sign::Unknown) => "?".into(),
        (None, _) => attempt.branch.rsplit('.').next().unwrap_or(attempt.branch).replace('_', " "),
    }
}

/// An attempt with its place in time.
struct Placed<'p> {
    row: &'p AttemptRow,
    sign: Sign,
    at: Option<i64>,
}

impl Placed<'_> {
    /// When the answer came, as far as the log tells.
    fn end(&self) -> Option<i64> {
        self.at.map(|at| at.saturating_add(self.row.elapsed_ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or(0)))
    }

    fn told(&self) -> String {
        let row = self.row;
        let mut parts = vec![format!("attempt {}: {}", row.n, self.sign.told().1)];
        parts.extend(row.status.map(|s| format!("status {s}")));
        parts.extend(row.error_type.as_ref().map(|t| t.as_str().to_owned()));
        parts.extend(row.at.clone().or_else(|| row.clock.clone()));
        parts.extend(row.elapsed_ms.map(|ms| format!("took {}", duration(i64::try_from(ms).unwrap_or(i64::MAX)))));
        parts.extend(row.request_id.as_ref().map(|id| id.as_str().to_owned()));
        parts.join(", ")
    }
}

/// The attempts that share a lane.
struct Lane<'p> {
    name: String,
    target: String,
    joined: bool,
    attempts: Vec<Placed<'p>>,
}

/// How moments are known.
#[derive(Clone, Copy, PartialEq)]
enum Clock {
    Time,
    TimeOfDay,
    Order,
}

impl Clock {
    fn of(packet: &Packet) -> Self {
        let any = |has: fn(&AttemptRow) -> bool| packet.calls.iter().flat_map(|c| &c.attempts).any(has);
        match (any(|a| a.at.is_some()), any(|a| a.clock.is_some())) {
            (true, _) => Clock::Time,
            (false, true) => Clock::TimeOfDay,
            _ => Clock::Order,
        }
    }

    fn at(self, row: &AttemptRow, order: i64) -> Option<i64> {
        match self {
            Clock::Time => row.at.as_deref().and_then(ms),
            Clock::TimeOfDay => row.clock.as_deref().and_then(|clock| ms(&format!("1970-01-01T{clock}Z"))),
            Clock::Order => Some(order * 1000),
        }
    }
}

/// Milliseconds since 1970 of a time that this program wrote.
pub fn ms(text: &str) -> Option<i64> {
    Timestamp::begins(text.as_bytes()).and_then(|(stamp, _)| stamp.utc_ms())
}

/// Draws the timeline of a packet.
#[must_use]
pub fn draw(packet: &Packet) -> Timeline {
    let clock = Clock::of(packet);
    let mut notes = Vec::new();
    let lanes = lanes(packet, clock, &mut notes);
    if lanes.is_empty() {
        return Timeline::default();
    }
    let axis = Axis::new(stretches(packet, &lanes, clock), LEFT, RIGHT);
    let mut canvas = Canvas::default();
    let bands = if clock == Clock::Time { packet.status.incidents.iter().take(MOST_INCIDENTS).count() } else { 0 };
    let seen = if clock == Clock::Time { packet.status.checked_at.value.as_deref().and_then(ms) } else { None };
    let top = 44.0 + 16.0 * (bands + usize::from(seen.is_some())) as f64;
    let bottom = top + LANE * lanes.len() as f64;
    draw_page(&mut canvas, packet, &axis, bands, seen, bottom);
    draw_axis(&mut canvas, &axis, clock, top, bottom);
    for (n, lane) in lanes.iter().enumerate() {
        lane::draw_lane(&mut canvas, lane, &axis, clock, top + LANE * (n as f64 + 0.5));
    }
    if clock == Clock::Time {
        lane::draw_id_times(&mut canvas, packet, &lanes, &axis, top);
    }
    let signs: BTreeSet<Sign> = lanes.iter().flat_map(|l| &l.attempts).map(|a| a.sign).collect();
    let name = "Attempts and waits of each call in order of time; the table of all calls has the same";
    Timeline {
        svg: canvas.finish(WIDTH, bottom + 8.0, name),
        signs: signs.into_iter().map(Sign::told).collect(),
        notes,
    }
}

/// A lane a call that did not succeed at once, one for those that are too many, and one for all that succeeded.
fn lanes<'p>(packet: &'p Packet, clock: Clock, notes: &mut Vec<String>) -> Vec<Lane<'p>> {
    let mut calls: Vec<&CallRow> = packet.calls.iter().collect();
    // what was retried says more on a lane of its own than what was sent once
    calls.sort_by_key(|c| (c.outcome == "ok" && c.attempts.len() < 2, c.attempts.len() < 2, c.id));
    let all: usize = calls.iter().map(|c| c.attempts.len()).sum();
    let (mut lanes, mut plain, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    let (mut drawn, mut untimed, mut order) = (0, 0, 0);
    let (mut missing_calls, mut sharing) = (0, 0);
    for call in calls {
        let simple = call.outcome == "ok" && call.attempts.len() < 2;
        if drawn >= MOST_ATTEMPTS {
            missing_calls += 1;
            continue;
        }
        let mut placed = Vec::new();
        for row in call.attempts.iter().take(MOST_ATTEMPTS - drawn) {
            let at = clock.at(row, order);
            (drawn, order) = (drawn + 1, order + 1);
            untimed += usize::from(at.is_none());
            placed.push(Placed { row, sign: Sign::of(row, call), at });
        }
        if simple {
            plain.append(&mut placed);
        } else if lanes.len() >= MOST_LANES {
            rest.append(&mut placed);
            sharing += 1;
        } else {
            lanes.push(Lane {
                name: format!("call {}", call.id),
                target: format!("call-{}", call.id),
                joined: true,
                attempts: placed,
            });
        }
    }
    lanes.sort_by_key(|lane| lane.attempts.iter().find_map(|a| a.at).unwrap_or(i64::MAX));
    if !rest.is_empty() {
        rest.sort_by_key(|a| a.at.unwrap_or(i64::MAX));
        let name = if sharing == 1 { "1 more call".into() } else { format!("{sharing} more calls") };
        lanes.push(Lane { name, target: "calls".into(), joined: false, attempts: rest });
    }
    if !plain.is_empty() {
        let name = if plain.len() == 1 { "1 success".into() } else { format!("{} successes", plain.len()) };
        lanes.push(Lane { name, target: "calls".into(), joined: false, attempts: plain });
    }
    if drawn < all {
        notes.push(format!("{drawn} of {all} attempts are drawn; {missing_calls} calls are left out."));
    }
    if packet.calls_left_out > 0 {
        notes.push(format!(
            "{} more calls are not in this packet; `casefile attempts` has them all.",
            packet.calls_left_out
        ));
    }
    if untimed > 0 {
        notes.push(format!("{untimed} attempts without a time are not on the axis; the end of their lane names them."));
    }
    match clock {
        Clock::Order => notes
            .push("The log has no times: attempts stand in the order of the log, and distances mean nothing.".into()),
        Clock::TimeOfDay => {
            notes.push("The log does not tell which day it was: times are those of the day, as printed.".into())
        }
        Clock::Time => {}
    }
    lanes
}

/// All that must be on the axis.
fn stretches(packet: &Packet, lanes: &[Lane<'_>], clock: Clock) -> Vec<(i64, i64)> {
    let mut all = Vec::new();
    for lane in lanes {
        let times = || lane.attempts.iter().filter_map(|a| a.at.zip(a.end()));
        if lane.joined {
            let first = times().map(|(at, _)| at).min();
            all.extend(first.zip(times().map(|(_, end)| end).max()));
        } else {
            all.extend(times());
        }
    }
    if clock == Clock::Time && !all.is_empty() {
        let incidents = packet.status.incidents.iter().take(MOST_INCIDENTS);
        let ends = incidents.flat_map(|i| [ms(&i.begin), i.end.as_deref().and_then(ms)]);
        let seen = packet.status.checked_at.value.as_deref().and_then(ms);
        all.extend(ends.chain([seen]).flatten().map(|at| (at, at)));
    }
    all
}

/// What the status page says: a band an incident, a line where somebody looked.
fn draw_page(canvas: &mut Canvas, packet: &Packet, axis: &Axis, bands: usize, seen: Option<i64>, bottom: f64) {
    for (n, incident) in packet.status.incidents.iter().take(bands).enumerate() {
        let y = 4.0 + 16.0 * n as f64;
        let from = ms(&incident.begin).map_or(LEFT, |at| axis.x(at));
        let to = incident.end.as_deref().and_then(ms).map_or(RIGHT, |at| axis.x(at));
        canvas.rect(from, y, (to - from).max(2.0), bottom - y, "band");
        let text =
            format!("incident: {}{}", incident.name.as_str(), if incident.end.is_none() { " (not over)" } else { "" });
        label(canvas, from, y + 11.0, "band-name", &text);
    }
    if let Some(at) = seen {
        let (x, y) = (axis.x(at), 4.0 + 16.0 * bands as f64);
        canvas.line((x, y), (x, bottom), "seen");
        label(canvas, x, y + 11.0, "band-name", &format!("status page seen: {}", packet.status.verdict));
    }
}

/// Text beside a line, on the side where it has room.
fn label(canvas: &mut Canvas, x: f64, y: f64, class: &str, text: &str) {
    let room = |width: f64| (width / 6.3).max(8.0) as usize;
    let (left, right) = (x - LEFT, WIDTH - x);
    let most = room(left.max(right));
    let cut: String = text.chars().take(most).collect();
    let cut = if cut.len() < text.len() { format!("{}…", cut.trim_end()) } else { cut };
    if room(right) >= cut.chars().count() || right >= left {
        canvas.text(x + 4.0, y, class, &cut);
    } else {
        canvas.text(x - 4.0, y, &format!("{class} e"), &cut);
    }
}

fn draw_axis(canvas: &mut Canvas, axis: &Axis, clock: Clock, top: f64, bottom: f64) {
    let name = match clock {
        Clock::Time => "UTC",
        Clock::TimeOfDay => "time of day",
        Clock::Order => "order",
    };
    canvas.text(8.0, top - 12.0, "axis", name);
    canvas.text(RIGHT + 16.0, top - 12.0, "axis", "what came back");
    for segment in &axis.segments {
        canvas.line((segment.x, top - 4.0), (segment.x + segment.width, top - 4.0), "base");
    }
    for (x, silence) in axis.cuts() {
        canvas.rect(x - 15.0, top - 4.0, 30.0, bottom - top + 4.0, "cut");
        canvas.text(x, top - 24.0, "axis m", &duration(silence));
        canvas.text(x, top - 1.0, "axis m", "//");
    }
    for tick in axis.ticks().iter().filter(|_| clock != Clock::Order) {
        canvas.line((tick.x, top - 8.0), (tick.x, bottom), "grid");
        canvas.text(tick.x, top - 12.0, "axis m", &tick.time);
        if let Some(day) = tick.day.as_deref().filter(|_| clock == Clock::Time) {
            canvas.text(tick.x, top - 24.0, "axis m", day);
        }
    }
}

//! Failures over time: a bar an hour, or a day where there are too many hours.

use super::svg::Canvas;
use super::timeline::ms;
use crate::literal::Timestamp;
use crate::packet::Packet;
use std::collections::BTreeMap;

const HOUR: i64 = 3_600_000;
/// More bars than a drawing holds.
const MOST: usize = 72;
const WIDTH: f64 = 1040.0;
const LEFT: f64 = 52.0;
const HEIGHT: f64 = 96.0;
const TOP: f64 = 22.0;

/// The drawing and what must be said beside it.
#[derive(Debug, Default, serde::Serialize)]
pub struct Hours {
    /// The drawing; empty where everything happened in one hour.
    pub svg: String,
    /// `hour` or `day`.
    pub unit: &'static str,
    /// What is not in it.
    pub note: Option<String>,
}

/// Draws the failures of a packet over time.
#[must_use]
pub fn draw(packet: &Packet) -> Hours {
    let hours: Vec<(i64, usize, usize)> =
        packet.impact.per_hour.iter().filter_map(|(at, rate)| Some((ms(at)?, rate.attempts, rate.failed))).collect();
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else { return Hours::default() };
    if hours.len() < 2 {
        return Hours::default();
    }
    let long = last.0.saturating_sub(first.0) / HOUR >= MOST as i64;
    let (unit, step) = if long { ("day", 24 * HOUR) } else { ("hour", HOUR) };
    let mut bars: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for (at, attempts, failed) in hours {
        let bar = bars.entry(at.div_euclid(step)).or_default();
        *bar = (bar.0 + attempts, bar.1 + failed);
    }
    let end = bars.last_key_value().map_or(0, |(at, _)| *at);
    let begin = bars.first_key_value().map_or(0, |(at, _)| *at).max(end - MOST as i64 + 1);
    let before: usize = bars.range(..begin).map(|(_, bar)| bar.0).sum();
    let note = (before > 0).then(|| format!("{before} earlier attempts are not drawn."));
    Hours { svg: bars_of(&bars, begin, end, step, unit), unit, note }
}

fn bars_of(bars: &BTreeMap<i64, (usize, usize)>, begin: i64, end: i64, step: i64, unit: &str) -> String {
    let mut canvas = Canvas::default();
    let most = bars.range(begin..).map(|(_, bar)| bar.0).max().unwrap_or(1).max(1) as f64;
    let slot = ((WIDTH - LEFT - 8.0) / (end - begin + 1) as f64).min(96.0);
    let base = TOP + HEIGHT;
    canvas.text(LEFT - 8.0, TOP + 4.0, "axis e", &most.to_string());
    canvas.text(LEFT - 8.0, base, "axis e", "0");
    canvas.line((LEFT, TOP), (WIDTH - 8.0, TOP), "grid");
    canvas.line((LEFT, base), (WIDTH - 8.0, base), "base");
    let every = (64.0 / slot).ceil().max(1.0) as i64;
    let mut today = String::new();
    for at in begin..=end {
        let x = LEFT + (at - begin) as f64 * slot;
        let told = Timestamp::rfc3339(at.saturating_mul(step));
        let day = told.get(..10).unwrap_or_default();
        if (at - begin) % every == 0 {
            let time = if unit == "day" { day.get(5..) } else { told.get(11..16) };
            canvas.text(x + slot / 2.0, base + 14.0, "axis m", time.unwrap_or_default());
            if today != day && unit == "hour" {
                canvas.text(x + slot / 2.0, base + 27.0, "axis m", day);
                today = day.to_owned();
            }
        }
        let Some((attempts, failed)) = bars.get(&at).copied() else { continue };
        let (all, bad) = (attempts as f64 / most * HEIGHT, failed as f64 / most * HEIGHT);
        let (left, width) = (x + slot * 0.12, slot * 0.76);
        canvas.rect(left, base - all, width, all, "bar ok");
        canvas.rect(left, base - bad, width, bad, "solid failed");
        if slot >= 34.0 {
            canvas.text(x + slot / 2.0, base - all - 4.0, "status m", &format!("{failed}/{attempts}"));
        }
    }
    canvas.finish(WIDTH, base + 34.0, &format!("Failed attempts among all, a bar each {unit}"))
}

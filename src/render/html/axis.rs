//! The axis of time: one scale for everything, with long silences cut out and marked.
//!
//! Failures come in bursts. Three calls within a minute and one an hour later would be two dots on an even
//! axis; where silences stand out from everything else, they are cut, and their length is written there.

use crate::literal::Timestamp;

/// Width of a cut.
const CUT: f64 = 34.0;
/// Room around what happens between two cuts.
const ROOM: f64 = 64.0;
/// More cuts are harder to read than an even axis.
const MOST_CUTS: usize = 9;
/// A silence stands out that is so many times longer than what is next to it in length.
const STANDS_OUT: f64 = 3.0;
/// Room for a time under a tick.
const TICK: f64 = 78.0;

/// Steps between ticks in milliseconds.
const STEPS: &[i64] = &[
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1000,
    2000,
    5000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
];

/// A stretch of time and where it is drawn.
#[derive(Debug)]
pub struct Segment {
    from: i64,
    to: i64,
    /// Where it begins.
    pub x: f64,
    /// How wide it is.
    pub width: f64,
}

/// The axis.
#[derive(Debug)]
pub struct Axis {
    /// In order, none of them touching the next.
    pub segments: Vec<Segment>,
    scale: f64,
}

/// A mark on the axis.
pub struct Tick {
    /// Where.
    pub x: f64,
    /// Its day, where that is not the day of the tick before.
    pub day: Option<String>,
    /// Its time of day.
    pub time: String,
}

impl Axis {
    /// An axis from `left` to `right` on which all `stretches` (begin and end in milliseconds) can be seen.
    #[must_use]
    pub fn new(mut stretches: Vec<(i64, i64)>, left: f64, right: f64) -> Self {
        stretches.sort_unstable();
        let mut busy: Vec<(i64, i64)> = Vec::new();
        for (from, to) in stretches {
            match busy.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => busy.push((from, to.max(from))),
            }
        }
        let least = shortest_cut(&busy);
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for (from, to) in busy {
            match spans.last_mut() {
                Some(last) if least.is_none_or(|least| from.saturating_sub(last.1) < least) => last.1 = to,
                _ => spans.push((from, to)),
            }
        }
        let fixed = ROOM * spans.len() as f64 + CUT * spans.len().saturating_sub(1) as f64;
        let time: f64 = spans.iter().map(|(from, to)| to.saturating_sub(*from) as f64).sum();
        let free = (right - left - fixed).max(0.0);
        let scale = if time > 0.0 { free / time } else { 0.0 };
        // without any length to draw, all stretches share the width
        let extra = if time > 0.0 { 0.0 } else { free / spans.len().max(1) as f64 };
        let mut x = left;
        let mut segments = Vec::new();
        for (from, to) in spans {
            let width = ROOM + extra + to.saturating_sub(from) as f64 * scale;
            segments.push(Segment { from, to, x, width });
            x += width + CUT;
        }
        Self { segments, scale }
    }

    /// Where a moment is drawn; within a cut in proportion, outside of everything at the border.
    #[must_use]
    pub fn x(&self, ms: i64) -> f64 {
        let mut before: Option<&Segment> = None;
        for segment in &self.segments {
            if ms < segment.from {
                let Some(before) = before else { return segment.x };
                let part = ms.saturating_sub(before.to) as f64 / segment.from.saturating_sub(before.to).max(1) as f64;
                let end = before.x + before.width;
                return end + (segment.x - end) * part.clamp(0.0, 1.0);
            }
            if ms <= segment.to {
                let inner = segment.width - segment.to.saturating_sub(segment.from) as f64 * self.scale;
                return segment.x + inner / 2.0 + ms.saturating_sub(segment.from) as f64 * self.scale;
            }
            before = Some(segment);
        }
        before.map_or(0.0, |last| last.x + last.width)
    }

    /// The length of each cut, and its middle.
    pub fn cuts(&self) -> impl Iterator<Item = (f64, i64)> {
        let pairs = self.segments.iter().zip(self.segments.iter().skip(1));
        pairs.map(|(a, b)| ((a.x + a.width).midpoint(b.x), b.from.saturating_sub(a.to)))
    }

    /// Whether a moment lies between the first and the last that are drawn.
    #[must_use]
    pub fn shows(&self, ms: i64) -> bool {
        self.segments.first().is_some_and(|s| ms >= s.from) && self.segments.last().is_some_and(|s| ms <= s.to)
    }

    /// Marks with even times, as close as their texts allow.
    #[must_use]
    pub fn ticks(&self) -> Vec<Tick> {
        let step = STEPS.iter().copied().find(|step| *step as f64 * self.scale >= TICK).unwrap_or(2_592_000_000);
        let mut ticks: Vec<Tick> = Vec::new();
        let mut today = String::new();
        for segment in &self.segments {
            let first =
                segment.from.div_euclid(step).saturating_add(i64::from(segment.from.rem_euclid(step) != 0)) * step;
            let mut even: Vec<i64> = (0..64).map(|n| first.saturating_add(step.saturating_mul(n))).collect();
            even.retain(|t| *t <= segment.to && self.scale > 0.0);
            // where a stretch holds no even time, its beginning is told
            let exact = even.is_empty();
            if exact {
                even.push(segment.from);
            }
            for ms in even {
                let told = Timestamp::rfc3339(ms);
                let (day, time) = (told.get(..10).unwrap_or_default(), told.get(11..23).unwrap_or_default());
                let digits = if exact || step >= 1000 { 8 } else { 12 };
                let day = (day != today).then(|| day.to_owned());
                today = day.clone().unwrap_or(today);
                ticks.push(Tick { x: self.x(ms), day, time: time.get(..digits).unwrap_or(time).to_owned() });
            }
        }
        ticks
    }
}

/// The shortest silence worth a cut: the one after which lengths drop the most, if they drop far.
fn shortest_cut(busy: &[(i64, i64)]) -> Option<i64> {
    let mut gaps: Vec<i64> = busy.iter().zip(busy.iter().skip(1)).map(|(a, b)| b.0.saturating_sub(a.1)).collect();
    gaps.sort_unstable_by(|a, b| b.cmp(a));
    let longest = busy.iter().map(|(from, to)| to.saturating_sub(*from)).max().unwrap_or(0);
    let drop = |(n, gap): (usize, &i64)| {
        let next = gaps.get(n + 1).copied().unwrap_or(0).max(longest);
        let ratio = if next > 0 { *gap as f64 / next as f64 } else { 0.0 };
        (ratio >= STANDS_OUT).then_some((ratio, *gap))
    };
    let found = gaps.iter().enumerate().take(MOST_CUTS).filter_map(drop).max_by(|a, b| a.0.total_cmp(&b.0));
    found.map(|(_, gap)| gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silences_that_stand_out_are_cut() {
        let bursts = vec![(0, 2000), (3_600_000, 3_602_000), (3_600_500, 3_603_000)];
        let axis = Axis::new(bursts, 0.0, 1000.0);
        assert_eq!(axis.segments.len(), 2);
        assert_eq!(axis.cuts().map(|(_, ms)| ms).collect::<Vec<_>>(), [3_598_000]);
        assert!(axis.x(0) < axis.x(2000) && axis.x(2000) < axis.x(1_800_000) && axis.x(1_800_000) < axis.x(3_600_000));
        assert!(axis.x(i64::MAX) <= 1000.5 && axis.x(i64::MIN) >= 0.0);
    }

    #[test]
    fn even_distances_are_not_cut() {
        let axis = Axis::new((0..9).map(|n| (n * 1000, n * 1000)).collect(), 0.0, 1000.0);
        assert_eq!(axis.segments.len(), 1);
        assert!(axis.ticks().len() > 3);
    }

    #[test]
    fn a_single_moment_has_an_axis() {
        let axis = Axis::new(vec![(5, 5)], 0.0, 1000.0);
        assert!((axis.x(5) - 500.0).abs() < 1.0 && axis.ticks().len() == 1);
        assert!(Axis::new(Vec::new(), 0.0, 1.0).ticks().is_empty());
    }
}

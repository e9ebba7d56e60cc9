//! The views of several sources become one: what two logs tell of the same attempt.

use super::clock::{Assumptions, Clock, Sample};
use super::cut::Source;
use super::draft::{Draft, Moment};
use super::drafts::Drafts;
use super::fit::{compatible, paths_agree};
use crate::idclock;
use crate::model::{AtBasis, Clean, Layer, LinkKind};
use std::collections::HashMap;

/// Clocks of two machines may differ by so many milliseconds, and a time still tell the same attempt.
const CLOCKS_DIFFER: i64 = 2_000;
/// Among so many neighbours in time a match must be the only one.
const MAX_RIVALS: usize = 64;

/// Merges drafts that name the same request.
pub(super) fn by_request(drafts: &mut Drafts) {
    let mut known: HashMap<String, usize> = HashMap::new();
    for index in 0..drafts.all.len() {
        let Some(id) =
            drafts.all.get(index).filter(|d| d.merged_into.is_none()).and_then(|d| d.seen.request_id.clone())
        else {
            continue;
        };
        match known.get(id.as_str()).map(|i| drafts.resolve(*i)) {
            Some(other) if other != index => {
                let into = nearest(other, index, drafts);
                drafts.merge(into, if into == other { index } else { other });
                known.insert(id.as_str().to_owned(), into);
            }
            Some(_) => {}
            None => {
                known.insert(id.as_str().to_owned(), index);
            }
        }
    }
}

/// Of two drafts the one whose log is nearer to the provider; else the earlier.
fn nearest(a: usize, b: usize, drafts: &Drafts) -> usize {
    let layer = |i: usize| drafts.get(i).map(Draft::layer_of);
    if layer(b) > layer(a) { b } else { a }
}

/// Joins what a client got through a gateway with what the gateway did for it: the attempts behind the
/// gateway are of one call, and the client's response was made of the last of them.
pub(super) fn by_gateway(drafts: &mut Drafts) {
    let mut behind: HashMap<String, Vec<usize>> = HashMap::new();
    let mut before: Vec<(usize, String)> = Vec::new();
    for (index, draft) in drafts.all.iter().enumerate().filter(|(_, d)| d.merged_into.is_none()) {
        for link in draft.links.iter().filter(|l| l.kind == LinkKind::Gateway) {
            if draft.layer_of() == Layer::Gateway {
                behind.entry(link.value.as_str().to_owned()).or_default().push(index);
            } else {
                before.push((index, link.value.as_str().to_owned()));
            }
        }
    }
    for attempts in behind.values() {
        for pair in attempts.windows(2) {
            drafts.joins.add(pair[0], pair[1], LinkKind::Gateway.reason(), true);
        }
    }
    for (client, id) in before {
        if let Some(last) = behind.get(&id).and_then(|attempts| attempts.last()) {
            drafts.merge(*last, client);
        }
    }
}

/// The clocks of all lanes, as far as the logs tell.
pub(super) fn clocks(drafts: &Drafts, sources: &[Source], assumed: &Assumptions) -> Vec<Clock> {
    let stale = |moment: &Moment| moment.inherited && moment.time.offset_min.is_some();
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); sources.len()];
    let mut from_ids = samples.clone();
    let mut made_up = false;
    for draft in drafts.all.iter().filter(|d| d.merged_into.is_none()) {
        let Some(moment) = draft.ended.or(draft.noted) else { continue };
        let sample = |utc_ms| Sample { order: moment.order, local: moment.time, stale: stale(&moment), utc_ms };
        if let Some(utc) = draft.seen.server_ms {
            push(&mut samples, moment.lane, sample(utc));
        }
        if let Some(id) = &draft.seen.request_id {
            match idclock::time(id.as_str()) {
                Some(time) => push(&mut from_ids, moment.lane, sample(time.ms)),
                None => made_up |= idclock::is_made_up(id.as_str()),
            }
        }
    }
    let mut clocks: Vec<Clock> = sources.iter().map(|source| Clock::in_zone(source.zone_min)).collect();
    clocks.iter_mut().zip(samples).for_each(|(clock, samples)| clock.learn(samples));
    for (clock, ids) in clocks.iter_mut().zip(from_ids) {
        // ids of test servers are random: they must all tell the same
        if !made_up && !clock.knows() && Clock::agree(&ids) {
            clock.learn(ids);
        }
    }
    let mut elsewhere: Vec<Vec<Sample>> = vec![Vec::new(); sources.len()];
    for draft in drafts.all.iter().filter(|d| d.merged_into.is_none()) {
        let moments: Vec<Moment> = draft.noted.into_iter().chain(draft.elsewhere.iter().copied()).collect();
        for moment in &moments {
            let other = moments.iter().filter(|m| m.lane != moment.lane).find_map(|m| absolute(m, &clocks, assumed));
            if let Some(utc_ms) = other {
                push(
                    &mut elsewhere,
                    moment.lane,
                    Sample { order: moment.order, local: moment.time, stale: stale(moment), utc_ms },
                );
            }
        }
    }
    for (clock, samples) in clocks.iter_mut().zip(elsewhere) {
        if !clock.knows() && !samples.is_empty() {
            clock.learn(samples);
        }
    }
    clocks
}

fn push(samples: &mut [Vec<Sample>], lane: usize, sample: Sample) {
    if let Some(of_lane) = samples.get_mut(lane) {
        of_lane.push(sample);
    }
}

/// A moment in UTC, if nothing about it is assumed.
fn absolute(moment: &Moment, clocks: &[Clock], assumed: &Assumptions) -> Option<i64> {
    let (utc, basis) = clocks.get(moment.lane)?.utc(moment, assumed)?;
    (basis < AtBasis::Assumed).then_some(utc)
}

/// Chooses attempts.
type Which<'a> = &'a dyn Fn(&Draft) -> bool;

/// Merges what several programs logged of one attempt where none names the other: proxies among themselves, then
/// a client with what is behind it, then a proxy with the gateway behind it.
pub(super) fn by_time(drafts: &mut Drafts, clocks: &[Clock], assumed: &Assumptions) {
    let is_proxy = |d: &Draft| d.layer_of() == Layer::Proxy && d.layers.iter().all(|v| v.layer == Layer::Proxy);
    let passes: [[Which<'_>; 2]; 3] = [
        [&is_proxy, &is_proxy],
        [&|d| d.layer_of() != Layer::Client, &|d| d.layer_of() == Layer::Client],
        [&|d| d.layer_of() == Layer::Gateway, &is_proxy],
    ];
    for [inner, outer] in passes {
        let windows = |which: Which<'_>| {
            let chosen = drafts.all.iter().enumerate().filter(|(_, d)| which(d));
            let mut found: Vec<Window> = chosen.filter_map(|(i, d)| Window::of(i, d, clocks, assumed)).collect();
            found.sort_by_key(|w| w.end);
            found
        };
        for (inner, outer) in pairs(&windows(inner), &windows(outer), drafts) {
            drafts.merge(inner, outer);
            drafts.joins.add(inner, outer, "time, path and status", true);
        }
    }
}

/// Pairs with the same path and status, the response of one within the time of the other, and no other that would
/// fit as well.
fn pairs(inner: &[Window], outer: &[Window], drafts: &Drafts) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (i, window) in outer.iter().enumerate() {
        let mut near =
            within(inner, window.begin - CLOCKS_DIFFER, window.end + CLOCKS_DIFFER).filter(|w| window.fits(w, drafts));
        let (Some(only), None) = (near.next(), near.next()) else { continue };
        // the other way round, too
        let rival = |w: &Window| {
            w.index != window.index
                && (w.begin - CLOCKS_DIFFER..=w.end + CLOCKS_DIFFER).contains(&only.end)
                && w.fits(only, drafts)
        };
        let around = outer.get(i.saturating_sub(MAX_RIVALS)..(i + MAX_RIVALS).min(outer.len())).unwrap_or_default();
        if !around.iter().any(rival) {
            pairs.push((only.index, window.index));
        }
    }
    pairs
}

/// An attempt on the axis of time.
struct Window {
    index: usize,
    begin: i64,
    end: i64,
}

impl Window {
    fn of(index: usize, draft: &Draft, clocks: &[Clock], assumed: &Assumptions) -> Option<Self> {
        let (status, endpoint) = shown(draft);
        if draft.merged_into.is_some() || status.is_none() || endpoint.is_none() {
            return None;
        }
        let end = draft.ended.or(draft.noted).and_then(|m| absolute(&m, clocks, assumed))?;
        let begin = draft.begun.and_then(|m| absolute(&m, clocks, assumed));
        let begin = begin.unwrap_or(end - draft.seen.elapsed_ms.unwrap_or(0) as i64);
        Some(Self { index, begin, end })
    }

    /// Whether two can be one attempt, seen by different programs.
    fn fits(&self, other: &Window, drafts: &Drafts) -> bool {
        let Some((a, b)) = drafts.get(self.index).zip(drafts.get(other.index)) else { return false };
        let apart = a.from.iter().all(|p| b.from.iter().all(|q| p.input != q.input));
        let unnamed = a.seen.request_id.is_none() || b.seen.request_id.is_none();
        let ((status, path), (other_status, other_path)) = (shown(a), shown(b));
        let gateway = a.layer_of() == Layer::Gateway || b.layer_of() == Layer::Gateway;
        // behind a gateway model and address are others
        let alike = if gateway { paths_agree(path, other_path) } else { compatible(&a.seen, &b.seen) };
        apart && unnamed && status == other_status && alike
    }
}

/// The status and the path that a client saw.
fn shown(draft: &Draft) -> (Option<u16>, &Option<Clean>) {
    let outer = draft.outer.as_deref();
    let endpoint = outer.map(|o| &o.endpoint).filter(|e| e.is_some());
    (outer.and_then(|o| o.status).or(draft.seen.status), endpoint.unwrap_or(&draft.seen.endpoint))
}

/// Those that end in a stretch of time.
fn within(sorted: &[Window], from: i64, to: i64) -> impl Iterator<Item = &Window> {
    let start = sorted.partition_point(|w| w.end < from);
    sorted.get(start..).unwrap_or_default().iter().take_while(move |w| w.end <= to).take(MAX_RIVALS)
}

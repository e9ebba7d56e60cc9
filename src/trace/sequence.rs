//! A proxy's log without times beside another log of the same requests: what tells that they are the same is that
//! all of them are, in the same order.
//!
//! mitmdump prints no time with a flow, uvicorn none with a request. One line of such a log fits many attempts of
//! another log; the whole of it, with several statuses in it, hardly fits a log of other requests.

use super::draft::Draft;
use super::drafts::Drafts;
use super::fit::compatible;
use crate::model::Layer;
use std::collections::BTreeMap;

/// Fewer requests in a row may be the same by chance.
const LEAST: usize = 3;

/// Merges the requests of a proxy's log that has neither times nor ids with those of the one other log that tells
/// the same, one by one.
pub(super) fn merge(drafts: &mut Drafts) {
    let mut inputs: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, draft) in drafts.all.iter().enumerate().filter(|(_, d)| d.merged_into.is_none()) {
        if let Some(place) = draft.from.first() {
            inputs.entry(place.input).or_default().push(index);
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (input, bare) in inputs.iter().filter(|(_, requests)| is_bare(requests, drafts)) {
        let same = |other: &&Vec<usize>| !is_bare(other, drafts) && are_same(other, bare, drafts);
        let mut others = inputs.iter().filter(|(other, _)| *other != input).map(|(_, requests)| requests).filter(same);
        if let (Some(only), None) = (others.next(), others.next()) {
            pairs.extend(only.iter().copied().zip(bare.iter().copied()));
        }
    }
    for (known, bare) in pairs {
        drafts.merge(known, bare);
        drafts.joins.add(known, bare, "the same requests in the same order", true);
    }
}

/// Whether a log is a proxy's, with nothing in it that names a request or tells when it was.
fn is_bare(requests: &[usize], drafts: &Drafts) -> bool {
    let bare = |d: &Draft| {
        d.layers.iter().all(|view| view.layer == Layer::Proxy)
            && d.seen.request_id.is_none()
            && d.noted.is_none_or(|moment| moment.inherited)
    };
    requests.len() >= LEAST && requests.iter().all(|i| drafts.get(*i).is_some_and(bare))
}

fn are_same(known: &[usize], bare: &[usize], drafts: &Drafts) -> bool {
    let status = |i: &usize| drafts.get(*i).and_then(|d| d.seen.status);
    let several = bare.iter().any(|i| status(i) != bare.first().and_then(status));
    let alike = |(a, b): (&usize, &usize)| {
        drafts.get(*a).zip(drafts.get(*b)).is_some_and(|(a, b)| {
            let shown = a.seen.status.is_some() && a.seen.endpoint.is_some();
            shown && a.seen.status == b.seen.status && compatible(&a.seen, &b.seen)
        })
    };
    several && known.len() == bare.len() && known.iter().zip(bare).all(alike)
}

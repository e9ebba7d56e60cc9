//! Which attempts are one call: what their joins say, taken together.

use super::drafts::Drafts;
use std::collections::HashMap;

/// All drafts by call. Nearly all calls of a big log have one attempt, so that what is kept for each is a number.
#[derive(Debug)]
pub(super) struct Groups {
    /// The lowest draft of the group of each.
    root: Vec<usize>,
    /// Drafts that stand for themselves, those of a group together; groups by their lowest.
    members: Vec<usize>,
    /// Of groups by their lowest draft.
    why: HashMap<usize, Why>,
}

/// Why the attempts of a group are one call.
#[derive(Clone, Debug, Default)]
pub(super) struct Why {
    /// Each reason once.
    pub reasons: Vec<&'static str>,
    /// The one that may be wrong.
    pub doubt: Option<&'static str>,
}

/// The attempts of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<'g> {
    pub drafts: &'g [usize],
    /// Missing where nothing was joined.
    pub why: Option<&'g Why>,
}

impl Groups {
    pub fn of(drafts: &Drafts) -> Self {
        let mut root: Vec<usize> = (0..drafts.all.len()).collect();
        for join in drafts.joins.iter() {
            let (a, b) = (find(&mut root, drafts.resolve(join.a)), find(&mut root, drafts.resolve(join.b)));
            if let Some(slot) = root.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
        for i in 0..root.len() {
            find(&mut root, i);
        }
        let own = drafts.all.iter().enumerate().filter(|(_, draft)| draft.merged_into.is_none());
        let mut members: Vec<usize> = own.map(|(i, _)| i).collect();
        members.sort_by_key(|i| root.get(*i).copied());
        let mut why: HashMap<usize, Why> = HashMap::new();
        for join in drafts.joins.iter() {
            let why = why.entry(find(&mut root, drafts.resolve(join.a))).or_default();
            if !why.reasons.contains(&join.reason) {
                why.reasons.push(join.reason);
            }
            if !join.certain {
                why.doubt = Some(join.reason);
            }
        }
        Self { root, members, why }
    }

    pub fn iter(&self) -> impl Iterator<Item = Group<'_>> {
        let root = |i: &usize| self.root.get(*i).copied().unwrap_or(*i);
        let groups = self.members.chunk_by(move |a, b| root(a) == root(b));
        groups.map(move |drafts| Group { drafts, why: drafts.first().and_then(|i| self.why.get(&root(i))) })
    }
}

/// The root of a draft, which is remembered for all on the way to it.
fn find(root: &mut [usize], mut i: usize) -> usize {
    while let Some(&up) = root.get(i).filter(|up| **up != i) {
        let above = root.get(up).copied().unwrap_or(up);
        if let Some(slot) = root.get_mut(i) {
            *slot = above;
        }
        i = above;
    }
    i
}

//! Users by the order in which calls show them, without the numbers of users who made none.

use crate::model::{Call, User};
use std::collections::HashMap;

/// Numbers the users of calls from 1; those whom only a part of an attempt shows come last.
pub(super) fn number(calls: &mut [Call]) {
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    let mut renumber = |user: &mut User| {
        let next = numbers.len() as u32 + 1;
        user.number = *numbers.entry(user.number).or_insert(next);
    };
    for attempt in calls.iter_mut().flat_map(|call| &mut call.attempts) {
        attempt.seen.user.as_mut().into_iter().for_each(&mut renumber);
    }
    for part in calls.iter_mut().flat_map(|call| &mut call.attempts).flat_map(|attempt| &mut attempt.parts) {
        part.seen.user.as_mut().into_iter().for_each(&mut renumber);
    }
}

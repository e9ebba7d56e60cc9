//! The first pass: runs nets 1 to 4 over the streams of an input.

use super::bare::Bare;
use super::both::both;
use super::echo::Memory;
use super::edit::{Edit, settle};
use super::fold::Fold;
use super::net::Net;
use super::pem::Pem;
use super::scan::Scanner;
use super::{column, pii, tokens};
use crate::input::wrap::{Stream, Unwrapper};
use std::collections::HashMap;

/// What is known of an input's streams from one block to the next.
#[derive(Debug, Default)]
pub(crate) struct Find {
    unwrapper: Unwrapper,
    streams: HashMap<usize, Nets>,
}

/// The nets that have a state of their own in each stream.
#[derive(Debug, Default)]
struct Nets {
    scanner: Scanner,
    pem: Pem,
    bare: Bare,
    fold: Fold,
}

impl Find {
    /// Finds what must go in a block of whole lines; what is to be remembered of it is in the net's lessons,
    /// and those of the block before are in the memory. Gives the length of what was read: a record that is
    /// not whole yet must be presented again with more behind it.
    pub fn block(
        &mut self,
        block: &[u8],
        last: bool,
        net: &mut Net,
        memory: &mut Memory,
        edits: &mut Vec<Edit>,
    ) -> usize {
        let unwrapped = self.unwrapper.unwrap(block, last);
        let streams = &unwrapped.streams;
        let mut lessons = std::mem::take(&mut net.lessons);
        let mut beside = net.beside();
        let shapes = || {
            lessons.enter(memory);
            let found = streams.iter().map(|stream| shapes(stream, &mut beside)).collect::<Vec<_>>();
            (found, beside.lessons)
        };
        let names = || streams.iter().map(|stream| self.names(stream, net)).collect::<Vec<_>>();
        let ((shapes, learned), names) = both(block.len(), shapes, names);
        net.lessons.append(&learned);
        for ((stream, names), shapes) in streams.iter().zip(names).zip(shapes) {
            // of equals the later one names it: what only stands beside a name comes first
            let (mut found, shapes): (Vec<Edit>, Vec<Edit>) =
                shapes.into_iter().partition(|edit| edit.rule == net.builtin.beside);
            found.extend(names.into_iter().chain(shapes));
            self.lines(stream, net, &mut found);
            for edit in found {
                edit.through(&stream.view, |edit| edits.push(edit));
            }
        }
        if streams.iter().any(|stream| !stream.view.is_plain()) {
            around(block.get(..unwrapped.whole).unwrap_or_default(), net, edits);
        }
        if streams.len() > 1 {
            edits.sort_by_key(|e| e.span.start);
        }
        unwrapped.whole
    }

    /// Nets 1, 2 and 4: what names and places say.
    fn names(&mut self, stream: &Stream<'_>, net: &mut Net) -> Vec<Edit> {
        let mut found = Vec::new();
        let nets = self.streams.entry(stream.source).or_default();
        nets.scanner.scan(stream.view.text(), net, &mut found);
        column::find(stream.view.text(), net, &mut found);
        found
    }

    /// What is known by the lines around it.
    fn lines(&mut self, stream: &Stream<'_>, net: &mut Net, found: &mut Vec<Edit>) {
        let nets = self.streams.entry(stream.source).or_default();
        nets.pem.find(stream.view.text(), net, found);
        nets.bare.find(stream.view.text(), net, found);
        settle(found);
        if nets.fold.find(stream.view.text(), net, found) {
            settle(found);
        }
    }
}

/// Net 3: what its own shape says, which needs to know nothing of what came before.
fn shapes(stream: &Stream<'_>, net: &mut Net) -> Vec<Edit> {
    let mut found = Vec::new();
    pii::find(stream.view.text(), net, &mut found);
    tokens::find(stream.view.text(), net, &mut found);
    found
}

/// Takes the tokens in what wrappers put around the programs' own text.
fn around(block: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
    settle(edits);
    let mut tokens = Vec::new();
    tokens::find(block, net, &mut tokens);
    let known = edits.len();
    for token in tokens {
        let next = edits.get(..known).unwrap_or_default().partition_point(|edit| edit.span.end <= token.span.start);
        if edits.get(..known).and_then(|known| known.get(next)).is_none_or(|edit| token.span.end <= edit.span.start) {
            edits.push(token);
        }
    }
    settle(edits);
}

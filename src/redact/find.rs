//! The first pass: runs nets 1 to 4 over the streams of an input.

use super::bare::Bare;
use super::both::both;
use super::echo::Memory;
use super::edit::{Edit, What, settle};
use super::fold::Fold;
use super::net::Net;
use super::pem::Pem;
use super::scan::Scanner;
use super::{column, dump, pieces, pii, tokens};
use crate::input::wrap::{Stream, Unwrapper};
use crate::literal::Span;
use std::collections::HashMap;

/// A text that was taken is passed over from this length on.
const PASSED_OVER: usize = 128;
/// Shorter halves are not worth a thread.
const WORTH_HALVING: usize = 64 << 10;

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
        let names = || streams.iter().map(|stream| self.names(stream, net)).collect::<Vec<_>>();
        let ((), names) = both(block.len(), || lessons.enter(memory), names);
        let left: Vec<_> = streams.iter().zip(&names).map(|(stream, found)| left(stream, found)).collect();
        let mut beside = net.beside();
        let in_half = |half: usize, net: &mut Net| {
            streams.iter().zip(&left).map(|(stream, left)| shapes(stream, half, left, net)).collect::<Vec<_>>()
        };
        let (second, first) = both(block.len(), || in_half(1, &mut beside), || in_half(0, net));
        net.lessons.append(&beside.lessons);
        let shapes = first.into_iter().zip(second).map(|(first, second)| first.into_iter().chain(second));
        for ((stream, names), shapes) in streams.iter().zip(names).zip(shapes) {
            // of equals the later one names it: what only stands beside a name comes first
            let (mut found, mut shapes): (Vec<Edit>, Vec<Edit>) =
                shapes.partition(|edit| edit.rule == net.builtin.beside);
            append(&mut found, names);
            found.append(&mut shapes);
            self.lines(stream, net, &mut found);
            if stream.view.is_plain() {
                append(edits, found);
            } else {
                found.into_iter().for_each(|edit| edit.through(&stream.view, |edit| edits.push(edit)));
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
        dump::find(stream.view.text(), net, &mut found);
        found
    }

    /// What is known by the lines around it.
    fn lines(&mut self, stream: &Stream<'_>, net: &mut Net, found: &mut Vec<Edit>) {
        let nets = self.streams.entry(stream.source).or_default();
        nets.pem.find(stream.view.text(), net, found);
        nets.bare.find(stream.view.text(), net, found);
        settle(found);
        let folded = nets.fold.find(stream.view.text(), net, found);
        if pieces::find(stream.view.text(), net, found) || folded {
            settle(found);
        }
    }
}

/// Appends some edits, or moves them where there are none: on a line of nothing but credentials there are very many.
fn append(edits: &mut Vec<Edit>, mut more: Vec<Edit>) {
    if edits.is_empty() { *edits = more } else { edits.append(&mut more) }
}

/// The parts of a stream without the long texts that were taken: what goes as a whole need not be searched.
fn left(stream: &Stream<'_>, taken: &[Edit]) -> Vec<Span> {
    // a credential is searched again: its shape may name it better
    let texts = taken.iter().filter(|edit| !matches!(edit.what, What::Secret(_))).map(|edit| edit.span);
    let mut long: Vec<Span> = texts.filter(|span| span.len() >= PASSED_OVER).collect();
    long.sort_unstable_by_key(|span| span.start);
    let end = stream.view.text().len();
    let mut at = 0;
    let mut parts = Vec::with_capacity(long.len() + 1);
    for span in long.into_iter().chain([Span::new(end, end)]) {
        if span.start > at {
            parts.push(Span::new(at, span.start));
        }
        at = at.max(span.end);
    }
    parts
}

/// Net 3: what its own shape says, which needs to know nothing of what came before, in one half of a stream's parts.
fn shapes(stream: &Stream<'_>, half: usize, parts: &[Span], net: &mut Net) -> Vec<Edit> {
    let text = stream.view.text();
    let middle = middle(text);
    let [start, end] = if half == 0 { [0, middle] } else { [middle, text.len()] };
    let mut found = Vec::new();
    for part in parts.iter().filter(|part| part.start < end && start < part.end) {
        let part = Span::new(part.start.max(start), part.end.min(end));
        let from = found.len();
        pii::find(part.of(text), net, &mut found);
        tokens::find(part.of(text), net, &mut found);
        found.iter_mut().skip(from).for_each(|edit| *edit = edit.shifted(part.start));
    }
    found
}

/// Where the second half of a text begins, for two to work on it: at a line, and only if there is enough of it.
fn middle(text: &[u8]) -> usize {
    let half = text.len() / 2;
    let rest = text.get(half..).filter(|rest| rest.len() >= WORTH_HALVING).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(text.len(), |n| half + n + 1)
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

//! The first pass: runs nets 1 to 4 over the streams of an input.

use super::edit::{Edit, settle};
use super::net::Net;
use super::pem::Pem;
use super::scan::Scanner;
use super::bare::Bare;
use super::{pii, tokens};
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
}

impl Find {
    /// Finds what must go in a block of whole lines, and remembers it. Gives the length of what was read:
    /// a record that is not whole yet must be presented again with more behind it.
    pub fn block(&mut self, block: &[u8], last: bool, net: &mut Net, edits: &mut Vec<Edit>) -> usize {
        let unwrapped = self.unwrapper.unwrap(block, last);
        let mut found = Vec::new();
        let several = unwrapped.streams.len() > 1;
        for stream in &unwrapped.streams {
            self.stream(stream, net, &mut found);
            for edit in found.drain(..) {
                edit.through(&stream.view, |edit| edits.push(edit));
            }
        }
        if several {
            edits.sort_by_key(|e| e.span.start);
        }
        unwrapped.whole
    }

    fn stream(&mut self, stream: &Stream<'_>, net: &mut Net, found: &mut Vec<Edit>) {
        let nets = self.streams.entry(stream.source).or_default();
        let text = stream.view.text();
        nets.scanner.scan(text, net, found);
        pii::find(text, net, found);
        tokens::find(text, net, found);
        nets.pem.find(text, net, found);
        nets.bare.find(text, net, found);
        settle(found);
    }
}

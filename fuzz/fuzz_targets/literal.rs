//! Any bytes are walked over to their end, and every span lies in them.
#![no_main]

use casefile::literal::{Node, Reader, State};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut state = State::default();
    let mut reader = Reader::new(bytes, &mut state);
    let mut events = 0;
    while reader.next().is_some() {
        events += 1;
        assert!(events <= 4 * bytes.len() + 16, "the reader does not come forward");
    }
    if let Some((_, span)) = Node::read(bytes) {
        assert!(span.start <= span.end && span.end <= bytes.len());
    }
});

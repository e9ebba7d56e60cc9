//! How far a long run has come: on the standard error, where somebody looks at it, after a second.

use super::term;
use crate::input::Input;
use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Shorter runs show nothing.
const DELAY: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(100);

/// Counts what was read of all inputs.
pub struct Progress(Rc<RefCell<State>>);

struct State {
    started: Instant,
    shown: Option<Instant>,
    read: u64,
    /// Bytes on disk, all passes together; 0 where it is not known.
    total: u64,
    watched: bool,
}

impl Progress {
    /// Over inputs that are read so many times.
    pub fn over(inputs: &[Input], passes: u64) -> Self {
        let total = inputs.iter().map(Input::size).sum::<Option<u64>>().unwrap_or(0) * passes;
        Self(Rc::new(RefCell::new(State {
            started: Instant::now(),
            shown: None,
            read: 0,
            total,
            watched: term::is_watched(),
        })))
    }

    /// Counts what is read through it.
    pub fn watch(&mut self, reader: Box<dyn Read>) -> Box<dyn Read> {
        let watched = self.0.borrow().watched;
        if watched { Box::new(Watched { reader, state: Rc::clone(&self.0) }) } else { reader }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

struct Watched {
    reader: Box<dyn Read>,
    state: Rc<RefCell<State>>,
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(into)?;
        self.state.borrow_mut().add(n as u64);
        Ok(n)
    }
}

impl State {
    fn add(&mut self, bytes: u64) {
        self.read += bytes;
        let now = Instant::now();
        if now - self.started < DELAY || self.shown.is_some_and(|at| now - at < STEP) {
            return;
        }
        self.shown = Some(now);
        let part = match self.total {
            0 => String::new(),
            // what is read is text, what is on disk may be compressed
            total => format!(" {:>3} %", (self.read.min(total) * 100) / total),
        };
        let _ = write!(io::stderr(), "\rreading: {} MB{part}\x1b[K", self.read >> 20);
    }
}

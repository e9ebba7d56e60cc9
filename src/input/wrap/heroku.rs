//! `heroku logs`: `2026-11-21T06:41:19.123000+00:00 app[web.1]: the line`.

use super::aws_tail::time;
use super::{Wrapped, Wrapper};
use crate::literal::Span;

pub(super) struct Heroku;

impl Wrapper for Heroku {
    fn id(&self) -> &'static str {
        "heroku"
    }

    fn begins(&self, first: u8) -> bool {
        first == b'2'
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        let time = time(line)?;
        let rest = line.get(time.end + 1..)?;
        if !rest.starts_with(b"app[") && !rest.starts_with(b"heroku[") {
            return None;
        }
        let end = memchr::memmem::find(rest, b"]:")?;
        let source = rest.get(..=end)?;
        if source.contains(&b' ') {
            return None;
        }
        let blank = usize::from(rest.get(end + 2) == Some(&b' '));
        let payload = Span::new(time.end + 1 + end + 2 + blank, line.len());
        Some(Wrapped { source, payload, time: Some(time), ..Wrapped::default() })
    }
}

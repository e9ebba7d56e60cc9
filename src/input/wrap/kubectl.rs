//! `kubectl logs --prefix`: `[pod/name/container] text`.

use super::{Wrapped, Wrapper};
use crate::literal::Span;

pub(super) struct Kubectl;

impl Wrapper for Kubectl {
    fn id(&self) -> &'static str {
        "kubectl"
    }

    fn begins(&self, first: u8) -> bool {
        first == b'['
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        let rest = line.strip_prefix(b"[pod/")?;
        let end = memchr::memchr(b']', rest.get(..300.min(rest.len()))?)?;
        let source = rest.get(..end)?;
        if rest.get(end + 1) != Some(&b' ') && rest.len() > end + 1 {
            return None;
        }
        let payload = Span::new((5 + end + 2).min(line.len()), line.len());
        Some(Wrapped { source, payload, ..Wrapped::default() })
    }
}

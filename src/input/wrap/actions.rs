//! Times with seven or more digits before every line: GitHub Actions, `docker logs -t`, `kubectl logs
//! --timestamps`. Programs themselves print at most six.

use super::cri::rfc3339;
use super::{Wrapped, Wrapper};
use crate::literal::Span;

pub(super) struct Actions;

impl Wrapper for Actions {
    fn id(&self) -> &'static str {
        "timestamped"
    }

    fn begins(&self, first: u8) -> bool {
        first.is_ascii_alphanumeric() || first == 0xEF
    }

    fn unwrap<'l>(&self, line: &'l [u8]) -> Option<Wrapped<'l>> {
        // the file begins with a byte order mark
        let bom = if line.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let columns = job_columns(line.get(bom..)?);
        let start = bom + columns;
        let text = line.get(start..)?;
        if text.get(19) != Some(&b'.') || !text.get(20..27)?.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let end = rfc3339(text).or_else(|| (text.len() >= 28 && text.len() <= 36).then_some(text.len()))?;
        let source = line.get(bom..start)?;
        let payload = Span::new((start + end + 1).min(line.len()), line.len());
        Some(Wrapped { source, payload, time: Some(Span::new(start, start + end)), ..Wrapped::default() })
    }
}

/// `gh run view --log` puts the job and the step before the time, parted by tabs.
fn job_columns(line: &[u8]) -> usize {
    // most lines begin with a time of some kind
    if matches!(line, [b'0'..=b'9', b'0'..=b'9', _, _, b'-', _, _, b'-', ..]) {
        return 0;
    }
    let head = line.get(..256.min(line.len())).unwrap_or_default();
    let mut tabs = memchr::memchr_iter(b'\t', head);
    match (tabs.next(), tabs.next()) {
        (Some(_), Some(second)) if rfc3339(line.get(second + 1..).unwrap_or_default()).is_some() => second + 1,
        _ => 0,
    }
}

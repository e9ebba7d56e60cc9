//! Text as the program meant it, and the way back to where it stands in the log.

use super::span::Span;
use std::borrow::Cow;

/// Decoded text with a map to the raw text it came from.
///
/// Unwrapping a log line, undoing escapes and stripping prefixes all make views, so nesting is views
/// of views: the raw offsets of the inner one are offsets in the text of the outer one. One stretch
/// of decoded text may come from several raw stretches, for instance where a container runtime cut a
/// record in two.
#[derive(Clone, Debug, Default)]
pub struct View<'t> {
    text: Cow<'t, [u8]>,
    /// Sorted by `at`; empty where the text stands as it is.
    pieces: Vec<Piece>,
}

/// Decoded bytes from `at` to the next piece come from `raw..raw + raw_len`: byte for byte where the
/// lengths agree, as a whole where they do not.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: u32,
    raw: u32,
    raw_len: u32,
}

impl<'t> View<'t> {
    /// Text that stands in the log as it is.
    #[must_use]
    pub fn plain(text: &'t [u8]) -> Self {
        Self { text: Cow::Borrowed(text), pieces: Vec::new() }
    }

    /// An empty view to be filled with [`View::push`].
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { text: Cow::Owned(Vec::with_capacity(bytes)), pieces: Vec::new() }
    }

    /// Adds decoded bytes that come from `raw`. Offsets beyond 4 GiB are not representable: callers
    /// work on pieces of bounded size.
    pub fn push(&mut self, decoded: &[u8], raw: Span) {
        let at = self.text.len() as u32;
        let (raw_at, raw_len) = (raw.start as u32, raw.len() as u32);
        let same = decoded.len() == raw.len();
        match self.pieces.last_mut() {
            Some(last) if same && last.raw_len == at - last.at && last.raw + last.raw_len == raw_at => {
                last.raw_len += raw_len
            }
            _ => self.pieces.push(Piece { at, raw: raw_at, raw_len }),
        }
        self.text.to_mut().extend_from_slice(decoded);
    }

    /// The decoded text.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether it stands in the log as it is, so that offsets need no translation.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The raw stretches that make up a decoded span, in order, neighbours joined. An escape that the
    /// span touches belongs to it whole.
    pub fn raw(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        let mut stretches = self.stretches(span).map(|(_, raw)| raw).peekable();
        std::iter::from_fn(move || {
            let mut raw = stretches.next()?;
            while let Some(next) = stretches.next_if(|next| next.start == raw.end) {
                raw.end = next.end;
            }
            Some(raw)
        })
    }

    /// Only these spans of the text, one after another.
    #[must_use]
    pub fn keep(&self, spans: &[Span]) -> View<'static> {
        let mut kept = View::with_capacity(spans.iter().map(|s| s.len()).sum());
        for (decoded, raw) in spans.iter().flat_map(|span| self.stretches(*span)) {
            kept.push(decoded.of(&self.text), raw);
        }
        kept
    }

    /// The view that decodes the text of this one, with raw offsets that are those of this one.
    #[must_use]
    pub fn then(&self, inner: &View<'_>) -> View<'static> {
        let mut whole = View::with_capacity(inner.text.len());
        for (decoded, middle) in inner.stretches(Span::new(0, inner.text.len())) {
            if decoded.len() == middle.len() {
                for (part, raw) in self.stretches(middle) {
                    let start = decoded.start + part.start - middle.start;
                    whole.push(Span::new(start, start + part.len()).of(&inner.text), raw);
                }
            } else {
                let mut hull: Option<Span> = None;
                for raw in self.raw(middle) {
                    hull = Some(hull.map_or(raw, |h| Span::new(h.start, raw.end)));
                }
                whole.push(decoded.of(&inner.text), hull.unwrap_or_default());
            }
        }
        whole
    }

    /// Adds another view of the same raw text behind this one.
    pub fn append(&mut self, other: &View<'_>) {
        for (decoded, raw) in other.stretches(Span::new(0, other.text.len())) {
            self.push(decoded.of(&other.text), raw);
        }
    }

    /// The parts of a decoded span with the raw part of each; equally long where they correspond byte
    /// for byte.
    fn stretches(&self, span: Span) -> impl Iterator<Item = (Span, Span)> + '_ {
        let whole = self.pieces.is_empty().then_some((span, span));
        let first = self.pieces.partition_point(|p| p.at as usize <= span.start).saturating_sub(1);
        let pieces = self.pieces.get(first..).unwrap_or_default().iter().enumerate();
        let cut = pieces.map_while(move |(i, piece)| {
            let next = self.pieces.get(first + i + 1).map_or(self.text.len(), |p| p.at as usize);
            ((piece.at as usize) < span.end).then(|| piece.cut(next, span))
        });
        whole.into_iter().chain(cut.flatten())
    }
}

impl Piece {
    /// The part of this piece, which ends at `next` in the decoded text, under `span`, and its raw part.
    fn cut(&self, next: usize, span: Span) -> Option<(Span, Span)> {
        let (at, raw, raw_len) = (self.at as usize, self.raw as usize, self.raw_len as usize);
        let (start, end) = (span.start.max(at), span.end.min(next));
        if start >= end {
            return None;
        }
        let raw = if raw_len == next - at {
            Span::new(raw + start - at, raw + end - at)
        } else {
            Span::new(raw, raw + raw_len)
        };
        Some((Span::new(start, end), raw))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_makes_two_raw_spans() {
        let mut view = View::with_capacity(8);
        view.push(b"abc", Span::new(10, 13));
        view.push(b"def", Span::new(20, 23));
        assert_eq!(view.raw(Span::new(1, 5)).collect::<Vec<_>>(), [Span::new(11, 13), Span::new(20, 22)]);
        assert_eq!(view.raw(Span::new(3, 4)).collect::<Vec<_>>(), [Span::new(20, 21)]);
    }

    #[test]
    fn views_of_views_map_to_the_log() {
        let line = View::plain(br#"{"log":"a\\nb"}"#);
        let payload = line.keep(&[Span::new(8, 13)]);
        let once = payload.then(&crate::literal::unescape(payload.text(), crate::literal::Style::Text));
        assert_eq!(once.text(), br"a\nb");
        let twice = once.then(&crate::literal::unescape(once.text(), crate::literal::Style::Text));
        assert_eq!(twice.text(), b"a\nb");
        assert_eq!(twice.raw(Span::new(1, 2)).collect::<Vec<_>>(), [Span::new(9, 12)]);
    }

    #[test]
    fn plain_text_maps_to_itself() {
        assert_eq!(View::plain(b"abc").raw(Span::new(1, 2)).collect::<Vec<_>>(), [Span::new(1, 2)]);
    }
}

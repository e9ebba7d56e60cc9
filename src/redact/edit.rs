//! What is taken out of a text, and what stands in its place.

use super::rules::RuleId;
use crate::literal::{Span, View};

/// One span to be taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edit {
    pub span: Span,
    pub rule: RuleId,
    pub what: What,
    /// Quotes to put around the replacement, where something unquoted becomes a text.
    pub quote: Quote,
}

/// Quotes around a replacement. At any depth of escaping the right spelling is the one that a neighbour has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quote {
    #[default]
    None,
    /// Spelled as the text is that stands so many bytes before the edit, and is so long.
    As { back: u32, len: u16 },
    /// An apostrophe.
    Single,
}

impl Quote {
    /// Spelled as it is here, before an edit that begins at `start`.
    pub fn spelled_at(span: Span, start: usize) -> Self {
        let back = start.checked_sub(span.start).and_then(|back| u32::try_from(back).ok());
        back.zip(u16::try_from(span.len()).ok()).map_or(Self::Single, |(back, len)| Self::As { back, len })
    }

    /// Its spelling, for an edit that begins at `start`.
    pub fn of(self, text: &[u8], start: usize) -> &[u8] {
        match self {
            Self::None => b"",
            Self::Single => b"'",
            // it is not there any more in the rest of a line that was too long: such lines are JSON
            Self::As { .. } => self.place(start).map_or(b"\"", |place| place.of(text)),
        }
    }

    fn place(self, start: usize) -> Option<Span> {
        let Self::As { back, len } = self else { return None };
        let at = start.checked_sub(back as usize)?;
        Some(Span::new(at, at + usize::from(len)))
    }
}

/// What was taken, as far as its replacement shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    /// A credential: `[rule#n]`, where equal hashes are equal credentials.
    Secret(u64),
    /// `[text 532 chars]`
    Text(u32),
    /// `[tool input 214 chars]`; without a number where it stretches over lines.
    Opaque(u32),
    /// `[image/png 1.2 KB]`
    Data(Media, u32),
    /// Nothing: the rest of something that was named before.
    Rest,
}

/// What base64 holds, by its first characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Png,
    Jpeg,
    Gif,
    Webp,
    Pdf,
    Json,
    Other,
}

impl Media {
    /// Sniffed from the beginning of base64 text.
    pub fn of(base64: &[u8]) -> Self {
        const MAGIC: &[(&[u8], Media)] = &[
            (b"iVBORw0KGgo", Media::Png),
            (b"/9j/", Media::Jpeg),
            (b"R0lGOD", Media::Gif),
            (b"UklGR", Media::Webp),
            (b"JVBERi0", Media::Pdf),
            (b"eyJ", Media::Json),
            (b"W3si", Media::Json),
        ];
        MAGIC.iter().find(|(magic, _)| base64.starts_with(magic)).map_or(Media::Other, |(_, media)| *media)
    }

    const ALL: [Media; 7] = [Media::Png, Media::Jpeg, Media::Gif, Media::Webp, Media::Pdf, Media::Json, Media::Other];

    /// The one with this number.
    pub fn numbered(number: u64) -> Self {
        Self::ALL.get(number as usize).copied().unwrap_or(Media::Other)
    }

    /// Whether a replacement names one so.
    pub fn is_name(name: &str) -> bool {
        Self::ALL.iter().any(|media| media.name() == name)
    }

    /// Its name in a replacement.
    pub fn name(self) -> &'static str {
        match self {
            Media::Png => "image/png",
            Media::Jpeg => "image/jpeg",
            Media::Gif => "image/gif",
            Media::Webp => "image/webp",
            Media::Pdf => "application/pdf",
            Media::Json => "base64 json",
            Media::Other => "data",
        }
    }
}

impl Edit {
    pub fn new(span: Span, rule: RuleId, what: What) -> Self {
        Self { span, rule, what, quote: Quote::None }
    }

    /// The same edit in a text in which this text begins at `offset`.
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.shifted(offset);
        self
    }

    /// The same edit in a text that begins `by` bytes further on.
    pub fn behind(mut self, by: usize) -> Self {
        self.span = Span::new(self.span.start.saturating_sub(by), self.span.end.saturating_sub(by));
        self
    }

    /// Cuts off what lies before `at` and is written already; false where nothing is left.
    pub fn goes_on_behind(&mut self, at: usize) -> bool {
        if self.span.start < at && at < self.span.end {
            *self = Self::new(Span::new(at, self.span.end), self.rule, What::Rest);
        }
        self.span.start >= at
    }

    /// The edits that this one makes in the raw text of a view: one for each stretch, the first with the
    /// replacement.
    pub fn through(self, view: &View<'_>, mut emit: impl FnMut(Edit)) {
        if view.is_plain() {
            return emit(self);
        }
        let spelled = self.quote.place(self.span.start).and_then(|place| hull(view, place));
        let mut what = self.what;
        for span in view.raw(self.span).filter(|span| !span.is_empty()) {
            let quote = match (what, spelled) {
                // what is empty needs none
                (What::Rest, _) => Quote::None,
                (_, Some(spelled)) => Quote::spelled_at(spelled, span.start),
                _ => self.quote,
            };
            emit(Edit { span, rule: self.rule, what, quote });
            what = What::Rest;
        }
    }
}

fn hull(view: &View<'_>, span: Span) -> Option<Span> {
    let mut raw = view.raw(span);
    let first = raw.next()?;
    Some(Span::new(first.start, raw.last().unwrap_or(first).end))
}

/// Puts edits in order and makes them disjoint: what lies in another goes, what overlaps becomes one. Of
/// two with the same span, the one added last names it: the nets run from the general to the specific.
pub(crate) fn settle(edits: &mut Vec<Edit>) {
    if edits.windows(2).all(|w| w[0].span.end <= w[1].span.start) {
        return;
    }
    // stable, so that of equals the later one comes later
    edits.sort_by_key(|e| (e.span.start, std::cmp::Reverse(e.span.end)));
    let mut kept: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits.drain(..) {
        match kept.last_mut() {
            Some(last) if edit.span == last.span => {
                let specific = matches!(edit.what, What::Secret(_)) || !matches!(last.what, What::Secret(_));
                if specific && edit.what != What::Rest {
                    *last = edit;
                }
            }
            Some(last) if edit.span.start < last.span.end => last.span.end = last.span.end.max(edit.span.end),
            _ => kept.push(edit),
        }
    }
    *edits = kept;
}

/// The text with a star in place of each edit that is found in it.
#[cfg(test)]
pub(crate) fn starred(text: &str, find: impl FnOnce(&[u8], &mut super::net::Net, &mut Vec<Edit>)) -> String {
    let mut net = super::net::Net::new(super::rules::RuleSet::builtin(), super::Classes::default());
    let mut edits = Vec::new();
    find(text.as_bytes(), &mut net, &mut edits);
    settle(&mut edits);
    let mut out = text.to_owned();
    edits.iter().rev().for_each(|edit| out.replace_range(edit.span.start..edit.span.end, "*"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, rule: u16) -> Edit {
        Edit::new(Span::new(start, end), RuleId(rule), What::Secret(0))
    }

    fn settled(mut edits: Vec<Edit>) -> Vec<(usize, usize, u16)> {
        settle(&mut edits);
        edits.iter().map(|e| (e.span.start, e.span.end, e.rule.0)).collect()
    }

    #[test]
    fn the_outer_one_covers_the_inner() {
        assert_eq!(settled(vec![edit(3, 5, 1), edit(0, 9, 2), edit(12, 14, 3)]), [(0, 9, 2), (12, 14, 3)]);
    }

    #[test]
    fn of_equals_the_specific_one_names_it() {
        assert_eq!(settled(vec![edit(0, 9, 1), edit(0, 9, 2)]), [(0, 9, 2)]);
    }

    #[test]
    fn only_the_first_piece_of_a_view_has_quotes() {
        let mut view = View::default();
        view.push(b"ab", Span::new(10, 12));
        view.push(b"cd", Span::new(30, 32));
        let mut pieces = Vec::new();
        Edit { quote: Quote::Single, ..edit(1, 4, 1) }.through(&view, |piece| pieces.push((piece.span, piece.quote)));
        assert_eq!(pieces, [(Span::new(11, 12), Quote::Single), (Span::new(30, 32), Quote::None)]);
    }

    #[test]
    fn what_overlaps_becomes_one() {
        assert_eq!(settled(vec![edit(0, 5, 1), edit(3, 9, 2)]), [(0, 9, 1)]);
    }
}

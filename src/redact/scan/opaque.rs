//! Objects of which nothing stays: what a tool was called with, schemas of it.

use super::super::edit::{Edit, Quote, What};
use super::super::net::chars;
use super::super::protect::is_placeholder;
use super::super::rules::FieldUse;
use super::frame::Opaque;
use super::{Pending, Walk};
use crate::literal::Span;

/// `{}`, `[Object]` and the like are no longer than this.
const MAX_EMPTY: usize = 40;

impl Walk<'_> {
    /// Such an object begins at a bracket; empty ones and `[Object]` have nothing to hide.
    pub(super) fn opaque_begin(&self, at: usize, field: FieldUse, pending: Option<Pending>) -> Option<Opaque> {
        let rest = self.text.get(at..)?;
        if let Some(close) = rest.iter().take(MAX_EMPTY).position(|b| matches!(b, b'}' | b']')) {
            let inside = rest.get(1..close)?.trim_ascii();
            let tag = is_placeholder(rest.get(..=close)?) && !inside.contains(&b':') && !inside.contains(&b',');
            if inside.is_empty() || tag {
                return None;
            }
        }
        // the name of its class goes with it: `input=Query(…)`
        let value = pending.and_then(|p| p.key).map(|k| k.value_at).filter(|value| *value < at);
        let blanks =
            |from: usize| Span::new(from, at).of(self.text).iter().take_while(|b| b.is_ascii_whitespace()).count();
        let start = value.map_or(at, |value| value + blanks(value));
        let key = pending.and_then(|p| p.key).filter(|k| k.quoted);
        let quote = key.map_or(Quote::Single, |k| Quote::spelled_at(Span::new(k.outer.start, k.name.start), start));
        Some(Opaque { start, rule: field.rule, quote, begun: false })
    }

    /// Takes the object, or the part of it that stands in this piece.
    pub(super) fn opaque_end(&mut self, opaque: Opaque, end: usize) {
        if !self.net.on(opaque.rule) || end <= opaque.start {
            return;
        }
        let span = Span::new(opaque.start, end);
        let raw = span.of(self.text);
        self.net.lessons.text(raw);
        // over lines there is no number: a line is written before the next is read
        let what = if opaque.begun {
            What::Rest
        } else if memchr::memchr(b'\n', raw).is_some() {
            What::Opaque(0)
        } else {
            What::Opaque(chars(raw))
        };
        let quote = if opaque.begun { Quote::None } else { opaque.quote };
        self.edits.push(Edit { span, rule: opaque.rule, what, quote });
    }

    /// The object never closed: what stands on its line goes.
    pub(super) fn opaque_reset(&mut self) {
        if let Some(opaque) = self.level.frames.open_opaque().filter(|o| !o.begun) {
            let rest = self.text.get(opaque.start..).unwrap_or_default();
            let end = opaque.start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.opaque_end(opaque, end);
        }
    }
}

//! The pull reader: names, quoted texts and brackets in any bytes, in one pass.

use super::bytes::{
    Endings, backslashes_before, class_tag, hides_a_brace, is_blank, is_name_byte, skip_blank, skip_space,
};
use super::dumps;
use super::event::{Event, Key, Quoted, Role, Separator};
use super::quotes::{Quotes, cell_end, line_end, opening};
use super::span::Span;
use super::specials::Specials;
use super::state::State;

/// The longest name: anything longer is not one.
const MAX_NAME: usize = 128;
/// How far behind a name its separator may stand in a column.
const MAX_ALIGNED: usize = 40;
/// The longest class name between a key and its bracket: `headers: Object [AxiosHeaders] {`.
const MAX_CLASS: usize = 96;

/// Reads one piece of text; see the module's documentation.
#[derive(Debug)]
pub struct Reader<'t, 's> {
    text: &'t [u8],
    pos: usize,
    state: &'s mut State,
    specials: Specials,
    quotes: Quotes,
    /// After a key: where its value may begin.
    value_at: Option<usize>,
    /// After an opening bracket: where its content begins.
    opened_at: Option<usize>,
    /// After `'…' +`: where the next piece may begin.
    join_at: Option<usize>,
    /// Outside of brackets only names that end so are reported.
    endings: Option<&'t Endings>,
}

impl<'t, 's> Reader<'t, 's> {
    /// Starts on a piece of text with what is known from the piece before it.
    pub fn new(text: &'t [u8], state: &'s mut State) -> Self {
        let value_at = state.awaiting.then_some(0);
        let join_at = state.joining.then_some(0);
        Self {
            text,
            pos: 0,
            state,
            specials: Specials::default(),
            quotes: Quotes::default(),
            value_at,
            opened_at: None,
            join_at,
            endings: None,
        }
    }

    /// Outside of brackets, reports only names that end as given. Running text is full of colons.
    #[must_use]
    pub fn only(self, endings: &'t Endings) -> Self {
        Self { endings: Some(endings), ..self }
    }

    /// What is open at this point.
    #[must_use]
    pub fn state(&self) -> &State {
        self.state
    }

    /// The offset from which the next event is sought.
    #[must_use]
    pub fn pos(&self) -> usize {
        self.pos
    }

    /// Goes on from `pos`, forwards or back: inside a quoted text, or past a value that was dealt with.
    pub fn seek(&mut self, pos: usize) {
        self.pos = pos.min(self.text.len());
        self.value_at = None;
        self.opened_at = None;
        self.join_at = None;
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(b'\n')
    }

    /// Outside of brackets a value stands on the line of its name.
    fn value_between(&self, from: usize, to: usize) -> bool {
        let blank = if self.state.depth() > 0 {
            self.blank_between(from, to)
        } else {
            from <= to && skip_blank(self.text, from) >= to
        };
        blank || self.text.get(from..to).is_some_and(dumps::is_type)
    }

    fn blank_between(&self, from: usize, to: usize) -> bool {
        from <= to && skip_space(self.text, from) >= to
    }

    /// A line ends inside a bracket.
    fn newline(&mut self, at: usize) -> Option<Event> {
        self.pos = at + 1;
        if self.value_at.is_some_and(|v| !self.blank_between(v, at)) {
            self.value_at = None;
        }
        match self.text.get(at + 1) {
            Some(&b) => self.line_begins(b),
            None => {
                self.state.line_start = true;
                None
            }
        }
    }

    /// At depth, a line that is neither indented nor a closing bracket or a quote starts something new.
    fn line_begins(&mut self, first: u8) -> Option<Event> {
        let goes_on =
            is_blank(first) || matches!(first, b'\n' | b'}' | b']' | b')' | b'\'' | b'"' | b'`' | b'+' | b'\\');
        if goes_on {
            return None;
        }
        self.state.clear();
        self.value_at = None;
        self.join_at = None;
        Some(Event::Reset)
    }

    fn role(&mut self, at: usize) -> Role {
        let value = self.value_at.take();
        let opened = self.opened_at.take();
        let join = self.join_at.take();
        self.state.joining = false;
        if join.is_some_and(|j| self.blank_between(j, at)) {
            Role::Joined
        } else if value.is_some_and(|v| self.value_between(v, at)) {
            Role::Value
        } else if opened.is_some_and(|o| self.blank_between(o, at)) {
            Role::First
        } else {
            Role::Item
        }
    }

    /// A quote at `at` with `escapes` backslashes before it.
    fn quote(&mut self, at: usize, escapes: usize) -> Option<Event> {
        let quote = self.byte(at);
        let Some(outer_start) = opening(self.text, at - escapes) else {
            self.pos = at + 1;
            return None;
        };
        let (end, closed) = match self.quotes.closing(self.text, at + 1, quote, escapes) {
            Some(end) if self.byte(end + 1) == quote => (cell_end(self.text, outer_start, end).unwrap_or(end), true),
            Some(end) => (end, true),
            None => (line_end(self.text, at + 1), false),
        };
        let inner = Span::new(at + 1, if closed { end - escapes } else { end });
        let outer_end = if closed { end + 1 } else { end };
        let role = self.role(outer_start);
        if role != Role::Value && self.state.depth() == 0 && hides_a_brace(inner.of(self.text)) {
            self.pos = at + 1;
            return None;
        }
        self.pos = outer_end;
        let outer = Span::new(outer_start, outer_end);
        if closed
            && role != Role::Joined
            && let Some(key) = self.quoted_key(inner, outer, role)
        {
            return Some(Event::Key(key));
        }
        if closed {
            self.expect_join(quote);
        }
        Some(Event::Quoted(Quoted { inner, outer, quote, closed, role }))
    }

    /// A quoted text before `:`, `=>` or `=` is a key.
    fn quoted_key(&mut self, name: Span, outer: Span, role: Role) -> Option<Key> {
        if name.len() > MAX_NAME {
            return None;
        }
        let (separator, value_at) =
            dumps::behind_name(self.text, outer, role).or_else(|| self.behind_name(outer.end))?;
        Some(self.key(name, outer, true, separator, value_at))
    }

    fn behind_name(&self, end: usize) -> Option<(Separator, usize)> {
        let at = skip_blank(self.text, end);
        match (self.byte(at), self.byte(at + 1)) {
            (b':', b':') | (b'=', b'=') => None,
            (b':', _) => Some((Separator::Colon, at + 1)),
            (b'=', b'>') => Some((Separator::Arrow, at + 2)),
            (b'=', _) => Some((Separator::Equals, at + 1)),
            _ => None,
        }
    }

    fn key(&mut self, name: Span, outer: Span, quoted: bool, separator: Separator, value_at: usize) -> Key {
        self.pos = value_at;
        self.value_at = Some(value_at);
        Key { name, outer, quoted, separator, value_at }
    }

    /// After a quoted text: does ` + '…'` follow, here or on the next line, or in Python `'…'` alone on the next?
    fn expect_join(&mut self, quote: u8) {
        let at = skip_blank(self.text, self.pos);
        if self.byte(at) == b'+' && self.text.get(at).is_some() && matches!(self.byte(at + 1), b' ' | b'\n' | b'\r') {
            self.pos = at + 1;
            self.join_at = Some(at + 1);
            self.state.joining = true;
        } else if self.byte(at) == b'\n' && self.state.depth() > 0 {
            let next = skip_blank(self.text, at + 1);
            self.join_at = (next > at + 1 && self.byte(next) == quote).then_some(self.pos);
        }
    }

    /// An unquoted name before a separator at `at`.
    fn separator(&mut self, at: usize) -> Option<Event> {
        self.pos = at + 1;
        let subscript = self.state.bracket() == Some(b'[');
        if self.is_noise(at) || (subscript && dumps::visibility(self.text.get(at..).unwrap_or_default()) > 0) {
            return None;
        }
        let (separator, width) = match (self.byte(at), self.byte(at + 1)) {
            (b'=', b'>') => (Separator::Arrow, 2),
            (b'=', b'=') | (b':', b':') => {
                self.pos = at + 2;
                return None;
            }
            (b'=', _) => (Separator::Equals, 1),
            _ => (Separator::Colon, 1),
        };
        let mut end = at - self.blanks_before(at);
        if separator != Separator::Colon {
            if end > 0 && matches!(self.byte(end - 1), b'!' | b'<' | b'>' | b'=' | b'+') {
                return None;
            }
            if separator == Separator::Arrow && end > 0 && self.byte(end - 1) == b']' {
                end = dumps::without_visibility(self.text, end - 1);
            }
        }
        let name = self.name_before(end)?;
        Some(Event::Key(self.key(name, name, false, separator, at + width)))
    }

    /// Colons of times, and names that nobody asked for: most separators of running text.
    #[inline]
    fn is_noise(&self, at: usize) -> bool {
        let before = |n: usize| at.checked_sub(n).map_or(b' ', |i| self.byte(i));
        let last = before(1);
        if last.is_ascii_alphabetic() || last.is_ascii_digit() && self.byte(at) == b':' {
            return self.state.depth() == 0 && self.endings.is_some_and(|e| !e.may_end(before(2), last));
        }
        self.byte(at) == b':' && !self.is_aligned(at)
    }

    /// `ApiKey    : …`: a colon in a column of its own, behind a name that somebody asked for.
    #[cold]
    #[inline(never)]
    fn is_aligned(&self, at: usize) -> bool {
        let blanks = self.blanks_before(at);
        let before = |n: usize| at.checked_sub(blanks + n).map_or(b' ', |i| self.byte(i));
        blanks > 0 && before(1).is_ascii_alphanumeric() && self.endings.is_some_and(|e| e.may_end(before(2), before(1)))
    }

    /// How many blanks stand between a name and its separator.
    fn blanks_before(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        before.iter().rev().take(MAX_ALIGNED).take_while(|b| is_blank(**b)).count()
    }

    /// The run of name bytes that ends at `end`; it must hold a letter.
    fn name_before(&self, end: usize) -> Option<Span> {
        let before = self.text.get(..end)?;
        let len = before.iter().rev().take(MAX_NAME + 1).take_while(|b| is_name_byte(**b)).count();
        if len > MAX_NAME {
            return None;
        }
        let mut start = end - len;
        // `%26api_key%3D`: the two digits belong to the escape before the name
        if start > 0 && self.byte(start - 1) == b'%' {
            start = (start + 2).min(end);
        }
        let name = self.text.get(start..end)?;
        let skip = name.iter().take_while(|b| matches!(b, b'-' | b'.' | b'$' | b'@')).count();
        let name = name.get(skip..)?;
        name.iter().any(u8::is_ascii_alphabetic).then(|| Span::new(start + skip, end))
    }

    /// `%3D` or `%3A`, also encoded more than once (`%253D`).
    fn percent(&mut self, at: usize) -> Option<Event> {
        let mut digits = at + 1;
        while self.text.get(digits..digits + 2) == Some(b"25") {
            digits += 2;
        }
        self.pos = digits;
        let code = self.text.get(digits..digits + 2)?;
        if !code.eq_ignore_ascii_case(b"3d") && !code.eq_ignore_ascii_case(b"3a") {
            return None;
        }
        let name = self.name_before(at)?;
        Some(Event::Key(self.key(name, name, false, Separator::Percent, digits + 2)))
    }

    fn open(&mut self, at: usize) -> Event {
        let bracket = self.byte(at);
        let role = match self.value_at {
            Some(v) if self.class_between(v, at) => Role::Value,
            _ => match self.role(at) {
                Role::First => Role::First,
                _ => Role::Item,
            },
        };
        self.value_at = None;
        self.join_at = None;
        self.state.joining = false;
        self.state.push(bracket);
        self.pos = at + 1;
        self.opened_at = Some(at + 1);
        Event::Open { at, bracket, role }
    }

    /// Whether only a class name stands between a key and its bracket: `Headers`, `<ref *1> Socket`,
    /// `[Object: null prototype]`.
    fn class_between(&self, from: usize, to: usize) -> bool {
        let gap = self.text.get(from..to).unwrap_or_default();
        if gap.len() > MAX_CLASS {
            return false;
        }
        let gap = gap.trim_ascii();
        gap.iter().all(|b| is_name_byte(*b) || matches!(b, b' ' | b'<' | b'>' | b'*' | b'[' | b']' | b':' | b'&'))
    }

    fn close(&mut self, at: usize) -> Option<Event> {
        self.pos = at + 1;
        self.value_at = None;
        self.opened_at = None;
        let bracket = self.byte(at);
        self.state.pop(bracket).then_some(Event::Close { at })
    }
}

impl Iterator for Reader<'_, '_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.state.line_start) {
            let first = self.byte(self.pos);
            if let Some(reset) = self.line_begins(first) {
                return Some(reset);
            }
        }
        loop {
            let Some(at) = self.specials.next(self.text, self.pos, self.state.depth() > 0) else {
                self.pos = self.text.len();
                self.state.awaiting = self.value_at.is_some_and(|v| self.value_between(v, self.text.len()));
                return None;
            };
            let event = match self.byte(at) {
                b'\n' => self.newline(at),
                b'"' | b'\'' | b'`' => self.quote(at, backslashes_before(self.text, at)),
                b':' | b'=' => self.separator(at),
                b'%' => self.percent(at),
                b'[' if class_tag(self.text, at).is_some() => {
                    self.pos = class_tag(self.text, at).unwrap_or(at + 1);
                    None
                }
                b'[' if dumps::holds_a_name(self.text, at) => {
                    self.pos = at + 1;
                    None
                }
                b'(' if dumps::length(self.text, at).is_some() => {
                    self.pos = dumps::length(self.text, at).unwrap_or(at + 1);
                    None
                }
                b'{' | b'[' | b'(' => Some(self.open(at)),
                _ => self.close(at),
            };
            if event.is_some() {
                return event;
            }
        }
    }
}

#[cfg(test)]
mod tests;

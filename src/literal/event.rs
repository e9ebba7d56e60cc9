//! What the reader finds: names, quoted texts, brackets, and how they stand to one another.

use super::span::Span;

/// What stands between a name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `name: value`
    Colon,
    /// `name=value`
    Equals,
    /// `"name" => value`
    Arrow,
    /// `name%3Dvalue`, percent-encoded once or more often
    Percent,
}

/// A name before a separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name without quotes.
    pub name: Span,
    /// The name with its quotes, as it stands in the text.
    pub outer: Span,
    /// Whether it was quoted.
    pub quoted: bool,
    /// What follows it.
    pub separator: Separator,
    /// Where its value may begin: the byte after the separator.
    pub value_at: usize,
}

/// Where a quoted text or an opening bracket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is the value of the key before it.
    Value,
    /// It is the first thing after an opening bracket.
    First,
    /// Neither: an element, an argument, a quotation in prose.
    Item,
    /// It goes on with the quoted text before it: `'…' +`, line end, `'…'`.
    Joined,
}

/// A quoted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// What stands between the quotes, still escaped.
    pub inner: Span,
    /// With the quotes, and with the backslashes before them.
    pub outer: Span,
    /// `"`, `'` or a backtick.
    pub quote: u8,
    /// False where the line ended before the closing quote; then `inner` runs to the line's end.
    pub closed: bool,
    /// How it stands to what came before.
    pub role: Role,
}

/// What [`Reader::next`](super::Reader) found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A name and its separator; its value, if quoted or bracketed, is the next event with [`Role::Value`].
    Key(Key),
    /// A quoted text. The reader stands after it; [`Reader::seek`](super::Reader::seek) to its inner start reads inside.
    Quoted(Quoted),
    /// An opening bracket, already counted in [`State::depth`](super::State::depth).
    Open {
        /// Its offset.
        at: usize,
        /// `{`, `[` or `(`.
        bracket: u8,
        /// How it stands to what came before.
        role: Role,
    },
    /// A closing bracket that closed something; [`State::depth`](super::State::depth) is already the depth outside.
    Close {
        /// Its offset.
        at: usize,
    },
    /// Brackets were open, but this line cannot belong to them: all are forgotten.
    Reset,
}

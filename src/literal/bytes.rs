//! Byte classes: which bytes make up names and words.

const ALNUM: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A set of bytes, to be asked of every byte of a text.
#[derive(Debug)]
pub(crate) struct ByteSet([bool; 256]);

impl ByteSet {
    /// Letters and digits of ASCII, and `others`.
    pub const fn alnum_and(others: &[u8]) -> Self {
        Self::of(ALNUM).and(others)
    }

    /// These bytes.
    pub const fn of(bytes: &[u8]) -> Self {
        Self([false; 256]).and(bytes)
    }

    /// And every byte of characters that are not ASCII.
    pub const fn and_non_ascii(self) -> Self {
        let mut set = self.0;
        let mut i = 0x80;
        while i < 256 {
            set[i] = true;
            i += 1;
        }
        Self(set)
    }

    const fn and(self, bytes: &[u8]) -> Self {
        let mut set = self.0;
        let mut i = 0;
        while i < bytes.len() {
            set[bytes[i] as usize] = true;
            i += 1;
        }
        Self(set)
    }

    /// Whether a byte is one of them.
    #[inline]
    pub const fn has(&self, b: u8) -> bool {
        self.0[b as usize]
    }
}

/// Ends of names, two letters each: a cheap way to see that a name is none of those that matter.
#[derive(Clone, Debug)]
pub struct Endings(Vec<u64>);

impl Default for Endings {
    fn default() -> Self {
        Self(vec![0; 1024])
    }
}

impl Endings {
    /// Adds the end of a name. A name whose last two characters are not both letters or digits cannot be
    /// told by them: then every name may be it.
    pub fn add(&mut self, name: &[u8]) {
        match name {
            [.., a, b] if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() => {
                let bit = Self::bit(*a, *b);
                self.0[bit / 64] |= 1 << (bit % 64);
            }
            _ => self.0.fill(u64::MAX),
        }
    }

    /// Whether a name that ends in these bytes can be one that was added, in whatever case. A separator as
    /// the first of them says nothing.
    #[inline]
    #[must_use]
    pub fn may_end(&self, a: u8, b: u8) -> bool {
        let bit = Self::bit(a, b);
        !a.is_ascii_alphanumeric() || self.0[bit / 64] & 1 << (bit % 64) != 0
    }

    fn bit(a: u8, b: u8) -> usize {
        usize::from(a | 0x20) << 8 | usize::from(b | 0x20)
    }
}

/// Bytes of a name before a separator: header names, JSON keys, dotted attributes, flags.
#[must_use]
#[inline]
pub fn is_name_byte(b: u8) -> bool {
    static NAME: ByteSet = ByteSet::alnum_and(b"_-.$@");
    NAME.has(b)
}

/// Letters, digits, underscore and every byte of a non-ASCII character.
#[must_use]
#[inline]
pub fn is_word_byte(b: u8) -> bool {
    static WORD: ByteSet = ByteSet::alnum_and(b"_").and_non_ascii();
    WORD.has(b)
}

/// Space, tab or carriage return.
#[must_use]
pub fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r')
}

/// Offset of the first byte from `at` on that is not blank.
pub(super) fn skip_blank(text: &[u8], at: usize) -> usize {
    skip(text, at, is_blank)
}

/// Offset of the first byte from `at` on that is neither blank nor a line end.
pub(super) fn skip_space(text: &[u8], at: usize) -> usize {
    skip(text, at, |b| is_blank(b) || b == b'\n')
}

fn skip(text: &[u8], at: usize, over: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|&b| !over(b)).unwrap_or(rest.len())
}

/// `text` without blanks and line ends at both ends.
#[must_use]
pub fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

/// What fills a line up to the width of a column: blanks, and the line of a box.
pub const PADDING: [&str; 5] = [" ", "\r", "│", "┃", "║"];

/// A line without what fills it up to the width of its column.
#[must_use]
pub fn without_padding(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = PADDING.iter().find_map(|edge| line.strip_suffix(edge.as_bytes())) {
        line = rest;
    }
    line
}

/// How many backslashes stand right before `at`.
pub fn backslashes_before(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.iter().rev().take_while(|&&b| b == b'\\').count()
}

/// Whether a text opens more braces than it closes: then its quotes are not its own.
pub(super) fn hides_a_brace(text: &[u8]) -> bool {
    let opened = memchr::memchr_iter(b'{', text).count();
    opened > 0 && opened > memchr::memchr_iter(b'}', text).count()
}

/// Where the name of a class ends that looks like a bracket with content: `[Object: null prototype]`, and the
/// beginning of Go's `[]string{`.
pub(super) fn class_tag(text: &[u8], at: usize) -> Option<usize> {
    const TAGS: [&[u8]; 2] = [b"[Object: null prototype]", b"[AxiosHeaders]"];
    let rest = text.get(at..)?;
    if let [b'[', b']', b'a'..=b'z', ..] = rest {
        return Some(at + 2);
    }
    TAGS.iter().find(|tag| rest.starts_with(tag)).map(|tag| at + tag.len())
}

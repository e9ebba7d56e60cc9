//! What stands for quotes where they mean something to somebody: in HTML, in a cell of CSV, in a Windows shell, in what
//! a word processor made of a log.

use crate::literal::{Span, Style, View, unescape};
use memchr::{memchr, memchr_iter, memchr2_iter, memmem};

/// What word processors and messengers make of quotes and blanks.
const CURLS: &[(&str, &[u8])] = &[
    ("\u{201c}", b"\""),
    ("\u{201d}", b"\""),
    ("\u{2018}", b"'"),
    ("\u{2019}", b"'"),
    ("\u{200b}", b""),
    ("\u{a0}", b" "),
];

/// By what it is known that something stands for quotes, and what undoes it.
type Decoder = (fn(&[u8]) -> bool, fn(&[u8]) -> View<'static>);

const DECODERS: [Decoder; 5] = [
    (is_nginxs, without_escapes),
    (|text| memchr(b'&', text).is_some(), without_entities),
    (|text| holds(text, "{\"\""), without_doubles),
    (|text| CURLS.iter().any(|(curl, _)| holds(text, curl)), without_curls),
    (|text| holds(text, "^\\^\""), without_carets),
];

/// A text with quotes in place of whatever stands for them.
pub(super) fn with_quotes(text: &[u8]) -> View<'_> {
    let mut view = View::plain(text);
    for (is_known, decode) in DECODERS {
        if is_known(view.text()) {
            view = view.then(&decode(view.text()));
        }
    }
    view
}

fn holds(text: &[u8], sign: &str) -> bool {
    memmem::find(text, sign.as_bytes()).is_some()
}

/// nginx escapes quotes as `\x22`, and no backslash stands before.
fn is_nginxs(text: &[u8]) -> bool {
    memmem::find_iter(text, br"\x22").any(|at| text.get(at.wrapping_sub(1)) != Some(&b'\\'))
}

fn without_escapes(text: &[u8]) -> View<'static> {
    View::plain(text).then(&unescape(text, Style::Bytes))
}

/// A text being decoded.
struct Decoded<'t> {
    text: &'t [u8],
    view: View<'static>,
    /// What is in the view already.
    end: usize,
}

impl<'t> Decoded<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self { text, view: View::with_capacity(text.len()), end: 0 }
    }

    /// At `at`, so many bytes mean something else; nothing where they were read already.
    fn means(&mut self, at: usize, len: usize, meant: &[u8]) {
        if at >= self.end {
            self.plain(at);
            self.end = at + len;
            self.view.push(meant, Span::new(at, self.end));
        }
    }

    fn plain(&mut self, end: usize) {
        let plain = Span::new(self.end, end);
        self.view.push(plain.of(self.text), plain);
    }

    fn view(mut self) -> View<'static> {
        self.plain(self.text.len());
        self.view
    }
}

/// `"it says ""no"""`, a cell of CSV.
pub(super) fn without_doubles(text: &[u8]) -> View<'static> {
    let mut decoded = Decoded::of(text);
    memmem::find_iter(text, b"\"\"").for_each(|at| decoded.means(at, 2, b"\""));
    decoded.view()
}

/// A text of several lines on one: YAML folds and indents them.
pub(super) fn without_folds(text: &[u8]) -> View<'static> {
    let mut decoded = Decoded::of(text);
    for at in memchr_iter(b'\n', text) {
        let indent = text.iter().skip(at + 1).take_while(|b| matches!(b, b' ' | b'\t')).count();
        decoded.means(at, 1 + indent, b" ");
    }
    decoded.view()
}

/// Quotes as they stand in books, and blanks at which no line breaks.
fn without_curls(text: &[u8]) -> View<'static> {
    let mut decoded = Decoded::of(text);
    for at in memchr2_iter(0xE2, 0xC2, text) {
        let rest = text.get(at..).unwrap_or_default();
        if let Some((curl, meant)) = CURLS.iter().find(|(curl, _)| rest.starts_with(curl.as_bytes())) {
            decoded.means(at, curl.len(), meant);
        }
    }
    decoded.view()
}

/// `&quot;`, `&#39;`, `&#x27;`: a text as HTML and XML mean it.
fn without_entities(text: &[u8]) -> View<'static> {
    let mut decoded = Decoded::of(text);
    for at in memchr_iter(b'&', text) {
        if let Some((meant, len)) = text.get(at..).and_then(entity) {
            decoded.means(at, len, &[meant]);
        }
    }
    decoded.view()
}

/// The character of the entity that a text begins with, if it is of ASCII, and the entity's length.
fn entity(text: &[u8]) -> Option<(u8, usize)> {
    const NAMED: &[(&[u8], u8)] =
        &[(b"quot", b'"'), (b"apos", b'\''), (b"amp", b'&'), (b"lt", b'<'), (b"gt", b'>'), (b"nbsp", b' ')];
    let end = memchr(b';', text.get(..8.min(text.len()))?)?;
    let name = text.get(1..end)?;
    let code = match name {
        [b'#', b'x' | b'X', digits @ ..] => u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?,
        [b'#', digits @ ..] => std::str::from_utf8(digits).ok()?.parse().ok()?,
        _ => NAMED.iter().find(|(entity, _)| *entity == name)?.1,
    };
    code.is_ascii().then_some((code, end + 1))
}

/// `^"^{^\^"model^\^"…`: for a Windows shell a caret stands before each character that means something to it.
fn without_carets(text: &[u8]) -> View<'static> {
    let mut decoded = Decoded::of(text);
    for at in memchr_iter(b'^', text) {
        let escaped = Span::new(at + 1, at + 2).of(text);
        // of two, the first stands before the second
        decoded.means(at, 1 + escaped.len(), escaped);
    }
    decoded.view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_quotes() {
        let text = |view: View<'static>| String::from_utf8_lossy(view.text()).into_owned();
        assert_eq!(text(without_doubles(br#"{""a"": ""b""}"#)), r#"{"a": "b"}"#);
        assert_eq!(
            text(without_entities(b"{&#39;a&#x27;: &quot;b&#34;&nbsp;&amp;amp; &x; R&D")),
            "{'a': \"b\" &amp; &x; R&D"
        );
        assert_eq!(text(without_carets(br#"^"^{^\^"a^\^":x^@b^^^"^"#)), r#""{\"a\":x@b^""#);
        assert_eq!(text(without_curls("{“a”:\u{a0}‘b’…}".as_bytes())), "{\"a\": 'b'…}");
    }
}

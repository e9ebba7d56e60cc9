//! What dumps of values put around a name and before its text: `["name"] = "…"` (Lua, and code of all kinds),
//! `["name":protected]=> string(3) "…"` and `s:4:"name";s:3:"…"` (PHP), `name: chr "…"` (R), `name => <<"…">>` (Erlang),
//! `name = 0x55 "…"` (debuggers).

use super::bytes::skip_blank;
use super::event::{Role, Separator};
use super::span::Span;

/// The longest name in square brackets, and the longest class of a property.
const MAX_NAME: usize = 128;
/// The longest type before a text.
const MAX_TYPE: usize = 24;

/// Whether a bracket at `at` holds a quoted name: `["name"] =`, `["name":protected]=>`. Then it opens nothing.
pub(super) fn holds_a_name(text: &[u8], at: usize) -> bool {
    let Some(quote @ (b'"' | b'\'')) = text.get(at + 1).copied() else { return false };
    let rest = text.get(at + 2..).unwrap_or_default();
    let name = memchr::memchr2(quote, b'\n', rest.get(..MAX_NAME.min(rest.len())).unwrap_or_default());
    name.is_some_and(|name| behind_bracket(text, at + 3 + name).is_some())
}

/// The separator behind a quoted name, and where its value begins, if the name stands in a dump.
pub(super) fn behind_name(text: &[u8], outer: Span, role: Role) -> Option<(Separator, usize)> {
    match text.get(outer.start.checked_sub(1)?)? {
        b'[' => behind_bracket(text, outer.end),
        // a value is followed by the next name just so
        b':' if role != Role::Value => serialized(text, outer.end),
        _ => None,
    }
}

/// `s:7:"api_key";s:32:"…"`
fn serialized(text: &[u8], end: usize) -> Option<(Separator, usize)> {
    let digits = text.get(end..)?.strip_prefix(b";s:")?.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = end + 3 + digits;
    (digits > 0 && text.get(value..value + 2)? == b":\"").then_some((Separator::Arrow, value + 1))
}

fn behind_bracket(text: &[u8], end: usize) -> Option<(Separator, usize)> {
    let visible = text.get(end..).map_or(0, visibility);
    let at = end + visible;
    if text.get(at) != Some(&b']') {
        return None;
    }
    let at = skip_blank(text, at + 1);
    match text.get(at..)? {
        [b'=', b'>', ..] => Some((Separator::Arrow, at + 2)),
        [b'=', next, ..] if *next != b'=' && visible == 0 => Some((Separator::Equals, at + 1)),
        _ => None,
    }
}

/// The length of what says who may see a property: `:protected`, `:Client:private`, `:"App\Client":private`.
pub(super) fn visibility(text: &[u8]) -> usize {
    let class =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'\\' | b'"' | b':' | b'@' | b'/' | b'.' | b'$');
    let len = text.iter().take(MAX_NAME).take_while(|b| class(b)).count();
    let said = text.get(..len).unwrap_or_default();
    let says = said.ends_with(b":protected") || said.ends_with(b":private");
    if says { len } else { 0 }
}

/// The name in square brackets without what says who may see it: `apiKey:Client:private`.
pub(super) fn without_visibility(text: &[u8], end: usize) -> usize {
    let before = text.get(..end).unwrap_or_default();
    let start = before.iter().rev().take(MAX_NAME).position(|b| *b == b'[').map_or(end, |n| end - n);
    let name = before.get(start..).unwrap_or_default();
    let colon = memchr::memchr(b':', name).filter(|colon| visibility(name.get(*colon..).unwrap_or_default()) > 0);
    colon.map_or(end, |colon| start + colon)
}

/// Where a length ends that stands at `at` between a type and its text: `string(31) "…"`.
pub(super) fn length(text: &[u8], at: usize) -> Option<usize> {
    let typed = text.get(..at)?.ends_with(b"string");
    let digits = text.get(at + 1..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    let end = at + 1 + digits;
    (typed && digits > 0 && text.get(end..)?.starts_with(b") \"")).then_some(end + 1)
}

/// Whether only the type of a text stands between its name and its quote.
pub(super) fn is_type(gap: &[u8]) -> bool {
    let gap = gap.trim_ascii();
    let of = |name: &[u8], rest: fn(&u8) -> bool| {
        gap.strip_prefix(name).is_some_and(|gap| !gap.is_empty() && gap.iter().all(rest))
    };
    gap.len() <= MAX_TYPE
        && (matches!(gap, b"chr" | b"<<" | b"@")
            || of(b"0x", u8::is_ascii_hexdigit)
            || of(b"string(", |b| b.is_ascii_digit() || *b == b')'))
}

/// A sigil before a quote: Elixir's `~c"…"`.
pub(super) fn sigil(before: &[u8]) -> usize {
    match before {
        [.., b'~', b'c' | b'C' | b's' | b'S'] => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_brackets() {
        for (text, value) in [
            (r#"["content"] = "x""#, Some(13)),
            (r#"["content"]=>"#, Some(13)),
            (r#"["content":protected]=>"#, Some(23)),
            (r#"["content":"App\Client":private]=>"#, Some(34)),
            (r#"["content"] == x"#, None),
            (r#"["content", "b"]"#, None),
        ] {
            let behind = behind_name(text.as_bytes(), Span::new(1, 10), Role::First);
            assert_eq!(behind.map(|(_, at)| at), value, "{text}");
            assert_eq!(holds_a_name(text.as_bytes(), 0), value.is_some(), "{text}");
        }
        let serialized = |role| behind_name(br#"s:4:"name";s:31:"x";"#, Span::new(4, 10), role);
        assert_eq!(serialized(Role::Item), Some((Separator::Arrow, 16)));
        assert_eq!(serialized(Role::Value), None);
        assert_eq!(without_visibility(b"[apiKey:App\\Client:private]", 26), 7);
    }

    #[test]
    fn types_before_a_text() {
        assert!([b" chr ".as_slice(), b" <<", b"\n  string(31) ", b" 0x55d0 "].iter().all(|gap| is_type(gap)));
        assert!([b" x ".as_slice(), b"", b" string ", b" 0x"].iter().all(|gap| !is_type(gap)));
        assert_eq!(length(br#"string(31) "x""#, 6), Some(10));
        assert_eq!(length(b"string(31)", 6), None);
    }
}

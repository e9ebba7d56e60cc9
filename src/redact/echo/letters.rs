//! Text as its letters and digits alone, escapes undone: the same for every spelling of it.
//!
//! A prompt stands in a log as JSON, as a Python repr, as JSON in JSON, wrapped at column 80, in base64
//! columns. Its letters and digits are the same in all of them, so they are what is remembered and what is
//! sought; no layer has to be decoded for that.

use crate::literal::Span;

const SEPARATOR: u8 = 0;
const LETTER: u8 = 1;
const BACKSLASH: u8 = 2;
const PERCENT: u8 = 3;

static CLASS: [u8; 256] = {
    let mut class = [SEPARATOR; 256];
    let mut b = 0;
    while b < 256 {
        if (b as u8).is_ascii_alphanumeric() || b >= 0x80 {
            class[b] = LETTER;
        }
        b += 1;
    }
    class[b'\\' as usize] = BACKSLASH;
    class[b'%' as usize] = PERCENT;
    class
};

/// Calls `push` with each letter, digit and byte of a non-ASCII character, the span it stands in, and
/// whether a word begins with it. `fresh` says whether one would begin at the start, and is updated.
#[inline]
pub(super) fn letters(text: &[u8], fresh: &mut bool, mut push: impl FnMut(u8, Span, bool)) {
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        match CLASS[usize::from(b)] {
            LETTER => {
                push(b, Span { start: at, end: at + 1 }, *fresh);
                *fresh = false;
                at += 1;
            }
            SEPARATOR => {
                *fresh = true;
                at += 1;
            }
            BACKSLASH => at = escape(text, at, fresh, &mut push),
            _ => at = percent(text, at, fresh, &mut push),
        }
    }
}

/// Backslashes and what they escape: line ends and tabs are separators, `\u…` and `\x…` are letters.
#[cold]
fn escape(text: &[u8], at: usize, fresh: &mut bool, push: &mut impl FnMut(u8, Span, bool)) -> usize {
    let run = text.get(at..).unwrap_or_default().iter().take_while(|b| **b == b'\\').count();
    let after = at + run;
    match text.get(after) {
        Some(b'n' | b't' | b'r' | b'b' | b'f' | b'v') => {
            *fresh = true;
            after + 1
        }
        Some(b'u') => match hex(text, after + 1, 4) {
            Some(code) => unicode(text, at, after, code, fresh, push),
            None => after,
        },
        Some(b'x') => match hex(text, after + 1, 2) {
            Some(byte) => {
                emit(byte as u8, Span::new(at, after + 3), fresh, push);
                after + 3
            }
            None => after,
        },
        _ => {
            *fresh = true;
            after
        }
    }
}

/// `\uXXXX`, with its second half where it is a surrogate.
fn unicode(text: &[u8], at: usize, u: usize, code: u32, fresh: &mut bool, push: &mut impl FnMut(u8, Span, bool)) -> usize {
    let mut end = u + 5;
    let mut code = code;
    if (0xD800..0xDC00).contains(&code) {
        let slashes = text.get(end..).unwrap_or_default().iter().take_while(|b| **b == b'\\').count();
        let low = (slashes > 0 && text.get(end + slashes) == Some(&b'u')).then(|| hex(text, end + slashes + 1, 4)).flatten();
        if let Some(low @ 0xDC00..=0xDFFF) = low {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            end += slashes + 5;
        }
    }
    let span = Span::new(at, end);
    if let Some(c) = char::from_u32(code) {
        let mut utf8 = [0; 4];
        for b in c.encode_utf8(&mut utf8).bytes() {
            emit(b, span, fresh, push);
        }
    }
    end
}

/// `%41` is a letter, `%20` is none.
#[cold]
fn percent(text: &[u8], at: usize, fresh: &mut bool, push: &mut impl FnMut(u8, Span, bool)) -> usize {
    match hex(text, at + 1, 2) {
        Some(byte) => {
            emit(byte as u8, Span::new(at, at + 3), fresh, push);
            at + 3
        }
        None => {
            *fresh = true;
            at + 1
        }
    }
}

fn emit(b: u8, span: Span, fresh: &mut bool, push: &mut impl FnMut(u8, Span, bool)) {
    if CLASS[usize::from(b)] == LETTER {
        push(b, span, *fresh);
        *fresh = false;
    } else {
        *fresh = true;
    }
}

fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    text.get(at..at + digits)?.iter().try_fold(0, |sum, b| Some(sum * 16 + (*b as char).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> String {
        let mut out = Vec::new();
        letters(text.as_bytes(), &mut true, |b, _, _| out.push(b));
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn every_spelling_has_the_same_letters() {
        let plain = only("He said \"naïve\"\n\tto O'Brien 😀");
        for text in [
            r#"He said \"naïve\"\n\tto O'Brien 😀"#,
            r#"He said \"na\u00efve\"\n\tto O'Brien \ud83d\ude00"#,
            r#"He said \\\"na\\u00efve\\\"\\n\\tto O'Brien \\ud83d\\ude00"#,
            r#"b'He said "na\xc3\xafve"\n\tto O\'Brien \xf0\x9f\x98\x80"#,
            "He sa\n  id \"naïve\" to O'Br\n  ien 😀",
            "He%20said%20na%C3%AFve%0A%09to%20O%27Brien%20%F0%9F%98%80",
        ] {
            assert_eq!(only(text.strip_prefix('b').unwrap_or(text).trim_start_matches('\'')), plain, "{text}");
        }
    }

    #[test]
    fn words_begin_behind_separators() {
        let mut starts = Vec::new();
        letters(b"ab-cd\\nef", &mut true, |b, _, fresh| {
            if fresh {
                starts.push(b as char);
            }
        });
        assert_eq!(starts, ['a', 'c', 'e']);
    }
}

//! Credentials that are cut into literals: `'sk-ant-…' + '…'`, one below the other, or with a line that goes on.
//!
//! The first piece is known by its shape or its name; the others have neither. They go by their place: a quote ends the
//! credential, and what joins two literals stands between it and the next.

use super::edit::{Edit, What};
use super::net::Net;
use super::vocabulary::{Origin, origin};
use crate::literal::Span;

/// No more than this stands between two literals.
const FARTHEST: usize = 160;
/// Of fewer bytes nothing can be told.
const SHORTEST: usize = 4;

/// Takes what the literals behind each credential add to it. Whether there was any.
pub(crate) fn find(text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) -> bool {
    let known = edits.len();
    let mut past = 0;
    for at in 0..known {
        let Some(edit) = edits.get(at).copied().filter(|edit| matches!(edit.what, What::Secret(_))) else { continue };
        // what follows a piece was followed from the first
        if edit.span.start < past {
            continue;
        }
        past = edit.span.end;
        while let Some(piece) = next(text, past) {
            net.secret(text, piece, edit.rule, edits);
            past = piece.end;
        }
    }
    edits.len() > known
}

/// The piece in the literal that is joined to one which ends at `end`.
fn next(text: &[u8], end: usize) -> Option<Span> {
    let rest = text.get(end..(end + FARTHEST).min(text.len()))?;
    let (start, quote) = match rest {
        // a line that goes on in the same literal
        [b'\\', b'\n', ..] => (2, None),
        [quote @ (b'"' | b'\'' | b'`'), behind @ ..] => {
            let joint = behind
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'+' | b'.' | b'&' | b'\\'))
                .count();
            let joins = behind.get(..joint)?.iter().any(|b| matches!(b, b'\n' | b'+' | b'.' | b'&'));
            (behind.get(joint) == Some(quote) && joins).then_some((joint + 2, Some(*quote)))?
        }
        _ => return None,
    };
    let start = end + start;
    let behind = text.get(start..)?;
    let len = behind
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+' | b'/' | b'='))
        .count();
    let piece = behind.get(..len)?;
    let ends = match quote {
        Some(quote) => behind.get(len) == Some(&quote),
        None => matches!(behind.get(len), Some(b'"' | b'\'' | b'`' | b'\\')),
    };
    // a path is the next argument, and so is a word
    let other = piece.starts_with(b"/")
        || piece.split(|b| !b.is_ascii_alphabetic()).all(|word| word.is_empty() || origin(word) != Origin::Unknown);
    (ends && len >= SHORTEST && !other).then(|| Span::new(start, start + len))
}

#[cfg(test)]
mod tests {
    use super::super::edit::starred;
    use super::super::tokens;
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn kept(text: &str) -> String {
        starred(text, |text, net, edits| {
            tokens::find(text, net, edits);
            find(text, net, edits);
        })
    }

    #[test]
    fn all_pieces_go() {
        let key = format!("sk-ant-api03-{}AA", "qB3x".repeat(23));
        let (a, b, c) = (&key[..40], &key[40..80], &key[80..]);
        for (text, left) in [
            (format!("x = '{a}' + '{b}' + '{c}';"), "x = '*' + '*' + '*';"),
            (format!("x: '{a}' +\n    '{b}' +\n    '{c}',\n"), "x: '*' +\n    '*' +\n    '*',\n"),
            (format!("Client('{a}'\n  '{b}'\n  '{c}')"), "Client('*'\n  '*'\n  '*')"),
            (format!("x = \"{a}\" .. \"{b}\""), "x = \"*\" .. \"*\""),
            (format!("x = \"{a}\\\n{b}\\\n{c}\""), "x = \"*\\\n*\\\n*\""),
        ] {
            assert_eq!(kept(&text), left);
        }
    }

    #[test]
    fn a_row_of_keys_is_followed_once() {
        let keys = vec![format!("'sk-ant-api03-{}AA'", "qB3x".repeat(23)); 50].join(" + ");
        let mut net = Net::new(RuleSet::builtin(), Classes::default());
        let mut edits = Vec::new();
        tokens::find(keys.as_bytes(), &mut net, &mut edits);
        find(keys.as_bytes(), &mut net, &mut edits);
        assert_eq!(edits.len(), 50 + 49);
    }

    #[test]
    fn what_is_no_piece_stays() {
        let key = format!("sk-ant-api03-{}AA", "qB3x".repeat(23));
        for rest in ["', 'b7Kq2'", "' 'b7Kq2'", "'\n  '/v1/messages'", "' + 'model'", "'\n'b7Kq2: x'"] {
            assert_eq!(kept(&format!("x = '{key}{rest}")), format!("x = '*{rest}"));
        }
    }
}

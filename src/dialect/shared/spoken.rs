//! What a line quotes of a conversation. People ask models about errors, and models answer: the words stand in logs
//! of requests that went well, and report nothing.

use crate::literal::{Event, Reader, Role, Span, State};
use crate::redact::Cleaner;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Names of what a person or a model said, whatever it is; of a failed request, some print its answer under them.
const NAMES: &[&[u8]] = &[
    b"text",
    b"content",
    b"completion",
    b"thinking",
    b"reasoning",
    b"reasoning_content",
    b"output_text",
    b"partial_json",
    b"arguments",
    b"delta",
    b"prompt",
];

static STANDS: LazyLock<Vec<Finder<'_>>> = LazyLock::new(|| NAMES.iter().map(Finder::new).collect());

/// The text with blanks for what it quotes of a conversation, byte for byte; nothing, where it quotes none. An
/// answer that is an error's document, or a page, is left.
#[must_use]
pub fn blanked(text: &[u8], clean: &mut Cleaner) -> Option<Vec<u8>> {
    let mut blanked: Option<Vec<u8>> = None;
    let mut said = clean.said(text);
    named(text, &mut said);
    for span in said.into_iter().filter(|span| !is_errors(span.of(text))) {
        let copy = blanked.get_or_insert_with(|| text.to_vec());
        copy.get_mut(span.range()).into_iter().for_each(|said| said.fill(b' '));
    }
    blanked
}

/// Adds what stands under the names.
fn named(text: &[u8], said: &mut Vec<Span>) {
    if STANDS.iter().all(|name| name.find(text).is_none()) {
        return;
    }
    let mut state = State::default();
    let mut of_name = false;
    for event in Reader::new(text, &mut state) {
        match event {
            Event::Key(key) => of_name = NAMES.contains(&key.name.of(text)),
            Event::Quoted(quoted) if of_name && matches!(quoted.role, Role::Value | Role::Joined) => {
                said.push(quoted.inner);
            }
            _ => of_name = false,
        }
    }
}

/// How far at the beginning of a document its kind stands.
const HEAD: usize = 40;

/// `{"type":"error",…`, `{\"error\":`, a page.
fn is_errors(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let head = text.get(..HEAD.min(text.len())).unwrap_or_default();
    match head {
        [b'{' | b'[', ..] => memchr::memmem::find(head, b"error").is_some(),
        [b'<', next, ..] => next.is_ascii_alphabetic() || *next == b'!',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    #[test]
    fn only_what_is_said_is_blanked() {
        let mut clean = Cleaner::new(RuleSet::builtin(), Classes::default());
        let mut blanked =
            |text: &str| blanked(text.as_bytes(), &mut clean).map(|b| String::from_utf8_lossy(&b).into_owned());
        assert_eq!(blanked("reply content='a 529' id=1").as_deref(), Some("reply content='     ' id=1"));
        let nested = r#"{"key":"gen_ai.input.messages","value":"[{\"role\":\"user\",\"content\":\"a 529\"}]"}"#;
        assert_eq!(blanked(nested).map(|text| text.contains("529")), Some(false));
        assert_eq!(
            blanked(r#"{"type":"text","text":"it\"s 500","n":1}"#).as_deref(),
            Some(r#"{"type":"text","text":"         ","n":1}"#)
        );
        for kept in [
            "status=529 body='Overloaded'",
            r#"text='{"type":"error","error":{"type":"overloaded_error"}}'"#,
            "content: <html>502 Bad Gateway</html>",
            "the text is 'overloaded_error'",
        ] {
            assert_eq!(blanked(kept), None, "{kept}");
        }
    }
}

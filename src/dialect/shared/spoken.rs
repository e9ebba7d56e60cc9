//! What a line quotes of a conversation. People ask models about errors, and models answer: the words stand in logs
//! of requests that went well, and report nothing.

use crate::literal::{Event, Reader, Role, Span, State};
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Names of what a person or a model said; of a failed request, some print its answer under them.
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
/// answer that is a document or a page is left: it may be an error's.
#[must_use]
pub fn blanked(text: &[u8]) -> Option<Vec<u8>> {
    STANDS.iter().find(|name| name.find(text).is_some())?;
    let mut state = State::default();
    let mut blanked: Option<Vec<u8>> = None;
    let mut said = false;
    for event in Reader::new(text, &mut state) {
        match event {
            Event::Key(key) => said = NAMES.contains(&key.name.of(text)),
            Event::Quoted(quoted) if said && matches!(quoted.role, Role::Value | Role::Joined) => {
                if !is_document(quoted.inner, text) {
                    let copy = blanked.get_or_insert_with(|| text.to_vec());
                    copy.get_mut(quoted.inner.range()).into_iter().for_each(|span| span.fill(b' '));
                }
            }
            _ => said = false,
        }
    }
    blanked
}

fn is_document(inner: Span, text: &[u8]) -> bool {
    matches!(inner.of(text).trim_ascii_start().first(), Some(b'{' | b'[' | b'<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_is_blanked() {
        let blanked = |text: &str| blanked(text.as_bytes()).map(|b| String::from_utf8_lossy(&b).into_owned());
        assert_eq!(blanked("reply content='a 529' id=1").as_deref(), Some("reply content='     ' id=1"));
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

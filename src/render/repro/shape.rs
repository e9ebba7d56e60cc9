//! The shape of an attempt, read from a packet. A packet is a file like any other: what is taken from it is
//! checked before it becomes code.

use serde_json::Value;
use std::collections::BTreeMap;

/// What no API takes.
const MAX_BYTES: u64 = 32 << 20;
const MAX_PARTS: u32 = 20_000;
/// Deeper schemas say no more.
const MAX_DEPTH: u32 = 24;

/// What a request is made of. Sizes are in characters of text and bytes of data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The model.
    pub model: Option<String>,
    /// Path of the URL.
    pub endpoint: Option<String>,
    /// What stands before it.
    pub base_url: Option<String>,
    /// Size of the body.
    pub bytes: Option<u64>,
    /// Number of messages.
    pub messages: u32,
    /// Messages by role.
    pub roles: BTreeMap<String, u32>,
    /// Blocks by type.
    pub blocks: BTreeMap<String, u32>,
    /// Text of all messages.
    pub text_chars: u64,
    /// The system prompt.
    pub system_chars: u64,
    /// Tools offered, where the field is there.
    pub tools: Option<u32>,
    /// How deep they nest.
    pub tool_depth: u32,
    /// Whether the answer is streamed, where it is said.
    pub stream: Option<bool>,
    /// The most tokens.
    pub max_tokens: Option<u64>,
    /// Whether thinking is on.
    pub thinking: Option<bool>,
    /// Media types and sizes.
    pub attachments: Vec<(String, u64)>,
}

/// Why there is no twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// The attempt has no payload.
    #[error("the packet does not show the shape of the request")]
    Missing,
    /// It is not one that anybody would send.
    #[error("the shape is larger than any API takes")]
    TooLarge,
    /// Its endpoint is of no API that is known.
    #[error("requests to its endpoint cannot be written: it is of another API")]
    Api,
}

impl Shape {
    /// Of an attempt of a packet, as JSON.
    ///
    /// # Errors
    /// Where the packet does not show it, or it is too large.
    pub fn of(attempt: &Value) -> Result<Self, ShapeError> {
        let payload = attempt.get("payload").filter(|p| p.is_object()).ok_or(ShapeError::Missing)?;
        let word = |value: &Value, name: &str, fits: fn(&str) -> bool| {
            value.get(name).and_then(Value::as_str).filter(|t| fits(t)).map(str::to_owned)
        };
        let number = |name: &str| payload.get(name).and_then(Value::as_u64);
        let small = |name: &str| number(name).map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let flag = |name: &str| payload.get(name).and_then(Value::as_bool);
        let attachments = payload.get("attachments").and_then(Value::as_array).into_iter().flatten();
        let shape = Self {
            model: word(attempt, "model", is_model),
            endpoint: word(attempt, "endpoint", is_path),
            base_url: word(attempt, "base_url", is_base),
            bytes: number("bytes"),
            messages: small("messages").ok_or(ShapeError::Missing)?,
            roles: counts(payload, "roles"),
            blocks: counts(payload, "blocks"),
            text_chars: number("text_chars").unwrap_or(0),
            system_chars: number("system_chars").unwrap_or(0),
            tools: small("tools"),
            tool_depth: small("tool_depth").unwrap_or(0).min(MAX_DEPTH),
            stream: flag("stream"),
            max_tokens: number("max_tokens"),
            thinking: flag("thinking"),
            attachments: attachments
                .take(MAX_PARTS as usize)
                .map(|a| {
                    (word(a, "kind", is_media).unwrap_or_default(), a.get("bytes").and_then(Value::as_u64).unwrap_or(0))
                })
                .collect(),
        };
        shape.bounded()
    }

    fn bounded(self) -> Result<Self, ShapeError> {
        let data = self.attachments.iter().map(|(_, bytes)| *bytes);
        let sizes =
            data.chain([self.text_chars, self.system_chars, self.bytes.unwrap_or(0)]).try_fold(0u64, u64::checked_add);
        let mut parts =
            self.roles.values().chain(self.blocks.values()).copied().chain([self.messages, self.tools.unwrap_or(0)]);
        let fits = sizes.is_some_and(|n| n <= 2 * MAX_BYTES) && parts.all(|n| n <= MAX_PARTS);
        if fits { Ok(self) } else { Err(ShapeError::TooLarge) }
    }
}

fn counts(payload: &Value, name: &str) -> BTreeMap<String, u32> {
    let entries = payload.get(name).and_then(Value::as_object).into_iter().flatten();
    let fits =
        entries.filter(|(name, _)| name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    fits.take(100)
        .filter_map(|(name, n)| Some((name.clone(), u32::try_from(n.as_u64()?).unwrap_or(u32::MAX))))
        .collect()
}

fn is_model(text: &str) -> bool {
    (1..=120).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:/@-".contains(&b))
}

fn is_path(text: &str) -> bool {
    text.starts_with('/')
        && text.len() <= 200
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~/:@-".contains(&b))
}

fn is_base(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    text.len() <= 200
        && host.is_some_and(|h| !h.is_empty() && h.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~/:-".contains(&b)))
}

fn is_media(text: &str) -> bool {
    text.len() <= 80 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"./+-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_taken_is_checked() {
        let shape = Shape::of(
            &json!({"model": "x'; rm -rf ~", "endpoint": "/v1/messages\n", "base_url": "https://gw.example.com/$(id)",
            "payload": {"messages": 1, "roles": {"user'": 1, "user": 1}}}),
        );
        let shape = shape.unwrap();
        assert_eq!((shape.model, shape.endpoint, shape.base_url), (None, None, None));
        assert_eq!(shape.roles.len(), 1);
        assert_eq!(
            Shape::of(&json!({"payload": {"messages": 1, "text_chars": u64::MAX, "system_chars": 5}})),
            Err(ShapeError::TooLarge)
        );
        assert_eq!(Shape::of(&json!({"payload": {"messages": 4_000_000_000u64}})), Err(ShapeError::TooLarge));
        assert_eq!(Shape::of(&json!({"payload": null})), Err(ShapeError::Missing));
    }
}

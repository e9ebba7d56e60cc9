//! The shape of a request's body: counts and classes, none of its text.

use super::clean::Clean;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a request's body is made of. A field is missing where the log does not show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Payload {
    /// Size of the body in bytes, where the log says or shows it whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Number of messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<u32>,
    /// Messages by role.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<Clean, u32>,
    /// Content blocks by type.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub blocks: BTreeMap<Clean, u32>,
    /// Characters of text in all messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_chars: Option<u64>,
    /// Characters of the system prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_chars: Option<u64>,
    /// Number of tools offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<u32>,
    /// The deepest nesting of a tool's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_depth: Option<u32>,
    /// Whether the answer was to be streamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// The most tokens that may be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// Whether extended thinking was on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thinking: Option<bool>,
    /// Images and documents by media type, with their size in bytes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Things about the shape that are often a mistake, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lint: Vec<&'static str>,
}

/// An image or a document in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attachment {
    /// Its media type, or `unknown`.
    pub kind: Clean,
    /// Its size in bytes, decoded, where the log shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl Payload {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A rough number of input tokens: four characters of text make one.
    #[must_use]
    pub fn estimated_tokens(&self) -> Option<u64> {
        let text = self.text_chars?;
        Some((text + self.system_chars.unwrap_or(0)).div_ceil(4))
    }
}

/// Names of what [`Payload::lint`] can hold.
pub const LINTS: [&str; 12] = [
    "no_messages",
    "unusual_role",
    "more_than_50_tools",
    "more_than_128_tools",
    "deep_tool_schema",
    "schema_refers_to_itself",
    "more_than_50k_tokens",
    "more_than_100k_tokens",
    "thinking_on_more_than_100k_tokens",
    "more_than_32_mb",
    "empty_content",
    "attachment_is_not_its_type",
];

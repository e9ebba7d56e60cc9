//! Bodies of requests: the model, the settings, and the shape of the rest.

use super::lint;
use crate::literal::Node;
use crate::model::{Attachment, Clean, Payload, Seen, UserBy};
use crate::redact::Cleaner;
use std::sync::Arc;

/// Objects nested deeper hold nothing that is counted.
const MAX_DEPTH: u32 = 24;

/// Whether an object looks like the body of a request to an LLM.
#[must_use]
pub fn is_request(body: &Node<'_>) -> bool {
    let has = |name: &str| body.get(name).is_some();
    (has("messages") || has("input") || has("prompt"))
        && (has("model") || has("max_tokens") || has("anthropic_version"))
        || has("contents")
        || has("messages") && has("inferenceConfig")
}

/// Reads the body of a request, of whatever provider.
pub fn read(body: &Node<'_>, clean: &mut Cleaner, seen: &mut Seen) {
    if let Some(model) = body.get("model").or_else(|| body.get("modelId")).and_then(Node::bytes) {
        seen.model = seen.model.take().or_else(|| clean.model(model));
    }
    // whom the caller names for the provider
    let user = body.at(&["metadata", "user_id"]).or_else(|| body.get("safety_identifier")).or_else(|| body.get("user"));
    if let Some(name) = user.and_then(Node::bytes) {
        seen.is_for(clean.user(UserBy::Request, name));
    }
    let payload = payload(body, clean);
    seen.stream = seen.stream.or(payload.stream);
    if seen.payload.is_none() && !payload.is_empty() {
        seen.payload = Some(Arc::new(payload));
    }
}

/// Reads the body of a request as it was sent.
pub fn sent(text: &[u8], clean: &mut Cleaner, seen: &mut Seen) {
    if let Some((body, _)) = Node::read(text).filter(|(body, _)| is_request(body)) {
        read(&body, clean, seen);
    }
}

/// The shape of a request's body.
#[must_use]
pub fn payload(body: &Node<'_>, clean: &mut Cleaner) -> Payload {
    let mut shape = Shape { clean, payload: Payload::default(), text: Text::default() };
    shape.body(body);
    let text = shape.text;
    let mut payload = shape.payload;
    if payload.messages.is_some() {
        payload.text_chars = text.known();
    }
    payload.lint = lint::lint(&payload, body);
    payload
}

struct Shape<'c> {
    clean: &'c mut Cleaner,
    payload: Payload,
    text: Text,
}

impl Shape<'_> {
    fn body(&mut self, body: &Node<'_>) {
        let p = &mut self.payload;
        p.stream = body.get("stream").and_then(Node::bool);
        let settings = body.get("inferenceConfig").or_else(|| body.get("generationConfig")).unwrap_or(body);
        let most = [
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "maxTokens",
            "maxOutputTokens",
            "max_tokens_to_sample",
        ];
        p.max_tokens =
            most.iter().find_map(|name| settings.get(name).or_else(|| body.get(name))).and_then(Node::number);
        p.thinking = body
            .get("thinking")
            .map(|t| t.get("type").and_then(Node::str) != Some("disabled"))
            .or_else(|| body.get("reasoning").map(|r| r.is_group()));
        if let Some(tools) = body.get("tools").or_else(|| body.at(&["toolConfig", "tools"])).filter(|t| t.is_group()) {
            p.tools = Some(tools.entries().count() as u32);
            p.tool_depth = tools.entries().map(|(_, tool)| depth(tool, 0)).max();
        }
        let system = body
            .get("system")
            .or_else(|| body.get("instructions"))
            .or_else(|| body.get("systemInstruction"))
            .or_else(|| body.get("system_instruction"));
        if let Some(system) = system {
            let mut text = Text::default();
            text.under(system, 0);
            self.payload.system_chars = text.known().filter(|chars| *chars > 0);
        }
        for list in ["messages", "input", "contents"] {
            match body.get(list) {
                Some(Node::Group(messages)) => {
                    self.payload.messages = Some(messages.len() as u32);
                    for (_, message) in messages {
                        self.message(message);
                    }
                    break;
                }
                Some(Node::Text(text)) => {
                    self.payload.messages = Some(1);
                    self.text.add(text);
                    break;
                }
                _ => {}
            }
        }
    }

    fn message(&mut self, message: &Node<'_>) {
        if let Some(role) = message.get("role").and_then(Node::bytes).and_then(|r| self.clean.word(r)) {
            *self.payload.roles.entry(role).or_insert(0) += 1;
        }
        match message.get("content").or_else(|| message.get("parts")) {
            Some(Node::Text(text)) => {
                self.count("text");
                self.text.add(text);
            }
            Some(Node::Group(blocks)) => {
                for (_, block) in blocks {
                    self.block(block);
                }
            }
            _ => {}
        }
    }

    fn block(&mut self, block: &Node<'_>) {
        let named = block.get("type").and_then(Node::bytes).and_then(|t| self.clean.word(t));
        // blocks of some providers are named by their only key
        let kind = named.or_else(|| {
            let (key, _) = block.entries().next()?;
            self.clean.word(key)
        });
        let Some(kind) = kind else { return };
        if matches!(
            kind.as_str(),
            "image" | "document" | "image_url" | "input_image" | "input_file" | "file" | "inlineData" | "inline_data"
        ) {
            self.attachment(block);
        }
        self.text.under(block, 0);
        self.count(kind.as_str());
    }

    fn count(&mut self, kind: &str) {
        *self.payload.blocks.entry(Clean::vouched(kind)).or_insert(0) += 1;
    }

    fn attachment(&mut self, block: &Node<'_>) {
        let source = ["source", "image_url", "inlineData", "inline_data", "image", "document", "file"]
            .iter()
            .find_map(|n| block.get(n))
            .unwrap_or(block);
        let url = source
            .get("url")
            .or_else(|| source.get("data"))
            .or_else(|| source.get("bytes"))
            .or_else(|| source.get("file_data"))
            .unwrap_or(source);
        let data = url.bytes().unwrap_or_default();
        let (prefix, base64) = match memchr::memchr(b',', data.get(..data.len().min(64)).unwrap_or_default())
            .filter(|_| data.starts_with(b"data:"))
        {
            Some(comma) => (data.get(5..comma).unwrap_or_default(), data.get(comma + 1..).unwrap_or_default()),
            None => (b"".as_slice(), data),
        };
        let named = source
            .get("media_type")
            .or_else(|| source.get("mimeType"))
            .or_else(|| source.get("format"))
            .and_then(Node::bytes);
        let kind = named.unwrap_or_else(|| prefix.split(|b| *b == b';').next().unwrap_or_default());
        let kind = self.clean.version(kind).unwrap_or_else(|| Clean::vouched("unknown"));
        let whole =
            base64.len() > 32 && base64.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
        let bytes = whole.then(|| (base64.len() / 4 * 3) as u64);
        if self.payload.attachments.len() < 100 {
            self.payload.attachments.push(Attachment { kind, bytes });
        }
    }
}

/// Characters of text.
#[derive(Default)]
struct Text {
    chars: u64,
    /// Somebody took text out and did not say how much.
    elided: bool,
}

impl Text {
    fn known(&self) -> Option<u64> {
        (!self.elided).then_some(self.chars)
    }

    fn add(&mut self, text: &[u8]) {
        match taken_out(text) {
            Some(Some(chars)) => self.chars = self.chars.saturating_add(chars),
            Some(None) => self.elided = true,
            None => self.chars = self.chars.saturating_add(text.iter().filter(|b| (**b as i8) >= -0x40).count() as u64),
        }
    }

    /// All text under a node, without names and settings.
    fn under(&mut self, node: &Node<'_>, depth: u32) {
        match node {
            Node::Text(text) => self.add(text),
            Node::Group(entries) if depth < MAX_DEPTH => {
                for (_, value) in entries.iter().filter(|(key, _)| !is_setting(key)) {
                    self.under(value, depth + 1);
                }
            }
            _ => {}
        }
    }
}

fn is_setting(key: &[u8]) -> bool {
    matches!(
        key,
        b"type"
            | b"id"
            | b"tool_use_id"
            | b"name"
            | b"media_type"
            | b"data"
            | b"signature"
            | b"cache_control"
            | b"url"
            | b"source"
            | b"image_url"
            | b"role"
    )
}

/// Whether a text stands for one that was taken out, and how long that was, where it says so: a log may have been
/// redacted before, by this program (`[text 532 chars]`) or by another.
fn taken_out(text: &[u8]) -> Option<Option<u64>> {
    /// What stands for a text is no longer than this.
    const LONGEST: usize = 40;
    let text = text.trim_ascii();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let counted = text.strip_prefix(b"[text ").and_then(|t| t.strip_suffix(b" chars]"));
    if let Some(chars) = counted.and_then(|n| std::str::from_utf8(n).ok()?.parse().ok()) {
        return Some(Some(chars));
    }
    let lower = text.to_ascii_lowercase();
    let says = |word: &str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    let stars = text.len() > 2 && text.iter().all(|b| *b == b'*');
    (stars || says("redacted") || matches!(lower.as_slice(), b"[array]" | b"[object]")).then_some(None)
}

/// How deep the schemas in a tool nest.
fn depth(node: &Node<'_>, level: u32) -> u32 {
    if level >= MAX_DEPTH {
        return level;
    }
    let mut deepest = 0;
    for (key, value) in node.entries() {
        let inner = depth(value, level + 1);
        deepest = deepest.max(inner + u32::from(key == b"properties"));
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn shape(text: &str) -> Payload {
        let (node, _) = Node::read(text.as_bytes()).unwrap();
        payload(&node, &mut Cleaner::new(RuleSet::builtin(), Classes::default()))
    }

    #[test]
    fn the_shape_is_counted() {
        let data = "iVBORw0KGgo".to_owned() + &"A".repeat(400);
        let p = shape(&format!(
            "{{'model': 'claude-sonnet-5', 'max_tokens': 1024, 'stream': True, 'system': 'You are brief.', 'tools': [{{'name': 'a', 'input_schema': {{'type': 'object', 'properties': {{'q': {{'type': 'string'}}}}}}}}], 'messages': [{{'role': 'user', 'content': 'Hello there'}}, {{'role': 'assistant', 'content': [{{'type': 'text', 'text': 'Hi'}}, {{'type': 'image', 'source': {{'type': 'base64', 'media_type': 'image/png', 'data': '{data}'}}}}]}}]}}"
        ));
        assert_eq!(
            (p.messages, p.max_tokens, p.stream, p.tools, p.system_chars),
            (Some(2), Some(1024), Some(true), Some(1), Some(14))
        );
        assert_eq!(p.text_chars, Some(13));
        assert_eq!(p.blocks.iter().map(|(k, n)| (k.as_str(), *n)).collect::<Vec<_>>(), [("image", 1), ("text", 2)]);
        assert_eq!(p.attachments, [Attachment { kind: Clean::vouched("image/png"), bytes: Some(306) }]);
        assert_eq!(p.tool_depth, Some(1));
    }

    #[test]
    fn what_was_taken_out_before_is_not_short() {
        let of = |text: &str| {
            let body = format!(
                r#"{{"model":"claude-sonnet-5","max_tokens":9,"messages":[{{"role":"user","content":"{text}"}}]}}"#
            );
            shape(&body).text_chars
        };
        assert_eq!(of("[text 532 chars]"), Some(532));
        assert_eq!((of("[REDACTED]"), of("redacted-by-litellm"), of("*****")), (None, None, None));
        assert_eq!(of("Hello"), Some(5));
    }

    #[test]
    fn other_providers_bodies_too() {
        let gemini = shape(
            r#"{"contents":[{"role":"user","parts":[{"text":"Hello"}]}],"generationConfig":{"maxOutputTokens":64}}"#,
        );
        assert_eq!((gemini.messages, gemini.max_tokens, gemini.text_chars), (Some(1), Some(64), Some(5)));
        let converse = shape(
            r#"{"messages":[{"role":"user","content":[{"text":"Hello"}]}],"system":[{"text":"Be brief"}],"inferenceConfig":{"maxTokens":300}}"#,
        );
        assert_eq!((converse.messages, converse.max_tokens, converse.system_chars), (Some(1), Some(300), Some(8)));
    }
}

//! Anthropic's Messages API.

use super::Api;
use super::body::{data, pad, text, tool_schema};
use super::plan::{Block, Message, Names, messages};
use super::shape::Shape;
use serde_json::{Map, Value, json};

pub const API: Api = Api {
    endpoint: "/messages",
    base_url: "https://api.anthropic.com",
    key: "ANTHROPIC_API_KEY",
    header: "x-api-key: ",
    headers: &[("anthropic-version", "2023-06-01")],
    body,
};

const NAMES: Names = Names {
    data: &["image", "document"],
    call: ("tool_use", "tool_result"),
    has_text: |kind| !matches!(kind, "image" | "document"),
    may_have: |role, kind| match kind {
        "tool_use" => role == "assistant",
        "image" | "document" | "tool_result" => role == "user",
        _ => true,
    },
};
/// Types that can be written; of others only who made them can.
const WRITTEN: &[&str] = &["text", "image", "document", "tool_use", "tool_result"];
/// The least that thinking may have.
const LEAST_THINKING: u64 = 1024;

fn body(shape: &Shape, notes: &mut Vec<String>) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), json!(shape.model.as_deref().unwrap_or("MODEL")));
    let max_tokens = shape.max_tokens.unwrap_or_else(|| {
        notes.push("the log does not show max_tokens".to_owned());
        LEAST_THINKING
    });
    body.insert("max_tokens".into(), json!(max_tokens));
    if let Some(stream) = shape.stream {
        body.insert("stream".into(), json!(stream));
    }
    match shape.thinking {
        Some(true) if max_tokens > LEAST_THINKING => {
            body.insert(
                "thinking".into(),
                json!({"type": "enabled", "budget_tokens": (max_tokens / 2).max(LEAST_THINKING)}),
            );
        }
        Some(true) => {
            body.insert("thinking".into(), json!({"type": "adaptive"}));
        }
        Some(false) => {
            body.insert("thinking".into(), json!({"type": "disabled"}));
        }
        None => {}
    }
    if shape.system_chars > 0 {
        body.insert("system".into(), json!(text(shape.system_chars as usize)));
    }
    // a tool that is called must be there
    if let Some(tools) = shape.tools {
        let tool = |n: u32| json!({"name": format!("tool_{n}"), "description": "A made-up tool.", "input_schema": tool_schema(shape.tool_depth)});
        body.insert("tools".into(), (1..=tools).map(tool).collect());
    }
    for (kind, n) in shape.blocks.iter().filter(|(kind, _)| !WRITTEN.contains(&kind.as_str())) {
        notes.push(format!("{n} blocks of type {kind} are text, they cannot be made up"));
    }
    body.insert("messages".into(), messages(shape, &NAMES).iter().map(message).collect());
    pad(&mut body, shape.bytes, |tool, text| tool["description"] = json!(text));
    Value::Object(body)
}

fn message(message: &Message) -> Value {
    let role = if message.role.is_empty() { "user" } else { &message.role };
    match message.blocks.as_slice() {
        [] => json!({"role": role, "content": text(1)}),
        [only] if only.kind == "text" => json!({"role": role, "content": text(only.chars)}),
        blocks => json!({"role": role, "content": blocks.iter().map(block).collect::<Vec<_>>()}),
    }
}

fn block(block: &Block) -> Value {
    let id = format!("toolu_{:024}", block.pair + 1);
    let (media, bytes) = block.data.clone().unwrap_or_default();
    match block.kind.as_str() {
        "image" => {
            let media = if media.starts_with("image/") { media.as_str() } else { "image/png" };
            json!({"type": "image", "source": {"type": "base64", "media_type": media, "data": data(media, bytes)}})
        }
        "document" if media == "text/plain" => {
            json!({"type": "document", "source": {"type": "text", "media_type": media, "data": text(bytes)}})
        }
        "document" => {
            json!({"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": data("application/pdf", bytes)}})
        }
        "tool_use" => json!({"type": "tool_use", "id": id, "name": "tool_1", "input": {"value": text(block.chars)}}),
        "tool_result" => json!({"type": "tool_result", "tool_use_id": id, "content": text(block.chars)}),
        _ => json!({"type": "text", "text": text(block.chars)}),
    }
}

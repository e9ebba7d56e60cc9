//! OpenAI's Responses API.

use super::Api;
use super::body::{data, pad, text, tool_schema};
use super::openai_chat;
use super::plan::{Block, Message, Names, messages};
use super::shape::Shape;
use serde_json::{Map, Value, json};

pub const API: Api = Api { endpoint: "/responses", body, ..openai_chat::API };

const NAMES: Names = Names {
    data: &["input_image", "input_file"],
    call: ("", ""),
    has_text: |kind| !matches!(kind, "input_image" | "input_file"),
    may_have: |role, kind| match kind {
        "output_text" | "refusal" => role == "assistant",
        "input_text" => role != "assistant" && !role.is_empty(),
        "input_image" | "input_file" => role == "user",
        _ => !role.is_empty(),
    },
};

fn body(shape: &Shape, notes: &mut Vec<String>) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), json!(shape.model.as_deref().unwrap_or("MODEL")));
    if let Some(most) = shape.max_tokens {
        body.insert("max_output_tokens".into(), json!(most));
    }
    if let Some(stream) = shape.stream {
        body.insert("stream".into(), json!(stream));
    }
    if shape.system_chars > 0 {
        body.insert("instructions".into(), json!(text(shape.system_chars as usize)));
    }
    if shape.thinking == Some(true) {
        body.insert("reasoning".into(), json!({"effort": "medium"}));
    }
    if let Some(tools) = shape.tools {
        let tool = |n: u32| json!({"type": "function", "name": format!("tool_{n}"), "description": "A made-up tool.", "parameters": tool_schema(shape.tool_depth)});
        body.insert("tools".into(), (1..=tools).map(tool).collect());
    }
    let planned = messages(shape, &NAMES);
    let silent = planned.iter().filter(|m| m.role.is_empty()).count();
    if silent > 0 && !shape.roles.is_empty() {
        notes.push(format!("{silent} items without a role are calls of a tool and their results"));
    }
    let input = if shape.roles.is_empty() && shape.messages == 1 {
        json!(text(shape.text_chars as usize))
    } else {
        items(&planned)
    };
    body.insert("input".into(), input);
    pad(&mut body, shape.bytes, |tool, text| tool["description"] = json!(text));
    Value::Object(body)
}

fn items(planned: &[Message]) -> Value {
    let mut silent = 0;
    let mut item = |message: &Message| {
        if !message.role.is_empty() {
            let content: Value = match message.blocks.as_slice() {
                [] => Value::Null,
                [only] if only.kind == "text" => json!(text(only.chars)),
                blocks => blocks.iter().map(|b| block(b, &message.role)).collect(),
            };
            return json!({"role": message.role, "content": content});
        }
        silent += 1;
        let id = format!("call_{:024}", (silent - 1) / 2);
        if silent % 2 == 1 {
            json!({"type": "function_call", "call_id": id, "name": "tool_1", "arguments": "{}"})
        } else {
            json!({"type": "function_call_output", "call_id": id, "output": "."})
        }
    };
    planned.iter().map(&mut item).collect()
}

fn block(block: &Block, role: &str) -> Value {
    let (media, bytes) = block.data.clone().unwrap_or_default();
    match block.kind.as_str() {
        "input_image" => {
            let media = if media.starts_with("image/") { media.as_str() } else { "image/png" };
            json!({"type": "input_image", "image_url": format!("data:{media};base64,{}", data(media, bytes))})
        }
        "input_file" => {
            json!({"type": "input_file", "filename": "made-up.pdf", "file_data": format!("data:application/pdf;base64,{}", data("application/pdf", bytes))})
        }
        _ => json!({"type": if role == "assistant" { "output_text" } else { "input_text" }, "text": text(block.chars)}),
    }
}

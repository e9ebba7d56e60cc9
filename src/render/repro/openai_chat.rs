//! OpenAI's Chat Completions API, and the many that answer like it.

use super::Api;
use super::body::{data, pad, text, tool_schema};
use super::plan::{Block, Message, Names, messages};
use super::shape::Shape;
use serde_json::{Map, Value, json};

pub const API: Api = Api {
    endpoint: "/chat/completions",
    base_url: "https://api.openai.com",
    key: "OPENAI_API_KEY",
    header: "authorization: Bearer ",
    headers: &[],
    body,
};

const NAMES: Names = Names {
    data: &["image_url", "file"],
    // calls are no blocks here
    call: ("", ""),
    has_text: |kind| !matches!(kind, "image_url" | "file"),
    may_have: |role, kind| role == "user" || !matches!(kind, "image_url" | "file"),
};

fn body(shape: &Shape, notes: &mut Vec<String>) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), json!(shape.model.as_deref().unwrap_or("MODEL")));
    if let Some(most) = shape.max_tokens {
        body.insert("max_completion_tokens".into(), json!(most));
    }
    if let Some(stream) = shape.stream {
        body.insert("stream".into(), json!(stream));
    }
    if let Some(tools) = shape.tools {
        let function = |n: u32| json!({"name": format!("tool_{n}"), "description": "A made-up tool.", "parameters": tool_schema(shape.tool_depth)});
        body.insert(
            "tools".into(),
            (1..=tools).map(|n| json!({"type": "function", "function": function(n)})).collect(),
        );
    }
    for (kind, n) in shape.blocks.iter().filter(|(kind, _)| !matches!(kind.as_str(), "text" | "image_url" | "file")) {
        notes.push(format!("{n} blocks of type {kind} are text, they cannot be made up"));
    }
    let mut calls = Calls::default();
    let planned = messages(shape, &NAMES);
    let answers = |from: usize| planned.iter().skip(from + 1).take_while(|m| m.role == "tool").count();
    body.insert("messages".into(), planned.iter().enumerate().map(|(i, m)| calls.message(m, answers(i))).collect());
    pad(&mut body, shape.bytes, |tool, text| tool["function"]["description"] = json!(text));
    Value::Object(body)
}

/// Numbers of calls that wait for their results.
#[derive(Default)]
struct Calls {
    made: usize,
    answered: usize,
}

impl Calls {
    /// A message; `answers` are the messages of tools behind it.
    fn message(&mut self, message: &Message, answers: usize) -> Value {
        let role = if message.role.is_empty() { "user" } else { &message.role };
        let content = match message.blocks.as_slice() {
            [] => Value::Null,
            [only] if only.kind == "text" => json!(text(only.chars)),
            blocks => blocks.iter().map(block).collect(),
        };
        let id = |n: usize| format!("call_{n:024}");
        match role {
            "assistant" if answers > 0 => {
                let from = self.made;
                self.made += answers;
                let call = |n: usize| json!({"id": id(n), "type": "function", "function": {"name": "tool_1", "arguments": "{}"}});
                json!({"role": role, "content": content, "tool_calls": (from..self.made).map(call).collect::<Vec<_>>()})
            }
            "tool" => {
                self.answered += 1;
                json!({"role": role, "tool_call_id": id(self.answered - 1), "content": content})
            }
            _ => json!({"role": role, "content": content}),
        }
    }
}

fn block(block: &Block) -> Value {
    let (media, bytes) = block.data.clone().unwrap_or_default();
    match block.kind.as_str() {
        "image_url" => {
            let media = if media.starts_with("image/") { media.as_str() } else { "image/png" };
            json!({"type": "image_url", "image_url": {"url": format!("data:{media};base64,{}", data(media, bytes))}})
        }
        "file" => {
            json!({"type": "file", "file": {"filename": "made-up.pdf", "file_data": format!("data:application/pdf;base64,{}", data("application/pdf", bytes))}})
        }
        _ => json!({"type": "text", "text": text(block.chars)}),
    }
}

//! Shapes of request bodies that are often a mistake: hints, no verdicts.

use crate::literal::Node;
use crate::model::Payload;

/// How deep schemas and messages are looked into.
const MAX_DEPTH: u32 = 24;

/// Things about the shape that are often a mistake; hints, no verdicts.
pub fn lint(payload: &Payload, body: &Node<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut add = |when: bool, name: &'static str| {
        if when {
            found.push(name);
        }
    };
    add(payload.messages == Some(0), "no_messages");
    add(
        payload.roles.keys().any(|r| {
            !matches!(r.as_str(), "user" | "assistant" | "system" | "tool" | "developer" | "model" | "function")
        }),
        "unusual_role",
    );
    let tools = payload.tools.unwrap_or(0);
    add((51..=128).contains(&tools), "more_than_50_tools");
    add(tools > 128, "more_than_128_tools");
    add(payload.tool_depth.is_some_and(|d| d >= 5), "deep_tool_schema");
    let tokens = payload.estimated_tokens().unwrap_or(0);
    add((50_001..=100_000).contains(&tokens), "more_than_50k_tokens");
    add(tokens > 100_000, "more_than_100k_tokens");
    add(tokens > 100_000 && payload.thinking == Some(true), "thinking_on_more_than_100k_tokens");
    add(payload.bytes.is_some_and(|n| n > 32 << 20), "more_than_32_mb");
    let empty = |m: &Node<'_>| {
        matches!(m.get("content"), Some(Node::Text(t)) if t.is_empty())
            || matches!(m.get("content"), Some(Node::Group(g)) if g.is_empty())
    };
    add(body.get("messages").is_some_and(|m| m.entries().any(|(_, m)| empty(m))), "empty_content");
    add(
        body.get("tools").is_some_and(|t| t.entries().any(|(_, tool)| refers_to_itself(tool))),
        "schema_refers_to_itself",
    );
    add(body.get("messages").is_some_and(|m| has_broken_data(m, 0)), "attachment_is_not_its_type");
    found
}

/// More definitions than a schema has that people write.
const MAX_DEFS: usize = 64;

/// Whether a tool's schema has a definition that leads back to itself by `$ref`.
fn refers_to_itself(tool: &Node<'_>) -> bool {
    let schema = ["input_schema", "parameters"].iter().find_map(|name| tool.get(name));
    let Some(schema) = schema.or_else(|| tool.get("function")?.get("parameters")) else { return false };
    let defs: Vec<(&[u8], &Node<'_>)> = ["$defs", "definitions"]
        .iter()
        .filter_map(|name| schema.get(name))
        .flat_map(Node::entries)
        .take(MAX_DEFS)
        .collect();
    let leads: Vec<Vec<usize>> = defs
        .iter()
        .map(|(_, def)| {
            let mut names = Vec::new();
            references(def, 0, &mut names);
            defs.iter().enumerate().filter(|(_, (name, _))| names.contains(name)).map(|(i, _)| i).collect()
        })
        .collect();
    (0..defs.len()).any(|start| {
        let (mut seen, mut next) = (vec![false; defs.len()], vec![start]);
        while let Some(at) = next.pop() {
            for to in leads.get(at).into_iter().flatten() {
                if *to == start {
                    return true;
                }
                if let Some(new) = seen.get_mut(*to).filter(|seen| !**seen) {
                    *new = true;
                    next.push(*to);
                }
            }
        }
        false
    })
}

/// Names of the definitions to which a schema refers.
fn references<'n>(node: &'n Node<'_>, level: u32, names: &mut Vec<&'n [u8]>) {
    for (key, value) in node.entries() {
        match value.bytes().filter(|_| key == b"$ref").and_then(|path| path.rsplit(|b| *b == b'/').next()) {
            Some(name) => names.push(name),
            None if level < MAX_DEPTH => references(value, level + 1, names),
            None => {}
        }
    }
}

/// Whether an attachment's data does not begin as its type does. Logs shorten such data, and what was shortened tells
/// nothing.
fn has_broken_data(node: &Node<'_>, level: u32) -> bool {
    let begins = |kind: &[u8]| match kind {
        b"image/png" => Some("iVBORw0KGgo"),
        b"image/jpeg" => Some("/9j/"),
        b"image/gif" => Some("R0lGOD"),
        b"image/webp" => Some("UklGR"),
        b"application/pdf" => Some("JVBERi"),
        _ => None,
    };
    let data = node.get("data").and_then(Node::bytes).filter(|d| d.len() >= SHORTEST_DATA);
    if let (Some(kind), Some(data)) = (node.get("media_type").and_then(Node::bytes), data) {
        let sound = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        let whole = data.iter().all(sound);
        return whole && begins(kind).is_some_and(|begin| !data.starts_with(begin.as_bytes()));
    }
    level < MAX_DEPTH && node.entries().any(|(_, inner)| has_broken_data(inner, level + 1))
}

/// Shorter data is a stand-in.
const SHORTEST_DATA: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn hints(text: &str) -> Vec<&'static str> {
        let (node, _) = Node::read(text.as_bytes()).unwrap();
        lint(&Payload::default(), &node)
    }

    #[test]
    fn a_schema_that_leads_back_to_itself() {
        let tool = |a: &str, b: &str| {
            format!(
                r##"{{"tools":[{{"name":"t","input_schema":{{"$defs":{{"a":{{"items":{{"$ref":"#/$defs/{a}"}}}},"b":{{"items":{{"$ref":"#/$defs/{b}"}}}}}}}}}}]}}"##
            )
        };
        assert_eq!(hints(&tool("b", "a")), ["schema_refers_to_itself"]);
        assert_eq!(hints(&tool("b", "b")), ["schema_refers_to_itself"]);
        assert_eq!(hints(&tool("b", "c")), [""; 0]);
    }

    #[test]
    fn data_that_is_not_what_it_says() {
        let body = |data: &str| {
            format!(
                r#"{{"messages":[{{"role":"user","content":[{{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{data}"}}}}]}}]}}"#
            )
        };
        let rest = "A".repeat(80);
        assert_eq!(hints(&body(&format!("AAAA{rest}"))), ["attachment_is_not_its_type"]);
        assert_eq!(hints(&body(&format!("iVBORw0KGgo{rest}"))), [""; 0]);
        assert_eq!(hints(&body(&format!("iVBORw0KGgo{rest}... 900 more"))), [""; 0]);
        assert_eq!(hints(&body("<image>")), [""; 0]);
    }
}

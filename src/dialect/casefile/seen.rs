//! What logs showed of an attempt, read back. Every value is checked again: a file may have been written by anybody.

use crate::literal::Node;
use crate::model::{Attachment, Clean, Client, Id, IdKind, LINTS, Limit, Marks, Payload, Seen, Trouble, User, UserBy};
use crate::redact::Cleaner;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Of a list so much is read.
const MAX_LIST: usize = 64;
const ID_KINDS: &[IdKind] = &[
    IdKind::ProviderRequest,
    IdKind::GatewayRequest,
    IdKind::EdgeRay,
    IdKind::Message,
    IdKind::ToolCall,
    IdKind::Trace,
    IdKind::Span,
    IdKind::Session,
    IdKind::Correlation,
    IdKind::Call,
    IdKind::Object,
    IdKind::Organization,
];
const AUTHS: &[&str] = &["api_key", "oauth", "bearer", "basic", "sigv4"];

/// All that the fields show.
pub(super) fn seen(fields: &Node<'_>, clean: &mut Cleaner) -> Seen {
    let bytes = |name: &str| fields.get(name).and_then(Node::bytes);
    let text = |name: &str| fields.get(name).and_then(Node::str);
    Seen {
        status: number(fields, "status"),
        reported_status: number(fields, "reported_status"),
        error_type: bytes("error_type").and_then(|v| clean.word(v)),
        error_code: bytes("error_code").and_then(|v| clean.word(v)),
        exception: bytes("exception").and_then(|v| clean.word(v)),
        cause: bytes("cause").and_then(|v| clean.word(v)),
        message: bytes("error_message").and_then(|v| clean.message(v)),
        trouble: text("trouble").and_then(Trouble::named),
        request_id: bytes("request_id").and_then(|v| clean.request_id(v)),
        ids: ids(fields, clean),
        model: bytes("model").and_then(|v| clean.model(v)),
        model_group: bytes("model_group").and_then(|v| clean.model(v)),
        model_used: bytes("model_used").and_then(|v| clean.model(v)),
        method: bytes("method").and_then(|v| clean.word(v)),
        endpoint: bytes("endpoint").and_then(|v| clean.path(v)),
        base_url: bytes("base_url").and_then(|v| clean.base_url(v)),
        region: bytes("region").and_then(|v| clean.version(v)),
        stream: fields.get("stream").and_then(Node::bool),
        elapsed_ms: number(fields, "elapsed_ms"),
        wait_ms: number(fields, "wait_ms"),
        retry_after_s: number(fields, "retry_after_s"),
        retries_left: number(fields, "retries_left"),
        number: number(fields, "number"),
        earlier: number(fields, "earlier"),
        most: number(fields, "most"),
        server_ms: number(fields, "server_ms"),
        payload: fields.get("payload").map(|p| payload(p, clean)).filter(|p| !p.is_empty()).map(Arc::new),
        client: fields.get("client").map(|c| Arc::new(client(c, clean))),
        marks: marks(fields),
        auth: text("auth").and_then(|name| AUTHS.iter().copied().find(|a| *a == name)),
        timeout_s: number(fields, "timeout_s"),
        user: user(fields, clean),
        limits: limits(fields),
    }
}

fn limits(fields: &Node<'_>) -> Box<[Limit]> {
    let rows = fields.get("limits").into_iter().flat_map(Node::entries).take(MAX_LIST);
    rows.filter_map(|(_, row)| {
        Some(Limit {
            what: Limit::named(row.get("what").and_then(Node::str)?)?,
            limit: number(row, "limit"),
            remaining: number(row, "remaining"),
            resets_ms: number(row, "resets_ms"),
            resets_in_ms: number(row, "resets_in_ms"),
        })
    })
    .collect()
}

/// The user, by a mark that is the same in all runs with one key: numbers of two runs may be one user, or two.
fn user(fields: &Node<'_>, clean: &mut Cleaner) -> Option<User> {
    let text = |name: &str| fields.get(name).and_then(Node::str);
    let by = text("user_by").and_then(UserBy::named)?;
    clean.marked_user(by, u64::from_str_radix(text("user_mark")?, 16).ok()?)
}

/// A number, where the field is there and is one.
pub(super) fn number<T: std::str::FromStr>(fields: &Node<'_>, name: &str) -> Option<T> {
    fields.get(name).and_then(Node::number)
}

fn ids(fields: &Node<'_>, clean: &mut Cleaner) -> Vec<Id> {
    let rows = fields.get("ids").into_iter().flat_map(Node::entries).take(MAX_LIST);
    rows.filter_map(|(_, row)| {
        let kind = row.get("kind").and_then(Node::str)?;
        Some(Id {
            kind: ID_KINDS.iter().copied().find(|k| k.name() == kind)?,
            name: row.get("name").and_then(Node::bytes).and_then(|name| clean.word(name)),
            value: clean.id(row.get("value").and_then(Node::bytes)?)?,
        })
    })
    .collect()
}

fn client(fields: &Node<'_>, clean: &mut Cleaner) -> Client {
    let mut part = |name: &str| fields.get(name).and_then(Node::bytes).and_then(|v| clean.version(v));
    Client { name: part("name"), version: part("version"), runtime: part("runtime"), os: part("os") }
}

fn marks(fields: &Node<'_>) -> Marks {
    Marks::which(|name| {
        fields.get("marks").into_iter().flat_map(Node::entries).take(MAX_LIST).any(|(_, m)| m.str() == Some(name))
    })
}

fn payload(fields: &Node<'_>, clean: &mut Cleaner) -> Payload {
    let attachments = fields.get("attachments").into_iter().flat_map(Node::entries).take(MAX_LIST);
    let attachments = attachments.filter(|(_, a)| a.is_group()).map(|(_, a)| {
        let kind = a.get("kind").and_then(Node::bytes).and_then(|kind| clean.version(kind));
        Attachment { kind: kind.unwrap_or_else(|| Clean::vouched("unknown")), bytes: number(a, "bytes") }
    });
    let attachments = attachments.collect();
    let lint = fields
        .get("lint")
        .into_iter()
        .flat_map(Node::entries)
        .filter_map(|(_, l)| LINTS.iter().copied().find(|known| l.str() == Some(known)));
    Payload {
        bytes: number(fields, "bytes"),
        messages: number(fields, "messages"),
        roles: counts(fields.get("roles"), clean),
        blocks: counts(fields.get("blocks"), clean),
        text_chars: number(fields, "text_chars"),
        system_chars: number(fields, "system_chars"),
        tools: number(fields, "tools"),
        tool_depth: number(fields, "tool_depth"),
        stream: fields.get("stream").and_then(Node::bool),
        max_tokens: number(fields, "max_tokens"),
        thinking: fields.get("thinking").and_then(Node::bool),
        attachments,
        lint: lint.take(MAX_LIST).collect(),
    }
}

fn counts(fields: Option<&Node<'_>>, clean: &mut Cleaner) -> BTreeMap<Clean, u32> {
    let rows = fields.into_iter().flat_map(Node::entries).take(MAX_LIST);
    rows.filter_map(|(name, n)| Some((clean.word(name)?, n.number()?))).collect()
}

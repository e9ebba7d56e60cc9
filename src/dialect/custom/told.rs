//! What a user can say that a field tells, and how its value is read: by the same readers and cleaners as
//! the fields of every other log.

use crate::dialect::entry;
use crate::dialect::shared::fields::{self, Field};
use crate::literal::{Node, Timestamp};
use crate::model::{Id, IdKind, Link, LinkKind, Seen};
use crate::redact::Cleaner;

/// A path has no more parts: it is tried with every dot as part of a name, too.
pub const MAX_PARTS: usize = 8;

/// What a field tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// When.
    Time,
    /// The caller's own id of a call: all attempts of it have the same.
    Call,
    /// What a field of any structured log can tell.
    Field(Field),
}

/// The names under which users say it.
pub const NAMES: &[(&str, Told)] = &[
    ("time", Told::Time),
    ("status", Told::Field(Field::Status)),
    ("error_type", Told::Field(Field::ErrorType)),
    ("error_code", Told::Field(Field::ErrorCode)),
    ("exception", Told::Field(Field::Exception)),
    ("message", Told::Field(Field::ErrorText)),
    ("request_id", Told::Field(Field::ProviderRequest)),
    ("gateway_id", Told::Field(Field::GatewayRequest)),
    ("edge_id", Told::Field(Field::Ray)),
    ("call_id", Told::Call),
    ("correlation", Told::Field(Field::Correlation)),
    ("trace", Told::Field(Field::Trace)),
    ("span", Told::Field(Field::Span)),
    ("session", Told::Field(Field::Session)),
    ("model", Told::Field(Field::Model)),
    ("method", Told::Field(Field::Method)),
    ("endpoint", Told::Field(Field::Path)),
    ("url", Told::Field(Field::Url)),
    ("base_url", Told::Field(Field::Base)),
    ("region", Told::Field(Field::Region)),
    ("user", Told::Field(Field::EndUser)),
    ("stream", Told::Field(Field::Stream)),
    ("elapsed_ms", Told::Field(Field::Millis)),
    ("elapsed_s", Told::Field(Field::Seconds)),
    ("attempt", Told::Field(Field::Attempt)),
    ("retries", Told::Field(Field::Retries)),
    ("max_attempts", Told::Field(Field::Most)),
    ("wait_ms", Told::Field(Field::WaitMillis)),
    ("wait_s", Told::Field(Field::WaitSeconds)),
    ("retry_after_s", Told::Field(Field::RetryAfter)),
    ("headers", Told::Field(Field::Headers)),
    ("request_body", Told::Field(Field::Request_)),
    ("response_body", Told::Field(Field::Response)),
];

/// Those of which one must be known, or a record says nothing of how an attempt ended.
pub const ENDS: &[&str] = &["status", "error_type", "exception", "message", "request_id", "headers", "response_body"];

/// What the fields of one record told.
#[derive(Debug, Default)]
pub struct Telling {
    pub time: Option<Timestamp>,
    pub seen: Seen,
    pub links: Vec<Link>,
}

impl Telling {
    /// Reads a value.
    pub fn read(&mut self, told: Told, value: &Node<'_>, clean: &mut Cleaner) {
        match told {
            Told::Time => self.time = self.time.or_else(|| entry::time_of(value.bytes()?)),
            Told::Call => {
                if let Some(link) = value.bytes().and_then(|v| entry::link(LinkKind::Call, v, clean)) {
                    self.seen.add_id(Id { kind: IdKind::Call, name: None, value: link.value.clone() });
                    self.links.push(link);
                }
            }
            Told::Field(field) => fields::value(field, value, clean, &mut self.seen, &mut self.links),
        }
    }

    /// Whether it tells how an attempt ended.
    pub fn ends(&self) -> bool {
        let seen = &self.seen;
        seen.status.is_some() || seen.request_id.is_some() || seen.failed()
    }

    /// What it told, and where it told nothing what `rest` does: what the user named counts.
    pub fn completed(self, mut rest: Seen) -> Seen {
        let mut seen = self.seen;
        if seen.status.is_some() {
            rest.status = None;
        }
        seen.complete(&rest);
        if let Some(own) = &seen.request_id {
            seen.ids.retain(|id| id.value != *own);
        }
        seen
    }
}

/// The value at a path with dots: each may be a step into an object or part of a name. Header lists in every
/// shape are objects here, and a list of one is what is in it.
pub fn at<'n, 't>(node: &'n Node<'t>, path: &str) -> Option<&'n Node<'t>> {
    let whole = node.get(path).or_else(|| node.header(path)).map(|value| {
        let only = match value {
            Node::Group(entries) => entries.first().filter(|(name, _)| entries.len() == 1 && name.is_empty()),
            _ => None,
        };
        only.map_or(value, |(_, inner)| inner)
    });
    whole.or_else(|| {
        let dots = path.match_indices('.');
        dots.filter_map(|(dot, _)| path.split_at_checked(dot)).find_map(|(name, rest)| {
            let inner = node.get(name).filter(|n| n.is_group())?;
            at(inner, rest.strip_prefix('.')?)
        })
    })
}

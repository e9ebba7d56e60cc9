//! What one record tells of the attempts it belongs to.

use super::clean::Clean;
use super::place::Place;
use super::seen::Seen;
use crate::literal::Timestamp;

/// What a dialect understood of a record.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Where the record begins.
    pub place: Place,
    /// Which of the input's sources wrote it: services whose lines interleave are told apart.
    pub source: u32,
    /// When, as far as the record says.
    pub time: Option<Timestamp>,
    /// Whether the time is that of an earlier record that this one follows.
    pub time_inherited: bool,
    /// The dialect.
    pub dialect: &'static str,
    /// Whose view it is.
    pub layer: Layer,
    /// Which part of an attempt it tells of.
    pub stage: Stage,
    /// What joins it to other facts.
    pub links: Vec<Link>,
    /// What it shows.
    pub seen: Seen,
}

/// Whose view of an attempt a record gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The program that made the call, and its libraries.
    Client,
    /// A gateway that makes calls of its own on the client's behalf.
    Gateway,
    /// A proxy that passes requests on.
    Proxy,
}

impl Layer {
    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Layer::Client => "client",
            Layer::Gateway => "gateway",
            Layer::Proxy => "proxy",
        }
    }
}

/// Which part of an attempt a record tells of. Where several libraries log the same step, the number says
/// in which order: an attempt goes through each step once, and through its parts upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It begins.
    Begin(u8),
    /// Its response begins, or the lack of one is certain.
    Response(u8),
    /// More about the response that came last.
    Detail,
    /// It failed, and another attempt will follow.
    Retry,
    /// The error as the caller saw it: the last attempt's.
    Error,
    /// The record tells the whole attempt.
    Whole,
    /// Something that holds for the attempts after it: the model that a warning names.
    Context,
}

/// Something that two facts of the same attempt, or of the same call, have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// Its value.
    pub value: Clean,
}

/// What joins facts; from [`LinkKind::Call`] on, attempts of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// The provider's id of the request.
    Request,
    /// The client's own number of the attempt: `log_1a2b3c`.
    Attempt,
    /// A span of a trace.
    Span,
    /// The client's own number of the call: the first attempt's, an idempotency key.
    Call,
    /// The gateway's id of the request it got; behind it there may be several attempts.
    Gateway,
    /// A trace, a correlation id.
    Trace,
    /// A session, with the number of the request in it where there is one.
    Session,
}

impl LinkKind {
    /// What it says of two facts that share it, in a packet.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            LinkKind::Request => "request id",
            LinkKind::Attempt => "attempt id",
            LinkKind::Span => "span",
            LinkKind::Call => "call id",
            LinkKind::Gateway => "gateway id",
            LinkKind::Trace => "trace id",
            LinkKind::Session => "session",
        }
    }
}

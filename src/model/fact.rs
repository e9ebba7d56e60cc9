//! What one record tells of the attempts it belongs to.

use super::clean::Clean;
use super::part::Part;
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
    /// A hash of how the record begins, digits aside: two records with the same form were printed by the
    /// same line of code.
    pub form: u64,
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
    /// What another run concluded from its source: the fact is nothing else.
    pub told: Option<Box<Part>>,
}

/// Whose view of an attempt a record gives; the later, the nearer to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The program that made the call, and its libraries.
    Client,
    /// A proxy that passes requests on.
    Proxy,
    /// A gateway that makes calls of its own on the client's behalf.
    Gateway,
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
    /// More about the attempt that is under way, if there is one: by itself it does not say whose it is.
    Part,
    /// The attempt that is under way failed, and another will follow; nothing, if there is none.
    PartRetry,
    /// A request line, shown in passing: of an attempt, if what follows is about one.
    Asks,
    /// A status line, shown in passing.
    Answers,
    /// A failure without a response, told in a few words: of the attempt that is under way; nothing, if there is none.
    Fails,
    /// It failed, and another attempt will follow.
    Retry,
    /// The error as the caller saw it: the last attempt's.
    Error,
    /// The record tells the whole attempt.
    Whole,
    /// The record tells what another run found in a source: nothing is to be found out about that.
    Told,
    /// What a server answered its client, whatever it did for it: of a gateway, the last step of a call.
    Answer,
    /// Something that holds for the attempts after it: the model that a warning names.
    Context,
}

impl Stage {
    /// Its name, for who looks at how a log is read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Begin(_) => "begin",
            Stage::Response(_) => "response",
            Stage::Answer => "answer",
            Stage::Detail => "detail",
            Stage::Part => "part",
            Stage::PartRetry => "part, to be retried",
            Stage::Asks => "request shown",
            Stage::Answers => "status shown",
            Stage::Fails => "failure shown",
            Stage::Retry => "retry",
            Stage::Error => "error",
            Stage::Whole => "whole attempt",
            Stage::Told => "part of an attempt",
            Stage::Context => "context",
        }
    }
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

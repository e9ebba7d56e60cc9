//! What logs show of an attempt.

use super::clean::Clean;
use super::error_type::error_kind;
use super::id::IdKind;
use super::limit::Limit;
use super::payload::Payload;
use super::user::User;
use std::sync::Arc;

/// What is known of one attempt: from one record, or from all of them together. Missing is honest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// HTTP status that arrived.
    pub status: Option<u16>,
    /// The status that the caller's library reported, where it is not what arrived: an SDK's 529 for a
    /// stream that broke after 200, a gateway's 500 for the provider's 529.
    pub reported_status: Option<u16>,
    /// The provider's name for the error, as the log shows it: `overloaded_error`.
    pub error_type: Option<Clean>,
    /// The provider's finer code, where it has one: `rate_limit_exceeded`.
    pub error_code: Option<Clean>,
    /// The class of the exception: `anthropic.InternalServerError`.
    pub exception: Option<Clean>,
    /// The cause beneath it: `ConnectError`, `ECONNREFUSED`.
    pub cause: Option<Clean>,
    /// The message, where it is one that everybody knows.
    pub message: Option<Clean>,
    /// What went wrong, where it is not an error status.
    pub trouble: Option<Trouble>,
    /// The provider's id of the request, and nobody else's.
    pub request_id: Option<Clean>,
    /// All other ids.
    pub ids: Vec<Id>,
    /// The model asked for.
    pub model: Option<Clean>,
    /// The name under which a gateway offers models, where the caller asked for that.
    pub model_group: Option<Clean>,
    /// The model that a gateway says it used.
    pub model_used: Option<Clean>,
    /// HTTP method.
    pub method: Option<Clean>,
    /// Path of the URL, without query.
    pub endpoint: Option<Clean>,
    /// Scheme, host and what stands before the endpoint.
    pub base_url: Option<Clean>,
    /// The cloud region, where the URL or the log names one.
    pub region: Option<Clean>,
    /// Whether the answer was to be streamed.
    pub stream: Option<bool>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: Option<u64>,
    /// How long the client said it would wait before the next attempt, in milliseconds.
    pub wait_ms: Option<u64>,
    /// How long the server asked to wait, in seconds.
    pub retry_after_s: Option<f64>,
    /// Limits of the account, as the response tells of them; of an attempt those that are used up.
    pub limits: Box<[Limit]>,
    /// Retries that the client has left after this attempt.
    pub retries_left: Option<u32>,
    /// The number of the attempt as the log gives it, from 1.
    pub number: Option<u32>,
    /// How many attempts of the call were made before this one, as the client counts them.
    pub earlier: Option<u32>,
    /// Most attempts that the client will make, as the log gives it.
    pub most: Option<u32>,
    /// The server's clock in the response: milliseconds since 1970.
    pub server_ms: Option<i64>,
    /// Shape of the request's body.
    pub payload: Option<Arc<Payload>>,
    /// The library that made the request.
    pub client: Option<Arc<Client>>,
    /// Who wrote the response, as far as its marks tell.
    pub marks: Marks,
    /// The kind of credential, never any of it: `api_key`, `oauth`, `bearer`, `sigv4`.
    pub auth: Option<&'static str>,
    /// Client timeout in seconds.
    pub timeout_s: Option<f64>,
    /// For whom it was made, a number and never a name.
    pub user: Option<User>,
}

/// The library that made a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// `anthropic-python`, `claude-cli`.
    pub name: Option<Clean>,
    /// Its version.
    pub version: Option<Clean>,
    /// The runtime it ran in and its version: `CPython 3.12.1`.
    pub runtime: Option<Clean>,
    /// The operating system and architecture.
    pub os: Option<Clean>,
}

/// Marks that a response bears of who wrote it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The provider's id header, or its id in the body.
    pub provider_id: bool,
    /// A body in the provider's own shape of errors.
    pub provider_body: bool,
    /// An edge network's headers or error page.
    pub edge: bool,
    /// A gateway's headers, ids or error shape.
    pub gateway: bool,
    /// A proxy's headers or block page, or its own log's word that it answered itself.
    pub proxy: bool,
    /// A proxy's own log says that the response came from behind it.
    pub passed_on: bool,
    /// A body in HTML.
    pub html: bool,
    /// Headers of which none is missing were shown, so that what is not there was not sent.
    pub all_headers: bool,
    /// The log has the class of the body, `error`, where the error's type should be.
    pub body_class: bool,
}

/// The way to a mark.
type Mark = fn(&mut Marks) -> &mut bool;

impl Marks {
    /// All of them by name.
    pub const NAMED: [(&str, Mark); 9] = [
        ("provider_id", |m| &mut m.provider_id),
        ("provider_body", |m| &mut m.provider_body),
        ("edge", |m| &mut m.edge),
        ("gateway", |m| &mut m.gateway),
        ("proxy", |m| &mut m.proxy),
        ("passed_on", |m| &mut m.passed_on),
        ("html", |m| &mut m.html),
        ("all_headers", |m| &mut m.all_headers),
        ("body_class", |m| &mut m.body_class),
    ];

    /// Those whose names `on` says.
    pub fn which(on: impl Fn(&str) -> bool) -> Self {
        let mut marks = Self::default();
        Self::NAMED.iter().for_each(|(name, mark)| *mark(&mut marks) = on(name));
        marks
    }

    /// The names of those that are there.
    pub fn names(mut self) -> impl Iterator<Item = &'static str> {
        Self::NAMED.iter().filter(move |(_, mark)| *mark(&mut self)).map(|(name, _)| *name)
    }

    /// The marks of both.
    #[must_use]
    pub fn and(mut self, mut other: Self) -> Self {
        Self::NAMED.iter().for_each(|(_, mark)| *mark(&mut self) |= *mark(&mut other));
        self
    }
}

/// An identifier and what it names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Id {
    /// What it names.
    pub kind: IdKind,
    /// The header or field it was found under, where there was one.
    pub name: Option<Clean>,
    /// The id.
    pub value: Clean,
}

/// What went wrong, where it is not an error status: no response came, or one came and broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// The name was not resolved.
    Dns,
    /// No connection.
    Connect,
    /// No encrypted connection.
    Tls,
    /// A proxy refused to connect, or asked for credentials of its own.
    Proxy,
    /// The connection was closed or broken before a response.
    Reset,
    /// The client stopped waiting.
    ClientTimeout,
    /// No response for a reason that the log does not give.
    NoResponse,
    /// The response carried an error after it began with success.
    StreamError,
    /// The response ended before it was whole.
    StreamCut,
    /// The client says in a sentence that what the account may use is used up.
    Quota,
}

impl Trouble {
    const ALL: [Trouble; 10] = [
        Trouble::Dns,
        Trouble::Connect,
        Trouble::Tls,
        Trouble::Proxy,
        Trouble::Reset,
        Trouble::ClientTimeout,
        Trouble::NoResponse,
        Trouble::StreamError,
        Trouble::StreamCut,
        Trouble::Quota,
    ];

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }

    /// Its name in packets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Trouble::Dns => "dns",
            Trouble::Connect => "connect",
            Trouble::Tls => "tls",
            Trouble::Proxy => "proxy",
            Trouble::Reset => "reset",
            Trouble::ClientTimeout => "client_timeout",
            Trouble::NoResponse => "no_response",
            Trouble::StreamError => "stream_error",
            Trouble::StreamCut => "stream_cut",
            Trouble::Quota => "quota",
        }
    }

    /// Whether a response had begun.
    #[must_use]
    pub fn in_stream(self) -> bool {
        matches!(self, Trouble::StreamError | Trouble::StreamCut)
    }
}

impl Seen {
    /// How far the attempt came: `dns`, `connect`, `tls`, `proxy`, `request`, `response` or `stream`.
    #[must_use]
    pub fn phase(&self) -> Option<&'static str> {
        Some(match (self.trouble, self.status) {
            (Some(Trouble::Dns), _) => "dns",
            (Some(Trouble::Connect), _) => "connect",
            (Some(Trouble::Tls), _) => "tls",
            (Some(Trouble::Proxy), _) => "proxy",
            (Some(t), _) if t.in_stream() => "stream",
            (Some(Trouble::ClientTimeout), Some(_)) => "stream",
            (Some(Trouble::Quota), None) => return None,
            (Some(_), None) => "request",
            (_, Some(_)) => "response",
            (None, None) => return None,
        })
    }

    /// Whether it failed: by its status, by an error, or for want of a response.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.trouble.is_some()
            || self.error_type.is_some()
            || self.has_known_code()
            || self.status.is_some_and(|s| s >= 400)
            || self.exception.is_some()
    }

    /// Whether a code names the error as a type would: OpenAI has both.
    #[must_use]
    pub fn has_known_code(&self) -> bool {
        self.error_code.as_ref().is_some_and(|code| error_kind(code.as_str()).is_some())
    }

    /// Whether no response came.
    #[must_use]
    pub fn lost(&self) -> bool {
        self.status.is_none() && self.trouble.is_some_and(|t| !t.in_stream() && t != Trouble::Quota)
    }

    /// Whether a whole success was seen.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        !self.failed() && self.status.is_some_and(|s| (200..300).contains(&s))
    }

    /// Notes that this is the attempt of that number, from 1, by the client's own count: there were others before.
    pub fn count(&mut self, number: u32) {
        if number > 0 {
            self.number = self.number.or(Some(number));
            self.earlier = self.earlier.or(Some(number - 1));
        }
    }

    /// Adds an id, once.
    pub fn add_id(&mut self, id: Id) {
        if self.ids.iter().all(|known| known.value != id.value) {
            self.ids.reserve_exact(1);
            self.ids.push(id);
        }
    }

    /// Notes for whom it was made: the end user goes before who asked for one.
    pub fn is_for(&mut self, user: Option<User>) {
        if user.map(|u| u.by) > self.user.map(|u| u.by) {
            self.user = user;
        }
    }

    /// Forgets the texts that do not stay, given by name and value.
    pub fn retain(&mut self, mut stays: impl FnMut(&'static str, &Clean) -> bool) {
        for (name, text) in [
            ("error_type", &mut self.error_type),
            ("error_code", &mut self.error_code),
            ("exception", &mut self.exception),
            ("cause", &mut self.cause),
            ("message", &mut self.message),
            ("request_id", &mut self.request_id),
            ("model", &mut self.model),
            ("model_group", &mut self.model_group),
            ("model_used", &mut self.model_used),
            ("method", &mut self.method),
            ("endpoint", &mut self.endpoint),
            ("base_url", &mut self.base_url),
            ("region", &mut self.region),
        ] {
            text.take_if(|text| !stays(name, text));
        }
        self.ids.retain(|id| stays("value", &id.value));
    }

    /// Takes over what `other` shows and this does not. Where both show something, this one stays.
    pub fn complete(&mut self, other: &Seen) {
        fn fill<T: Clone>(mine: &mut Option<T>, other: &Option<T>) {
            if mine.is_none() {
                mine.clone_from(other);
            }
        }
        if self.status.is_some() && other.status.is_some() && self.status != other.status {
            fill(&mut self.reported_status, &other.status);
        }
        fill(&mut self.status, &other.status);
        fill(&mut self.reported_status, &other.reported_status);
        fill(&mut self.error_type, &other.error_type);
        fill(&mut self.error_code, &other.error_code);
        fill(&mut self.exception, &other.exception);
        fill(&mut self.cause, &other.cause);
        fill(&mut self.message, &other.message);
        // the cause of a lost connection is often told last
        if self.trouble == Some(Trouble::NoResponse) && other.trouble.is_some() {
            self.trouble = other.trouble;
        }
        fill(&mut self.trouble, &other.trouble);
        fill(&mut self.request_id, &other.request_id);
        fill(&mut self.model, &other.model);
        fill(&mut self.model_group, &other.model_group);
        fill(&mut self.model_used, &other.model_used);
        fill(&mut self.method, &other.method);
        // a path that a library gave without its base
        let longer = |mine: &Clean, other: &Clean| {
            other.as_str().len() > mine.as_str().len() && other.as_str().ends_with(mine.as_str())
        };
        if self.endpoint.as_ref().zip(other.endpoint.as_ref()).is_none_or(|(mine, other)| longer(mine, other)) {
            self.endpoint = other.endpoint.clone().or(self.endpoint.take());
        }
        fill(&mut self.base_url, &other.base_url);
        fill(&mut self.region, &other.region);
        fill(&mut self.stream, &other.stream);
        fill(&mut self.elapsed_ms, &other.elapsed_ms);
        fill(&mut self.wait_ms, &other.wait_ms);
        fill(&mut self.retry_after_s, &other.retry_after_s);
        fill(&mut self.retries_left, &other.retries_left);
        fill(&mut self.number, &other.number);
        fill(&mut self.earlier, &other.earlier);
        fill(&mut self.most, &other.most);
        fill(&mut self.server_ms, &other.server_ms);
        fill(&mut self.payload, &other.payload);
        let says_less = |mine: &Arc<Client>, other: &Arc<Client>| mine.version.is_none() && mine.name == other.name;
        if self.client.as_ref().zip(other.client.as_ref()).is_none_or(|(mine, other)| says_less(mine, other)) {
            self.client = other.client.clone().or(self.client.take());
        }
        fill(&mut self.auth, &other.auth);
        fill(&mut self.timeout_s, &other.timeout_s);
        self.is_for(other.user);
        for limit in &other.limits {
            match self.limits.iter_mut().find(|known| known.what == limit.what) {
                Some(known) => known.complete(limit),
                // what is left of a limit says nothing of a failure
                None if limit.is_used_up() => {
                    self.limits = std::mem::take(&mut self.limits).into_iter().chain([limit.clone()]).collect();
                }
                None => {}
            }
        }
        self.marks = self.marks.and(other.marks);
        for id in &other.ids {
            if self.request_id.as_ref() != Some(&id.value) {
                self.add_id(id.clone());
            }
        }
    }
}

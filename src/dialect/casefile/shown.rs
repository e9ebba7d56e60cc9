//! What logs showed of an attempt, as fields of JSON. Missing fields are unknown.

use crate::model::{Clean, Limit, Payload, Seen};
use serde::Serialize;

/// What the logs showed of an attempt.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Shown<'c> {
    /// HTTP status that arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The status that the caller's library reported, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    reported_status: Option<u16>,
    /// The provider's name for the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'c Clean>,
    /// The provider's finer code.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'c Clean>,
    /// The class of the exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'c Clean>,
    /// The cause beneath it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'c Clean>,
    /// The message, where it is one that everybody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'c Clean>,
    /// What went wrong, where it is not an error status: `dns`, `connect`, `reset`, `stream_error`, ....
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<&'static str>,
    /// The provider's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'c Clean>,
    /// All other ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ids: Vec<IdRow<'c>>,
    /// The model asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'c Clean>,
    /// The name under which a gateway offers models.
    #[serde(skip_serializing_if = "Option::is_none")]
    model_group: Option<&'c Clean>,
    /// The model that a gateway says it used.
    #[serde(skip_serializing_if = "Option::is_none")]
    model_used: Option<&'c Clean>,
    /// HTTP method.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'c Clean>,
    /// Path of the URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'c Clean>,
    /// Scheme, host and what stands before the endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<&'c Clean>,
    /// The cloud region.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'c Clean>,
    /// Whether the answer was to be streamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    /// How long it took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u64>,
    /// How long the client said it would wait before the next attempt, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_ms: Option<u64>,
    /// How long the server asked to wait, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<f64>,
    /// Retries that the client has left.
    #[serde(skip_serializing_if = "Option::is_none")]
    retries_left: Option<u32>,
    /// The number of the attempt as the log gives it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    /// How many attempts of the call the client says it made before.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<u32>,
    /// Most attempts that the client will make.
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<u32>,
    /// The server's clock in the response: milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    server_ms: Option<i64>,
    /// Shape of the request's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'c Payload>,
    /// The library that made the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<ClientRow<'c>>,
    /// Marks of who wrote the response.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<&'static str>,
    /// The kind of credential, never any of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<&'static str>,
    /// Client timeout in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_s: Option<f64>,
    /// For whom it was made: a number of the run, never a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<u32>,
    /// What named the user: `request`, `log` or `end_user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_by: Option<&'static str>,
    /// What the key that links runs makes of the user's name, in hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_mark: Option<String>,
    /// Limits of the account that the response told of.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    limits: &'c [Limit],
}

/// An identifier and what it names.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct IdRow<'c> {
    /// What it names.
    kind: &'static str,
    /// The header or field that carried it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'c Clean>,
    /// The id.
    value: &'c Clean,
}

/// The library that made a request.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ClientRow<'c> {
    /// `anthropic-python`, `claude-cli`.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'c Clean>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'c Clean>,
    /// The runtime it ran in.
    #[serde(skip_serializing_if = "Option::is_none")]
    runtime: Option<&'c Clean>,
    /// The operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    os: Option<&'c Clean>,
}

impl<'c> Shown<'c> {
    pub(super) fn of(seen: &'c Seen) -> Self {
        Self {
            status: seen.status,
            reported_status: seen.reported_status,
            error_type: seen.error_type.as_ref(),
            error_code: seen.error_code.as_ref(),
            exception: seen.exception.as_ref(),
            cause: seen.cause.as_ref(),
            error_message: seen.message.as_ref(),
            trouble: seen.trouble.map(|t| t.name()),
            request_id: seen.request_id.as_ref(),
            ids: seen
                .ids
                .iter()
                .map(|id| IdRow { kind: id.kind.name(), name: id.name.as_ref(), value: &id.value })
                .collect(),
            model: seen.model.as_ref(),
            model_group: seen.model_group.as_ref(),
            model_used: seen.model_used.as_ref(),
            method: seen.method.as_ref(),
            endpoint: seen.endpoint.as_ref(),
            base_url: seen.base_url.as_ref(),
            region: seen.region.as_ref(),
            stream: seen.stream,
            elapsed_ms: seen.elapsed_ms,
            wait_ms: seen.wait_ms,
            retry_after_s: seen.retry_after_s,
            retries_left: seen.retries_left,
            number: seen.number,
            earlier: seen.earlier,
            most: seen.most,
            server_ms: seen.server_ms,
            payload: seen.payload.as_deref(),
            client: seen.client.as_deref().map(|c| ClientRow {
                name: c.name.as_ref(),
                version: c.version.as_ref(),
                runtime: c.runtime.as_ref(),
                os: c.os.as_ref(),
            }),
            marks: seen.marks.names().collect(),
            auth: seen.auth,
            timeout_s: seen.timeout_s,
            user: seen.user.map(|u| u.number),
            user_by: seen.user.map(|u| u.by.name()),
            user_mark: seen.user.and_then(|u| u.mark).map(|mark| format!("{mark:016x}")),
            limits: &seen.limits,
        }
    }
}

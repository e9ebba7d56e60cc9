//! What logs showed of an attempt, as fields of JSON. Missing fields are unknown.

use crate::model::{Clean, Payload, Seen};
use serde::Serialize;

/// What the logs showed of an attempt.
#[derive(Serialize)]
pub(super) struct Shown<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reported_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ids: Vec<IdRow<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_group: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_used: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retries_left: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'c Payload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<ClientRow<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_s: Option<f64>,
}

#[derive(Serialize)]
struct IdRow<'c> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'c Clean>,
    value: &'c Clean,
}

#[derive(Serialize)]
struct ClientRow<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'c Clean>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runtime: Option<&'c Clean>,
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
        }
    }
}

//! Proxies whose log may be all there is: what their own log formats can keep.

use super::{Kit, prose, shell};

pub(super) static NGINX: Kit = Kit {
    id: "nginx",
    title: "nginx",
    request_id: prose(
        "add to `log_format`: `\"upstream_request_id\":\"$upstream_http_request_id\",\"upstream_x_request_id\":\"$upstream_http_x_request_id\",\"cf_ray\":\"$upstream_http_cf_ray\",\"request_id\":\"$request_id\"`",
    ),
    error: prose(
        "add `\"status\":$status,\"upstream_status\":\"$upstream_status\",\"upstream_connect_time\":\"$upstream_connect_time\",\"upstream_header_time\":\"$upstream_header_time\"` to `log_format`: they tell nginx's own answers from the provider's; the error's type stands in the body, which the client's log has",
    ),
    target: prose(
        "add `\"uri\":\"$uri\",\"upstream\":\"$proxy_host\"` to `log_format`; the model stands in the body: let the client send it in a header of your own, and log that as `$http_x_...`",
    ),
    payload: prose("add `\"request_length\":$request_length` to `log_format`; never `$request_body`"),
    times: prose(
        "`log_format llm escape=json '{\"time\":\"$time_iso8601\",\"msec\":\"$msec\",\"request_time\":$request_time,\"upstream_response_time\":\"$upstream_response_time\"}'`",
    ),
    version: shell("nginx -v; grep -rn 'proxy_pass' /etc/nginx | sed 's|//[^@ ]*@|//|'"),
};

pub(super) static HAPROXY: Kit = Kit {
    id: "haproxy",
    title: "HAProxy",
    request_id: prose(
        "`capture response header request-id len 64` and `capture response header x-request-id len 64` in the frontend: `%hs` logs them; never capture request headers with keys",
    ),
    error: prose(
        "`option httplog` has status and termination state: `----` came from the server, `sH--` and `SC--` are HAProxy's own; the error's type stands in the body, which the client's log has",
    ),
    target: prose("`%HM %HP %s` in `log-format` log method, path and server; the model stands in the body"),
    payload: prose("`%U` in `log-format` logs the bytes of the request"),
    times: prose("`option httplog` logs a date to the millisecond without a zone: add `--timezone` when you build"),
    version: shell("haproxy -v | head -1"),
};

pub(super) static ENVOY: Kit = Kit {
    id: "envoy",
    title: "Envoy",
    request_id: prose(
        "add `\"provider_request_id\": \"%RESP(REQUEST-ID)%\", \"x_request_id\": \"%REQ(X-REQUEST-ID)%\"` to the access log's `json_format`",
    ),
    error: prose(
        "add `\"response_code\": \"%RESPONSE_CODE%\", \"response_flags\": \"%RESPONSE_FLAGS%\"` to `json_format`: without a flag the status came from upstream; the error's type stands in the body, which the client's log has",
    ),
    target: prose(
        "add `\"path\": \"%REQ(:PATH)%\", \"authority\": \"%REQ(:AUTHORITY)%\", \"upstream_host\": \"%UPSTREAM_HOST%\"` to `json_format`",
    ),
    payload: prose("add `\"bytes_received\": \"%BYTES_RECEIVED%\"` to `json_format`"),
    times: prose(
        "add `\"start_time\": \"%START_TIME%\", \"duration\": \"%DURATION%\", \"attempts\": \"%UPSTREAM_REQUEST_ATTEMPT_COUNT%\"` to `json_format`",
    ),
    version: shell("envoy --version"),
};

pub(super) static ACCESS: Kit = Kit {
    id: "access-log",
    title: "this server's access log",
    request_id: prose(
        "log the upstream's header: `$upstream_http_request_id` in nginx's `log_format`, `%{request-id}o` in Apache's `LogFormat`, `accessLog.fields.headers.names.Request-Id: keep` in Traefik",
    ),
    error: prose(
        "log what the upstream said beside what was answered: `$upstream_status` in nginx, `OriginStatus` in Traefik; the error's type stands in the body, which the client's log has",
    ),
    target: prose("log the upstream's host with the path; the model stands in the body, which the client's log has"),
    payload: prose("log the size of the request: `$request_length` in nginx, `%I` in Apache"),
    times: prose(
        "log how long it took: `$request_time` in nginx, `%D` in Apache; and a time to the millisecond where you can",
    ),
    version: shell("nginx -v; httpd -v; traefik version"),
};

/// The proxy that writes logs of this dialect.
pub(super) fn of_dialect(dialect: &str) -> Option<&'static Kit> {
    Some(match dialect {
        "nginx" | "nginx-error" => &NGINX,
        "haproxy" => &HAPROXY,
        "envoy" => &ENVOY,
        "access" | "request-log" => &ACCESS,
        _ => return None,
    })
}

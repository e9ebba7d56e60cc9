//! Failures without an error status, told by the words of systems, libraries and tools.

use crate::model::Trouble;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What each says, the more specific first: a chain of errors names the cause and what it led to.
const WORDS: &[(Trouble, &[&str])] = &[
    (
        Trouble::Quota,
        &[
            "usage limit reached",
            "hour limit reached",
            "eekly limit reached",
            "ession limit reached",
            "Opus limit reached",
            "hit your limit",
            "hit your session limit",
            "hit your weekly limit",
            "hit your usage limit",
            "redit balance is too low",
        ],
    ),
    (
        Trouble::Dns,
        &[
            "getaddrinfo",
            "gaierror",
            "ENOTFOUND",
            "EAI_AGAIN",
            "Name or service not known",
            "nodename nor servname",
            "name resolution",
            "NameResolutionError",
            "Could not resolve host",
            "no such host",
            "ERR_NAME_NOT_RESOLVED",
            "dns error",
            "No address associated with hostname",
            "UnknownHostException",
            ":nxdomain",
        ],
    ),
    (
        Trouble::Proxy,
        &[
            "ProxyError",
            "Proxy Authentication Required",
            "ERR_PROXY",
            "ERR_TUNNEL_CONNECTION_FAILED",
            "unnel connection failed",
            "CONNECT tunnel failed",
            "response from proxy",
            "HTTP code 407 from proxy",
            "from proxy after CONNECT",
        ],
    ),
    (
        Trouble::Tls,
        &[
            "CERTIFICATE_VERIFY_FAILED",
            "certificate verify failed",
            "self-signed certificate",
            "self signed certificate",
            "unable to get local issuer certificate",
            "unable to verify the first certificate",
            "certificate has expired",
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            "SELF_SIGNED_CERT",
            "DEPTH_ZERO_SELF_SIGNED",
            "UNABLE_TO_GET_ISSUER_CERT",
            "CERT_HAS_EXPIRED",
            "ERR_TLS",
            "ERR_CERT_",
            "ERR_SSL_",
            "SSLError",
            "SSLCertVerificationError",
            "SSL certificate problem",
            "TLS handshake",
            "tls: failed",
            "x509:",
            "SSL_ERROR_SYSCALL",
            "WRONG_VERSION_NUMBER",
            "EPROTO",
        ],
    ),
    (
        Trouble::StreamCut,
        &[
            "incomplete chunked read",
            "without sending complete message body",
            "TypeError: terminated",
            "transfer closed with outstanding read data",
            "ERR_INCOMPLETE_CHUNKED_ENCODING",
            "Premature close",
            "ERR_HTTP2_PROTOCOL_ERROR",
            "unexpected EOF",
            "IncompleteRead",
            "ChunkedEncodingError",
            "not closed cleanly",
            "upstream prematurely closed connection while reading upstream",
        ],
    ),
    (
        Trouble::Connect,
        &[
            "ECONNREFUSED",
            "onnection refused",
            "ConnectTimeout",
            "ConnectTimeoutError",
            "ConnectError",
            "UND_ERR_CONNECT_TIMEOUT",
            "EHOSTUNREACH",
            "ENETUNREACH",
            "No route to host",
            "Network is unreachable",
            "Failed to connect to",
            "Couldn't connect to server",
            "NewConnectionError",
            "EndpointConnectionError",
            "ERR_CONNECTION_REFUSED",
            "ERR_CONNECTION_TIMED_OUT",
            "ERR_INTERNET_DISCONNECTED",
            "connect ETIMEDOUT",
            "All connection attempts failed",
            "dial tcp",
            "upstream connect error",
            "OpenTimeout",
            "actively refused",
            ":econnrefused",
            "HttpHostConnectException",
        ],
    ),
    (
        Trouble::ClientTimeout,
        &[
            "ReadTimeout",
            "WriteTimeout",
            "PoolTimeout",
            "APITimeoutError",
            "APIConnectionTimeoutError",
            "imed out",
            "ETIMEDOUT",
            "UND_ERR_HEADERS_TIMEOUT",
            "UND_ERR_BODY_TIMEOUT",
            "TimeoutError",
            "TimeoutException",
            "context deadline exceeded",
            "Client.Timeout exceeded",
            "ERR_TIMED_OUT",
            "timeout of ",
            "HttpClient.Timeout of ",
            "read timeout",
            "Timeout was reached",
            "timeout awaiting",
            "reason: :timeout",
            "{:error, :timeout}",
            "Error) timeout",
            "Inactivity timeout",
        ],
    ),
    (
        Trouble::Reset,
        &[
            "ECONNRESET",
            "onnection reset",
            "socket hang up",
            "RemoteProtocolError",
            "Server disconnected",
            "RemoteDisconnected",
            "onnection aborted",
            "EPIPE",
            "Broken pipe",
            "other side closed",
            "UND_ERR_SOCKET",
            "ERR_CONNECTION_RESET",
            "ERR_CONNECTION_CLOSED",
            "ERR_EMPTY_RESPONSE",
            "Empty reply from server",
            "ConnectionClosedError",
            "ReadError",
            "WriteError",
            "prematurely closed connection",
            "NoHttpResponseException",
            "response ended prematurely",
            "end of file reached",
            "server sent GOAWAY",
            "Server closed connection",
            "Premature connection close",
            "reason: :closed",
            ":econnreset",
            ": EOF",
        ],
    ),
    (
        Trouble::NoResponse,
        &[
            "Connection error",
            "fetch failed",
            "Failed to fetch",
            "ERR_FAILED",
            "net::ERR_",
            "APIConnectionError",
            "Unable to connect",
            "connection failed",
            "Network Error",
            "network error",
        ],
    ),
];

/// What a text says went wrong. Of a traceback only the exceptions count: its frames name files.
#[must_use]
pub fn of(text: &[u8]) -> Option<Trouble> {
    let (finder, rows) = &*FINDER;
    let finder = finder.as_ref()?;
    let lines = text.split(|b| *b == b'\n').filter(|line| !is_frame(line));
    let said =
        lines.flat_map(|line| finder.find_overlapping_iter(line)).filter_map(|m| rows.get(m.pattern().as_usize()));
    said.min().and_then(|row| WORDS.get(*row)).map(|(trouble, _)| *trouble)
}

/// All words, and in which row of [`WORDS`] each stands.
static FINDER: LazyLock<(Option<AhoCorasick>, Vec<usize>)> = LazyLock::new(|| {
    let words = WORDS.iter().enumerate().flat_map(|(row, (_, words))| words.iter().map(move |word| (*word, row)));
    let (words, rows): (Vec<&str>, Vec<usize>) = words.unzip();
    (AhoCorasick::new(words).ok(), rows)
});

fn is_frame(line: &[u8]) -> bool {
    let indented = line.len() - line.trim_ascii_start().len();
    let line = line.trim_ascii_start();
    indented > 0 && (line.starts_with(b"File ") || line.starts_with(b"at ") || line.starts_with(b"raise ") || line.starts_with(b"with ") || line.starts_with(b"^"))
        // the line of code under a Python frame
        || indented >= 4 && !line.starts_with(b"[cause]") && !line.starts_with(b"code:") && !line.starts_with(b"cause:") && !line.contains(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_decides() {
        for (text, trouble) in [
            (
                "httpcore.ConnectError: [Errno -2] Name or service not known\nanthropic.APIConnectionError: Connection error.",
                Some(Trouble::Dns),
            ),
            ("TypeError: fetch failed\n  [cause]: Error: connect ECONNREFUSED 127.0.0.1:18099", Some(Trouble::Connect)),
            ("httpx2.ReadTimeout: The read operation timed out", Some(Trouble::ClientTimeout)),
            ("httpx2.RemoteProtocolError: Server disconnected without sending a response.", Some(Trouble::Reset)),
            (
                "RemoteProtocolError: peer closed connection without sending complete message body (incomplete chunked read)",
                Some(Trouble::StreamCut),
            ),
            (
                "curl: (28) Operation timed out after 1001 milliseconds with 0 bytes received",
                Some(Trouble::ClientTimeout),
            ),
            ("anthropic.APIConnectionError: Connection error.", Some(Trouble::NoResponse)),
            ("reason: self-signed certificate in certificate chain", Some(Trouble::Tls)),
            ("Claude usage limit reached. Your limit will reset at 3pm", Some(Trouble::Quota)),
            ("anthropic.InternalServerError: Error code: 500", None),
            (
                "Traceback (most recent call last):\n  File \"/x/httpcore/_sync/connection.py\", line 98, in start_tls\n    raise ConnectError\nKeyError: 'x'",
                None,
            ),
        ] {
            assert_eq!(of(text.as_bytes()), trouble, "{text}");
        }
    }
}

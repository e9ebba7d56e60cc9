//! Failures of HTTP clients that got no response, by the names that each client has for them.
//!
//! Such a name stands in the logs of any program, and most programs call more than LLMs: without a URL, a host or a
//! library beside it, it is about the attempt that is under way, or about none.

use super::{address, trouble};
use crate::model::Trouble;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Names of failures that only HTTP clients have, or what they stand on.
pub const NAMES: &[&str] = &[
    // Java
    "HttpTimeoutException",
    "HttpConnectTimeoutException",
    "SocketTimeoutException",
    "java.net.ConnectException",
    "java.net.SocketException",
    "UnknownHostException",
    "NoHttpResponseException",
    "ConnectTimeoutException",
    "HttpHostConnectException",
    // Ruby
    "Net::ReadTimeout",
    "Net::OpenTimeout",
    "Faraday::TimeoutError",
    "Faraday::ConnectionFailed",
    "RestClient::Exceptions::ReadTimeout",
    "HTTP::TimeoutError",
    "Errno::ECONNREFUSED",
    "Errno::ECONNRESET",
    "Excon::Error::Timeout",
    "Excon::Error::Socket",
    // .NET
    "HttpClient.Timeout of ",
    "HttpIOException",
    "HttpRequestException",
    "target machine actively refused it",
    // curl and what wraps it
    "curl: (",
    "cURL error ",
    "curl_easy_perform() failed",
    "Timeout was reached",
    // PHP
    "HTTP request failed!",
    // Elixir
    "Mint.TransportError",
    "Req.TransportError",
    "HTTPoison.Error",
    "{:error, :timeout}",
    "{:error, :econnrefused}",
    // Perl
    "500 read timeout",
    "500 Can't connect to ",
    "500 Server closed connection",
    "599 Internal Exception",
    // Go
    "http2: server sent GOAWAY",
    "Client.Timeout exceeded while awaiting headers",
];
/// Libraries that call LLMs, as the frames of a stack name them.
const LIBRARIES: &[&str] = &[
    "com.anthropic.",
    "com.openai.",
    "dev.langchain4j.",
    "org.springframework.ai.",
    "/gems/anthropic-",
    "/gems/openai-",
    "/gems/ruby-openai-",
    "/gems/ruby_llm-",
    "vendor/openai-php/",
    "vendor/anthropic-ai/",
    "at OpenAI.",
    "at Anthropic.",
    "at Azure.AI.OpenAI.",
    "Microsoft.SemanticKernel.",
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(NAMES).ok());

/// What the first line with such a name says went wrong, and the line.
#[must_use]
pub fn find(text: &[u8]) -> Option<(&[u8], Trouble)> {
    let at = FINDER.as_ref()?.find(text)?.start();
    let start = memchr::memrchr(b'\n', text.get(..at)?).map_or(0, |end| end + 1);
    let line = text.get(start..)?.split(|b| *b == b'\n').next()?;
    let has = |line: &[u8], name: &str| memchr::memmem::find(line, name.as_bytes()).is_some();
    // .NET's class is that of every failure, statuses too
    let vague = has(line, "HttpRequestException") || has(line, "curl: (");
    let said = trouble::of(line).or_else(|| trouble::of(text));
    Some((line, said.or((!vague).then_some(Trouble::NoResponse))?))
}

/// The URL or the host of an LLM that the error names.
#[must_use]
pub fn target(line: &[u8]) -> Option<Vec<u8>> {
    let host = || {
        let mut words = line.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')));
        words.find(|word| address::is_host(word)).map(|host| [b"https://", host].concat())
    };
    address::find(line).map(<[u8]>::to_vec).or_else(host)
}

/// Whether the frames of the stack below an error are those of a library that calls LLMs.
#[must_use]
pub fn is_librarys(text: &[u8]) -> bool {
    LIBRARIES.iter().any(|library| memchr::memmem::find(text, library.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_its_own_names() {
        for (text, trouble) in [
            ("java.net.http.HttpTimeoutException: request timed out", Trouble::ClientTimeout),
            ("java.net.SocketTimeoutException: Read timed out", Trouble::ClientTimeout),
            ("java.net.ConnectException: Connection refused", Trouble::Connect),
            ("java.net.UnknownHostException: api.anthropic.com", Trouble::Dns),
            ("org.apache.http.NoHttpResponseException: api.anthropic.com:443 failed to respond", Trouble::Reset),
            ("Net::ReadTimeout with #<Socket:(closed)> (Net::ReadTimeout)", Trouble::ClientTimeout),
            ("Net::OpenTimeout: execution expired", Trouble::Connect),
            ("Faraday::ConnectionFailed: end of file reached", Trouble::Reset),
            (
                "System.Threading.Tasks.TaskCanceledException: The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.",
                Trouble::ClientTimeout,
            ),
            ("System.Net.Http.HttpIOException: The response ended prematurely. (ResponseEnded)", Trouble::Reset),
            (
                "System.Net.Http.HttpRequestException: No connection could be made because the target machine actively refused it. (localhost:8080)",
                Trouble::Connect,
            ),
            ("curl_easy_perform() failed: (28) Timeout was reached", Trouble::ClientTimeout),
            ("** (Mint.TransportError) connection refused", Trouble::Connect),
            ("{:error, %Req.TransportError{reason: :timeout}}", Trouble::ClientTimeout),
            ("attempt 2: {:error, :timeout}", Trouble::ClientTimeout),
            ("attempt 2: 500 read timeout", Trouble::ClientTimeout),
            ("599 Internal Exception: Timed out while waiting for socket", Trouble::ClientTimeout),
            ("cURL error 52: Empty reply from server", Trouble::Reset),
            ("file_get_contents(x): Failed to open stream: HTTP request failed!", Trouble::NoResponse),
        ] {
            assert_eq!(find(text.as_bytes()).map(|(_, trouble)| trouble), Some(trouble), "{text}");
        }
        for text in [
            "System.Net.Http.HttpRequestException: Response status code does not indicate success: 529",
            "curl: (22) The requested URL returned error: 529",
            "java.sql.SQLTransientConnectionException: Connection is not available, request timed out after 30000ms",
        ] {
            assert_eq!(find(text.as_bytes()), None, "{text}");
        }
    }
}

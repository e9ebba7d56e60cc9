//! HTTP messages as tools print them: a line of request or status, then a header a line.
//!
//! `curl -v` puts `> ` and `< ` before each, `-i`, `wget -S` and HTTPie nothing, `--trace` a remark about
//! every piece it got. One message is one record.

/// A time of day before curl's mark, as `--trace-time` prints it.
const TIME: usize = b"06:33:41.552645 ".len();

/// A line without what curl prints before it.
#[must_use]
pub fn stripped(line: &[u8]) -> &[u8] {
    let marked = |l: &[u8]| matches!(l, [b'>' | b'<' | b'*', b' ', ..]);
    let timed = line.get(TIME..).filter(|rest| marked(rest) && line.get(..TIME).is_some_and(is_time));
    let line = timed.unwrap_or(line);
    line.strip_prefix(b"> ").or_else(|| line.strip_prefix(b"< ")).unwrap_or(line)
}

fn is_time(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(i, b)| match i {
        2 | 5 => *b == b':',
        8 => *b == b'.',
        15 => *b == b' ',
        _ => b.is_ascii_digit(),
    })
}

/// Whether a line begins a message: `POST /v1/messages HTTP/1.1`, `HTTP/2 529`.
#[must_use]
pub fn begins(line: &[u8]) -> bool {
    let line = stripped(line);
    is_status(line) || is_request(line)
}

/// `HTTP/1.1 500 Internal Server Error`
#[must_use]
pub fn is_status(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"HTTP/") else { return false };
    let mut words = rest.split(|b| *b == b' ');
    let version = words.next().is_some_and(|v| matches!(v, b"1.0" | b"1.1" | b"2" | b"2.0" | b"3" | b"3.0"));
    version && words.next().is_some_and(|s| s.len() == 3 && s.iter().all(u8::is_ascii_digit))
}

/// `POST /v1/messages HTTP/1.1`
#[must_use]
pub fn is_request(line: &[u8]) -> bool {
    let mut words = line.trim_ascii_end().split(|b| *b == b' ');
    let method = words.next().is_some_and(|m| (3..=7).contains(&m.len()) && m.iter().all(u8::is_ascii_uppercase));
    method
        && words.next().is_some_and(|t| !t.is_empty())
        && words.next().is_some_and(|v| v.starts_with(b"HTTP/"))
        && words.next().is_none()
}

/// Whether a line is a header, or a remark of curl's between two headers.
#[must_use]
pub fn is_header(line: &[u8]) -> bool {
    let name = |l: &[u8]| {
        memchr::memchr(b':', l).is_some_and(|at| {
            at > 0 && l.iter().take(at).all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        })
    };
    name(stripped(line)) || is_remark(line)
}

/// `06:35:11.745089 <= Recv header, 37 bytes (0x25)`
fn is_remark(line: &[u8]) -> bool {
    let line = line.get(TIME..).filter(|_| line.get(..TIME).is_some_and(is_time)).unwrap_or(line);
    line.starts_with(b"<= Recv header, ") || line.starts_with(b"=> Send header, ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_all_tools() {
        for line in [
            "> POST /v1/messages HTTP/1.1",
            "< HTTP/2 529 ",
            "HTTP/1.1 500 Internal Server Error",
            "06:33:41.552645 < HTTP/1.1 200 OK",
            "POST /v1/messages HTTP/1.1",
        ] {
            assert!(begins(line.as_bytes()), "{line}");
        }
        for line in [
            "HTTP Request: POST http://x/v1/messages \"HTTP/1.1 200 OK\"",
            "HTTP/1.1 OK",
            "GET it done HTTP/1.1 today",
            "INFO 200 HTTP/1.1 x",
        ] {
            assert!(!begins(line.as_bytes()), "{line}");
        }
        assert!(
            is_header(b"< request-id: x")
                && is_header(b"06:33:41.552645 > Host: x")
                && is_header(b"06:35:11.745089 <= Recv header, 37 bytes (0x25)")
        );
        assert!(!is_header(b"{\"a\": 1}") && !is_header(b"data x: y"));
    }
}

//! The request line as servers quote it: `"POST /v1/messages?beta=true HTTP/1.1"`.

/// A request line in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RequestLine<'t> {
    /// `POST`
    pub method: &'t [u8],
    /// `/v1/messages?beta=true`
    pub path: &'t [u8],
    /// What stands before its quote.
    pub before: &'t [u8],
    /// What follows its quote.
    pub after: &'t [u8],
}

/// The first request line in quotes.
#[must_use]
pub fn find(text: &[u8]) -> Option<RequestLine<'_>> {
    memchr::memmem::find_iter(text, b" HTTP/").find_map(|at| {
        let head = text.get(..at)?;
        let quote = memchr::memrchr(b'"', head)?;
        let mut words = head.get(quote + 1..)?.split(|b| *b == b' ');
        let (method, path) = (words.next()?, words.next()?);
        let rest = text.get(at + 1..)?;
        let close = rest.iter().take(12).position(|b| *b == b'"')?;
        let sound =
            words.next().is_none() && (3..=8).contains(&method.len()) && method.iter().all(u8::is_ascii_uppercase);
        sound.then_some(RequestLine { method, path, before: text.get(..quote)?, after: rest.get(close + 1..)? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_in_quotes() {
        let line = find(b"1.2.3.4 - - [x] \"POST /v1/messages HTTP/1.1\" 500 3").unwrap();
        assert_eq!(
            (line.method, line.path, line.after),
            (b"POST".as_slice(), b"/v1/messages".as_slice(), b" 500 3".as_slice())
        );
        assert_eq!(find(b"POST /v1/messages HTTP/1.1"), None);
        assert_eq!(find(b"\"the answer is HTTP/1.1\""), None);
    }
}

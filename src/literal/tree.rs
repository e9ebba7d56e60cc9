//! A small tree of a printed value, for the parts of a log that are read as data.

use super::bytes::trim;
use super::event::{Event, Quoted, Role};
use super::reader::Reader;
use super::span::Span;
use super::state::State;
use super::unescape::{Style, unescaped};
use std::borrow::Cow;

/// The most nodes one tree holds; a record that would need more is cut there.
const MAX_NODES: usize = 50_000;
/// The deepest nesting a tree follows; what is deeper hangs off the last level.
const MAX_DEPTH: usize = 64;

/// A value as a program printed it.
#[derive(Clone, Debug, PartialEq)]
pub enum Node<'t> {
    /// A quoted text, joined and unescaped.
    Text(Cow<'t, [u8]>),
    /// Anything unquoted: a number, `None`, `[Object]`, `<function …>`.
    Bare(&'t [u8]),
    /// A bracket with what stands in it; elements without a key have an empty one.
    Group(Vec<(Cow<'t, [u8]>, Node<'t>)>),
}

impl<'t> Node<'t> {
    /// Reads the first value in `text`: `Headers({'a': 'b'})`, `{…} {…}` (the first of the two), `"x"`.
    /// `None` where there is no bracket and no quoted text. The span is what it took.
    #[must_use]
    pub fn read(text: &'t [u8]) -> Option<(Self, Span)> {
        Builder::new(text).run()
    }

    /// The value under a key of this group, whatever the key's case.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        let Node::Group(entries) = self else {
            return None;
        };
        entries.iter().find(|(k, _)| k.eq_ignore_ascii_case(key.as_bytes())).map(|(_, v)| v)
    }

    /// The value at the end of a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Node<'t>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a group, keyed or not; nothing for other values.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], &Node<'t>)> {
        let entries: &[_] = match self {
            Node::Group(entries) => entries,
            _ => &[],
        };
        entries.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// Names and values of header lists in every shape: a map, a list of pairs, `{name, value}` objects.
    pub fn pairs(&self) -> impl Iterator<Item = (&[u8], &Node<'t>)> {
        self.entries().filter_map(|(key, value)| if key.is_empty() { value.pair() } else { Some((key, value)) })
    }

    /// The value beside a name in a header list, whatever its shape and case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&Node<'t>> {
        self.pairs().find(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }

    fn pair(&self) -> Option<(&[u8], &Node<'t>)> {
        if let Some(value) = self.get("value") {
            let name = self.get("name").or_else(|| self.get("key"))?;
            return Some((name.bytes()?, value));
        }
        match self {
            Node::Group(entries) => match entries.as_slice() {
                [(a, name), (b, value)] if a.is_empty() && b.is_empty() => Some((name.bytes()?, value)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The bytes of a text or a bare value; `None` for groups and for what stands for nothing.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Node::Text(text) => Some(text),
            Node::Bare(b"null" | b"None" | b"undefined" | b"") | Node::Group(_) => None,
            Node::Bare(bare) => Some(bare),
        }
    }

    /// As text, where it is valid UTF-8.
    #[must_use]
    pub fn str(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// As a number, also where it was quoted.
    #[must_use]
    pub fn number<T: std::str::FromStr>(&self) -> Option<T> {
        self.str()?.trim().parse().ok()
    }

    /// As a truth value.
    #[must_use]
    pub fn bool(&self) -> Option<bool> {
        match self.bytes()? {
            b"true" | b"True" => Some(true),
            b"false" | b"False" => Some(false),
            _ => None,
        }
    }

    /// The same value, independent of the text it was read from.
    #[must_use]
    pub fn to_owned_node(&self) -> Node<'static> {
        match self {
            Node::Text(text) => Node::Text(Cow::Owned(text.to_vec())),
            // a bare value is kept as text that was not quoted: `None` stays nothing
            Node::Bare(bare) => match self.bytes() {
                Some(_) => Node::Text(Cow::Owned(bare.to_vec())),
                None => Node::Bare(b"null"),
            },
            Node::Group(entries) => {
                Node::Group(entries.iter().map(|(k, v)| (Cow::Owned(k.to_vec()), v.to_owned_node())).collect())
            }
        }
    }

    /// Whether it is a group.
    #[must_use]
    pub fn is_group(&self) -> bool {
        matches!(self, Node::Group(_))
    }
}

/// A group whose bracket is open.
struct Open<'t> {
    /// The key it will stand under in the group around it.
    key: Cow<'t, [u8]>,
    call: bool,
    entries: Vec<(Cow<'t, [u8]>, Node<'t>)>,
}

impl<'t> Open<'t> {
    /// `Headers({…})` is the map in it.
    fn node(mut self) -> Node<'t> {
        match self.entries.as_slice() {
            [(key, Node::Group(_))] if self.call && key.is_empty() => {
                self.entries.pop().map_or(Node::Group(Vec::new()), |(_, only)| only)
            }
            _ => Node::Group(self.entries),
        }
    }
}

struct Builder<'t> {
    text: &'t [u8],
    open: Vec<Open<'t>>,
    /// The key read last, and where its value may begin.
    key: Option<(Cow<'t, [u8]>, usize)>,
    /// Everything before this offset is in the tree.
    seen: usize,
    start: Option<usize>,
    nodes: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self { text, open: Vec::new(), key: None, seen: 0, start: None, nodes: 0 }
    }

    fn run(mut self) -> Option<(Node<'t>, Span)> {
        let mut state = State::default();
        let text = self.text;
        let mut reader = Reader::new(text, &mut state);
        while let Some(event) = reader.next() {
            let done = match event {
                Event::Key(key) if self.open.is_empty() => {
                    // `Error: {…}`: a name before the first value is none of ours
                    self.seen = key.value_at;
                    None
                }
                Event::Key(key) => {
                    self.bare(key.outer.start);
                    let name = Span::of(key.name, text);
                    let name = if key.quoted { unescaped(name, Style::Text) } else { Cow::Borrowed(name) };
                    self.key = Some((name, key.value_at));
                    self.seen = key.value_at;
                    None
                }
                Event::Quoted(quoted) => self.text_value(quoted),
                Event::Open { at, .. } => self.group(at),
                Event::Close { at } => self.close(at, reader.state().depth()),
                Event::Reset => break,
            };
            if done.is_some() {
                return done;
            }
            if self.nodes > MAX_NODES {
                break;
            }
        }
        self.unfinished()
    }

    /// The record ended inside the value: what was read of it is still worth having.
    fn unfinished(mut self) -> Option<(Node<'t>, Span)> {
        let start = self.start?;
        self.bare(self.text.len());
        while self.open.len() > 1 {
            self.fold();
        }
        Some((self.open.pop()?.node(), Span::new(start, self.text.len())))
    }

    fn text_value(&mut self, quoted: Quoted) -> Option<(Node<'t>, Span)> {
        let style = if self.text.get(quoted.outer.start).is_some_and(|b| b.eq_ignore_ascii_case(&b'b')) {
            Style::Bytes
        } else {
            Style::Text
        };
        let value = unescaped(quoted.inner.of(self.text), style);
        if self.open.is_empty() {
            return quoted.closed.then_some((Node::Text(value), quoted.outer));
        }
        if quoted.role == Role::Joined {
            if let Some((_, Node::Text(text))) = self.open.last_mut().and_then(|open| open.entries.last_mut()) {
                text.to_mut().extend_from_slice(&value);
            }
        } else {
            if quoted.role != Role::Value {
                self.bare(quoted.outer.start);
            }
            // half a sentence tells something, half a name something else
            if quoted.closed || value.contains(&b' ') {
                self.add(Node::Text(value));
            } else {
                self.key = None;
            }
        }
        self.seen = quoted.outer.end;
        None
    }

    fn group(&mut self, at: usize) -> Option<(Node<'t>, Span)> {
        self.start.get_or_insert(at);
        if self.open.len() < MAX_DEPTH {
            let key = self.key.take().map(|(key, _)| key).unwrap_or_default();
            let call = self.text.get(at) == Some(&b'(');
            self.open.push(Open { key, call, entries: Vec::new() });
            self.nodes += 1;
        }
        self.seen = at + 1;
        None
    }

    fn close(&mut self, at: usize, depth: usize) -> Option<(Node<'t>, Span)> {
        self.bare(at);
        self.seen = at + 1;
        while self.open.len() > depth.max(1) {
            self.fold();
        }
        if depth == 0 {
            return Some((self.open.pop()?.node(), Span::new(self.start?, at + 1)));
        }
        None
    }

    /// Hangs the innermost open group into the one around it.
    fn fold(&mut self) {
        if let Some(mut inner) = self.open.pop()
            && let Some(outer) = self.open.last_mut()
        {
            outer.entries.push((std::mem::take(&mut inner.key), inner.node()));
        }
    }

    fn add(&mut self, node: Node<'t>) {
        let key = self.key.take().map(|(key, _)| key).unwrap_or_default();
        if let Some(open) = self.open.last_mut() {
            open.entries.push((key, node));
            self.nodes += 1;
        }
    }

    /// Unquoted values between what was seen last and `until`, parted by commas. A pending key takes
    /// the first.
    fn bare(&mut self, until: usize) {
        let gap = self.text.get(self.seen..until).unwrap_or_default();
        self.seen = until.max(self.seen);
        if self.open.is_empty() {
            return;
        }
        for part in gap.split(|b| *b == b',' || *b == b'\n') {
            let part = trim(part);
            if !part.is_empty() {
                self.add(Node::Bare(part));
            }
        }
        self.key = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Node<'_> {
        Node::read(text.as_bytes()).map(|(node, _)| node).unwrap_or(Node::Bare(b""))
    }

    #[test]
    fn reads_the_shapes_programs_print() {
        for text in [
            r#"{"status": 500, "error": {"type": "api_error"}, "id": null}"#,
            "{'status': 500, 'error': {'type': 'api_error'}, 'id': None}",
            "{\n  status: 500,\n  error: { type: 'api_' +\n    'error' },\n  id: undefined\n}",
        ] {
            let node = tree(text);
            assert_eq!(node.get("status").and_then(Node::number::<u16>), Some(500), "{text}");
            assert_eq!(node.at(&["error", "type"]).and_then(Node::str), Some("api_error"), "{text}");
            assert_eq!(node.get("id").and_then(Node::str), None, "{text}");
        }
    }

    #[test]
    fn reads_header_lists() {
        for text in [
            "Headers({'date': 'x', 'Request-Id': 'req_1'})",
            "[(b'Date', b'x'), (b'Request-Id', b'req_1')]",
            r#"[{"name": "date", "value": "x"}, {"name": "request-id", "value": "req_1"}]"#,
            r#"[["date", "x"], ["request-id", "req_1"]]"#,
        ] {
            assert_eq!(tree(text).header("request-id").and_then(Node::str), Some("req_1"), "{text}");
        }
    }

    #[test]
    fn keeps_what_a_cut_off_record_shows() {
        let node = tree("{'a': {'b': 'x', 'c': [1, 2, 'y'], 'd': 'the quota is ");
        assert_eq!(node.at(&["a", "d"]).and_then(Node::str), Some("the quota is"));
        let node = tree("{'a': {'b': 'x', 'c': [1, 2, 'y'], 'd': 'overl");
        assert_eq!(node.at(&["a", "d"]), None);
        assert_eq!(node.at(&["a", "b"]).and_then(Node::str), Some("x"));
        assert_eq!(node.at(&["a", "c"]).map(|c| c.entries().count()), Some(3));
    }

    #[test]
    fn the_span_ends_with_the_value() {
        let text = b"failed Headers({'a': 'b'}) and more {'c': 'd'}";
        let (_, span) = Node::read(text).unwrap_or((Node::Bare(b""), Span::default()));
        assert_eq!(span.of(text), b"({'a': 'b'})");
    }

    #[test]
    fn deep_and_endless_input_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(Node::read(deep.as_bytes()).is_some());
        let many = format!("[{}]", "1,".repeat(200_000));
        assert!(Node::read(many.as_bytes()).is_some());
    }
}

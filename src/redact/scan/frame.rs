//! What the walk remembers of each open bracket.

use super::super::edit::Quote;
use super::super::rules::{FieldUse, Holds, NameUse, RuleId, Secret, Take, UseId, When};
use crate::literal::Span;

/// Deeper frames are not kept; what lies in them is treated as what lies around them.
const MAX_FRAMES: usize = 128;

/// What is known inside a bracket.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// How many brackets were open with it.
    depth: usize,
    /// The name under which it stands.
    pub key: Option<UseId>,
    /// It is part of a prompt or a completion: its texts go.
    pub inside: bool,
    /// By which rule they go.
    pub body: Option<RuleId>,
    /// Its texts go by this rule if they read like prose.
    pub weak: Option<RuleId>,
    /// Its elements are credentials.
    pub secret: Option<Secret>,
    /// And so are the values of its names.
    pub every_value: bool,
    /// It has a parameter of a model's request.
    pub request: bool,
    /// The next value is that of this name.
    pub pair: Option<UseId>,
    /// A value that came before its name.
    pub value: Option<Span>,
    /// Nothing of it stays.
    pub opaque: Option<Opaque>,
}

/// An object of which nothing stays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opaque {
    pub start: usize,
    pub rule: RuleId,
    pub quote: Quote,
    /// Part of it was taken in the piece before.
    pub begun: bool,
}

impl Frame {
    /// Applies what the name before the bracket says. An object of which nothing stays is the caller's to
    /// open: its rule is given back.
    pub fn enter(&mut self, used: &NameUse, bracket: u8) -> Option<FieldUse> {
        if let Some(secret) = used.secret.filter(|s| !s.argument) {
            if bracket == b'{' {
                self.every_value = secret.take == Take::Cookie;
                self.secret = self.every_value.then_some(secret);
            } else {
                self.secret = Some(secret);
            }
            return None;
        }
        let field = if self.inside { used.inside } else { used.outside };
        let field = field.filter(|f| f.under.is_none())?;
        match (field.holds, field.when) {
            (Holds::Opaque, _) => return Some(field),
            (Holds::Text, When::Always | When::Inside) => {
                self.inside = true;
                self.body = Some(field.rule);
            }
            (Holds::Text, When::Prose) if !self.inside => self.weak = Some(field.rule),
            _ => {}
        }
        None
    }

    /// What a bracket inside it starts from.
    fn child(&self, depth: usize) -> Self {
        // elements of a list of credentials may be lists again, but an object in it has names of its own
        let secret = self.secret.filter(|_| !self.every_value);
        Self { depth, inside: self.inside, body: self.body, weak: self.weak, secret, ..Self::default() }
    }

    /// Whether there is nothing in it to remember.
    fn is_plain(&self) -> bool {
        !self.inside
            && self.weak.is_none()
            && self.secret.is_none()
            && self.key.is_none()
            && self.pair.is_none()
            && self.opaque.is_none()
    }
}

/// The frames of the open brackets of a level; below them lies one for the text itself. Brackets of which
/// there is nothing to remember, which are most, have none.
#[derive(Debug, Default)]
pub(super) struct Frames {
    base: Frame,
    open: Vec<Frame>,
    depth: usize,
    opaque: bool,
}

impl Frames {
    /// Whether no bracket is open.
    pub fn is_empty(&self) -> bool {
        self.depth == 0
    }

    /// The innermost frame.
    pub fn top(&self) -> Frame {
        let outer = self.open.last().unwrap_or(&self.base);
        if outer.depth == self.depth { *outer } else { outer.child(self.depth) }
    }

    /// The innermost frame, to be changed.
    pub fn top_mut(&mut self) -> &mut Frame {
        let top = self.top();
        let known = self.open.last().unwrap_or(&self.base).depth == self.depth;
        if !known && self.open.len() < MAX_FRAMES {
            self.open.push(top);
        }
        self.open.last_mut().unwrap_or(&mut self.base)
    }

    /// A bracket opens; gives the frame it starts from, to be filled and handed to [`Frames::fill`].
    pub fn open(&mut self, depth: usize) -> Frame {
        let outer = self.open.last().unwrap_or(&self.base);
        let child = outer.child(depth);
        self.depth = depth;
        child
    }

    /// Remembers the frame of the bracket that just opened, if there is anything in it.
    pub fn fill(&mut self, frame: Frame) {
        if !frame.is_plain() && self.open.len() < MAX_FRAMES {
            self.opaque |= frame.opaque.is_some();
            self.open.push(frame);
        }
    }

    /// A bracket closes; gives the object of which nothing stays, if it ends here.
    pub fn close(&mut self, depth: usize) -> Option<Opaque> {
        self.depth = depth;
        let mut ended = None;
        while self.open.last().is_some_and(|frame| frame.depth > depth) {
            ended = self.open.pop().and_then(|frame| frame.opaque).or(ended);
        }
        if ended.is_some() {
            self.opaque = self.open.iter().any(|frame| frame.opaque.is_some());
        }
        ended
    }

    /// Everything is forgotten.
    pub fn clear(&mut self) {
        self.open.clear();
        self.opaque = false;
        self.depth = 0;
    }

    /// Whether the walk is inside an object of which nothing stays.
    pub fn opaque(&self) -> bool {
        self.opaque
    }

    /// The object of which nothing stays and in which the walk is.
    pub fn open_opaque(&self) -> Option<Opaque> {
        self.open.iter().find_map(|frame| frame.opaque)
    }

    /// A text inside a text is part of a body if the text around it is.
    pub fn inherit(&mut self, outer: Frame) {
        self.base = Frame { inside: outer.inside, body: outer.body, weak: outer.weak, ..Frame::default() };
    }

    /// Offsets of the piece before mean nothing in this one.
    pub fn begin_piece(&mut self) {
        self.base.value = None;
        for frame in &mut self.open {
            frame.value = None;
        }
    }

    /// An opaque object goes on in the next piece.
    pub fn opaque_goes_on(&mut self) {
        for opaque in self.open.iter_mut().filter_map(|frame| frame.opaque.as_mut()) {
            *opaque = Opaque { start: 0, begun: true, ..*opaque };
        }
    }
}

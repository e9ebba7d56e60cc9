//! What the walk remembers of each open bracket.

use super::super::edit::Quote;
use super::super::rules::{FieldUse, Holds, NameUse, RuleId, Secret, Take, UseId, When};
use crate::literal::Span;

/// Deeper brackets are counted by the reader and have no frame of their own.
const MAX_FRAMES: usize = 128;

/// What is known inside a bracket.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// The name under which it stands.
    pub key: Option<UseId>,
    /// It is part of a prompt or a completion: its texts go.
    pub inside: bool,
    /// By which rule they go.
    pub body: Option<RuleId>,
    /// Its texts go by this rule if they read like prose.
    pub weak: Option<RuleId>,
    /// It has a parameter of a model's request.
    pub request: bool,
    /// Its elements are credentials.
    pub secret: Option<Secret>,
    /// And so are the values of its names.
    pub every_value: bool,
    /// The next value is that of this name.
    pub pair: Option<UseId>,
    /// A value that came before its name.
    pub value: Option<Span>,
    /// Nothing of it stays.
    pub opaque: Option<Opaque>,
    pub opaque_field: Option<FieldUse>,
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
    /// Applies what the name before the bracket says.
    pub fn enter(&mut self, used: &NameUse, bracket: u8) {
        if let Some(secret) = used.secret.filter(|s| !s.argument) {
            if bracket == b'{' {
                self.every_value = secret.take == Take::Cookie;
                self.secret = self.every_value.then_some(secret);
            } else {
                self.secret = Some(secret);
            }
            return;
        }
        let field = if self.inside { used.inside } else { used.outside };
        let Some(field) = field.filter(|f| f.under.is_none()) else { return };
        match (field.holds, field.when) {
            (Holds::Opaque, _) => self.opaque_field = Some(field),
            (Holds::Text, When::Always | When::Inside) => {
                self.inside = true;
                self.body = Some(field.rule);
            }
            (Holds::Text, When::Prose) if !self.inside => self.weak = Some(field.rule),
            _ => {}
        }
    }
}

/// The frames of the open brackets of a level; below them lies one for the text itself.
#[derive(Debug, Default)]
pub(super) struct Frames {
    base: Frame,
    open: Vec<Frame>,
    /// Whether one of the open ones is opaque.
    opaque: bool,
}

impl Frames {
    pub fn len(&self) -> usize {
        self.open.len()
    }

    pub fn top(&self) -> Frame {
        self.open.last().copied().unwrap_or(self.base)
    }

    pub fn top_mut(&mut self) -> &mut Frame {
        self.open.last_mut().unwrap_or(&mut self.base)
    }

    /// What a bracket inside the innermost one starts from.
    pub fn child(&self) -> Frame {
        let top = self.top();
        // elements of a list of credentials may be lists again, but an object in it has names of its own
        let secret = top.secret.filter(|_| !top.every_value);
        Frame { inside: top.inside, body: top.body, weak: top.weak, secret, ..Frame::default() }
    }

    pub fn push(&mut self, frame: Frame) {
        if self.open.len() < MAX_FRAMES {
            self.opaque |= frame.opaque.is_some();
            self.open.push(frame);
        }
    }

    pub fn pop(&mut self) -> Option<Frame> {
        let frame = self.open.pop();
        self.opaque = self.open.iter().any(|f| f.opaque.is_some());
        frame
    }

    pub fn clear(&mut self) {
        self.open.clear();
        self.opaque = false;
    }

    /// The object of which nothing stays and in which the walk is.
    pub fn open_opaque(&self) -> Option<Opaque> {
        self.open.iter().find_map(|f| f.opaque)
    }

    /// Whether the walk is inside an object of which nothing stays.
    pub fn opaque(&self) -> bool {
        self.opaque
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
        for opaque in self.open.iter_mut().filter_map(|f| f.opaque.as_mut()) {
            *opaque = Opaque { start: 0, begun: true, ..*opaque };
        }
    }
}

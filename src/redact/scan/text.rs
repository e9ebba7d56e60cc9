//! A quoted text: whether its name, or the place where it stands, says that it must go.

use super::super::edit::What;
use super::super::fields::{self, Fate};
use super::super::rules::{MESSAGES, RuleId, Secret, UseId, When};
use super::super::values;
use super::super::vocabulary::Tally;
use super::{MOST_JUDGED, Pending, Special, Walk};
use crate::literal::{Key, Quoted, Reader, Role, Separator};

/// The longest text that can be a name in a list of names and values.
const MAX_NAME: usize = 64;

impl Walk<'_> {
    pub(super) fn quoted(&mut self, reader: &mut Reader<'_, '_>, quoted: Quoted) {
        let pending = if quoted.role == Role::Value { self.level.pending.take() } else { None };
        if self.level.frames.opaque() || quoted.inner.is_empty() {
            return;
        }
        if let Some(longer) = self.over_lines(quoted, reader.state().depth())
            && let Ok(rule) = self.fate(longer, pending, reader)
        {
            self.level.taken = Some(rule);
            return reader.seek(longer.outer.end);
        }
        let quoted = self.continued(quoted).unwrap_or(quoted);
        if let Some(whole) = self.of_request(quoted)
            && self.echo(whole)
        {
            self.level.taken = Some(self.net.builtin.quoted);
            return reader.seek(whole.outer.end);
        }
        if quoted.outer.end > reader.pos() {
            reader.seek(quoted.outer.end);
        }
        let mut fate = self.fate(quoted, pending, reader);
        if fate.is_ok()
            && let Some(whole) = self.whole(quoted)
        {
            fate = self.fate(whole, pending, reader);
            reader.seek(whole.outer.end);
        }
        self.level.taken = fate.ok();
        match fate {
            Err(Fate::Open) if quoted.closed => {
                // a template put a text between quotes as it was
                let whole = self.whole(quoted).inspect(|whole| reader.seek(whole.outer.end)).unwrap_or(quoted);
                self.descend(whole);
                // what goes up to the end of a piece goes on in the next
                let last = self.edits.last().filter(|edit| edit.span.end == whole.inner.end);
                self.level.taken = last.filter(|last| !matches!(last.what, What::Secret(_))).map(|last| last.rule);
            }
            Err(Fate::Open) => reader.seek(quoted.inner.start),
            _ => {}
        }
    }

    fn fate(&mut self, quoted: Quoted, pending: Option<Pending>, reader: &Reader<'_, '_>) -> Result<RuleId, Fate> {
        match quoted.role {
            Role::Joined => match self.level.taken {
                Some(rule) => self.joined(quoted, rule),
                None => self.item(quoted, reader.state().bracket()),
            },
            Role::Value => self.value(quoted, pending),
            Role::First | Role::Item => self.item(quoted, reader.state().bracket()),
        }
    }

    /// The next piece of a text that was cut into literals goes as the first did.
    fn joined(&mut self, quoted: Quoted, rule: RuleId) -> Result<RuleId, Fate> {
        self.net.text(self.text, quoted.inner, rule, self.edits);
        Ok(rule)
    }

    fn value(&mut self, quoted: Quoted, pending: Option<Pending>) -> Result<RuleId, Fate> {
        let value = quoted.inner.of(self.text);
        let pending = pending.unwrap_or(Pending { usage: None, special: Special::None, key: None });
        match pending.special {
            Special::Role if is_role(value) => self.level.frames.top_mut().inside = true,
            Special::Type if is_delta(value) => self.level.frames.top_mut().inside = true,
            Special::Type if value == b"text" && (self.level.frames.top().weak.is_some() || self.is_part(pending)) => {
                self.level.frames.top_mut().inside = true;
            }
            Special::Name => self.names_a_value(value),
            Special::Value => match (self.level.frames.top().pair, self.level.frames.top().secret) {
                (Some(usage), _) => return self.by_usage(quoted, usage, Pending { usage: None, ..pending }),
                // `{"stringValue": …}` in a list of credentials
                (None, Some(secret)) => return self.take_secret(quoted, secret),
                (None, None) => self.level.frames.top_mut().value = Some(quoted.inner),
            },
            _ => {}
        }
        match pending.usage {
            Some(usage) => self.by_usage(quoted, usage, pending),
            None => self.by_place(quoted, pending.key),
        }
    }

    /// `{"name": "x-api-key", "value": …}`: the name says what the value is, in whichever order they come.
    fn names_a_value(&mut self, name: &[u8]) {
        let Some(usage) = self.net.name(name) else { return };
        let frame = self.level.frames.top_mut();
        frame.pair = Some(usage);
        let seen = frame.value.take();
        let secret = self.net.rules.usage(usage).filter(|u| !u.keep).and_then(|u| u.secret).filter(|s| !s.argument);
        if let (Some(span), Some(secret)) = (seen, secret) {
            values::quoted(self.net, self.text, span, secret, self.edits);
        }
    }

    /// A value whose name a rule knows.
    fn by_usage(&mut self, quoted: Quoted, usage: UseId, pending: Pending) -> Result<RuleId, Fate> {
        let Some(used) = self.net.rules.usage(usage) else { return Err(Fate::Open) };
        let (keep, paired, outside, within) =
            (used.keep, used.secret.filter(|s| !s.argument), used.outside, used.inside);
        let top = self.level.frames.top();
        let secret = match pending.key {
            Some(key) => self.secret_of(key, Some(usage)),
            None => paired.filter(|_| !keep),
        };
        if let Some(secret) = secret {
            return self.take_secret(quoted, secret);
        }
        let field = if top.inside { within } else { outside };
        let inside = top.inside || self.in_message(quoted);
        // the end of a URL is no name: `POST https://…/v1/messages: "…"`
        let in_path = pending
            .key
            .is_some_and(|k| !k.quoted && k.name.start > 0 && self.text.get(k.name.start - 1) == Some(&b'/'));
        let field = field
            .filter(|_| !in_path)
            .filter(|f| f.under.is_none() || f.under == top.key)
            .filter(|f| f.when != When::Request || top.request);
        match field {
            Some(field) => {
                as_result(fields::named(self.net, self.text, quoted.inner, &field, inside, self.edits), field.rule)
            }
            None => self.by_place(quoted, pending.key),
        }
    }

    /// `TextEvent(type='text', text='walnut ')`
    fn is_part(&self, pending: Pending) -> bool {
        let before = pending.key.and_then(|key| self.text.get(..key.outer.start)).unwrap_or_default();
        [b"Event(".as_slice(), b"Block(", b"Part(", b"Delta("].iter().any(|class| before.ends_with(class))
    }

    /// `content='walnut ' additional_kwargs={}`: LangChain prints so each word of a stream.
    fn in_message(&self, quoted: Quoted) -> bool {
        let behind = self.text.get(quoted.outer.end..).unwrap_or_default();
        behind.strip_prefix(b",").unwrap_or(behind).starts_with(b" additional_kwargs=")
    }

    fn take_secret(&mut self, quoted: Quoted, secret: Secret) -> Result<RuleId, Fate> {
        if quoted.inner.of(self.text).starts_with(b"AWS4-") {
            // its parts are arguments with names of their own
            return Err(Fate::Open);
        }
        let from = self.edits.len();
        values::quoted(self.net, self.text, quoted.inner, secret, self.edits);
        if self.edits.len() > from { Ok(secret.rule) } else { Err(Fate::Kept) }
    }

    /// A value whose name says nothing: where it stands decides.
    fn by_place(&mut self, quoted: Quoted, key: Option<Key>) -> Result<RuleId, Fate> {
        let top = self.level.frames.top();
        if let Some(secret) = top.secret.filter(|_| top.every_value) {
            return self.take_secret(quoted, secret);
        }
        if top.inside || top.weak.is_some() {
            return self.in_body(quoted);
        }
        // arguments and pairs in running text quote prose; fields of a record do not
        let Some(key) = key.filter(|k| !k.quoted && !says_message(k.name.of(self.text))) else {
            return Err(Fate::Open);
        };
        let argument = key.separator == Separator::Equals;
        let in_prose = key.separator == Separator::Colon && self.level.frames.is_empty();
        if argument || in_prose { self.quotation(quoted) } else { Err(Fate::Open) }
    }

    /// A text in a body: all of it goes, or what reads like prose.
    fn in_body(&mut self, quoted: Quoted) -> Result<RuleId, Fate> {
        let top = self.level.frames.top();
        if top.inside {
            let rule = top.body.unwrap_or(self.net.builtin.quoted);
            return as_result(fields::unnamed(self.net, self.text, quoted.inner, rule, self.edits), rule);
        }
        let rule = top.weak.ok_or(Fate::Open)?;
        as_result(fields::prose(self.net, self.text, quoted.inner, rule, self.edits), rule)
    }

    /// An element, an argument, a quotation.
    fn item(&mut self, quoted: Quoted, bracket: Option<u8>) -> Result<RuleId, Fate> {
        let inner = quoted.inner;
        let top = self.level.frames.top();
        let in_list = bracket.is_some_and(|b| b != b'{');
        if let Some(usage) = top.pair.filter(|_| in_list) {
            self.level.frames.top_mut().pair = None;
            return self.by_usage(quoted, usage, Pending { usage: None, special: Special::None, key: None });
        }
        if let Some(secret) = top.secret {
            return self.take_secret(quoted, secret);
        }
        if in_list && inner.len() <= MAX_NAME {
            // `('authorization', 'Bearer …')`, `['X-Api-Key', '…', 'Accept', …]`
            if let Some(usage) = self.net.name(inner.of(self.text)) {
                self.level.frames.top_mut().pair = Some(usage);
                return Err(Fate::Kept);
            }
        }
        if top.inside || top.weak.is_some() {
            return self.in_body(quoted);
        }
        match bracket {
            None | Some(b'(') => self.quotation(quoted),
            Some(_) if !quoted.closed && self.annotates(quoted.outer.start) => self.quotation(quoted),
            Some(_) => Err(Fate::Open),
        }
    }

    /// Takes what an error quotes of the request, if it says anything.
    fn echo(&mut self, quoted: Quoted) -> bool {
        let from = self.edits.len();
        self.judged += quoted.inner.len();
        if self.judged > MOST_JUDGED * self.text.len() || Tally::of(quoted.inner.of(self.text)).unknown > 0 {
            self.net.text(self.text, quoted.inner, self.net.builtin.quoted, self.edits);
        }
        self.edits.len() > from
    }

    /// Net 4: prose that a message quotes.
    fn quotation(&mut self, quoted: Quoted) -> Result<RuleId, Fate> {
        let name = self.net.name(quoted.inner.of(self.text)).is_some();
        if name || (!quoted.closed && !self.annotates(quoted.outer.start)) {
            return Err(Fate::Open);
        }
        let rule = self.net.builtin.quoted;
        as_result(fields::prose(self.net, self.text, quoted.inner, rule, self.edits), rule)
    }

    /// Tracebacks with values print them behind `└` and cut them at the line's end.
    fn annotates(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default().trim_ascii_end();
        ["└", "│", "="].iter().any(|mark| before.ends_with(mark.as_bytes()))
    }
}

fn as_result(fate: Fate, rule: RuleId) -> Result<RuleId, Fate> {
    if fate == Fate::Taken { Ok(rule) } else { Err(fate) }
}

pub(super) fn is_role(value: &[u8]) -> bool {
    const ROLES: &[&[u8]] =
        &[b"user", b"assistant", b"system", b"tool", b"model", b"developer", b"human", b"ai", b"function"];
    ROLES.contains(&value)
}

/// The types of what a stream brings of a text: `text-delta`, `input_json_delta`, `response.output_text.delta`.
fn is_delta(value: &[u8]) -> bool {
    const TEXTS: &[&[u8]] =
        &[b"text", b"output_text", b"content", b"input_json", b"thinking", b"reasoning", b"refusal"];
    let Some((b'-' | b'_' | b'.', text)) = value.strip_suffix(b"delta").and_then(<[u8]>::split_last) else {
        return false;
    };
    text.rsplit(|b| *b == b'.').next().is_some_and(|text| TEXTS.contains(&text))
}

fn says_message(name: &[u8]) -> bool {
    MESSAGES.iter().any(|n| name.eq_ignore_ascii_case(n.as_bytes()))
}

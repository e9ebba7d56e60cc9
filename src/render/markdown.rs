//! The packet as Markdown: one page that reads well in a ticket, in an e-mail and raw on a terminal.
//!
//! The page is a template; users may bring their own. Every value is escaped on its way in, whatever the
//! template does, unless a filter made it safe for where it stands.

use super::text;
use super::{Output, RenderError};
use crate::packet::Packet;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output as Sink, State, UndefinedBehavior, Value};
use serde::Serialize;

/// The packet's own template.
pub const PACKET: &str = include_str!("../../templates/packet.md");

pub struct Markdown;

impl Output for Markdown {
    fn name(&self) -> &'static str {
        "md"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown", "txt"]
    }

    fn render(&self, packet: &Packet) -> Result<Vec<u8>, RenderError> {
        Template::of_program("packet", PACKET).fill(packet)
    }

    fn own(&self) -> Vec<&str> {
        vec![PACKET]
    }
}

/// A template of Markdown: one of the program's, or a user's.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its name, for errors.
    pub name: String,
    source: String,
    /// Whether the program brings it; a word of its own is then no leak because a log has it too.
    own: bool,
}

impl Output for Template {
    fn name(&self) -> &'static str {
        "md"
    }

    fn extensions(&self) -> &'static [&'static str] {
        Markdown.extensions()
    }

    fn render(&self, packet: &Packet) -> Result<Vec<u8>, RenderError> {
        self.fill(packet)
    }

    fn own(&self) -> Vec<&str> {
        if self.own { vec![&self.source] } else { Vec::new() }
    }
}

impl Template {
    /// A user's.
    #[must_use]
    pub fn new(name: &str, source: &str) -> Self {
        Self { name: name.to_owned(), source: source.to_owned(), own: false }
    }

    /// One that the program brings.
    pub(super) fn of_program(name: &str, source: &str) -> Self {
        Self { own: true, ..Self::new(name, source) }
    }

    /// Fills it in. The variables are the fields of `values`: of a packet its sections, under their names.
    ///
    /// # Errors
    /// Where the template does not work.
    pub fn fill(&self, values: &impl Serialize) -> Result<Vec<u8>, RenderError> {
        let environment = environment();
        let template = environment.template_from_named_str("packet.md", &self.source).map_err(|e| self.wrong(&e))?;
        let mut text = template.render(Value::from(Serde(values))).map_err(|e| self.wrong(&e))?;
        // where a template leaves something out, it leaves its line ends
        while text.contains("\n\n\n") {
            text = text.replace("\n\n\n", "\n\n");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        Ok(text.into_bytes())
    }

    /// What is wrong with it. What is said of a value may be a value, so that is left out.
    fn wrong(&self, e: &Error) -> RenderError {
        use ErrorKind::{
            InvalidOperation, SyntaxError, UndefinedError, UnknownFilter, UnknownFunction, UnknownMethod, UnknownTest,
        };
        let of_template = matches!(e.kind(), SyntaxError | UnknownFilter | UnknownTest | UnknownFunction);
        let detail = e.detail().filter(|_| of_template).map(|detail| format!(": {detail}")).unwrap_or_default();
        let hint = match e.kind() {
            SyntaxError => "the syntax is that of Jinja: `{{ value }}`, `{% if %} ... {% endif %}`, `{# comment #}`",
            UndefinedError => {
                "the variables are the sections of a packet: `casefile schema` names them; what may be missing needs `{% if %}`"
            }
            UnknownFilter | UnknownFunction | UnknownTest => {
                "the packet's own filters are code, fact, codefact, plain, ticks, pad, bytes, clock, duration, percent, budget, number, words, places and wide"
            }
            UnknownMethod => "values have no methods; filters do what methods would",
            InvalidOperation => "a filter got what it cannot take; what may be unknown needs `{% if %}` before it",
            _ => "`casefile templates show packet` prints a template that works",
        };
        RenderError::Template {
            name: self.name.clone(),
            line: e.line().unwrap_or(0),
            problem: format!("{}{detail}", e.kind()),
            hint,
        }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    if let Ok(syntax) = syntax {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    // a name that is written wrong must not look like something that is not known
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_formatter(escape);
    environment.add_filter("code", |value: &Value| safe(value, text::code));
    environment.add_filter("fact", |value: &Value| fact(value, text::inline));
    environment.add_filter("codefact", |value: &Value| fact(value, text::code));
    environment.add_filter("ticks", |value: &Value| safe(value, text::ticks));
    environment.add_filter("plain", |value: &Value| safe(value, text::plain));
    environment.add_filter("pad", |value: &Value, width: usize| safe(value, |text| text::pad(text, width)));
    text::filters(&mut environment);
    environment.add_filter("wide", widest);
    environment
}

/// A value as text that is safe where it stands.
fn safe(value: &Value, write: impl Fn(&str) -> String) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    Ok(Value::from_safe_string(write(&text::shown(value))))
}

/// The same with the sign of how it is known.
fn fact(value: &Value, write: impl Fn(&str) -> String) -> Result<Value, Error> {
    safe(value, |shown| if shown == "?" { "?".into() } else { write(shown) + text::sign(value) })
}

/// The width of the widest of some values: `rows|wide("value")`.
fn widest(rows: &Value, name: &str, _rest: Kwargs) -> Result<usize, Error> {
    let widths = rows.try_iter()?.filter_map(|row| row.get_attr(name).ok()).map(|v| text::shown(&v).chars().count());
    Ok(widths.max().unwrap_or(0).min(64))
}

fn escape(out: &mut Sink<'_>, _state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Ok(());
    }
    let done = if value.is_safe() {
        out.write_str(value.as_str().unwrap_or_default())
    } else {
        out.write_str(&text::inline(&text::shown(value)))
    };
    done.map_err(Error::from)
}

//! The packet as one HTML file: nothing is loaded, nothing runs, and it reads well on a screen, on a phone and on paper.
//!
//! Every value is escaped on its way in, whatever the template does; the drawings are made here, of numbers and
//! escaped text. The document forbids itself everything but its own style.

mod axis;
mod hours;
mod svg;
mod timeline;

use super::text;
use super::{Output, RenderError};
use crate::packet::Packet;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, Output as Sink, State, Value, context};

/// The packet's own template.
const PACKET: &str = include_str!("../../templates/packet.html");

pub struct Html;

impl Output for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm"]
    }

    fn render(&self, packet: &Packet) -> Result<Vec<u8>, RenderError> {
        let wrong = |e: Error| {
            let (line, problem) = (e.line().unwrap_or(0), e.kind().to_string());
            RenderError::Template { name: "packet.html".into(), line, problem, hint: "please report it" }
        };
        let environment = environment();
        let template = environment.template_from_named_str("packet.html", PACKET).map_err(wrong)?;
        let drawn = context! { timeline => Serde(timeline::draw(packet)), hours => Serde(hours::draw(packet)), ..Value::from(Serde(packet)) };
        Ok(template.render(drawn).map_err(wrong)?.into_bytes())
    }

    fn own(&self) -> Vec<&str> {
        vec![PACKET]
    }

    fn as_read(&self, document: &[u8]) -> Option<Vec<u8>> {
        Some(unescape(&String::from_utf8_lossy(document)).into_bytes())
    }
}

/// Text between tags or in a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if text::is_silent(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// What [`escape`] was given, but for silent characters.
fn unescape(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    plain.replace("&amp;", "&")
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    if let Ok(syntax) = syntax {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(write);
    text::filters(&mut environment);
    environment.add_filter("fact", |value: &Value| Value::from_safe_string(fact(value, false)));
    environment.add_filter("codefact", |value: &Value| Value::from_safe_string(fact(value, true)));
    environment.add_filter("moment", |value: &Value| Value::from_safe_string(moment(value)));
    environment.add_filter("ticks", |value: &Value| Value::from_safe_string(ticks(&text::shown(value))));
    environment
}

/// A fact with the sign of how it is known.
fn fact(value: &Value, code: bool) -> String {
    let shown = text::shown(value);
    if shown == "?" {
        return "<span class=\"unknown\">not known</span>".into();
    }
    let basis = value.get_attr("basis").ok();
    let sign = match basis.as_ref().and_then(Value::as_str) {
        Some("derived") => "<sup title=\"derived from the logs\">*</sup>",
        Some("supplied") => "<sup title=\"supplied by the user\">†</sup>",
        _ => "",
    };
    let shown = escape(&shown);
    if code { format!("<code>{shown}</code>{sign}") } else { format!("{shown}{sign}") }
}

/// A fact that is a time: the time of day first, its day below.
fn moment(value: &Value) -> String {
    let told = fact(value, false);
    match told.split_once('T') {
        Some((day, time)) if day.len() == 10 => format!("{time}<small>{day}</small>"),
        _ => told,
    }
}

/// Text in which the program marks commands with backquotes.
fn ticks(text: &str) -> String {
    let escaped = escape(text);
    let parts: Vec<&str> = escaped.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped;
    }
    let mark = |(n, part): (usize, &&str)| if n % 2 == 1 { format!("<code>{part}</code>") } else { (*part).to_owned() };
    parts.iter().enumerate().map(mark).collect()
}

fn write(out: &mut Sink<'_>, _state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Ok(());
    }
    let done = match value.as_str().filter(|_| value.is_safe()) {
        Some(safe) => out.write_str(safe),
        None => out.write_str(&escape(&text::shown(value))),
    };
    done.map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(escape("<img src=\"x\" onerror='y'>&\n"), "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt;&amp; ");
        assert_eq!(unescape(&escape("a&lt;b <c> \"d\" 'e' &amp;")), "a&lt;b <c> \"d\" 'e' &amp;");
        assert_eq!(ticks("name `--set <x>` or"), "name <code>--set &lt;x&gt;</code> or");
        assert_eq!(ticks("one ` alone"), "one ` alone");
    }
}

//! A twin of a failing request: the same structure, made-up text.
//!
//! Whoever gets a packet wants to send the request themselves, and must not get the prompt. The shape of a
//! request is in the packet: roles, types of blocks, sizes, depth of tools, flags. This writes a request of
//! that shape as something to run. It sends one attempt, takes the key from the environment, and prints what
//! may be shared.

mod anthropic;
mod body;
mod openai_chat;
mod openai_responses;
mod plan;
mod python;
mod sh;
mod shape;

pub use shape::{Shape, ShapeError};

use serde_json::Value;

/// How an API wants its requests.
struct Api {
    /// How its endpoints end.
    endpoint: &'static str,
    /// Where it is, unless the packet says that requests went elsewhere.
    base_url: &'static str,
    /// The variable with the key.
    key: &'static str,
    /// The header that carries it, up to the key itself.
    header: &'static str,
    /// Further headers.
    headers: &'static [(&'static str, &'static str)],
    /// Writes a body; adds to the notes what could not be written alike.
    body: fn(&Shape, &mut Vec<String>) -> Value,
}

/// All APIs. The first stands for those whose endpoint is not known.
static APIS: &[Api] = &[anthropic::API, openai_chat::API, openai_responses::API];

/// A way to write a twin.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name, and the extension of its files.
    pub name: &'static str,
    write: fn(&Twin) -> String,
}

/// All of them.
pub static FORMATS: &[Format] = &[
    Format { name: "sh", write: sh::write },
    Format { name: "py", write: python::write },
    Format { name: "json", write: json },
];

/// A request of the same shape.
pub struct Twin {
    api: &'static Api,
    /// Where failing requests went, if not to the API's own address.
    elsewhere: Option<String>,
    path: String,
    body: Value,
    /// In what it differs, and why.
    notes: Vec<String>,
}

impl Twin {
    /// Of the shape of an attempt.
    ///
    /// # Errors
    /// Where it is a shape of no API that is known.
    pub fn of(shape: &Shape) -> Result<Self, ShapeError> {
        let api = match &shape.endpoint {
            Some(endpoint) => APIS.iter().find(|a| endpoint.ends_with(a.endpoint)).ok_or(ShapeError::Api)?,
            None => &APIS[usize::from(shape.model.as_ref().is_some_and(|m| !m.contains("claude")))],
        };
        let mut notes = Vec::new();
        if shape.model.is_none() {
            notes.push("the log does not show the model: replace MODEL".to_owned());
        }
        let body = (api.body)(shape, &mut notes);
        let path = shape.endpoint.clone().unwrap_or_else(|| format!("/v1{}", api.endpoint));
        let elsewhere = shape.base_url.clone().filter(|base| base.trim_end_matches('/') != api.base_url);
        Ok(Self { api, elsewhere, path, body, notes })
    }

    /// Written in a format.
    #[must_use]
    pub fn written(&self, format: &Format) -> String {
        (format.write)(self)
    }

    /// What stands above the code, a line each.
    fn about(&self) -> Vec<String> {
        let mut lines = vec![
            "A request of the same shape as a failing one; all text is made up. Sends one attempt.".to_owned(),
            format!("Needs {} in the environment. What it prints may be shared.", self.api.key),
        ];
        if let Some(base) = &self.elsewhere {
            // a packet must not decide where a key is sent
            lines.push(format!(
                "The failing request went to {base}: set BASE_URL to it, or to the API itself to compare."
            ));
        }
        lines.extend(self.notes.iter().map(|note| format!("Differs: {note}.")));
        lines
    }

    /// The body on one line, in ASCII without quotes of the shell.
    fn line(&self) -> String {
        self.body.to_string()
    }
}

/// The twin of the first failure of a packet, as JSON, whose shape is known; else of the first attempt.
///
/// # Errors
/// Where no attempt shows a shape that can be written.
pub fn first(packet: &Value) -> Result<Twin, ShapeError> {
    let list = |value: &'_ Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let attempts: Vec<Value> = list(packet, "calls").iter().flat_map(|call| list(call, "attempts")).collect();
    let failed = |a: &&Value| a.get("branch").and_then(Value::as_str).is_some_and(|branch| branch != "none");
    let mut why = ShapeError::Missing;
    for attempt in attempts.iter().filter(failed).chain(&attempts) {
        match Shape::of(attempt).and_then(|shape| Twin::of(&shape)) {
            Ok(twin) => return Ok(twin),
            Err(ShapeError::Missing) => {}
            Err(e) => why = e,
        }
    }
    Err(why)
}

/// So many characters of what all made-up text is.
#[must_use]
pub fn made_up(chars: usize) -> String {
    body::text(chars)
}

fn json(twin: &Twin) -> String {
    serde_json::to_string_pretty(&twin.body).unwrap_or_default() + "\n"
}

//! In what a packet that somebody hands over departs from the form of packets.
//!
//! The published schema is read, as far as it uses what JSON Schema has: types, required keys, items, choices.
//! Keys that it does not name are no departure: later packets may have more.

use super::{FORM, SCHEMA};
use serde_json::{Map, Value};

/// More than anybody reads.
const MOST: usize = 50;
/// Schemas refer to each other; packets do not nest so deep.
const DEEPEST: usize = 64;

/// Where a packet, as JSON, is not of the form: `calls.3.attempts.0.status: not of type integer`. Names of
/// keys are those of the schema; nothing of the packet is repeated.
#[must_use]
pub fn departures(packet: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap_or_default();
    let mut found = Vec::new();
    if packet.get("schema").and_then(Value::as_str) != Some(FORM) {
        found.push(format!("schema: not {FORM}"));
    }
    let none = Map::new();
    let named = schema.get("$defs").and_then(Value::as_object).unwrap_or(&none);
    Reader { named, found: &mut found }.value(packet, &schema, "", 0);
    found
}

struct Reader<'s, 'f> {
    named: &'s Map<String, Value>,
    found: &'f mut Vec<String>,
}

impl Reader<'_, '_> {
    fn value(&mut self, value: &Value, schema: &Value, place: &str, depth: usize) {
        if self.found.len() >= MOST || depth > DEEPEST {
            return;
        }
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next());
        if let Some(named) = reference.and_then(|name| self.named.get(name)) {
            self.value(value, named, place, depth + 1);
        }
        for choice in ["anyOf", "oneOf"] {
            if let Some(choices) = schema.get(choice).and_then(Value::as_array) {
                self.choices(value, choices, place, depth);
            }
        }
        if let Some(constant) = schema.get("const").filter(|c| *c != value) {
            return self.departs(place, &format!("not {constant}"));
        }
        if let Some(kinds) = schema.get("type").filter(|kinds| !is_of(value, kinds)) {
            let kinds = kinds.as_str().map_or_else(|| kinds.to_string(), str::to_owned);
            return self.departs(place, &format!("not of type {kinds}"));
        }
        match value {
            Value::Object(fields) => self.fields(fields, schema, place, depth),
            Value::Array(items) => {
                let Some(schema) = schema.get("items") else { return };
                for (i, item) in items.iter().enumerate() {
                    self.value(item, schema, &below(place, &i.to_string()), depth + 1);
                }
            }
            _ => {}
        }
    }

    fn fields(&mut self, fields: &Map<String, Value>, schema: &Value, place: &str, depth: usize) {
        for key in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(key) {
                self.departs(&below(place, key), "missing");
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (key, schema) in properties.into_iter().flatten() {
            if let Some(value) = fields.get(key) {
                self.value(value, schema, &below(place, key), depth + 1);
            }
        }
        if let Some(schema) = schema.get("additionalProperties").filter(|s| s.is_object()) {
            let others = fields.iter().filter(|(key, _)| !properties.is_some_and(|p| p.contains_key(*key)));
            for (_, value) in others {
                self.value(value, schema, &below(place, "*"), depth + 1);
            }
        }
    }

    fn choices(&mut self, value: &Value, choices: &[Value], place: &str, depth: usize) {
        let fits = |choice: &Value| {
            let mut found = Vec::new();
            Reader { named: self.named, found: &mut found }.value(value, choice, place, depth + 1);
            found.is_empty()
        };
        if !choices.iter().any(fits) {
            self.departs(place, "none of what it may be");
        }
    }

    fn departs(&mut self, place: &str, how: &str) {
        let place = if place.is_empty() { "the packet" } else { place };
        self.found.push(format!("{place}: {how}"));
    }
}

fn below(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

/// Whether a value is of a type, or of one of several.
fn is_of(value: &Value, kinds: &Value) -> bool {
    match kinds {
        Value::Array(kinds) => kinds.iter().any(|kind| is_of(value, kind)),
        kind => match kind.as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            Some("null") => value.is_null(),
            _ => true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Options, read};
    use crate::input::Input;
    use crate::packet::{Supplied, assemble};

    fn packet() -> Value {
        let log = "{\"timestamp\":\"2026-11-20T10:00:00Z\",\"status_code\":500,\"error_type\":\"api_error\",\"url\":\"https://api.anthropic.com/v1/messages\"}\n";
        let mut case = read(&[Input::keep(log.as_bytes()).unwrap()], &Options::default());
        serde_json::to_value(assemble(&mut case, &Supplied::default())).unwrap()
    }

    #[test]
    fn a_packet_does_not_depart() {
        assert_eq!(departures(&packet()), [""; 0]);
    }

    #[test]
    fn departures_are_named_by_their_place() {
        let mut packet = packet();
        packet["calls"][0]["attempts"][0]["status"] = "500".into();
        packet["verdict"].as_object_mut().unwrap().remove("decision");
        packet["error"]["status"]["basis"] = "guessed".into();
        packet["later"] = 1.into();
        let mut found = departures(&packet);
        found.sort();
        assert_eq!(
            found,
            [
                "calls.0.attempts.0.status: not of type [\"integer\",\"null\"]",
                "error.status.basis: none of what it may be",
                "verdict.decision: missing"
            ]
        );
        assert_eq!(departures(&Value::Null), ["schema: not casefile.packet/1", "the packet: not of type object"]);
    }
}

//! The form of the lines, as a JSON Schema: derived from the types, committed, and kept equal by a test.

/// The JSON Schema of a line.
pub const SCHEMA: &str = include_str!("../../../schemas/attempts-2.schema.json");

#[cfg(test)]
mod tests {
    use super::super::write::{Header, Row};
    use super::*;
    use std::path::Path;

    /// A line: the header, or an attempt.
    #[derive(serde::Serialize, schemars::JsonSchema)]
    #[serde(untagged)]
    #[expect(dead_code, clippy::large_enum_variant, reason = "its form is all that is wanted")]
    enum Line<'c> {
        Header(Header<'c>),
        Attempt(Row<'c>),
    }

    /// `UPDATE_SCHEMA=1 cargo test schema` writes it anew.
    #[test]
    fn the_committed_schema_is_that_of_the_lines() {
        let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
        let schema = settings.into_generator().into_root_schema_for::<Line<'_>>();
        let derived = serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/attempts-2.schema.json");
            assert!(std::fs::write(path, &derived).is_ok(), "cannot write the schema");
            return;
        }
        assert!(
            derived == SCHEMA,
            "the lines changed: look at what changes for readers, then UPDATE_SCHEMA=1 cargo test schema"
        );
    }
}

//! The form of packets, as a JSON Schema: derived from the types, committed, and kept equal by a test.

/// The JSON Schema of [`super::FORM`].
pub const SCHEMA: &str = include_str!("../../schemas/packet-1.schema.json");

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// `UPDATE_SCHEMA=1 cargo test schema` writes it anew.
    #[test]
    fn the_committed_schema_is_that_of_the_types() {
        let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
        let schema = settings.into_generator().into_root_schema_for::<crate::packet::Packet>();
        let derived = serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/packet-1.schema.json");
            assert!(std::fs::write(path, &derived).is_ok(), "cannot write the schema");
            return;
        }
        assert!(
            derived == SCHEMA,
            "the packet's types changed: look at what changes for readers, then UPDATE_SCHEMA=1 cargo test schema"
        );
    }
}

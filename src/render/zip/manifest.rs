//! What an archive holds, and the checksums of it: for programs as JSON, for people as `sha256sum -c` reads them.

use crate::packet::{Packet, Tool};
use crate::render::RenderError;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The name and version of the form of manifests.
pub const FORM: &str = "casefile.manifest/1";
/// The manifest's path. It lists every file but itself and [`SUMS`].
pub const MANIFEST: &str = "MANIFEST.json";
/// The path of the checksums: of every file but itself.
pub const SUMS: &str = "SHA256SUMS";

/// What an archive holds.
#[derive(Debug, Serialize)]
pub struct Manifest {
    schema: &'static str,
    tool: Tool,
    files: Vec<Listed>,
}

/// A file.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// Its path in the archive.
    pub path: String,
    /// Its size.
    pub bytes: usize,
    /// Its checksum, in hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    /// Of files, by path.
    pub(super) fn of<'m>(packet: &Packet, files: impl Iterator<Item = (&'m str, &'m [u8])>) -> Self {
        let listed =
            |(path, bytes): (&str, &[u8])| Listed { path: path.to_owned(), bytes: bytes.len(), sha256: sha256(bytes) };
        Self { schema: FORM, tool: packet.tool, files: files.map(listed).collect() }
    }

    pub(super) fn json(&self) -> Result<Vec<u8>, RenderError> {
        let mut text = serde_json::to_vec_pretty(self).map_err(|_| RenderError::Json)?;
        text.push(b'\n');
        Ok(text)
    }
}

/// The checksums of files, a line each.
pub fn sums<'m>(files: impl Iterator<Item = (&'m str, &'m [u8])>) -> String {
    let mut text = String::new();
    for (path, bytes) in files {
        // writing to a text does not fail
        let _ = writeln!(text, "{}  {path}", sha256(bytes));
    }
    text
}

/// A checksum in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

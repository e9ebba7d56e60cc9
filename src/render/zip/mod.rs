//! The packet as an archive: every output, the evidence, and what whoever gets it can run and check.
//!
//! The same input gives the same bytes: members stand in one order, with one date. Each of them passes the gate
//! before the first byte of the archive is made.

mod manifest;
mod open;
mod timeline;

pub use manifest::{FORM, Listed, MANIFEST, Manifest, SUMS, sha256, sums};
pub use open::{Member, OpenError, Opened, open};

use super::repro::{self, FORMATS};
use super::{OUTPUTS, Output, RenderError, Template, read_again};
use crate::case::Excerpt;
use crate::model::Clean;
use crate::packet::Packet;
use crate::redact::Redactor;
use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, DateTime, System, ZipWriter};
use serde::Serialize;
use std::borrow::Cow;
use std::io::{Cursor, Write};

/// A request larger than this is made where it is needed, by `casefile repro`.
const LARGEST_REPRO: usize = 1 << 20;

const COMMANDS: &str = include_str!("../../../templates/archive/commands.md");
const REDACTION: &str = include_str!("../../../templates/archive/REDACTION.md");

/// A packet and what goes into an archive beside it.
#[derive(Debug)]
pub struct Document {
    /// The packet.
    pub packet: Packet,
    /// A further way to lay it out.
    pub template: Option<Template>,
    /// The lines that are evidence.
    pub excerpts: Vec<Excerpt>,
    /// The status pages that were given, redacted.
    pub pages: Vec<Page>,
}

/// A status page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its file's name.
    pub name: Clean,
    /// Its text, redacted.
    pub text: String,
}

/// A file of the archive.
#[derive(Debug)]
struct Part<'d> {
    path: String,
    bytes: Vec<u8>,
    /// What people read of it, where that is not what its bytes say.
    as_read: Option<Vec<u8>>,
    /// Texts in it that the program brings.
    own: Vec<Cow<'d, str>>,
}

impl Part<'_> {
    fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), as_read: None, own: Vec::new() }
    }
}

/// Makes the archive.
///
/// # Errors
/// Where a template does not work, or something in a member must not leave.
pub fn archive(document: &mut Document, redactor: &mut Redactor) -> Result<Vec<u8>, RenderError> {
    // said before it is known, and not written unless it holds
    document.packet.redaction.verified = true;
    let members = members(document)?;
    let own = document.packet.own_texts();
    for member in &members {
        let own: Vec<&str> = own.iter().copied().chain(member.own.iter().map(AsRef::as_ref)).collect();
        for text in [Some(&member.bytes), member.as_read.as_ref()].into_iter().flatten() {
            read_again(text, 1, &own, redactor).map_err(|e| e.inside(&member.path))?;
        }
    }
    pack(&members).map_err(|_| RenderError::Archive)
}

/// All files, in their order.
fn members(document: &Document) -> Result<Vec<Part<'_>>, RenderError> {
    let packet = &document.packet;
    let mut members = Vec::new();
    for output in OUTPUTS {
        let extension = output.extensions().first().copied().unwrap_or(output.name());
        members.push(text(format!("packet.{extension}"), *output, packet)?);
    }
    if let Some(template) = document.template.as_ref().filter(|t| t.name != "packet") {
        members.push(text(free_name("", &template.name, "md", &members), template, packet)?);
    }
    members.push(Part::new("timeline.csv", timeline::csv(packet)));
    let excerpts = members.len();
    for excerpt in &document.excerpts {
        let name = packet.inputs.get(excerpt.input as usize).map_or("log", |i| i.name.as_str());
        let path = free_name("excerpts/", name, "log", &members);
        members.push(Part::new(path, excerpt.text.as_str()));
    }
    let pages = members.len();
    for page in &document.pages {
        let path = free_name("status/", page.name.as_str(), "", &members);
        members.push(Part::new(path, page.text.as_str()));
    }
    let twins = members.len();
    members.extend(twins_of(packet));
    let about = About {
        packet,
        excerpts: excerpt_rows(document, members.get(excerpts..pages).unwrap_or_default()),
        pages: members.get(pages..twins).unwrap_or_default().iter().map(|m| m.path.clone()).collect(),
        repro: members.len() > twins,
    };
    for (path, source) in [("commands.md", COMMANDS), ("REDACTION.md", REDACTION)] {
        let template = Template::of_program(path, source);
        members.push(Part { own: vec![source.into()], ..Part::new(path, template.fill(&about)?) });
    }
    let manifest = Manifest::of(packet, members.iter().map(|m| (m.path.as_str(), m.bytes.as_slice())));
    members.push(Part::new(MANIFEST, manifest.json()?));
    let sums = sums(members.iter().map(|m| (m.path.as_str(), m.bytes.as_slice())));
    members.push(Part::new(SUMS, sums));
    Ok(members)
}

/// One of the outputs.
fn text<'d>(path: String, output: &'d dyn Output, packet: &Packet) -> Result<Part<'d>, RenderError> {
    let bytes = output.render(packet)?;
    let as_read = output.as_read(&bytes);
    Ok(Part { path, bytes, as_read, own: output.own().into_iter().map(Cow::from).collect() })
}

/// A request of the same shape, in every format; none where no failure shows its shape.
fn twins_of(packet: &Packet) -> Vec<Part<'_>> {
    let twin = serde_json::to_value(packet).ok().and_then(|packet| repro::first(&packet).ok());
    let written = |format: &repro::Format| {
        let twin = twin.as_ref()?;
        let bytes = twin.written(format).into_bytes();
        let path = format!("repro/request.{}", format.name);
        (bytes.len() <= LARGEST_REPRO)
            .then(|| Part { own: vec![repro::made_up(LARGEST_REPRO).into()], ..Part::new(path, bytes) })
    };
    FORMATS.iter().filter_map(written).collect()
}

/// What the pages about the archive itself are made from: the packet, and this.
#[derive(Serialize)]
struct About<'d> {
    #[serde(flatten)]
    packet: &'d Packet,
    excerpts: Vec<ExcerptRow<'d>>,
    pages: Vec<String>,
    repro: bool,
}

#[derive(Serialize)]
struct ExcerptRow<'d> {
    path: String,
    name: &'d str,
    lines: usize,
    of: u64,
    withheld: u64,
}

fn excerpt_rows<'d>(document: &'d Document, members: &[Part<'_>]) -> Vec<ExcerptRow<'d>> {
    let row = |(excerpt, member): (&Excerpt, &Part<'_>)| {
        let input = document.packet.inputs.get(excerpt.input as usize)?;
        let withheld = excerpt.withheld.iter().map(|t| t.count).sum();
        Some(ExcerptRow {
            path: member.path.clone(),
            name: &input.name,
            lines: excerpt.lines,
            of: input.lines,
            withheld,
        })
    };
    document.excerpts.iter().zip(members).filter_map(row).collect()
}

/// A path that is safe on every system and that no member has yet.
fn free_name(folder: &str, name: &str, extension: &str, members: &[Part<'_>]) -> String {
    let safe: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).take(80).collect();
    let safe = safe.trim_matches(['.', '_']);
    let safe = if safe.is_empty() { "file" } else { safe };
    let (stem, end) = match extension {
        "" => safe.rsplit_once('.').map_or((safe, String::new()), |(stem, end)| (stem, format!(".{end}"))),
        extension => {
            (safe.strip_suffix(extension).and_then(|s| s.strip_suffix('.')).unwrap_or(safe), format!(".{extension}"))
        }
    };
    let names =
        std::iter::once(format!("{folder}{stem}{end}")).chain((2..).map(|n| format!("{folder}{stem}-{n}{end}")));
    // systems differ in whether case matters
    let mut free = names.filter(|path| !members.iter().any(|m| m.path.eq_ignore_ascii_case(path)));
    free.next().unwrap_or_default()
}

fn pack(members: &[Part<'_>]) -> ::zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for member in members {
        writer.start_file(member.path.as_str(), options)?;
        writer.write_all(&member.bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_safe_and_differ() {
        let member = |path: &str| Part::new(path, "");
        let members = [member("excerpts/app.log"), member("excerpts/App-2.log")];
        assert_eq!(free_name("excerpts/", "app.log", "log", &members), "excerpts/app-3.log");
        assert_eq!(free_name("excerpts/", "../../etc/passwd", "log", &members), "excerpts/etc_passwd.log");
        assert_eq!(free_name("excerpts/", "logs.zip!app.jsonl", "log", &members), "excerpts/logs.zip_app.jsonl.log");
        assert_eq!(free_name("status/", "…", "", &members), "status/file");
        assert_eq!(free_name("status/", "summary.json", "", &members), "status/summary.json");
    }
}

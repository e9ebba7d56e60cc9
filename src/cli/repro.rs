//! `casefile repro`: a request of the same shape as a failing one, with made-up text.

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::output::OutputArgs;
use super::{Exit, Run};
use crate::render::repro::{self, FORMATS, Format, Shape, ShapeError, Twin};
use crate::render::zip;
use serde_json::Value;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A packet is never so large.
const MAX_PACKET: u64 = 256 << 20;

/// Write a runnable request of the same shape as a failing one, with made-up text
///
/// Roles, types of blocks, sizes, depth of tools and flags are those of the failing request; the prompt is not
/// in it. It sends one attempt and takes the key from the environment.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile build app.log -o packet.json
  casefile repro packet.json -f sh > repro.sh")]
pub struct Args {
    /// A packet, as JSON or as an archive; - is the standard input
    packet: PathBuf,
    /// The attempt to write, by its request id or another of its ids; else the first failure that shows its shape
    #[arg(long, value_name = "ID")]
    attempt: Option<String>,
    /// Shell with curl, Python, or the body alone
    #[arg(short, long, value_name = "FORMAT", value_parser = formats())]
    format: Option<&'static Format>,
    #[command(flatten)]
    output: OutputArgs,
}

impl Run for Args {
    fn run(self, _config: &ConfigArgs) -> Result<Exit> {
        let packet = read(&self.packet)?;
        let twin = self.twin(&packet)?;
        let extension = self.output.path().and_then(|p| p.extension()).and_then(|e| e.to_str());
        let told = FORMATS.iter().find(|f| Some(f.name) == extension);
        let format = self.format.or(told).or(FORMATS.first()).ok_or_else(|| Error::new("there is no format"))?;
        self.output.open()?.text(&twin.written(format))?;
        Ok(Exit::Done)
    }
}

impl Args {
    /// Of the attempt that was asked for, or of the first failure whose shape is known.
    fn twin(&self, packet: &Value) -> Result<Twin> {
        let calls = packet.get("calls").and_then(Value::as_array).ok_or_else(|| {
            Error::new("this is no packet: it has no `calls`").hint("make one with `casefile build -f json LOG`")
        })?;
        let attempts =
            || calls.iter().flat_map(|call| call.get("attempts").and_then(Value::as_array).into_iter().flatten());
        if let Some(id) = &self.attempt {
            let attempt = attempts().find(|a| has_id(a, id)).ok_or_else(|| {
                Error::new("no attempt in the packet has this id")
                    .hint("ids stand in `calls[].attempts[].request_id` and `.ids`")
            })?;
            return Shape::of(attempt).and_then(|s| Twin::of(&s)).map_err(no_twin);
        }
        repro::first(packet).map_err(no_twin)
    }
}

fn no_twin(why: ShapeError) -> Error {
    let hint = match why {
        ShapeError::Missing => "log the request's body, or its debug log, and build again: its text is taken out",
        ShapeError::TooLarge => "check that the packet was not changed",
        ShapeError::Api => "only Anthropic's Messages and OpenAI's Chat Completions and Responses can be written",
    };
    Error::new(why.to_string()).hint(hint)
}

fn has_id(attempt: &Value, id: &str) -> bool {
    let is = |value: Option<&Value>| value.and_then(Value::as_str) == Some(id);
    let ids = attempt.get("ids").and_then(Value::as_array).into_iter().flatten();
    is(attempt.get("request_id")) || ids.into_iter().any(|row| is(row.get("value")))
}

fn read(path: &Path) -> Result<Value> {
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(|e| Error::file("read", path, &e))?)
    };
    let mut bytes = Vec::new();
    reader.take(MAX_PACKET).read_to_end(&mut bytes).map_err(|e| Error::file("read", path, &e))?;
    let bytes = packet_of(bytes);
    // what stands in the file is not quoted: it may be anything
    serde_json::from_slice(&bytes).map_err(|e| {
        Error::new(format!(
            "`{}` is no packet as JSON: line {}",
            super::term::escaped(&path.display().to_string()),
            e.line()
        ))
        .hint("make one with `casefile build -f json LOG`")
    })
}

/// The packet of an archive; anything else as it is.
fn packet_of(bytes: Vec<u8>) -> Vec<u8> {
    let is_archive = bytes.starts_with(b"PK\x03\x04");
    let opened = is_archive.then(|| zip::open(io::Cursor::new(&bytes)).ok()).flatten();
    let packet = opened.and_then(|o| o.members.into_iter().find(|m| m.path == "packet.json"));
    packet.map_or(bytes, |m| m.bytes)
}

fn formats() -> impl clap::builder::TypedValueParser<Value = &'static Format> {
    use clap::builder::TypedValueParser;
    clap::builder::PossibleValuesParser::new(FORMATS.iter().map(|f| f.name))
        .try_map(|name| FORMATS.iter().find(|f| f.name == name).ok_or("no such format"))
}

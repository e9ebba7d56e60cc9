//! `casefile build`: the packet.

use super::config::{Config, ConfigArgs, unknown_fact};
use super::error::{Error, Result};
use super::inputs::{self, InputArgs};
use super::output::OutputArgs;
use super::policy::PolicyArgs;
use super::{Exit, Run, dialects, templates, term};
use crate::case::{self, Case, Options};
use crate::input::Input;
use crate::literal::Timestamp;
use crate::model::{Attempt, Snapshot, Supplied};
use crate::redact::Redactor;
use crate::render::zip::{Document, Page};
use crate::render::{self, Format, Template};
use crate::trace::Assumptions;
use crate::{packet, status};
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

/// Build the packet: what failed, where, how often and on which path
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile build app.log                     the page, on the standard output
  casefile build app.log -o packet.zip       everything: page, JSON, HTML, evidence, checksums
  casefile build client.log gateway/ --status status.json --status-checked-at 2026-03-02T14:09:00Z
  casefile build app.log --template anthropic-support --set reference=INC-2231

Read it before you send it.")]
pub struct Args {
    #[command(flatten)]
    inputs: InputArgs,
    /// Format of the packet; also told by the output's extension
    #[arg(short, long, value_name = "FORMAT", value_parser = formats())]
    format: Option<&'static str>,
    #[command(flatten)]
    output: OutputArgs,
    /// A saved status page of the provider; may be given several times
    #[arg(long, value_name = "FILE", help_heading = "Facts that you add")]
    status: Vec<PathBuf>,
    /// When the status page was looked at
    #[arg(long, value_name = "TIME", help_heading = "Facts that you add", value_parser = time)]
    status_checked_at: Option<i64>,
    /// Something that no log shows: reference=, impact=, status=green, owner.ticket=, ...
    #[arg(long = "set", value_name = "KEY=VALUE", help_heading = "Facts that you add", value_parser = fact)]
    facts: Vec<(String, String)>,
    /// Only attempts since then
    #[arg(long, value_name = "TIME", help_heading = "Focus", value_parser = time)]
    since: Option<i64>,
    /// Only attempts until then
    #[arg(long, value_name = "TIME", help_heading = "Focus", value_parser = time)]
    until: Option<i64>,
    /// Only the calls with this id
    #[arg(long, value_name = "ID", help_heading = "Focus")]
    request_id: Vec<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// How the packet is laid out: a template's name, or a file
    #[arg(long, value_name = "NAME|FILE")]
    template: Option<String>,
    /// Exit 1 where the packet is weaker: grade=B
    #[arg(long, value_name = "grade=B", value_parser = grade)]
    require: Option<char>,
    #[command(flatten)]
    policy: PolicyArgs,
}

/// How logs are read, for all commands that read them.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Reading")]
pub struct ReadingArgs {
    /// Zone of the logs that name none: +02:00, UTC
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    timezone: Option<i16>,
    /// Read everything as this dialect (`casefile dialects` lists them)
    #[arg(long, value_name = "ID")]
    dialect: Option<String>,
}

impl Run for Args {
    fn run(self, config: &ConfigArgs) -> Result<Exit> {
        let format = self.format()?;
        let config = config.load()?;
        let template = self.template(format, &config)?;
        let found = self.inputs.find()?;
        let output = self.output.open()?;
        let options = self.reading.options(&self.policy, &config)?;
        let mut supplied = self.supplied(&config)?;
        let mut case = read(&found, &options)?;
        let pages;
        (supplied.snapshots, pages) = self.status_pages(&mut case.redactor)?.into_iter().unzip();
        self.focus(&mut case);
        let packet = packet::assemble(&mut case, &supplied).written_at(now());
        let grade = packet.completeness.grade;
        let (failed, lines) = (packet.impact.attempts_failed, packet.inputs.iter().map(|i| i.lines).sum::<u64>());
        let excerpts = match format {
            Format::Zip => case::excerpts(&mut case, &found, &supplied)?,
            Format::Text(_) => Vec::new(),
        };
        let bytes = write(Document { packet, template, excerpts, pages }, format, &mut case.redactor)?;
        let size = render::bytes(bytes.len() as u64);
        output.bytes(&bytes)?;
        if let Some(path) = self.output.path() {
            term::note(&format!("wrote `{}` ({size}, grade {grade}); read it before you send it", path.display()));
        }
        if failed == 0 {
            term::note(&format!(
                "no failed request in {lines} lines: `casefile dialects test FILE` shows what each line became"
            ));
        }
        match self.require {
            Some(wanted) if grade > wanted => {
                term::note(&format!("the packet is of grade {grade}, weaker than {wanted}"));
                Ok(Exit::No)
            }
            _ => Ok(Exit::Done),
        }
    }
}

impl Args {
    /// What the user says: first `casefile.toml`, then the command line.
    fn supplied(&self, config: &Config) -> Result<Supplied> {
        let mut supplied = Supplied::default();
        config.supply(&mut supplied)?;
        for (name, value) in &self.facts {
            supplied.set(name, value, "--set").map_err(|e| unknown_fact(name, &e, "--set"))?;
        }
        supplied.status_checked_ms = self.status_checked_at;
        Ok(supplied)
    }

    /// The saved status pages, as data and as text.
    fn status_pages(&self, redactor: &mut Redactor) -> Result<Vec<(Snapshot, Page)>> {
        let read = |path: &PathBuf| {
            let file = File::open(path).map_err(|e| Error::file("read", path, &e))?;
            let written =
                file.metadata().and_then(|m| m.modified()).ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
            let written_ms = written.and_then(|d| i64::try_from(d.as_millis()).ok());
            let mut bytes = Vec::new();
            file.take(status::MAX_BYTES as u64 + 1)
                .read_to_end(&mut bytes)
                .map_err(|e| Error::file("read", path, &e))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let snapshot = status::read(&name, &bytes, self.status_checked_at, written_ms, redactor);
            if let Some(why) = snapshot.unreadable {
                let what = format!("the status page `{}` tells nothing: {why}", path.display());
                term::warn(
                    &what,
                    Some("save the page's data, `curl -sSL https://status.claude.com/api/v2/summary.json`"),
                );
            }
            let page = Page { name: snapshot.file.clone(), text: redactor.public(&decoded(bytes)) };
            Ok((snapshot, page))
        };
        self.status.iter().map(read).collect()
    }

    /// The format that was asked for, or that of the file's extension, or Markdown.
    fn format(&self) -> Result<Format> {
        let extension =
            self.output.path().and_then(|p| p.extension()).map(|e| e.to_string_lossy().to_ascii_lowercase());
        let found = match (self.format, extension) {
            (Some(name), _) => Format::all().find(|f| f.name() == name),
            (None, Some(extension)) => Format::all().find(|f| f.extensions().contains(&extension.as_str())),
            (None, None) => Format::all().next(),
        };
        found.ok_or_else(|| {
            let names: Vec<&str> = Format::all().map(Format::name).collect();
            Error::new("the output's extension tells no format")
                .hint(format!("name it with `--format`: {}", names.join(", ")))
        })
    }

    /// The template that was asked for, here or in `casefile.toml`; only Markdown is laid out by one.
    fn template(&self, format: Format, config: &Config) -> Result<Option<Template>> {
        let lays_out = matches!(format.name(), "md" | "zip");
        if self.template.is_some() && !lays_out {
            let what = format!("a template lays out Markdown, not {}", format.name());
            return Err(Error::new(what).hint("leave `--template` out, or write md or zip"));
        }
        let set = || config.template().filter(|_| lays_out);
        self.template.clone().or_else(set).map(|named| templates::load(&named)).transpose()
    }

    /// Leaves only the calls that were asked for.
    fn focus(&self, case: &mut Case) {
        let in_time =
            |ms: i64| self.since.is_none_or(|since| ms >= since) && self.until.is_none_or(|until| ms <= until);
        let has_id = |attempt: &Attempt| {
            let ids = attempt.seen.ids.iter().map(|id| &id.value).chain(&attempt.seen.request_id);
            self.request_id.is_empty()
                || ids.into_iter().any(|id| self.request_id.iter().any(|wanted| id == wanted.as_str()))
        };
        let everything = self.since.is_none() && self.until.is_none();
        case.calls.retain(|call| {
            let timely = everything || call.attempts.iter().any(|a| a.at_ms.is_some_and(in_time));
            timely && call.attempts.iter().any(has_id)
        });
    }
}

/// The text of a saved page: UTF-8, or UTF-16 as some services have it.
fn decoded(bytes: Vec<u8>) -> String {
    let text = Input::keep(bytes.as_slice()).ok().and_then(|kept| {
        let mut text = Vec::new();
        kept.open().ok()?.reader.take(2 * status::MAX_BYTES as u64).read_to_end(&mut text).ok()?;
        Some(text)
    });
    String::from_utf8_lossy(&text.unwrap_or_default()).into_owned()
}

/// Renders a packet; nothing leaves that must not.
fn write(mut document: Document, format: Format, redactor: &mut Redactor) -> Result<Vec<u8>> {
    Ok(match (format, &document.template) {
        (Format::Zip, _) => render::zip::archive(&mut document, redactor)?,
        (Format::Text(_), Some(template)) => render::checked(&mut document.packet, template, redactor)?,
        (Format::Text(output), None) => render::checked(&mut document.packet, output, redactor)?,
    })
}

impl ReadingArgs {
    /// How a case is read.
    ///
    /// # Errors
    /// Those of the policy and of `casefile.toml`.
    pub fn options(&self, policy: &PolicyArgs, config: &Config) -> Result<Options> {
        let offset_min = self.timezone.map_or_else(|| config.offset_min(), |zone| Ok(Some(zone)))?;
        let custom = config.custom()?;
        let named = |id: &String| custom.named(id).map(|a| a.id).ok_or_else(|| dialects::unknown(id, &custom));
        Ok(Options {
            policy: policy.policy(config)?,
            assumed: Assumptions { offset_min, now_ms: now() },
            dialect: self.dialect.as_ref().map(named).transpose()?,
            custom,
            parts: false,
        })
    }
}

/// Reads a case; warns of what could not be read.
///
/// # Errors
/// Where nothing could be read.
pub fn read(found: &[crate::input::Input], options: &Options) -> Result<Case> {
    let case = case::read(found, options);
    if case.inputs.is_empty() {
        return Err(inputs::none(&case.problems));
    }
    inputs::warn(&case.problems);
    Ok(case)
}

/// The clock of the run, in milliseconds since 1970: `SOURCE_DATE_EPOCH` where it is set, so that the same
/// input gives the same bytes.
fn now() -> i64 {
    let set =
        std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|t| t.parse::<i64>().ok()).map(|s| s.saturating_mul(1000));
    let clock = || {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .ok()
            .and_then(|d| i64::try_from(d.as_millis()).ok())
    };
    set.or_else(clock).unwrap_or(0)
}

/// A moment as it is typed: `2026-11-20T10:00:00Z`; UTC where it names no zone.
fn time(text: &str) -> std::result::Result<i64, &'static str> {
    const LIKE: &str = "a time looks like 2026-11-20T10:00:00Z";
    let (stamp, _) = Timestamp::begins(text.as_bytes()).ok_or(LIKE)?;
    if stamp.missing != crate::literal::Missing::Nothing {
        return Err("it needs a date: 2026-11-20T10:00:00Z");
    }
    Ok(stamp.utc_ms().unwrap_or(stamp.local_ms))
}

/// `+02:00`, `-0530`, `UTC`, `Z`: minutes ahead of UTC.
pub fn zone(text: &str) -> std::result::Result<i16, &'static str> {
    const LIKE: &str = "a zone is its distance from UTC, like +02:00, or `UTC`";
    if text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("gmt") {
        return Ok(0);
    }
    let (sign, rest) =
        text.strip_prefix('+').map(|r| (1, r)).or_else(|| text.strip_prefix('-').map(|r| (-1, r))).ok_or(LIKE)?;
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    let digits = if digits.len() == 2 { digits + "00" } else { digits };
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(LIKE);
    }
    let number: i16 = digits.parse().map_err(|_| LIKE)?;
    let (hours, minutes) = (number / 100, number % 100);
    if hours > 14 || minutes > 59 { Err(LIKE) } else { Ok(sign * (hours * 60 + minutes)) }
}

fn fact(text: &str) -> std::result::Result<(String, String), &'static str> {
    let (key, value) = text.split_once('=').ok_or("it needs a key and a value: impact=\"checkout is down\"")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

fn grade(text: &str) -> std::result::Result<char, &'static str> {
    let grade = text.strip_prefix("grade=").unwrap_or(text);
    match grade.to_ascii_uppercase().chars().next() {
        Some(c @ 'A'..='E') if grade.len() == 1 => Ok(c),
        _ => Err("a grade is A, B, C, D or E: grade=B"),
    }
}

fn formats() -> impl clap::builder::TypedValueParser<Value = &'static str> {
    use clap::builder::TypedValueParser;
    let names = Format::all().map(Format::name);
    clap::builder::PossibleValuesParser::new(names)
        .map(|name| Format::all().map(Format::name).find(|n| *n == name).unwrap_or("md"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_distances() {
        assert_eq!(["UTC", "+02:00", "-0530", "+02", "Z"].map(zone), [Ok(0), Ok(120), Ok(-330), Ok(120), Ok(0)]);
        assert!(zone("Europe/Berlin").is_err() && zone("+9999").is_err());
    }

    #[test]
    fn times_need_a_date() {
        assert_eq!(time("1970-01-01T00:00:01+00:00"), Ok(1000));
        assert!(time("10:00").is_err() && time("yesterday").is_err());
    }
}

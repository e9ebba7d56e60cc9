//! `casefile ids`: the times inside ids. A bare list of them becomes a timeline.

mod find;

use super::config::ConfigArgs;
use super::error::{Error, Result};
use super::inputs;
use super::output::Output;
use super::{Exit, Run, term};
use crate::idclock;
use crate::input::{Input, Inputs, expand};
use crate::literal::Timestamp;
use crate::model::id_kind;
use crate::redact::{Classes, Cleaner, RuleSet};
use find::Found;
use serde::Serialize;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

/// Read the times inside request ids; many ids become a timeline
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  casefile ids req_011CVNyZbvB4WSdhCC8bRuCb
  grep -o 'req_[A-Za-z0-9]*' app.log | casefile ids
  casefile ids app.log -f json

Times are on the clock of the service that made the id. That ids carry time is measured, not documented:
a time from an id never replaces one that a log shows.")]
pub struct Args {
    /// Ids, or files with ids in them; `-` or nothing reads the standard input
    #[arg(value_name = "ID|FILE")]
    ids: Vec<String>,
    /// Print a table or JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line an id
    Text,
    /// One document
    Json,
}

/// Ids of one incident are not farther apart, in milliseconds.
const MONTH: i64 = 31 * 86_400_000;

/// An id and what it tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Row {
    /// When it was made; none where it carries no time.
    at: Option<String>,
    /// How exact that is, in milliseconds.
    grain_ms: Option<i64>,
    /// Milliseconds since the one before.
    since_last_ms: Option<i64>,
    /// What it names, as far as its shape tells.
    names: Option<&'static str>,
    /// The grammar that reads it.
    kind: Option<&'static str>,
    id: String,
    /// Where it was found first.
    from: Option<String>,
}

#[derive(Serialize)]
struct Timeline {
    schema: &'static str,
    basis: &'static str,
    ids: Vec<Row>,
}

impl Run for Args {
    fn run(self, _: &ConfigArgs) -> Result<Exit> {
        let found = self.find()?;
        let rows = timeline(&found);
        let text = match self.format {
            Format::Text => table(&rows),
            Format::Json => {
                let timeline = Timeline { schema: "casefile.ids/1", basis: "derived", ids: rows.clone() };
                serde_json::to_string_pretty(&timeline).map_err(|_| Error::new("the ids cannot be written as JSON"))?
                    + "\n"
            }
        };
        Output::stdout().text(&text)?;
        notes(&rows);
        Ok(Exit::Done)
    }
}

impl Args {
    /// What is no file is an id.
    fn find(&self) -> Result<Vec<Found>> {
        let mut clean = Cleaner::new(RuleSet::builtin(), Classes::default());
        let mut found = Vec::new();
        let mut paths = Vec::new();
        let mut stdin = self.ids.is_empty();
        if stdin && io::stdin().is_terminal() {
            return Err(
                Error::new("no id").hint("name ids or files with ids, or pipe them in: `pbpaste | casefile ids`")
            );
        }
        for word in &self.ids {
            let path = PathBuf::from(word);
            if word == "-" {
                stdin = true;
            } else if path.exists() {
                paths.push(path);
            } else {
                let id = clean.id(word.as_bytes()).filter(|id| find::is_id(id.as_str()));
                let id = id.ok_or_else(|| {
                    Error::new(format!("`{word}` is neither a file nor an id"))
                        .hint("an id looks like req_011CVNyZbvB4WSdhCC8bRuCb")
                })?;
                found.push(Found { id: id.to_string(), from: None });
            }
        }
        let Inputs { mut inputs, problems } = expand(&paths);
        if stdin {
            inputs.push(Input::keep(io::stdin().lock()).map_err(|e| Error::from_writing(&e))?);
        }
        if inputs.is_empty() && found.is_empty() {
            return Err(inputs::none(&problems));
        }
        inputs::warn(&problems);
        let named = !found.is_empty();
        for input in &inputs {
            find::in_input(input, &mut clean, &mut found)?;
        }
        if found.is_empty() && !named {
            return Err(Error::new("no ids there").hint("an id looks like req_011CVNyZbvB4WSdhCC8bRuCb"));
        }
        Ok(found)
    }
}

/// In order of time; ids without one come last, in the order in which they were found.
fn timeline(found: &[Found]) -> Vec<Row> {
    let mut timed: Vec<(Option<idclock::IdTime>, &Found)> = found.iter().map(|f| (idclock::time(&f.id), f)).collect();
    timed.sort_by_key(|(time, _)| (time.is_none(), time.map(|t| t.ms)));
    let mut last = None;
    let rows = timed.into_iter().map(|(time, found)| {
        let since = time.map(|t| t.ms).zip(last).map(|(now, last): (i64, i64)| now - last);
        last = time.map(|t| t.ms).or(last);
        Row {
            at: time.map(|t| Timestamp::rfc3339(t.ms)),
            grain_ms: time.map(|t| t.grain_ms),
            since_last_ms: since,
            names: id_kind(found.id.as_bytes()).map(crate::model::IdKind::name),
            kind: idclock::grammar(&found.id).map(idclock::Grammar::name),
            id: found.id.clone(),
            from: found.from.clone(),
        }
    });
    rows.collect()
}

fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|r| r.id.len()).max().unwrap_or(0);
    let line = |row: &Row| {
        let at = row.at.as_deref().unwrap_or("carries no time");
        let since = row.since_last_ms.map(gap).unwrap_or_default();
        let from = row.from.as_deref().map(term::escaped).unwrap_or_default();
        let kind = row.kind.or(row.names).unwrap_or("unknown kind");
        format!("{at:24}  {since:>9}  {:width$}  {kind:17}  {from}", row.id).trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// `+812ms`, `+3.2s`, `+4m05s`, `+2h10m`, `+3d`.
fn gap(ms: i64) -> String {
    match ms {
        ..10_000 => format!("+{ms}ms"),
        10_000..60_000 => format!("+{}.{}s", ms / 1000, ms % 1000 / 100),
        60_000..3_600_000 => format!("+{}m{:02}s", ms / 60_000, ms % 60_000 / 1000),
        3_600_000..86_400_000 => format!("+{}h{:02}m", ms / 3_600_000, ms % 3_600_000 / 60_000),
        _ => format!("+{}d", ms / 86_400_000),
    }
}

fn notes(rows: &[Row]) {
    let timed = rows.iter().filter(|r| r.at.is_some()).count();
    let coarse = rows.iter().any(|r| r.grain_ms.is_some_and(|g| g > 1));
    let exact = if coarse { "some times are coarser than a millisecond" } else { "times are exact to the millisecond" };
    match timed {
        0 => term::note("none of these ids carries a time"),
        n => {
            // real ids of one incident lie close together
            if rows.iter().any(|r| r.since_last_ms.is_some_and(|ms| ms > MONTH)) {
                term::note("times lie more than a month apart; ids of test servers are random, and so are their times");
            }
            term::note(&format!(
                "{n} of {} {} a time, on the clock of the service that made them; {exact}",
                term::count(rows.len() as u64, "id"),
                if n == 1 { "carries" } else { "carry" }
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_becomes_a_timeline() {
        let id = |id: &str| Found { id: id.to_owned(), from: None };
        let rows = timeline(&[
            id("0fd5fea8-2006-4449-af1e-469e1a2d4ad9"),
            id("gen-1795242250-AbCdEfGhIjKlMnOpQrSt"),
            id("gen-1795242246-AbCdEfGhIjKlMnOpQrSt"),
        ]);
        assert_eq!(rows.iter().map(|r| r.since_last_ms).collect::<Vec<_>>(), [None, Some(4000), None]);
        assert_eq!(rows.last().and_then(|r| r.at.clone()), None);
        assert_eq!(
            table(&rows).lines().next(),
            Some("2026-11-21T06:24:06.000Z             gen-1795242246-AbCdEfGhIjKlMnOpQrSt   openrouter generation")
        );
    }

    #[test]
    fn gaps_are_short() {
        assert_eq!(
            [812, 32_000, 245_000, 7_800_000, 300_000_000].map(gap),
            ["+812ms", "+32.0s", "+4m05s", "+2h10m", "+3d"]
        );
    }
}

//! A case: everything that the named logs tell, read once and put together.

mod excerpt;
mod paste;

pub use excerpt::{Excerpt, excerpts};
pub use paste::{How, Pasted, paste};

use crate::dialect::custom::Custom;
use crate::dialect::{Dialects, Understood};
use crate::input::{Input, InputError, Lines, Records};
use crate::model::{Call, Clean, Seen};
use crate::redact::{Cleaner, Policy, Redactor, Taken};
use crate::trace::{Assumptions, Tracer};
use std::collections::HashMap;
use std::sync::Arc;

/// The longest line of a document that is read as data: a recorded browser session is one line.
const MAX_LINE: usize = 64 << 20;

/// What so many attempts tell is read again in one go.
const READ_TOGETHER: usize = 64;

/// How a case is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What is taken out.
    pub policy: Policy,
    /// What is assumed where logs do not tell.
    pub assumed: Assumptions,
    /// Everything is read as this dialect.
    pub dialect: Option<&'static str>,
    /// What the user described.
    pub custom: Custom,
    /// Whether attempts keep what each source told of them.
    pub parts: bool,
}

/// What became of one input.
#[derive(Clone, Debug)]
pub struct InputReport {
    /// Its name in the packet.
    pub name: String,
    /// Bytes of text.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// How its records were read.
    pub understood: Understood,
    /// What was taken out of it, by rule.
    pub taken: Vec<Taken>,
}

/// Everything that the logs tell.
#[derive(Debug)]
pub struct Case {
    /// The inputs that could be read, in order.
    pub inputs: Vec<InputReport>,
    /// Those that could not.
    pub problems: Vec<InputError>,
    /// The names of the logs that places are in: the inputs, and logs that other runs read and inputs tell of.
    pub logs: Vec<String>,
    /// All calls, in order of time.
    pub calls: Vec<Call>,
    /// Knows what was taken, to look for it in what is written.
    pub redactor: Redactor,
}

/// Reads all inputs. One that cannot be read is reported, and the others go on.
#[must_use]
pub fn read(inputs: &[Input], options: &Options) -> Case {
    let mut redactor = Redactor::new(options.policy.clone());
    let cleaner = Cleaner::new(Arc::clone(&options.policy.rules), options.policy.classes);
    let cleaner = cleaner.linked(options.policy.key.clone());
    let mut dialects = Dialects::new(cleaner, options.dialect, options.custom.clone());
    let mut tracer = if options.parts { Tracer::keeping_parts() } else { Tracer::default() };
    let mut case = Case {
        inputs: Vec::new(),
        problems: Vec::new(),
        logs: Vec::new(),
        calls: Vec::new(),
        redactor: Redactor::new(options.policy.clone()),
    };
    for input in inputs {
        match one(input, &mut redactor, &mut dialects, &mut tracer) {
            Ok(report) => case.inputs.push(report),
            Err(problem) => case.problems.push(problem),
        }
    }
    redactor.trim();
    // what dialects remember is gone before calls are made
    case.logs = dialects.logs();
    case.calls = tracer.finish(&options.assumed);
    withhold(&mut case.calls, &mut redactor);
    case.redactor = redactor;
    case
}

/// What one log tells of an attempt may be a part of a prompt in another, or further on: then it does not stay. The
/// packet would be refused for it.
fn withhold(calls: &mut [Call], redactor: &mut Redactor) {
    let attempts = calls.iter_mut().flat_map(|call| &mut call.attempts);
    let mut seen = attempts.flat_map(|attempt| {
        std::iter::once(&mut attempt.seen).chain(attempt.parts.iter_mut().map(|part| &mut part.seen))
    });
    // a packet writes it beside its name, as a request that a prompt quotes does
    let tell = |all: &mut String, name, text: &Clean| all.extend(["\"", name, "\": \"", text.as_str(), "\"\n"]);
    let mut stay: HashMap<(&str, Clean), bool> = HashMap::new();
    loop {
        let mut some: Vec<&mut Seen> = seen.by_ref().take(READ_TOGETHER).collect();
        if some.is_empty() {
            return;
        }
        let mut all = String::new();
        some.iter_mut().for_each(|seen| {
            seen.retain(|name, text| {
                tell(&mut all, name, text);
                true
            });
        });
        if redactor.leaks(all.as_bytes(), &[]).is_empty() {
            continue;
        }
        let mut stays = |name, text: &Clean| {
            let alone = || {
                let mut alone = String::new();
                tell(&mut alone, name, text);
                redactor.leaks(alone.as_bytes(), &[]).is_empty()
            };
            *stay.entry((name, text.clone())).or_insert_with(alone)
        };
        some.iter_mut().for_each(|seen| seen.retain(&mut stays));
    }
}

fn one(
    input: &Input,
    redactor: &mut Redactor,
    dialects: &mut Dialects,
    tracer: &mut Tracer,
) -> Result<InputReport, InputError> {
    let taken = redactor.learn(input.open()?.reader).map_err(|e| input.error(&e))?.taken();
    let mut report =
        InputReport { name: input.name.clone(), bytes: 0, lines: 0, understood: Understood::default(), taken };
    let mut lines = Lines::with_longest(input.open()?.reader, MAX_LINE);
    let mut records = Records::default();
    let mut seen = 0;
    dialects.next_input(&input.name);
    while let Some(block) = lines.more(seen).map_err(|e| input.error(&e))? {
        let whole = records.block(&block, |record| {
            dialects.read(record, &mut report.understood).for_each(|fact| tracer.fact(fact));
        });
        seen = block.bytes.len() - whole;
        lines.consume(whole);
    }
    records.finish(|record| {
        dialects.read(record, &mut report.understood).for_each(|fact| tracer.fact(fact));
    });
    (report.bytes, report.lines) = lines.position();
    Ok(report)
}

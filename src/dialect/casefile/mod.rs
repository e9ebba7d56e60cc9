//! Attempts as this program writes them, one a line: work that was split over machines comes together here.
//!
//! A line holds an attempt, for whoever reads it, and the parts that it was made of: what each source told,
//! before any was compared with another. Only the parts are read back, so that logs of one incident that were
//! read on several machines join as they would have on one.

mod part;
mod read;
mod schema;
mod seen;
mod shown;
mod write;

pub use schema::SCHEMA;
pub use write::{header, line, run_of};

use super::entry::{Entry, Found};
use super::{About, Dialect};
use crate::model::Layer;

/// The dialect.
pub struct Casefile;

const ABOUT: About = About {
    id: "casefile",
    title: "what `casefile attempts` writes",
    layer: Layer::Client,
    tells: "all that the logs it was made from told",
    lacks: "their lines",
};

/// What the header says of itself.
const FORM: &str = "casefile.attempts/2";

impl Dialect for Casefile {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["\"casefile\":\"attempt\"", "\"schema\":\"casefile.attempts/2\""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let Some(fields) = entry.fields else { return };
        let says = |name: &str| fields.get(name).and_then(crate::literal::Node::str);
        if says("schema") == Some(FORM) {
            read::header(fields, found);
        } else if says("casefile") == Some("attempt") {
            read::attempt(fields, entry, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{Dialects, Understood, custom::Custom};
    use crate::input::{Lines, Records};
    use crate::model::Call;
    use crate::redact::{Classes, Cleaner, RuleSet};
    use crate::trace::{Assumptions, Tracer};

    fn calls(text: &str) -> Vec<Call> {
        let mut dialects = Dialects::new(Cleaner::new(RuleSet::builtin(), Classes::default()), None, Custom::default());
        let mut tracer = Tracer::keeping_parts();
        dialects.next_input("app.log");
        let mut understood = Understood::default();
        let mut records = Records::default();
        let mut lines = Lines::new(text.as_bytes());
        while let Some(block) = lines.block().unwrap() {
            let whole = records.block(&block, |r| dialects.read(r, &mut understood).for_each(|f| tracer.fact(f)));
            lines.consume(whole);
        }
        records.finish(|r| dialects.read(r, &mut understood).for_each(|f| tracer.fact(f)));
        tracer.finish(&Assumptions::default())
    }

    fn written(calls: &[Call], inputs: &[String]) -> String {
        let run = run_of(calls);
        let lines = calls.iter().flat_map(|call| (0..call.attempts.len()).map(|n| line(&run, call, n, inputs)));
        std::iter::once(header(&run, calls, inputs)).chain(lines).collect()
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let log = concat!(
            r#"{"timestamp":"2026-11-20T10:00:00.250Z","level":"error","status_code":529,"error_type":"overloaded_error","request_id":"req_011CMGYtqxWNEZC7PuSZU1u8","model":"claude-sonnet-4-5","url":"https://gateway.example.com/v1/messages","elapsed_ms":812,"attempt":1}"#,
            "\n",
            r#"{"timestamp":"2026-11-20 10:00:02","level":"info","status_code":200,"request_id":"req_011CMGYtqxWNEZC7PuSZU1u9","model":"claude-sonnet-4-5","url":"https://gateway.example.com/v1/messages","elapsed_ms":640,"attempt":2}"#,
            "\n",
            "2026-11-20 10:00:09,001 ERROR anthropic.APIConnectionError: Connection error.\n",
        );
        let first = calls(log);
        assert!(!first.is_empty());
        let inputs = vec!["app.log".to_owned()];
        let text = written(&first, &inputs);
        let again = calls(&text);
        let shape = |calls: &[Call]| -> Vec<String> {
            let attempts = |c: &Call| {
                c.attempts
                    .iter()
                    .map(|a| format!("{:?} {:?} {:?} {:?}", a.at_ms, a.at_basis, a.end_ms, a.seen))
                    .collect::<Vec<_>>()
            };
            calls.iter().map(|c| format!("{} {:?} {:?}", c.id, c.outcome, attempts(c))).collect()
        };
        assert_eq!(shape(&again), shape(&first), "{text}");
    }
}

//! What `casefile probe`'s script prints: one JSON line a check.
//!
//! Only a request for a model, or one that nobody answered, is an attempt; a look at a list, a name or a
//! certificate is none.

use super::entry::{Entry, Found};
use super::shared::fields;
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Layer, Stage, Trouble};

pub struct Probe;

const ABOUT: About = About {
    id: "probe",
    title: "output of the script that `casefile probe` prints",
    layer: Layer::Client,
    tells: "for each model status, error type, request id, elapsed time and the minimal request; why no answer came",
    lacks: "what the failing program itself sent: the script sends a request of its own",
};

impl Dialect for Probe {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["casefile.probe/1"]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let Some(node) = entry.fields.filter(|f| f.get("probe").and_then(Node::str) == Some("casefile.probe/1")) else {
            return;
        };
        found.complete();
        let text = |name: &str| node.get(name).and_then(Node::str);
        let trouble = text("trouble").and_then(Trouble::named);
        let status: Option<u16> = node.get("status").and_then(Node::number);
        let is_attempt = match text("check") {
            Some("model") => status.is_some() || trouble.is_some(),
            Some("reach") => status.is_none() && trouble.is_some(),
            _ => false,
        };
        if is_attempt {
            let mut fact = entry.fact(&ABOUT, Stage::Whole, 0);
            fields::read(node, found.clean, &mut fact.seen, &mut fact.links);
            fact.seen.trouble = trouble;
            found.push(fact);
        }
    }
}

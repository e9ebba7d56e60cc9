//! LangChain's debug output: what a model answered, as a JSON document.

use super::entry::{Entry, Found};
use super::shared::body;
use super::{About, Dialect};
use crate::literal::Node;
use crate::model::{Layer, Stage};

pub struct Langchain;

const ABOUT: About = About {
    id: "langchain",
    title: "LangChain set_debug output",
    layer: Layer::Client,
    tells: "the model that answered, the message's id",
    lacks: "everything of attempts that failed but the last error: the SDK beneath may log it",
};

impl Dialect for Langchain {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn anchors(&self) -> &'static [&'static str] {
        &["\"llm_output\""]
    }

    fn read(&self, entry: &Entry<'_>, found: &mut Found<'_>) {
        let Some(output) = entry.fields.and_then(|f| f.get("llm_output")).filter(|o| o.is_group()) else { return };
        let mut fact = entry.fact(&ABOUT, Stage::Part, 0);
        body::success(output, found.clean, &mut fact.seen);
        if let Some(model) = output.get("model_name").and_then(Node::bytes) {
            fact.seen.model = fact.seen.model.take().or_else(|| found.clean.model(model));
        }
        found.push(fact);
    }
}

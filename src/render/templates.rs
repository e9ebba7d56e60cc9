//! The templates that the program brings: the packet, and what particular readers want of it.
//!
//! Each asks for what its readers ask for, in their words and their order, and is short enough to be read.

use super::markdown::{PACKET, Template};

/// A template of the program.
#[derive(Debug)]
pub struct Known {
    /// Its name for `--template`.
    pub name: &'static str,
    /// What it makes.
    pub title: &'static str,
    /// Who reads it, and what is in it for them.
    pub about: &'static str,
    /// Its text.
    pub source: &'static str,
}

macro_rules! known {
    ($name:literal, $title:literal, $about:literal) => {
        Known {
            name: $name,
            title: $title,
            about: $about,
            source: include_str!(concat!("../../templates/", $name, ".md")),
        }
    };
}

/// All of them.
pub static TEMPLATES: &[Known] = &[
    Known {
        name: "packet",
        title: "the packet",
        about: "one page for whoever looks into the failure; everything else is laid out from the same facts",
        source: PACKET,
    },
    known!(
        "anthropic-support",
        "a ticket for Anthropic's support",
        "they trace by request-id, and ask for model, time in UTC, SDK and a smallest request"
    ),
    known!(
        "openai-support",
        "a ticket for OpenAI's support",
        "they ask for model, error message and code, request data and headers, time and zone"
    ),
    known!(
        "aws-bedrock",
        "a case for AWS support",
        "they trace by x-amzn-requestid, and ask for region, time and model or profile"
    ),
    known!(
        "litellm-issue",
        "an issue for LiteLLM",
        "maintainers ask for version, call id, the model behind, and whether the provider alone works"
    ),
    known!(
        "github-claude-code",
        "an issue for Claude Code",
        "the fields of the project's bug report, to be pasted one by one"
    ),
    known!(
        "incident-report",
        "an incident report",
        "for your own people: what users saw, times, what was done, who owns what"
    ),
    known!("slack", "a short message", "for a channel: verdict, numbers, three ids, what is next"),
];

/// A template by its name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Known> {
    TEMPLATES.iter().find(|t| t.name == name)
}

impl Known {
    /// Ready to be filled in.
    #[must_use]
    pub fn template(&self) -> Template {
        Template::of_program(self.name, self.source)
    }
}

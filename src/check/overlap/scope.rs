//! Which parts of which status pages are about the route of the failures.

use crate::model::{Component, Incident, Snapshot};

/// A product on a status page.
struct Product {
    /// Whose model: as [`crate::check::route::provider`] says.
    provider: &'static str,
    /// Words of the page's name.
    pages: &'static [&'static str],
    /// How the names of its parts begin, or their ids; none means all of the page.
    parts: &'static [&'static str],
    /// The same for Claude Code, which needs more than the API.
    with_claude_code: &'static [&'static str],
}

const fn product(provider: &'static str, pages: &'static [&'static str], parts: &'static [&'static str]) -> Product {
    Product { provider, pages, parts, with_claude_code: &[] }
}

const PRODUCTS: &[Product] = &[
    Product {
        with_claude_code: &["claude code", "yyzkbfz2thpt"],
        ..product(
            "anthropic",
            &["claude", "anthropic"],
            &["claude api", "anthropic api", "api.anthropic.com", "k8w3r06qmzrp"],
        )
    },
    product(
        "openai",
        &["openai"],
        &[
            "api",
            "apis",
            "responses",
            "chat completions",
            "completions",
            "embeddings",
            "files",
            "batch",
            "fine-tuning",
            "images",
            "audio",
            "moderations",
            "realtime",
            "assistants",
            "vector stores",
        ],
    ),
    product("google", &["gemini", "ai studio"], &["gemini", "google ai studio", "api"]),
    product("gcp.vertex_ai", &["google cloud"], &["vertex", "generative ai", "z0fzjamveb4j3nbcjs6b"]),
    product("aws.bedrock", &["aws", "amazon"], &["bedrock", "amazon bedrock"]),
    product("azure.ai.openai", &["azure"], &["azure openai", "azure ai", "cognitive services"]),
    product("azure.ai", &["azure"], &["azure openai", "azure ai", "cognitive services"]),
    product("mistral", &["mistral"], &["api", "la plateforme", "chat completion"]),
    product("cohere", &["cohere"], &["api"]),
    product("groq", &["groq"], &["api", "groqcloud"]),
    product("together", &["together"], &["api", "inference"]),
    product("deepseek", &["deepseek"], &["api"]),
    product("xai", &["xai", "x.ai", "grok"], &["api"]),
];

/// Which parts of which pages count.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    product: Option<&'static Product>,
    claude_code: bool,
}

impl Scope {
    pub fn of(provider: Option<&str>, claude_code: bool) -> Self {
        Self { product: provider.and_then(|p| PRODUCTS.iter().find(|product| product.provider == p)), claude_code }
    }

    /// Whether a page is about the route: where the provider has none that is known, any page but those of
    /// others.
    pub fn has_page(&self, page: &Snapshot) -> bool {
        let Some(name) = page.page.as_ref().map(|p| p.as_str().to_lowercase()) else { return false };
        let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric() && c != '.').collect();
        let is_of = |product: &Product| {
            product.pages.iter().any(|p| if p.contains(' ') { name.contains(p) } else { words.contains(p) })
        };
        match self.product {
            Some(product) => is_of(product),
            None => !PRODUCTS.iter().any(is_of),
        }
    }

    fn has_part(&self, id_or_name: &str) -> bool {
        let Some(product) = self.product else { return true };
        let name = id_or_name.to_lowercase();
        let code: &[&str] = if self.claude_code { product.with_claude_code } else { &[] };
        product.parts.iter().chain(code).any(|part| {
            name.strip_prefix(part)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '(', '-', '/', ':', '_']))
        })
    }

    pub fn touches(&self, incident: &Incident) -> bool {
        incident.components.is_empty() || incident.components.iter().any(|c| self.has_part(c.as_str()))
    }

    /// The route's part on a page, the worst where there are several.
    pub fn part<'s>(&self, page: &'s Snapshot) -> Option<&'s Component> {
        let parts = page.components.iter().filter(|c| self.has_part(c.name.as_str()) || self.has_part(c.id.as_str()));
        parts.min_by_key(|c| c.operational)
    }
}

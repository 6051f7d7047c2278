//! Texts that the company has translated, which the service calls dynamic content.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text by language: `en`, `de`, ….
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// The text in the language of a BCP 47 tag. A language that is missing is replaced by English, or else by any.
    pub fn in_locale(&self, locale: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let known = [language.as_str(), "en"].into_iter().find_map(|language| self.0.get(language));
        known.or_else(|| self.0.values().next()).map_or("", String::as_str)
    }
}

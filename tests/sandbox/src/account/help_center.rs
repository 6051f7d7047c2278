//! The help centre of a fresh server: languages, categories, sections, and the texts from which its articles are made.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A text by the help centre's languages.
pub type ByLocale = BTreeMap<String, String>;

/// The help centre's set-up, and what the seed makes its articles of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpCenter {
    /// The enabled languages.
    pub locales: Vec<String>,
    /// The language in which most articles are written first.
    pub default_locale: String,
    /// The names of the categories.
    pub categories: Vec<ByLocale>,
    /// The sections.
    pub sections: Vec<Section>,
    /// What fills the gap `{platform}`.
    pub platforms: Vec<String>,
    /// The HTML around each topic's first sentence.
    pub frame: ByLocale,
    /// What articles are about.
    pub topics: Vec<Topic>,
}

/// A section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The place of its category.
    pub category: usize,
    /// Its names.
    pub names: ByLocale,
}

/// What articles are about, one for each platform.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The place of its section.
    pub section: usize,
    /// The titles.
    pub titles: ByLocale,
    /// The first sentences.
    pub intros: ByLocale,
}

/// The id of the first category, section and article. The others follow.
const FIRST_CATEGORY: i64 = 360_001_100_001;
const FIRST_SECTION: i64 = 360_002_200_001;
/// The id of the first article.
pub const FIRST_ARTICLE: i64 = 360_003_300_001;

impl HelpCenter {
    /// The help centre of a fresh server.
    pub fn first() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../data/help_center.json"))
    }

    /// The id of the category or section at a place.
    pub fn category_id(place: usize) -> i64 {
        FIRST_CATEGORY + i64::try_from(place).unwrap_or_default()
    }

    /// The id of the section at a place.
    pub fn section_id(place: usize) -> i64 {
        FIRST_SECTION + i64::try_from(place).unwrap_or_default()
    }
}

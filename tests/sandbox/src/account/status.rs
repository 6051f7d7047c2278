//! Custom statuses.

use serde::{Deserialize, Serialize};

use super::texts::Texts;

/// A custom status. The service has one default status in each category even if the company made none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomStatus {
    /// The service's id.
    pub id: i64,
    /// `new`, `open`, `pending`, `hold` or `solved`.
    pub category: String,
    /// Whether tickets of the category have this status unless an agent chooses another.
    #[serde(default)]
    pub default: bool,
    /// Whether agents can still choose it.
    #[serde(default = "yes")]
    pub active: bool,
    /// What agents read.
    pub agent_label: String,
    /// What end users read.
    #[serde(default)]
    pub labels: Texts,
    /// The explanation that end users read; empty if the company wrote none.
    #[serde(default)]
    pub descriptions: Texts,
}

fn yes() -> bool {
    true
}

impl CustomStatus {
    /// The categories.
    pub const CATEGORIES: [&str; 5] = ["new", "open", "pending", "hold", "solved"];

    /// Whether the category exists.
    pub fn has_known_category(&self) -> bool {
        Self::CATEGORIES.contains(&self.category.as_str())
    }
}

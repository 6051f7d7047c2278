//! Violations, described without repeating what was sent.

use std::fmt;

/// A violation of the contract. It names the place and the rule, never the value, because values may be a user's text
/// or a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where it is: `body/request/subject`, `query page[size]`, `header authorization`, `path` or `status`.
    pub place: String,
    /// The rule that is broken.
    pub rule: String,
}

impl Violation {
    pub(crate) fn new(place: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { place: place.into(), rule: rule.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

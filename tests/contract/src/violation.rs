//! What is wrong, said without repeating what was sent.

use std::fmt;

/// One breach of the contract. It names the place and the rule, never the value: values may be a user's words or a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// `body/request/subject`, `query page[size]`, `header authorization`, `path`, `status`.
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

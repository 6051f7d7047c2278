//! What a search finds, as screens show it.

/// A part of a text. The parts put together are the text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Segment {
    /// The part.
    pub text: String,
    /// Whether this is what was searched for.
    pub hit: bool,
}

//! Marks that change the direction of writing.

/// Whether `c` is an embedding, override or isolate. Lines in right-to-left scripts do not need these. The plain direction
/// marks are kept.
pub(super) fn changes_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

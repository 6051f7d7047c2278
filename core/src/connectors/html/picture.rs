//! A picture that a page shows.

/// A picture that stands in a page.
pub(crate) struct Picture<'a> {
    /// Where the page says that it is. It is never fetched from there: it may be anybody's address.
    pub address: &'a str,
    /// What it shows, in words; may be empty.
    pub description: &'a str,
}

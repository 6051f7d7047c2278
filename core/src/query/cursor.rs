//! Cursors: places of rows in a view, from which another page is read. A cursor is a text that a caller hands back
//! unchanged and does not interpret.

/// The cursor for the sort key of a row.
pub(crate) fn cursor<const N: usize>(values: [i64; N]) -> String {
    values.map(|value| value.to_string()).join(".")
}

/// The sort key from which [`cursor`] made this text; `None` for any other text.
pub(crate) fn place<const N: usize>(cursor: &str) -> Option<[i64; N]> {
    let values: Vec<i64> = cursor.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    values.try_into().ok()
}

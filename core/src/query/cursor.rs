//! Where the next page begins, as text that callers hand back and do not read.

/// A page's place, as text that callers hand back and do not read.
pub(crate) fn cursor<const N: usize>(values: [i64; N]) -> String {
    values.map(|value| value.to_string()).join(".")
}

/// The place that [`cursor`] wrote. Anything else is no row that was ever handed out.
pub(crate) fn place<const N: usize>(cursor: &str) -> Option<[i64; N]> {
    let values: Vec<i64> = cursor.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    values.try_into().ok()
}

//! How the words of the model stand in a row.

use crate::model::DeskStatus;
use crate::store::StoreError;

/// The desk's word for a status, as it stands in a row.
pub(super) fn status_name(status: DeskStatus) -> &'static str {
    match status {
        DeskStatus::New => "new",
        DeskStatus::Open => "open",
        DeskStatus::Pending => "pending",
        DeskStatus::Hold => "hold",
        DeskStatus::Solved => "solved",
        DeskStatus::Closed => "closed",
        DeskStatus::Unknown => "unknown",
    }
}

/// The status of that name; a later version's reads as unknown.
pub(super) fn status_of(name: &str) -> DeskStatus {
    match name {
        "new" => DeskStatus::New,
        "open" => DeskStatus::Open,
        "pending" => DeskStatus::Pending,
        "hold" => DeskStatus::Hold,
        "solved" => DeskStatus::Solved,
        "closed" => DeskStatus::Closed,
        _ => DeskStatus::Unknown,
    }
}

/// A page's place, as text that callers hand back and do not read.
pub(super) fn cursor<const N: usize>(values: [i64; N]) -> String {
    values.map(|value| value.to_string()).join(".")
}

/// The place that [`cursor`] wrote. Anything else is no row that was ever handed out.
pub(super) fn place<const N: usize>(cursor: &str) -> Result<[i64; N], StoreError> {
    let values: Vec<i64> =
        cursor.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| StoreError::NotFound)?;
    values.try_into().map_err(|_| StoreError::NotFound)
}

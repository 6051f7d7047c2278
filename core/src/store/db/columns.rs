//! How the words of the model stand in a row.

use crate::model::DeskStatus;

/// The desk's word for a status, as it stands in a row.
pub(in crate::store) fn status_name(status: DeskStatus) -> &'static str {
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
pub(in crate::store) fn status_of(name: &str) -> DeskStatus {
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

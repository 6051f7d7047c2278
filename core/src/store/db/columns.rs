//! How the words of the model stand in a row.

use crate::model::ServerStatus;

/// The server's word for a status, as it stands in a row.
pub(in crate::store) fn status_name(status: ServerStatus) -> &'static str {
    match status {
        ServerStatus::New => "new",
        ServerStatus::Open => "open",
        ServerStatus::Pending => "pending",
        ServerStatus::Hold => "hold",
        ServerStatus::Solved => "solved",
        ServerStatus::Closed => "closed",
        ServerStatus::Unknown => "unknown",
    }
}

/// The status of that name; a later version's reads as unknown.
pub(in crate::store) fn status_of(name: &str) -> ServerStatus {
    match name {
        "new" => ServerStatus::New,
        "open" => ServerStatus::Open,
        "pending" => ServerStatus::Pending,
        "hold" => ServerStatus::Hold,
        "solved" => ServerStatus::Solved,
        "closed" => ServerStatus::Closed,
        _ => ServerStatus::Unknown,
    }
}

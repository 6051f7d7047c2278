//! How soon each deliberate mistake has to be found.

use pocketdesk::bugs::Bug;

/// The most schedules that it may take; `None` while nothing in a schedule can reach it.
#[must_use]
pub fn limit(bug: Bug) -> Option<u64> {
    match bug {
        Bug::DraftNotConsumed => Some(100),
        _ => Some(5_000),
    }
}

/// The bug of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<Bug> {
    Bug::ALL.into_iter().find(|(_, known)| *known == name).map(|(bug, _)| bug)
}

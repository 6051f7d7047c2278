//! How soon each deliberate mistake has to be found.

use pocketdesk::bugs::Bug;

/// The most schedules that it may take; `None` while nothing in a schedule can reach it.
#[must_use]
pub fn limit(bug: Bug) -> Option<u64> {
    match bug {
        Bug::SynchronousOff
        | Bug::OneEmptyReadBelieved
        | Bug::EqualRepliesMatchedTwice
        | Bug::SettleAndPullNotLinked
        | Bug::EditWhileAmbiguous
        | Bug::DraftNotConsumed => Some(200),
        Bug::NewKeyOnRetry | Bug::DeleteAfterPartialSweep => Some(500),
        // No schedule attaches a file yet.
        Bug::UploadDependencyLost => None,
        _ => Some(2_000),
    }
}

/// The bug of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<Bug> {
    Bug::ALL.into_iter().find(|(_, known)| *known == name).map(|(bug, _)| bug)
}

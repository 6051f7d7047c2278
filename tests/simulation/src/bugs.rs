//! How soon each deliberate mistake has to be found.

use pocketdesk::bugs::Bug;

/// The most schedules that it may take; `None` while nothing in a schedule can reach it.
#[must_use]
pub fn limit(bug: Bug) -> Option<u64> {
    match bug {
        Bug::SynchronousOff | Bug::OneEmptyReadBelieved | Bug::EqualRepliesMatchedTwice | Bug::DraftNotConsumed => {
            Some(200)
        }
        Bug::NewKeyOnRetry => Some(500),
        // No schedule attaches a file yet, and a sweep repairs what the last two do before anybody looks.
        Bug::UploadDependencyLost | Bug::WatermarkBeforeWalkEnded | Bug::DeleteAfterPartialSweep => None,
        _ => Some(2_000),
    }
}

/// The bug of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<Bug> {
    Bug::ALL.into_iter().find(|(_, known)| *known == name).map(|(bug, _)| bug)
}

//! How soon the simulation must find each deliberate bug.

use pocketdesk::bugs::Bug;

use crate::server::Mood;

/// The most schedules that finding the bug may take.
#[must_use]
pub fn limit(bug: Bug) -> u64 {
    match bug {
        Bug::SynchronousOff
        | Bug::OneEmptyReadBelieved
        | Bug::EqualRepliesMatchedTwice
        | Bug::SettleAndPullNotLinked
        | Bug::EditWhileAmbiguous
        | Bug::UploadDependencyLost
        | Bug::DraftNotConsumed
        | Bug::AnySingleCommentTaken
        | Bug::EqualTextRequired
        | Bug::RevocationWithoutProof => 200,
        Bug::FeedbackSentAgain
        | Bug::OlderValueMayArriveLast
        | Bug::CloseOvertaken
        | Bug::NewKeyOnRetry
        | Bug::ReminderEndedByOthers
        | Bug::ReadMarkDroppedAfterFailure
        | Bug::MarksBeforeMessages
        | Bug::DeleteAfterPartialReconciliation => 500,
        _ => 2_000,
    }
}

/// The mood in which every schedule is played that has to find `bug`; `None` for the usual mix.
#[must_use]
pub fn mood(bug: Bug) -> Option<Mood> {
    match bug {
        Bug::FirstFailingThreadEndsRun => Some(Mood::ThreadsFail),
        Bug::RefreshHoldsUpSending => Some(Mood::SlowLists),
        Bug::WatermarkBeyondServerClock => Some(Mood::FutureDates),
        _ => None,
    }
}

/// Finds a bug by its name.
#[must_use]
pub fn by_name(name: &str) -> Option<Bug> {
    Bug::ALL.into_iter().find(|(_, known)| *known == name).map(|(bug, _)| bug)
}

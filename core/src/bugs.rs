//! Deliberate bugs, for proving that the tests can fail.
//!
//! Each stands for a mistake that is easily made and hard to see. The simulation turns one on and has to find it within a
//! stated number of schedules; a simulation that finds nothing when something is wrong proves nothing when it is silent.
//! Without the feature `deliberate-bugs`, which only `tests/simulation` asks for, [`is_on`] is a constant `false` and the
//! compiler removes every trace of them.

/// A mistake that can be turned on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// What a user wrote is committed with `synchronous=OFF`.
    SynchronousOff,
    /// Every attempt has an idempotency key of its own.
    NewKeyOnRetry,
    /// One look that does not show a write is taken for proof that it is not there.
    OneEmptyReadBelieved,
    /// One comment settles every waiting message of the same text.
    EqualRepliesMatchedTwice,
    /// A comment does not wait for the uploads it names.
    UploadDependencyLost,
    /// What a pull shows is not compared with what is waiting.
    SettleAndPullNotLinked,
    /// A list's watermark comes from the device's clock.
    DeviceClockWatermark,
    /// A list's watermark is set when its first walk begins.
    WatermarkBeforeWalkEnded,
    /// A ticket that a full reconciliation did not meet is removed although the full reconciliation did not reach its end.
    DeleteAfterPartialSweep,
    /// A message can be edited while nobody knows whether it arrived.
    EditWhileAmbiguous,
    /// Submitting leaves the draft where it is.
    DraftNotConsumed,
    /// A refused list is taken for tickets that are no longer visible.
    ForbiddenListIsRevocation,
}

impl Bug {
    /// Every bug, with the name under which it is turned on.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::SynchronousOff, "synchronous-off"),
        (Self::NewKeyOnRetry, "new-key-on-retry"),
        (Self::OneEmptyReadBelieved, "one-empty-read-believed"),
        (Self::EqualRepliesMatchedTwice, "equal-replies-matched-twice"),
        (Self::UploadDependencyLost, "upload-dependency-lost"),
        (Self::SettleAndPullNotLinked, "settle-and-pull-not-linked"),
        (Self::DeviceClockWatermark, "device-clock-watermark"),
        (Self::WatermarkBeforeWalkEnded, "watermark-before-walk-ended"),
        (Self::DeleteAfterPartialSweep, "delete-after-partial-sweep"),
        (Self::EditWhileAmbiguous, "edit-while-ambiguous"),
        (Self::DraftNotConsumed, "draft-not-consumed"),
        (Self::ForbiddenListIsRevocation, "forbidden-list-is-revocation"),
    ];
}

#[cfg(feature = "deliberate-bugs")]
thread_local! {
    static ON: std::cell::Cell<Option<Bug>> = const { std::cell::Cell::new(None) };
}

/// Turns one bug on for this thread, or all off.
#[cfg(feature = "deliberate-bugs")]
pub fn turn_on(bug: Option<Bug>) {
    ON.set(bug);
}

/// Whether `bug` is on in this thread.
#[cfg(feature = "deliberate-bugs")]
#[must_use]
pub fn is_on(bug: Bug) -> bool {
    ON.get() == Some(bug)
}

/// No bug is ever on in a build that ships.
#[cfg(not(feature = "deliberate-bugs"))]
#[must_use]
pub(crate) const fn is_on(_bug: Bug) -> bool {
    false
}

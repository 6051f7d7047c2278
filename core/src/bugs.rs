//! Deliberate bugs, which prove that the tests can fail.
//!
//! Each one is a mistake that is easy to make and hard to see. The simulation turns on one at a time and has to find it
//! within a stated number of schedules. If the simulation missed a known bug, it would prove nothing when it finds no
//! bug.
//!
//! Without the feature `deliberate-bugs`, which only tests turn on, [`is_on`] is a constant `false`, and the compiler
//! removes every trace of the bugs.

/// One deliberate bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The user's writes are committed with `synchronous=OFF`.
    SynchronousOff,
    /// Every attempt sends a new idempotency key.
    NewKeyOnRetry,
    /// One read that does not show a write is taken as proof that it was not applied.
    OneEmptyReadBelieved,
    /// One comment settles every pending message with the same text.
    EqualRepliesMatchedTwice,
    /// A message does not wait for the uploads that it names.
    UploadDependencyLost,
    /// Pulled tickets and comments are not matched with pending ones.
    SettleAndPullNotLinked,
    /// A list's watermark is taken from the device's clock.
    DeviceClockWatermark,
    /// A list's watermark is set when its backfill begins.
    WatermarkBeforeBackfillEnded,
    /// Tickets without a reconciliation mark are removed although the full reconciliation has not reached its end.
    DeleteAfterPartialReconciliation,
    /// A message can be edited while its outcome is ambiguous.
    EditWhileAmbiguous,
    /// Submitting does not consume the draft.
    DraftNotConsumed,
    /// A refused list is taken as proof that its tickets are no longer visible.
    ForbiddenListIsRevocation,
    /// A 403 or 404 about a ticket is believed although nothing proves that the account still works.
    RevocationWithoutProof,
    /// The first thread that cannot be read ends the run.
    FirstFailingThreadEndsRun,
    /// A run that reads everything sends nothing that was written since it was asked to read everything once more.
    RefreshHoldsUpSending,
    /// A list's watermark is set to a time that the server's clock has not reached.
    WatermarkBeyondServerClock,
    /// A single comment of this user is taken for an ambiguous message, whatever its text.
    AnySingleCommentTaken,
    /// A message of ours is recognised only by exactly the same text.
    EqualTextRequired,
    /// What fails is repeated with a short pause and without an end.
    RetryWithoutBound,
    /// Feedback whose answer was lost is sent again without a look whether it was given.
    FeedbackSentAgain,
    /// A toggle whose answer was lost counts as not applied, so a newer value is sent before the older one may arrive.
    OlderValueMayArriveLast,
    /// What the user writes after closing a ticket does not wait until the ticket is closed.
    CloseOvertaken,
    /// A read mark of another user ends the reminder of this one.
    ReminderEndedByOthers,
    /// A read mark that could not be sent is dropped.
    ReadMarkDroppedAfterFailure,
    /// Read marks are sent in the order of writing, before messages that were written later.
    MarksBeforeMessages,
    /// Devices do not vary the times at which they ask. Only a fleet shows it.
    NoJitter,
    /// Reading slows down when the server has much load, and never recovers. Only a fleet shows it.
    SlowsDownForEver,
    /// What the user wrote waits like a read when the server has much load. Only a fleet shows it.
    WritesWaitLikeReads,
    /// After an outage, every device reads as soon as it can. Only a fleet shows it.
    EverybodyReturnsAtOnce,
}

impl Bug {
    /// The bugs that the simulation of one device finds, with the names under which they are turned on.
    pub const ALL: [(Self, &'static str); 25] = [
        (Self::SynchronousOff, "synchronous-off"),
        (Self::NewKeyOnRetry, "new-key-on-retry"),
        (Self::OneEmptyReadBelieved, "one-empty-read-believed"),
        (Self::EqualRepliesMatchedTwice, "equal-replies-matched-twice"),
        (Self::UploadDependencyLost, "upload-dependency-lost"),
        (Self::SettleAndPullNotLinked, "settle-and-pull-not-linked"),
        (Self::DeviceClockWatermark, "device-clock-watermark"),
        (Self::WatermarkBeforeBackfillEnded, "watermark-before-backfill-ended"),
        (Self::DeleteAfterPartialReconciliation, "delete-after-partial-reconciliation"),
        (Self::EditWhileAmbiguous, "edit-while-ambiguous"),
        (Self::DraftNotConsumed, "draft-not-consumed"),
        (Self::ForbiddenListIsRevocation, "forbidden-list-is-revocation"),
        (Self::RevocationWithoutProof, "revocation-without-proof"),
        (Self::FirstFailingThreadEndsRun, "first-failing-thread-ends-run"),
        (Self::RefreshHoldsUpSending, "refresh-holds-up-sending"),
        (Self::WatermarkBeyondServerClock, "watermark-beyond-server-clock"),
        (Self::AnySingleCommentTaken, "any-single-comment-taken"),
        (Self::EqualTextRequired, "equal-text-required"),
        (Self::RetryWithoutBound, "retry-without-bound"),
        (Self::FeedbackSentAgain, "feedback-sent-again"),
        (Self::OlderValueMayArriveLast, "older-value-may-arrive-last"),
        (Self::CloseOvertaken, "close-overtaken"),
        (Self::ReminderEndedByOthers, "reminder-ended-by-others"),
        (Self::ReadMarkDroppedAfterFailure, "read-mark-dropped-after-failure"),
        (Self::MarksBeforeMessages, "marks-before-messages"),
    ];

    /// The bugs that the simulation of a fleet finds.
    pub const OF_A_FLEET: [(Self, &'static str); 4] = [
        (Self::NoJitter, "no-jitter"),
        (Self::SlowsDownForEver, "slows-down-for-ever"),
        (Self::WritesWaitLikeReads, "writes-wait-like-reads"),
        (Self::EverybodyReturnsAtOnce, "everybody-returns-at-once"),
    ];
}

#[cfg(feature = "deliberate-bugs")]
thread_local! {
    static ON: std::cell::Cell<Option<Bug>> = const { std::cell::Cell::new(None) };
}

/// Turns on `bug` for this thread and all others off; `None` turns all of them off.
#[cfg(feature = "deliberate-bugs")]
pub fn turn_on(bug: Option<Bug>) {
    ON.set(bug);
}

/// Whether `bug` is turned on in this thread.
#[cfg(feature = "deliberate-bugs")]
#[must_use]
pub fn is_on(bug: Bug) -> bool {
    ON.get() == Some(bug)
}

/// Always false: builds that ship contain no deliberate bug.
#[cfg(not(feature = "deliberate-bugs"))]
#[must_use]
pub(crate) const fn is_on(_bug: Bug) -> bool {
    false
}

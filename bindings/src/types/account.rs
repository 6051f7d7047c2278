//! How the account stands: syncing, problems, what was rescued, signing out.

/// Numbers and problems for a banner.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncStatus {
    /// As far as known.
    pub online: bool,
    /// A sync is under way.
    pub syncing: bool,
    /// When the server was last read to the end.
    pub last_sync_at: Option<i64>,
    /// Messages that were not sent yet.
    pub waiting: u32,
    /// What stands in the way of the whole account.
    pub problem: Option<AccountProblem>,
    /// Whether the whole history was read once.
    pub first_sync_done: bool,
    /// How far the first sync is; none once it is done, and before it began.
    #[uniffi(default = None)]
    pub first_sync: Option<SyncProgress>,
    /// Tickets in the file.
    pub known_tickets: u64,
    /// Tickets whose thread is in the file, as of some moment.
    #[uniffi(default = 0)]
    pub known_threads: u64,
    /// The file was damaged and was made anew; told until `acknowledge_recovery`.
    #[uniffi(default = None)]
    pub recovered: Option<Recovered>,
}

/// That the file was made anew from a damaged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Recovered {
    /// Unsent messages and drafts that were rescued.
    pub salvaged: u32,
    /// Something that the user wrote may be lost.
    pub lost: bool,
}

/// How work in the background ended.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncOutcome {
    /// Something is left that another call can do without the user.
    pub more: bool,
    /// Milliseconds after which another call makes sense at the earliest; none if nothing is left, or only time will tell.
    pub retry_in: Option<u64>,
    /// Messages that were not sent yet; those that need the user are among them.
    pub waiting: u32,
    /// What stands in the way of the whole account.
    pub problem: Option<AccountProblem>,
}

/// What a sign-out would lose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Unsent {
    /// Messages and other changes that the server did not confirm.
    pub messages: u32,
    /// Drafts with a text in them.
    pub drafts: u32,
}

/// What becomes of what is unsent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SignOut {
    /// Everything of the account goes, what is unsent as well.
    Discard,
    /// Unsent messages and drafts stay in the file, and nothing else.
    Keep,
}

/// How far the first sync is, in rows of the server's lists. The lists overlap, so these are no numbers of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct SyncProgress {
    /// Rows read.
    pub read: u64,
    /// Of so many, if the server says.
    pub of: Option<u64>,
}

/// What stands in the way of the whole account. Words: `problem.` and the name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum AccountProblem {
    /// The user has to sign in again.
    SignedOut,
    /// The token belongs to somebody else. Nothing was sent or stored.
    WrongUser,
    /// The server does not let this user read the tickets.
    NotAllowed,
    /// Much of the history is missing at once. Nothing was removed.
    HistoryMissing,
    /// The server cannot be reached.
    ServerUnreachable,
    /// The server answers, but not as a server.
    ServerMisbehaves,
    /// No space left on the device.
    StorageFull,
    /// Something that should not happen.
    InternalFault,
}

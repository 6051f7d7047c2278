//! The state of the account: syncing, problems, recovery from damage, signing out.

/// The state of the account, for a banner. A snapshot: query again when `Changes.status` or `Changes.outbox` is set.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncStatus {
    /// Whether the server can be reached, as far as Pocketdesk knows. This is what `set_online` last said, but false if
    /// the last sync could not reach the server.
    pub online: bool,
    /// Whether a sync is under way.
    pub syncing: bool,
    /// When a sync last read every list to its end, in milliseconds since 1970 by the device's clock; none before that
    /// has happened once. Threads may still be due.
    pub last_sync_at: Option<i64>,
    /// How many messages, changes and answers about articles the server has not confirmed, in all tickets, including
    /// those that need the user.
    pub waiting: u32,
    /// The problem that affects the whole account, if there is one. A ticket's own problems are in its messages.
    pub problem: Option<AccountProblem>,
    /// Whether the whole history was read from the server at least once. Also true where nothing of it is read: without
    /// an account, or if there is no history for this user.
    pub first_sync_done: bool,
    /// The progress of the first sync; none before it starts and after it is done.
    #[uniffi(default = None)]
    pub first_sync: Option<SyncProgress>,
    /// How many tickets are on this device.
    pub known_tickets: u64,
    /// How many of these tickets have their thread on this device. The thread may have changed on the server since.
    #[uniffi(default = 0)]
    pub known_threads: u64,
    /// Set if the account's file was damaged and replaced by a new one, until `acknowledge_recovery` is called.
    #[uniffi(default = None)]
    pub recovered: Option<Recovered>,
    /// Whether the platform reports a network (`set_online`). If it does and `online` is false, the help desk cannot be
    /// reached.
    #[uniffi(default = true)]
    pub network: bool,
    /// Set while the help desk is busy and has asked for a wait, in milliseconds since 1970 by the device's clock. It is
    /// the time of the next run that begins by itself, or of the next attempt to send what the help desk was too busy
    /// for. `sync_now` may ask for it earlier, but at most once a minute.
    #[uniffi(default = None)]
    pub busy_until: Option<i64>,
    /// Why nothing can be sent or read at the moment; none if nothing stands in the way, as far as is known. Every screen says it.
    #[uniffi(default = None)]
    pub obstacle: Option<Obstacle>,
    /// The key of what is said about `obstacle`; none if there is none.
    #[uniffi(default = None)]
    pub obstacle_key: Option<String>,
    /// The `problem`, unless `obstacle` says it already: for a banner.
    #[uniffi(default = None)]
    pub account_problem: Option<AccountProblem>,
    /// The key of what is said about `problem`; none if there is none.
    #[uniffi(default = None)]
    pub problem_key: Option<String>,
    /// The key of what is said beside the tickets about the part of the history that was never read; none if nothing.
    #[uniffi(default = None)]
    pub rest_key: Option<String>,
}

/// Why nothing can be sent or read at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Obstacle {
    /// The platform reports no network.
    NoNetwork,
    /// There is a network, and the help desk cannot be reached.
    HelpDeskUnreachable,
}

/// What happened when a damaged file was replaced with a new one. Sync then reads the history from the server again;
/// the app does not have to ask for it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Recovered {
    /// How many unsent messages, changes and drafts were saved into the new file.
    pub salvaged: u32,
    /// Whether something that the user wrote may be lost.
    pub lost: bool,
    /// The key of what is said about it.
    #[uniffi(default = "")]
    pub key: String,
}

/// The result of `sync_until`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncOutcome {
    /// Whether there is work left that another call could do without the user.
    pub more: bool,
    /// How long to wait before another call makes sense, in milliseconds from now. None if nothing is left, or if the
    /// time is not known.
    pub retry_in: Option<u64>,
    /// How many messages, changes and answers about articles the server has not confirmed, including those that need
    /// the user. 0 if the file cannot be read.
    pub waiting: u32,
    /// The problem that affects the whole account, if there is one.
    pub problem: Option<AccountProblem>,
    /// The key of what is said about it.
    #[uniffi(default = None)]
    pub problem_key: Option<String>,
}

/// What the user would lose by signing out with `SignOut.Discard`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Unsent {
    /// How many messages, changes and answers about articles the server has not confirmed.
    pub messages: u32,
    /// How many drafts have a subject or a text.
    pub drafts: u32,
}

/// What signing out does with unsent messages and drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SignOut {
    /// Removes everything of the account from the device, including unsent messages and drafts.
    Discard,
    /// Keeps unsent messages and drafts, and nothing else. They are sent after this account's next sign-in.
    Keep,
}

/// The progress of the first sync, in rows of the server's lists. The lists overlap, so this is not a number of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct SyncProgress {
    /// How many rows were read.
    pub read: u64,
    /// How many rows all lists have; none until the server has said so for every list.
    pub of: Option<u64>,
    /// How much was read, from 0 to 100; none while the server has not said how many rows there are.
    #[uniffi(default = None)]
    pub percent: Option<u32>,
}

/// A problem that affects the whole account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum AccountProblem {
    /// There is no valid token: the user has to sign in again.
    SignedOut,
    /// The token belongs to another user. Nothing was sent or stored.
    WrongUser,
    /// The token belongs to an agent or an administrator of the help desk: a mistake of the app or its backend. Nothing was sent or stored.
    AgentToken,
    /// The server does not let this user read tickets.
    NotAllowed,
    /// The server suddenly shows much less of the history than before. Nothing was removed from the device.
    HistoryMissing,
    /// The server cannot be reached, or no token is available at the moment. Sync tries again by itself.
    ServerUnreachable,
    /// The server fails, or its answers make no sense. Sync tries again by itself.
    ServerMisbehaves,
    /// There is no space left on the device.
    StorageFull,
    /// A defect in Pocketdesk stopped a sync. The next sync starts afresh. After a second defect, nothing syncs by
    /// itself until the client is opened again.
    InternalFault,
}

//! What a user is told about the account and about a call that failed, as the key of its text. No table has a default, so a new
//! problem or error does not compile before it has a text.

use super::{AccountProblem, ChangeError, OpenError, ReplyError, SubmitError, SyncOutcome, SyncStatus};
use crate::blob::FileError;
use crate::model::ReasonKind;
use crate::product::{FieldProblem, percent};
use crate::store::{AttachError, Progress, Recovered, StoreError};

/// Something in Pocketdesk is broken.
pub const INTERNAL_FAULT_KEY: &str = "error.internal_fault";
/// The same, while a client is opened.
pub const OPENING_FAULT_KEY: &str = "error.open.internal_fault";

/// Why nothing can be sent or read at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The platform reports no network.
    NoNetwork,
    /// There is a network, and the server cannot be reached.
    ServerUnreachable,
}

impl Obstacle {
    /// What every screen says about it.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::NoNetwork => "offline.banner",
            Self::ServerUnreachable => AccountProblem::ServerUnreachable.string_key(),
        }
    }
}

impl AccountProblem {
    /// What is said about it.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::SignedOut => "problem.signed_out",
            Self::WrongUser => "problem.somebody_else",
            Self::AgentToken => "problem.agent_token",
            Self::NotAllowed => "problem.not_allowed",
            Self::HistoryMissing => "problem.history_missing",
            Self::ServerUnreachable => "problem.desk_unreachable",
            Self::ServerMisbehaves => "problem.desk_misbehaves",
            Self::StorageFull => "problem.storage_full",
            Self::InternalFault => "problem.internal_fault",
        }
    }
}

impl SyncStatus {
    /// Why nothing can be sent or read at the moment; `None` if nothing stands in the way, as far as is known.
    #[must_use]
    pub fn obstacle(&self) -> Option<Obstacle> {
        match () {
            () if !self.network => Some(Obstacle::NoNetwork),
            () if !self.online || self.problem == Some(AccountProblem::ServerUnreachable) => {
                Some(Obstacle::ServerUnreachable)
            }
            () => None,
        }
    }

    /// The problem of the account, apart from the [`obstacle`](Self::obstacle), which every screen says.
    #[must_use]
    pub fn account_problem(&self) -> Option<AccountProblem> {
        self.problem.filter(|problem| *problem != AccountProblem::ServerUnreachable)
    }

    /// What is said of the part of the history that was never read: that it is being read, or that it will be. `None` if there
    /// is none, if no ticket is shown beside which it could be said, or if something else is said that explains it.
    #[must_use]
    pub fn rest_key(&self) -> Option<&'static str> {
        if self.first_sync_done || self.known_tickets == 0 || self.busy_until.is_some() {
            None
        } else if self.obstacle().is_some() {
            Some("history.rest")
        } else {
            (self.first_sync.is_some() && self.problem.is_none()).then_some("history.first_sync")
        }
    }
}

impl SyncOutcome {
    /// What is said of its problem, if it has one.
    #[must_use]
    pub fn problem_key(&self) -> Option<&'static str> {
        self.problem.map(AccountProblem::string_key)
    }
}

impl Progress {
    /// How much was read, from 0 to 100; `None` if the server does not say.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        let all = self.of.filter(|all| *all > 0)?;
        Some(percent(self.read, all))
    }
}

impl Recovered {
    /// Whether everything unsent was kept.
    #[must_use]
    pub fn string_key(&self) -> &'static str {
        if self.lost { "recovered.lost" } else { "recovered.kept" }
    }
}

impl StoreError {
    /// Why a call failed.
    #[must_use]
    pub fn string_key(&self) -> &'static str {
        match self {
            Self::NoSuchTicket | Self::NoSuchMessage | Self::NoSuchDraft | Self::NoSuchFile | Self::InvalidCursor => {
                "error.not_found"
            }
            Self::NotPossibleNow => "error.not_possible_now",
            Self::Closed => "error.closed",
            Self::Suspended => "error.suspended",
            Self::InUse => "error.in_use",
            Self::NoSpace => "error.no_space",
            Self::Corrupt | Self::NotADatabase => "error.damaged",
            Self::ReadOnly => "error.read_only",
            Self::Sqlite { .. } | Self::Io { .. } | Self::Unreadable(_) => "error.storage",
            // These happen only while a client is opened.
            Self::NewerSchema { .. } | Self::OtherAccount | Self::InvalidDirectory | Self::KeyNotSupported => {
                INTERNAL_FAULT_KEY
            }
        }
    }

    /// Why a client could not be opened.
    fn opening_key(&self) -> &'static str {
        match self {
            Self::NotADatabase => "error.open.not_a_database",
            Self::NewerSchema { .. } => "error.open.newer_schema",
            Self::OtherAccount => "error.open.other_account",
            Self::ReadOnly => "error.open.read_only",
            Self::NoSpace => "error.open.no_space",
            Self::InUse => "error.open.in_use",
            Self::KeyNotSupported => "error.open.key_not_supported",
            Self::InvalidDirectory => "error.open.invalid",
            Self::Sqlite { .. }
            | Self::Io { .. }
            | Self::Corrupt
            | Self::Unreadable(_)
            | Self::NoSuchTicket
            | Self::NoSuchMessage
            | Self::NoSuchDraft
            | Self::NoSuchFile
            | Self::NotPossibleNow
            | Self::InvalidCursor
            | Self::Suspended
            | Self::Closed => "error.open.storage",
        }
    }
}

impl OpenError {
    /// Why a client could not be opened.
    #[must_use]
    pub fn string_key(&self) -> &'static str {
        match self {
            Self::InvalidUrl | Self::InvalidAccount | Self::InvalidProduct(_) | Self::NoConnectorSettings => {
                "error.open.invalid"
            }
            Self::Store(error) => error.opening_key(),
        }
    }
}

/// What is said of the first invalid field, where there is no form to say it in.
fn first(problems: &[FieldProblem], otherwise: &'static str) -> &'static str {
    problems.first().map_or(otherwise, FieldProblem::string_key)
}

impl SubmitError {
    /// Why a ticket was not created.
    #[must_use]
    pub fn string_key(&self) -> &'static str {
        match self {
            Self::Invalid(problems) => first(problems, "field.required"),
            Self::Store(error) => error.string_key(),
        }
    }
}

impl ReplyError {
    /// Why a reply was not written.
    #[must_use]
    pub fn string_key(&self) -> &'static str {
        match self {
            Self::Invalid(problems) => first(problems, "field.body.required"),
            Self::TicketClosed => ReasonKind::TicketClosed.string_key(),
            Self::NotOffered => "error.change.not_offered",
            Self::NoLongerVisible => ReasonKind::NoLongerVisible.string_key(),
            Self::Store(error) => error.string_key(),
        }
    }
}

impl ChangeError {
    /// Why a ticket was not changed.
    #[must_use]
    pub fn string_key(&self) -> &'static str {
        match self {
            Self::NotOffered => "error.change.not_offered",
            Self::Invalid(problems) => first(problems, "field.cc.malformed"),
            Self::TicketClosed => ReasonKind::TicketClosed.string_key(),
            Self::NoLongerVisible => ReasonKind::NoLongerVisible.string_key(),
            Self::Store(error) => error.string_key(),
        }
    }
}

impl AttachError {
    /// Why a file was not attached. The texts of a file that is too large and of too many have the placeholder `limit`.
    #[must_use]
    pub fn string_key(&self) -> &'static str {
        match self {
            Self::Off => "attachment.off",
            Self::File(error) => match error {
                FileError::TooMany { .. } => "attachment.too_many",
                FileError::TooLarge { .. } => "attachment.too_large",
                FileError::WrongType => "attachment.wrong_type",
                FileError::WrongContent => "attachment.wrong_content",
                FileError::Empty => "attachment.empty",
                FileError::Unreadable { .. } => "attachment.unreadable",
                FileError::NoSpace => StoreError::NoSpace.string_key(),
                FileError::NotWritable => StoreError::ReadOnly.string_key(),
                FileError::Io { code } => StoreError::Io { code: *code }.string_key(),
            },
            Self::Store(error) => error.string_key(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    fn status() -> SyncStatus {
        SyncStatus {
            online: true,
            network: true,
            busy_until: None,
            syncing: true,
            last_sync_at: None,
            waiting: 2,
            problem: None,
            first_sync_done: false,
            first_sync: Some(Progress { read: 299, of: Some(300) }),
            known_tickets: 299,
            known_threads: 0,
            recovered: None,
        }
    }

    #[test]
    fn every_screen_says_what_stands_in_the_way_and_a_banner_says_the_rest() {
        let unreachable = Some(AccountProblem::ServerUnreachable);
        assert_eq!(status().obstacle(), None);
        let offline = SyncStatus { network: false, online: false, problem: unreachable, ..status() };
        assert_eq!(offline.obstacle(), Some(Obstacle::NoNetwork), "the nearest cause is said");
        for missed in [SyncStatus { online: false, ..status() }, SyncStatus { problem: unreachable, ..status() }] {
            assert_eq!(missed.obstacle(), Some(Obstacle::ServerUnreachable));
            assert_eq!(missed.account_problem(), None, "the strip says it");
        }
        let signed_out = SyncStatus { problem: Some(AccountProblem::SignedOut), ..status() };
        assert_eq!((signed_out.obstacle(), signed_out.account_problem()), (None, Some(AccountProblem::SignedOut)));
    }

    #[test]
    fn the_rest_of_the_history_is_announced_where_nothing_else_explains_it() {
        assert_eq!(status().rest_key(), Some("history.first_sync"));
        assert_eq!(SyncStatus { network: false, ..status() }.rest_key(), Some("history.rest"));
        let explained = [
            SyncStatus { first_sync_done: true, ..status() },
            SyncStatus { known_tickets: 0, ..status() },
            SyncStatus { busy_until: Some(Timestamp(1)), ..status() },
            SyncStatus { problem: Some(AccountProblem::SignedOut), ..status() },
            SyncStatus { first_sync: None, ..status() },
        ];
        for other in explained {
            assert_eq!(other.rest_key(), None, "{other:?}");
        }
    }

    #[test]
    fn the_first_sync_is_at_100_percent_only_at_its_end() {
        let percent = |read, of| Progress { read, of }.percent();
        assert_eq!(
            [percent(299, Some(300)), percent(300, Some(300)), percent(301, Some(300))],
            [Some(99), Some(100), Some(100)]
        );
        assert_eq!([percent(0, Some(0)), percent(7, None)], [None, None]);
        assert_eq!(percent(u64::MAX - 1, Some(u64::MAX)), Some(99));
    }
}

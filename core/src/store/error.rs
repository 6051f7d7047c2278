//! What can go wrong with the file, in variants that a caller can act on. An error never contains text that the user
//! wrote.

use std::io::ErrorKind;

use rusqlite::types::Type;
use rusqlite::{ErrorCode, ffi};

/// Why a call to the store failed. The transaction that failed has written nothing. Only after [`Io`](Self::Io) may it
/// be in the file after all, and then all of it is. Most calls are one transaction. A call of several, such as "mark
/// all as read", keeps those before the failed one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum StoreError {
    /// The file exists but is not a Pocketdesk database. It was left untouched.
    #[error("the file is not a Pocketdesk database")]
    NotADatabase,
    /// A later version wrote this file. It was left untouched.
    #[error("the file has schema {found}, this version knows {known}")]
    NewerSchema {
        /// The schema version of the file.
        found: u32,
        /// The newest schema version that this version of the code knows.
        known: u32,
    },
    /// The file belongs to another account or another server.
    #[error("the file belongs to another account")]
    OtherAccount,
    /// The path is not a folder, the folder cannot be created, or something that is not a file is in the place of its
    /// lock.
    #[error("the folder cannot be used")]
    InvalidDirectory,
    /// The folder or the file does not allow writing.
    #[error("the folder does not allow writing")]
    ReadOnly,
    /// A key was given, but this build has no cipher.
    #[error("this build cannot encrypt")]
    KeyNotSupported,
    /// The disk is full.
    #[error("no space left")]
    NoSpace,
    /// SQLite can no longer read the file. The store replaces it with a new file that holds whatever can be salvaged of
    /// the user's own writes. It does so at once if no other call is running, otherwise when the last running call
    /// ends. If only the index of searches is damaged, the file stays, and the index is made anew. The failed call can
    /// be repeated. Opening salvages the file itself; if the file may be somebody else's, it fails with
    /// [`NotADatabase`](Self::NotADatabase) instead.
    #[error("the file was corrupt")]
    Corrupt,
    /// A row that this call needs cannot be read. Other rows can. The file is not corrupt: that is only what SQLite
    /// itself reports.
    #[error("a row cannot be read: {0}")]
    Unreadable(RowFault),
    /// The device could not read or write.
    #[error("input or output error {code}")]
    Io {
        /// SQLite's extended result code, or the operating system's error code; -1 if there is none.
        code: i32,
    },
    /// Another process, or another client in this process, has the account open.
    #[error("in use elsewhere")]
    InUse,
    /// The call was made between [`Client::suspend`](crate::Client::suspend) and
    /// [`Client::resume`](crate::Client::resume).
    #[error("suspended")]
    Suspended,
    /// There is no ticket with this id, or no longer.
    #[error("there is no such ticket")]
    NoSuchTicket,
    /// There is no message or change with this id, or no longer.
    #[error("there is no such message")]
    NoSuchMessage,
    /// There is no draft with this id: it was never saved, or it was submitted or discarded.
    #[error("there is no such draft")]
    NoSuchDraft,
    /// There is no such file: the draft or the message does not have it, or no longer.
    #[error("there is no such file")]
    NoSuchFile,
    /// The row is there, and its present state does not allow the call. Read it again.
    #[error("this is not possible now")]
    NotPossibleNow,
    /// The cursor did not come from an earlier page. Begin at the top.
    #[error("the cursor is not valid")]
    InvalidCursor,
    /// The store was closed.
    #[error("closed")]
    Closed,
    /// Any other error of SQLite.
    #[error("storage error {code}")]
    Sqlite {
        /// SQLite's extended result code; -1 if there is none.
        code: i32,
    },
}

/// Why a row cannot be read. Never contains a value of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum RowFault {
    /// A column holds a text that is not the JSON that it should be.
    #[error("it holds no JSON of the expected form")]
    Json,
    /// A column holds a text that is not UTF-8.
    #[error("it holds a text that is not UTF-8")]
    Text,
    /// A column holds a value of another type, or a number that is too large.
    #[error("it holds a value of another type")]
    Type,
    /// A column holds a name that this version does not know.
    #[error("it holds an unknown name")]
    Name,
    /// Something that belongs to the row is missing.
    #[error("it is incomplete")]
    Missing,
}

/// Gives "no such row" its meaning at the place of the query.
pub(in crate::store) trait OrMissing<T> {
    /// The result, with `missing` as the error if the query found no row.
    fn or_missing(self, missing: StoreError) -> Result<T, StoreError>;
}

impl<T> OrMissing<T> for rusqlite::Result<T> {
    fn or_missing(self, missing: StoreError) -> Result<T, StoreError> {
        match self {
            Err(rusqlite::Error::QueryReturnedNoRows) => Err(missing),
            found => Ok(found?),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            // Where a row may be missing, the query says what that means (`OrMissing`).
            rusqlite::Error::QueryReturnedNoRows => Self::Unreadable(RowFault::Missing),
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::NotADatabase => Self::NotADatabase,
                ErrorCode::DiskFull => Self::NoSpace,
                // The file is sound; the table of FTS5 is not (`renew.rs`).
                ErrorCode::DatabaseCorrupt if failure.extended_code == ffi::SQLITE_CORRUPT_VTAB => {
                    Self::Sqlite { code: failure.extended_code }
                }
                ErrorCode::DatabaseCorrupt => Self::Corrupt,
                ErrorCode::SystemIoFailure => Self::Io { code: failure.extended_code },
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
                _ => Self::Sqlite { code: failure.extended_code },
            },
            rusqlite::Error::Utf8Error(..) | rusqlite::Error::FromSqlConversionFailure(_, Type::Text, _) => {
                Self::Unreadable(RowFault::Text)
            }
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..) => Self::Unreadable(RowFault::Type),
            _ => Self::Sqlite { code: -1 },
        }
    }
}

impl From<serde_json::Error> for StoreError {
    /// The text of a column cannot be parsed. A later version may have written it.
    fn from(_: serde_json::Error) -> Self {
        Self::Unreadable(RowFault::Json)
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::NoSpace,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io { code: error.raw_os_error().unwrap_or(-1) },
        }
    }
}

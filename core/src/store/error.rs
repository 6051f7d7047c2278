//! What can go wrong with the file, in variants that a caller can act on. An error never contains text that the user
//! wrote.

use std::io::ErrorKind;

use rusqlite::ErrorCode;

/// Why a call to the store failed. A failed call has written nothing. Only after [`Io`](Self::Io) may the whole write
/// be in the file after all; a part of it never is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
    /// The path is not a folder, or the folder cannot be created.
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
    /// ends. The failed call can be repeated. Opening fails with this only if the folder never had a database of ours,
    /// because then the file may be somebody else's.
    #[error("the file was corrupt")]
    Corrupt,
    /// The content of a row does not agree with the schema. While a store is open, the first such error is treated as
    /// corruption, with the consequences of [`Corrupt`](Self::Corrupt).
    #[error("the file is damaged")]
    Damaged,
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
    /// There is no such row, or the operation is not allowed in its present state.
    #[error("there is no such row")]
    NotFound,
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

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::NotADatabase => Self::NotADatabase,
                ErrorCode::DiskFull => Self::NoSpace,
                ErrorCode::DatabaseCorrupt => Self::Corrupt,
                ErrorCode::SystemIoFailure => Self::Io { code: failure.extended_code },
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
                _ => Self::Sqlite { code: failure.extended_code },
            },
            // The content of the row does not agree with the schema.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged,
            _ => Self::Sqlite { code: -1 },
        }
    }
}

impl From<serde_json::Error> for StoreError {
    /// JSON in a column that cannot be parsed means that the file is corrupt. SQLite returns zeros for pages that a
    /// truncated file no longer has, and only the texts in the columns reveal it.
    fn from(_: serde_json::Error) -> Self {
        Self::Corrupt
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

//! What can go wrong with the file, in variants that a caller can act on. No text of the user's is ever part of it.

use std::io::ErrorKind;

use rusqlite::ErrorCode;

/// Why the store could not do it. Nothing is half-written: a failed call leaves the file as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The file exists, and is not a Pocketdesk database. It was left untouched.
    #[error("the file is not a Pocketdesk database")]
    NotADatabase,
    /// A later version wrote this file. It was left untouched.
    #[error("the file has schema {found}, this version knows {known}")]
    NewerSchema {
        /// The file's.
        found: u32,
        /// The newest this version knows.
        known: u32,
    },
    /// The file belongs to another account or another server.
    #[error("the file belongs to another account")]
    OtherAccount,
    /// The folder is no folder, or cannot be made.
    #[error("the folder cannot be used")]
    InvalidDirectory,
    /// The folder or the file does not allow writing.
    #[error("the folder does not allow writing")]
    ReadOnly,
    /// A key was given, and this build has no cipher.
    #[error("this build cannot encrypt")]
    KeyNotSupported,
    /// The disk is full.
    #[error("no space left")]
    NoSpace,
    /// SQLite cannot read the file any more. It is made anew with what can be rescued of what the user wrote, at once if
    /// nobody is in the middle of it, otherwise right after; the same call can be made again.
    #[error("the file was corrupt")]
    Corrupt,
    /// A row does not read as what the schema says it is. The first time it is taken for [`Corrupt`](Self::Corrupt).
    #[error("the file is damaged")]
    Damaged,
    /// The device could not read or write.
    #[error("input or output error {code}")]
    Io {
        /// SQLite's extended result code, or the operating system's own; -1 where there is none.
        code: i32,
    },
    /// Another process, or another server of this one, has the account open.
    #[error("in use elsewhere")]
    InUse,
    /// Between [`Client::suspend`](crate::Client::suspend) and [`Client::resume`](crate::Client::resume).
    #[error("suspended")]
    Suspended,
    /// There is no such row.
    #[error("there is no such row")]
    NotFound,
    /// The store was closed.
    #[error("closed")]
    Closed,
    /// Any other error of SQLite or the file system, by SQLite's extended code.
    #[error("storage error {code}")]
    Sqlite {
        /// SQLite's extended result code; -1 where there is none.
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
            // A row that does not read as what the schema says it is.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged,
            _ => Self::Sqlite { code: -1 },
        }
    }
}

impl From<serde_json::Error> for StoreError {
    /// JSON in a column that does not read back: what SQLite gives for pages that a cut file no longer has is zeros, and
    /// only the texts show it.
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

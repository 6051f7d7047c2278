//! What can go wrong with the file, in variants that a caller can act on. No text of the user's is ever part of it.

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
    /// The file belongs to another account or another desk.
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
    /// The file is damaged.
    #[error("the file is damaged")]
    Damaged,
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
                ErrorCode::DatabaseCorrupt => Self::Damaged,
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
    /// JSON in a column that does not read back.
    fn from(_: serde_json::Error) -> Self {
        Self::Damaged
    }
}

//! Where an account's files lie.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The file's name in the account's folder.
pub(in crate::store) const FILE: &str = "desk.sqlite3";

/// Where an account's file is, and whose it has to be.
pub(in crate::store) struct Home {
    pub folder: PathBuf,
    pub account: String,
    /// The server's origin.
    pub server: String,
}

impl Home {
    /// The database.
    pub(in crate::store) fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }
}

/// A name that says nothing about the account and fits every file system.
pub(in crate::store) fn folder_name(account: &str) -> String {
    Sha256::digest(account.as_bytes()).iter().take(16).fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}

/// Where the account's file is, for tests and tools that look at it from outside.
#[must_use]
pub fn file_of(directory: &Path, account: &str) -> PathBuf {
    directory.join("accounts").join(folder_name(account)).join(FILE)
}

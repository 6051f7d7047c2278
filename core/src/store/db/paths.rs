//! Where the files of an account are on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::hashed_name;
use crate::product::Product;

/// The name of the database in the account's folder.
pub(in crate::store) const FILE: &str = "desk.sqlite3";

/// Where the file of an account is, and to whom it has to belong.
pub(in crate::store) struct Home {
    pub folder: PathBuf,
    /// The host app's id of the account; empty if the file is nobody's.
    pub account: String,
    /// The server's origin.
    pub server: String,
    /// What the history's entries and the fields follow.
    pub product: Arc<Product>,
}

impl Home {
    /// The path of the database.
    pub(in crate::store) fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// The path of its write-ahead log.
    pub(in crate::store) fn log(&self) -> PathBuf {
        self.folder.join(format!("{FILE}-wal"))
    }

    /// Whether the file belongs to nobody: it holds tickets without an account (`docs/product.md`, W11).
    pub(in crate::store) fn is_nobodys(&self) -> bool {
        self.account == NOBODY
    }
}

/// The account of nobody's file. No host app can give this id to an account.
pub(in crate::store) const NOBODY: &str = "";

/// The name of the account's folder. It reveals nothing about the account.
pub(in crate::store) fn folder_name(account: &str) -> String {
    hashed_name(account)
}

/// The name of the folder for tickets without an account on the server with this origin. No account's folder has a name of
/// this length.
pub(in crate::store) fn nobodys_folder_name(server: &str) -> String {
    format!("nobody-{}", hashed_name(server))
}

/// The path of the database with tickets without an account, for tests and tools that open it from outside. `server`: the
/// server's origin.
#[must_use]
pub fn nobodys_file_of(directory: &Path, server: &str) -> PathBuf {
    directory.join("accounts").join(nobodys_folder_name(server)).join(FILE)
}

/// The path of the account's database, for tests and tools that open it from outside.
#[must_use]
pub fn file_of(directory: &Path, account: &str) -> PathBuf {
    directory.join("accounts").join(folder_name(account)).join(FILE)
}

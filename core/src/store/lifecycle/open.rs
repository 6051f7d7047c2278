//! Opening the file. [`Store::open`] and [`Store::resume`] both use [`Home::enter`]. Connections that are opened later
//! rely on its checks.
//!
//! The steps in order: sign-outs that were interrupted are finished, the folder is locked, a salvage that was
//! interrupted is finished, the file is inspected, its log is made durable, the schema steps run, the owner is checked,
//! and rebuilds begin for what the product's definition now computes in another way. A file that is damaged is
//! salvaged, if it is certainly ours.
//!
//! A file of somebody else, or of a later version, is only inspected. Nothing is written to it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::folder_lock::Lock;
use super::state::Lifecycle;
use super::{damage, sign_out};
use crate::blob::Folder;
use crate::live::Live;
use crate::model::PersonId;
use crate::product::Product;
use crate::store::db::connection::APPLICATION_ID;
use crate::store::db::connection::{explained, leave_log, make_durable, writer};
use crate::store::db::migrations::{bring_up_to_date, newest};
use crate::store::db::paths::{Home, NOBODY, folder_name, nobodys_folder_name};
use crate::store::db::readers::Readers;
use crate::store::db::schema;
use crate::store::db::writer_lock::{Priority, WriterLock};
use crate::store::derived::{entries, field_sources};
use crate::store::search::rules;
use crate::store::{Store, StoreError};

/// The key of an encrypted file: 32 bytes.
pub struct StoreKey(pub [u8; 32]);

/// The user to whom a file belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The server's id of this user; `None` until the server has been reached for the first time.
    pub person: Option<PersonId>,
    /// The user's own address, as the server knows it.
    pub email: Option<String>,
}

impl Store {
    /// Opens the account's file below `directory`, or creates it.
    ///
    /// `account` is the host app's stable id of the signed-in user, `server` the server's origin. A file that is bound
    /// to another server fails with [`StoreError::OtherAccount`], and one that is open in this or another process with
    /// [`StoreError::InUse`]. A `key` fails with [`StoreError::KeyNotSupported`] in this build.
    ///
    /// A damaged file is salvaged. Sign-outs of any account below `directory` that were interrupted are finished first.
    pub fn open(
        directory: &Path,
        account: &str,
        server: &str,
        key: Option<&StoreKey>,
        product: Arc<Product>,
        live: Arc<Live>,
    ) -> Result<Self, StoreError> {
        Self::open_as(directory, (account, folder_name(account)), server, key, product, live)
    }

    /// Opens the file for tickets without an account on the server with the origin `server`, or creates it
    /// (`docs/product.md`, W11). Apart from its owner, everything is as in [`open`](Self::open).
    pub fn open_nobodys(
        directory: &Path,
        server: &str,
        key: Option<&StoreKey>,
        product: Arc<Product>,
        live: Arc<Live>,
    ) -> Result<Self, StoreError> {
        Self::open_as(directory, (NOBODY, nobodys_folder_name(server)), server, key, product, live)
    }

    fn open_as(
        directory: &Path,
        (owner, folder): (&str, String),
        server: &str,
        key: Option<&StoreKey>,
        product: Arc<Product>,
        live: Arc<Live>,
    ) -> Result<Self, StoreError> {
        if key.is_some() {
            return Err(StoreError::KeyNotSupported);
        }
        sign_out::finish_all(&directory.join("accounts"));
        let home = Home {
            folder: directory.join("accounts").join(folder),
            account: owner.to_owned(),
            server: server.to_owned(),
            product: Arc::clone(&product),
        };
        let (lock, connection) = home.enter()?;
        let writer_lock = WriterLock::new(connection, home.file());
        let (files, transfers) = (Folder::of(&home.folder), Arc::default());
        let readers = Readers::new();
        let store = Self { home, writer_lock, readers, life: Lifecycle::new(lock), live, product, files, transfers };
        // The next opening of this account tries again.
        if let Err(error) = store.remove_orphaned_files() {
            tracing::warn!(%error, "orphaned files could not be removed");
        }
        Ok(store)
    }

    /// The user to whom this file belongs.
    pub fn account(&self) -> Result<Account, StoreError> {
        self.read(|db| {
            let sql = "SELECT person, email FROM account";
            let account = |row: &rusqlite::Row<'_>| {
                Ok(Account { person: row.get::<_, Option<i64>>(0)?.map(PersonId), email: row.get(1)? })
            };
            Ok(db.query_row(sql, [], account)?)
        })
    }

    /// Binds the file to the user whom the server named when it was first reached, and stores the address. Later calls
    /// can only refresh the address. Another user fails with [`StoreError::OtherAccount`], and nothing is written.
    pub fn bind(&self, server: &str, person: PersonId, email: Option<&str>) -> Result<(), StoreError> {
        let account = self.account()?;
        if account.person.is_some_and(|bound| bound != person) {
            return Err(StoreError::OtherAccount);
        }
        if account.person.is_some() && account.email.as_deref() == email {
            return Ok(());
        }
        self.write(Priority::User, |edit| {
            let sql = "UPDATE account SET server = ?1, person = ?2, email = ?3";
            edit.tx.execute(sql, (server, person.0, email))?;
            // This user wrote everything that was written before the server was reached.
            edit.tx.execute("UPDATE tickets SET requester = ?1 WHERE requester IS NULL", [person.0])?;
            edit.tx.execute("UPDATE messages SET author = ?1 WHERE author IS NULL", [person.0])?;
            Ok(())
        })
    }
}

impl Home {
    /// Locks the folder and opens the file for writing. A damaged file is salvaged.
    pub(in crate::store) fn enter(&self) -> Result<(Lock, Connection), StoreError> {
        let lock = loop {
            make_folder(&self.folder)?;
            let lock = Lock::take(&self.folder)?;
            if !sign_out::is_unfinished(&self.folder) {
                break lock;
            }
            sign_out::finish_and_unlock(&self.folder, lock)?;
        };
        damage::check_kinds(&self.folder)?;
        damage::finish_earlier_salvage(&self.folder)?;
        let connection = match self.connect(lock.had_database()) {
            Err(StoreError::Corrupt | StoreError::NotADatabase) => {
                if !damage::is_ours(&self.folder)? {
                    return Err(StoreError::NotADatabase);
                }
                damage::salvage_damaged(self)?;
                self.connect(true)?
            }
            opened => opened?,
        };
        lock.record_database()?;
        Ok((lock, connection))
    }

    /// Opens the file for writing, brings it to the newest schema, checks its owner, and begins the rebuilds that the
    /// product's definition asks for. `had_database`: the folder has had a database of ours, so a missing or empty file
    /// is damage.
    pub(in crate::store) fn connect(&self, had_database: bool) -> Result<Connection, StoreError> {
        let path = self.file();
        explained(&path, || {
            if path.exists() {
                inspect(&path, had_database)?;
            } else if had_database {
                return Err(StoreError::Corrupt);
            }
            let mut connection = writer(&path)?;
            make_durable(&connection)?;
            check_length(&connection, &path)?;
            bring_up_to_date(&mut connection)?;
            let bound = bind_account(&connection, &self.account)?;
            if bound.is_some_and(|bound| bound != self.server) {
                return Err(StoreError::OtherAccount);
            }
            field_sources::install(&mut connection, self.product.field_sources.as_deref())?;
            entries::install(&mut connection, &self.product.history_rules())?;
            rules::install(&mut connection, &self.product.searched_fields())?;
            // What a salvage kept was written without this definition.
            let tx = connection.transaction()?;
            entries::refresh(&tx, &self.product)?;
            tx.commit()?;
            Ok(connection)
        })
    }
}

/// Fails with [`StoreError::Corrupt`] if a file whose log is empty ends before its last page does. SQLite takes what is
/// missing of that page for zeros.
fn check_length(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let value = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let length = value("page_count")? * value("page_size")?;
    let cut = fs::metadata(path)?.len() < u64::try_from(length).unwrap_or_default();
    if cut { Err(StoreError::Corrupt) } else { Ok(()) }
}

fn make_folder(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::NoSpace,
        _ => StoreError::InvalidDirectory,
    })
}

/// Checks an existing file without writing to it, not even by a checkpoint.
fn inspect(path: &Path, had_database: bool) -> Result<(), StoreError> {
    match inspect_with(path, had_database, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        // A process that was killed while it created the file leaves a rollback journal, and a connection that may not
        // write cannot roll it back. This is the only such case: once a file has been opened completely it has a log
        // instead.
        Err(StoreError::ReadOnly) => inspect_with(path, had_database, OpenFlags::SQLITE_OPEN_READ_WRITE),
        checked => checked,
    }
}

/// Checks whether the file is ours and its schema is known and intact, with a connection that has `flags`.
fn inspect_with(path: &Path, had_database: bool, flags: OpenFlags) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    leave_log(&connection)?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if application != APPLICATION_ID {
        // A process that was killed between creating the file and the first schema step leaves an empty file.
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        return match (tables, version, had_database) {
            (0, 0, false) => Ok(()),
            (0, 0, true) => Err(StoreError::Corrupt),
            _ => Err(StoreError::NotADatabase),
        };
    }
    let (found, known) = (u32::try_from(version).unwrap_or(u32::MAX), newest());
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    if schema::agrees(&connection, found)? { Ok(()) } else { Err(StoreError::Corrupt) }
}

/// Writes the owner into a new file, or checks the owner of an existing one. Returns the server that it is bound to, if
/// any.
fn bind_account(connection: &Connection, account: &str) -> Result<Option<String>, StoreError> {
    let owner = connection
        .query_row("SELECT account, server FROM account", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        })
        .optional()?;
    match owner {
        Some((owner, server)) if owner == account => Ok(server),
        Some(_) => Err(StoreError::OtherAccount),
        None => {
            connection.execute("INSERT INTO account (id, account) VALUES (1, ?1)", [account])?;
            Ok(None)
        }
    }
}

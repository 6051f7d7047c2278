//! Opening the file: the one way in, for every connection.
//!
//! A file that is somebody else's, or of a later version, is looked at without writing a byte, and left as it is.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, ffi};
use rusqlite_migration::{M, Migrations};
use sha2::{Digest, Sha256};

use super::life::Life;
use super::lock::Lock;
use super::{Folder, Gate, Readers, Store, StoreError, Writer, rescue, sign_out};
use crate::live::Live;
use crate::model::PersonId;
use crate::profile::Profile;

/// "PKDS": marks a file as ours.
pub(super) const APPLICATION_ID: i32 = 0x504b_4453;

/// Every schema step, in order. A step never changes once it has shipped.
pub(super) const STEPS: &[&str] = &[
    include_str!("../../migrations/001_first.sql"),
    include_str!("../../migrations/002_outbox.sql"),
    include_str!("../../migrations/003_pull.sql"),
    include_str!("../../migrations/004_files.sql"),
    include_str!("../../migrations/005_life.sql"),
];

/// The file's name in the account's folder.
pub(super) const FILE: &str = "desk.sqlite3";

/// The key of an encrypted file: 32 bytes.
pub struct StoreKey(pub [u8; 32]);

/// To whom a file belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The desk's id of this user; `None` before first contact.
    pub person: Option<PersonId>,
    /// The user's own address, as the desk knows it.
    pub email: Option<String>,
}

impl Store {
    /// Opens the account's file below `directory`, or makes it.
    ///
    /// `account` is the host app's stable id of the signed-in user, `desk` the desk's origin; a file bound to another
    /// desk is [`StoreError::OtherAccount`]; one that another process, or this one, has open is [`StoreError::InUse`]. A
    /// damaged file is rescued. What a sign-out below `directory` left behind is finished first. With a `key` this build
    /// answers [`StoreError::KeyNotSupported`].
    pub fn open(
        directory: &Path,
        account: &str,
        desk: &str,
        key: Option<&StoreKey>,
        profile: Arc<Profile>,
        live: Arc<Live>,
    ) -> Result<Self, StoreError> {
        if key.is_some() {
            return Err(StoreError::KeyNotSupported);
        }
        sign_out::finish_all(&directory.join("accounts"));
        let folder = directory.join("accounts").join(folder_name(account));
        let home = Home { folder, account: account.to_owned(), desk: desk.to_owned() };
        let (lock, connection) = home.enter()?;
        let gate = Gate::new(connection, home.file());
        let (files, underway) = (Folder::of(&home.folder), Arc::default());
        let readers = Readers::new();
        let store = Self { home, gate, readers, life: Life::new(lock), live, profile, files, underway };
        // What cannot be looked at now is looked at by the next opening.
        if let Err(error) = store.sweep_files() {
            tracing::warn!(%error, "files could not be swept");
        }
        Ok(store)
    }

    /// To whom this file belongs.
    pub fn account(&self) -> Result<Account, StoreError> {
        self.read(|db| {
            let sql = "SELECT person, email FROM account";
            let account = |row: &rusqlite::Row<'_>| {
                Ok(Account { person: row.get::<_, Option<i64>>(0)?.map(PersonId), email: row.get(1)? })
            };
            Ok(db.query_row(sql, [], account)?)
        })
    }

    /// Binds the file to the user whom the desk named at first contact, and remembers the address. Later calls may only
    /// refresh the address: another user is [`StoreError::OtherAccount`], and nothing is written.
    pub fn bind(&self, desk: &str, person: PersonId, email: Option<&str>) -> Result<(), StoreError> {
        let account = self.account()?;
        if account.person.is_some_and(|bound| bound != person) {
            return Err(StoreError::OtherAccount);
        }
        if account.person.is_some() && account.email.as_deref() == email {
            return Ok(());
        }
        self.write(Writer::User, |edit| {
            let sql = "UPDATE account SET desk = ?1, person = ?2, email = ?3";
            edit.tx.execute(sql, (desk, person.0, email))?;
            // What was written before first contact is this user's.
            edit.tx.execute("UPDATE tickets SET requester = ?1 WHERE requester IS NULL", [person.0])?;
            edit.tx.execute("UPDATE messages SET author = ?1 WHERE author IS NULL", [person.0])?;
            Ok(())
        })
    }
}

/// Where an account's file is, and whose it has to be.
pub(super) struct Home {
    pub folder: PathBuf,
    pub account: String,
    /// The desk's origin.
    pub desk: String,
}

impl Home {
    /// The database.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Locks the folder and opens the file for writing; a damaged one is rescued.
    pub(super) fn enter(&self) -> Result<(Lock, Connection), StoreError> {
        let lock = loop {
            make_folder(&self.folder)?;
            let lock = Lock::take(&self.folder)?;
            if !sign_out::is_begun(&self.folder) {
                break lock;
            }
            sign_out::finish_here(&self.folder, lock)?;
        };
        rescue::tidy(&self.folder)?;
        let connection = match self.connect(lock.is_made()) {
            Err(StoreError::Corrupt | StoreError::NotADatabase) if lock.is_made() => {
                if !rescue::is_ours(&self.folder)? {
                    return Err(StoreError::NotADatabase);
                }
                rescue::rescue(self)?;
                self.connect(true)?
            }
            opened => opened?,
        };
        lock.set_made()?;
        Ok((lock, connection))
    }

    /// Opens the file for writing, brings it to the newest schema, and makes sure whose it is.
    pub(super) fn connect(&self, made: bool) -> Result<Connection, StoreError> {
        let path = self.file();
        explained(&path, || {
            if path.exists() {
                inspect(&path, made)?;
            } else if made {
                return Err(StoreError::Corrupt);
            }
            let mut connection = writer(&path)?;
            make_durable(&connection)?;
            migrations().to_latest(&mut connection).map_err(migration_error)?;
            let bound = bind_account(&connection, &self.account)?;
            if bound.is_some_and(|bound| bound != self.desk) {
                return Err(StoreError::OtherAccount);
            }
            Ok(connection)
        })
    }
}

/// A name that says nothing about the account and fits every file system.
fn folder_name(account: &str) -> String {
    Sha256::digest(account.as_bytes()).iter().take(16).fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}

fn make_folder(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::NoSpace,
        _ => StoreError::InvalidDirectory,
    })
}

/// Looks at an existing file without writing to it, not even a checkpoint.
fn inspect(path: &Path, made: bool) -> Result<(), StoreError> {
    match look(path, made, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        // A kill in the file's first milliseconds leaves a journal, and who may not write cannot undo what it undoes.
        // Files that were ever opened have a log instead, so this is the one case.
        Err(StoreError::ReadOnly) => look(path, made, OpenFlags::SQLITE_OPEN_READ_WRITE),
        seen => seen,
    }
}

fn look(path: &Path, made: bool, flags: OpenFlags) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    leave_log(&connection)?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if application != APPLICATION_ID {
        // A kill between making the file and the first step leaves an empty one.
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        return match (tables, version, made) {
            (0, 0, false) => Ok(()),
            (0, 0, true) => Err(StoreError::Corrupt),
            _ => Err(StoreError::NotADatabase),
        };
    }
    let (found, known) = (u32::try_from(version).unwrap_or(u32::MAX), u32::try_from(STEPS.len()).unwrap_or(u32::MAX));
    if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(()) }
}

/// Does `open`, a first access to the file at `path`. SQLite says "cannot open" when it cannot make a file beside it, and
/// "input or output" when it cannot make that longer, whatever the reason. A file of our own, made there and removed again,
/// tells whether the disk is full, of bytes or of files, or nothing may be written.
fn explained<T>(path: &Path, open: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    open().map_err(|error| {
        let cannot_open = matches!(error, StoreError::Sqlite { code } if code & 0xff == ffi::SQLITE_CANTOPEN);
        if !cannot_open && !matches!(error, StoreError::Io { .. }) {
            return error;
        }
        match try_writing(&path.with_extension("trial")) {
            Err(reason @ (StoreError::NoSpace | StoreError::ReadOnly)) => reason,
            _ if cannot_open => StoreError::ReadOnly,
            _ => error,
        }
    })
}

/// As many bytes as SQLite's index of its log begins with.
fn try_writing(trial: &Path) -> Result<(), StoreError> {
    let tried = fs::File::create(trial).and_then(|mut file| {
        file.write_all(&vec![0; 32 * 1024])?;
        file.sync_all()
    });
    if let Err(error) = fs::remove_file(trial) {
        tracing::debug!(kind = ?error.kind(), "no trial was left behind");
    }
    Ok(tried?)
}

pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    explained(path, || writable(path))
}

fn writable(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    if connection.is_readonly("main")? {
        return Err(StoreError::ReadOnly);
    }
    let marked: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if marked != APPLICATION_ID {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A long reader cannot make the log grow for ever: after a checkpoint it is cut to this many bytes.
    connection.pragma_update(None, "journal_size_limit", 4 * 1024 * 1024)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is deleted is overwritten: what a user may no longer see is gone.
    connection.pragma_update(None, "secure_delete", true)?;
    // Apple's fsync does not reach the disk; elsewhere these change nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    Ok(connection)
}

/// A process that was killed between writing a commit and syncing it leaves it readable, but not safe from a power cut; and
/// what is shown again, or accepted again without another write, has to stay. A checkpoint syncs the log before it moves
/// anything, and empties it: what the power left torn in it is no row's, and no later removal would find it. Nobody reads
/// yet, so nothing is left out; it costs as much as the log is long.
fn make_durable(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    // Not read-only: a reader of a WAL file must be able to make the shared index. It cannot write all the same.
    let connection = explained(path, || connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(super::cached::CAPACITY);
    // Otherwise a statement that is kept is compiled anew whenever a bound value changes that a partial index speaks of.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Closing this connection does not move the log into the file.
pub(super) fn leave_log(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

fn migrations() -> Migrations<'static> {
    Migrations::new(STEPS.iter().map(|step| M::up(step)).collect())
}

fn migration_error(error: rusqlite_migration::Error) -> StoreError {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        _ => StoreError::Damaged,
    }
}

/// Makes a new file at `path` with the newest schema and no log: what is committed to it is in this one file.
pub(super) fn fresh(path: &Path) -> Result<Connection, StoreError> {
    explained(path, || {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        migrations().to_latest(&mut connection).map_err(migration_error)?;
        Ok(connection)
    })
}

/// Writes whose file this is, once; afterwards answers the desk it is bound to.
fn bind_account(connection: &Connection, account: &str) -> Result<Option<String>, StoreError> {
    let owner = connection
        .query_row("SELECT account, desk FROM account", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        })
        .optional()?;
    match owner {
        Some((owner, desk)) if owner == account => Ok(desk),
        Some(_) => Err(StoreError::OtherAccount),
        None => {
            connection.execute("INSERT INTO account (id, account) VALUES (1, ?1)", [account])?;
            Ok(None)
        }
    }
}

/// Where the account's file is, for tests and tools that look at it from outside.
#[must_use]
pub fn file_of(directory: &Path, account: &str) -> PathBuf {
    directory.join("accounts").join(folder_name(account)).join(FILE)
}

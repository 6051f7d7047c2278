//! Every connection to the file, and how SQLite is set up for it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, ffi};

use super::migrations::{migration_error, migrations};
use super::statements;
use crate::store::StoreError;

/// "PKDS": marks a file as ours.
pub(in crate::store) const APPLICATION_ID: i32 = 0x504b_4453;

/// Does `open`, a first access to the file at `path`. SQLite says "cannot open" when it cannot make a file beside it, and
/// "input or output" when it cannot make that longer, whatever the reason. A file of our own, made there and removed again,
/// tells whether the disk is full, of bytes or of files, or nothing may be written.
pub(in crate::store) fn explained<T>(
    path: &Path,
    open: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
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

pub(in crate::store) fn writer(path: &Path) -> Result<Connection, StoreError> {
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
pub(in crate::store) fn make_durable(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

pub(in crate::store) fn reader(path: &Path) -> Result<Connection, StoreError> {
    // Not read-only: a reader of a WAL file must be able to make the shared index. It cannot write all the same.
    let connection = explained(path, || connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

pub(in crate::store) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(statements::CAPACITY);
    // Otherwise a statement that is kept is compiled anew whenever a bound value changes that a partial index speaks of.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Closing this connection does not move the log into the file.
pub(in crate::store) fn leave_log(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// Makes a new file at `path` with the newest schema and no log: what is committed to it is in this one file.
pub(in crate::store) fn fresh(path: &Path) -> Result<Connection, StoreError> {
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

/// Closes a connection. The last one of a file moves the log into it, which may take long: whoever suspends has no time
/// for that, and the next one to open the file does it.
pub(in crate::store) fn close(connection: Connection, checkpoint: bool) {
    let kept = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !checkpoint);
    if let Err((_, error)) = connection.close() {
        tracing::warn!(code = ?error.sqlite_error_code(), ?kept, "a connection did not close");
    }
}

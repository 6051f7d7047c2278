//! Opening and closing connections to the file, with the settings that SQLite gets.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, ffi};

use super::migrations::bring_up_to_date;
use super::statements::{self, Cached};
use crate::store::StoreError;
use crate::store::room::decide::Log;
use crate::store::search::functions;

/// "PKDS": SQLite's `application_id` that marks a file as ours.
pub(in crate::store) const APPLICATION_ID: i32 = 0x504b_4453;

/// From this length of the log in pages, the commit that made it so long moves it into the file.
const LONGEST_LOG: u32 = 2_000;

/// Runs `open`, the first access to the file at `path`. If it fails, this finds the reason that SQLite does not give.
///
/// SQLite reports "cannot open" if it cannot create a file beside the database, and an input or output error if it
/// cannot extend that file, whatever the reason. So a trial file is written there and removed again. It shows whether
/// the disk is full (of bytes or of files) or the folder does not allow writing. If it shows neither, "cannot open" is
/// taken for [`StoreError::ReadOnly`].
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

/// Writes and removes a trial file. Its 32 KiB are the initial size of SQLite's index of its log (`-shm`).
fn try_writing(trial: &Path) -> Result<(), StoreError> {
    // Never opens what is there: it may be a pipe.
    let _ = fs::remove_file(trial);
    let tried = fs::File::create_new(trial).and_then(|mut file| {
        file.write_all(&vec![0; 32 * 1024])?;
        file.sync_all()
    });
    if let Err(error) = fs::remove_file(trial) {
        tracing::debug!(kind = ?error.kind(), "the trial file was not removed");
    }
    Ok(tried?)
}

/// Opens the writing connection to the file at `path`. Creates the file if there is none.
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
    // A long read can make the log grow. After the next complete checkpoint it is cut to this many bytes.
    // Below that it keeps its length, because writing over it is cheaper than making it longer again.
    connection.pragma_update(None, "journal_size_limit", 6 * 1024 * 1024)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Sync moves the log into the file before it is so long. This is for a log that only users write.
    connection.pragma_update(None, "wal_autocheckpoint", LONGEST_LOG)?;
    // Deleted bytes are overwritten, so that nothing of a revoked ticket stays readable in the file.
    connection.pragma_update(None, "secure_delete", true)?;
    // On Apple's systems a plain fsync does not reach the disk. On other systems these two settings change nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    Ok(connection)
}

/// Makes everything in the log of the file safe from a power cut. Called when the file is opened, before there are
/// readers.
///
/// A process that was killed between writing a commit and syncing it leaves a commit that is readable but not durable.
/// From now on that commit must not be lost: screens show it, and a draft that it submitted is accepted again without
/// another write. A checkpoint syncs the log, moves it into the file and empties it. Emptying also removes what a power
/// cut left torn in the log: those bytes belong to no row, so no later secure delete would find them. Without readers
/// the checkpoint is complete. It takes longer the longer the log is.
pub(in crate::store) fn make_durable(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// The log of the file, right after a commit on `connection`. Changes nothing.
pub(in crate::store) fn log(connection: &Connection) -> Result<Log, StoreError> {
    // SQLite reports -1 if there is no log.
    let pages = |pages: i64| u32::try_from(pages).unwrap_or_default();
    Ok(connection.query_row_cached("PRAGMA wal_checkpoint(NOOP)", [], |row| {
        Ok(Log { pages: pages(row.get(1)?), moved: pages(row.get(2)?) })
    })?)
}

/// Opens a reading connection to the file at `path`.
pub(in crate::store) fn reader(path: &Path) -> Result<Connection, StoreError> {
    // The flag is not read-only, because a reader of a file in WAL mode may have to create the shared index.
    // `query_only` keeps the connection from writing.
    let connection = explained(path, || connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    connection.pragma_update(None, "query_only", true)?;
    // Sync moves the log into the file on such a connection.
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    Ok(connection)
}

/// Opens a connection with the settings that all connections share. It waits at most 5 s for a lock of SQLite.
pub(in crate::store) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(statements::CAPACITY);
    // Without this, SQLite compiles a cached statement again whenever a bound value changes that a partial index
    // depends on.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    functions::register(&connection)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Keeps SQLite from moving the log into the file when this connection is closed.
pub(in crate::store) fn leave_log(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// Creates a file at `path` with the newest schema and without a log: all that is committed is in this one file.
pub(in crate::store) fn fresh(path: &Path) -> Result<Connection, StoreError> {
    explained(path, || {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        bring_up_to_date(&mut connection)?;
        Ok(connection)
    })
}

/// Closes a connection. With `checkpoint`, the last connection of a file moves the log into the file, which may take
/// long. Suspending has no time for that, so it closes without. The log is then moved when the file is opened again.
pub(in crate::store) fn close(connection: Connection, checkpoint: bool) {
    let kept = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !checkpoint);
    if let Err((_, error)) = connection.close() {
        tracing::warn!(code = ?error.sqlite_error_code(), ?kept, "a connection did not close");
    }
}

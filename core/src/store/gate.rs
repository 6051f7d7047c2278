//! The one writer, and who may have it next; the readers; and how both are stopped.
//!
//! SQLite has one writer at a time. A user's tap must not wait behind a page of a first sync, so there is one writing
//! connection and a gate in front of it: whoever writes for the user goes before whoever writes for sync, which keeps its
//! transactions short (at most 200 rows) and comes back for the next.
//!
//! Stopping takes every connection away: who waits, or comes now, gets the reason at once; who is at work ends first. A
//! connection that met a panic is not handed to anybody else: the next one to come opens its own.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::{StoreError, open};

/// For whom a write is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// The user waits for it; it is durable when the call returns.
    User,
    /// Sync; what is lost with the power is read again from the desk.
    Sync,
}

/// The gate.
pub(super) struct Gate {
    state: Mutex<State>,
    freed: Condvar,
    /// Where a connection that was lost is opened again.
    path: PathBuf,
}

struct State {
    place: Place,
    users_waiting: usize,
    /// Why nobody may enter.
    stopped: Option<StoreError>,
}

enum Place {
    Free(Connection),
    Taken,
    /// Nobody has it, and it is to be opened by whoever comes next.
    Gone,
}

impl Gate {
    pub(super) fn new(connection: Connection, path: PathBuf) -> Self {
        let state = State { place: Place::Free(connection), users_waiting: 0, stopped: None };
        Self { state: Mutex::new(state), freed: Condvar::new(), path }
    }

    /// Waits for the writing connection. A user waits for the running transaction at most.
    pub(super) fn enter(&self, writer: Writer) -> Result<Writing<'_>, StoreError> {
        let mut state = self.lock();
        state.users_waiting += usize::from(writer == Writer::User);
        let place = loop {
            if let Some(reason) = &state.stopped {
                let reason = reason.clone();
                state.users_waiting -= usize::from(writer == Writer::User);
                return Err(reason);
            }
            let turn = writer == Writer::User || state.users_waiting == 0;
            match std::mem::replace(&mut state.place, Place::Taken) {
                place @ (Place::Free(_) | Place::Gone) if turn => break place,
                place => state.place = place,
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        state.users_waiting -= usize::from(writer == Writer::User);
        drop(state);
        let mut writing = Writing { gate: self, connection: None };
        writing.connection = Some(match place {
            Place::Free(connection) => connection,
            Place::Taken | Place::Gone => open::writer(&self.path)?,
        });
        Ok(writing)
    }

    /// Lets nobody in any more, and takes the connection away when the running transaction has ended.
    pub(super) fn stop(&self, reason: StoreError) {
        let mut state = self.lock();
        let checkpoint = reason == StoreError::Closed;
        state.stopped = Some(reason);
        self.freed.notify_all();
        while matches!(state.place, Place::Taken) {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let place = std::mem::replace(&mut state.place, Place::Gone);
        drop(state);
        if let Place::Free(connection) = place {
            close(connection, checkpoint);
        }
    }

    /// Like [`stop`](Self::stop), unless somebody is at work: then nothing happens, and the answer is false.
    pub(super) fn stop_if_idle(&self, reason: StoreError) -> bool {
        let idle = {
            let mut state = self.lock();
            let idle = !matches!(state.place, Place::Taken);
            if idle {
                state.stopped = Some(reason.clone());
            }
            idle
        };
        if idle {
            self.stop(reason);
        }
        idle
    }

    /// Lets everybody in again.
    pub(super) fn start(&self, connection: Option<Connection>) {
        let mut state = self.lock();
        state.place = connection.map_or(Place::Gone, Place::Free);
        state.stopped = None;
        self.freed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writing connection, for as long as this lives.
pub(super) struct Writing<'a> {
    gate: &'a Gate,
    connection: Option<Connection>,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take().filter(|_| !std::thread::panicking());
        self.gate.lock().place = connection.map_or(Place::Gone, Place::Free);
        self.gate.freed.notify_all();
    }
}

impl Writing<'_> {
    pub(super) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Closed)
    }
}

/// Reading connections. A reader takes one out for one call and never stays in a transaction across calls.
pub(super) struct Readers {
    state: Mutex<Reads>,
    returned: Condvar,
}

struct Reads {
    idle: Vec<Connection>,
    /// How many are at work.
    out: usize,
    stopped: Option<StoreError>,
}

impl Readers {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(Reads { idle: Vec::new(), out: 0, stopped: None }), returned: Condvar::new() }
    }

    /// An idle connection, or a new one from `open`.
    pub(super) fn take(
        &self,
        open: impl FnOnce() -> Result<Connection, StoreError>,
    ) -> Result<Reading<'_>, StoreError> {
        let idle = {
            let mut state = self.lock();
            if let Some(reason) = &state.stopped {
                return Err(reason.clone());
            }
            state.out += 1;
            state.idle.pop()
        };
        let mut reading = Reading { readers: self, connection: None };
        reading.connection = Some(idle.map_or_else(open, Ok)?);
        Ok(reading)
    }

    /// Lets nobody in any more, and closes every connection when the running reads have ended.
    pub(super) fn stop(&self, reason: StoreError) {
        let mut state = self.lock();
        let checkpoint = reason == StoreError::Closed;
        state.stopped = Some(reason);
        while state.out > 0 {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        for connection in idle {
            close(connection, checkpoint);
        }
    }

    /// Like [`stop`](Self::stop), unless somebody is at work: then nothing happens, and the answer is false.
    pub(super) fn stop_if_idle(&self, reason: StoreError) -> bool {
        let idle = {
            let mut state = self.lock();
            if state.out == 0 {
                state.stopped = Some(reason.clone());
            }
            state.out == 0
        };
        if idle {
            self.stop(reason);
        }
        idle
    }

    /// Lets everybody in again.
    pub(super) fn start(&self) {
        self.lock().stopped = None;
    }

    fn lock(&self) -> MutexGuard<'_, Reads> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reading connection, for as long as this lives.
pub(super) struct Reading<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Reading<'_> {
    pub(super) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Closed)
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take().filter(|_| !std::thread::panicking());
        let mut state = self.readers.lock();
        state.out -= 1;
        state.idle.extend(connection);
        self.readers.returned.notify_all();
    }
}

/// Closes a connection. The last one of a file moves the log into it, which may take long: whoever suspends has no time
/// for that, and the next one to open the file does it.
fn close(connection: Connection, checkpoint: bool) {
    let kept = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !checkpoint);
    if let Err((_, error)) = connection.close() {
        tracing::warn!(code = ?error.sqlite_error_code(), ?kept, "a connection did not close");
    }
}

//! The writer lock: one writing connection, given to writes for the user before writes for sync.
//!
//! # The story
//!
//! SQLite allows one writer at a time, and a user's tap must not wait behind a page of the first sync. So the store has
//! one writing connection, and every write takes this lock to get it. A write for the user goes before all waiting
//! writes for sync. Sync ends its transaction as soon as a user waits, and takes the lock again for the next one. So a user
//! waits for one row of the running transaction and its commit, and for other writes of the user
//! ([`room`](crate::store::room)).
//!
//! The connection is in one of three states:
//!
//! * **free**: open and not in use. The next writer takes it.
//! * **taken**: a [`WriteGuard`] holds it. Dropping the guard makes it free again and wakes every waiting thread. If
//!   the thread is panicking, the guard closes the connection instead, which rolls its transaction back.
//! * **closed**: there is no open connection, because of a panic, an opening that failed, or a stop. The next writer
//!   opens a new one.
//!
//! In addition, the lock can be **stopped** with a reason: suspended, closed, or corrupt. Waiting and new writes then
//! fail at once with that reason. A running write ends first; then the connection is closed. [`WriterLock::start`] ends
//! the stop. Stopping because the store is closed also moves the log into the file; after any other stop that happens
//! when the file is opened again.
//!
//! Every method can be called from any thread. A thread that holds a guard must not call `enter` or `stop`: it would
//! wait for itself.
//!
//! # What a crash leaves behind
//!
//! The lock exists in memory only. When the file is opened again, SQLite ignores the unfinished transaction of a killed
//! process.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::connection::{self, close};
use crate::store::StoreError;
use crate::store::room::decide::{Log, Room, Upkeep};

/// For whom a write is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Priority {
    /// For the user, who waits for it. It is durable when the call returns.
    User,
    /// For sync. What a power cut takes from it is read again from the server.
    Sync,
}

/// The lock, with the connection that it gives out.
pub(in crate::store) struct WriterLock {
    state: Mutex<State>,
    /// Signalled when the state has changed: the connection was given back, or the lock was stopped or started.
    changed: Condvar,
    /// The path of the file, for opening the connection again.
    path: PathBuf,
}

struct State {
    slot: Slot,
    users_waiting: usize,
    room: Room,
    /// Why writing is stopped.
    stopped: Option<StoreError>,
}

enum Slot {
    Free(Connection),
    Taken,
    Closed,
}

impl WriterLock {
    pub(in crate::store) fn new(connection: Connection, path: PathBuf) -> Self {
        let state = State { slot: Slot::Free(connection), users_waiting: 0, room: Room::default(), stopped: None };
        Self { state: Mutex::new(state), changed: Condvar::new(), path }
    }

    /// Waits for the writing connection. Fails at once with the reason if writing is stopped, or if it is stopped
    /// meanwhile; fails also if the connection has to be opened and cannot be.
    pub(in crate::store) fn enter(&self, writer: Priority) -> Result<WriteGuard<'_>, StoreError> {
        let mut state = self.lock();
        state.users_waiting += usize::from(writer == Priority::User);
        let slot = loop {
            if let Some(reason) = &state.stopped {
                let reason = reason.clone();
                state.users_waiting -= usize::from(writer == Priority::User);
                return Err(reason);
            }
            let may_enter = writer == Priority::User || state.users_waiting == 0;
            match std::mem::replace(&mut state.slot, Slot::Taken) {
                slot @ (Slot::Free(_) | Slot::Closed) if may_enter => break slot,
                slot => state.slot = slot,
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        if writer == Priority::User {
            state.users_waiting -= 1;
            state.room.user_writes();
        }
        drop(state);
        let mut guard = WriteGuard { writer_lock: self, connection: None };
        guard.connection = Some(match slot {
            Slot::Free(connection) => connection,
            Slot::Taken | Slot::Closed => connection::writer(&self.path)?,
        });
        Ok(guard)
    }

    /// How many rows a transaction of sync that begins now may handle.
    pub(in crate::store) fn slice(&self) -> usize {
        self.lock().room.slice()
    }

    /// Whether a user waits for the connection.
    pub(in crate::store) fn is_user_waiting(&self) -> bool {
        self.lock().users_waiting > 0
    }

    /// A transaction of sync has handled so many rows, and its commit has left the log like this. Returns what to do about
    /// the log once the connection was given back.
    pub(in crate::store) fn sync_wrote(&self, rows: usize, log: Log) -> Upkeep {
        let mut state = self.lock();
        state.room.sync_wrote(rows);
        state.room.upkeep(log)
    }

    /// Refuses writes with `reason`, waits for the running transaction, and closes the connection. If the reason is
    /// [`StoreError::Closed`], closing the last connection also moves the log into the file.
    pub(in crate::store) fn stop(&self, reason: StoreError) {
        let mut state = self.lock();
        let checkpoint = reason == StoreError::Closed;
        state.stopped = Some(reason);
        self.changed.notify_all();
        while matches!(state.slot, Slot::Taken) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let slot = std::mem::replace(&mut state.slot, Slot::Closed);
        drop(state);
        if let Slot::Free(connection) = slot {
            close(connection, checkpoint);
        }
    }

    /// Stops like [`stop`](Self::stop) if no write is running. Otherwise changes nothing and returns false.
    pub(in crate::store) fn stop_if_idle(&self, reason: StoreError) -> bool {
        let idle = {
            let mut state = self.lock();
            let idle = !matches!(state.slot, Slot::Taken);
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

    /// Allows writing again, with `connection` if there is one. Otherwise the next writer opens one.
    pub(in crate::store) fn start(&self, connection: Option<Connection>) {
        let mut state = self.lock();
        state.slot = connection.map_or(Slot::Closed, Slot::Free);
        state.stopped = None;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writing connection. Dropping the guard gives it back.
pub(in crate::store) struct WriteGuard<'a> {
    writer_lock: &'a WriterLock,
    connection: Option<Connection>,
}

impl Drop for WriteGuard<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take().filter(|_| !std::thread::panicking());
        self.writer_lock.lock().slot = connection.map_or(Slot::Closed, Slot::Free);
        self.writer_lock.changed.notify_all();
    }
}

impl WriteGuard<'_> {
    pub(in crate::store) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Closed)
    }
}

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

use super::connection::{self, close};
use crate::store::StoreError;

/// For whom a write is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Priority {
    /// The user waits for it; it is durable when the call returns.
    User,
    /// Sync; what is lost with the power is read again from the server.
    Sync,
}

/// The gate.
pub(in crate::store) struct WriterLock {
    state: Mutex<State>,
    freed: Condvar,
    /// Where a connection that was lost is opened again.
    path: PathBuf,
}

struct State {
    slot: Slot,
    users_waiting: usize,
    /// Why nobody may enter.
    stopped: Option<StoreError>,
}

enum Slot {
    Free(Connection),
    Taken,
    /// Nobody has it, and it is to be opened by whoever comes next.
    Gone,
}

impl WriterLock {
    pub(in crate::store) fn new(connection: Connection, path: PathBuf) -> Self {
        let state = State { slot: Slot::Free(connection), users_waiting: 0, stopped: None };
        Self { state: Mutex::new(state), freed: Condvar::new(), path }
    }

    /// Waits for the writing connection. A user waits for the running transaction at most.
    pub(in crate::store) fn enter(&self, writer: Priority) -> Result<WriteGuard<'_>, StoreError> {
        let mut state = self.lock();
        state.users_waiting += usize::from(writer == Priority::User);
        let slot = loop {
            if let Some(reason) = &state.stopped {
                let reason = reason.clone();
                state.users_waiting -= usize::from(writer == Priority::User);
                return Err(reason);
            }
            let turn = writer == Priority::User || state.users_waiting == 0;
            match std::mem::replace(&mut state.slot, Slot::Taken) {
                slot @ (Slot::Free(_) | Slot::Gone) if turn => break slot,
                slot => state.slot = slot,
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        state.users_waiting -= usize::from(writer == Priority::User);
        drop(state);
        let mut guard = WriteGuard { writer_lock: self, connection: None };
        guard.connection = Some(match slot {
            Slot::Free(connection) => connection,
            Slot::Taken | Slot::Gone => connection::writer(&self.path)?,
        });
        Ok(guard)
    }

    /// Lets nobody in any more, and takes the connection away when the running transaction has ended.
    pub(in crate::store) fn stop(&self, reason: StoreError) {
        let mut state = self.lock();
        let checkpoint = reason == StoreError::Closed;
        state.stopped = Some(reason);
        self.freed.notify_all();
        while matches!(state.slot, Slot::Taken) {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let slot = std::mem::replace(&mut state.slot, Slot::Gone);
        drop(state);
        if let Slot::Free(connection) = slot {
            close(connection, checkpoint);
        }
    }

    /// Like [`stop`](Self::stop), unless somebody is at work: then nothing happens, and the answer is false.
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

    /// Lets everybody in again.
    pub(in crate::store) fn start(&self, connection: Option<Connection>) {
        let mut state = self.lock();
        state.slot = connection.map_or(Slot::Gone, Slot::Free);
        state.stopped = None;
        self.freed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writing connection, for as long as this lives.
pub(in crate::store) struct WriteGuard<'a> {
    writer_lock: &'a WriterLock,
    connection: Option<Connection>,
}

impl Drop for WriteGuard<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take().filter(|_| !std::thread::panicking());
        self.writer_lock.lock().slot = connection.map_or(Slot::Gone, Slot::Free);
        self.writer_lock.freed.notify_all();
    }
}

impl WriteGuard<'_> {
    pub(in crate::store) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Closed)
    }
}

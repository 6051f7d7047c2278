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
pub(in crate::store) enum Writer {
    /// The user waits for it; it is durable when the call returns.
    User,
    /// Sync; what is lost with the power is read again from the desk.
    Sync,
}

/// The gate.
pub(in crate::store) struct Gate {
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
    pub(in crate::store) fn new(connection: Connection, path: PathBuf) -> Self {
        let state = State { place: Place::Free(connection), users_waiting: 0, stopped: None };
        Self { state: Mutex::new(state), freed: Condvar::new(), path }
    }

    /// Waits for the writing connection. A user waits for the running transaction at most.
    pub(in crate::store) fn enter(&self, writer: Writer) -> Result<Writing<'_>, StoreError> {
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
            Place::Taken | Place::Gone => connection::writer(&self.path)?,
        });
        Ok(writing)
    }

    /// Lets nobody in any more, and takes the connection away when the running transaction has ended.
    pub(in crate::store) fn stop(&self, reason: StoreError) {
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
    pub(in crate::store) fn stop_if_idle(&self, reason: StoreError) -> bool {
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
    pub(in crate::store) fn start(&self, connection: Option<Connection>) {
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
pub(in crate::store) struct Writing<'a> {
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
    pub(in crate::store) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Closed)
    }
}

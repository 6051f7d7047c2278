//! The one writer, and who may have it next.
//!
//! SQLite has one writer at a time. A user's tap must not wait behind a page of a first sync, so there is one writing
//! connection and a gate in front of it: whoever writes for the user goes before whoever writes for sync, which keeps its
//! transactions short (at most 200 rows) and comes back for the next.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::StoreError;

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
}

struct State {
    place: Place,
    users_waiting: usize,
}

enum Place {
    Free(Connection),
    Taken,
    Closed,
}

impl Gate {
    pub(super) fn new(connection: Connection) -> Self {
        Self { state: Mutex::new(State { place: Place::Free(connection), users_waiting: 0 }), freed: Condvar::new() }
    }

    /// Waits for the writing connection. A user waits for the running transaction at most.
    pub(super) fn enter(&self, writer: Writer) -> Result<Writing<'_>, StoreError> {
        let mut state = self.lock();
        if writer == Writer::User {
            state.users_waiting += 1;
        }
        loop {
            let turn = writer == Writer::User || state.users_waiting == 0;
            match std::mem::replace(&mut state.place, Place::Taken) {
                Place::Free(connection) if turn => {
                    if writer == Writer::User {
                        state.users_waiting -= 1;
                    }
                    return Ok(Writing { gate: self, connection: Some(connection) });
                }
                Place::Closed => {
                    state.place = Place::Closed;
                    if writer == Writer::User {
                        state.users_waiting -= 1;
                    }
                    return Err(StoreError::Closed);
                }
                place => state.place = place,
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes the connection away for good. Whoever waits gets [`StoreError::Closed`].
    pub(super) fn close(&self) {
        if let Ok(mut writing) = self.enter(Writer::User) {
            writing.connection = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writing connection, for as long as this lives. A panic inside hands it back, too.
pub(super) struct Writing<'a> {
    gate: &'a Gate,
    connection: Option<Connection>,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let place = self.connection.take().map_or(Place::Closed, Place::Free);
        self.gate.lock().place = place;
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
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new() -> Self {
        Self { idle: Mutex::new(Some(Vec::new())) }
    }

    /// An idle connection, or a new one from `open`.
    pub(super) fn take(
        &self,
        open: impl FnOnce() -> Result<Connection, StoreError>,
    ) -> Result<Reading<'_>, StoreError> {
        let idle = match self.lock().as_mut() {
            None => return Err(StoreError::Closed),
            Some(idle) => idle.pop(),
        };
        let connection = idle.map_or_else(open, Ok)?;
        Ok(Reading { readers: self, connection: Some(connection) })
    }

    pub(super) fn close(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
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
        if let (Some(idle), Some(connection)) = (self.readers.lock().as_mut(), self.connection.take()) {
            idle.push(connection);
        }
    }
}

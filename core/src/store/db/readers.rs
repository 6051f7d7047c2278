//! The reading connections.
//!
//! Any number of threads read at the same time. Each takes one connection for one call, and sees the last commit. A
//! reader never keeps a transaction open between two calls, so the log can always be emptied soon.
//!
//! Like the writer lock, the readers can be stopped with a reason. New reads then fail with that reason, running reads
//! end first, and every connection is closed. A connection whose thread panicked is closed and not used again. Nothing
//! of this is on disk, so a crash leaves nothing behind.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::connection::close;
use crate::store::StoreError;

/// The reading connections.
pub(in crate::store) struct Readers {
    state: Mutex<ReaderState>,
    returned: Condvar,
}

struct ReaderState {
    idle: Vec<Connection>,
    /// How many connections are in use.
    in_use: usize,
    /// Why reading is stopped.
    stopped: Option<StoreError>,
}

impl Readers {
    pub(in crate::store) fn new() -> Self {
        Self { state: Mutex::new(ReaderState { idle: Vec::new(), in_use: 0, stopped: None }), returned: Condvar::new() }
    }

    /// Takes an idle connection, or a new one from `open`. Fails at once with the reason if reading is stopped.
    pub(in crate::store) fn take(
        &self,
        open: impl FnOnce() -> Result<Connection, StoreError>,
    ) -> Result<ReadGuard<'_>, StoreError> {
        let idle = {
            let mut state = self.lock();
            if let Some(reason) = &state.stopped {
                return Err(reason.clone());
            }
            state.in_use += 1;
            state.idle.pop()
        };
        let mut guard = ReadGuard { readers: self, connection: None };
        guard.connection = Some(idle.map_or_else(open, Ok)?);
        Ok(guard)
    }

    /// Refuses new reads with `reason`, waits for the running ones, and closes every connection. If the reason is
    /// [`StoreError::Closed`], closing the last connection also moves the log into the file.
    pub(in crate::store) fn stop(&self, reason: StoreError) {
        let mut state = self.lock();
        let checkpoint = reason == StoreError::Closed;
        state.stopped = Some(reason);
        while state.in_use > 0 {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        for connection in idle {
            close(connection, checkpoint);
        }
    }

    /// Stops like [`stop`](Self::stop) if no read is running. Otherwise changes nothing and returns false.
    pub(in crate::store) fn stop_if_idle(&self, reason: StoreError) -> bool {
        let idle = {
            let mut state = self.lock();
            if state.in_use == 0 {
                state.stopped = Some(reason.clone());
            }
            state.in_use == 0
        };
        if idle {
            self.stop(reason);
        }
        idle
    }

    /// Allows reading again.
    pub(in crate::store) fn start(&self) {
        self.lock().stopped = None;
    }

    fn lock(&self) -> MutexGuard<'_, ReaderState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reading connection. Dropping the guard gives it back.
pub(in crate::store) struct ReadGuard<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl ReadGuard<'_> {
    pub(in crate::store) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Closed)
    }
}

impl Drop for ReadGuard<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take().filter(|_| !std::thread::panicking());
        let mut state = self.readers.lock();
        state.in_use -= 1;
        state.idle.extend(connection);
        self.readers.returned.notify_all();
    }
}

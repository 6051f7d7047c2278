//! Reading connections.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::connection::close;
use crate::store::StoreError;

/// Reading connections. A reader takes one out for one call and never stays in a transaction across calls.
pub(in crate::store) struct Readers {
    state: Mutex<ReaderState>,
    returned: Condvar,
}

struct ReaderState {
    idle: Vec<Connection>,
    /// How many are at work.
    out: usize,
    stopped: Option<StoreError>,
}

impl Readers {
    pub(in crate::store) fn new() -> Self {
        Self { state: Mutex::new(ReaderState { idle: Vec::new(), out: 0, stopped: None }), returned: Condvar::new() }
    }

    /// An idle connection, or a new one from `open`.
    pub(in crate::store) fn take(
        &self,
        open: impl FnOnce() -> Result<Connection, StoreError>,
    ) -> Result<ReadGuard<'_>, StoreError> {
        let idle = {
            let mut state = self.lock();
            if let Some(reason) = &state.stopped {
                return Err(reason.clone());
            }
            state.out += 1;
            state.idle.pop()
        };
        let mut guard = ReadGuard { readers: self, connection: None };
        guard.connection = Some(idle.map_or_else(open, Ok)?);
        Ok(guard)
    }

    /// Lets nobody in any more, and closes every connection when the running reads have ended.
    pub(in crate::store) fn stop(&self, reason: StoreError) {
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
    pub(in crate::store) fn stop_if_idle(&self, reason: StoreError) -> bool {
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
    pub(in crate::store) fn start(&self) {
        self.lock().stopped = None;
    }

    fn lock(&self) -> MutexGuard<'_, ReaderState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reading connection, for as long as this lives.
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
        state.out -= 1;
        state.idle.extend(connection);
        self.readers.returned.notify_all();
    }
}

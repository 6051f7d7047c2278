//! What all requests share: the store, the clock, the switchboard and the log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction};

use crate::clock::Clock;
use crate::faults::Switchboard;
use crate::log::Log;
use crate::store::{self, Store, tickets};
use crate::{Options, StartError, seed};

/// The server behind the server.
#[derive(Debug)]
pub struct Server {
    /// How it was started.
    pub options: Options,
    /// The server's own time.
    pub clock: Clock,
    store: Mutex<Store>,
    faults: Mutex<Switchboard>,
    log: Mutex<Log>,
    /// Counts resets and stops: what was planned before one must not happen after it.
    era: AtomicU64,
}

impl Server {
    /// Opens the data and writes the seed if there is none yet.
    pub fn open(options: Options) -> Result<Self, StartError> {
        let mut store = Store::open(options.data.as_deref())?;
        let clock = Clock::default();
        if store.is_empty()? {
            seed::sow(&mut store, &options, clock.seconds())?;
        }
        Ok(Self {
            options,
            clock,
            store: Mutex::new(store),
            faults: Mutex::default(),
            log: Mutex::default(),
            era: AtomicU64::new(0),
        })
    }

    /// Back to the first day: seed, clock, faults and log.
    pub fn reset(&self) -> Result<(), StartError> {
        self.end_era();
        *self.faults() = Switchboard::default();
        *self.log() = Log::default();
        self.clock.reset();
        let mut store = lock(&self.store);
        store.clear()?;
        seed::sow(&mut store, &self.options, self.clock.seconds())
    }

    /// From now on nothing happens that was planned before: late writes and the agent's own answers.
    pub fn end_era(&self) {
        self.era.fetch_add(1, Ordering::Relaxed);
    }

    /// The era that runs now; see [`Server::end_era`].
    pub fn era(&self) -> u64 {
        self.era.load(Ordering::Relaxed)
    }

    /// The switchboard.
    pub fn faults(&self) -> MutexGuard<'_, Switchboard> {
        lock(&self.faults)
    }

    /// Changes the switchboard, and the order of cursor pages if that changed with it.
    pub fn change_faults(&self, change: impl FnOnce(&mut Switchboard)) -> store::Result<()> {
        let (before, after) = {
            let mut faults = self.faults();
            let before = faults.cursor_shuffle;
            change(&mut faults);
            (before, faults.cursor_shuffle)
        };
        if before == after { Ok(()) } else { self.write(|db, _| tickets::reshuffle(db, after)) }
    }

    /// What was asked of this server.
    pub fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    /// Reads the state as it was `stale` ago.
    pub fn read<T>(&self, stale: Duration, read: impl FnOnce(&Connection) -> store::Result<T>) -> store::Result<T> {
        let store = lock(&self.store);
        if stale.is_zero() {
            return read(store.now());
        }
        let moment = self.clock.millis() - i64::try_from(stale.as_millis()).unwrap_or(i64::MAX);
        read(store.at(moment))
    }

    /// Changes the state in one transaction. `change` is given the moment, in seconds since 1970.
    pub fn write<T, E: From<rusqlite::Error>>(
        &self,
        change: impl FnOnce(&Transaction<'_>, i64) -> Result<T, E>,
    ) -> Result<T, E> {
        let keep = self.faults().longest_stale_read();
        let mut store = lock(&self.store);
        let now = self.clock.millis();
        store.change(now, keep, |transaction| change(transaction, now.div_euclid(1000)))
    }
}

/// A poisoned lock is one whose holder panicked; the data behind ours stays whole, because `SQLite` rolls back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

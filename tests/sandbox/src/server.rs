//! The state that all requests share: the store, the clock, the faults and the log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::faults::Switchboard;
use crate::hosted::Hosted;
use crate::log::Log;
use crate::store::{self, Store, tickets};
use crate::webhook::Webhooks;
use crate::{Options, StartError, seed};

/// The server's state.
#[derive(Debug)]
pub struct Server {
    /// The options it was started with.
    pub options: Options,
    /// The server's clock.
    pub clock: Clock,
    store: Mutex<Store>,
    faults: Mutex<Switchboard>,
    /// Wakes the requests that [`Switchboard::latency_ms`] delays, when it is turned off.
    pub released: Notify,
    log: Mutex<Log>,
    hosted: Mutex<Hosted>,
    /// The company's webhook.
    pub webhooks: Webhooks,
    /// Counts resets and stops. Work that was planned in an earlier generation must not run in a later one.
    generation: AtomicU64,
}

impl Server {
    /// Opens the database and writes the seed if it is empty.
    pub fn open(options: Options) -> Result<Self, StartError> {
        let mut store = Store::open(options.data.as_deref())?;
        let clock = Clock::default();
        if store.is_empty()? {
            seed::write(&mut store, &options, clock.seconds())?;
        }
        Ok(Self {
            options,
            clock,
            store: Mutex::new(store),
            faults: Mutex::default(),
            released: Notify::new(),
            log: Mutex::default(),
            hosted: Mutex::default(),
            webhooks: Webhooks::default(),
            generation: AtomicU64::new(0),
        })
    }

    /// Goes back to the initial state: seed, clock, faults, log, hosted documents, and no webhook.
    pub fn reset(&self) -> Result<(), StartError> {
        self.cancel_planned();
        *self.faults() = Switchboard::default();
        self.released.notify_waiters();
        *self.log() = Log::default();
        *self.hosted() = Hosted::default();
        self.webhooks.disconnect();
        self.clock.reset();
        let mut store = lock(&self.store);
        store.clear()?;
        seed::write(&mut store, &self.options, self.clock.seconds())
    }

    /// Cancels all planned work: late writes and the agent's automatic answers.
    pub fn cancel_planned(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }

    /// The current generation; see [`Server::cancel_planned`].
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    /// The faults that are on.
    pub fn faults(&self) -> MutexGuard<'_, Switchboard> {
        lock(&self.faults)
    }

    /// Changes the faults, and the order of cursor pages if that changed with them.
    pub fn change_faults(&self, change: impl FnOnce(&mut Switchboard)) -> store::Result<()> {
        let (before, after) = {
            let mut faults = self.faults();
            let before = faults.cursor_shuffle;
            change(&mut faults);
            if faults.latency_ms.is_none() {
                self.released.notify_waiters();
            }
            (before, faults.cursor_shuffle)
        };
        if before == after { Ok(()) } else { self.write(|db, _| tickets::reshuffle(db, after)) }
    }

    /// The log of API requests.
    pub fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    /// The documents that are no part of the service.
    pub fn hosted(&self) -> MutexGuard<'_, Hosted> {
        lock(&self.hosted)
    }

    /// Reads the state of `stale` ago; of now if `stale` is zero.
    pub fn read<T>(&self, stale: Duration, read: impl FnOnce(&Connection) -> store::Result<T>) -> store::Result<T> {
        let store = lock(&self.store);
        if stale.is_zero() {
            return read(store.now());
        }
        let moment = self.clock.millis() - i64::try_from(stale.as_millis()).unwrap_or(i64::MAX);
        read(store.at(moment))
    }

    /// Changes the state in one transaction. `change` receives the current time in seconds since 1970.
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

/// Locks `mutex` even if a holder panicked: `SQLite` rolls back, so the data stays consistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Suspending, resuming and closing a store.
//!
//! # The story
//!
//! ```text
//!             close, sign out
//!      open ───────────────────► closed
//!      │  ▲                        ▲
//!      │  │ resume                 │
//!      ▼  │            close       │
//!    suspended ────────────────────┘
//! ```
//!
//! * **open**: the folder is locked (`folder_lock.rs`), one connection writes, and any number of connections read.
//!   SQLite writes each commit into a *log* beside the file (WAL mode), and moves the commits into the file later.
//! * **suspended**: there is no connection, no lock and no open file. A phone may now freeze the process and sleep for
//!   days. iOS kills a frozen process that holds a lock on a file (`0xdead10cc`), and even an idle connection to a file
//!   in WAL mode holds two locks. Every read and write fails with [`StoreError::Suspended`] at once.
//! * **closed**: nothing is held either, for good. Every read and write fails with [`StoreError::Closed`].
//!
//! The app causes every change of stage, from any thread. One change ends before the next begins.
//!
//! Suspending waits only for the transactions that are running. Unlike closing, it does not move the log into the file,
//! because that may take long. The client drops the sync run that is under way, and whatever this run has committed
//! stays. If the request of an operation was on its way, the operation stays *sending*. The next run queues it again if
//! it is repeatable (an upload, CC addresses, a read mark). For any other operation it looks for the result on the
//! server.
//!
//! Resuming does the same as opening. It takes the lock, and checks schema and owner again, because another process may
//! have changed the file meanwhile. Every connection is new, so nothing that an old one had cached survives. If
//! resuming fails, the store stays suspended and can be resumed later.
//!
//! Signing out also ends in *closed* (`sign_out.rs`). A damaged file is replaced while the store stays open
//! (`renew.rs`).
//!
//! # What a crash leaves behind
//!
//! A process that dies in any stage leaves a file that can be opened. SQLite uses every complete commit in the log and
//! ignores the rest, and the operating system releases the lock.

use std::sync::atomic::Ordering;

use crate::store::lifecycle::state::Stage;
use crate::store::{Store, StoreError};

impl Store {
    /// Closes every connection and unlocks the folder, for good. Running calls end first; later calls fail with
    /// [`StoreError::Closed`]. Closing twice is no error.
    pub fn close(&self) {
        let mut stage = self.life.stage();
        self.stop(&StoreError::Closed);
        *stage = Stage::Closed;
    }

    /// Closes every connection and unlocks the folder until [`resume`](Self::resume): after this the process holds no
    /// lock and no open file of the account. Until then calls fail with [`StoreError::Suspended`]. Waits for the
    /// transactions that are running, and for nothing else. Can be called from any thread. Suspending twice is no
    /// error.
    pub fn suspend(&self) {
        let mut stage = self.life.stage();
        if matches!(*stage, Stage::Open(_)) {
            self.stop(&StoreError::Suspended);
            *stage = Stage::Suspended;
        }
    }

    /// Opens the file again after [`suspend`](Self::suspend). Fails with the errors of [`Store::open`]; the store then
    /// stays suspended and can be resumed later. Resuming an open store is no error. A closed one stays closed, and
    /// this fails with [`StoreError::Closed`].
    pub fn resume(&self) -> Result<(), StoreError> {
        let mut stage = self.life.stage();
        match *stage {
            Stage::Open(_) => return Ok(()),
            Stage::Closed => return Err(StoreError::Closed),
            Stage::Suspended => {}
        }
        let (lock, connection) = self.home.enter()?;
        *stage = Stage::Open(lock);
        // What was known about the file that was suspended need not hold for the file that was opened.
        self.life.corrupt.store(false, Ordering::Release);
        self.life.suspected.store(false, Ordering::Release);
        self.readers.start();
        self.writer_lock.start(Some(connection));
        drop(stage);
        self.announce_everything();
        Ok(())
    }

    /// Stops the readers and the writer, and waits for running calls.
    pub(in crate::store) fn stop(&self, reason: &StoreError) {
        self.readers.stop(reason.clone());
        self.writer_lock.stop(reason.clone());
    }
}

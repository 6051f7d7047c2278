//! The life of an open file: suspended, resumed, closed, made anew.
//!
//! # The story
//!
//! ```text
//!          open ──────────────► closed ◄──────────┐
//!          │  ▲                   ▲               │
//!  suspend │  │ resume            │ sign-out      │
//!          ▼  │                   │               │
//!        suspended ───────────────┴───────────────┘
//! ```
//!
//! * **open**: the folder is locked ([`lock`](crate::store::lifecycle::folder_lock)), one connection writes, any number read.
//! * **suspended**: no connection, no lock, no open file. A phone may freeze the process now and let it sleep for days:
//!   iOS kills whoever is frozen with a locked file (`0xdead10cc`), and an idle connection of a WAL file holds two locks.
//!   Suspending waits for the transactions that are running and for nothing else: the log stays as it is. A call answers
//!   [`StoreError::Suspended`] at once; a sync run is dropped where it stands, and what it had written down stays. A
//!   request that was on its way is found as *sending* by the next run, which looks whether it arrived.
//! * **resumed**: as if opened again. The lock, the schema and the owner are looked at anew, because another process may
//!   have been here; every connection is a new one, so nothing of what it had cached survives.
//! * **made anew**: where SQLite finds the file corrupt, or a row does not read as the schema says, whoever leaves last rescues it ([`salvage_damaged`](crate::store::lifecycle::damage)).
//!
//! A process that dies in any state leaves a file that opens: SQLite's log is complete or ignored, and the lock is gone.

use crate::store::lifecycle::state::Stage;
use crate::store::{Store, StoreError};

impl Store {
    /// Closes every connection and unlocks the folder, for good. Calls from now on answer [`StoreError::Closed`]; a
    /// running one ends first. Closing twice is no error.
    pub fn close(&self) {
        let mut stage = self.life.stage();
        self.stop(&StoreError::Closed);
        *stage = Stage::Closed;
    }

    /// Closes every connection and unlocks the folder until [`resume`](Self::resume): after this the process holds no
    /// lock and no open file of the account. Calls meanwhile answer [`StoreError::Suspended`]. Waits for the transactions
    /// that are running, and nothing else. From any thread; suspending twice is no error.
    pub fn suspend(&self) {
        let mut stage = self.life.stage();
        if matches!(*stage, Stage::Open(_)) {
            self.stop(&StoreError::Suspended);
            *stage = Stage::Suspended;
        }
    }

    /// Opens the file again after [`suspend`](Self::suspend), with all that [`Store::open`] may answer; then it stays
    /// suspended, and can be resumed later. Resuming what is open is no error.
    pub fn resume(&self) -> Result<(), StoreError> {
        let mut stage = self.life.stage();
        match *stage {
            Stage::Open(_) => return Ok(()),
            Stage::Closed => return Err(StoreError::Closed),
            Stage::Suspended => {}
        }
        let (lock, connection) = self.home.enter()?;
        *stage = Stage::Open(lock);
        self.readers.start();
        self.writer_lock.start(Some(connection));
        drop(stage);
        self.announce_everything();
        Ok(())
    }

    /// Stops readers and the writer, and waits for those at work.
    pub(in crate::store) fn stop(&self, reason: &StoreError) {
        self.readers.stop(reason.clone());
        self.writer_lock.stop(reason.clone());
    }
}

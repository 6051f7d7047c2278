//! A simulated disk that loses unsynced data in a power cut.
//!
//! Killing a process proves nothing about durability: what it wrote is in the page cache, and the next process finds it
//! there. A power cut leaves less. This crate stands between SQLite and the real file system, and knows for every file
//! below a watched folder what was written since that file's last sync. The power can be cut at any write or sync, and
//! then the files become what a disk would hold.
//!
//! # The story
//!
//! [`install`] registers a VFS that becomes the process's default, so the code under test needs no change. Files
//! outside the watched folders are opened by the real VFS without this crate. Below a watched folder everything is
//! passed on to the real VFS (locks, shared memory, reads), and every change is recorded with what is needed to undo
//! it:
//!
//! ```text
//!  written ──── sync of the file ────► durable
//!     │
//!     └─ power cut ─► Keep::All     all of it survives: the process was killed, the machine lives
//!                     Keep::Synced  none of it survives
//!                     Keep::Torn    a part survives, whole writes or single sectors, as the seed decides
//! ```
//!
//! Names belong to their folder: the creation or deletion of a file is durable only after a sync of the file itself, or
//! of its folder, which SQLite syncs with a new journal or log. Shared memory (`-shm`) is never on a disk.
//!
//! After the cut, everything below the folder fails with `SQLITE_IOERR`, as if the process did not exist any more,
//! until the test has dropped its connections and calls [`Disk::restore`].
//!
//! # Limits
//!
//! The crate sees only SQLite's files; what other code does to files counts as durable at once. Real syncs are left
//! out, because this crate decides what survives. So a test is as fast on a disk as in memory.

mod chance;
mod file;
pub mod locks;
mod medium;
mod vfs;
mod watch;

use std::path::Path;
use std::sync::Arc;

pub use self::vfs::install;
use self::watch::Watch;

/// What survives a power cut of everything that was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Everything: the process was killed, and the machine lives.
    All,
    /// Nothing.
    Synced,
    /// A part chosen by this seed: some writes, and some sectors (512 bytes) of others. The write that was under way at
    /// the cut is among them.
    Torn(u64),
}

/// When the power is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// This many writes and syncs (as [`Disk::counts`] counts them) still succeed. The next one does not happen.
    pub after: u64,
    /// What survives.
    pub keep: Keep,
}

/// What fails while the power stays on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full: writes stop halfway with `SQLITE_FULL`. Everything else succeeds; an empty new file needs no
    /// space.
    Full,
    /// The disk fails: writes stop halfway, and syncs, truncates, new files and deletes fail, all with `SQLITE_IOERR`.
    Io,
    /// Reads fail with `SQLITE_IOERR`. This fault counts reads where the others count writes and syncs.
    Unreadable,
}

/// The operations below the folder since it is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Writes, truncates, and creations and deletions of files.
    pub writes: u64,
    /// Syncs of a file.
    pub syncs: u64,
    /// Reads.
    pub reads: u64,
}

/// A watched folder. Dropping it ends the watch for files that are opened later.
///
/// Its methods may be called from any thread. Watched folders are independent of each other.
#[derive(Debug)]
pub struct Disk {
    watch: Arc<Watch>,
}

impl Disk {
    /// Watches everything that is opened below `folder` from now on; creates the folder if it does not exist. Calls
    /// [`install`].
    ///
    /// # Panics
    /// If the folder cannot be created, because a test cannot run without its disk.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test cannot go on without its disk")]
    pub fn watch(folder: &Path) -> Self {
        install();
        Self { watch: vfs::watch(folder).expect("the folder can be made") }
    }

    /// Plans the one power cut. Replaces a plan that was not carried out.
    pub fn cut_at(&self, cut: Cut) {
        self.watch.state().plan(cut);
    }

    /// Cuts the power now.
    pub fn cut(&self, keep: Keep) {
        self.watch.cut(keep);
    }

    /// Whether the power is off.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.watch.is_dead()
    }

    /// Restores the power: the files become what survived. Every connection below the folder must have been dropped. A
    /// planned cut that did not happen is cancelled, and the files stay as they are.
    ///
    /// # Panics
    /// If a file is still open, or the files cannot be written.
    #[expect(clippy::expect_used, reason = "a test cannot go on without its disk")]
    pub fn restore(&self) {
        self.watch.restore().expect("the files can be made what survived");
    }

    /// Lets the next `for_ops` operations fail after `after` more (`None`: all until [`heal`](Self::heal)). Operations
    /// that the fault does not concern are counted and succeed. Replaces the fault before it.
    pub fn fail(&self, fault: Fault, after: u64, for_ops: Option<u64>) {
        self.watch.fail(fault, after, for_ops);
    }

    /// Ends the fault.
    pub fn heal(&self) {
        self.watch.heal();
    }

    /// The operations so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.watch.counts()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        vfs::forget(&self.watch);
    }
}

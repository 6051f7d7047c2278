//! A disk that forgets.
//!
//! A process that is killed proves nothing about durability: what it wrote is in the page cache, and the next process finds
//! it there. What a power cut leaves is less. This crate stands between SQLite and the real file system and knows, for every
//! file below a watched folder, what was written since that file's last sync. The power can go at any write or sync, and
//! then the files become what a disk would hold.
//!
//! # The story
//!
//! [`install`] registers a VFS that becomes the process's default, so the code under test needs no change. Files outside
//! the watched folders are opened by the real VFS and never seen again. Below a watched folder everything is passed on to it
//! (locks, shared memory, reads), and every change is noted with what it takes to undo it:
//!
//! ```text
//!  written ──── sync of the file ────► safe
//!     │
//!     └─ power cut ─► Keep::All     all of it is there: the process was killed, the machine lives
//!                     Keep::Synced  none of it is there
//!                     Keep::Torn    a part of it is there, whole writes or single sectors, as the seed decides
//! ```
//!
//! Names are bytes of their folder: a file that was made or deleted is safe in that only after a sync of the file itself,
//! or of its folder, which SQLite syncs with a new journal or log. Shared memory (`-shm`) is never on a disk.
//!
//! From the cut on, everything below the folder fails with `SQLITE_IOERR`, as if the process did not exist any more, until
//! the test has dropped its connections and calls [`Disk::restore`].
//!
//! # What it does not do
//!
//! It sees SQLite's files only; what others do to files counts as safe at once. Real syncs are left out, because what
//! survives is decided here: a test is as fast on a disk as in memory.

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

/// What is left of everything that was not synced when the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Everything: the process was killed, and the machine goes on.
    All,
    /// Nothing.
    Synced,
    /// Whatever this seed decides: some writes, and some sectors (512 bytes) of others. The write that was under way when
    /// the power went is among them.
    Torn(u64),
}

/// When the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// So many writes and syncs (as [`Disk::counts`] counts them) still go well; the next one does not happen any more.
    pub after: u64,
    /// What survives.
    pub keep: Keep,
}

/// What goes wrong while the power stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No space: writes stop halfway with `SQLITE_FULL`. Everything else goes well; an empty new file takes no space.
    Full,
    /// Writes stop halfway, syncs, truncates, new files and deletes fail, all with `SQLITE_IOERR`.
    Io,
    /// Reads fail with `SQLITE_IOERR`. It counts reads where the others count writes and syncs.
    Unreadable,
}

/// What was done below the folder since it is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Writes, truncates, files made and files deleted.
    pub writes: u64,
    /// Syncs of a file.
    pub syncs: u64,
    /// Reads.
    pub reads: u64,
}

/// A watched folder. Dropping it ends the watch for files that are opened from then on.
///
/// Its methods may be called from any thread, and folders do not concern each other.
#[derive(Debug)]
pub struct Disk {
    watch: Arc<Watch>,
}

impl Disk {
    /// Watches everything that is opened below `folder` (made if it is not there) from now on. Calls [`install`].
    ///
    /// # Panics
    /// If the folder cannot be made: a test cannot go on without its disk.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test cannot go on without its disk")]
    pub fn watch(folder: &Path) -> Self {
        install();
        Self { watch: vfs::watch(folder).expect("the folder can be made") }
    }

    /// Plans the one power cut. A plan that was not carried out is replaced.
    pub fn cut_at(&self, cut: Cut) {
        self.watch.state().plan(cut);
    }

    /// The power goes now.
    pub fn cut(&self, keep: Keep) {
        self.watch.cut(keep);
    }

    /// Whether the power is off.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.watch.is_dead()
    }

    /// Power is back: the files are what survived. Every connection below the folder must have been dropped. A cut that did
    /// not happen is called off, and the files stay as they are.
    ///
    /// # Panics
    /// If a file is still open, or the files cannot be written.
    #[expect(clippy::expect_used, reason = "a test cannot go on without its disk")]
    pub fn restore(&self) {
        self.watch.restore().expect("the files can be made what survived");
    }

    /// After `after` more operations the next `for_ops` fail (`None`: all until [`heal`](Self::heal)). Operations that this
    /// fault does not concern are counted, and go well. Replaces the fault before it.
    pub fn fail(&self, fault: Fault, after: u64, for_ops: Option<u64>) {
        self.watch.fail(fault, after, for_ops);
    }

    /// Ends the fault.
    pub fn heal(&self) {
        self.watch.heal();
    }

    /// What was done so far.
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

//! One watched folder: which operations succeed and which fail, and what was changed. This file has no SQLite and
//! nothing unsafe.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use crate::medium::Medium;
use crate::{Counts, Cut, Fault, Keep};

/// A watched folder, shared by its [`Disk`](crate::Disk) and every open file below it.
#[derive(Debug)]
pub(crate) struct Watch {
    pub folder: PathBuf,
    /// Whether the power is off. Reads check only this and `unreadable`, without a lock.
    dead: AtomicBool,
    unreadable: AtomicBool,
    reads: AtomicU64,
    open: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub medium: Medium,
    counts: Counts,
    cut: Option<Cut>,
    keep: Option<Keep>,
    injected: Option<InjectedFault>,
}

#[derive(Debug)]
struct InjectedFault {
    fault: Fault,
    after: u64,
    for_ops: Option<u64>,
}

/// An operation that is about to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Read,
    /// Bytes.
    Write,
    /// A creation, deletion or truncation: it needs no space.
    Reshape,
    Sync,
}

/// The result of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Happens,
    /// The power is off.
    Dead,
    /// The power is cut while it is under way: it fails, and parts of it may survive.
    Cut,
    Full,
    Io,
}

impl Watch {
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.canonicalize()?,
            dead: AtomicBool::new(false),
            unreadable: AtomicBool::new(false),
            reads: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            state: Mutex::default(),
        })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    pub(crate) fn cut(&self, keep: Keep) {
        let mut state = self.state();
        state.keep.get_or_insert(keep);
        self.dead.store(true, Ordering::SeqCst);
    }

    pub(crate) fn restore(&self) -> io::Result<()> {
        let mut state = self.state();
        state.cut = None;
        if let Some(keep) = state.keep {
            if self.open.load(Ordering::SeqCst) > 0 {
                return Err(io::Error::other("a connection is still open"));
            }
            state.medium.apply_cut(keep)?;
            if keep != Keep::All {
                remove_shared_memory(&self.folder)?;
            }
            state.keep = None;
        }
        self.dead.store(false, Ordering::SeqCst);
        Ok(())
    }

    pub(crate) fn fail(&self, fault: Fault, after: u64, for_ops: Option<u64>) {
        let mut state = self.state();
        state.injected = Some(InjectedFault { fault, after, for_ops });
        self.unreadable.store(fault == Fault::Unreadable, Ordering::SeqCst);
    }

    pub(crate) fn heal(&self) {
        self.state().injected = None;
        self.unreadable.store(false, Ordering::SeqCst);
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts { reads: self.reads.load(Ordering::SeqCst), ..self.state().counts }
    }

    pub(crate) fn opened(&self) {
        self.open.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn closed(&self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }

    pub(crate) fn read(&self) -> Fate {
        self.reads.fetch_add(1, Ordering::SeqCst);
        if self.is_dead() {
            Fate::Dead
        } else if self.unreadable.load(Ordering::SeqCst) {
            self.state().fate_of(Op::Read)
        } else {
            Fate::Happens
        }
    }

    /// Counts an operation and decides its result. The lock is held until the operation is done, so that changes are
    /// recorded in the order in which they happen.
    pub(crate) fn begin(&self, op: Op) -> (MutexGuard<'_, State>, Fate) {
        let mut state = self.state();
        if self.is_dead() {
            return (state, Fate::Dead);
        }
        if let Some(cut) = &mut state.cut {
            if cut.after == 0 {
                state.keep = state.cut.take().map(|cut| cut.keep);
                self.dead.store(true, Ordering::SeqCst);
                // Only with `Torn` can parts of the running operation survive.
                let torn = matches!(state.keep, Some(Keep::Torn(_)));
                return (state, if torn { Fate::Cut } else { Fate::Dead });
            }
            cut.after -= 1;
        }
        match op {
            Op::Sync => state.counts.syncs += 1,
            _ => state.counts.writes += 1,
        }
        let fate = state.fate_of(op);
        (state, fate)
    }
}

impl State {
    pub(crate) fn plan(&mut self, cut: Cut) {
        self.cut = Some(cut);
    }

    fn fate_of(&mut self, op: Op) -> Fate {
        let Some(injected) = &mut self.injected else { return Fate::Happens };
        if (injected.fault == Fault::Unreadable) != (op == Op::Read) {
            return Fate::Happens;
        }
        if injected.after > 0 {
            injected.after -= 1;
            return Fate::Happens;
        }
        match &mut injected.for_ops {
            Some(0) => return Fate::Happens,
            Some(left) => *left -= 1,
            None => {}
        }
        match (injected.fault, op) {
            (Fault::Full, Op::Write) => Fate::Full,
            (Fault::Full, _) => Fate::Happens,
            (Fault::Io | Fault::Unreadable, _) => Fate::Io,
        }
    }
}

/// Shared memory is never on a disk.
fn remove_shared_memory(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_shared_memory(&entry.path())?;
        } else if entry.file_name().as_encoded_bytes().ends_with(b"-shm") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

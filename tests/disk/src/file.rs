//! A watched file: SQLite's methods on it, most of which are passed on to the real file. See [`vfs`](crate::vfs) for
//! the memory layout, and for what the SAFETY comments rely on.

use std::ffi::{c_int, c_void};
use std::path::PathBuf;
use std::sync::Arc;
use std::{mem, slice};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods};

use crate::medium::{Change, ChangeKind};
use crate::watch::{Fate, Op, Watch};

/// A watched file as SQLite holds it. The real file follows it in memory.
#[repr(C)]
pub(crate) struct Shim {
    pub base: sqlite3_file,
    pub handle: *mut Handle,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "two pointers")]
pub(crate) const SHIM_SIZE: c_int = size_of::<Shim>() as c_int;

/// What this crate knows of an open file.
pub(crate) struct Handle {
    pub watch: Arc<Watch>,
    pub path: PathBuf,
    /// Whether the next sync also syncs the folder, which SQLite does for a journal or log that it has just created.
    pub sync_folder: bool,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.watch.closed();
    }
}

/// An open file: its handle, and the real file.
struct File<'a> {
    handle: &'a mut Handle,
    real: *mut sqlite3_file,
}

impl File<'_> {
    /// # Safety
    /// `file` was filled in by `open` for a watched file and was not closed; nobody else uses it meanwhile.
    unsafe fn of<'a>(file: *mut sqlite3_file) -> File<'a> {
        let shim = file.cast::<Shim>();
        // SAFETY: by this function's contract, `handle` is the box that `open` leaked, and the real file lies behind.
        unsafe { File { handle: &mut *(*shim).handle, real: shim.add(1).cast() } }
    }

    fn methods(&self) -> &sqlite3_io_methods {
        // SAFETY: the real file is open, so its methods are set; they are static.
        unsafe { &*(*self.real).pMethods }
    }

    fn size(&self) -> usize {
        let mut size: sqlite3_int64 = 0;
        // SAFETY: the real file is open.
        let code = self.methods().xFileSize.map_or(ffi::SQLITE_IOERR, |f| unsafe { f(self.real, &raw mut size) });
        if code == ffi::SQLITE_OK { usize::try_from(size).unwrap_or(0) } else { 0 }
    }

    /// The bytes between `from` and `to`, which are inside the file.
    fn bytes(&self, from: usize, to: usize) -> Vec<u8> {
        let mut bytes = vec![0; to.saturating_sub(from)];
        let (Ok(amount), Ok(offset)) = (c_int::try_from(bytes.len()), sqlite3_int64::try_from(from)) else {
            return bytes;
        };
        if amount > 0
            && let Some(read) = self.methods().xRead
        {
            // SAFETY: the real file is open, and the buffer has `amount` bytes. What cannot be read stays zero.
            unsafe { read(self.real, bytes.as_mut_ptr().cast(), amount, offset) };
        }
        bytes
    }

    fn write(&mut self, data: &[u8], offset: usize) -> c_int {
        let (mut state, fate) = self.handle.watch.begin(Op::Write);
        let (length, code) = match fate {
            Fate::Happens => (data.len(), ffi::SQLITE_OK),
            Fate::Dead => return ffi::SQLITE_IOERR_WRITE,
            Fate::Cut => (data.len(), ffi::SQLITE_IOERR_WRITE),
            // A failing write has often written a part.
            Fate::Full => (data.len() / 2, ffi::SQLITE_FULL),
            Fate::Io => (data.len() / 2, ffi::SQLITE_IOERR_WRITE),
        };
        let size = self.size();
        let before = self.bytes(offset, (offset + length).min(size));
        let change = Change { kind: ChangeKind::Write { offset, length }, before, size };
        state.medium.changed(&self.handle.path, change);
        let (Some(write), Ok(amount), Ok(offset)) =
            (self.methods().xWrite, c_int::try_from(length), sqlite3_int64::try_from(offset))
        else {
            return ffi::SQLITE_IOERR_WRITE;
        };
        // SAFETY: the real file is open, and `data` has at least `amount` bytes.
        let outcome = unsafe { write(self.real, data.as_ptr().cast(), amount, offset) };
        if outcome == ffi::SQLITE_OK { code } else { outcome }
    }

    fn truncate(&mut self, to: sqlite3_int64) -> c_int {
        let (mut state, fate) = self.handle.watch.begin(Op::Reshape);
        let code = match fate {
            Fate::Happens | Fate::Full => ffi::SQLITE_OK,
            Fate::Cut => ffi::SQLITE_IOERR_TRUNCATE,
            Fate::Dead | Fate::Io => return ffi::SQLITE_IOERR_TRUNCATE,
        };
        let (size, at) = (self.size(), usize::try_from(to).unwrap_or(0));
        let change = Change { kind: ChangeKind::Truncate { to: at }, before: self.bytes(at, size), size };
        state.medium.changed(&self.handle.path, change);
        // SAFETY: the real file is open.
        let outcome = self.methods().xTruncate.map_or(ffi::SQLITE_IOERR, |f| unsafe { f(self.real, to) });
        if outcome == ffi::SQLITE_OK { code } else { outcome }
    }

    fn sync(&mut self) -> c_int {
        let (mut state, fate) = self.handle.watch.begin(Op::Sync);
        if !matches!(fate, Fate::Happens | Fate::Full) {
            return ffi::SQLITE_IOERR_FSYNC;
        }
        state.medium.synced(&self.handle.path, mem::take(&mut self.handle.sync_folder));
        ffi::SQLITE_OK
    }

    /// Calls a method that changes nothing, unless the power is off.
    fn pass<T>(&self, method: Option<T>, dead: c_int, call: impl FnOnce(T, *mut sqlite3_file) -> c_int) -> c_int {
        match method {
            Some(_) if self.handle.watch.is_dead() => dead,
            Some(method) => call(method, self.real),
            None => ffi::SQLITE_IOERR,
        }
    }
}

/// Version 2, which has no memory-mapped reads: they would bypass this crate.
pub(crate) static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Closes the real file whether the power is on or off, so that no lock stays behind.
unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let shim = file.cast::<Shim>();
    // SAFETY: the file is open; after this call SQLite does not use it again, so the real one is closed once and the
    // handle taken back once.
    unsafe {
        let real = File::of(file);
        let code = real.methods().xClose.map_or(ffi::SQLITE_OK, |f| f(real.real));
        drop(Box::from_raw((*shim).handle));
        code
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, out: *mut c_void, amount: c_int, offset: sqlite3_int64) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    if file.handle.watch.read() != Fate::Happens {
        return ffi::SQLITE_IOERR_READ;
    }
    // SAFETY: the real file is open; SQLite's buffer is passed on.
    file.methods().xRead.map_or(ffi::SQLITE_IOERR_READ, |f| unsafe { f(file.real, out, amount, offset) })
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    let (Ok(length), Ok(offset)) = (usize::try_from(amount), usize::try_from(offset)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: the file is open, and the data has `amount` bytes.
    let (mut file, data) = unsafe { (File::of(file), slice::from_raw_parts(data.cast::<u8>(), length)) };
    file.write(data, offset)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: the file is open.
    unsafe { File::of(file) }.truncate(size)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: the file is open.
    unsafe { File::of(file) }.sync()
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, out: *mut sqlite3_int64) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    // SAFETY: the real file is open; SQLite's pointer is passed on.
    file.pass(file.methods().xFileSize, ffi::SQLITE_IOERR_FSTAT, |f, real| unsafe { f(real, out) })
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    // SAFETY: the real file is open.
    file.pass(file.methods().xLock, ffi::SQLITE_IOERR_LOCK, |f, real| unsafe { f(real, level) })
}

/// Also works without power.
unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    // SAFETY: the real file is open.
    file.methods().xUnlock.map_or(ffi::SQLITE_OK, |f| unsafe { f(file.real, level) })
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    let dead = ffi::SQLITE_IOERR_CHECKRESERVEDLOCK;
    // SAFETY: the real file is open; SQLite's pointer is passed on.
    file.pass(file.methods().xCheckReservedLock, dead, |f, real| unsafe { f(real, out) })
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    // A size hint would let the file grow without a write.
    if op == ffi::SQLITE_FCNTL_SIZE_HINT {
        return ffi::SQLITE_OK;
    }
    // SAFETY: the real file is open. `op` says what the argument is, and both come from SQLite.
    file.methods().xFileControl.map_or(ffi::SQLITE_NOTFOUND, |f| unsafe { f(file.real, op, argument) })
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    // SAFETY: the real file is open.
    file.methods().xSectorSize.map_or(0, |f| unsafe { f(file.real) })
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    // SAFETY: the real file is open.
    file.methods().xDeviceCharacteristics.map_or(0, |f| unsafe { f(file.real) })
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    let dead = ffi::SQLITE_IOERR_SHMMAP;
    // SAFETY: the real file is open; SQLite's pointer is passed on.
    file.pass(file.methods().xShmMap, dead, |f, real| unsafe { f(real, page, size, extend, out.cast()) })
}

/// Without power, locks are not granted, but always released.
unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    if flags & ffi::SQLITE_SHM_LOCK != 0 && file.handle.watch.is_dead() {
        return ffi::SQLITE_IOERR_SHMLOCK;
    }
    // SAFETY: the real file is open.
    file.methods().xShmLock.map_or(ffi::SQLITE_IOERR, |f| unsafe { f(file.real, offset, n, flags) })
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    if let Some(barrier) = file.methods().xShmBarrier {
        // SAFETY: the real file is open.
        unsafe { barrier(file.real) };
    }
}

/// Also works without power.
unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    // SAFETY: the file is open.
    let file = unsafe { File::of(file) };
    // SAFETY: the real file is open.
    file.methods().xShmUnmap.map_or(ffi::SQLITE_OK, |f| unsafe { f(file.real, delete) })
}

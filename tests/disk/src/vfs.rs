//! The VFS between SQLite and the real one. The only unsafe code is here and in [`file`](crate::file).
//!
//! SQLite allocates the memory of a file, of the size that the VFS states. This VFS asks for room for a [`Shim`]
//! followed by the real file:
//!
//! ```text
//!  ┌─────────────────── szOsFile ────────────────────┐
//!  │ methods: METHODS │ handle │ real file (methods…) │      below a watched folder
//!  │ real file (methods…)                             │      everywhere else: without the shim
//! ```
//!
//! The SAFETY comments below rely on this: SQLite calls a method only with a file that [`open`] filled in and that was
//! not closed yet, a file is used by one thread at a time, and pointers are valid for the lengths that SQLite passes.

use std::ffi::{CStr, OsStr, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Once, PoisonError, RwLock};
use std::{fs, io, ptr};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_vfs};

use crate::file::{Handle, METHODS, SHIM_SIZE, Shim};
use crate::watch::{Fate, Op, Watch};

/// The watched folders of the process.
static WATCHES: RwLock<Vec<Arc<Watch>>> = RwLock::new(Vec::new());

/// The former default VFS.
static REAL: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(ptr::null_mut());

/// Makes this VFS the process's default, for connections that are opened from now on. Further calls do nothing.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: asks for the default VFS, which initialises the library if need be; it lives as long as the process.
        let real = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
        if real.is_null() {
            return;
        }
        REAL.store(real, Ordering::SeqCst);
        // SAFETY: a registered VFS is not null and never changes.
        let mut ours = unsafe { *real };
        ours.szOsFile += SHIM_SIZE;
        ours.zName = c"forgetful".as_ptr();
        ours.pNext = ptr::null_mut();
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        ours.xAccess = Some(access);
        // SAFETY: the VFS is leaked, so it lives as long as the process; its other methods are the real one's, and find
        // what they read of it (pAppData, mxPathname) where they left it.
        unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 1) };
    });
}

pub(crate) fn watch(folder: &Path) -> io::Result<Arc<Watch>> {
    let watch = Arc::new(Watch::new(folder)?);
    WATCHES.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&watch));
    Ok(watch)
}

pub(crate) fn forget(watch: &Arc<Watch>) {
    WATCHES.write().unwrap_or_else(PoisonError::into_inner).retain(|known| !Arc::ptr_eq(known, watch));
}

/// The watch of `path`, if there is one; the innermost of several.
fn watch_over(path: &Path) -> Option<Arc<Watch>> {
    let watches = WATCHES.read().unwrap_or_else(PoisonError::into_inner);
    let over = watches.iter().filter(|watch| path.starts_with(&watch.folder));
    over.max_by_key(|watch| watch.folder.as_os_str().len()).map(Arc::clone)
}

fn real_vfs() -> *mut sqlite3_vfs {
    REAL.load(Ordering::SeqCst)
}

/// # Safety
/// `name` is null or a C string that outlives the result.
unsafe fn path_of<'a>(name: *const c_char) -> Option<&'a Path> {
    // SAFETY: by this function's contract.
    let name = (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })?;
    Some(Path::new(OsStr::from_bytes(name.to_bytes())))
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let real_open = |file: *mut sqlite3_file| {
        let real = real_vfs();
        // SAFETY: the real VFS is set before ours is registered; SQLite's arguments are passed on, with enough room.
        unsafe { (*real).xOpen }.map_or(ffi::SQLITE_CANTOPEN, |f| unsafe { f(real, name, file, flags, out) })
    };
    // SAFETY: SQLite gives null for a temporary file, else an absolute path.
    let path = unsafe { path_of(name) };
    let Some((path, watch)) = path.and_then(|path| Some((path, watch_over(path)?))) else {
        return real_open(file);
    };
    // SAFETY: the memory has room for the shim. Without methods, SQLite does not close a file whose opening failed.
    unsafe { (*file).pMethods = ptr::null() };
    let creates = flags & ffi::SQLITE_OPEN_CREATE != 0 && !path.exists();
    let guard = if creates {
        let (state, fate) = watch.begin(Op::Reshape);
        match fate {
            Fate::Happens | Fate::Full => Some(state),
            Fate::Dead | Fate::Cut | Fate::Io => return ffi::SQLITE_IOERR,
        }
    } else if watch.is_dead() {
        return ffi::SQLITE_IOERR;
    } else {
        None
    };
    let shim = file.cast::<Shim>();
    // SAFETY: the real file lies behind the shim, in memory that is as large as both.
    let code = real_open(unsafe { shim.add(1).cast() });
    if code != ffi::SQLITE_OK {
        return code;
    }
    if let Some(mut state) = guard {
        state.medium.created(path);
    }
    let sync_folder = creates && flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
    watch.opened();
    let handle = Box::new(Handle { watch: Arc::clone(&watch), path: path.to_owned(), sync_folder });
    // SAFETY: the memory has room for the shim; `close` takes the handle back.
    unsafe { shim.write(Shim { base: sqlite3_file { pMethods: &raw const METHODS }, handle: Box::into_raw(handle) }) };
    code
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    let real_delete = |sync_folder| {
        let real = real_vfs();
        // SAFETY: as in `open`.
        unsafe { (*real).xDelete }.map_or(ffi::SQLITE_IOERR_DELETE, |f| unsafe { f(real, name, sync_folder) })
    };
    // SAFETY: SQLite gives an absolute path.
    let path = unsafe { path_of(name) };
    let Some((path, watch)) = path.and_then(|path| Some((path, watch_over(path)?))) else {
        return real_delete(sync_folder);
    };
    let (mut state, fate) = watch.begin(Op::Reshape);
    if !matches!(fate, Fate::Happens | Fate::Full) {
        return ffi::SQLITE_IOERR_DELETE;
    }
    let bytes = fs::read(path);
    let code = real_delete(0);
    if let (ffi::SQLITE_OK, Ok(bytes)) = (code, bytes) {
        state.medium.deleted(path, bytes);
        if sync_folder != 0 {
            state.medium.folder_synced(path.parent());
        }
    }
    code
}

unsafe extern "C" fn access(_: *mut sqlite3_vfs, name: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    // SAFETY: SQLite gives an absolute path.
    let path = unsafe { path_of(name) };
    if path.and_then(watch_over).is_some_and(|watch| watch.is_dead()) {
        return ffi::SQLITE_IOERR_ACCESS;
    }
    let real = real_vfs();
    // SAFETY: as in `open`.
    unsafe { (*real).xAccess }.map_or(ffi::SQLITE_IOERR_ACCESS, |f| unsafe { f(real, name, flags, out) })
}

//! The real client on a disk that loses data, fails or is full, at every single write and sync of a user's session.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cuts;
mod faults;
mod promises;
mod session;

use std::path::Path;

use tempfile::TempDir;

/// A folder in memory where possible, because thousands of files are created and thrown away.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// How many operations to advance from one try to the next. Trying every operation takes minutes: `EVERY=1 cargo test
/// -p pocketdesk-torture` does it.
fn step(default: usize) -> usize {
    if std::env::var_os("EVERY").is_some() { 1 } else { default }
}

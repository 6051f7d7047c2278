//! The real server on a disk that forgets, fails or is full, at every single write and sync of a user's session.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod cuts;
mod faults;
mod promises;
mod session;

use std::path::Path;

use tempfile::TempDir;

/// A folder in memory where there is one: thousands of files are made and thrown away.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// How many operations lie between two tries: every operation takes minutes, which `EVERY=1 cargo test -p pocketdesk-torture`
/// gives it.
fn step(usual: usize) -> usize {
    if std::env::var_os("EVERY").is_some() { 1 } else { usual }
}

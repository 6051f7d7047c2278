//! The real desk on a disk that forgets, fails or is full, at every single write and sync of a user's session.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod cuts;
mod faults;
mod session;

use std::path::Path;

use tempfile::TempDir;

/// A folder in memory where there is one: thousands of files are made and thrown away.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

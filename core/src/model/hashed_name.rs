//! Names of files and folders that reveal nothing about what they stand for.

use sha2::{Digest, Sha256};

/// A hash of `text`, as 32 hexadecimal digits. It is a valid name on every file system.
#[must_use]
pub fn hashed_name(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}

//! The delivered definition on the device.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{Timestamp, hashed_name};

/// What is kept of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The text of the last good definition; `None` if there was none yet.
    pub text: Option<String>,
    /// Its version.
    pub version: Option<u32>,
    /// Its entity tag.
    pub etag: Option<String>,
    /// When the address was last asked successfully, by the device's clock.
    pub checked_at: Option<Timestamp>,
}

/// The file of one address.
#[derive(Debug, Clone)]
pub(super) struct DeliveredFile(PathBuf);

impl DeliveredFile {
    /// The file in the folder that all accounts of the app share. Its name reveals nothing about the address.
    #[must_use]
    pub fn of(directory: &Path, url: &Url) -> Self {
        Self(directory.join("definitions").join(format!("{}.json", hashed_name(url.as_str()))))
    }

    /// What is kept. A file that is missing or damaged keeps nothing: the text is fetched again.
    #[must_use]
    pub fn read(&self) -> Kept {
        fs::read(&self.0).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Replaces what is kept. A crash leaves the old file or the new one.
    pub fn write(&self, kept: &Kept) -> io::Result<()> {
        let folder = self.0.parent().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        fs::create_dir_all(folder)?;
        // If two clients of the app write at the same moment, the file may be damaged, and counts as none.
        let part = self.0.with_extension("part");
        let mut file = File::create(&part)?;
        file.write_all(&serde_json::to_vec(kept)?)?;
        file.sync_all()?;
        fs::rename(&part, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_and_a_damaged_file_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let url = Url::parse("https://reisen.example/support/definition.json").unwrap();
        let file = DeliveredFile::of(folder.path(), &url);
        assert_eq!(file.read(), Kept::default());
        let kept = Kept { text: Some("{ \"schema\": 1 }".into()), version: Some(4), ..Kept::default() };
        file.write(&kept).unwrap();
        assert_eq!(file.read(), kept);
        let other = DeliveredFile::of(folder.path(), &url.join("other.json").unwrap());
        assert_eq!(other.read(), Kept::default());
        fs::write(&file.0, "{ \"text\": \"half").unwrap();
        assert_eq!(file.read(), Kept::default());
        file.write(&kept).unwrap();
        assert_eq!(file.read(), kept);
    }
}

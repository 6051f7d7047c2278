//! The files that are checked.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// Source files by their path relative to one folder, with `/` between the parts.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: BTreeMap<String, String>,
}

impl Sources {
    /// Every `.rs` file below `folder`.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut sources = Self::default();
        sources.add(folder, "")?;
        Ok(sources)
    }

    /// These files: path and text of each.
    #[must_use]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    fn add(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let path = format!("{prefix}{}", name.to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.add(&entry.path(), &format!("{path}/"))?;
            } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
                self.files.insert(path, fs::read_to_string(entry.path())?);
            }
        }
        Ok(())
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// The folder of a path, without the last `/`; empty for the topmost folder.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a file holds tests only by where it lies: below a folder `tests`, or `tests.rs`.
pub(crate) fn is_test_file(path: &str) -> bool {
    path == "tests.rs" || path.ends_with("/tests.rs") || path.split('/').rev().skip(1).any(|folder| folder == "tests")
}

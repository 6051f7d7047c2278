//! The file that receives a download and can resume it after an interruption.
//!
//! The bytes are written to `cache/x.part`. After every [`STEP`] the file is synced before more is written. When the
//! download is complete, the file is synced, hashed and renamed to `cache/x`. A crash or a broken connection leaves the
//! part behind, and the next attempt resumes it. The last two steps of a part are then fetched again, because after a
//! power cut a file can have its full length although its last bytes never reached the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::folder::{Folder, finish, part_of, remove_if_there};
use crate::model::{DownloadStart, Sink, SinkError};

/// How many bytes are written before the file is synced.
pub(super) const STEP: u64 = 256 * 1024;

/// The file of a download in the cache, finished or not.
pub(crate) struct FileSink<'a> {
    path: PathBuf,
    part: PathBuf,
    file: Option<File>,
    /// The number of bytes in the file.
    length: u64,
    /// The number of bytes that were synced.
    synced: u64,
    /// The size of the whole file, as the server announced it.
    size: u64,
    progress: &'a (dyn Fn(u64) + Send + Sync),
}

impl<'a> FileSink<'a> {
    /// Opens the file `stored_as` in the cache. `progress` is called with the number of bytes in the file.
    pub fn open(
        folder: &Folder,
        stored_as: &str,
        size: u64,
        progress: &'a (dyn Fn(u64) + Send + Sync),
    ) -> io::Result<Self> {
        fs::create_dir_all(folder.cache())?;
        let path = folder.cache().join(stored_as);
        let part = part_of(&path);
        let found = fs::metadata(&part).map(|known| known.len()).unwrap_or_default();
        let length = certain(found.min(size));
        Ok(Self { path, part, file: None, length, synced: length, size, progress })
    }

    /// The resume offset: how many bytes are already in the file.
    pub fn offset(&self) -> u64 {
        self.length
    }

    /// Renames the complete file and returns its hash. If bytes are missing, it removes the file and returns `None`.
    pub fn finish(mut self) -> io::Result<Option<[u8; 32]>> {
        let Some(file) = self.file.take().filter(|_| self.length == self.size) else {
            remove_if_there(&self.part)?;
            return Ok(None);
        };
        file.sync_all()?;
        drop(file);
        let hash = hash_of(&self.part)?;
        finish(&self.part, &self.path)?;
        Ok(Some(hash))
    }

    fn begin_at(&mut self, offset: u64) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(&self.part)?;
        file.set_len(offset)?;
        file.seek(SeekFrom::Start(offset))?;
        (self.length, self.synced, self.file) = (offset, offset, Some(file));
        Ok(())
    }
}

impl Sink for FileSink<'_> {
    fn begin(&mut self, start: DownloadStart) -> Result<(), SinkError> {
        let offset = match start {
            DownloadStart::Whole => 0,
            DownloadStart::From(offset) if offset == self.length => offset,
            DownloadStart::From(_) => return Err(SinkError::Unexpected),
        };
        self.begin_at(offset).map_err(|error| failed(&error))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        let file = self.file.as_mut().ok_or(SinkError::Unexpected)?;
        // A file that is larger than announced is not the announced file.
        if bytes.len() as u64 > self.size - self.length {
            return Err(SinkError::Unexpected);
        }
        file.write_all(bytes).map_err(|error| failed(&error))?;
        self.length += bytes.len() as u64;
        if self.length - self.synced >= STEP {
            file.sync_data().map_err(|error| failed(&error))?;
            self.synced = self.length;
        }
        (self.progress)(self.length);
        Ok(())
    }
}

/// How many bytes of a part of `length` bytes are certainly on disk. The file was synced at least once every two steps,
/// because a piece is smaller than a step.
fn certain(length: u64) -> u64 {
    length.saturating_sub(2 * STEP)
}

fn hash_of(path: &Path) -> io::Result<[u8; 32]> {
    let (mut file, mut hash, mut piece) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hash.finalize().into()),
            length => hash.update(&piece[..length]),
        }
    }
}

fn failed(error: &io::Error) -> SinkError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => SinkError::NoSpace,
        _ => SinkError::NotWritable,
    }
}

//! Where a download's bytes go: a file that grows, and goes on where it was cut off.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::folder::{Folder, finish, part_of, remove_if_there};
use crate::model::{DownloadStart, Sink, SinkError};

/// Synced before the next step is begun: after a power cut, all but the last step of a file is certain.
pub(super) const STEP: u64 = 256 * 1024;

/// A download in the cache, finished or not.
pub(crate) struct FileSink<'a> {
    path: PathBuf,
    part: PathBuf,
    file: Option<File>,
    /// What is in the file.
    length: u64,
    /// Up to where it was synced.
    synced: u64,
    /// What the server says of its size.
    size: u64,
    told: &'a (dyn Fn(u64) + Send + Sync),
}

impl<'a> FileSink<'a> {
    /// The file `stored_as` in the cache; `told` hears how many bytes are there.
    pub fn open(
        folder: &Folder,
        stored_as: &str,
        size: u64,
        told: &'a (dyn Fn(u64) + Send + Sync),
    ) -> io::Result<Self> {
        fs::create_dir_all(folder.cache())?;
        let path = folder.cache().join(stored_as);
        let part = part_of(&path);
        let found = fs::metadata(&part).map(|known| known.len()).unwrap_or_default();
        let length = certain(found.min(size));
        Ok(Self { path, part, file: None, length, synced: length, size, told })
    }

    /// How much is there already.
    pub fn offset(&self) -> u64 {
        self.length
    }

    /// Gives the file its name if all of it is there, and tells its hash. False: something is missing; all of it goes.
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
    fn begin(&mut self, landing: DownloadStart) -> Result<(), SinkError> {
        let offset = match landing {
            DownloadStart::Whole => 0,
            DownloadStart::From(offset) if offset == self.length => offset,
            DownloadStart::From(_) => return Err(SinkError::Unexpected),
        };
        self.begin_at(offset).map_err(|error| failed(&error))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        let file = self.file.as_mut().ok_or(SinkError::Unexpected)?;
        // More than the server announced is not the file that it announced.
        if bytes.len() as u64 > self.size - self.length {
            return Err(SinkError::Unexpected);
        }
        file.write_all(bytes).map_err(|error| failed(&error))?;
        self.length += bytes.len() as u64;
        if self.length - self.synced >= STEP {
            file.sync_data().map_err(|error| failed(&error))?;
            self.synced = self.length;
        }
        (self.told)(self.length);
        Ok(())
    }
}

/// How much of a part of `length` bytes is certainly on disk: it was synced at least once every two steps, and a piece is
/// smaller than a step.
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

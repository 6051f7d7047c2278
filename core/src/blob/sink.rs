//! The file that receives a download and can resume it after an interruption.
//!
//! The bytes are written to `cache/x.part`. After every [`STEP`] the file is synced before more is written. When the
//! download is complete, the file is synced, hashed and renamed to `cache/x`. A crash or a broken connection leaves the
//! part behind, and the next attempt resumes it. The last two steps of a part are then fetched again, because after a
//! power cut a file can have its full length although its last bytes never reached the disk.
//!
//! The answer itself says how long the file is: by its header, or by its end. The size that a thread announced is not
//! used here, because servers get it wrong. The type that a thread announced is used for one thing only: a web page is not taken for a
//! file that is none.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::folder::{Folder, finish, part_of, remove_if_there};
use crate::model::{DownloadStart, FileType, Sink, SinkError};

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
    /// The length of the whole file, if the answer says it.
    expected: Option<u64>,
    /// The largest number of bytes that the file may have.
    limit: u64,
    /// Whether the file may be a web page.
    may_be_page: bool,
    progress: &'a (dyn Fn(u64) + Send + Sync),
}

/// A file that is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Complete {
    pub sha256: [u8; 32],
    /// In bytes.
    pub length: u64,
}

impl<'a> FileSink<'a> {
    /// Opens the file `stored_as` in the cache, which may have `limit` bytes at most. A web page is refused unless [`may_be_page`].
    /// `progress` is called with the number of bytes in the file.
    pub fn open(
        folder: &Folder,
        stored_as: &str,
        limit: u64,
        may_be_page: bool,
        progress: &'a (dyn Fn(u64) + Send + Sync),
    ) -> io::Result<Self> {
        fs::create_dir_all(folder.cache())?;
        let path = folder.cache().join(stored_as);
        let part = part_of(&path);
        let found = fs::metadata(&part).map(|known| known.len()).unwrap_or_default();
        let length = certain(found);
        Ok(Self { path, part, file: None, length, synced: length, expected: None, limit, may_be_page, progress })
    }

    /// The resume offset: how many bytes are already in the file.
    pub fn offset(&self) -> u64 {
        self.length
    }

    /// Called when the answer has ended. Renames the complete file. If bytes are missing, it removes the file and returns
    /// `None`.
    pub fn finish(mut self) -> io::Result<Option<Complete>> {
        let whole = self.expected.is_none_or(|expected| self.length == expected);
        let Some(file) = self.file.take().filter(|_| whole) else {
            remove_if_there(&self.part)?;
            return Ok(None);
        };
        file.sync_all()?;
        drop(file);
        let sha256 = hash_of(&self.part)?;
        finish(&self.part, &self.path)?;
        Ok(Some(Complete { sha256, length: self.length }))
    }

    fn begin_at(&mut self, offset: u64) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(&self.part)?;
        file.set_len(offset)?;
        file.seek(SeekFrom::Start(offset))?;
        (self.length, self.synced, self.file) = (offset, offset, Some(file));
        Ok(())
    }
}

/// Whether a media type is that of a web page.
fn is_page(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    ["text/html", "application/xhtml+xml"].iter().any(|page| kind.eq_ignore_ascii_case(page))
}

/// Whether a file may be a web page, judged by its name and by the media type that the server announced. True where neither says that it
/// is something else.
pub(crate) fn may_be_page(name: &str, media_type: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let is_known = FileType::of_name(name).is_some()
        || ["image/", "audio/", "video/"].iter().any(|kind| media_type.to_ascii_lowercase().starts_with(kind));
    !is_known || is_page(media_type) || matches!(ending.as_str(), "html" | "htm" | "xhtml")
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

    fn expect(&mut self, length: u64) -> Result<(), SinkError> {
        self.expected = Some(length);
        if length > self.limit { Err(SinkError::TooLarge) } else { Ok(()) }
    }

    fn media_type(&mut self, media_type: &str) -> Result<(), SinkError> {
        if self.may_be_page || !is_page(media_type) { Ok(()) } else { Err(SinkError::Unexpected) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        let file = self.file.as_mut().ok_or(SinkError::Unexpected)?;
        let length = self.length.saturating_add(bytes.len() as u64);
        if self.expected.is_some_and(|expected| length > expected) {
            return Err(SinkError::Unexpected);
        }
        if length > self.limit {
            return Err(SinkError::TooLarge);
        }
        file.write_all(bytes).map_err(|error| failed(&error))?;
        self.length = length;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes an answer of these bytes. `expected` is its `Content-Length`.
    fn take(bytes: &[u8], expected: Option<u64>) -> Result<Option<Vec<u8>>, SinkError> {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::of(place.path());
        let mut sink = FileSink::open(&folder, "0a.csv", 20, true, &|_| {}).unwrap();
        sink.begin(DownloadStart::Whole)?;
        expected.map_or(Ok(()), |expected| sink.expect(expected))?;
        bytes.chunks(3).try_for_each(|piece| sink.write(piece))?;
        let complete = sink.finish().unwrap();
        let kept = complete.map(|complete| (complete, fs::read(folder.cache().join("0a.csv")).unwrap()));
        assert!(fs::read_dir(folder.cache()).unwrap().count() <= 1, "no part is left");
        Ok(kept.map(|(complete, kept)| {
            assert_eq!((complete.length, complete.sha256), (kept.len() as u64, Sha256::digest(&kept).into()));
            kept
        }))
    }

    #[test]
    fn the_answer_says_how_long_a_file_is() {
        let bytes = "Zürich;1\n".as_bytes();
        let length = bytes.len() as u64;
        assert_eq!(take(bytes, Some(length)), Ok(Some(bytes.to_vec())));
        assert_eq!(take(bytes, None), Ok(Some(bytes.to_vec())), "the end of the answer is the end of the file");
        assert_eq!(take(b"", Some(0)), Ok(Some(Vec::new())), "a file may be empty");
        assert_eq!(take(bytes, Some(length + 3)), Ok(None), "bytes are missing");
        assert_eq!(take(bytes, Some(length - 3)), Err(SinkError::Unexpected));
    }

    #[test]
    fn a_web_page_is_not_taken_for_another_file() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::of(place.path());
        for (name, announced, came, is_taken) in [
            ("Beleg März.png", "image/png", "text/html; charset=utf-8", false),
            ("Beleg März.png", "", "text/html", false),
            ("Bild", "image/webp", "Text/HTML", false),
            ("Umsätze.csv", "application/octet-stream", "application/xhtml+xml", false),
            ("Beleg März.png", "image/png", "application/octet-stream", true),
            ("Umsätze.csv", "text/csv", "text/plain", true),
            ("Seite.html", "text/html", "text/html; charset=utf-8", true),
            ("Seite.HTM", "application/octet-stream", "text/html", true),
            ("Bericht", "", "text/html", true),
            ("Beleg.pdf", "application/pdf", "", true),
        ] {
            let mut sink = FileSink::open(&folder, "0a.x", 20, may_be_page(name, announced), &|_| {}).unwrap();
            let expected = if is_taken { Ok(()) } else { Err(SinkError::Unexpected) };
            assert_eq!(sink.media_type(came), expected, "{name}, {announced}, {came}");
        }
    }

    #[test]
    fn a_file_never_fills_the_cache() {
        assert_eq!(take(b"", Some(21)), Err(SinkError::TooLarge), "nothing of it is read");
        assert_eq!(take(&[b'a'; 21], None), Err(SinkError::TooLarge));
        assert_eq!(take(&[b'a'; 20], None), Ok(Some(vec![b'a'; 20])));
    }
}

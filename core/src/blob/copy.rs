//! Checks a picked file and copies it into the account's folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::content::{is_utf16, recognised};
use super::folder::{Folder, finish, part_of, remove_if_there};
use crate::model::{AttachmentLimits, FileType, clean_name};

/// The ending of a program's log, which is a text. It is sent with an ending that servers know.
const LOG: &str = ".log";

/// The size of the pieces in which a file is copied, in bytes.
const PIECE: usize = 64 * 1024;

/// Why a picked file was not accepted. Nothing of it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileError {
    /// The message already has as many files as allowed.
    #[error("at most {limit} files can be attached")]
    TooMany {
        /// The largest number of files.
        limit: u32,
    },
    /// The file is too large.
    #[error("a file can have at most {limit} bytes")]
    TooLarge {
        /// The largest size, in bytes.
        limit: u64,
    },
    /// The product does not allow the type.
    #[error("files of this type cannot be attached")]
    WrongType,
    /// The content is of another type than the ending of the name says, and that type is unknown or not allowed.
    #[error("the content is of another type, which cannot be attached")]
    WrongContent,
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// The file does not exist, is not a regular file, or cannot be read.
    #[error("the file cannot be read (error {code})")]
    Unreadable {
        /// The operating system's error code; -1 if there is none, because it is not a regular file.
        code: i32,
    },
    /// No space left on the device.
    #[error("no space left")]
    NoSpace,
    /// The account's folder does not allow writing.
    #[error("the folder does not allow writing")]
    NotWritable,
    /// The copy could not be written for another reason.
    #[error("input or output error {code}")]
    Io {
        /// The operating system's error code; -1 if there is none.
        code: i32,
    },
}

/// A file that was checked and can be attached, open at its beginning.
#[derive(Debug)]
pub(crate) struct CheckedFile {
    file: File,
    file_type: FileType,
    name: String,
}

/// A file that is durably in the account's folder and has no row yet.
#[derive(Debug)]
pub(crate) struct Copied {
    pub stored_as: String,
    pub name: String,
    pub content_type: &'static str,
    pub size: u64,
    pub sha256: [u8; 32],
}

/// Checks a picked file. `attached` is the number of files that the message already has. Nothing is written.
pub(crate) fn check(
    source: &Path,
    name: &str,
    attached: usize,
    limits: &AttachmentLimits,
) -> Result<CheckedFile, FileError> {
    if attached >= limits.max_files as usize {
        return Err(FileError::TooMany { limit: limits.max_files });
    }
    let mut name = clean_name(name);
    if name.to_ascii_lowercase().ends_with(LOG) {
        name.push_str(".txt");
    }
    let named = FileType::of_name(&name).ok_or(FileError::WrongType)?;
    // Before it is opened, because opening a pipe waits for somebody who writes to it.
    if !fs::metadata(source).map_err(|error| read_error(&error))?.is_file() {
        return Err(FileError::Unreadable { code: -1 });
    }
    let mut file = File::open(source).map_err(|error| read_error(&error))?;
    let metadata = file.metadata().map_err(|error| read_error(&error))?;
    if metadata.len() == 0 {
        return Err(FileError::Empty);
    }
    if metadata.len() > limits.max_bytes {
        return Err(FileError::TooLarge { limit: limits.max_bytes });
    }
    let allowed = |file_type: &FileType| limits.types.contains(file_type);
    if named.fits(&mut file).map_err(|error| read_error(&error))? {
        return if allowed(&named) {
            Ok(CheckedFile { file, file_type: named, name })
        } else {
            Err(FileError::WrongType)
        };
    }
    // The content decides, and the name gets its ending: the server and its agents rely on it.
    let real = recognised(&mut file).map_err(|error| read_error(&error))?;
    let Some(file_type) = real.filter(allowed) else {
        return Err(if allowed(&named) { FileError::WrongContent } else { FileError::WrongType });
    };
    let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
    let name = format!("{stem}.{}", file_type.ending());
    Ok(CheckedFile { file, file_type, name })
}

/// Copies the file into the account's folder, under a name made from `random`. The copy is durable when this returns.
/// Size and type are checked again while the file is copied, because another process may be writing to it.
pub(crate) fn copy_in(
    folder: &Folder,
    mut checked: CheckedFile,
    random: [u8; 16],
    limits: &AttachmentLimits,
) -> Result<Copied, FileError> {
    let hex = random.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let stored_as = format!("{hex}.{}", checked.file_type.ending());
    fs::create_dir_all(folder.outgoing()).map_err(|error| write_error(&error))?;
    let path = folder.outgoing().join(&stored_as);
    let part = part_of(&path);
    let copied = copy_bytes(&mut checked, &part, limits)
        .and_then(|written| finish(&part, &path).map(|()| written).map_err(|error| write_error(&error)));
    match copied {
        Ok((size, sha256)) => {
            let content_type = checked.file_type.content_type();
            Ok(Copied { stored_as, name: checked.name, content_type, size, sha256 })
        }
        Err(error) => {
            // If this fails, the file is removed when the account is opened again, because it has no row.
            let _ = remove_if_there(&part);
            Err(error)
        }
    }
}

fn copy_bytes(checked: &mut CheckedFile, part: &Path, limits: &AttachmentLimits) -> Result<(u64, [u8; 32]), FileError> {
    let mut target = OpenOptions::new().write(true).create_new(true).open(part).map_err(|error| write_error(&error))?;
    let (mut piece, mut size, mut hash) = (vec![0; PIECE], 0_u64, Sha256::new());
    let mut utf16 = false;
    loop {
        let length = match checked.file.read(&mut piece) {
            Ok(0) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(|error| read_error(&error))?,
        };
        let bytes = &piece[..length];
        utf16 |= size == 0 && is_utf16(bytes);
        size += length as u64;
        if size > limits.max_bytes {
            return Err(FileError::TooLarge { limit: limits.max_bytes });
        }
        if !checked.file_type.allows(bytes, utf16) {
            return Err(FileError::WrongContent);
        }
        hash.update(bytes);
        target.write_all(bytes).map_err(|error| write_error(&error))?;
    }
    if size == 0 {
        return Err(FileError::Empty);
    }
    target.sync_all().map_err(|error| write_error(&error))?;
    Ok((size, hash.finalize().into()))
}

fn write_error(error: &io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::NoSpace,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FileError::NotWritable,
        _ => FileError::Io { code: code_of(error) },
    }
}

fn read_error(error: &io::Error) -> FileError {
    FileError::Unreadable { code: code_of(error) }
}

/// The operating system's error code; -1 if there is none.
fn code_of(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn limits() -> AttachmentLimits {
        let types = vec![FileType::Png, FileType::Csv];
        AttachmentLimits { max_files: 2, max_bytes: 300_000, types, shrinks_photos: false }
    }

    struct Fixture {
        place: TempDir,
        folder: Folder,
    }

    fn fixture() -> Fixture {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::of(place.path());
        Fixture { place, folder }
    }

    impl Fixture {
        fn attach(&self, name: &str, bytes: &[u8]) -> Result<Copied, FileError> {
            let source = self.place.path().join("source");
            fs::write(&source, bytes).unwrap();
            let checked = check(&source, name, 0, &limits())?;
            copy_in(&self.folder, checked, [7; 16], &limits())
        }

        fn kept(&self) -> Vec<Vec<u8>> {
            let entries = fs::read_dir(self.folder.outgoing()).into_iter().flatten();
            entries.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
        }
    }

    #[test]
    fn a_copy_is_the_file() {
        let fixture = fixture();
        let bytes =
            [b"\x89PNG\r\n\x1a\n".to_vec(), (0..200_000_u32).flat_map(u32::to_le_bytes).take(250_000).collect()]
                .concat();
        let copied = fixture.attach("Grüße 👋.PNG", &bytes).unwrap();
        assert_eq!((copied.name.as_str(), copied.content_type), ("Grüße 👋.PNG", "image/png"));
        assert_eq!(copied.size, bytes.len() as u64);
        assert_eq!(copied.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
        assert_eq!(fixture.kept(), [bytes]);
    }

    #[test]
    fn a_file_with_another_ending_is_taken_under_its_true_type() {
        let fixture = fixture();
        let limits = AttachmentLimits { types: vec![FileType::Jpg, FileType::Png, FileType::Txt], ..limits() };
        let jpeg = &b"\xff\xd8\xff\xe0\0\x10JFIF"[..];
        for (index, (given, bytes, name, content_type)) in [
            ("IMG_0042.HEIC", jpeg, "IMG_0042.jpg", "image/jpeg"),
            ("صورة.png", jpeg, "صورة.jpg", "image/jpeg"),
            ("Foto.jpeg", b"\x89PNG\r\n\x1a\n", "Foto.png", "image/png"),
            ("Foto.JPEG", jpeg, "Foto.JPEG", "image/jpeg"),
            ("build.LOG", b"\x1b[32mfertig\x1b[0m\n\x1a", "build.LOG.txt", "text/plain"),
        ]
        .into_iter()
        .enumerate()
        {
            let source = fixture.place.path().join("source");
            fs::write(&source, bytes).unwrap();
            let checked = check(&source, given, 0, &limits).unwrap();
            let copied = copy_in(&fixture.folder, checked, [u8::try_from(index).unwrap(); 16], &limits).unwrap();
            assert_eq!((&*copied.name, copied.content_type), (name, content_type), "{given}");
        }
    }

    #[test]
    fn a_file_that_is_refused_leaves_nothing_behind() {
        let fixture = fixture();
        let large = vec![b'a'; 300_001];
        let late = [vec![b'a'; 2 * PIECE], vec![0]].concat();
        for (name, bytes, expected) in [
            ("a.png", &b""[..], FileError::Empty),
            ("a.png", b"<svg/>", FileError::WrongContent),
            ("a.exe", b"MZ", FileError::WrongType),
            ("a.pdf", b"%PDF-1.4", FileError::WrongType),
            ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0", FileError::WrongType),
            ("a.csv", b"RIFF\x24\0\0\0WEBPVP8 ", FileError::WrongContent),
            ("a.csv", &large, FileError::TooLarge { limit: 300_000 }),
            ("a.csv", &late, FileError::WrongContent),
        ] {
            assert_eq!(fixture.attach(name, bytes).unwrap_err(), expected, "{name}");
            assert!(fixture.kept().is_empty(), "{name}");
        }
        let missing = check(&fixture.place.path().join("nowhere"), "a.png", 0, &limits());
        // ENOENT is 2 everywhere. A folder is no regular file, which is no error of the operating system.
        assert_eq!(missing.unwrap_err(), FileError::Unreadable { code: 2 });
        let folder = check(fixture.place.path(), "a.png", 0, &limits());
        assert_eq!(folder.unwrap_err(), FileError::Unreadable { code: -1 });
        assert_eq!(check(fixture.place.path(), "a.png", 2, &limits()).unwrap_err(), FileError::TooMany { limit: 2 });
    }

    #[test]
    fn a_file_that_grows_while_it_is_copied_is_counted_again() {
        let fixture = fixture();
        let source = fixture.place.path().join("source");
        fs::write(&source, "a;b\n").unwrap();
        let checked = check(&source, "a.csv", 0, &limits()).unwrap();
        fs::write(&source, vec![b'a'; 300_001]).unwrap();
        let copied = copy_in(&fixture.folder, checked, [7; 16], &limits());
        assert_eq!(copied.unwrap_err(), FileError::TooLarge { limit: 300_000 });
        assert!(fixture.kept().is_empty());
    }
}

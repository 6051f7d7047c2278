//! Recognises the type of a file by its content, to compare it with the type that its ending claims (`docs/product.md`,
//! S12).
//!
//! The server and its agents rely on the ending, so the first bytes of a file must agree with it. The check
//! distinguishes families and not formats: it stops a program that is named like a picture, and it does not check
//! whether a picture is intact. SVG and HTML are texts that run in a browser, so they never count as pictures.
//!
//! A phone often gives a file another ending than its own: a JPEG is called `.heic`. Such a file is
//! [`recognised`] by its content, so that it can be sent under its true type.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::model::FileType;

/// How a type is recognised by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signature {
    Text,
    /// A JSON object with a `log`.
    Har,
    Pdf,
    /// The compound file format of older office programs.
    Compound,
    /// A zip archive with an entry in this folder. With a password it is a compound file around that archive.
    Office(&'static [u8]),
    Zip,
    Starts(&'static [&'static [u8]]),
    Webp,
    /// An ISO media file that is not a still picture, or one from before brands existed.
    Video,
    /// An ISO media file that is a still picture.
    Still,
}

/// The beginning of a compound file.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The beginning of a zip archive.
const ZIP: &[u8] = b"PK\x03\x04";
/// What some programs write before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes at the beginning and at the end of a file are examined.
const END_BYTES: usize = 64 * 1024;

impl FileType {
    /// Whether the content of `file` can be what its ending claims, judged by its first and last bytes. A HAR file is
    /// read through. Afterwards the file is positioned at its beginning.
    pub(crate) fn fits(self, file: &mut File) -> std::io::Result<bool> {
        let head = read_end(file, SeekFrom::Start(0))?;
        let fits = match signature(self) {
            Signature::Text => is_text(&head),
            Signature::Har => is_har(file)?,
            Signature::Pdf => contains(&head[..head.len().min(1024)], b"%PDF-"),
            Signature::Compound => head.starts_with(COMPOUND),
            Signature::Zip => head.starts_with(ZIP),
            Signature::Office(folder) => {
                // A zip archive has the name of each entry before the entry, and all names again at its end.
                head.starts_with(ZIP) && (contains(&head, folder) || contains(&tail(file)?, folder))
                    || head.starts_with(COMPOUND) && contains(&directory(file, &head)?, &wide("EncryptedPackage"))
            }
            Signature::Starts(marks) => marks.iter().any(|mark| head.starts_with(mark)),
            Signature::Webp => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
            Signature::Video => is_video(&head),
            Signature::Still => brand(&head).is_some_and(is_still),
        };
        file.seek(SeekFrom::Start(0))?;
        Ok(fits)
    }

    /// Whether `chunk` can be part of a file of this type. [`fits`](Self::fits) examines only both ends of a file; this
    /// examines all of it, while it is copied.
    pub(crate) fn allows(self, chunk: &[u8], utf16: bool) -> bool {
        signature(self) != Signature::Text || utf16 || chunk.iter().all(|byte| is_text_byte(*byte))
    }
}

/// The type that the content of `file` shows, whatever the name says. `None` if it shows none: a text can be anything.
/// Afterwards the file is positioned at its beginning.
pub(crate) fn recognised(file: &mut File) -> std::io::Result<Option<FileType>> {
    let head = read_end(file, SeekFrom::Start(0))?;
    let found = if head.starts_with(COMPOUND) {
        let directory = directory(file, &head)?;
        let holds = |name| contains(&directory, &wide(name));
        if holds("WordDocument") {
            Some(FileType::Doc)
        } else {
            (holds("Workbook") || holds("Book")).then_some(FileType::Xls)
        }
    } else if head.starts_with(ZIP) {
        let tail = tail(file)?;
        let holds = |folder: &[u8]| contains(&head, folder) || contains(&tail, folder);
        Some(if holds(b"word/") {
            FileType::Docx
        } else if holds(b"xl/") {
            FileType::Xlsx
        } else {
            FileType::Zip
        })
    } else if head.starts_with(b"%PDF-") {
        Some(FileType::Pdf)
    } else {
        let plain = [FileType::Jpg, FileType::Png, FileType::Gif, FileType::Webp, FileType::Heic, FileType::Mov];
        let mut found = None;
        for file_type in plain {
            if found.is_none() && file_type.fits(file)? {
                found = Some(file_type);
            }
        }
        found.map(|found| match (found, brand(&head)) {
            (FileType::Mov, Some(brand)) if brand != b"qt  " => FileType::Mp4,
            _ => found,
        })
    };
    file.seek(SeekFrom::Start(0))?;
    Ok(found)
}

/// The way to recognise `file_type`.
fn signature(file_type: FileType) -> Signature {
    match file_type {
        FileType::Csv | FileType::Tsv | FileType::Txt => Signature::Text,
        FileType::Har => Signature::Har,
        FileType::Pdf => Signature::Pdf,
        FileType::Doc | FileType::Xls => Signature::Compound,
        FileType::Docx => Signature::Office(b"word/"),
        FileType::Xlsx => Signature::Office(b"xl/"),
        FileType::Jpg => Signature::Starts(&[b"\xff\xd8\xff"]),
        FileType::Png => Signature::Starts(&[b"\x89PNG\r\n\x1a\n"]),
        FileType::Gif => Signature::Starts(&[b"GIF87a", b"GIF89a"]),
        FileType::Webp => Signature::Webp,
        FileType::Heic => Signature::Still,
        FileType::Mp4 | FileType::Mov => Signature::Video,
        FileType::Zip => Signature::Zip,
    }
}

/// Whether a text is in UTF-16, which its first two bytes tell. In UTF-16 every byte value can occur.
pub(crate) fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff")
}

/// Whether this is text in any encoding that spreadsheet programs write: no control characters other than those of
/// lines.
fn is_text(head: &[u8]) -> bool {
    let disguised = [&b"%PDF-"[..], b"GIF87a", b"GIF89a", b"{\\rtf"].iter().any(|mark| head.starts_with(mark));
    !disguised && (is_utf16(head) || head.iter().all(|byte| is_text_byte(*byte)))
}

/// Besides the control characters of lines, logs have those of terminals: bell, backspace, shifts, and the escape that
/// begins a colour. An old one ends with Ctrl-Z.
fn is_text_byte(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f || matches!(byte, 0x07..=0x0f | 0x1a | 0x1b)
}

/// Whether the file is JSON with a `log`. It is read as a stream, and nothing of it is kept.
fn is_har(file: &mut File) -> std::io::Result<bool> {
    #[derive(Deserialize)]
    struct Har {
        #[expect(dead_code, reason = "only its presence counts")]
        log: IgnoredAny,
    }
    let head = read_end(file, SeekFrom::Start(0))?;
    let start = if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    // A list would be read as the fields in their order.
    if !head[start..].trim_ascii_start().starts_with(b"{") {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(start as u64))?;
    match serde_json::from_reader::<_, Har>(BufReader::new(file)) {
        Err(error) if error.is_io() => Err(error.into()),
        read => Ok(read.is_ok()),
    }
}

/// Whether this is an ISO media file with a brand that no still picture has, or one from before brands existed.
fn is_video(head: &[u8]) -> bool {
    let older =
        head.get(4..8).is_some_and(|atom| [b"moov", b"mdat", b"wide", b"free", b"skip"].iter().any(|a| *a == atom));
    older || brand(head).is_some_and(|brand| !is_still(brand) && !brand.starts_with(b"M4A"))
}

fn brand(head: &[u8]) -> Option<&[u8]> {
    head.get(4..8).filter(|atom| atom == b"ftyp").and_then(|_| head.get(8..12))
}

fn is_still(brand: &[u8]) -> bool {
    [&b"heic"[..], b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"].contains(&brand)
}

/// The beginning of a compound file's directory, which has the name of each of its streams in UTF-16. `head` is the
/// beginning of the file.
fn directory(file: &mut File, head: &[u8]) -> std::io::Result<Vec<u8>> {
    // A sector has 512 or 4096 bytes; the number of the directory's first sector counts from behind the header.
    let size = if head.get(30) == Some(&12) { 4096 } else { 512 };
    let first = head.get(48..52).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes);
    read_end(file, SeekFrom::Start((u64::from(first) + 1) * size))
}

/// `name` in UTF-16, as a compound file writes it.
fn wide(name: &str) -> Vec<u8> {
    name.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn tail(file: &mut File) -> std::io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    read_end(file, SeekFrom::Start(length.saturating_sub(END_BYTES as u64)))
}

fn read_end(file: &mut File, from: SeekFrom) -> std::io::Result<Vec<u8>> {
    file.seek(from)?;
    let mut bytes = Vec::with_capacity(END_BYTES);
    file.take(END_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    fn fits(file_type: FileType, bytes: &[u8]) -> bool {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file_type.fits(&mut file).unwrap()
    }

    /// The beginning of a small archive: only the names of its entries.
    fn archive(names: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for name in names {
            bytes.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0");
            bytes.extend_from_slice(&[0; 20]);
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes
    }

    /// A small compound file with a stream of that name, whose directory is in its third sector.
    fn compound(stream: &str) -> Vec<u8> {
        let mut bytes = COMPOUND.to_vec();
        bytes.resize(30, 0);
        bytes.extend_from_slice(&[9, 0]);
        bytes.resize(48, 0);
        bytes.extend_from_slice(&2_u32.to_le_bytes());
        bytes.resize(3 * 512, 0);
        bytes.extend(wide(stream));
        bytes.resize(4 * 512, 0);
        bytes
    }

    /// A valid example of every type.
    fn samples() -> Vec<(FileType, Vec<u8>)> {
        vec![
            (FileType::Csv, "Datum;Umsatz\r\n01.03.2026;1.234,56 €\r\n".into()),
            (FileType::Csv, b"Stra\xdfe;M\xfcnchen\n".to_vec()),
            (FileType::Csv, b"\xff\xfeD\0a\0t\0u\0m\0".to_vec()),
            (FileType::Tsv, "شركة\t12\n".into()),
            (FileType::Txt, "\u{feff}Guten Tag 👋\n".into()),
            (FileType::Har, r#"{ "log": { "version": "1.2", "entries": [] } }"#.into()),
            (FileType::Har, "\u{feff}{ \"log\": {} }".into()),
            (FileType::Txt, "\u{1b}[31mFehler:\u{1b}[0m Gerät nicht gefunden\r\n\u{1a}".into()),
            (FileType::Docx, compound("EncryptedPackage")),
            (FileType::Xlsx, compound("EncryptedPackage")),
            (FileType::Pdf, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec()),
            (FileType::Doc, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ...".to_vec()),
            (FileType::Xls, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ...".to_vec()),
            (FileType::Docx, archive(&["[Content_Types].xml", "word/document.xml"])),
            (FileType::Xlsx, archive(&["[Content_Types].xml", "xl/workbook.xml"])),
            (FileType::Jpg, b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec()),
            (FileType::Png, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
            (FileType::Gif, b"GIF89a\x01\0".to_vec()),
            (FileType::Webp, b"RIFF\x24\0\0\0WEBPVP8 ".to_vec()),
            (FileType::Heic, b"\0\0\0\x18ftypheic\0\0\0\0".to_vec()),
            (FileType::Mp4, b"\0\0\0\x18ftypisom\0\0\x02\0".to_vec()),
            (FileType::Mov, b"\0\0\0\x14ftypqt  \0\0\0\0".to_vec()),
            (FileType::Mov, b"\0\0\0\x08wide\0\0\x10\0mdat".to_vec()),
            (FileType::Zip, archive(&["Belege/März.txt"])),
        ]
    }

    #[test]
    fn a_file_is_what_it_claims() {
        for (file_type, bytes) in samples() {
            assert!(fits(file_type, &bytes), "{file_type:?}");
        }
        for (file_type, bytes) in [
            (FileType::Png, &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"[..]),
            (FileType::Jpg, b"<!DOCTYPE html><title>x</title>"),
            (FileType::Gif, b"GIF88a"),
            (FileType::Pdf, b"MZ\x90\0\x03"),
            (FileType::Csv, b"Datum;Umsatz\0"),
            (FileType::Txt, b"%PDF-1.7\n"),
            (FileType::Har, b"{ \"log\": "),
            (FileType::Har, b"{ \"entries\": [] }"),
            (FileType::Har, b"log"),
            (FileType::Mp4, b"\0\0\0\x18ftypheic\0\0\0\0"),
            (FileType::Mov, b"GIF89a..."),
            (FileType::Docx, b"PK\x03\x04 just an archive"),
            (FileType::Docx, &compound("WordDocument")),
            (FileType::Txt, b"Fehler\0"),
            (FileType::Webp, b"RIFF\x24\0\0\0WAVEfmt "),
            (FileType::Png, b""),
        ] {
            assert!(!fits(file_type, bytes), "{file_type:?} {bytes:?}");
        }
    }

    #[test]
    fn a_file_with_the_wrong_ending_is_recognised() {
        for (bytes, expected) in [
            (&b"\xff\xd8\xff\xe0\0\x10JFIF"[..], Some(FileType::Jpg)),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Some(FileType::Heic)),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some(FileType::Webp)),
            (b"\0\0\0\x18ftypisom\0\0\x02\0", Some(FileType::Mp4)),
            (b"\0\0\0\x14ftypqt  \0\0\0\0", Some(FileType::Mov)),
            (b"%PDF-1.7\n", Some(FileType::Pdf)),
            (&archive(&["[Content_Types].xml", "xl/workbook.xml"]), Some(FileType::Xlsx)),
            (&archive(&["Belege.txt"]), Some(FileType::Zip)),
            (&compound("WordDocument"), Some(FileType::Doc)),
            (&compound("Workbook"), Some(FileType::Xls)),
            (&compound("EncryptedPackage"), None),
            (b"<!DOCTYPE html>", None),
            (b"MZ\x90\0", None),
            (b"", None),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            assert_eq!(recognised(&mut file).unwrap(), expected, "{bytes:?}");
        }
    }

    #[test]
    fn the_folder_of_an_office_file_is_found_at_its_end() {
        let mut bytes = archive(&["[Content_Types].xml"]);
        bytes.extend(vec![7; 3 * END_BYTES]);
        assert!(!fits(FileType::Xlsx, &bytes));
        bytes.extend(archive(&["xl/workbook.xml"]));
        assert!(fits(FileType::Xlsx, &bytes));
    }

    proptest! {
        /// No file passes as a picture, video or document of another family.
        #[test]
        fn a_file_passes_only_as_its_own_family(index in 0_usize..24, other in 0_usize..24, tail in prop::collection::vec(any::<u8>(), 0..200)) {
            let (samples, family) = (samples(), |t: FileType| match signature(t) {
                Signature::Office(_) | Signature::Zip => "archive",
                Signature::Text | Signature::Har => "text",
                Signature::Compound => "compound",
                Signature::Video => "video",
                _ => t.ending(),
            });
            let ((claimed, _), (real, bytes)) = (&samples[index], &samples[other]);
            prop_assume!(family(*claimed) != family(*real));
            // An office file with a password is a compound file.
            prop_assume!(!(family(*claimed) == "compound" && bytes.starts_with(COMPOUND)));
            let mut bytes = bytes.clone();
            bytes.extend_from_slice(&tail);
            let is_tolerant = matches!(signature(*claimed), Signature::Pdf) || (family(*claimed) == "text" && is_utf16(&bytes));
            prop_assert!(is_tolerant || !fits(*claimed, &bytes), "{real:?} as {claimed:?}");
        }

        /// Any bytes get an answer, and none causes an error or a panic.
        #[test]
        fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300), index in 0_usize..24) {
            fits(samples()[index].0, &bytes);
        }
    }
}

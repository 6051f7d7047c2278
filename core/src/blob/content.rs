//! Which file is what: by its ending, and by what is in it (S12).
//!
//! The ending says what a file claims to be, the first bytes whether it is. Both must agree, because a server and the agents
//! behind it go by the ending. The check is one of families, not of formats: it keeps a program out that calls itself a
//! picture, and does not judge whether a picture is sound. SVG and HTML are texts that run in a browser, so they are never
//! pictures.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::model::FileType;

/// How a type is recognised from the inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Text,
    /// JSON with a `log`.
    Har,
    Pdf,
    /// The compound file of older office programs.
    Compound,
    /// A zip archive with an entry in that folder.
    Office(&'static [u8]),
    Zip,
    Starts(&'static [&'static [u8]]),
    Webp,
    /// An ISO media file that is no still picture, or one of before there were any.
    Video,
    /// An ISO media file that is a still picture.
    Still,
}

/// How much of a file's begin, and of its end, is looked at.
const EDGE: usize = 64 * 1024;

impl FileType {
    /// Whether the file may be what its ending claims, as far as its edges say; a HAR is read through. Leaves the file at its
    /// beginning.
    pub(crate) fn fits(self, file: &mut File) -> std::io::Result<bool> {
        let head = edge(file, SeekFrom::Start(0))?;
        let fits = match inside(self) {
            Inside::Text => is_text(&head),
            Inside::Har => is_har(file)?,
            Inside::Pdf => contains(&head[..head.len().min(1024)], b"%PDF-"),
            Inside::Compound => head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            Inside::Zip => head.starts_with(b"PK\x03\x04"),
            Inside::Office(folder) => {
                // The names stand before each entry, and all of them once more at the end.
                head.starts_with(b"PK\x03\x04") && (contains(&head, folder) || contains(&tail(file)?, folder))
            }
            Inside::Starts(marks) => marks.iter().any(|mark| head.starts_with(mark)),
            Inside::Webp => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
            Inside::Video => is_video(&head),
            Inside::Still => brand(&head).is_some_and(is_still),
        };
        file.seek(SeekFrom::Start(0))?;
        Ok(fits)
    }

    /// Whether `chunk`, any part of the file, may stand in a file of this type. What [`fits`](Self::fits) saw the edges of is
    /// looked at whole while it is copied.
    pub(crate) fn allows(self, chunk: &[u8], utf16: bool) -> bool {
        inside(self) != Inside::Text || utf16 || chunk.iter().all(|byte| is_text_byte(*byte))
    }
}

/// How a type is recognised.
fn inside(file_type: FileType) -> Inside {
    match file_type {
        FileType::Csv | FileType::Tsv | FileType::Txt => Inside::Text,
        FileType::Har => Inside::Har,
        FileType::Pdf => Inside::Pdf,
        FileType::Doc | FileType::Xls => Inside::Compound,
        FileType::Docx => Inside::Office(b"word/"),
        FileType::Xlsx => Inside::Office(b"xl/"),
        FileType::Jpg => Inside::Starts(&[b"\xff\xd8\xff"]),
        FileType::Png => Inside::Starts(&[b"\x89PNG\r\n\x1a\n"]),
        FileType::Gif => Inside::Starts(&[b"GIF87a", b"GIF89a"]),
        FileType::Webp => Inside::Webp,
        FileType::Heic => Inside::Still,
        FileType::Mp4 | FileType::Mov => Inside::Video,
        FileType::Zip => Inside::Zip,
    }
}

/// A text in UTF-16 says so with its first two bytes; in it, every byte may stand.
pub(crate) fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff")
}

/// Text in any encoding that spreadsheets write: without control characters other than those of lines.
fn is_text(head: &[u8]) -> bool {
    let disguised = [&b"%PDF-"[..], b"GIF87a", b"GIF89a", b"{\\rtf"].iter().any(|mark| head.starts_with(mark));
    !disguised && (is_utf16(head) || head.iter().all(|byte| is_text_byte(*byte)))
}

fn is_text_byte(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)
}

/// Read as a stream: nothing of it is kept.
fn is_har(file: &mut File) -> std::io::Result<bool> {
    #[derive(Deserialize)]
    struct Har {
        #[expect(dead_code, reason = "that it is there is all that counts")]
        log: IgnoredAny,
    }
    file.seek(SeekFrom::Start(0))?;
    match serde_json::from_reader::<_, Har>(BufReader::new(file)) {
        Err(error) if error.is_io() => Err(error.into()),
        read => Ok(read.is_ok()),
    }
}

/// Whether it is an ISO media file with a brand that no still picture has, or begins like one of before there were brands.
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

fn tail(file: &mut File) -> std::io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    edge(file, SeekFrom::Start(length.saturating_sub(EDGE as u64)))
}

fn edge(file: &mut File, from: SeekFrom) -> std::io::Result<Vec<u8>> {
    file.seek(from)?;
    let mut bytes = Vec::with_capacity(EDGE);
    file.take(EDGE as u64).read_to_end(&mut bytes)?;
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

    /// A small archive with one stored entry, as far as its names go.
    fn archive(names: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for name in names {
            bytes.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0");
            bytes.extend_from_slice(&[0; 20]);
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes
    }

    /// A sound example of every type.
    fn samples() -> Vec<(FileType, Vec<u8>)> {
        vec![
            (FileType::Csv, "Datum;Umsatz\r\n01.03.2026;1.234,56 €\r\n".into()),
            (FileType::Csv, b"Stra\xdfe;M\xfcnchen\n".to_vec()),
            (FileType::Csv, b"\xff\xfeD\0a\0t\0u\0m\0".to_vec()),
            (FileType::Tsv, "شركة\t12\n".into()),
            (FileType::Txt, "\u{feff}Guten Tag 👋\n".into()),
            (FileType::Har, r#"{ "log": { "version": "1.2", "entries": [] } }"#.into()),
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
            (FileType::Webp, b"RIFF\x24\0\0\0WAVEfmt "),
            (FileType::Png, b""),
        ] {
            assert!(!fits(file_type, bytes), "{file_type:?} {bytes:?}");
        }
    }

    #[test]
    fn the_folder_of_an_office_file_is_found_at_its_end() {
        let mut bytes = archive(&["[Content_Types].xml"]);
        bytes.extend(vec![7; 3 * EDGE]);
        assert!(!fits(FileType::Xlsx, &bytes));
        bytes.extend(archive(&["xl/workbook.xml"]));
        assert!(fits(FileType::Xlsx, &bytes));
    }

    proptest! {
        /// A file passes as no picture, video or document but its own.
        #[test]
        fn nothing_passes_as_something_else(index in 0_usize..20, other in 0_usize..20, tail in prop::collection::vec(any::<u8>(), 0..200)) {
            let (samples, family) = (samples(), |t: FileType| match inside(t) {
                Inside::Office(_) | Inside::Zip => "archive",
                Inside::Text | Inside::Har => "text",
                Inside::Compound => "compound",
                Inside::Video => "video",
                _ => t.ending(),
            });
            let ((claimed, _), (real, bytes)) = (&samples[index], &samples[other]);
            prop_assume!(family(*claimed) != family(*real));
            let mut bytes = bytes.clone();
            bytes.extend_from_slice(&tail);
            let is_tolerant = matches!(inside(*claimed), Inside::Pdf) || (family(*claimed) == "text" && is_utf16(&bytes));
            prop_assert!(is_tolerant || !fits(*claimed, &bytes), "{real:?} as {claimed:?}");
        }

        /// Any bytes may come; none makes the check fail otherwise than by its answer.
        #[test]
        fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..300), index in 0_usize..20) {
            fits(samples()[index].0, &bytes);
        }
    }
}

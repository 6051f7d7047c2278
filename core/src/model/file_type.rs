//! The types of files that a product can allow, and their limits.

/// A type of file that a product can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileType {
    /// Comma-separated values.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// Plain text.
    Txt,
    /// A browser's recording of its network traffic.
    Har,
    /// A PDF document.
    Pdf,
    /// A text document in the format used before 2007.
    Doc,
    /// A text document.
    Docx,
    /// A spreadsheet in the format used before 2007.
    Xls,
    /// A spreadsheet.
    Xlsx,
    /// A photo. The ending `jpeg` means the same.
    Jpg,
    /// A picture.
    Png,
    /// A picture, possibly animated.
    Gif,
    /// A picture.
    Webp,
    /// A photo as phones take it.
    Heic,
    /// A video.
    Mp4,
    /// A video as phones take it.
    Mov,
    /// An archive.
    Zip,
}

/// Every type with its ending and its media type.
const TYPES: [(FileType, &str, &str); 17] = [
    (FileType::Csv, "csv", "text/csv"),
    (FileType::Tsv, "tsv", "text/tab-separated-values"),
    (FileType::Txt, "txt", "text/plain"),
    (FileType::Har, "har", "application/json"),
    (FileType::Pdf, "pdf", "application/pdf"),
    (FileType::Doc, "doc", "application/msword"),
    (FileType::Docx, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (FileType::Xls, "xls", "application/vnd.ms-excel"),
    (FileType::Xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (FileType::Jpg, "jpg", "image/jpeg"),
    (FileType::Png, "png", "image/png"),
    (FileType::Gif, "gif", "image/gif"),
    (FileType::Webp, "webp", "image/webp"),
    (FileType::Heic, "heic", "image/heic"),
    (FileType::Mp4, "mp4", "video/mp4"),
    (FileType::Mov, "mov", "video/quicktime"),
    (FileType::Zip, "zip", "application/zip"),
];

impl FileType {
    /// Every type that Pocketdesk knows.
    pub fn all() -> impl Iterator<Item = Self> {
        TYPES.iter().map(|(known, ..)| *known)
    }

    /// The type that belongs to a file name's ending. Case is ignored, and `jpeg` is [`Jpg`](Self::Jpg).
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        let ending = ending.to_ascii_lowercase();
        let ending = if ending == "jpeg" { "jpg" } else { &*ending };
        TYPES.iter().find(|(_, known, ..)| *known == ending).map(|(file_type, ..)| *file_type)
    }

    /// The type that belongs to the ending of `name`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        name.rsplit_once('.').and_then(|(_, ending)| Self::of_ending(ending))
    }

    /// The usual ending, in lower case.
    #[must_use]
    pub fn ending(self) -> &'static str {
        self.row().1
    }

    /// The media type.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> &'static (Self, &'static str, &'static str) {
        // Every type has a row, which a test checks. The first row stands in for a missing one only to avoid a panic.
        TYPES.iter().find(|(file_type, ..)| *file_type == self).unwrap_or(&TYPES[0])
    }
}

/// The limits of attachments (`docs/product.md`, S12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentLimits {
    /// The largest number of files in one message.
    pub max_files: u32,
    /// The largest size of one file, in bytes.
    pub max_bytes: u64,
    /// The allowed types, in the order in which a user reads them.
    pub types: Vec<FileType>,
    /// Whether a photo that is too large, or of a type that is not allowed, is offered as a smaller JPG.
    pub shrinks_photos: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_read_in_any_case() {
        for (name, expected) in [
            ("foto.JPEG", Some(FileType::Jpg)),
            ("foto.jpg", Some(FileType::Jpg)),
            ("Klicks März.Csv", Some(FileType::Csv)),
            ("archiv.tar.PDF", Some(FileType::Pdf)),
            ("bild.svg", None),
            ("seite.html", None),
            ("programm.exe", None),
            ("pdf", None),
            ("", None),
        ] {
            assert_eq!(FileType::of_name(name), expected, "{name}");
        }
        for (file_type, ending, content_type) in TYPES {
            assert_eq!(FileType::of_ending(ending), Some(file_type));
            assert_eq!((file_type.ending(), file_type.content_type()), (ending, content_type));
        }
    }
}

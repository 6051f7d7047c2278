//! Photos that cannot be attached as they are, and can be as smaller JPGs (`docs/product.md`, S12).
//!
//! A phone's photo is often larger than a help desk allows, or a HEIC, which many help desks do not take. Nobody can be
//! expected to convert it by hand. Core says whether a picked file is such a photo, under which name its JPG is attached,
//! and which sizes to try; the platform, which has the decoders, makes the JPG. It is then attached like any other file.

use std::fs::File;
use std::path::Path;

use super::content::recognised;
use crate::model::{AttachmentLimits, FileType, clean_name};

/// The types of pictures of which a JPG shows everything. An animation would stand still.
const PHOTOS: [FileType; 4] = [FileType::Jpg, FileType::Png, FileType::Webp, FileType::Heic];

/// The longest edge and the quality of each attempt. The first is sharp on every screen. The last takes about 60 KB, whatever
/// the picture shows.
const ATTEMPTS: [(u32, u8); 8] =
    [(2_560, 85), (2_560, 70), (2_048, 70), (1_600, 70), (1_280, 70), (1_024, 65), (768, 60), (512, 50)];

/// How a photo can be attached that cannot be as it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SmallerPhoto {
    /// The name under which to attach the JPG.
    pub name: String,
    /// The most bytes that the JPG can have.
    pub max_bytes: u64,
    /// What to try, in order, until the JPG has at most [`max_bytes`](Self::max_bytes).
    pub attempts: Vec<PhotoAttempt>,
}

/// One attempt to make a JPG that is small enough. The JPG carries none of the photo's metadata, so that it does not tell
/// where it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct PhotoAttempt {
    /// The longest edge in pixels. A picture that is smaller keeps its size.
    pub longest_edge: u32,
    /// The quality of the JPG, from 1 to 100.
    pub quality: u8,
}

/// How the file at `source` can be attached as a smaller JPG. `None` if it is no photo, if it can be attached as it is,
/// or if the product does not offer it. Of a photo that is too large, `source` may be a copy that ends one byte above
/// the limit.
pub(crate) fn smaller(source: &Path, name: &str, limits: &AttachmentLimits) -> Option<SmallerPhoto> {
    if !limits.shrinks_photos || !limits.types.contains(&FileType::Jpg) {
        return None;
    }
    let mut file = File::open(source).ok()?;
    let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let photo = recognised(&mut file).ok()?.filter(|known| PHOTOS.contains(known))?;
    if metadata.len() <= limits.max_bytes && limits.types.contains(&photo) {
        return None;
    }
    let name = clean_name(name);
    let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
    let attempts = ATTEMPTS.map(|(longest_edge, quality)| PhotoAttempt { longest_edge, quality });
    Some(SmallerPhoto { name: format!("{stem}.jpg"), max_bytes: limits.max_bytes, attempts: attempts.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";
    const HEIC: &[u8] = b"\0\0\0\x18ftypheic\0\0\0\0";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

    fn limits() -> AttachmentLimits {
        let types = vec![FileType::Pdf, FileType::Jpg, FileType::Png, FileType::Gif];
        AttachmentLimits { max_files: 5, max_bytes: 500_000, types, shrinks_photos: true }
    }

    fn offered(bytes: &[u8], size: usize, name: &str, limits: &AttachmentLimits) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("picked");
        let mut content = bytes.to_vec();
        content.resize(size.max(bytes.len()), 0);
        std::fs::write(&source, content).unwrap();
        let photo = smaller(&source, name, limits)?;
        assert_eq!(photo.max_bytes, limits.max_bytes);
        assert!(photo.attempts.windows(2).all(|pair| {
            let size = |attempt: &PhotoAttempt| (attempt.longest_edge, attempt.quality);
            size(&pair[1]) < size(&pair[0])
        }));
        Some(photo.name)
    }

    #[test]
    fn a_photo_that_is_too_large_or_of_a_type_that_is_not_allowed_can_be_a_smaller_jpg() {
        for (bytes, size, name, expected) in [
            (JPEG, 500_001, "Kaffee – Überweisung.JPEG", Some("Kaffee – Überweisung.jpg")),
            (PNG, 4_000_000, "Screenshot 2026-11-27.png", Some("Screenshot 2026-11-27.jpg")),
            (HEIC, 20_000, "IMG_0042.HEIC", Some("IMG_0042.jpg")),
            (HEIC, 2_000_000, "صورة", Some("صورة.jpg")),
            // Its name says otherwise, and its content decides.
            (PNG, 500_001, "Beleg.pdf", Some("Beleg.jpg")),
            (JPEG, 500_000, "Foto.jpg", None),
            (JPEG, 20_000, "IMG_0042.HEIC", None),
            (b"GIF89a", 900_000, "Ablauf.gif", None),
            (b"%PDF-1.7", 900_000, "Rechnung.pdf", None),
            (b"\0\0\0\x18ftypisom\0\0\0\0", 900_000, "Film.mp4", None),
            (b"", 0, "leer.jpg", None),
        ] {
            assert_eq!(offered(bytes, size, name, &limits()).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_product_that_takes_no_jpg_or_does_not_offer_it_gets_none() {
        let off = AttachmentLimits { shrinks_photos: false, ..limits() };
        let no_jpg = AttachmentLimits { types: vec![FileType::Png], ..limits() };
        assert_eq!(offered(JPEG, 900_000, "Foto.jpg", &off), None);
        assert_eq!(offered(JPEG, 900_000, "Foto.jpg", &no_jpg), None);
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(smaller(folder.path(), "Ordner.jpg", &limits()), None);
        assert_eq!(smaller(&folder.path().join("weg.jpg"), "weg.jpg", &limits()), None);
    }
}

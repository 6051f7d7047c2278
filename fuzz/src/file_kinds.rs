//! The first bytes of a file, and the type that it is sent under. The first byte of the input chooses the ending of the
//! file's name, and the rest is its content.

use std::fs;
use std::sync::{Mutex, OnceLock, PoisonError};

use pocketdesk::Client;
use pocketdesk::model::{DraftFile, DraftId, FileType, LONGEST_NAME, clean_name};
use pocketdesk::store::AttachError;
use tempfile::TempDir;

use crate::account;

const ENDINGS: [&str; 24] = [
    "csv", "tsv", "txt", "har", "pdf", "doc", "docx", "xls", "xlsx", "jpg", "png", "gif", "webp", "heic", "mp4", "mov",
    "zip", "JPEG", "log", "exe", "svg", "html", "", "Pdf",
];

/// An account with a draft that files are attached to.
struct Desk {
    folder: TempDir,
    client: Client,
    draft: DraftId,
}

static DESK: OnceLock<Mutex<Desk>> = OnceLock::new();

pub(crate) fn run(data: &[u8]) {
    let Some((ending, content)) = data.split_first() else { return };
    let ending = ENDINGS[usize::from(ending.wrapping_sub(b'a')) % ENDINGS.len()];
    let desk = DESK.get_or_init(|| Mutex::new(desk())).lock().unwrap_or_else(PoisonError::into_inner);
    let name = format!("Beleg März 写真.{ending}");
    let file = match desk.attach(content, &name) {
        Ok(file) => file,
        Err(AttachError::File(_)) => return,
        Err(error) => panic!("{error}"),
    };
    let known = FileType::of_name(&file.name).expect("an ending that servers know");
    assert_eq!(file.content_type, known.content_type(), "the type is the one of the ending");
    assert_eq!(file.size, content.len() as u64);
    assert!(file.size > 0, "an empty file is none");
    assert!(file.name.len() <= LONGEST_NAME && clean_name(&file.name) == file.name);
    assert!(is_possible(known, content), "{known:?} is no such content");
    // The recipient sees the name, so the name alone must lead to the same type.
    let again = desk.attach(content, &file.name).expect("it is accepted under its own name");
    assert_eq!((again.name, again.content_type), (file.name, file.content_type));
}

/// What the bytes of a type have in common, said once more without the code that decides it.
fn is_possible(known: FileType, content: &[u8]) -> bool {
    let begins = |with: &[u8]| content.starts_with(with);
    let holds = |part: &[u8]| content.windows(part.len()).any(|window| window == part);
    match known {
        FileType::Csv | FileType::Tsv | FileType::Txt => {
            begins(b"\xff\xfe")
                || begins(b"\xfe\xff")
                || !content.contains(&0) && !begins(b"%PDF-") && !begins(b"\x7fELF")
        }
        FileType::Har => {
            serde_json::from_slice::<serde_json::Value>(content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content)).is_ok_and(|json| json.is_object() || json.is_array())
            // Deeper than a reader of trees goes, or with bytes in its texts that are no UTF-8.
            || holds(b"\"log\"") || holds(b"\\u")
        }
        FileType::Pdf => holds(b"%PDF-"),
        FileType::Doc | FileType::Xls => begins(b"\xd0\xcf\x11\xe0"),
        FileType::Docx | FileType::Xlsx => begins(b"\xd0\xcf\x11\xe0") || begins(b"PK\x03\x04"),
        FileType::Zip => begins(b"PK\x03\x04"),
        FileType::Jpg => begins(b"\xff\xd8\xff"),
        FileType::Png => begins(b"\x89PNG\r\n\x1a\n"),
        FileType::Gif => begins(b"GIF8"),
        FileType::Webp => begins(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        FileType::Heic => content.get(4..8) == Some(b"ftyp"),
        FileType::Mp4 | FileType::Mov => content.len() >= 8 && content[4..8].iter().all(u8::is_ascii_lowercase),
    }
}

impl Desk {
    /// Attaches a file, and removes it from the draft again.
    fn attach(&self, content: &[u8], name: &str) -> Result<DraftFile, AttachError> {
        let source = self.folder.path().join("picked");
        fs::write(&source, content).expect("a file");
        let file = self.client.attach(&self.draft, &source, name)?;
        self.client.detach(file.id).expect("it was attached");
        Ok(file)
    }
}

fn desk() -> Desk {
    let folder = account::folder();
    let client = account::open(folder.path()).expect("a new account");
    let mut draft = client.ticket_draft().expect("a draft");
    "Anhang".clone_into(&mut draft.subject);
    client.save_ticket_draft(&draft).expect("saved");
    Desk { folder, client, draft: draft.id }
}

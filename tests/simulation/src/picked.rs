//! The files that users pick.

use std::sync::Arc;

use pocketdesk::attachments::AttachError;

use crate::desk::File;

/// A file that was attached: one of the usual ones, with what nobody else has in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Picked {
    /// Ascending in the order of attaching.
    pub serial: u32,
    pub which: u8,
}

/// As it is called where it was picked, as it is kept, its type, and how it begins.
type Usual = (&'static str, &'static str, &'static str, &'static [u8]);

const USUAL: [Usual; 8] = [
    ("/storage/emulated/0/Download/Beleg März 2026.pdf", "Beleg März 2026.pdf", "application/pdf", b"%PDF-1.7\n"),
    ("Gru\u{308}ße.txt", "Grüße.txt", "text/plain", b""),
    ("👩‍👩‍👧‍👦 am See.PNG", "👩‍👩‍👧‍👦 am See.PNG", "image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("חשבונית מס.csv", "חשבונית מס.csv", "text/csv", "Datum;Umsatz\r\n01.03.2026;1.234,56 €\r\n".as_bytes()),
    ("Aufzeichnung.har", "Aufzeichnung.har", "application/json", b"{\"log\":{\"version\":\"1.2\",\"entries\":[]}}\n"),
    ("IMG_0001.jpeg", "IMG_0001.jpeg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ("leer.txt", "leer.txt", "text/plain", b""),
    ("Rechnung\u{202e}gpj.exe", "Rechnunggpj.exe", "", b"MZ"),
];

/// How many kinds of files there are.
pub(crate) const KINDS: u8 = 8;
/// Files of one draft, as the profile says.
pub(crate) const MOST_FILES: usize = 4;
/// Bytes of one file, as the profile says.
pub(crate) const MOST_BYTES: usize = 5_000;

impl Picked {
    fn usual(self) -> &'static Usual {
        &USUAL[usize::from(self.which % KINDS)]
    }

    /// As the picker calls it.
    pub fn given_name(self) -> &'static str {
        self.usual().0
    }

    /// Why a draft that has `attached` files does not take it.
    pub fn refusal(self, attached: usize) -> Option<AttachError> {
        match self.which % KINDS {
            _ if attached >= MOST_FILES => {
                Some(AttachError::TooMany { limit: u32::try_from(MOST_FILES).unwrap_or_default() })
            }
            6 => Some(AttachError::Empty),
            7 => Some(AttachError::WrongType),
            _ => None,
        }
    }

    /// From a byte to the most that the profile takes, all of it text.
    pub fn bytes(self) -> Vec<u8> {
        let (.., head) = self.usual();
        let serial = self.serial.to_string().into_bytes();
        match self.which % KINDS {
            // The smallest there is.
            1 => serial,
            4 => [*head, &b" ".repeat(self.serial as usize % 64 + 1)].concat(),
            6 => Vec::new(),
            _ => {
                let length = [40, 700, 3_000, MOST_BYTES][self.serial as usize % 4].max(head.len() + serial.len());
                let filler = b" Zeile\n".iter().copied().cycle();
                head.iter().copied().chain(serial).chain(filler).take(length).collect()
            }
        }
    }

    /// As it has to arrive.
    pub fn arrived(self) -> File {
        let (_, name, content_type, _) = *self.usual();
        File { name: name.to_owned(), content_type: content_type.to_owned(), bytes: Arc::from(self.bytes()) }
    }
}

//! The files that users pick.

use std::fmt::Debug;
use std::fs;
use std::sync::Arc;

use pocketdesk::Client;
use pocketdesk::blob::FileError;
use pocketdesk::model::{DraftId, TicketId};
use pocketdesk::store::StoreError;

use crate::Violation;
use crate::oracle::{Oracle, Pending};
use crate::server::File;
use crate::user::row;

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
/// Files of one draft, as the product says.
pub(crate) const MOST_FILES: usize = 4;
/// Bytes of one file, as the product says.
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
    pub fn refusal(self, attached: usize) -> Option<FileError> {
        match self.which % KINDS {
            _ if attached >= MOST_FILES => {
                Some(FileError::TooMany { limit: u32::try_from(MOST_FILES).unwrap_or_default() })
            }
            6 => Some(FileError::Empty),
            7 => Some(FileError::WrongType),
            _ => None,
        }
    }

    /// From a byte to the most that the product takes, all of it text.
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

/// Attaches one of the usual files to the reply that is being written so many places from the top of the history, or to the
/// new ticket.
pub(crate) fn attach(app: &Client, oracle: &mut Oracle, place: Option<u8>, which: u8) -> Result<(), Violation> {
    let Some((to, draft)) = kept_draft(app, place)? else { return Ok(()) };
    oracle.picked += 1;
    let file = Picked { serial: oracle.picked, which };
    let source = oracle.folder.join("picked");
    fs::write(&source, file.bytes()).map_err(|error| failed("picking a file", &error))?;
    oracle.pending = Some(Pending::Attach { to, file });
    let attached = app.attach(&draft, &source, file.given_name());
    // What becomes of the original is of no matter.
    let _ = fs::remove_file(&source);
    let refusal = file.refusal(oracle.files.get(&to).map_or(0, Vec::len));
    match (attached, refusal) {
        (Ok(_), None) => oracle.files.entry(to).or_default().push(file),
        (Err(error), Some(refusal)) if error == refusal.into() => {}
        (attached, _) => return Err(Violation::new(format!("attaching {file:?} gave {attached:?}"))),
    }
    oracle.pending = None;
    Ok(())
}

/// Takes the last file away again.
pub(crate) fn detach(app: &Client, oracle: &mut Oracle, place: Option<u8>) -> Result<(), Violation> {
    let Some((to, draft)) = kept_draft(app, place)? else { return Ok(()) };
    let files = app.draft_files(&draft).map_err(|error| failed("reading a draft's files", &error))?;
    let Some(last) = files.last() else { return Ok(()) };
    oracle.pending = Some(Pending::Detach(to));
    app.detach(last.id).map_err(|error| failed("taking a file away", &error))?;
    oracle.files.entry(to).or_default().pop();
    oracle.pending = None;
    Ok(())
}

/// What a cut left: the file is attached, or is not. Whether it is the right one is looked at with the drafts.
pub(crate) fn attached_or_not(
    app: &Client,
    oracle: &mut Oracle,
    to: Option<TicketId>,
    file: Picked,
) -> Result<(), Violation> {
    let kept = kept(app, to)?;
    let attached = oracle.files.entry(to).or_default();
    attached.extend(Some(file).filter(|_| kept > attached.len()));
    Ok(())
}

/// What a cut left: the last file is gone, or is not.
pub(crate) fn detached_or_not(app: &Client, oracle: &mut Oracle, to: Option<TicketId>) -> Result<(), Violation> {
    let kept = kept(app, to)?;
    let attached = oracle.files.entry(to).or_default();
    attached.truncate(kept.max(attached.len().saturating_sub(1)));
    Ok(())
}

fn kept(app: &Client, to: Option<TicketId>) -> Result<usize, Violation> {
    let files = draft_of(app, to).and_then(|draft| app.draft_files(&draft));
    Ok(files.map_err(|error| failed("reading a draft's files", &error))?.len())
}

/// The id of what is being written.
pub(crate) fn draft_of(app: &Client, to: Option<TicketId>) -> Result<DraftId, StoreError> {
    to.map_or_else(|| Ok(app.ticket_draft()?.id), |ticket| Ok(app.reply_draft(ticket)?.id))
}

/// Only what is kept can have files.
fn kept_draft(app: &Client, place: Option<u8>) -> Result<Option<(Option<TicketId>, DraftId)>, Violation> {
    let Some(place) = place else {
        let draft = app.ticket_draft().and_then(|draft| app.save_ticket_draft(&draft).map(|()| draft.id));
        return draft.map(|id| Some((None, id))).map_err(|error| failed("keeping a draft", &error));
    };
    let Some(row) = row(app, place)? else { return Ok(None) };
    let draft = app.reply_draft(row.id).and_then(|draft| app.save_reply_draft(&draft).map(|()| draft.id));
    draft.map(|id| Some((Some(row.id), id))).map_err(|error| failed("keeping a draft", &error))
}

fn failed(what: &str, error: &dyn Debug) -> Violation {
    Violation::new(format!("{what} failed: {error:?}"))
}

//! The files that users pick and attach.

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

/// An attached file: one of the [`TEMPLATES`], made unique by a serial number in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PickedFile {
    /// The serial number, ascending in the order of attaching.
    pub serial: u32,
    pub which: u8,
}

/// The name as picked, the name as stored, the media type, and the first bytes.
type Template = (&'static str, &'static str, &'static str, &'static [u8]);

const TEMPLATES: [Template; 8] = [
    ("/storage/emulated/0/Download/Beleg März 2026.pdf", "Beleg März 2026.pdf", "application/pdf", b"%PDF-1.7\n"),
    ("Gru\u{308}ße.txt", "Grüße.txt", "text/plain", b""),
    ("👩‍👩‍👧‍👦 am See.PNG", "👩‍👩‍👧‍👦 am See.PNG", "image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("חשבונית מס.csv", "חשבונית מס.csv", "text/csv", "Datum;Umsatz\r\n01.03.2026;1.234,56 €\r\n".as_bytes()),
    ("Aufzeichnung.har", "Aufzeichnung.har", "application/json", b"{\"log\":{\"version\":\"1.2\",\"entries\":[]}}\n"),
    ("IMG_0001.jpeg", "IMG_0001.jpeg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ("leer.txt", "leer.txt", "text/plain", b""),
    ("Rechnung\u{202e}gpj.exe", "Rechnunggpj.exe", "", b"MZ"),
];

/// How many templates there are.
pub(crate) const KINDS: u8 = 8;
/// The most files of one draft, as in the product definition.
pub(crate) const MAX_FILES: usize = 4;
/// The most bytes of one file, as in the product definition.
pub(crate) const MAX_BYTES: usize = 5_000;

impl PickedFile {
    fn template(self) -> &'static Template {
        &TEMPLATES[usize::from(self.which % KINDS)]
    }

    /// The name that the picker gives.
    pub fn given_name(self) -> &'static str {
        self.template().0
    }

    /// Why a draft with `attached` files does not accept it; `None` if it does.
    pub fn refusal(self, attached: usize) -> Option<FileError> {
        match self.which % KINDS {
            _ if attached >= MAX_FILES => {
                Some(FileError::TooMany { limit: u32::try_from(MAX_FILES).unwrap_or_default() })
            }
            6 => Some(FileError::Empty),
            7 => Some(FileError::WrongType),
            _ => None,
        }
    }

    /// The bytes: from one to the most that the product allows, all valid for the file's type.
    pub fn bytes(self) -> Vec<u8> {
        let (.., head) = self.template();
        let serial = self.serial.to_string().into_bytes();
        match self.which % KINDS {
            // The smallest possible file.
            1 => serial,
            4 => [*head, &b" ".repeat(self.serial as usize % 64 + 1)].concat(),
            6 => Vec::new(),
            _ => {
                let length = [40, 700, 3_000, MAX_BYTES][self.serial as usize % 4].max(head.len() + serial.len());
                let filler = b" Zeile\n".iter().copied().cycle();
                head.iter().copied().chain(serial).chain(filler).take(length).collect()
            }
        }
    }

    /// The file as the server has to receive it.
    pub fn arrived(self) -> File {
        let (_, name, content_type, _) = *self.template();
        let (name, content_type, bytes) = (name.to_owned(), content_type.to_owned(), Arc::from(self.bytes()));
        File { shown_name: name.clone(), name, content_type, bytes }
    }
}

/// Attaches a file to the reply that is being written in the ticket at `place` in the history, or to the new ticket.
pub(crate) fn attach(app: &Client, oracle: &mut Oracle, place: Option<u8>, which: u8) -> Result<(), Violation> {
    let Some((to, draft)) = kept_draft(app, place)? else { return Ok(()) };
    oracle.picked += 1;
    let file = PickedFile { serial: oracle.picked, which };
    let source = oracle.folder.join("picked");
    fs::write(&source, file.bytes()).map_err(|error| failed("picking a file", &error))?;
    oracle.pending = Some(Pending::Attach { to, file });
    let attached = app.attach(&draft, &source, file.given_name());
    // The original is not needed any more.
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

/// Removes the last file from a draft.
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

/// After a cut, finds out whether the file was attached. Whether it is the right one is checked with the drafts.
pub(crate) fn attached_or_not(
    app: &Client,
    oracle: &mut Oracle,
    to: Option<TicketId>,
    file: PickedFile,
) -> Result<(), Violation> {
    let kept = kept(app, to)?;
    let attached = oracle.files.entry(to).or_default();
    attached.extend(Some(file).filter(|_| kept > attached.len()));
    Ok(())
}

/// After a cut, finds out whether the last file was removed.
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

/// The id of a draft.
pub(crate) fn draft_of(app: &Client, to: Option<TicketId>) -> Result<DraftId, StoreError> {
    to.map_or_else(|| Ok(app.ticket_draft()?.id), |ticket| Ok(app.reply_draft(ticket)?.id))
}

/// Saves the draft first, because only a saved draft can have files.
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

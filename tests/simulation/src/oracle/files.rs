//! Files: each is on the comment to which it was attached, once, in order and byte for byte, and leaves the device
//! after that.

use std::fs;

use pocketdesk::Client;
use pocketdesk::model::normalise;
use pocketdesk::model::{Delivery, Message, TicketId};

use super::{Fate, Oracle, Written};
use crate::Violation;
use crate::picked::{PickedFile, draft_of};
use crate::server::{Content, Mood, State, key};

/// A text, and the name, type and size of each file.
pub(super) type Shown = (String, Vec<(String, String, u64)>);

/// After this many refusals of its uploads, a message may need the user.
const MAX_REFUSALS: u64 = 4;
/// The files of a message are uploaded again at most so many times because the server says that the uploads have expired.
const MAX_RENEWALS: u64 = 3;

impl Oracle {
    /// Records that a taken-back message is a draft again, with its files among those of the draft.
    pub(super) fn back_to_draft(&mut self, ticket: TicketId, creates: bool, files: &[PickedFile]) {
        let typed = if creates { self.files.remove(&Some(ticket)).unwrap_or_default() } else { Vec::new() };
        let draft = self.files.entry(Some(ticket).filter(|_| !creates)).or_default();
        draft.extend(files.iter().copied().chain(typed));
        draft.sort_unstable();
    }

    /// Checks that drafts have the files that were attached. After a start, every file that has not arrived has a copy
    /// in the folder.
    pub(super) fn check_files(&self, app: &Client, anew: bool) -> Result<(), Violation> {
        for (place, files) in &self.files {
            let kept = draft_of(app, *place).and_then(|id| app.draft_files(&id));
            let kept = kept.map_err(|error| Violation::new(format!("no files of a draft: {error:?}")))?;
            let same = |(kept, file): (&pocketdesk::model::DraftFile, &PickedFile)| {
                let file = file.arrived();
                (&kept.name, &kept.content_type, kept.size) == (&file.name, &file.content_type, file.bytes.len() as u64)
            };
            if kept.len() != files.len() || !kept.iter().zip(files).all(same) {
                return Err(Violation::new(format!(
                    "the draft has {} files, attached were {}",
                    kept.len(),
                    files.len()
                )));
            }
        }
        if !anew || self.waiting().next().is_none() {
            return Ok(());
        }
        let mut there = self.outgoing_files();
        for file in self.waiting() {
            let bytes = file.bytes();
            let Some(place) = there.iter().position(|known| *known == bytes) else {
                return Err(Violation::new(format!("the copy of {:?} is lost", file.given_name())));
            };
            there.swap_remove(place);
        }
        Ok(())
    }

    /// Exchanges the files of two equal messages if the client shows them the other way round. Two new tickets with the
    /// same subject and text cannot be told apart in a list without references, if they were written on two devices
    /// that did not know of each other's, or if the first may have been sent and was taken back. The same is true of
    /// two equal replies in one ticket with files of the same names.
    pub(super) fn maybe_swap(&mut self, ticket: TicketId, messages: &[Message], server: &State) {
        for place in 0..self.writes.len() {
            let written = &self.writes[place];
            let theirs = written.number.and_then(|number| server.ticket(number));
            let message = messages.iter().find(|message| message.id == written.message);
            let (Some(theirs), Some(message)) = (theirs, message) else { continue };
            let is_new = written.subject.is_some();
            if written.ticket != ticket || !written.stands() || is_new && theirs.reference.is_some() {
                continue;
            }
            let shows = read(message);
            if shown_alike(&visible_content(&written.content()), &shows, server) {
                continue;
            }
            let (subject, text, number) = (written.subject.clone(), written.text.clone(), theirs.id);
            let mut files = written.files.clone();
            let behind = self.left_behind.iter_mut().find(|left| {
                let there = is_new || left.number == Some(number);
                there
                    && (&left.subject, &left.text) == (&subject, &text)
                    && shown_alike(&visible_content(&left.content()), &shows, server)
            });
            let taken_back = self.writes.iter_mut().find(|other| {
                let there = is_new || other.ticket == ticket;
                other.fate == Fate::Discarded { loose: true }
                    && there
                    && (&other.subject, &other.text) == (&subject, &text)
                    && shown_alike(&visible_content(&other.content()), &shows, server)
            });
            let others = behind.map(|left| &mut left.files).or(taken_back.map(|other| &mut other.files));
            if let Some(others) = others {
                std::mem::swap(others, &mut files);
                self.writes[place].files = files;
            }
        }
    }

    /// The files of drafts and of unsent messages.
    fn waiting(&self) -> impl Iterator<Item = PickedFile> {
        let unsent = self.writes.iter().filter(|written| written.stands() && written.delivery != Delivery::Sent);
        self.files.values().flatten().chain(unsent.flat_map(|written| &written.files)).copied()
    }

    /// The content of the folder of files that have not arrived.
    fn outgoing_files(&self) -> Vec<Vec<u8>> {
        let entries = fs::read_dir(self.outgoing()).into_iter().flatten().flatten();
        entries.filter_map(|entry| fs::read(entry.path()).ok()).collect()
    }

    /// Checks that only files that wait are in the folder, and that the number of uploads has reasons.
    pub(super) fn only_waiting_files_remain(&self, server: &State, expired: u64) -> Result<(), Violation> {
        let (mut there, mut waiting) =
            (self.outgoing_files(), self.waiting().map(PickedFile::bytes).collect::<Vec<_>>());
        there.sort_unstable();
        waiting.sort_unstable();
        if there != waiting {
            let (there, waiting) = (there.len(), waiting.len());
            return Err(Violation::new(format!("{there} files lie in the folder, {waiting} wait")));
        }
        let log = server.log();
        let written = self.writes.iter().map(|written| &written.files);
        let left = self.left_behind.iter().map(|left| &left.files);
        let named = written.chain(left).map(|files| files.len() as u64).sum::<u64>();
        let refused = log.uploads_refused.values().sum::<u64>();
        // A copy of the folder sends again what the first device had sent, and so does the user.
        let rounds = 1 + u64::from(self.moves) + self.retries + refused;
        // A server that says that the uploads have expired, or names no token, gets them a few times more.
        let renewals = if server.moods().was_on(Mood::UploadsExpired) { named * rounds * MAX_RENEWALS } else { 0 };
        let reasons = named * rounds + renewals + log.disturbed_uploads + expired;
        if log.uploads > reasons {
            return Err(Violation::new(format!("{} files were uploaded, {reasons} had a reason", log.uploads)));
        }
        Ok(())
    }
}

/// Whether two things show the same, as far as this server leaves texts and names as they were written.
pub(super) fn shown_alike(a: &Shown, b: &Shown, server: &State) -> bool {
    let texts = a.0 == b.0 || server.moods().changed_texts() && key(&a.0) == key(&b.0);
    texts && same_files(&a.1, &b.1, server)
}

fn same_files(a: &[(String, String, u64)], b: &[(String, String, u64)], server: &State) -> bool {
    let renamed = server.moods().was_on(Mood::FilesRenamed);
    let same = |(a, b): (&(String, String, u64), &(String, String, u64))| {
        (a.0 == b.0 || renamed) && (&a.1, a.2) == (&b.1, b.2)
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

/// What a message shows.
pub(super) fn read(message: &Message) -> Shown {
    let files = message.attachments.iter().map(|file| (normalise(&file.name), file.content_type.clone(), file.size));
    (normalise(&message.body), files.collect())
}

/// What a screen shows of something on the server.
pub(super) fn visible_content((text, files): &Content) -> Shown {
    let files = files.iter().map(|file| (file.name.clone(), file.content_type.clone(), file.bytes.len() as u64));
    (text.clone(), files.collect())
}

/// Checks that a message shows the files that were attached to it.
pub(super) fn shows(message: &Message, written: &Written, server: &State) -> Result<(), Violation> {
    let (shows, wrote) = (read(message).1, visible_content(&written.content()).1);
    if same_files(&shows, &wrote, server) {
        return Ok(());
    }
    Err(Violation::new(format!("{:?} shows the files {shows:?}, attached were {wrote:?}", written.text)))
}

/// Whether the server refused one of the files.
pub(super) fn refused_files(written: &Written, server: &State) -> bool {
    written.files.iter().any(|file| server.log().refused_files.contains(&file.bytes()))
}

/// Whether the server refused its uploads repeatedly.
pub(super) fn refused(written: &Written, server: &State) -> bool {
    let refused = server.log().uploads_refused.iter().filter(|((_, text), _)| *text == written.text);
    refused.map(|(_, times)| times).sum::<u64>() >= MAX_REFUSALS
}

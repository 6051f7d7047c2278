//! Files: each is on the comment it was attached to, once, in order and byte for byte, and leaves the device after that.

use std::fs;

use pocketdesk::Client;
use pocketdesk::model::normalise;
use pocketdesk::model::{Delivery, Message, TicketId};

use super::{Fate, Oracle, Written};
use crate::Violation;
use crate::picked::{Picked, draft_of};
use crate::server::{Content, State};

/// A text, and each file's name, type and size.
pub(super) type Shown = (String, Vec<(String, String, u64)>);

/// Refusals of a message's uploads from which on the user is asked.
const MOST_REFUSALS: u64 = 4;

impl Oracle {
    /// What was taken back is a draft again, with its files among those that are there.
    pub(super) fn back_to_draft(&mut self, ticket: TicketId, creates: bool, files: &[Picked]) {
        let typed = if creates { self.files.remove(&Some(ticket)).unwrap_or_default() } else { Vec::new() };
        let draft = self.files.entry(Some(ticket).filter(|_| !creates)).or_default();
        draft.extend(files.iter().copied().chain(typed));
        draft.sort_unstable();
    }

    /// The drafts have the files that were attached. After a start, every file that has not arrived lies in the folder.
    pub(super) fn look_at_files(&self, app: &Client, anew: bool) -> Result<(), Violation> {
        for (place, files) in &self.files {
            let kept = draft_of(app, *place).and_then(|id| app.draft_files(&id));
            let kept = kept.map_err(|error| Violation::new(format!("no files of a draft: {error:?}")))?;
            let same = |(kept, file): (&pocketdesk::model::DraftFile, &Picked)| {
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
        let mut there = self.lying();
        for file in self.waiting() {
            let bytes = file.bytes();
            let Some(place) = there.iter().position(|known| *known == bytes) else {
                return Err(Violation::new(format!("the copy of {:?} is lost", file.given_name())));
            };
            there.swap_remove(place);
        }
        Ok(())
    }

    /// Of two new tickets with the same subject and text, written on two devices that did not know of each other's, or again
    /// after one that may have been sent was taken back, nobody can tell which is which in a list without references. Nor of
    /// two equal replies in one ticket, with files of the same names.
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
            if shown(&written.content()) == shows {
                continue;
            }
            let (subject, text, number) = (written.subject.clone(), written.text.clone(), theirs.id);
            let mut files = written.files.clone();
            let behind = self.left_behind.iter_mut().find(|left| {
                let there = is_new || left.number == Some(number);
                there && (&left.subject, &left.text) == (&subject, &text) && shown(&left.content()) == shows
            });
            let taken_back = self.writes.iter_mut().find(|other| {
                let there = is_new || other.ticket == ticket;
                other.fate == Fate::Discarded { loose: true }
                    && there
                    && (&other.subject, &other.text) == (&subject, &text)
                    && shown(&other.content()) == shows
            });
            let others = behind.map(|left| &mut left.files).or(taken_back.map(|other| &mut other.files));
            if let Some(others) = others {
                std::mem::swap(others, &mut files);
                self.writes[place].files = files;
            }
        }
    }

    /// The files of drafts and of what was not sent.
    fn waiting(&self) -> impl Iterator<Item = Picked> {
        let unsent = self.writes.iter().filter(|written| written.stands() && written.delivery != Delivery::Sent);
        self.files.values().flatten().chain(unsent.flat_map(|written| &written.files)).copied()
    }

    /// What lies in the folder of files that have not arrived.
    fn lying(&self) -> Vec<Vec<u8>> {
        let entries = fs::read_dir(self.outgoing()).into_iter().flatten().flatten();
        entries.filter_map(|entry| fs::read(entry.path()).ok()).collect()
    }

    /// Nothing lies in the folder that was sent or taken away, and nothing was uploaded for no reason.
    pub(super) fn only_files_that_wait(&self, server: &State, in_vain: u64) -> Result<(), Violation> {
        let (mut there, mut waiting) = (self.lying(), self.waiting().map(Picked::bytes).collect::<Vec<_>>());
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
        let reasons = named * rounds + log.disturbed_uploads + in_vain;
        if log.uploads > reasons {
            return Err(Violation::new(format!("{} files were uploaded, {reasons} had a reason", log.uploads)));
        }
        Ok(())
    }
}

/// What a message shows of itself.
pub(super) fn read(message: &Message) -> Shown {
    let files = message.attachments.iter().map(|file| (normalise(&file.name), file.content_type.clone(), file.size));
    (normalise(&message.body), files.collect())
}

/// What a screen shows of what stands at the server.
pub(super) fn shown((text, files): &Content) -> Shown {
    let files = files.iter().map(|file| (file.name.clone(), file.content_type.clone(), file.bytes.len() as u64));
    (text.clone(), files.collect())
}

/// A message shows the files that were attached to it.
pub(super) fn shows(message: &Message, written: &Written) -> Result<(), Violation> {
    let (shows, wrote) = (read(message).1, shown(&written.content()).1);
    if shows == wrote {
        return Ok(());
    }
    Err(Violation::new(format!("{:?} shows the files {shows:?}, attached were {wrote:?}", written.text)))
}

/// The server did not want one of the files.
pub(super) fn unwanted(written: &Written, server: &State) -> bool {
    written.files.iter().any(|file| server.log().unwanted.contains(&file.bytes()))
}

/// The server refused its uploads again and again.
pub(super) fn refused(written: &Written, server: &State) -> bool {
    let refused = server.log().uploads_refused.iter().filter(|((_, text), _)| *text == written.text);
    refused.map(|(_, times)| times).sum::<u64>() >= MOST_REFUSALS
}

//! The oracle: knows what the user did and what was accepted, and looks whether the client keeps its word.
//!
//! # What has to hold
//!
//! * **At every step** ([`steps`]): a message that was accepted stands in its thread, once, under the id it was accepted
//!   with and behind what was written before it. What is with the user has a reason that something in this run explains,
//!   and a way on. What is being found out can be neither sent again nor taken back. Drafts read as they were typed.
//! * **When everything has settled** ([`end`]): of each ticket the server has what the user sees as sent, in the order of
//!   writing, each once, and nothing of what is shown as not sent. The history is what the server shows this user: tickets,
//!   subjects, statuses and whole threads. No file has a text that the server does not show. Nobody was asked too often, and
//!   the file is sound.
//! * **Files** ([`files`]): a message shows what was attached to it. After every start, a copy of each file that has not
//!   arrived lies in the folder, byte for byte. At the end each is on its own comment, in order, and nothing else lies there.
//!
//! Equal texts are counted, not told apart: what the server got in a ticket must be a merge of the writes that count as sent,
//! in their order, and of *loose* ones, which may be there or not: what the user took back or sent again while nobody could
//! know ("may have been sent"), and what was written on a device that ended.
//!
//! One thing may be missing, as the outbox says of itself: if the same user wrote the same text in the same ticket on
//! another device while it was being found out whether ours arrived, theirs may be taken for ours. And of two
//! new tickets with the same subject and text, written on devices that did not know of each other's, or again after one that
//! may have been sent was taken back, a server without references does not say which is which.

mod end;
mod files;
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(crate) use self::end::sound;
use pocketdesk::model::normalise;
use pocketdesk::model::{Delivery, MessageId, ReplyDraft, TicketDraft, TicketId};
use pocketdesk::store::file_of;

use crate::Violation;
use crate::device::ACCOUNT;
use crate::picked::Picked;
use crate::server::{Content, State};

/// What the user did and was promised.
#[derive(Debug, Clone, Default)]
pub(crate) struct Oracle {
    /// Everything that was accepted, in the order of writing.
    pub writes: Vec<Written>,
    /// What is being typed.
    pub drafts: BTreeMap<TicketId, String>,
    pub ticket_draft: Option<(String, String)>,
    /// The files of drafts, in order; the new ticket's under `None`.
    pub files: BTreeMap<Option<TicketId>, Vec<Picked>>,
    /// How many were picked.
    pub picked: u32,
    /// How often a copy of the folder went on.
    pub moves: u32,
    /// The app's folder.
    pub folder: PathBuf,
    /// The thread on screen.
    pub opened: Option<TicketId>,
    /// What was written on an installation that ended: the ticket's number if it had one, subject, text.
    pub left_behind: Vec<LeftBehind>,
    /// How often the user asked for another attempt.
    pub retries: u64,
    /// Addresses that were accepted.
    pub copied: Vec<(TicketId, String)>,
    /// Other changes that were accepted.
    pub changes: u64,
    /// The numbers that the history last had.
    pub shown: BTreeSet<i64>,
    /// By text: how often the user wanted it sent, on this installation.
    pub may_send: BTreeMap<String, usize>,
    /// What is being done: if the power goes meanwhile, it was done or was not.
    pub pending: Option<Pending>,
    /// That is being found out.
    pub is_after_a_cut: bool,
}

/// A call of the user's that has not returned.
#[derive(Debug, Clone)]
pub(crate) enum Pending {
    Submit(TicketDraft),
    Reply(ReplyDraft),
    Draft(ReplyDraft),
    TicketDraft(TicketDraft),
    Attach { to: Option<TicketId>, file: Picked },
    Detach(Option<TicketId>),
    Discard { ticket: TicketId, message: MessageId },
    Edit { ticket: TicketId, message: MessageId, text: &'static str },
}

/// A message that was accepted.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub ticket: TicketId,
    pub message: MessageId,
    /// Of a new ticket.
    pub subject: Option<String>,
    /// As it was typed.
    pub raw: String,
    /// Normalised.
    pub text: String,
    pub files: Vec<Picked>,
    pub fate: Fate,
    /// The ticket's number, once it was seen.
    pub number: Option<i64>,
    /// As it was last seen.
    pub delivery: Delivery,
    /// Copies more that the user decided to risk.
    pub extra: u32,
    /// It was seen being found out whether it arrived.
    pub doubted: bool,
    /// It came with a copy of the folder, not sent.
    pub restored: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Standing,
    /// Taken back; `loose` if it may be at the server.
    Discarded {
        loose: bool,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct LeftBehind {
    pub number: Option<i64>,
    pub subject: Option<String>,
    pub text: String,
    pub files: Vec<Picked>,
}

impl Written {
    pub fn new(ticket: TicketId, message: MessageId, subject: Option<String>, text: &str, files: Vec<Picked>) -> Self {
        let (fate, delivery) = (Fate::Standing, Delivery::Queued);
        let (raw, text) = (text.trim().to_owned(), normalise(text));
        let (number, extra, doubted, restored) = (None, 0, false, false);
        Self { ticket, message, subject, raw, text, files, fate, number, delivery, extra, doubted, restored }
    }

    /// What has to stand at the server.
    pub fn content(&self) -> Content {
        (self.text.clone(), self.files.iter().map(|file| file.arrived()).collect())
    }

    /// Whether it is a new ticket that may have come as this one, too, which is not its own: it was taken back, it came with a
    /// copy, or what came was hidden before its sender knew of it, and it was sent again.
    fn may_stand_as(&self, number: i64, server: &State) -> bool {
        let first = self.restored || self.fate == Fate::Discarded { loose: true } || server.was_hidden(number);
        self.subject.is_some() && self.number != Some(number) && first
    }

    /// As another device may have sent it.
    fn left_behind(&self) -> LeftBehind {
        let (subject, text, files) = (self.subject.clone(), self.text.clone(), self.files.clone());
        LeftBehind { number: self.number, subject, text, files }
    }

    pub fn stands(&self) -> bool {
        self.fate == Fate::Standing
    }
}

impl LeftBehind {
    /// What may stand at the server.
    pub fn content(&self) -> Content {
        (self.text.clone(), self.files.iter().map(|file| file.arrived()).collect())
    }

    /// Whether it is one of those that read `text` in the ticket of this number. Two equal creations may have been told
    /// apart the other way round.
    pub fn may_stand_in(&self, number: Option<i64>, text: &str) -> bool {
        self.text == text && (self.subject.is_some() || self.number.is_none_or(|own| Some(own) == number))
    }
}

impl Oracle {
    /// For an app whose files are below `ground`.
    pub fn at(ground: &Path) -> Self {
        Self { folder: ground.to_owned(), ..Self::default() }
    }

    /// Where the files lie that have not arrived.
    fn outgoing(&self) -> PathBuf {
        file_of(&self.folder, ACCOUNT).with_file_name("outgoing")
    }

    /// The tickets in which the user wrote something that still counts.
    pub fn tickets(&self) -> BTreeSet<TicketId> {
        self.writes.iter().filter(|written| written.stands()).map(|written| written.ticket).collect()
    }

    fn find(&mut self, message: MessageId) -> Option<&mut Written> {
        self.writes.iter_mut().find(|written| written.message == message && written.stands())
    }

    /// The user wrote something, and it was accepted.
    pub fn wrote(&mut self, written: Written) {
        self.may_send_once_more(&written.text);
        self.writes.push(written);
    }

    fn may_send_once_more(&mut self, text: &str) {
        *self.may_send.entry(text.to_owned()).or_default() += 1;
    }

    /// The user asked for another attempt.
    pub fn retried(&mut self, message: MessageId) {
        self.retries += 1;
        if let Some(written) = self.find(message) {
            let text = written.text.clone();
            written.extra += u32::from(written.delivery == Delivery::MayHaveBeenSent || written.restored);
            self.may_send_once_more(&text);
        }
    }

    /// A message has another text.
    pub fn edited(&mut self, message: MessageId, text: &str) {
        if let Some(written) = self.find(message) {
            let before = written.left_behind();
            // What came with a copy, and may have been sent with its first text.
            let first = written.restored.then_some(before).filter(|before| before.text != normalise(text));
            text.trim().clone_into(&mut written.raw);
            written.text = normalise(text);
            self.left_behind.extend(first);
            self.may_send_once_more(&normalise(text));
        }
    }

    /// The user took a message back; its text is a draft now.
    pub fn discarded(&mut self, ticket: TicketId, message: MessageId, text: &str) -> Result<(), Violation> {
        let Some(written) = self.find(message) else { return Err(Violation::new("took back what nobody wrote")) };
        if normalise(text) != written.text {
            return Err(Violation::new("took back another text than the one that was written"));
        }
        written.fate = Fate::Discarded {
            loose: written.delivery == Delivery::MayHaveBeenSent || written.restored || written.extra > 0,
        };
        let subject = written.subject.clone();
        let files = written.files.clone();
        self.back_to_draft(ticket, subject.is_some(), &files);
        let join = |parts: &[&str]| {
            let parts: Vec<_> = parts.iter().copied().filter(|part| !part.trim().is_empty()).collect();
            parts.join("\n\n")
        };
        let typed = self.drafts.remove(&ticket).unwrap_or_default();
        if let Some(subject) = subject {
            // Nothing is lost: another draft's subject stays, and the ticket's goes into the text; so does a reply to it.
            let (kept, body) = self.ticket_draft.take().unwrap_or_default();
            let (head, moved) =
                if ["", &*subject].contains(&kept.trim()) { (subject.as_str(), "") } else { (&*kept, &*subject) };
            self.ticket_draft = Some((head.to_owned(), join(&[&body, moved, text, &typed])));
        } else {
            self.drafts.insert(ticket, join(&[&typed, text]));
        }
        Ok(())
    }

    /// The folder is that copy now, of which `then` is what the user had been promised.
    pub fn become_copy(&mut self, then: &Self) {
        let mut copy = then.clone();
        (copy.retries, copy.picked, copy.moves) = (self.retries, self.picked, self.moves + 1);
        copy.may_send.clear();
        (copy.changes, copy.opened) = (self.changes + self.copied.len() as u64, None);
        copy.left_behind.clone_from(&self.left_behind);
        for now in &self.writes {
            let place = (now.ticket, now.message, &now.text);
            if let Some(kept) = copy.writes.iter_mut().find(|kept| (kept.ticket, kept.message, &kept.text) == place) {
                kept.extra = now.extra;
                // Taken for another, equal one, on the device that ended: not yet in the copy.
                let swapped = copy.left_behind.iter_mut().find(|left| {
                    kept.files != now.files
                        && (&left.subject, &left.text, &left.files) == (&kept.subject, &kept.text, &kept.files)
                });
                if let Some(left) = swapped {
                    left.files.clone_from(&now.files);
                }
            } else if now.fate != (Fate::Discarded { loose: false }) {
                copy.left_behind.push(now.left_behind());
            }
        }
        for written in &mut copy.writes {
            written.restored |= written.delivery != Delivery::Sent;
        }
        *self = copy;
    }
}

//! The oracle: it knows what the user did and what was accepted, and checks that the client keeps its promises.
//!
//! # What has to hold
//!
//! * **At every step** ([`steps`]): every accepted message is in its thread, once, under the id with which it was
//!   accepted and after what was written before it. A message that needs the user has a reason that this run explains,
//!   and an action that the user can take. A message whose outcome is ambiguous can be neither sent again nor taken
//!   back. Drafts read as they were typed.
//! * **When everything has come to rest** ([`end`]): the server has, of each ticket, what the user sees as sent, in the
//!   order of writing, each once, and nothing that is shown as not sent. The history is what the server shows this
//!   user: tickets, subjects, statuses and whole threads. No file on disk contains a text that the server does not
//!   show. The number of requests is bounded, and the database is sound.
//! * **Files** ([`files`]): a message shows what was attached to it. After every start, the folder has a copy, byte for
//!   byte, of each file that has not arrived. At the end every file is on its own comment, in order, and nothing else
//!   is left in the folder.
//!
//! * **Nothing is dropped silently** ([`end`], [`steps`]): a text that the user wrote leaves the device only if the server
//!   has it, if the user took it back, or if the user was told.
//! * **Read marks** ([`marks`]): a reminder stays until the user ends it, and no read mark is lost.
//! * **While the server is in a mood** ([`moods`]): one odd thing costs itself and nothing else, and every refusal has an
//!   end that the user sees.
//!
//! Equal texts are counted, not told apart. What the server received in a ticket must be a merge of the writes that
//! count as sent, in their order, and of *loose* writes, which may be there or not. A write is loose if the user took
//! it back or sent it again while its outcome was unknown ("may have been sent"), or if another installation wrote it
//! that has ended.
//!
//! # What cannot be decided
//!
//! As `core/src/outbox/mod.rs` says, one text may be missing: if the same user wrote the same text in the same ticket
//! on another device while ours was ambiguous, theirs may be taken for ours. And two new tickets with the same subject
//! and text cannot be told apart on a server without references, if they were written on devices that did not know of
//! each other's, or if the first may have been sent and was taken back.

mod end;
mod extras;
mod files;
mod marks;
mod moods;
mod shown;
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(crate) use self::end::sound;
use pocketdesk::model::normalise;
use pocketdesk::model::{Delivery, MessageId, ReplyDraft, TicketDraft, TicketId};
use pocketdesk::store::file_of;

pub(crate) use self::extras::ExtraActs;
pub(crate) use self::marks::MarkActs;
use crate::Violation;
use crate::device::ACCOUNT;
use crate::picked::PickedFile;
use crate::server::{Content, State};

/// What the user did and what the client accepted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Oracle {
    /// All accepted messages, in the order of writing.
    pub writes: Vec<Written>,
    /// The drafts of replies, as typed.
    pub drafts: BTreeMap<TicketId, String>,
    pub ticket_draft: Option<(String, String)>,
    /// The files of drafts, in order. Those of the new ticket are under `None`.
    pub files: BTreeMap<Option<TicketId>, Vec<PickedFile>>,
    /// How many files were picked.
    pub picked: u32,
    /// How often a copy of the folder continued as another installation.
    pub moves: u32,
    /// The app's folder.
    pub folder: PathBuf,
    /// The thread on screen.
    pub opened: Option<TicketId>,
    /// What was written on an installation that has ended, and may be on the server.
    pub left_behind: Vec<LeftBehind>,
    /// How often the user sent something again.
    pub retries: u64,
    /// The CC addresses that were accepted.
    pub copied: Vec<(TicketId, String)>,
    /// Feedback, toggles and closing.
    pub extras: ExtraActs,
    /// What was marked as read and unread.
    pub marks: MarkActs,
    /// How many other changes were accepted.
    pub changes: u64,
    /// The ticket numbers that the history showed at the last check.
    pub shown: BTreeSet<i64>,
    /// By text, how often the user wanted it sent from this installation.
    pub may_send: BTreeMap<String, usize>,
    /// By text, how often the user wanted it sent, from whatever installation.
    pub wanted: BTreeMap<String, u64>,
    /// The files that the user sent with each text, from whatever installation. A move to a copy forgets no upload.
    pub attached: Vec<(String, Vec<PickedFile>)>,
    /// The call that is running. If the process or the power ends meanwhile, it was carried out or not.
    pub pending: Option<Pending>,
    /// Whether the oracle is finding out what became of `pending`.
    pub is_after_a_cut: bool,
}

/// A call of the user that has not returned.
#[derive(Debug, Clone)]
pub(crate) enum Pending {
    Submit(TicketDraft),
    Reply(ReplyDraft),
    Draft(ReplyDraft),
    TicketDraft(TicketDraft),
    Attach { to: Option<TicketId>, file: PickedFile },
    Detach(Option<TicketId>),
    Discard { ticket: TicketId, message: MessageId },
    Edit { ticket: TicketId, message: MessageId, text: &'static str },
}

/// An accepted message.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub ticket: TicketId,
    pub message: MessageId,
    /// The subject, if the message is a new ticket's description.
    pub subject: Option<String>,
    /// The text as typed.
    pub raw: String,
    /// The normalised text.
    pub text: String,
    pub files: Vec<PickedFile>,
    pub fate: Fate,
    /// The ticket's number, once known.
    pub number: Option<i64>,
    /// The delivery state at the last check.
    pub delivery: Delivery,
    /// How many more copies the user has risked by sending it again.
    pub extra: u32,
    /// Whether its outcome was ambiguous at some time.
    pub was_ambiguous: bool,
    /// Whether it came with a copy of the folder, unsent.
    pub restored: bool,
    /// Whether the user has edited it since it came with the copy.
    pub edited_since: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Standing,
    /// The user took it back. It is `loose` if it may be on the server.
    Discarded {
        loose: bool,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct LeftBehind {
    pub number: Option<i64>,
    pub subject: Option<String>,
    pub text: String,
    pub files: Vec<PickedFile>,
}

impl Written {
    pub fn new(
        ticket: TicketId,
        message: MessageId,
        subject: Option<String>,
        text: &str,
        files: Vec<PickedFile>,
    ) -> Self {
        let (fate, delivery) = (Fate::Standing, Delivery::Queued);
        let (raw, text) = (text.trim().to_owned(), normalise(text));
        let (number, extra, was_ambiguous, restored, edited_since) = (None, 0, false, false, false);
        Self {
            ticket,
            message,
            subject,
            raw,
            text,
            files,
            fate,
            number,
            delivery,
            extra,
            was_ambiguous,
            restored,
            edited_since,
        }
    }

    /// Whether the user has sent it from the copy. The first device may have sent before what was written after it.
    pub fn is_sent_from_copy(&self) -> bool {
        self.restored && (self.extra > 0 || self.edited_since)
    }

    /// What the server has to have.
    pub fn content(&self) -> Content {
        (self.text.clone(), self.files.iter().map(|file| file.arrived()).collect())
    }

    /// Whether this is a new ticket that may also have arrived as the ticket `number`, which is not the ticket's own
    /// number. That is so if the ticket was taken back, or if it came with a copy. It is also so if the server hid the
    /// arrived ticket before its sender knew of it: then the ticket was sent again.
    fn may_stand_as(&self, number: i64, server: &State) -> bool {
        let first = self.restored || self.fate == Fate::Discarded { loose: true } || server.was_hidden(number);
        self.subject.is_some() && self.number != Some(number) && first
    }

    /// The same as something that another installation may have sent.
    fn left_behind(&self) -> LeftBehind {
        let (subject, text, files) = (self.subject.clone(), self.text.clone(), self.files.clone());
        LeftBehind { number: self.number, subject, text, files }
    }

    pub fn stands(&self) -> bool {
        self.fate == Fate::Standing
    }
}

impl LeftBehind {
    /// What the server may have.
    pub fn content(&self) -> Content {
        (self.text.clone(), self.files.iter().map(|file| file.arrived()).collect())
    }

    /// Whether this message may be the text `text` in the ticket with this number. Two equal new tickets may have been
    /// told apart the wrong way round.
    pub fn may_stand_in(&self, number: Option<i64>, text: &str) -> bool {
        self.text == text && (self.subject.is_some() || self.number.is_none_or(|own| Some(own) == number))
    }
}

impl Oracle {
    /// An oracle for an app whose files are below `folder`.
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ..Self::default() }
    }

    /// The folder of files that have not arrived.
    fn outgoing(&self) -> PathBuf {
        file_of(&self.folder, ACCOUNT).with_file_name("outgoing")
    }

    /// The tickets in which the user wrote something that was not taken back.
    pub fn tickets(&self) -> BTreeSet<TicketId> {
        self.writes.iter().filter(|written| written.stands()).map(|written| written.ticket).collect()
    }

    fn find(&mut self, message: MessageId) -> Option<&mut Written> {
        self.writes.iter_mut().find(|written| written.message == message && written.stands())
    }

    /// Records an accepted message.
    pub fn wrote(&mut self, written: Written) {
        self.may_send_once_more(&written.text);
        if !written.files.is_empty() {
            self.attached.push((written.text.clone(), written.files.clone()));
        }
        self.writes.push(written);
    }

    fn may_send_once_more(&mut self, text: &str) {
        *self.may_send.entry(text.to_owned()).or_default() += 1;
        *self.wanted.entry(text.to_owned()).or_default() += 1;
    }

    /// Records that the user sent a message again.
    pub fn retried(&mut self, message: MessageId) {
        self.retries += 1;
        if let Some(written) = self.find(message) {
            let text = written.text.clone();
            written.extra += u32::from(written.delivery == Delivery::MayHaveBeenSent || written.restored);
            self.may_send_once_more(&text);
        }
    }

    /// Records that a message was edited.
    pub fn edited(&mut self, message: MessageId, text: &str) {
        if let Some(written) = self.find(message) {
            let before = written.left_behind();
            // A message from a copy may have been sent with its first text.
            let first = written.restored.then_some(before).filter(|before| before.text != normalise(text));
            written.edited_since = written.restored;
            text.trim().clone_into(&mut written.raw);
            written.text = normalise(text);
            self.left_behind.extend(first);
            self.may_send_once_more(&normalise(text));
        }
    }

    /// Records that the user took a message back. Its text is a draft now.
    pub fn discarded(&mut self, ticket: TicketId, message: MessageId, text: &str) -> Result<(), Violation> {
        let Some(written) = self.find(message) else {
            return Err(Violation::new("the client took back a message that was not written"));
        };
        if normalise(text) != written.text {
            return Err(Violation::new("the client returned another text than the one that was written"));
        }
        written.fate = Fate::Discarded {
            loose: matches!(written.delivery, Delivery::MayHaveBeenSent | Delivery::NotShown)
                || written.restored
                || written.extra > 0,
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
            // Nothing is lost: if the draft already has another subject, the ticket's subject goes into the text, and
            // so does a reply to the ticket.
            let (kept, body) = self.ticket_draft.take().unwrap_or_default();
            let (head, moved) =
                if ["", &*subject].contains(&kept.trim()) { (subject.as_str(), "") } else { (&*kept, &*subject) };
            self.ticket_draft = Some((head.to_owned(), join(&[&body, moved, text, &typed])));
        } else {
            self.drafts.insert(ticket, join(&[&typed, text]));
        }
        Ok(())
    }

    /// Continues with a copy of the folder. `then` is the oracle as of the time of the copy.
    pub fn become_copy(&mut self, then: &Self) {
        let mut copy = then.clone();
        (copy.retries, copy.picked, copy.moves) = (self.retries, self.picked, self.moves + 1);
        copy.may_send.clear();
        copy.extras = ExtraActs { presses: self.extras.presses, ..ExtraActs::default() };
        copy.marks = then.marks.on_a_copy(&self.marks);
        copy.wanted.clone_from(&self.wanted);
        copy.attached.clone_from(&self.attached);
        (copy.changes, copy.opened) = (self.changes + self.copied.len() as u64, None);
        copy.left_behind.clone_from(&self.left_behind);
        // A ticket that was edited meanwhile arrives as another one than the copy has, with all its replies.
        let is_edited = |now: &&Written| {
            let before = then.writes.iter().find(|before| before.message == now.message);
            now.subject.is_some() && before.is_some_and(|before| before.text != now.text)
        };
        let edited: BTreeSet<_> = self.writes.iter().filter(is_edited).map(|now| now.ticket).collect();
        for now in &self.writes {
            let place = (now.ticket, now.message, &now.text);
            if let Some(kept) = copy.writes.iter_mut().find(|kept| (kept.ticket, kept.message, &kept.text) == place) {
                kept.extra = now.extra;
                // The ended installation took the message for another, equal one. The copy does not know that yet.
                let swapped = copy.left_behind.iter_mut().find(|left| {
                    kept.files != now.files
                        && (&left.subject, &left.text, &left.files) == (&kept.subject, &kept.text, &kept.files)
                });
                if let Some(left) = swapped {
                    left.files.clone_from(&now.files);
                }
                if edited.contains(&now.ticket) && now.fate != (Fate::Discarded { loose: false }) {
                    copy.left_behind.push(now.left_behind());
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

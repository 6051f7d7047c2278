//! What a user is told about a value of core, as the key of its text.
//!
//! Which key a value has is decided here, once for both platforms. No table has a default (but several fields of a form
//! share a text), so a new value does not compile before it has a text, and a test finds each key in every language.

#[cfg(test)]
mod tests;

use crate::model::{
    Attachment, ChangeKind, Delivery, DownloadProblem, FileState, Message, PendingChange, Progress, ReasonKind, Scan,
    Ticket, TicketRow, TicketStatus, Turn,
};
use crate::product::Product;
use crate::product::problem::{DraftNote, Field, FieldProblem, Problem};
use crate::query::{HistorySection, SortKey, WrittenTime};

impl Turn {
    /// Whose turn it is.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::HelpDesk => "turn.support",
            Self::You => "turn.you",
            Self::Nobody => "turn.nobody",
        }
    }
}

impl TicketStatus {
    /// The name of a status; `None` if it is shown by the server's own ([`label`](Self::label)).
    #[must_use]
    pub fn name_key(&self) -> Option<String> {
        match (&self.label, &self.id) {
            (Some(_), _) => None,
            (None, Some(id)) => Some(format!("status.{}", id.0)),
            (None, None) => Some("status.unknown".to_owned()),
        }
    }
}

impl TicketRow {
    /// Whether the ticket has a status: one that was not sent yet, or is no longer visible, has none.
    #[must_use]
    pub fn has_status(&self) -> bool {
        self.number.is_some() && self.visible
    }

    /// What marks a ticket with something unsent; `None` if everything was sent.
    #[must_use]
    pub fn unsent_key(&self) -> Option<&'static str> {
        if self.needs_user { Some("history.needs_you") } else { (self.waiting > 0).then_some("delivery.queued") }
    }

    /// What a menu offers for the ticket: to mark it as read or as unread. `None` if neither is possible.
    #[must_use]
    pub fn mark_key(&self) -> Option<&'static str> {
        let key = if self.unread { "history.mark_read" } else { "history.mark_unread" };
        (self.number.is_some() && self.visible).then_some(key)
    }
}

impl Ticket {
    /// The text key for whose turn it is. `None` if the turn is not known: the server does not have the ticket yet or no longer
    /// shows it, it was sent without an account, its status is unknown, or something of this user's that was not sent may
    /// change the turn.
    #[must_use]
    pub fn turn_key(&self) -> Option<&'static str> {
        let row = &self.row;
        let is_settled = row.has_status() && row.waiting == 0 && !row.needs_user && self.answers_go_to.is_none();
        (is_settled && row.status.id.is_some()).then(|| row.status.turn.string_key())
    }

    /// What stands in place of its number; `None` if it has one.
    #[must_use]
    pub fn unsent_title_key(&self) -> Option<&'static str> {
        if self.row.number.is_some() {
            return None;
        }
        Some(match &self.delivery {
            Delivery::MayHaveBeenSent => "delivery.may_have_been_sent.short",
            // The server need not say the number of a ticket without an account.
            Delivery::Sent if self.answers_go_to.is_some() => "anonymous.title",
            other => other.string_key().unwrap_or("delivery.queued"),
        })
    }
}

impl HistorySection {
    /// Its name.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::Unsent => "history.section.unsent",
            Self::Today => "history.section.today",
            Self::Earlier => "history.section.earlier",
            Self::Others => "history.section.others",
        }
    }
}

impl SortKey {
    /// Its name in a menu.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::LastActivity => "history.sort.last_activity",
            Self::Created => "history.sort.created",
            Self::Status => "history.sort.status",
            Self::Creator => "history.sort.creator",
            Self::Read => "history.sort.read",
        }
    }
}

impl WrittenTime {
    /// How it is said in words; `None` if it is written as a time or a date. The text of [`Minutes`](Self::Minutes) is counted.
    #[must_use]
    pub fn string_key(self) -> Option<&'static str> {
        match self {
            Self::Now => Some("time.now"),
            Self::Minutes(_) => Some("time.minutes"),
            Self::Yesterday => Some("time.yesterday"),
            Self::TimeOfDay | Self::Date => None,
        }
    }
}

impl Product {
    /// What is said of a message's delivery; `None` if it was sent. Nobody can look whether a ticket without an account has
    /// arrived, and its text says that.
    #[must_use]
    pub fn delivery_key(&self, delivery: &Delivery) -> Option<&'static str> {
        match delivery {
            Delivery::MayHaveBeenSent if self.anonymous => Some("anonymous.may_have_been_sent"),
            delivery => delivery.string_key(),
        }
    }
}

impl Delivery {
    /// What is said of it; `None` if it was sent.
    #[must_use]
    pub fn string_key(&self) -> Option<&'static str> {
        Some(match self {
            Self::Sent => return None,
            Self::Held(_) => "delivery.held",
            Self::Queued => "delivery.queued",
            Self::Sending => "delivery.sending",
            Self::Waiting(_) => "delivery.waiting",
            Self::Checking => "delivery.checking",
            Self::NeedsUser(_) => "delivery.needs_you",
            Self::MayHaveBeenSent => "delivery.may_have_been_sent",
            Self::NotShown => "delivery.not_shown",
        })
    }

    /// Why it needs the user; `None` if it does not.
    #[must_use]
    pub fn reason_key(&self) -> Option<&'static str> {
        match self {
            Self::NeedsUser(reason) => Some(reason.kind.string_key()),
            Self::Sent
            | Self::Held(_)
            | Self::Queued
            | Self::Sending
            | Self::Waiting(_)
            | Self::Checking
            | Self::MayHaveBeenSent
            | Self::NotShown => None,
        }
    }

    /// The name of the button that sends it once more. What came with a copy of the file was never tried on this device.
    #[must_use]
    pub fn retry_key(&self) -> &'static str {
        let is_first = matches!(self, Self::NeedsUser(reason) if reason.kind == ReasonKind::Restored);
        if is_first { "reply.send" } else { "button.retry" }
    }
}

impl ReasonKind {
    /// Why something was not sent.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::SignedOut => "reason.signed_out",
            Self::WrongUser => "reason.somebody_else",
            Self::AgentToken => "reason.agent_token",
            Self::NotAllowed => "reason.not_allowed",
            Self::TicketClosed => "reason.ticket_closed",
            Self::NoLongerVisible => "reason.no_longer_visible",
            Self::Refused => "reason.refused",
            Self::AttachmentTooLarge => "reason.attachment_too_large",
            Self::AttachmentType => "reason.attachment_type",
            Self::AttachmentMissing => "reason.attachment_missing",
            Self::Restored => "reason.restored",
            Self::Unsupported => "reason.unsupported",
        }
    }

    /// The same, said beside the file that is the reason; `None` for a reason that is no file.
    fn file_key(self) -> Option<&'static str> {
        match self {
            Self::AttachmentTooLarge => Some("file.refused.too_large"),
            Self::AttachmentType => Some("file.refused.type"),
            Self::AttachmentMissing => Some("file.refused.missing"),
            Self::SignedOut
            | Self::WrongUser
            | Self::AgentToken
            | Self::NotAllowed
            | Self::TicketClosed
            | Self::NoLongerVisible
            | Self::Refused
            | Self::Restored
            | Self::Unsupported => None,
        }
    }
}

impl Message {
    /// Why it needs the user. `None` if it does not, or if one of its files says so itself.
    #[must_use]
    pub fn reason_key(&self) -> Option<&'static str> {
        let file_says_so = self.attachments.iter().any(|file| file.refused_key().is_some());
        self.delivery.reason_key().filter(|_| !file_says_so)
    }

    /// Who wrote it, where that is said in the product's words; `None` if it is said by the author's name.
    #[must_use]
    pub fn author_key(&self) -> Option<&'static str> {
        if self.mine { Some("ticket.you") } else { (self.from_agent && self.author.is_none()).then_some("ticket.desk") }
    }

    /// The question before it is discarded.
    #[must_use]
    pub fn discard_question_key(&self) -> &'static str {
        if self.delivery == Delivery::MayHaveBeenSent {
            "button.discard.maybe.question"
        } else {
            "button.discard.question"
        }
    }
}

impl PendingChange {
    /// The question before it is discarded.
    pub const DISCARD_QUESTION_KEY: &'static str = "change.discard.question";
}

impl ChangeKind {
    /// What it does. The text of [`AddCc`](Self::AddCc) has the placeholder `addresses`.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::AddCc => "change.add_cc",
            Self::Solve => "change.solve",
            Self::Feedback => "change.feedback",
            Self::Toggle => "change.toggle",
        }
    }
}

impl FileState {
    /// What is happening to the file; `None` if nothing is. The texts of a running transfer have the placeholder `percent`.
    #[must_use]
    pub fn string_key(self) -> Option<&'static str> {
        match self {
            Self::OnServer | Self::OnDevice => None,
            Self::Waiting => Some("file.waiting"),
            Self::Sending(_) => Some("file.sending"),
            Self::Requested => Some("file.wanted"),
            Self::Downloading(_) => Some("file.coming"),
            Self::Failed(problem) => Some(problem.string_key()),
        }
    }
}

impl Attachment {
    /// Why it keeps its message from being sent; `None` if it does not.
    #[must_use]
    pub fn refused_key(&self) -> Option<&'static str> {
        self.refused.and_then(ReasonKind::file_key)
    }

    /// What is said before it is opened; `None` if nothing is known against it.
    #[must_use]
    pub fn warning_key(&self) -> Option<&'static str> {
        match self.scan {
            Scan::Clean => None,
            Scan::Failed => Some("file.warning.not_checked"),
            Scan::Malware => Some("file.warning.malware"),
        }
    }

    /// Whether [`Client::download`](crate::Client::download) is offered now.
    #[must_use]
    pub fn can_download(&self) -> bool {
        !self.deleted && matches!(self.bytes, FileState::OnServer | FileState::Failed(_))
    }

    /// How much of it was transferred, from 0 to 100; `None` if no transfer is running.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        match self.bytes {
            FileState::Sending(bytes) | FileState::Downloading(bytes) => Some(percent(bytes, self.size)),
            FileState::OnServer
            | FileState::Waiting
            | FileState::Requested
            | FileState::OnDevice
            | FileState::Failed(_) => None,
        }
    }
}

/// How much of a whole its part is, from 0 to 100. Rounded down, so that 100 means all of it.
#[must_use]
pub(crate) fn percent(part: u64, whole: u64) -> u32 {
    let hundredths = u128::from(part.min(whole)) * 100 / u128::from(whole.max(1));
    u32::try_from(hundredths).unwrap_or(100)
}

impl DownloadProblem {
    /// Why a file could not be downloaded.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::Gone => "download.gone",
            Self::NoSpace => "download.no_space",
            Self::TooLarge => "download.too_large",
            Self::Unavailable => "download.unavailable",
        }
    }
}

impl Progress {
    /// Where a step of a timeline stands, for those who do not see it.
    #[must_use]
    pub fn string_key(self) -> &'static str {
        match self {
            Self::Done => "step.done",
            Self::Current => "step.current",
            Self::NotReached => "step.not_reached",
        }
    }
}

impl FieldProblem {
    /// What is wrong with the field. The text of [`Problem::TooLong`] has the placeholders `count` and `limit`.
    #[must_use]
    pub fn string_key(&self) -> &'static str {
        match (&self.problem, self.field) {
            (Problem::Required, Field::Body) => "field.body.required",
            (Problem::Required, _) => "field.required",
            (Problem::TooLong { .. }, _) => "field.subject.too_long",
            (Problem::Malformed, _) => "field.cc.malformed",
            (Problem::Unknown, Field::Access) => "field.access.unknown",
            (Problem::Unknown, _) => "field.issue_type.unknown",
        }
    }
}

impl DraftNote {
    /// What will not be sent. `None` for [`AddressesKeptAside`](Self::AddressesKeptAside), for which each product has its own
    /// text.
    #[must_use]
    pub fn string_key(&self) -> Option<&'static str> {
        match self {
            Self::AddressesKeptAside => None,
            Self::RepeatedAddress { .. } => Some("note.cc.repeated"),
            Self::OwnAddress { .. } => Some("note.cc.own"),
        }
    }

    /// The index of the CC address that it is about; `None` if it is about all of them.
    #[must_use]
    pub fn index(&self) -> Option<u32> {
        match self {
            Self::AddressesKeptAside => None,
            Self::RepeatedAddress { index } | Self::OwnAddress { index } => Some(*index),
        }
    }
}

//! Everything that the user writes: drafts, tickets, replies and changes. Each call is durable when it returns; sync
//! sends the result when the network allows.

use std::time::Duration;

use super::Client;
use crate::model::{DraftId, MessageId, OperationId, ReplyDraft, TicketDraft, TicketId};
use crate::product::{DraftCheck, FieldMessage, FieldProblem, FormProgress};
use crate::store::{NewReply, NewTicket, ReplyOutcome, StoreError};
use crate::sync::Scope;

/// Why a ticket was not created or changed. [`submit`](crate::Client::submit) keeps an invalid draft;
/// [`edit_ticket`](crate::Client::edit_ticket) keeps none, and changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "kind", content = "fields", rename_all = "snake_case")]
pub enum SubmitError {
    /// Every field that is invalid.
    #[error("{} fields need attention", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// The account's file could not be read or written.
    #[error(transparent)]
    #[serde(untagged)]
    Store(#[from] StoreError),
}

/// Why a reply was not written or changed. A refused new reply is kept as the draft; a refused edit is not kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "kind", content = "fields", rename_all = "snake_case")]
pub enum ReplyError {
    /// The text is blank or otherwise invalid.
    #[error("the reply needs attention")]
    Invalid(Vec<FieldProblem>),
    /// The ticket is closed, and nothing can be added to it (`docs/product.md`, T3).
    #[error("the ticket is closed")]
    TicketClosed,
    /// The product offers this user no reply to this ticket (`docs/product.md`, S13, S20).
    #[error("no reply is offered")]
    NotOffered,
    /// This user may no longer see the ticket.
    #[error("the ticket is no longer visible")]
    NoLongerVisible,
    /// The account's file could not be read or written.
    #[error(transparent)]
    #[serde(untagged)]
    Store(#[from] StoreError),
}

/// Why an action, a change of a ticket or an answer about an article was not accepted. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "kind", content = "fields", rename_all = "snake_case")]
pub enum ChangeError {
    /// The server or the product does not offer this, or not for this ticket or article, or not to this user.
    #[error("the server does not offer this")]
    NotOffered,
    /// Some addresses are malformed, or a text that feedback needs is missing.
    #[error("{} addresses need attention", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// The ticket is closed, and nothing can be changed.
    #[error("the ticket is closed")]
    TicketClosed,
    /// This user may no longer see the ticket.
    #[error("the ticket is no longer visible")]
    NoLongerVisible,
    /// The account's file could not be read or written.
    #[error(transparent)]
    #[serde(untagged)]
    Store(#[from] StoreError),
}

impl Client {
    /// The saved draft of a new ticket, or an empty one with the preselected issue type.
    pub fn ticket_draft(&self) -> Result<TicketDraft, StoreError> {
        Ok(self.store.ticket_draft()?.unwrap_or_else(|| TicketDraft {
            id: self.new_draft_id(),
            subject: String::new(),
            issue_type: self.product.preselected_issue_type().to_owned(),
            cc: Vec::new(),
            cc_entry: String::new(),
            description: String::new(),
            access: false,
            follows: None,
            name: String::new(),
            email: String::new(),
        }))
    }

    /// Saves the draft durably.
    pub fn save_ticket_draft(&self, draft: &TicketDraft) -> Result<(), StoreError> {
        self.store.save_ticket_draft(draft)
    }

    /// Checks a draft: every invalid field, and everything that submitting would drop. Changes nothing.
    pub fn check_ticket_draft(&self, draft: &TicketDraft) -> Result<DraftCheck, StoreError> {
        Ok(self.product.check(draft, self.store.account()?.email.as_deref()))
    }

    /// The same, with what the form says about it now, in its order.
    pub fn check_form(
        &self,
        draft: &TicketDraft,
        progress: &FormProgress,
    ) -> Result<(DraftCheck, Vec<FieldMessage>), StoreError> {
        let check = self.check_ticket_draft(draft)?;
        let messages = self.product.messages(draft, &check, progress);
        Ok((check, messages))
    }

    /// Deletes a draft.
    pub fn discard_draft(&self, draft: &DraftId) -> Result<(), StoreError> {
        self.store.discard_draft(draft)
    }

    /// Creates the ticket, durably. Submitting the same draft again returns the same ticket. An invalid draft is saved
    /// and not submitted.
    pub fn submit(&self, draft: &TicketDraft) -> Result<TicketId, SubmitError> {
        let email = self.store.account()?.email;
        let accepted = match self.product.accept(draft, email.as_deref()) {
            Ok(accepted) => accepted,
            Err(problems) => {
                self.store.save_ticket_draft(draft)?;
                return Err(SubmitError::Invalid(problems));
            }
        };
        let ticket = self.store.submit(&NewTicket {
            draft: &draft.id,
            accepted: &accepted,
            reference: self.environment.new_id(),
            key: self.environment.new_id(),
            hold: self.hold(),
            now: self.environment.now(),
        })?;
        self.ask(Scope::Due);
        Ok(ticket)
    }

    /// The saved draft of a reply in `ticket`, or an empty one.
    pub fn reply_draft(&self, ticket: TicketId) -> Result<ReplyDraft, StoreError> {
        let kept = self.store.reply_draft(ticket)?;
        Ok(kept.unwrap_or_else(|| ReplyDraft::plain(self.new_draft_id(), ticket, "")))
    }

    /// Saves the draft durably.
    pub fn save_reply_draft(&self, draft: &ReplyDraft) -> Result<(), StoreError> {
        self.store.save_reply_draft(draft)
    }

    /// Writes the reply, durably. Sending the same draft again returns the same message. An invalid draft is saved and
    /// not sent.
    pub fn reply(&self, draft: &ReplyDraft) -> Result<MessageId, ReplyError> {
        let problems = self.product.check_reply(&draft.body);
        if !problems.is_empty() {
            self.store.save_reply_draft(draft)?;
            return Err(ReplyError::Invalid(problems));
        }
        // What its status and its visibility say is decided where the reply is written.
        let head = self.store.ticket(draft.ticket)?;
        if head.can_reply && !self.narrowed(head)?.can_reply {
            self.store.save_reply_draft(draft)?;
            return Err(ReplyError::NotOffered);
        }
        let (body, structure) = draft.written().structured();
        let outcome = self.store.reply(&NewReply {
            draft: &draft.id,
            ticket: draft.ticket,
            body: &body,
            structure: structure.as_ref(),
            action: None,
            key: self.environment.new_id(),
            hold: self.hold(),
            now: self.environment.now(),
        })?;
        match outcome {
            ReplyOutcome::Written(message) => {
                self.ask(Scope::Due);
                Ok(message)
            }
            ReplyOutcome::TicketClosed => Err(ReplyError::TicketClosed),
            ReplyOutcome::NoLongerVisible => Err(ReplyError::NoLongerVisible),
        }
    }

    /// Sends a message again. Fails with [`StoreError::NotPossibleNow`] if [`Message::can_retry`](crate::model::Message) is
    /// false: another attempt is not needed, not safe, or would not help.
    pub fn retry(&self, message: MessageId) -> Result<(), StoreError> {
        self.store.retry(message, self.environment.now())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Removes a message that is not on its way, and returns its text. The text is added to the draft of a reply in its
    /// ticket. If the message is the description of a new ticket, the ticket is removed, and its fields are added to
    /// the draft of a new ticket. Fails with [`StoreError::NotPossibleNow`] if
    /// [`Message::can_discard`](crate::model::Message) is false: the message may be on its way, the server shows it or
    /// may still show it, or other operations wait behind the creation of its ticket.
    pub fn discard(&self, message: MessageId) -> Result<String, StoreError> {
        self.store.discard(message, &self.new_draft_id())
    }

    /// Removes from this device a message that the server has confirmed and does not show
    /// ([`Delivery::NotShown`](crate::model::Delivery)), with its files. Unlike [`discard`](Self::discard), no draft keeps the
    /// text. Fails with [`StoreError::NotPossibleNow`] if the message is in any other state.
    pub fn remove(&self, message: MessageId) -> Result<(), StoreError> {
        self.store.remove(message)
    }

    /// Removes from this device a ticket that was sent without an account, durably and with its bytes (`docs/product.md`,
    /// W11). The server keeps it. Fails with [`StoreError::NotPossibleNow`] if
    /// [`Ticket::can_remove`](crate::model::Ticket) is false.
    pub fn remove_ticket(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.store.remove_ticket(ticket)
    }

    /// Changes the text of a reply that was not sent yet, durably. What is not touched keeps its format. The reply keeps its
    /// place in the order. Fails with [`StoreError::NotPossibleNow`] if [`Message::can_edit`](crate::model::Message) is false:
    /// the server may have the old text, or another text would not help. Fails in the same way for a description, which
    /// [`edit_ticket`](Self::edit_ticket) changes.
    pub fn edit_reply(&self, message: MessageId, body: &str) -> Result<(), ReplyError> {
        let problems = self.product.check_reply(body);
        if !problems.is_empty() {
            return Err(ReplyError::Invalid(problems));
        }
        self.store.edit_reply(message, body.trim(), self.environment.new_id())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// The fields of a ticket that was not sent yet, for a form that edits them (`docs/product.md`, W12). Fails with
    /// [`StoreError::NotPossibleNow`] if the ticket is on the server.
    pub fn unsent_ticket(&self, ticket: TicketId) -> Result<TicketDraft, StoreError> {
        let unsent = self.store.unsent_ticket(ticket)?;
        let issue_type = self.product.issue_type_by_value(&unsent.issue_type).map(|known| known.id.clone());
        Ok(TicketDraft { issue_type: issue_type.unwrap_or_default(), id: self.new_draft_id(), ..unsent })
    }

    /// Changes the fields of a ticket that was not sent yet, durably (`docs/product.md`, W12). Fails with
    /// [`StoreError::NotPossibleNow`] if [`Message::can_edit`](crate::model::Message) of its description is false: the server
    /// may have the ticket, or other fields would not help.
    pub fn edit_ticket(&self, ticket: TicketId, draft: &TicketDraft) -> Result<(), SubmitError> {
        let email = self.store.account()?.email;
        let accepted = self.product.accept(draft, email.as_deref()).map_err(SubmitError::Invalid)?;
        self.store.edit_ticket(ticket, &accepted, self.environment.new_id(), self.environment.new_id())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Sends a change again. Fails with [`StoreError::NotPossibleNow`] if
    /// [`PendingChange::can_retry`](crate::model::PendingChange) is false: another attempt is not needed, not safe, or
    /// would not help.
    pub fn retry_change(&self, change: OperationId) -> Result<(), StoreError> {
        self.store.retry_change(change, self.environment.now())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Removes a change that is not on its way. Fails with [`StoreError::NotPossibleNow`] if
    /// [`PendingChange::can_discard`](crate::model::PendingChange) is false: the change may be on its way, or the
    /// server has it.
    pub fn discard_change(&self, change: OperationId) -> Result<(), StoreError> {
        self.store.discard_change(change)
    }

    /// How long a message that is written now can be undone before it is sent. Zero unless the app is in front; also zero
    /// without a network, because then the message waits anyway and can be edited and discarded.
    pub(super) fn hold(&self) -> Duration {
        let scheduler = self.scheduler();
        if scheduler.in_front && scheduler.online { self.send_delay } else { Duration::ZERO }
    }

    pub(super) fn new_draft_id(&self) -> DraftId {
        DraftId(self.environment.new_id().to_string())
    }
}

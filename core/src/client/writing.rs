//! What the user writes: drafts, tickets, replies and changes. Everything is durable on return, and sent when the network
//! allows.

use std::time::Duration;

use super::Client;
use crate::model::{DraftId, MessageId, OperationId, ReplyDraft, Ticket, TicketDraft, TicketId};
use crate::product::{DraftCheck, FieldProblem};
use crate::store::{NewReply, NewTicket, ReplyOutcome, StoreError};
use crate::sync::Scope;

/// Why a ticket was not created. The draft is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Every field that is wrong, at once.
    #[error("{} fields need attention", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a reply was not written. The draft is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// The text is blank.
    #[error("the reply needs attention")]
    Invalid(Vec<FieldProblem>),
    /// The ticket is closed; nothing can be added to it (T3).
    #[error("the ticket is closed")]
    TicketClosed,
    /// The server no longer shows this ticket to this user.
    #[error("the ticket is no longer visible")]
    NoLongerVisible,
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a change of a sent ticket was not written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// This server does not offer it, or not for this ticket.
    #[error("the server does not offer this")]
    NotOffered,
    /// Some addresses are malformed.
    #[error("{} addresses need attention", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// The ticket is closed; nothing can be changed.
    #[error("the ticket is closed")]
    TicketClosed,
    /// The server no longer shows this ticket to this user.
    #[error("the ticket is no longer visible")]
    NoLongerVisible,
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Client {
    /// The new ticket that is being written, or an empty one with the preselected issue type.
    pub fn ticket_draft(&self) -> Result<TicketDraft, StoreError> {
        Ok(self.store.ticket_draft()?.unwrap_or_else(|| TicketDraft {
            id: self.new_draft_id(),
            subject: String::new(),
            issue_type: self.product.preselected_issue_type.clone(),
            cc: Vec::new(),
            cc_entry: String::new(),
            description: String::new(),
            access: false,
        }))
    }

    /// Keeps the draft, durably.
    pub fn save_ticket_draft(&self, draft: &TicketDraft) -> Result<(), StoreError> {
        self.store.save_ticket_draft(draft)
    }

    /// Every field that is wrong, and what will be dropped. Changes nothing.
    pub fn check_ticket_draft(&self, draft: &TicketDraft) -> Result<DraftCheck, StoreError> {
        Ok(self.product.check(draft, self.store.account()?.email.as_deref()))
    }

    /// Forgets a draft.
    pub fn discard_draft(&self, draft: &DraftId) -> Result<(), StoreError> {
        self.store.discard_draft(draft)
    }

    /// Creates the ticket: durable on return, sent when the network allows. The same draft again gives the same ticket.
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

    /// The reply that is being written in `ticket`, or an empty one.
    pub fn reply_draft(&self, ticket: TicketId) -> Result<ReplyDraft, StoreError> {
        let kept = self.store.reply_draft(ticket)?;
        Ok(kept.unwrap_or_else(|| ReplyDraft { id: self.new_draft_id(), ticket, body: String::new() }))
    }

    /// Keeps the draft, durably.
    pub fn save_reply_draft(&self, draft: &ReplyDraft) -> Result<(), StoreError> {
        self.store.save_reply_draft(draft)
    }

    /// Writes the reply: durable on return, sent when the network allows. The same draft again gives the same message.
    pub fn reply(&self, draft: &ReplyDraft) -> Result<MessageId, ReplyError> {
        let problems = self.product.check_reply(&draft.body);
        if !problems.is_empty() {
            self.store.save_reply_draft(draft)?;
            return Err(ReplyError::Invalid(problems));
        }
        let outcome = self.store.reply(&NewReply {
            draft: &draft.id,
            ticket: draft.ticket,
            body: draft.body.trim(),
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

    /// Sends a message again, where that is safe ([`Message::can_retry`](crate::model::Message)).
    pub fn retry(&self, message: MessageId) -> Result<(), StoreError> {
        self.store.retry(message, self.environment.now())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Takes back a message that is not on its way ([`Message::can_discard`](crate::model::Message)); its text is kept as
    /// a draft, and returned.
    pub fn discard(&self, message: MessageId) -> Result<String, StoreError> {
        self.store.discard(message, &self.new_draft_id())
    }

    /// Gives a reply that was not sent yet another text; its place among the others stays. Durable on return.
    /// [`StoreError::NotFound`] where that is not safe ([`Message::can_edit`](crate::model::Message)).
    pub fn edit_reply(&self, message: MessageId, body: &str) -> Result<(), ReplyError> {
        let problems = self.product.check_reply(body);
        if !problems.is_empty() {
            return Err(ReplyError::Invalid(problems));
        }
        self.store.edit_reply(message, body.trim(), self.environment.new_id())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// The fields of a ticket that was not sent yet, for a form that edits them (W12).
    pub fn unsent_ticket(&self, ticket: TicketId) -> Result<TicketDraft, StoreError> {
        let unsent = self.store.unsent_ticket(ticket)?;
        let issue_type = self.product.issue_type_by_value(&unsent.issue_type).map(|known| known.id.clone());
        Ok(TicketDraft { issue_type: issue_type.unwrap_or_default(), id: self.new_draft_id(), ..unsent })
    }

    /// Gives a ticket that was not sent yet other fields (W12). Durable on return. [`StoreError::NotFound`] where that is
    /// not safe ([`Message::can_edit`](crate::model::Message) of its description).
    pub fn edit_ticket(&self, ticket: TicketId, draft: &TicketDraft) -> Result<(), SubmitError> {
        let email = self.store.account()?.email;
        let accepted = self.product.accept(draft, email.as_deref()).map_err(SubmitError::Invalid)?;
        self.store.edit_ticket(ticket, &accepted, self.environment.new_id(), self.environment.new_id())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Asks the server to mail more addresses about a ticket (W12): durable on return, sent when the network allows. What is
    /// repeated, or the user's own, is dropped.
    pub fn add_cc(&self, ticket: TicketId, addresses: &[String]) -> Result<(), ChangeError> {
        let head = self.changeable(ticket, self.product.add_cc)?;
        let email = self.store.account()?.email;
        let waiting = head.changes.into_iter().flat_map(|change| change.addresses);
        let known: Vec<String> = head.cc.into_iter().chain(waiting).collect();
        let fresh = self.product.accept_cc(addresses, &known, email.as_deref()).map_err(ChangeError::Invalid)?;
        if !fresh.is_empty() {
            self.store.add_cc(ticket, &fresh, self.environment.new_id())?;
            self.ask(Scope::Due);
        }
        Ok(())
    }

    /// Tells the server that this user's own ticket is solved (S15): durable on return, sent when the network allows.
    pub fn solve(&self, ticket: TicketId) -> Result<(), ChangeError> {
        let head = self.changeable(ticket, self.product.solve)?;
        if !head.created_by_me {
            return Err(ChangeError::NotOffered);
        }
        self.store.solve(ticket, self.environment.new_id())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Sends a change again, where that is safe ([`PendingChange::can_retry`](crate::model::PendingChange)).
    pub fn retry_change(&self, change: OperationId) -> Result<(), StoreError> {
        self.store.retry_change(change, self.environment.now())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Takes back a change that is not on its way
    /// ([`PendingChange::can_discard`](crate::model::PendingChange)).
    pub fn discard_change(&self, change: OperationId) -> Result<(), StoreError> {
        self.store.discard_change(change)
    }

    /// The ticket, if this server offers such a change and the ticket takes it.
    fn changeable(&self, ticket: TicketId, allowed_values: bool) -> Result<Ticket, ChangeError> {
        let head = self.store.ticket(ticket)?;
        match () {
            () if !allowed_values => Err(ChangeError::NotOffered),
            () if !head.row.visible => Err(ChangeError::NoLongerVisible),
            () if !head.can_reply => Err(ChangeError::TicketClosed),
            () => Ok(head),
        }
    }

    /// How long a message written now can be undone.
    fn hold(&self) -> Duration {
        if self.scheduler().in_front { self.send_delay } else { Duration::ZERO }
    }

    fn new_draft_id(&self) -> DraftId {
        DraftId(self.environment.new_id().to_string())
    }
}

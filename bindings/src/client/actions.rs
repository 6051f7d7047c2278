//! The detail screen of a ticket, its actions, and the changes that they write.

use pocketdesk::model::{OperationId, TicketId};

use super::Client;
use crate::errors::{ChangeError, ClientError};
use crate::runtime::guarded;
use crate::types::{Acted, TicketDetails, TicketDraft};

#[uniffi::export]
impl Client {
    /// Returns what the detail screen of a ticket shows and offers, with its texts in `language` (a BCP 47 tag). Ask again
    /// whenever the ticket has changed. Throws `NoSuchTicket` if there is none with this local id.
    pub fn details(&self, ticket: i64, language: &str) -> Result<TicketDetails, ClientError> {
        self.call(|client| Ok(client.details(TicketId(ticket), language)?.into()))
    }

    /// Does an action of the product with a ticket; durable on return, sent when the network allows. `action` is the
    /// `ActionOffer.id`. `addresses` are those of an action of kind `AddCc`, and empty for others. Texts that it writes
    /// are in `language` (a BCP 47 tag). Throws `NotOffered` if this user is not offered the action now, and for the
    /// kinds `Feedback` and `Toggle`, which have calls of their own. A second tap on an action that was just done
    /// changes nothing.
    pub fn act(&self, ticket: i64, action: &str, addresses: Vec<String>, language: &str) -> Result<Acted, ChangeError> {
        guarded(ChangeError::InternalFault, || {
            Ok(self.client.act(TicketId(ticket), action, &addresses, language)?.into())
        })
    }

    /// Gives feedback about a ticket; durable on return, sent when the network allows. `action` is the `ActionOffer.id`,
    /// `answer` the `FeedbackAnswer.id`, and `text` what the user wrote, or empty. It counts once: a second call changes
    /// nothing. Throws `NotOffered` if this user is not offered it now, and `Invalid` if it needs a text and has none.
    pub fn give_feedback(&self, ticket: i64, action: &str, answer: &str, text: &str) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.client.give_feedback(TicketId(ticket), action, answer, text)?))
    }

    /// Turns a toggle of a ticket on or off; durable on return, sent when the network allows. `action` is the
    /// `ActionOffer.id`. Of several values that wait, only the last one is sent. Throws `NotOffered` if this user is
    /// not offered it now.
    pub fn set_toggle(&self, ticket: i64, action: &str, on: bool) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.client.set_toggle(TicketId(ticket), action, on)?))
    }

    /// Prepares the draft of a new ticket that follows a ticket which takes no replies, and returns it; durable on return.
    /// Below what the draft has, it gets `about` and what the user had begun to reply. Doing it again adds nothing again.
    pub fn follow_up(&self, ticket: i64, about: &str) -> Result<TicketDraft, ClientError> {
        self.call(|client| Ok(client.follow_up(TicketId(ticket), about)?.into()))
    }

    /// Prepares the draft of a new ticket that follows a ticket which takes no replies, and returns it; durable on
    /// return. It is for a product that offers no action of the kind `NewRequest` there. Below what the draft has, it
    /// gets a line in `language` (a BCP 47 tag) that says which ticket it is about, and what the user had begun to
    /// reply. Doing it again adds nothing again.
    pub fn begin_follow_up(&self, ticket: i64, language: &str) -> Result<TicketDraft, ClientError> {
        self.call(|client| Ok(client.begin_follow_up(TicketId(ticket), language)?.into()))
    }

    /// Adds a text to the draft of the reply in a ticket, below what is there; durable on return.
    pub fn add_to_reply(&self, ticket: i64, text: &str) -> Result<(), ClientError> {
        self.call(|client| {
            client.add_to_reply(TicketId(ticket), text)?;
            Ok(())
        })
    }

    /// Adds CC addresses to a ticket; durable on return, sent when the network allows. Drops an address that the ticket
    /// already has or that occurs twice, and the user's own address. If no address is left, nothing is changed. Throws
    /// `Invalid` with every address that is malformed, and `NotOffered` if the product does not offer it for this
    /// ticket.
    pub fn add_cc(&self, ticket: i64, addresses: Vec<String>) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.client.add_cc(TicketId(ticket), &addresses)?))
    }

    /// Marks one of the user's own tickets as solved; durable on return, sent when the network allows. A second call
    /// changes nothing, unless the user has written a reply since, which will reopen the ticket.
    pub fn solve(&self, ticket: i64) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.client.solve(TicketId(ticket))?))
    }

    /// Sends a change again. Throws `NotPossibleNow` if `PendingChange.can_retry` is false.
    pub fn retry_change(&self, change: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.retry_change(OperationId(change))?))
    }

    /// Takes back a change that was not sent. Throws `NotPossibleNow` if `PendingChange.can_discard` is false.
    pub fn discard_change(&self, change: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.discard_change(OperationId(change))?))
    }
}

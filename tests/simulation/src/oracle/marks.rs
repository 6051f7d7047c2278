//! What has to hold of read marks.
//!
//! * **At every step**: a ticket that the user marked as unread stays so until the user opens its thread or marks it as read,
//!   whatever is read elsewhere, and also after the end of the process or the power.
//! * **When everything has come to rest**: the server's read mark is at least at the newest message of somebody else that
//!   the user had in the thread when it was opened or marked as read on this installation. A mark that the server did not
//!   want may be missing, and so may one of a ticket that was hidden for a while.
//! * **Marks overtake nothing**: [`Run::prompt`](crate::run::Run) checks that a reply leaves before the marks that wait.

use std::collections::{BTreeMap, BTreeSet};

use pocketdesk::Client;
use pocketdesk::model::{Delivery, Message, MessageId, TicketId};

use super::Oracle;
use crate::Violation;
use crate::server::{ADA, ModelServer, State, Ticket};

/// What the user marked.
#[derive(Debug, Clone, Default)]
pub(crate) struct MarkActs {
    /// Whether the server shares read marks.
    pub are_shared: bool,
    /// The tickets that the user marked as unread.
    pub reminders: BTreeSet<TicketId>,
    /// The newest message of an agent in the threads that the user read on this installation.
    pub read: BTreeMap<TicketId, MessageId>,
    /// How many read marks the user may have caused, on any installation.
    pub presses: u64,
}

impl MarkActs {
    /// The user reads the ticket, or marks it as read. Call it before the client is told.
    pub fn reads(&mut self, ticket: TicketId) {
        self.presses += u64::from(self.are_shared);
        // If the power is cut meanwhile, nobody knows whether this has counted.
        self.reminders.remove(&ticket);
    }

    /// The client has accepted that the user has read the ticket. `messages`: what it has of the thread.
    pub fn has_read(&mut self, ticket: TicketId, messages: &[Message]) {
        let newest = messages.iter().rfind(|message| !message.mine && message.delivery == Delivery::Sent);
        if let Some(newest) = newest.filter(|_| self.are_shared) {
            self.read.insert(ticket, newest.id);
        }
    }

    /// How many read marks the app may have sent because an answer arrived while its thread was on screen.
    pub fn answers(&self, server: &State) -> u64 {
        let of = |ticket: &Ticket| ticket.public().filter(|comment| comment.author != ADA).count() as u64;
        if self.are_shared { server.tickets().map(|ticket| of(ticket)).sum() } else { 0 }
    }

    /// The same on a copy of the folder, as another installation.
    pub fn on_a_copy(&self, now: &Self) -> Self {
        Self { read: BTreeMap::new(), presses: now.presses, ..self.clone() }
    }
}

impl Oracle {
    pub(super) fn check_reminders(&mut self, app: &Client, server: &ModelServer) -> Result<(), Violation> {
        let server = server.state();
        let mut over = Vec::new();
        for ticket in &self.marks.reminders {
            let row = app.ticket(*ticket).ok().map(|head| head.row);
            let was_hidden = |row: &pocketdesk::model::TicketRow| row.number.is_none_or(|n| server.was_hidden(n.0));
            match row {
                Some(row) if !was_hidden(&row) && row.visible => {
                    if !row.unread || !row.reminder {
                        return Err(Violation::new(format!("the reminder of {:?} has ended by itself", row.number)));
                    }
                }
                // A ticket that is no longer visible has nothing that the user could come back to.
                _ => over.push(*ticket),
            }
        }
        for ticket in over {
            self.marks.reminders.remove(&ticket);
        }
        Ok(())
    }

    pub(super) fn check_marks(&self, app: &Client, server: &State) -> Result<(), Violation> {
        if !server.moods().ever().is_empty() {
            return Ok(());
        }
        for (ticket, newest) in &self.marks.read {
            let Ok(head) = app.ticket(*ticket) else { continue };
            let Some(number) = head.row.number.map(|number| number.0).filter(|_| head.row.visible) else { continue };
            if server.was_hidden(number) || server.log().unwanted_read_marks.contains(&number) {
                continue;
            }
            let messages = app.thread(*ticket, None, 200).map(|page| page.messages).unwrap_or_default();
            let sent = messages.iter().filter(|message| message.delivery == Delivery::Sent && !message.mine);
            let Some(theirs) = server.ticket(number) else { continue };
            // The thread reads as the server shows it, so the messages are at the same places.
            let comments = theirs.public().filter(|comment| comment.author != ADA);
            let Some((_, comment)) = sent.zip(comments).find(|(message, _)| message.id == *newest) else { continue };
            let through = server.read_through(number).unwrap_or_default();
            if through < comment.id {
                let read = comment.id;
                return Err(Violation::new(format!("#{number} was read through {read}, and the server has {through}")));
            }
        }
        Ok(())
    }
}

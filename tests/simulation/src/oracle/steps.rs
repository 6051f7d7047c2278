//! What has to hold at every step.

use std::collections::{BTreeMap, BTreeSet};

use pocketdesk::Client;
use pocketdesk::live::Changes;
use pocketdesk::model::normalise;
use pocketdesk::model::{Delivery, Message, ReasonKind, TicketId};
use pocketdesk::store::StoreError;

use super::moods::{explains_refusal, has_words, is_unexplained, reads};
use super::shown::rows;
use super::{Fate, Oracle, Written, files};
use crate::Violation;
use crate::server::{ModelServer, Place, State};

impl Oracle {
    /// Checks what changed, or everything if `None`: the threads in which the user wrote, the history, and the drafts.
    pub fn check(&mut self, app: &Client, server: &ModelServer, changed: Option<&Changes>) -> Result<(), Violation> {
        for ticket in self.tickets() {
            if changed.is_none_or(|changed| changed.concern(ticket)) {
                self.check_ticket(ticket, app, server, changed.is_none())?;
            }
        }
        if changed.is_none_or(|changed| changed.history) {
            self.check_history(app, server, changed.is_none())?;
        }
        self.check_drafts(app)?;
        self.check_reminders(app, server)?;
        self.check_files(app, changed.is_none())
    }

    /// A ticket stays in the history unless the server hid it. After a start some may be missing, because a power cut
    /// takes what was read from the server and not synced.
    fn check_history(&mut self, app: &Client, server: &ModelServer, anew: bool) -> Result<(), Violation> {
        let shown: BTreeSet<i64> =
            rows(app)?.iter().filter(|row| row.visible).filter_map(|row| Some(row.number?.0)).collect();
        let server = server.state();
        let missing = self.shown.iter().find(|number| !shown.contains(number) && !server.was_hidden(**number));
        if let Some(number) = missing.filter(|_| !anew) {
            return Err(Violation::new(format!("#{number} is missing from the history, and the server never hid it")));
        }
        self.shown = shown;
        Ok(())
    }

    fn check_ticket(
        &mut self,
        ticket: TicketId,
        app: &Client,
        server: &ModelServer,
        anew: bool,
    ) -> Result<(), Violation> {
        let head = match app.ticket(ticket) {
            Ok(head) => head,
            Err(StoreError::NoSuchTicket) => return Err(Violation::new(format!("ticket {ticket} is lost"))),
            Err(error) => return Err(Violation::new(format!("ticket {ticket} cannot be read: {error:?}"))),
        };
        let number = head.row.number.map(|number| number.0);
        let thread = app.thread(ticket, None, 200).map_err(|error| Violation::new(format!("no thread: {error:?}")))?;
        let server = server.state();
        let mut last = None;
        let mut missing = None;
        for written in self.writes.iter_mut().filter(|written| written.ticket == ticket) {
            written.number = number.or(written.number);
        }
        self.maybe_swap(ticket, &thread.messages, &server);
        for written in self.writes.iter_mut().filter(|written| written.ticket == ticket && written.stands()) {
            let place = thread.messages.iter().position(|message| message.id == written.message);
            let Some(place) = place else {
                // When a ticket was invisible for a while, its sent messages were removed, and came back as the
                // server's.
                let was_hidden =
                    written.number.is_some_and(|number| server.was_hidden(number)) && is_at(&server, written);
                if was_hidden {
                    written.delivery = Delivery::Sent;
                } else {
                    missing =
                        Some(format!("{:?} is lost from ticket {ticket}; it was {:?}", written.text, written.delivery));
                }
                continue;
            };
            // Equal texts cannot be told apart, so one of them may be the other device's.
            let alike = number.is_some_and(|number| server.has_from_elsewhere(number, &written.text))
                || self.left_behind.iter().any(|left| left.may_stand_in(number, &written.text));
            // Odd times put messages into an odd order.
            let dated = number.is_some_and(|number| server.dated_oddly(number));
            if last.is_some_and(|last| last > place) && !alike && !dated {
                return Err(Violation::new(format!("{:?} is shown before what was written earlier", written.text)));
            }
            let message = &thread.messages[place];
            // The first device may have sent what was written after this message, and this message not, or with another text.
            let imposes = !written.restored || message.delivery == Delivery::Sent && !written.is_sent_from_copy();
            if imposes && !alike {
                last = last.max(Some(place));
            }
            if !message.mine || !reads(&message.body, written, &server) {
                return Err(Violation::new(format!("{:?} reads {:?} now", written.text, message.body)));
            }
            files::shows(message, written, &server)?;
            delivery_is_explained(message, written, &server)?;
            written.delivery = message.delivery.clone();
            written.was_ambiguous |=
                matches!(written.delivery, Delivery::Checking) || anew && written.delivery == Delivery::Sending;
        }
        if let Some(missing) = missing {
            return Err(Violation::new(missing));
        }
        self.no_write_twice(ticket, number, &thread.messages, &server)
    }

    /// No thread shows a message twice.
    fn no_write_twice(
        &self,
        ticket: TicketId,
        number: Option<i64>,
        messages: &[Message],
        server: &State,
    ) -> Result<(), Violation> {
        let mut shown: BTreeMap<String, usize> = BTreeMap::new();
        for message in messages.iter().filter(|message| message.mine) {
            *shown.entry(self.text_of(&message.body, server)).or_default() += 1;
        }
        for (text, shown) in shown {
            let ours = self.writes.iter().filter(|written| written.ticket == ticket && written.text == text);
            let ours: usize = ours
                .map(|written| match written.fate {
                    // The first device may have sent what the copy asks the user about.
                    Fate::Standing => 1 + usize::from(written.restored) + written.extra as usize,
                    Fate::Discarded { loose } => usize::from(loose) + written.extra as usize,
                })
                .sum();
            let behind = self.left_behind.iter().filter(|left| left.may_stand_in(number, &text));
            // A ticket that the first device sent a second time has another reference than the copy knows. A ticket
            // that was taken back although it may have been sent arrives as a ticket of its own.
            let stands = |written: &Written| number.is_some_and(|number| written.may_stand_as(number, server));
            let foreign = self.writes.iter().filter(|written| written.ticket != ticket);
            let again = foreign.filter(|written| stands(written) && written.text == text);
            let theirs = number.and_then(|number| server.ticket(number));
            let duplicates = theirs
                .into_iter()
                .flat_map(|theirs| self.of_duplicates(theirs))
                .filter(|duplicate| duplicate.text == text);
            let others = number.map_or(0, |number| server.written_elsewhere(number, &text));
            if shown > ours + behind.count() + again.count() + duplicates.count() + others {
                return Err(Violation::new(format!(
                    "ticket {ticket} shows {text:?} {shown} times, written {ours} times here and {others} times elsewhere"
                )));
            }
        }
        Ok(())
    }

    /// The text that somebody wrote and that a screen shows as `shown`.
    fn text_of(&self, shown: &str, server: &State) -> String {
        let ours = self.writes.iter().map(|written| &written.text);
        let mut known = ours.chain(self.left_behind.iter().map(|left| &left.text));
        let exact = normalise(shown);
        known.find(|text| server.is_text(shown, text)).cloned().unwrap_or(exact)
    }

    fn check_drafts(&self, app: &Client) -> Result<(), Violation> {
        for (ticket, text) in &self.drafts {
            match app.reply_draft(*ticket) {
                Ok(draft) if draft.body == *text => {}
                Ok(draft) => {
                    return Err(Violation::new(format!("the draft reads {:?}, typed was {text:?}", draft.body)));
                }
                Err(error) => return Err(Violation::new(format!("the draft cannot be read: {error:?}"))),
            }
        }
        let draft = app.ticket_draft().map_err(|error| Violation::new(format!("no draft: {error:?}")))?;
        let typed = self.ticket_draft.clone().unwrap_or_default();
        if (&draft.subject, &draft.description) != (&typed.0, &typed.1) {
            return Err(Violation::new(format!(
                "the ticket's draft reads {:?}, typed was {typed:?}",
                draft.description
            )));
        }
        Ok(())
    }
}

/// Whether the server has the app's text.
fn is_at(server: &State, written: &Written) -> bool {
    written
        .number
        .and_then(|number| server.ticket(number))
        .is_some_and(|ticket| ticket.comments.iter().any(|comment| normalise(&comment.text.written) == written.text))
}

/// Checks that the run explains the delivery state of a message, and that the message offers only safe actions.
fn delivery_is_explained(message: &Message, written: &Written, server: &State) -> Result<(), Violation> {
    let wrong = |what: &str| {
        let (text, delivery) = (&written.text, &message.delivery);
        Err(Violation::new(format!("{text:?} ({delivery:?}) {what}")))
    };
    let place = if written.subject.is_some() { Place::New } else { Place::Ticket(written.number.unwrap_or_default()) };
    let named = (place, written.text.clone());
    let (log, refused) = (server.log(), written.number.is_some_and(|number| server.log().refusals.contains(&number)));
    match &message.delivery {
        // An upload can be taken back with its message while it is being sent, because nobody sees an upload.
        Delivery::Sending if !written.files.is_empty() && !message.can_retry => {}
        Delivery::Sending | Delivery::Checking if message.can_retry || message.can_discard || message.can_edit => {
            return wrong("can be sent again, edited or taken back while its outcome is unknown");
        }
        Delivery::MayHaveBeenSent => {
            let unreadable =
                if written.subject.is_some() { log.lists_refused } else { refused || is_unexplained(written, server) };
            if !unreadable {
                return wrong("although the server can be asked for it");
            }
            if !message.can_retry || !message.can_discard && written.subject.is_none() {
                return wrong("leaves the user no action");
            }
        }
        Delivery::NotShown if !server.hides(written.number, &written.text) => {
            return wrong("although the server shows it");
        }
        Delivery::NotShown if !message.can_discard => return wrong("leaves the user no action"),
        Delivery::NeedsUser(reason) => {
            let closed =
                || written.number.and_then(|number| server.ticket(number)).is_some_and(|t| t.status == "closed");
            let explained = match reason.kind {
                ReasonKind::TicketClosed => closed(),
                ReasonKind::NoLongerVisible => refused,
                ReasonKind::AttachmentType => files::refused_files(written, server),
                ReasonKind::NotAllowed | ReasonKind::Refused => {
                    log.server_message.contains(&named)
                        || files::refused_files(written, server)
                        || files::refused(written, server)
                }
                ReasonKind::Restored => written.restored,
                _ => false,
            };
            if !explained && !explains_refusal(reason, written, server) {
                return wrong("for a reason that did not occur");
            }
            if !has_words(message, written, server) {
                return wrong("does not have the server's words");
            }
            if !message.can_retry && !message.can_discard {
                return wrong("leaves the user no action");
            }
        }
        _ => {}
    }
    Ok(())
}

//! The user: taps, types, and remembers what was accepted.

use std::sync::Arc;

use pocketdesk::Desk;
use pocketdesk::desk::ReplyError;
use pocketdesk::model::{MessageId, TicketId, TicketRow};

use crate::device::Device;
use crate::oracle::{Oracle, Written};
use crate::schedule::Doing;
use crate::{Violation, World};

/// The usual texts. There are few, so that equal ones meet.
pub(crate) fn text(which: u8) -> &'static str {
    ["Danke! 🎉", "Hallo, zusammen,\nes geht immer noch nicht.\n\nMit Grüßen", "שלום, bitte um Antwort"]
        [usize::from(which % 3)]
}

/// The usual subjects.
pub(crate) fn subject(which: u8) -> &'static str {
    ["Schaltfläche reagiert nicht 🤷", "Auszahlung für März fehlt"][usize::from(which % 2)]
}

/// Carries out what the user does. What does not make sense at the moment is not done.
pub(crate) fn act(doing: Doing, device: &mut Device, oracle: &mut Oracle, world: &World) -> Result<(), Violation> {
    let app = device.start()?;
    world.note(|| format!("user: {doing:?}"));
    let fail = |what: &str, error: &dyn std::fmt::Debug| Violation::new(format!("{what} failed: {error:?}"));
    match doing {
        Doing::Submit { text, taps } => submit(&app, oracle, text, taps)?,
        Doing::Reply { ticket, text, taps } => {
            if let Some(row) = row(&app, ticket)? {
                reply(&app, oracle, row.id, self::text(text), taps)?;
            }
        }
        Doing::Draft { ticket, text } => {
            if let Some(row) = row(&app, ticket)? {
                let mut draft = app.reply_draft(row.id).map_err(|error| fail("reading a draft", &error))?;
                self::text(text).clone_into(&mut draft.body);
                app.save_reply_draft(&draft).map_err(|error| fail("saving a draft", &error))?;
                oracle.drafts.insert(row.id, draft.body);
            }
        }
        Doing::TicketDraft(text) => {
            let mut draft = app.ticket_draft().map_err(|error| fail("reading a draft", &error))?;
            subject(text).clone_into(&mut draft.subject);
            self::text(text).clone_into(&mut draft.description);
            app.save_ticket_draft(&draft).map_err(|error| fail("saving a draft", &error))?;
            oracle.ticket_draft = Some((draft.subject, draft.description));
        }
        Doing::Retry(which) => {
            if let Some((_, message)) = offered(&app, oracle, which, |message| message.can_retry)? {
                app.retry(message).map_err(|error| fail("sending again", &error))?;
                oracle.retried(message);
            }
        }
        Doing::Discard(which) => {
            if let Some((ticket, message)) = offered(&app, oracle, which, |message| message.can_discard)? {
                let text = app.discard(message).map_err(|error| fail("discarding", &error))?;
                oracle.discarded(ticket, message, &text)?;
            }
        }
        Doing::Open(ticket) => {
            if let Some(row) = row(&app, ticket)? {
                app.opened(row.id).map_err(|error| fail("opening", &error))?;
                oracle.opened = Some(row.id);
            }
        }
        Doing::Leave => {
            if let Some(ticket) = oracle.opened.take() {
                app.left(ticket);
            }
        }
        Doing::Sync => app.sync_now().map_err(|error| fail("asking for a sync", &error))?,
        Doing::SyncBeside => device.sync_beside(),
        Doing::Front(front) => app.set_in_front(front),
        Doing::Online(online) => app.set_online(online).map_err(|error| fail("telling about the network", &error))?,
    }
    Ok(())
}

fn submit(app: &Arc<Desk>, oracle: &mut Oracle, text: u8, taps: u8) -> Result<(), Violation> {
    let mut draft = app.ticket_draft().map_err(|error| Violation::new(format!("reading a draft failed: {error:?}")))?;
    subject(text).clone_into(&mut draft.subject);
    self::text(text).clone_into(&mut draft.description);
    let mut first = None;
    for _ in 0..taps {
        let ticket = app.submit(&draft).map_err(|error| Violation::new(format!("submitting failed: {error:?}")))?;
        if *first.get_or_insert(ticket) != ticket {
            return Err(Violation::new("two taps on Create made two tickets"));
        }
        if oracle.writes.iter().any(|known| known.ticket == ticket) {
            continue;
        }
        let thread = app.thread(ticket, None, 1).map_err(|error| Violation::new(format!("no thread: {error:?}")))?;
        let Some(message) = thread.messages.first() else { return Err(Violation::new("a new ticket has no text")) };
        let subject = Some(draft.subject.clone());
        oracle.writes.push(Written::new(ticket, message.id, subject, &draft.description));
    }
    oracle.ticket_draft = None;
    Ok(())
}

fn reply(app: &Arc<Desk>, oracle: &mut Oracle, ticket: TicketId, text: &str, taps: u8) -> Result<(), Violation> {
    let mut draft =
        app.reply_draft(ticket).map_err(|error| Violation::new(format!("reading a draft failed: {error:?}")))?;
    text.clone_into(&mut draft.body);
    let mut first = None;
    for _ in 0..taps {
        match app.reply(&draft) {
            Ok(message) => {
                if *first.get_or_insert(message) != message {
                    return Err(Violation::new("two taps on Send made two messages"));
                }
                if !oracle.writes.iter().any(|known| known.message == message) {
                    oracle.writes.push(Written::new(ticket, message, None, text));
                }
                oracle.drafts.remove(&ticket);
            }
            Err(ReplyError::TicketClosed | ReplyError::NoLongerVisible) => {
                oracle.drafts.insert(ticket, text.trim().to_owned());
            }
            Err(error) => return Err(Violation::new(format!("replying failed: {error:?}"))),
        }
    }
    Ok(())
}

/// The row so many places from the top of the history.
fn row(app: &Desk, place: u8) -> Result<Option<TicketRow>, Violation> {
    let page = app.history(None, 200).map_err(|error| Violation::new(format!("no history: {error:?}")))?;
    let count = page.tickets.len().max(1);
    Ok(page.tickets.into_iter().nth(usize::from(place) % count))
}

/// One of the messages of which the screen offers something.
fn offered(
    app: &Desk,
    oracle: &Oracle,
    which: u8,
    offers: impl Fn(&pocketdesk::model::Message) -> bool,
) -> Result<Option<(TicketId, MessageId)>, Violation> {
    let mut found = Vec::new();
    for ticket in oracle.tickets() {
        let Ok(thread) = app.thread(ticket, None, 200) else { continue };
        found.extend(thread.messages.iter().filter(|message| offers(message)).map(|message| (ticket, message.id)));
    }
    Ok(found.get(usize::from(which) % found.len().max(1)).copied())
}

//! The simulated user, who taps and types, and tells the oracle what was accepted.

use std::sync::{Arc, LazyLock};

use pocketdesk::Client;
use pocketdesk::client::{ChangeError, ReplyError};
use pocketdesk::model::{FormattedText, Look, MessageId, ReplyDraft, TicketDraft, TicketId, TicketRow};
use pocketdesk::store::StoreError;

use crate::device::Device;
use crate::oracle::{Oracle, Pending, Written};
use crate::schedule::UserAction;
use crate::server::key;
use crate::{Violation, World, picked};

/// How many texts there are.
pub(crate) const TEXTS: u8 = 6;

/// The fixed texts. There are few, so that equal ones occur together. The last three are for servers that change texts:
/// one with everything that is changed, a long one, and one with a NUL.
pub(crate) fn text(which: u8) -> &'static str {
    static LONG: LazyLock<String> = LazyLock::new(|| {
        let line = |day| format!("{day}. März: Auszahlung fehlt noch, „siehe oben“; bitte prüfen Sie das.\n");
        (1..=24).map(line).collect()
    });
    match which % TEXTS {
        0 => "Danke! 🎉",
        1 => "Hallo, zusammen,\nes geht immer noch nicht.\n\nMit Grüßen",
        2 => "שלום, bitte um Antwort",
        3 => "**Eilig**, bitte  prüfen:\n\n\n* Vorgang A & B 🧾\n* `wert < 5`\n\nGruß 👋",
        4 => LONG.trim_end(),
        _ => "Ausgabe\0des Zählers: 17",
    }
}

/// The same texts, as the user writes a reply. Its list becomes a list, which a description keeps as it was typed, so it has
/// other letters: texts are told apart by these.
pub(crate) fn reply_text(which: u8) -> &'static str {
    match which % TEXTS {
        3 => "**Eilig**, bitte  prüfen:\n\n\n* Vorgang A & B 🧾\n* `wert < 5`\n\nGruß und Dank 👋",
        _ => text(which),
    }
}

/// A text as the user writes a reply, perhaps with its first word in bold.
fn formatted(text: &str, has_bold: bool) -> FormattedText {
    let text = FormattedText::from(text);
    let word = text.text().find([' ', '\n', '!']).filter(|_| has_bold);
    word.map_or(text.clone(), |end| text.toggled(0..end, Look::Bold))
}

/// What becomes of a text that is written without formats.
pub(crate) fn accepted(text: &str) -> String {
    FormattedText::from(text).structured().0
}

/// The fixed subjects.
pub(crate) fn subject(which: u8) -> &'static str {
    ["Schaltfläche reagiert nicht 🤷", "Auszahlung für März fehlt"][usize::from(which % 2)]
}

/// Carries out an action of the user. Does nothing if it is not possible at the moment.
pub(crate) fn act(
    user_action: UserAction,
    device: &mut Device,
    oracle: &mut Oracle,
    world: &World,
) -> Result<(), Violation> {
    let app = device.start()?;
    world.note(|| format!("user: {user_action:?}"));
    let fail = |what: &str, error: &dyn std::fmt::Debug| Violation::new(format!("{what} failed: {error:?}"));
    match user_action {
        UserAction::Submit { text, taps } => submit(&app, oracle, text, taps)?,
        UserAction::Reply { ticket, text, taps } => {
            if let Some(row) = row(&app, ticket)? {
                reply(&app, oracle, row.id, reply_text(text), taps)?;
            }
        }
        UserAction::Draft { ticket, text } => {
            if let Some(row) = row(&app, ticket)? {
                let mut draft = app.reply_draft(row.id).map_err(|error| fail("reading a draft", &error))?;
                reply_text(text).clone_into(&mut draft.body);
                oracle.pending = Some(Pending::Draft(draft.clone()));
                app.save_reply_draft(&draft).map_err(|error| fail("saving a draft", &error))?;
                oracle.drafts.insert(row.id, draft.body);
                oracle.pending = None;
            }
        }
        UserAction::TicketDraft(text) => {
            let mut draft = app.ticket_draft().map_err(|error| fail("reading a draft", &error))?;
            subject(text).clone_into(&mut draft.subject);
            self::text(text).clone_into(&mut draft.description);
            oracle.pending = Some(Pending::TicketDraft(draft.clone()));
            app.save_ticket_draft(&draft).map_err(|error| fail("saving a draft", &error))?;
            oracle.ticket_draft = Some((draft.subject, draft.description));
            oracle.pending = None;
        }
        UserAction::Attach { to, file } => picked::attach(&app, oracle, to, file)?,
        UserAction::Detach(to) => picked::detach(&app, oracle, to)?,
        UserAction::Retry(which) => {
            if let Some((_, message)) = offered(&app, oracle, which, |message| message.can_retry) {
                // This counts even if the power is cut during the call.
                oracle.retried(message);
                app.retry(message).map_err(|error| fail("sending again", &error))?;
            }
        }
        UserAction::Discard(which) => {
            if let Some((ticket, message)) = offered(&app, oracle, which, |message| message.can_discard) {
                oracle.pending = Some(Pending::Discard { ticket, message });
                let text = app.discard(message).map_err(|error| fail("discarding", &error))?;
                oracle.discarded(ticket, message, &text)?;
                oracle.pending = None;
            }
        }
        UserAction::Open(ticket) => {
            if let Some(row) = row(&app, ticket)? {
                oracle.marks.reads(row.id);
                app.thread_opened(row.id).map_err(|error| fail("opening", &error))?;
                oracle.opened = Some(row.id);
                has_read(&app, oracle, row.id);
            }
        }
        UserAction::MarkUnread(ticket) => {
            if let Some(row) = row(&app, ticket)?.filter(|row| row.mark_key().is_some()) {
                app.mark_unread(row.id).map_err(|error| fail("marking as unread", &error))?;
                oracle.marks.reminders.insert(row.id);
            }
        }
        UserAction::MarkRead(ticket) => {
            if let Some(row) = row(&app, ticket)?.filter(|row| row.unread) {
                oracle.marks.reads(row.id);
                app.mark_read(row.id).map_err(|error| fail("marking as read", &error))?;
                has_read(&app, oracle, row.id);
            }
        }
        UserAction::MarkAllRead => mark_all_read(&app, oracle)?,
        UserAction::Leave => {
            if let Some(ticket) = oracle.opened.take() {
                app.thread_closed(ticket);
            }
        }
        UserAction::Sync => app.sync_now().map_err(|error| fail("requesting a sync", &error))?,
        UserAction::SyncBeside => device.sync_beside(),
        UserAction::Front(front) => app.set_in_front(front).map_err(|error| fail("coming to the front", &error))?,
        UserAction::Edit { which, text } => {
            if let Some((ticket, message)) = offered(&app, oracle, which, |message| message.can_edit) {
                edit(&app, oracle, ticket, message, text)?;
            }
        }
        UserAction::AddCc(ticket)
        | UserAction::Solve(ticket)
        | UserAction::Feedback { ticket, .. }
        | UserAction::Toggle { ticket, .. } => {
            if let Some(row) = row(&app, ticket)? {
                change(&app, oracle, user_action, row.id)?;
            }
        }
        UserAction::Push(ticket) => {
            if let Some(number) = row(&app, ticket)?.and_then(|row| row.number) {
                app.on_push(number.0).map_err(|error| fail("reporting a push message", &error))?;
            }
        }
        UserAction::Background(seconds) => device.work_in_background(seconds),
        UserAction::Online(online) => app.set_online(online).map_err(|error| fail("reporting the network", &error))?,
    }
    Ok(())
}

/// Changes a ticket, and writes down what was accepted.
fn change(app: &Client, oracle: &mut Oracle, user_action: UserAction, ticket: TicketId) -> Result<(), Violation> {
    let failed = |error: &StoreError| Violation::new(format!("{user_action:?} failed: {error:?}"));
    // If the power is cut while a toggle is set, nobody knows what was chosen last.
    let toggled =
        matches!(user_action, UserAction::Toggle { .. }).then(|| oracle.extras.toggled.remove(&ticket)).flatten();
    let address = format!("kollegin{}@reisen.example", oracle.copied.len());
    let outcome = match user_action {
        UserAction::AddCc(_) => app.add_cc(ticket, std::slice::from_ref(&address)),
        UserAction::Solve(_) => app.solve(ticket),
        UserAction::Feedback { good, .. } => {
            app.give_feedback(ticket, "feedback", if good { "good" } else { "bad" }, "")
        }
        UserAction::Toggle { on, .. } => app.set_toggle(ticket, "proxy_login", on),
        _ => return Ok(()),
    };
    match (outcome, user_action) {
        (Err(ChangeError::Store(error)), _) => return Err(failed(&error)),
        (Err(_), _) => oracle.extras.toggled.extend(toggled.map(|before| (ticket, before))),
        (Ok(()), UserAction::AddCc(_)) => oracle.copied.push((ticket, address)),
        (Ok(()), UserAction::Solve(_)) => {
            oracle.changes += 1;
            oracle.extras.closed.insert(ticket, oracle.writes.len());
        }
        (Ok(()), UserAction::Toggle { on, .. }) => {
            oracle.extras.presses += 1;
            oracle.extras.toggled.insert(ticket, on);
        }
        (Ok(()), UserAction::Feedback { .. }) => {
            oracle.extras.presses += 1;
            oracle.extras.given.insert(ticket);
        }
        (Ok(()), _) => oracle.extras.presses += 1,
    }
    Ok(())
}

/// Notes how far the user has read a thread, as the device has it.
fn has_read(app: &Client, oracle: &mut Oracle, ticket: TicketId) {
    let messages = app.thread(ticket, None, 200).map(|page| page.messages).unwrap_or_default();
    oracle.marks.has_read(ticket, &messages);
}

fn mark_all_read(app: &Client, oracle: &mut Oracle) -> Result<(), Violation> {
    let fail = |error: &StoreError| Violation::new(format!("marking all as read failed: {error:?}"));
    let unread: Vec<_> =
        app.history(None, 200).map_err(|error| fail(&error))?.tickets.into_iter().filter(|row| row.unread).collect();
    for row in &unread {
        oracle.marks.reads(row.id);
    }
    app.mark_all_read(None).map_err(|error| fail(&error))?;
    let left = app.unread_tickets().map_err(|error| fail(&error))?;
    if left > 0 {
        return Err(Violation::new(format!("{left} tickets are unread after all were marked as read")));
    }
    for row in &unread {
        has_read(app, oracle, row.id);
    }
    Ok(())
}

fn submit(app: &Arc<Client>, oracle: &mut Oracle, text: u8, taps: u8) -> Result<(), Violation> {
    let mut draft = app.ticket_draft().map_err(|error| Violation::new(format!("reading a draft failed: {error:?}")))?;
    subject(text).clone_into(&mut draft.subject);
    self::text(text).clone_into(&mut draft.description);
    oracle.pending = Some(Pending::Submit(draft.clone()));
    let before = oracle.writes.len();
    (0..taps).try_for_each(|_| accept_ticket(app, oracle, &draft))?;
    oracle.pending = None;
    if oracle.writes.len() > before + 1 {
        return Err(Violation::new("two taps on Create made two tickets"));
    }
    Ok(())
}

fn accept_ticket(app: &Arc<Client>, oracle: &mut Oracle, draft: &TicketDraft) -> Result<(), Violation> {
    let ticket = app.submit(draft).map_err(|error| Violation::new(format!("submitting failed: {error:?}")))?;
    if !oracle.writes.iter().any(|known| known.ticket == ticket) {
        let thread = app.thread(ticket, None, 1).map_err(|error| Violation::new(format!("no thread: {error:?}")))?;
        let Some(message) = thread.messages.first() else { return Err(Violation::new("a new ticket has no text")) };
        let files = oracle.files.remove(&None).unwrap_or_default();
        let subject = Some(draft.subject.clone());
        oracle.wrote(Written::new(ticket, message.id, subject, &draft.description, files));
    }
    oracle.ticket_draft = None;
    Ok(())
}

pub(crate) fn reply(
    app: &Arc<Client>,
    oracle: &mut Oracle,
    ticket: TicketId,
    text: &str,
    taps: u8,
) -> Result<(), Violation> {
    let draft =
        app.reply_draft(ticket).map_err(|error| Violation::new(format!("reading a draft failed: {error:?}")))?;
    let draft = draft.with(&formatted(text, taps > 1));
    oracle.pending = Some(Pending::Reply(draft.clone()));
    let before = oracle.writes.len();
    (0..taps).try_for_each(|_| accept_reply(app, oracle, &draft))?;
    oracle.pending = None;
    if oracle.writes.len() > before + 1 {
        return Err(Violation::new("two taps on Send made two messages"));
    }
    Ok(())
}

fn accept_reply(app: &Arc<Client>, oracle: &mut Oracle, draft: &ReplyDraft) -> Result<(), Violation> {
    let ticket = draft.ticket;
    match app.reply(draft) {
        Ok(message) => {
            if !oracle.writes.iter().any(|known| known.message == message) {
                let files = oracle.files.remove(&Some(ticket)).unwrap_or_default();
                oracle.wrote(Written::new(ticket, message, None, &draft.written().structured().0, files));
            }
            oracle.drafts.remove(&ticket);
        }
        Err(ReplyError::TicketClosed | ReplyError::NoLongerVisible) => {
            oracle.drafts.insert(ticket, draft.written().structured().0);
        }
        // After a power cut, the client may have lost what the server answered, until it reads it again.
        Err(ReplyError::Store(StoreError::NoSuchTicket)) if oracle.is_after_a_cut => {}
        Err(error) => return Err(Violation::new(format!("replying failed: {error:?}"))),
    }
    Ok(())
}

fn edit(
    app: &Arc<Client>,
    oracle: &mut Oracle,
    ticket: TicketId,
    message: MessageId,
    text: u8,
) -> Result<(), Violation> {
    let fail = |error: &dyn std::fmt::Debug| Violation::new(format!("editing failed: {error:?}"));
    let description = oracle.writes.iter().any(|written| written.message == message && written.subject.is_some());
    let text = if description { self::text(text) } else { reply_text(text) };
    oracle.pending = Some(Pending::Edit { ticket, message, text });
    if description {
        let mut draft = app.unsent_ticket(ticket).map_err(|error| fail(&error))?;
        text.clone_into(&mut draft.description);
        app.edit_ticket(ticket, &draft).map_err(|error| fail(&error))?;
    } else {
        app.edit_reply(message, text).map_err(|error| fail(&error))?;
    }
    let shown = shown(app, ticket, message)?.filter(|shown| key(shown) == key(text));
    let Some(shown) = shown else { return Err(Violation::new("an edited message has another text")) };
    oracle.edited(message, &shown);
    oracle.pending = None;
    Ok(())
}

/// Finds out, after a cut, what became of the call that it interrupted. It was carried out completely or not at all; a
/// submission is then repeated, and must not be doubled.
pub(crate) fn reconcile(app: &Arc<Client>, oracle: &mut Oracle) -> Result<(), Violation> {
    let fail = |error: &dyn std::fmt::Debug| Violation::new(format!("after a cut: {error:?}"));
    let Some(pending) = oracle.pending.clone() else { return Ok(()) };
    oracle.is_after_a_cut = true;
    match &pending {
        Pending::Submit(draft) => accept_ticket(app, oracle, draft)?,
        Pending::Reply(draft) => accept_reply(app, oracle, draft)?,
        Pending::Draft(draft) => {
            let kept = app.reply_draft(draft.ticket).map_err(|error| fail(&error))?.body;
            let before = oracle.drafts.get(&draft.ticket).cloned().unwrap_or_default();
            if kept != before && kept != draft.body {
                return Err(Violation::new(format!("after a cut the draft reads {kept:?}")));
            }
            if kept == draft.body {
                oracle.drafts.insert(draft.ticket, kept);
            }
        }
        Pending::TicketDraft(draft) => {
            let kept = app.ticket_draft().map_err(|error| fail(&error))?;
            if kept.description == draft.description && kept.subject == draft.subject {
                oracle.ticket_draft = Some((kept.subject, kept.description));
            }
        }
        Pending::Discard { ticket, message } => {
            let thread = app.thread(*ticket, None, 200).map(|thread| thread.messages).unwrap_or_default();
            if !thread.iter().any(|known| known.id == *message) {
                let text = oracle.writes.iter().find(|known| known.message == *message).map(|known| known.raw.clone());
                oracle.discarded(*ticket, *message, &text.unwrap_or_default())?;
            }
        }
        Pending::Attach { to, file } => picked::attached_or_not(app, oracle, *to, *file)?,
        Pending::Detach(to) => picked::detached_or_not(app, oracle, *to)?,
        Pending::Edit { ticket, message, text } => {
            if let Some(shown) = shown(app, *ticket, *message)?.filter(|shown| key(shown) == key(text)) {
                oracle.edited(*message, &shown);
            }
        }
    }
    (oracle.pending, oracle.is_after_a_cut) = (None, false);
    Ok(())
}

/// The text of a message, as the screen shows it.
fn shown(app: &Client, ticket: TicketId, message: MessageId) -> Result<Option<String>, Violation> {
    let page = app.thread(ticket, None, 200).map_err(|error| Violation::new(format!("no thread: {error:?}")))?;
    Ok(page.messages.into_iter().find(|known| known.id == message).map(|known| known.body))
}

/// The row at this position in the history.
pub(crate) fn row(app: &Client, place: u8) -> Result<Option<TicketRow>, Violation> {
    let page = app.history(None, 200).map_err(|error| Violation::new(format!("no history: {error:?}")))?;
    let count = page.tickets.len().max(1);
    Ok(page.tickets.into_iter().nth(usize::from(place) % count))
}

/// One of the messages for which the screen offers an action.
fn offered(
    app: &Client,
    oracle: &Oracle,
    which: u8,
    offers: impl Fn(&pocketdesk::model::Message) -> bool,
) -> Option<(TicketId, MessageId)> {
    let mut found = Vec::new();
    for ticket in oracle.tickets() {
        let Ok(thread) = app.thread(ticket, None, 200) else { continue };
        found.extend(thread.messages.iter().filter(|message| offers(message)).map(|message| (ticket, message.id)));
    }
    found.get(usize::from(which) % found.len().max(1)).copied()
}

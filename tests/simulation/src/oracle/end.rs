//! What has to hold when everything has come to rest.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pocketdesk::Client;
use pocketdesk::model::{Delivery, Message, TicketId, TicketRow};
use rusqlite::{Connection, OpenFlags};

use super::shown::{filters_agree, misses_nothing, rows, same_ticket};
use super::{Fate, Oracle, Written};
use crate::Violation;
use crate::server::{ADA, Comment, Content, ModelServer, Origin, State, Ticket};

/// The most requests of one run, generously. A client that makes more is too impatient.
const MAX_REQUESTS: u64 = 6_000;

impl Oracle {
    /// Checks everything. `ends` is how often the process ended, each time perhaps between an answer and its commit.
    /// `installation` is the last installation.
    pub fn check_final(
        &mut self,
        app: &Client,
        server: &ModelServer,
        installation: u32,
        ends: u64,
    ) -> Result<(), Violation> {
        self.check(app, server, None)?;
        match app.check_search() {
            Ok(0) => {}
            other => return Err(Violation::new(format!("the index of searches is not what the rows say: {other:?}"))),
        }
        let expired = server.expired_uploads();
        let server = server.state();
        if server.is_late() {
            return Err(Violation::new("the simulation did not wait for late writes"));
        }
        if server.log().wrong_user_requests > 0 {
            return Err(Violation::new("a request was sent under another user's token"));
        }
        self.nothing_sent_by_itself(&server, installation)?;
        if server.log().changed_attempts > 0 {
            return Err(Violation::new("a creation was attempted again with another key or body"));
        }
        let rows = rows(app)?;
        filters_agree(app, &rows)?;
        self.nothing_waits_without_reason(app, &BTreeSet::new())?;
        self.nothing_is_dropped_silently(app, &server)?;
        self.refusals_end(&server, ends)?;
        self.the_server_has_each_once(app, &rows, &server)?;
        for row in rows.iter().filter(|row| row.visible && row.number.is_some()) {
            same_ticket(app, row, &server)?;
        }
        misses_nothing(&rows, &server, |_| false)?;
        self.cc_arrived(app, &rows, &server)?;
        self.check_extras(app, &server, installation)?;
        self.check_marks(app, &server)?;
        self.requests_are_bounded(&server, ends)?;
        self.only_waiting_files_remain(&server, expired + ends)?;
        no_hidden_text(&server, &self.folder)
    }

    /// Checks that the client has everything that the server shows, even before a full reconciliation. Only that finds a
    /// row which could not be read while the list was.
    pub fn knows_all(app: &Client, server: &ModelServer) -> Result<(), Violation> {
        let server = server.state();
        misses_nothing(&rows(app)?, &server, |ticket| server.hid_row(ticket.id))
    }

    /// Whether a full reconciliation has removed everything that the server hides.
    pub fn shows_nothing_hidden(app: &Client, server: &ModelServer) -> Result<bool, Violation> {
        let server = server.state();
        let is_there = |number: i64| server.ticket(number).is_some_and(|ticket| server.shows(ticket));
        Ok(rows(app)?.iter().filter(|row| row.visible).all(|row| row.number.is_none_or(|number| is_there(number.0))))
    }

    /// Checks that every text that the user wrote and did not take back is on the server, or on the device in a message
    /// that does not count as sent.
    pub(super) fn nothing_is_dropped_silently(&self, app: &Client, server: &State) -> Result<(), Violation> {
        for written in self.writes.iter().filter(|written| written.stands()) {
            let arrived = |ticket: &&std::sync::Arc<Ticket>| {
                let app = |comment: &&Comment| matches!(comment.origin, Origin::App(_)) || comment.author == ADA;
                ticket.comments.iter().filter(app).any(|comment| comment.content().0 == written.text)
            };
            let thread = app.thread(written.ticket, None, 200).map(|page| page.messages).unwrap_or_default();
            let kept = thread.iter().find(|message| message.id == written.message);
            let is_told = kept.is_some_and(|message| message.delivery != Delivery::Sent);
            if !is_told && !server.tickets().any(|ticket| arrived(&ticket)) {
                let text = &written.text;
                return Err(Violation::new(format!("{text:?} was dropped: the server does not have it")));
            }
        }
        Ok(())
    }

    /// Checks that an unsent message needs the user, or waits for something that does. Messages in the tickets
    /// `excepted` may wait.
    pub(super) fn nothing_waits_without_reason(
        &self,
        app: &Client,
        excepted: &BTreeSet<TicketId>,
    ) -> Result<(), Violation> {
        // A change of the ticket can hold up what was written after it, too.
        let changes = |ticket| app.ticket(ticket).map(|head| head.changes).unwrap_or_default();
        let mut held: BTreeSet<_> = self
            .tickets()
            .into_iter()
            .filter(|ticket| changes(*ticket).iter().any(|change| is_with_user(&change.delivery)))
            .collect();
        for written in self.writes.iter().filter(|written| written.stands() && !excepted.contains(&written.ticket)) {
            match written.delivery {
                Delivery::Sent | Delivery::NotShown => {}
                Delivery::NeedsUser(_) | Delivery::MayHaveBeenSent => {
                    held.insert(written.ticket);
                }
                _ if held.contains(&written.ticket) => {}
                _ if self.waits_for_a_duplicate(written) => {
                    held.insert(written.ticket);
                }
                _ => {
                    let (text, delivery) = (&written.text, &written.delivery);
                    return Err(Violation::new(format!(
                        "{text:?} still waits ({delivery:?}), and nothing holds it up"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Whether a new ticket waits because an equal one needs the user.
    fn waits_for_a_duplicate(&self, written: &Written) -> bool {
        written.subject.is_some()
            && self.writes.iter().any(|other| {
                other.stands()
                    && (other.delivery == Delivery::MayHaveBeenSent || other.restored && is_with_user(&other.delivery))
                    && (&other.subject, &other.text) == (&written.subject, &written.text)
            })
    }

    /// Checks that what the server has from the app is what counts as sent, in order, and possibly loose writes.
    fn the_server_has_each_once(&self, app: &Client, rows: &[TicketRow], server: &State) -> Result<(), Violation> {
        let mut claimed = BTreeSet::new();
        for ticket in self.tickets() {
            let Some(number) = rows.iter().find(|row| row.id == ticket).and_then(|row| row.number) else { continue };
            if !claimed.insert(number.0) {
                return Err(Violation::new(format!("two tickets have the number {number}")));
            }
            let Some(theirs) = server.ticket(number.0) else {
                return Err(Violation::new(format!("the server knows no #{number}")));
            };
            let messages = app.thread(ticket, None, 200).map(|page| page.messages).unwrap_or_default();
            self.arrived_in_order(theirs, &messages, server)?;
        }
        for ticket in server.tickets().filter(|ticket| matches!(ticket.origin, Origin::App(_))) {
            // A ticket that was hidden before its sender knew of it cannot be found, and is sent again.
            if !claimed.contains(&ticket.id) && !server.was_hidden(ticket.id) {
                self.check_loose(ticket, server)?;
            }
        }
        let fresh: Vec<&Ticket> = server
            .tickets()
            .map(AsRef::as_ref)
            .filter(|t| matches!(t.origin, Origin::App(_)) && !server.was_hidden(t.id))
            .collect();
        let most: usize = self.creations().map(|(_, most)| most).sum();
        if fresh.len() > most {
            return Err(Violation::new(format!("the server has {} new tickets, written were {most}", fresh.len())));
        }
        Ok(())
    }

    /// Each new ticket's text with the most tickets that it may have made.
    fn creations(&self) -> impl Iterator<Item = (&str, usize)> {
        let ours = self.writes.iter().filter(|written| written.subject.is_some()).map(|written| {
            let one = matches!(written.fate, Fate::Standing | Fate::Discarded { loose: true });
            (written.text.as_str(), usize::from(one) + written.extra as usize)
        });
        let behind = self.left_behind.iter().filter(|left| left.subject.is_some());
        ours.chain(behind.map(|left| (left.text.as_str(), 1)))
    }

    fn arrived_in_order(&self, ticket: &Ticket, messages: &[Message], server: &State) -> Result<(), Violation> {
        // Nobody can know of a reply that the server shows to nobody, so it does not count.
        let ours = || ticket.comments.iter().filter(|comment| matches!(comment.origin, Origin::App(_)));
        let arrived: Vec<Content> = ours().filter(|comment| comment.public).map(Comment::content).collect();
        let hidden: Vec<Content> = ours().filter(|comment| !comment.public).map(Comment::content).collect();
        let (mut certain, mut loose) = (Vec::new(), Vec::new());
        for written in self.writes.iter().filter(|written| written.number == Some(ticket.id)) {
            loose.extend((0..written.extra).map(|_| written.content()));
            match (written.fate, &written.delivery) {
                (Fate::Discarded { loose: true }, _) | (Fate::Standing, Delivery::MayHaveBeenSent) => {
                    loose.push(written.content());
                }
                (Fate::Standing, Delivery::Sent) => {
                    let is_shown = messages.iter().any(|message| message.id == written.message);
                    let was_ambiguous = written.was_ambiguous
                        || written.restored
                        || server.log().ambiguous.keys().any(|(_, text)| *text == written.text);
                    // The other device's text may have been taken for ours, and ours may have arrived later. The other
                    // device attaches no files.
                    let mistaken = was_ambiguous
                        && written.files.is_empty()
                        && server.has_from_elsewhere(ticket.id, &written.text);
                    let is_hidden = hidden.contains(&written.content());
                    if is_shown && !mistaken && !written.is_sent_from_copy() && !is_hidden {
                        certain.push(written.content());
                    } else {
                        loose.push(written.content());
                    }
                }
                (Fate::Standing, _) if written.restored => loose.push(written.content()),
                _ => {}
            }
        }
        // Two equal new tickets may have been told apart the wrong way round.
        let behind = self
            .left_behind
            .iter()
            .filter(|left| left.subject.is_some() || left.number.is_none_or(|number| number == ticket.id));
        loose.extend(behind.map(super::LeftBehind::content));
        let elsewhere = self.writes.iter().filter(|written| written.may_stand_as(ticket.id, server));
        loose.extend(elsewhere.map(Written::content));
        loose.extend(self.of_duplicates(ticket).map(Written::content));
        if explains(&arrived, &certain, &mut loose.clone()) {
            return Ok(());
        }
        let number = ticket.id;
        Err(Violation::new(format!(
            "#{number} has {arrived:?} from the app; expected {certain:?}, and possibly {loose:?}"
        )))
    }

    /// What the first device may have written in this ticket if, after a copy, two equal tickets cannot be told apart.
    pub(super) fn of_duplicates(&self, ticket: &Ticket) -> impl Iterator<Item = &Written> {
        let creation = self.writes.iter().find(|w| w.subject.is_some() && w.number == Some(ticket.id));
        let fingerprint = creation.filter(|_| ticket.reference.is_none()).map(|w| (&w.subject, &w.text));
        let is_duplicate = move |w: &&Written| w.restored && fingerprint == Some((&w.subject, &w.text));
        let duplicates: BTreeSet<_> = self.writes.iter().filter(is_duplicate).map(|w| w.ticket).collect();
        let here = ticket.id;
        let replies = self.writes.iter().filter(move |w| w.restored && w.subject.is_none() && w.number != Some(here));
        replies.filter(move |w| duplicates.contains(&w.ticket))
    }

    /// Checks a ticket that no row of the client has: it was taken back, or written elsewhere.
    fn check_loose(&self, ticket: &Ticket, server: &State) -> Result<(), Violation> {
        let content = ticket.comments.first().map(Comment::content).unwrap_or_default();
        let taken_back = self.writes.iter().any(|written| {
            written.subject.is_some()
                && written.content() == content
                && (written.extra > 0
                    || written.restored
                    || written.fate == Fate::Discarded { loose: true }
                    || written.delivery == Delivery::MayHaveBeenSent)
        });
        let behind = self.left_behind.iter().any(|left| left.subject.is_some() && left.content() == content);
        // The first one was hidden when it was looked for, so it was sent again; then a stale read showed the first.
        let is_second = server.tickets().any(|first| {
            let same = first.subject == ticket.subject
                && first.comments.first().map(Comment::content) == Some(content.clone());
            first.id < ticket.id && matches!(first.origin, Origin::App(_)) && same && server.was_hidden(first.id)
        });
        if taken_back || behind || is_second {
            return Ok(());
        }
        Err(Violation::new(format!("#{} came from the app, and none of the app's tickets has that number", ticket.id)))
    }

    /// Checks that an accepted CC address is on the server, or still pending, or that its ticket was hidden from the
    /// user.
    fn cc_arrived(&self, app: &Client, rows: &[TicketRow], server: &State) -> Result<(), Violation> {
        for (ticket, address) in &self.copied {
            let row = rows.iter().find(|row| row.id == *ticket);
            let Some(row) = row.filter(|row| row.visible) else { continue };
            let Some(theirs) = row.number.and_then(|number| server.ticket(number.0)) else { continue };
            let pending = app.ticket(*ticket).map(|head| head.changes).unwrap_or_default();
            let is_pending = pending.iter().any(|change| change.addresses.contains(address));
            if !theirs.cc.contains(address) && !is_pending && !server.was_hidden(theirs.id) {
                return Err(Violation::new(format!("#{} does not have the address that was added", theirs.id)));
            }
        }
        Ok(())
    }

    /// Checks that messages from a copy of the folder were not sent unless the user wanted them sent again.
    fn nothing_sent_by_itself(&self, server: &State, installation: u32) -> Result<(), Violation> {
        for ((by, text), keys) in &server.log().sent {
            // A message refused because of its uploads is sent as if for the first time. The same is true of a new
            // ticket for which the server answered with an equal one.
            let key = (*by, text.clone());
            let anew = [&server.log().uploads_refused, &server.log().repeated].map(|times| times.get(&key).copied());
            let anew = usize::try_from(anew.into_iter().flatten().sum::<u64>()).unwrap_or(usize::MAX);
            let allowed = self.may_send.get(text).copied().unwrap_or_default() + anew;
            if *by == installation && !text.is_empty() && keys.len() > allowed {
                let sent = keys.len();
                return Err(Violation::new(format!(
                    "{text:?} was sent from here {sent} times, written {allowed} times"
                )));
            }
        }
        Ok(())
    }

    fn requests_are_bounded(&self, server: &State, ends: u64) -> Result<(), Violation> {
        let log = server.log();
        let reasons = (self.writes.len() + self.left_behind.len()) as u64
            + self.retries
            + log.disturbed
            + log.disturbed_proofs
            + log.absent_writes
            + log.open_after_refusal
            + self.copied.len() as u64
            + self.changes
            + self.extras.presses
            + self.marks.presses
            + self.marks.answers(server)
            + ends;
        if log.writes > reasons {
            return Err(Violation::new(format!("{} writes were sent, {reasons} had a reason", log.writes)));
        }
        if log.requests > MAX_REQUESTS {
            return Err(Violation::new(format!("{} requests", log.requests)));
        }
        Ok(())
    }
}

pub(super) fn is_with_user(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::NeedsUser(_) | Delivery::MayHaveBeenSent)
}

/// Whether `arrived` is a merge of all of `certain`, in order, and some of `loose`.
fn explains(arrived: &[Content], certain: &[Content], loose: &mut Vec<Content>) -> bool {
    let Some((first, rest)) = arrived.split_first() else { return certain.is_empty() };
    if let Some((content, later)) = certain.split_first()
        && content == first
        && explains(rest, later, loose)
    {
        return true;
    }
    let Some(place) = loose.iter().position(|content| content == first) else { return false };
    let content = loose.swap_remove(place);
    if explains(rest, certain, loose) {
        return true;
    }
    loose.push(content);
    false
}

/// Checks that no file on disk contains a text that the server does not show.
fn no_hidden_text(server: &State, directory: &Path) -> Result<(), Violation> {
    let hidden = server.hidden_markers();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap_or_default();
            let prefix = b"MARKE-";
            let found = bytes
                .windows(16)
                .filter(|window| window.starts_with(prefix))
                .find_map(|window| hidden.iter().find(|marker| marker.as_bytes() == window));
            if let Some(marker) = found {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                return Err(Violation::new(format!("{name} still has {marker}, which the server does not show")));
            }
        }
    }
    Ok(())
}

/// Checks that the database is sound.
pub(crate) fn sound(file: &Path) -> Result<(), Violation> {
    let check = || -> rusqlite::Result<(String, i64)> {
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let integrity = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        let orphans = connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
        Ok((integrity, orphans))
    };
    match check() {
        Ok((integrity, 0)) if integrity == "ok" => Ok(()),
        other => Err(Violation::new(format!("the file is not sound: {other:?}"))),
    }
}

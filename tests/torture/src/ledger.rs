//! The ledger: what the user was promised, and whether server and device keep it.

use std::collections::BTreeMap;
use std::path::Path;

use pocketdesk::Client;
use pocketdesk::model::TicketId;
use pocketdesk::store::file_of;
use rusqlite::Connection;
use serde_json::Value;

use crate::actions::Actions;
use crate::victim::Write;
use crate::{Error, device};

/// A ticket as it has to be in the end.
#[derive(Debug, Default)]
pub struct Expected {
    pub subject: String,
    /// The local id, once the creation was accepted.
    pub local: Option<TicketId>,
    /// The description and the replies, in the order of writing.
    pub bodies: Vec<String>,
    /// What was done with it.
    pub actions: Actions,
}

/// Every write that one device was given.
#[derive(Debug, Default)]
pub struct Ledger {
    pub tickets: Vec<Expected>,
    /// Writes that were given and not yet answered, in order. They are given again after a kill.
    pub unanswered: Vec<Write>,
    /// How many messages were accepted.
    pub accepted: usize,
    /// How many actions were accepted.
    pub acted: usize,
    /// How many actions the client did not offer.
    pub refused: usize,
    /// The index of the ticket that a write is about, by the write's number.
    about: BTreeMap<usize, usize>,
    numbers: usize,
}

impl Ledger {
    pub fn create(&mut self, subject: &str, description: String) -> Write {
        let subject = format!("{subject} – Vorgang {}", self.numbers + 1);
        let index = self.tickets.len();
        self.tickets.push(Expected {
            subject: subject.clone(),
            bodies: vec![description.clone()],
            ..Expected::default()
        });
        self.given(index, |number| Write::Ticket { number, subject, description })
    }

    /// Makes a reply to the ticket at `index`; `None` unless its creation was accepted, or if feedback about it was given: that
    /// is about a ticket that stays closed.
    pub fn reply(&mut self, index: usize, body: String) -> Option<Write> {
        let ticket = self.tickets.get_mut(index).filter(|ticket| !ticket.actions.is_over())?;
        let local = ticket.local?;
        ticket.bodies.push(body.clone());
        ticket.actions.replied();
        Some(self.given(index, |number| Write::Reply { number, ticket: local.0, body }))
    }

    /// Closes the ticket at `index`, or gives feedback if closing it was the last that was written.
    pub fn close(&mut self, index: usize, text: String) -> Option<Write> {
        let ticket = self.tickets.get(index)?;
        let local = ticket.local?.0;
        if ticket.actions.is_closed() {
            return Some(self.act(index, |number| Write::Feedback { number, ticket: local, text }));
        }
        Some(self.act(index, |number| Write::Close { number, ticket: local }))
    }

    /// Sets the toggle of the ticket at `index`.
    pub fn toggle(&mut self, index: usize, on: bool) -> Option<Write> {
        let local = self.tickets.get(index)?.local?.0;
        Some(self.act(index, |number| Write::Toggle { number, ticket: local, on }))
    }

    fn act(&mut self, index: usize, write: impl FnOnce(usize) -> Write) -> Write {
        let write = self.given(index, write);
        self.tickets[index].actions.done(&write);
        write
    }

    fn given(&mut self, index: usize, write: impl FnOnce(usize) -> Write) -> Write {
        self.numbers += 1;
        self.about.insert(self.numbers, index);
        let write = write(self.numbers);
        self.unanswered.push(write.clone());
        write
    }

    /// The writes to give again. What became of the first time, nobody knows.
    pub fn repeat(&mut self) -> Vec<Write> {
        for write in &self.unanswered {
            if let Some(index) = self.about.get(&write.number()) {
                self.tickets[*index].actions.repeated(write.number());
            }
        }
        self.unanswered.clone()
    }

    /// Records that the call returned.
    pub fn accepted(&mut self, number: usize, local: i64) {
        let Some(write) = self.answered(number) else { return };
        let Some(index) = self.about.get(&number) else { return };
        let ticket = &mut self.tickets[*index];
        if matches!(write, Write::Ticket { .. }) {
            ticket.local = Some(TicketId(local));
        }
        if write.is_message() {
            self.accepted += 1;
        } else {
            self.acted += 1;
            ticket.actions.accepted(number);
        }
    }

    /// Records that the client does not offer this action now.
    pub fn refused(&mut self, number: usize) {
        self.refused += 1;
        if self.answered(number).is_some()
            && let Some(index) = self.about.get(&number)
        {
            self.tickets[*index].actions.refused(number);
        }
    }

    fn answered(&mut self, number: usize) -> Option<Write> {
        let index = self.unanswered.iter().position(|write| write.number() == number)?;
        Some(self.unanswered.remove(index))
    }

    /// Whether the file of the killed process may have this many messages of the user: everything that was accepted,
    /// and at most the unanswered writes besides.
    pub fn allows(&self, mine: usize) -> bool {
        let unanswered = self.unanswered.iter().filter(|write| write.is_message()).count();
        (self.accepted..=self.accepted + unanswered).contains(&mine)
    }

    /// Every difference between the promises and the server, once everything was sent.
    pub fn differences_on_the_server(&self, all: &Value) -> Vec<String> {
        let mut found: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for ticket in all["tickets"].as_array().into_iter().flatten() {
            let subject = ticket["subject"].as_str().unwrap_or_default();
            if subject.contains("– Vorgang ") {
                found.entry(subject).or_default().push(ticket);
            }
        }
        let mut differences = Vec::new();
        for expected in &self.tickets {
            match found.remove(expected.subject.as_str()).as_deref() {
                Some([ticket]) => {
                    let comments = ticket["comments"].as_array().into_iter().flatten();
                    let comments = comments.filter(|comment| comment["agent"] == false);
                    let bodies: Vec<&str> = comments.filter_map(|comment| comment["body"].as_str()).collect();
                    if bodies != expected.bodies {
                        differences.push(format!("the server has {bodies:?} instead of {expected:?}"));
                    }
                    let actions = expected.actions.differences(ticket);
                    differences.extend(actions.into_iter().map(|what| format!("{what}: {expected:?}")));
                }
                Some(tickets) => differences.push(format!("the server has {} of {expected:?}", tickets.len())),
                None => differences.push(format!("the server does not have {expected:?}")),
            }
        }
        differences.extend(found.keys().map(|subject| format!("the server has {subject}, which was not written")));
        differences
    }

    /// Every difference between the promises and the device: its screens, and the file itself.
    pub fn differences_on_the_device(&self, folder: &Path, client: &Client) -> Result<Vec<String>, Error> {
        let mut differences = Vec::new();
        for expected in &self.tickets {
            let Some(local) = expected.local else {
                differences.push(format!("never accepted: {expected:?}"));
                continue;
            };
            let messages = client.thread(local, None, 200)?.messages;
            let bodies: Vec<&str> =
                messages.iter().filter(|message| message.mine).map(|message| message.body.as_str()).collect();
            if client.ticket(local)?.row.subject != expected.subject || bodies != expected.bodies {
                differences.push(format!("the device shows {bodies:?} instead of {expected:?}"));
            }
        }
        let total = client.history(None, 1)?.total;
        if usize::try_from(total).unwrap_or(usize::MAX) != self.tickets.len() {
            differences.push(format!("the device has {total} tickets instead of {}", self.tickets.len()));
        }
        let db = Connection::open(file_of(folder, device::ACCOUNT))?;
        let whole: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if whole != "ok" {
            differences.push(format!("the file is damaged: {whole}"));
        }
        for (sql, what) in [
            ("SELECT count(*) FROM pragma_foreign_key_check", "rows with a broken foreign key"),
            ("SELECT count(*) FROM outbox", "rows in the outbox although nothing waits"),
            ("SELECT count(*) FROM drafts d JOIN submissions s ON s.draft = d.id", "drafts that were sent"),
        ] {
            let count: i64 = db.query_row(sql, [], |row| row.get(0))?;
            if count > 0 {
                differences.push(format!("{count} {what}"));
            }
        }
        Ok(differences)
    }
}

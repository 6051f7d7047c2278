//! The ledger: what the user was promised, and whether server and device keep it.

use std::collections::BTreeMap;
use std::path::Path;

use pocketdesk::Client;
use pocketdesk::model::TicketId;
use pocketdesk::store::file_of;
use rusqlite::Connection;
use serde_json::Value;

use crate::victim::Write;
use crate::{Error, device};

/// A ticket as it has to be in the end.
#[derive(Debug)]
pub struct Expected {
    pub subject: String,
    /// The local id, once the creation was accepted.
    pub local: Option<TicketId>,
    /// The description and the replies, in the order of writing.
    pub bodies: Vec<String>,
}

/// Every write that one device was given.
#[derive(Debug, Default)]
pub struct Ledger {
    pub tickets: Vec<Expected>,
    /// Writes that were given and not yet accepted, in order. They are given again after a kill.
    pub unanswered: Vec<Write>,
    /// How many writes were accepted.
    pub accepted: usize,
    /// The index of the ticket that a write creates, by the write's number.
    creations: BTreeMap<usize, usize>,
    numbers: usize,
}

impl Ledger {
    pub fn create(&mut self, subject: &str, description: String) -> Write {
        self.numbers += 1;
        let (number, subject) = (self.numbers, format!("{subject} – Vorgang {}", self.numbers));
        self.creations.insert(number, self.tickets.len());
        self.tickets.push(Expected { subject: subject.clone(), local: None, bodies: vec![description.clone()] });
        self.given(Write::Ticket { number, subject, description })
    }

    /// Makes a reply to the ticket at `index`; `None` unless its creation was accepted.
    pub fn reply(&mut self, index: usize, body: String) -> Option<Write> {
        let ticket = self.tickets.get_mut(index)?;
        let local = ticket.local?;
        self.numbers += 1;
        ticket.bodies.push(body.clone());
        Some(self.given(Write::Reply { number: self.numbers, ticket: local.0, body }))
    }

    fn given(&mut self, write: Write) -> Write {
        self.unanswered.push(write.clone());
        write
    }

    /// Records that the call returned.
    pub fn accepted(&mut self, number: usize, local: i64) {
        self.accepted += 1;
        self.unanswered.retain(|write| match write {
            Write::Ticket { number: other, .. } | Write::Reply { number: other, .. } => *other != number,
        });
        if let Some(index) = self.creations.get(&number) {
            self.tickets[*index].local = Some(TicketId(local));
        }
    }

    /// Whether the file of the killed process may have this many messages of the user: everything that was accepted,
    /// and at most the unanswered writes besides.
    pub fn allows(&self, mine: usize) -> bool {
        (self.accepted..=self.accepted + self.unanswered.len()).contains(&mine)
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
                    let bodies: Vec<&str> = comments.filter_map(|comment| comment["body"].as_str()).collect();
                    if bodies != expected.bodies {
                        differences.push(format!("the server has {bodies:?} instead of {expected:?}"));
                    }
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
            let bodies: Vec<&str> = messages.iter().map(|message| message.body.as_str()).collect();
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

//! The victim: an app process that opens its client, syncs, and writes what it is given, until it is killed.
//!
//! It reports on its standard output, one line each, that it is open and what it found in its outbox, and then each
//! write whose call has returned. Such a line is a promise that the ledger holds the client to.
//!
//! ```text
//! open MINE STATE=ROWS…             how many messages of the user are in the file, and the outbox by state
//! done N LOCAL                      write N was accepted; the ticket's or message's local id, or the ticket's for an action
//! refused N                         write N was refused: the client does not offer this now
//! ```

use std::io::{self, BufRead};
use std::path::Path;

use pocketdesk::Client;
use pocketdesk::client::ChangeError;
use pocketdesk::model::{DraftId, ReplyDraft, TicketDraft, TicketId};
use pocketdesk::store::file_of;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use crate::{Error, device};

/// A write, given as one JSON line on the standard input. The draft's id is made from the number, so the same write
/// given again after a kill is the same draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Write {
    Ticket { number: usize, subject: String, description: String },
    Reply { number: usize, ticket: i64, body: String },
    Close { number: usize, ticket: i64 },
    Feedback { number: usize, ticket: i64, text: String },
    Toggle { number: usize, ticket: i64, on: bool },
}

impl Write {
    pub fn number(&self) -> usize {
        match self {
            Self::Ticket { number, .. }
            | Self::Reply { number, .. }
            | Self::Close { number, .. }
            | Self::Feedback { number, .. }
            | Self::Toggle { number, .. } => *number,
        }
    }

    /// Whether it makes a message, and not a change beside the messages.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::Ticket { .. } | Self::Reply { .. })
    }
}

/// Runs until it is killed.
pub fn run(folder: &Path, url: &str) -> Result<(), Error> {
    let client = device::open(folder, url)?;
    println!("open {}", outbox(folder)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let driver = std::sync::Arc::clone(&client);
    runtime.spawn(async move { driver.drive().await });
    for line in io::stdin().lock().lines() {
        let write: Write = serde_json::from_str(&line?)?;
        let number = write.number();
        match carry_out(&client, write)? {
            Some(local) => println!("done {number} {local}"),
            None => println!("refused {number}"),
        }
    }
    // There is nothing more to write; sync continues.
    loop {
        std::thread::park();
    }
}

/// Carries out a write as an app does: saves the draft, then submits it. Returns the local id, or `None` for an action that
/// the client does not offer now.
pub fn carry_out(client: &Client, write: Write) -> Result<Option<i64>, Error> {
    let of_action = |ticket: i64, done: Result<(), ChangeError>| match done {
        Ok(()) => Ok(Some(ticket)),
        Err(ChangeError::NotOffered) => Ok(None),
        Err(error) => Err(error.into()),
    };
    match write {
        Write::Ticket { number, subject, description } => {
            let id = DraftId(format!("draft-{number}"));
            let draft = TicketDraft { id, subject, description, ..client.ticket_draft()? };
            client.save_ticket_draft(&draft)?;
            Ok(Some(client.submit(&draft)?.0))
        }
        Write::Reply { number, ticket, body } => {
            let draft = ReplyDraft::plain(DraftId(format!("draft-{number}")), TicketId(ticket), body);
            client.save_reply_draft(&draft)?;
            Ok(Some(client.reply(&draft)?.0))
        }
        Write::Close { ticket, .. } => of_action(ticket, client.act(TicketId(ticket), "close", &[], "de").map(|_| ())),
        Write::Feedback { ticket, text, .. } => {
            of_action(ticket, client.give_feedback(TicketId(ticket), "feedback", "good", &text))
        }
        Write::Toggle { ticket, on, .. } => of_action(ticket, client.set_toggle(TicketId(ticket), "proxy_login", on)),
    }
}

/// Reads what the kill left behind, beside the open client.
fn outbox(folder: &Path) -> Result<String, Error> {
    let db = Connection::open_with_flags(file_of(folder, device::ACCOUNT), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mine: i64 = db.query_row("SELECT count(*) FROM messages WHERE mine", [], |row| row.get(0))?;
    let mut line = mine.to_string();
    let mut states = db.prepare("SELECT state || '=' || count(*) FROM outbox GROUP BY state ORDER BY state")?;
    for state in states.query_map([], |row| row.get::<_, String>(0))? {
        line = format!("{line} {}", state?);
    }
    Ok(line)
}

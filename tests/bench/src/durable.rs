//! What a durable write costs compared with SQLite alone: one reply, from the call to its return, and the insertion of
//! one row of the same length into a bare table, with the same journal mode and `synchronous=FULL`. Both are measured
//! alternately.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use pocketdesk::model::{ReplyDraft, TicketDraft, TicketId};
use rusqlite::Connection;

use crate::device::open;
use crate::figures::Figures;
use crate::quantile;

const ROUNDS: usize = 400;
/// How many replies wait in one ticket.
const REPLIES: usize = 4;
const TEXT: &str = "Vielen Dank! Die Auszahlung ist heute angekommen – für uns ist das damit erledigt. 🎉";

/// Prints both times and their ratio.
pub fn measure(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut figures = Figures::of("durable");
    let home = folder.join("durable");
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home)?;
    let client = open(&home, "http://127.0.0.1:9", false)?;
    let new_ticket = || -> Result<TicketId, Box<dyn Error>> {
        let draft = TicketDraft { subject: "S".to_owned(), description: "D".to_owned(), ..client.ticket_draft()? };
        Ok(client.submit(&draft)?)
    };
    let mut ticket = new_ticket()?;
    let bare = Connection::open(home.join("bare.sqlite3"))?;
    bare.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE lines (id INTEGER PRIMARY KEY, body TEXT)",
    )?;
    let (mut replies, mut rows) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    for round in 0..ROUNDS {
        // Nobody waits with hundreds of replies in one ticket.
        if round % REPLIES == 0 {
            ticket = new_ticket()?;
        }
        let draft = ReplyDraft { body: TEXT.to_owned(), ..client.reply_draft(ticket)? };
        let start = Instant::now();
        client.reply(&draft)?;
        replies.push(start.elapsed());
        let start = Instant::now();
        bare.execute("INSERT INTO lines (body) VALUES (?1)", [TEXT])?;
        rows.push(start.elapsed());
    }
    for (share, name) in [(0.5, "median"), (0.99, "p99")] {
        let (reply, row): (Duration, Duration) = (quantile(&mut replies, share), quantile(&mut rows, share));
        figures.pair(&format!("durable reply, {name}, beside a bare insert"), 0, (reply, row), 1.15);
    }
    figures.write(folder)
}

//! How fast a first sync is stored: from the parsed answers to committed rows with their indexes, beside inserts into the reference's
//! tables with all of its indexes, and the same tokens in FTS5.
//!
//! The sync reads a page of 100 tickets, then the thread of each. Every answer is a transaction of ours, and one of the first reference;
//! the second reference puts all of a page into one, which no sync could do. All take turns, page by page.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::content::{add_page, bind};
use super::reference::{add_comments, add_subjects, add_texts, add_tickets, create};
use super::{account, open};
use crate::figures::{Figures, Reach};

/// With how many tickets at most this is measured. More say nothing more.
pub(super) const MOST: i64 = 10_000;
const LEAST: Reach = Reach::AtLeast(0.8);

pub(super) fn measure(folder: &Path, tickets: i64, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = folder.join("ingest");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let store = open(&folder, &account(tickets))?;
    bind(&store)?;
    let mut bare = [database(&folder.join("answers.sqlite3"))?, database(&folder.join("pages.sqlite3"))?];
    let mut times = [Duration::ZERO; 3];
    let numbers: Vec<i64> = (1..=tickets).collect();
    for (round, page) in numbers.chunks(100).enumerate() {
        for turn in 0..3 {
            let which = (round + turn) % 3;
            times[which] += match which {
                0 => add_page(&store, page)?,
                1 => by_answers(&mut bare[0], page)?,
                _ => at_once(&mut bare[1], page)?,
            };
        }
    }
    store.close();
    let [ours, answers, pages] = times.map(|time| {
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let tickets = tickets as f64;
        tickets / time.as_secs_f64()
    });
    figures.compare(
        "ingest, beside inserts with a transaction for each answer",
        tickets,
        "tickets/s",
        (ours, answers),
        LEAST,
    );
    figures.compare(
        "ingest, beside inserts with a transaction for 100 tickets",
        tickets,
        "tickets/s",
        (ours, pages),
        LEAST,
    );
    Ok(fs::remove_dir_all(&folder)?)
}

fn database(path: &Path) -> Result<Connection, Box<dyn Error>> {
    let db = Connection::open(path)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.set_prepared_statement_cache_capacity(64);
    create(&db, true)?;
    Ok(db)
}

fn by_answers(db: &mut Connection, page: &[i64]) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let tx = db.transaction()?;
    add_tickets(&tx, page.iter().copied())?;
    add_subjects(&tx, page)?;
    tx.commit()?;
    for number in page {
        let tx = db.transaction()?;
        add_comments(&tx, *number)?;
        add_texts(&tx, *number)?;
        tx.commit()?;
    }
    Ok(start.elapsed())
}

fn at_once(db: &mut Connection, page: &[i64]) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let tx = db.transaction()?;
    add_tickets(&tx, page.iter().copied())?;
    add_subjects(&tx, page)?;
    for number in page {
        add_comments(&tx, *number)?;
        add_texts(&tx, *number)?;
    }
    tx.commit()?;
    Ok(start.elapsed())
}

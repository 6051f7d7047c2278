//! How large the file is, beside the reference's with all the indexes that the queries use.

use std::error::Error;
use std::path::Path;

use pocketdesk::store::file_of;
use rusqlite::Connection;

use super::{account, reference};
use crate::figures::{Figures, Reach};

const KIB: f64 = 1_024.0;

/// Both files must be closed.
pub(super) fn measure(folder: &Path, tickets: i64, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let ours = Connection::open(file_of(folder, &account(tickets)))?;
    let theirs = Connection::open(reference::file_of(folder, tickets))?;
    let both = (bytes(&ours)? / KIB, bytes(&theirs)? / KIB);
    figures.compare("file, beside bare tables with the same indexes", tickets, "KiB", both, Reach::AtMost(1.3));
    for (db, whose) in [(&ours, "ours"), (&theirs, "reference")] {
        let mut statement =
            db.prepare("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE ORDER BY pgsize DESC")?;
        let parts = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
        println!("{whose}, {tickets} tickets, bytes of each table and index:");
        for part in parts {
            let (name, bytes) = part?;
            println!("{bytes:>12} {name}");
        }
    }
    Ok(())
}

fn bytes(db: &Connection) -> Result<f64, Box<dyn Error>> {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let pages: u32 = db.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let size: u32 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
    Ok(f64::from(pages) * f64::from(size))
}

//! What a user waits for who opens the app: opening the file, and the first page. "Cold" means cold for SQLite (new connections, empty
//! caches); the operating system may have the file in memory.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use pocketdesk::query::HistoryView;
use pocketdesk::store::{HistoryQuery, PageFrom, file_of};
use rusqlite::Connection;

use super::{PAGE, account, in_turn, open};
use crate::figures::Figures;

const ROUNDS: usize = 41;
/// The steps of the schema that made the index of searches. A file without what they made has the schema before.
const NEWEST: [&str; 2] = [
    include_str!("../../../../core/migrations/020_search.sql"),
    include_str!("../../../../core/migrations/021_new_documents.sql"),
];

/// Both beside `least` tickets, and a file of the previous schema beside an up-to-date one.
pub(super) fn measure(folder: &Path, least: i64, tickets: i64, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let mut ours = || first_page(folder, &account(tickets));
    if tickets > least {
        let mut theirs = || first_page(folder, &account(least));
        let name = format!("cold open and first page of 50, beside {least} tickets");
        figures.pair(&name, tickets, in_turn(ROUNDS, &mut ours, &mut theirs)?, 1.2);
    }
    let previous = folder.join("previous");
    let file = file_of(&previous, &account(tickets));
    let _ = fs::remove_dir_all(&previous);
    fs::create_dir_all(file.parent().ok_or("no folder")?)?;
    fs::copy(file_of(folder, &account(tickets)), &file)?;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        make_previous(&file)?;
        for (times, folder) in times.iter_mut().zip([previous.as_path(), folder]) {
            let start = Instant::now();
            first_page(folder, &account(tickets))?;
            times.push(start.elapsed());
        }
    }
    let [older, newest] = times.map(|mut times| crate::quantile(&mut times, 0.5));
    let name = "cold open and first page of a file of the previous schema, beside an up-to-date one";
    figures.pair(name, tickets, (older, newest), 1.2);
    Ok(fs::remove_dir_all(previous)?)
}

fn first_page(folder: &Path, account: &str) -> Result<usize, Box<dyn Error>> {
    let store = open(folder, account)?;
    let page = store.history_page(&HistoryQuery::of(HistoryView::WHOLE), PageFrom::Top, PAGE)?;
    store.close();
    Ok(page.tickets.len())
}

/// Takes away what the newest steps of the schema made.
fn make_previous(file: &Path) -> Result<(), Box<dyn Error>> {
    let db = Connection::open(file)?;
    for kind in ["TRIGGER", "VIEW", "VIRTUAL TABLE", "TABLE"] {
        let made = format!("CREATE {kind} ");
        let lines = NEWEST.iter().flat_map(|step| step.lines());
        for name in lines.filter_map(|line| line.strip_prefix(&made)?.split_whitespace().next()) {
            // The second step makes some triggers of the first anew.
            db.execute_batch(&format!("DROP {} IF EXISTS {name}", kind.trim_start_matches("VIRTUAL ")))?;
        }
    }
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    db.pragma_update(None, "user_version", version - i64::try_from(NEWEST.len())?)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

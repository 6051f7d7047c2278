//! Figures about the whole file.

use rusqlite::{Connection, Row};

use crate::model::Timestamp;
use crate::store::articles::votes::WAITING as VOTE_WAITS;
use crate::store::outbox::operations::WAITING;
use crate::store::{Store, StoreError};

/// Figures about the whole file, for the banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// How many messages and other changes are not sent yet, in all tickets, and answers about articles.
    pub waiting: u32,
    /// How many tickets the file has.
    pub tickets: u64,
    /// When a complete sync last ended, by the device's clock.
    pub last_sync_at: Option<Timestamp>,
    /// Whether every list was read completely once.
    pub first_sync_done: bool,
    /// The progress of the first sync; `None` before it begins and when it is done.
    pub first_sync: Option<Progress>,
    /// How many tickets have their thread in the file, even if not its newest state. A search finds the texts of these.
    pub known_threads: u64,
    /// When the first server-imposed wait of an operation ends, by the device's clock; `None` if there is none. It may
    /// be in the past.
    pub imposed_until: Option<Timestamp>,
    /// The last full reconciliation missed so many tickets that its result was not used.
    pub history_missing: bool,
}

/// The progress of the first sync, in rows of the server's lists. The lists overlap, so these are not numbers of
/// tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// How many rows were read.
    pub read: u64,
    /// How many rows all lists have; `None` until the server has given that number for every list.
    pub of: Option<u64>,
}

impl Store {
    /// Reads the figures for the banner.
    pub fn overview(&self) -> Result<Overview, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT (SELECT count(*) FROM outbox o WHERE {WAITING}) + (SELECT count(*) FROM article_votes WHERE {VOTE_WAITS}),
                        (SELECT count(*) FROM tickets), last_sync_at,
                        (SELECT count(*) FROM tickets WHERE NOT thread_settled AND thread_as_of IS NULL), history_missing,
                        (SELECT min(wait_start + wait_length) FROM outbox WHERE wait_server_imposed AND state IN ('waiting', 'checking'))
                 FROM account JOIN reconciliation"
            );
            let count = |row: &Row<'_>, column| Ok::<_, rusqlite::Error>(u64::try_from(row.get::<_, i64>(column)?).unwrap_or_default());
            let overview = |row: &Row<'_>| {
                let last_sync_at: Option<i64> = row.get(2)?;
                Ok(Overview {
                    waiting: row.get(0)?,
                    tickets: count(row, 1)?,
                    last_sync_at: last_sync_at.map(Timestamp),
                    first_sync_done: last_sync_at.is_some(),
                    first_sync: None,
                    known_threads: count(row, 1)?.saturating_sub(count(row, 3)?),
                    history_missing: row.get(4)?,
                    imposed_until: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                })
            };
            let overview = db.prepare_cached(&sql)?.query_row([], overview)?;
            let first_sync = if overview.first_sync_done { None } else { progress(db)? };
            Ok(Overview { first_sync, ..overview })
        })
    }
}

impl Store {
    /// Whether the file has a ticket.
    pub(crate) fn has_tickets(&self) -> Result<bool, StoreError> {
        self.read(|db| {
            Ok(db.prepare_cached("SELECT EXISTS (SELECT 1 FROM tickets)")?.query_row([], |row| row.get(0))?)
        })
    }
}

fn progress(db: &Connection) -> Result<Option<Progress>, StoreError> {
    let sql = "SELECT count(*), ifnull(sum(backfill_rows), 0), sum(max(expected_rows, backfill_rows)), count(expected_rows) FROM lists";
    Ok(db.prepare_cached(sql)?.query_row([], |row| {
        let number = |value: i64| u64::try_from(value).unwrap_or_default();
        let (lists, counted): (i64, i64) = (row.get(0)?, row.get(3)?);
        let of = row.get::<_, Option<i64>>(2)?.filter(|_| lists == counted);
        Ok((lists > 0).then_some(Progress { read: number(row.get(1)?), of: of.map(number) }))
    })?)
}

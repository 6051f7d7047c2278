//! The page of what was found: the newest activity first, and how many there are.
//!
//! # The story
//!
//! The order of a ticket stands in its entry. The entries of many tickets are spread over all pages of a table that
//! does not fit into SQLite's cache. So tickets are looked up one by one only if they are few. If they are many, a walk
//! along the index of the history soon meets those of the first page: that index has the newest tickets in neighbouring
//! rows. Counting stops after 1,000.
//!
//! Some tickets are not on that walk: those that were not sent yet, and those in which a message waits although the history does not show
//! them. They are few, and are looked up beside it. Every ticket is looked up in two cases: while entries are computed anew, and after a walk
//! that met too few of the tickets, because a filter leaves little of them or because they are old.

use rusqlite::{Connection, Row, params};

use super::matches::Matches;
use super::view::Shown;
use crate::store::StoreError;
use crate::store::outbox::operations::WAITING;

/// How many tickets are counted. Up to as many are looked up one by one.
pub(super) const COUNTED: usize = 1_000;

/// How many rows of a walk cost as much as one look-up. An estimate: another value changes only the time that a search takes.
const LOOK_UP: usize = 8;

/// The key by which tickets of one rank are ordered, largest first: activity, number for sorting, id.
type Key = [i64; 3];

/// Up to `limit` tickets that the history shows after the row with the key `after`, each with its rank before its key, and how many
/// there are altogether, up to one more than [`COUNTED`].
pub(super) fn page(
    db: &Connection,
    shown: &Shown,
    matches: &Matches,
    after: [i64; 4],
    limit: usize,
) -> Result<(usize, Vec<[i64; 4]>), StoreError> {
    let (mut count, mut page) = (0, Vec::new());
    let [after_rank, after @ ..] = after;
    for (rank, tickets) in &matches.ranks {
        let after = if *rank < after_rank { [i64::MAX; 3] } else { after };
        let room = if *rank > after_rank { 0 } else { limit - page.len() };
        let keys = if shown.has_walk && tickets.len() > COUNTED {
            count += counted(db, shown, tickets, (COUNTED + 1).saturating_sub(count))?;
            newest(db, shown, tickets, after, room)?
        } else {
            let keys = look_up(db, shown, tickets)?;
            count += keys.len();
            first(keys, after, room)
        };
        page.extend(keys.into_iter().map(|[activity, sort_number, id]| [*rank, activity, sort_number, id]));
    }
    Ok((count, page))
}

/// The first `room` keys after `after`.
fn first(mut keys: Vec<Key>, after: Key, room: usize) -> Vec<Key> {
    keys.retain(|key| *key < after);
    keys.sort_unstable_by(|a, b| b.cmp(a));
    keys.dedup();
    keys.truncate(room);
    keys
}

/// How many of `tickets` the history shows. It looks for no more than `most`.
fn counted(db: &Connection, shown: &Shown, tickets: &[i64], most: usize) -> Result<usize, StoreError> {
    let mut count = 0;
    for some in tickets.chunks(COUNTED) {
        if count >= most {
            break;
        }
        count += look_up(db, shown, some)?.len();
    }
    Ok(count.min(most))
}

/// The keys of those of `tickets` that the history shows.
fn look_up(db: &Connection, shown: &Shown, tickets: &[i64]) -> Result<Vec<Key>, StoreError> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = db.prepare_cached(&shown.look_up())?;
    let keys = statement.query_map([serde_json::to_string(tickets)?], key)?.collect::<Result<_, _>>()?;
    Ok(keys)
}

fn key(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok([row.get(0)?, row.get(1)?, row.get(2)?])
}

/// The first `room` of many tickets that the history shows after `after`.
fn newest(db: &Connection, shown: &Shown, tickets: &[i64], after: Key, room: usize) -> Result<Vec<Key>, StoreError> {
    if room == 0 {
        return Ok(Vec::new());
    }
    let Some(mut keys) = walked(db, shown, tickets, after, room)? else {
        return Ok(first(look_up(db, shown, tickets)?, after, room));
    };
    let mut statement = db.prepare_cached(&beside_the_walk())?;
    let mut beside: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    beside.retain(|ticket| tickets.binary_search(ticket).is_ok());
    keys.extend(look_up(db, shown, &beside)?);
    Ok(first(keys, after, room))
}

/// The tickets that a walk along the index meets first; `None` if looking up all of them costs less than going on.
fn walked(
    db: &Connection,
    shown: &Shown,
    tickets: &[i64],
    after: Key,
    room: usize,
) -> Result<Option<Vec<Key>>, StoreError> {
    let mut keys: Vec<Key> = Vec::with_capacity(room);
    let mut statement = db.prepare_cached(&shown.walk())?;
    let mut rows = statement.query(params![after[0], after[1]])?;
    let mut left = tickets.len() * LOOK_UP;
    while let Some(row) = rows.next()? {
        // The index does not order by id. So the walk reads on through all tickets that differ from the last one only in their ids.
        if let Some(last) = keys.last().filter(|_| keys.len() >= room)
            && key(row)?[..2] != last[..2]
        {
            break;
        }
        if left == 0 {
            return Ok(None);
        }
        left -= 1;
        if tickets.binary_search(&row.get(2)?).is_ok() {
            keys.extend(Some(key(row)?).filter(|key| *key < after));
        }
    }
    Ok(Some(keys))
}

/// SQL: the tickets that may be missing on a walk. They are few.
pub(in crate::store) fn beside_the_walk() -> String {
    format!(
        "SELECT e.ticket FROM history_entries e INDEXED BY entries_activity WHERE e.listed = 2
         UNION SELECT o.ticket FROM outbox o WHERE {WAITING}"
    )
}

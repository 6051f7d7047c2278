//! The page of what was found: the newest activity first, and how many there are.
//!
//! # The story
//!
//! To put a ticket into order its entry is read, and the entries of many tickets are spread over all pages of a table that does not fit
//! into SQLite's cache. So only few tickets are looked up one by one. Among many, the first 50 are soon met on a walk along the index of
//! the history, which has everything that is asked in one row after the other. How many were found is counted up to 1,000, which ends
//! soon as well if there are many.
//!
//! Three kinds of tickets are not on that walk: those that were not sent yet, those in which something waits although the history does not
//! show them, and all while entries are computed anew. The first two are few and looked up. In the third case, and if a walk meets few of
//! what was found because a filter leaves little of it or all of it is old, every ticket is looked up.

use rusqlite::{Connection, Row, params};

use super::matches::Matches;
use super::view::Shown;
use crate::store::StoreError;
use crate::store::outbox::operations::WAITING;

/// How many tickets are counted. Up to as many are looked up one by one.
pub(super) const COUNTED: usize = 1_000;

/// To how many rows of a walk one look-up costs as much, on average of measurements.
const LOOK_UP: usize = 8;

/// By what tickets of one rank are ordered, the largest first: activity, number for sorting, id.
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

/// Those that are met first along the index; `None` if looking up all of them costs less than going on.
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
        // Tickets that are alike but for their ids stand in any order, so all of these are read.
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

/// SQL: tickets that may not be on a walk. They are few.
pub(in crate::store) fn beside_the_walk() -> String {
    format!(
        "SELECT e.ticket FROM history_entries e INDEXED BY entries_activity WHERE e.listed = 2
         UNION SELECT o.ticket FROM outbox o WHERE {WAITING}"
    )
}

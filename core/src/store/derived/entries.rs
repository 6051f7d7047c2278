//! The history's entries: what filters, sorts and counts ask of every ticket.
//!
//! # The story
//!
//! A row of a ticket has the server's words: a status, fields, who created it. The history is filtered and sorted by what the
//! product definition makes of them (`docs/product.md`, W5 to W8, S4, S16, S18): its statuses, marks and types, what this user is
//! to the ticket, and whether it is shown at all. `history_entries` has one row for each ticket that says this in numbers, with an
//! index for each filter and each order, and `history_counts` has how many rows have the same numbers. The row also has the beginning
//! of the last message, so that a page reads no message.
//!
//! Only the product can compute an entry, so a trigger cannot. But a trigger can note that one is out of date: whatever
//! changes something that an entry depends on (columns of the ticket, its fields, its messages, the list of copied
//! tickets) puts the ticket into `stale_entries`. Every write of the store ends with [`refresh`], in the same
//! transaction, which computes the entries of these tickets and empties the table. So no statement that writes a ticket
//! has to know of entries, a ticket that is written ten times in one transaction is computed once, and no reader ever
//! sees a ticket without its present entry. A crash leaves both or neither.
//!
//! Whenever the file is opened, `history_rules` is compared with the definition. If they differ, a rebuild puts every
//! ticket into `stale_entries`, a hundred at a time. Until it has ended, the history without a filter, by activity or
//! by creation, is read from the tickets themselves; a view with a filter or another order says that it is incomplete.
//!
//! Of a revoked ticket only its number is known, so its entry stays where it was. If it holds something that the user has not
//! sent, it becomes the user's own ([`revoke`](crate::store::reconcile::revoke)).

use rusqlite::{Connection, OptionalExtension, params};

use crate::product::{EntryFacts, HistoryRules, Product, StatusFacts};
use crate::query::{NO_VALUE, sort_name};
use crate::store::StoreError;
use crate::store::db::columns::{field_values, status_of};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{optional_text, text};
use crate::store::derived::last_message::{LAST_MESSAGE, SNIPPET_COLUMNS, snippet};

/// Replaces the file's rules if the definition has others, and begins a rebuild. Costs the same for any number of tickets.
pub(in crate::store) fn install(db: &mut Connection, rules: &HistoryRules) -> Result<(), StoreError> {
    let sql = "SELECT since_ticket, since_escalation, dates_field, decides FROM history_rules";
    let known = db.query_row(sql, [], |row| {
        Ok(HistoryRules {
            since_ticket: row.get(0)?,
            since_escalation: row.get(1)?,
            dates_field: row.get(2)?,
            decides: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
        })
    });
    if known.optional()?.as_ref() == Some(rules) {
        return Ok(());
    }
    let tx = db.transaction()?;
    let sql = "INSERT OR REPLACE INTO history_rules (id, since_ticket, since_escalation, dates_field, decides)
               VALUES (1, ?1, ?2, ?3, ?4)";
    tx.execute(sql, params![rules.since_ticket, rules.since_escalation, rules.dates_field, rules.decides])?;
    let sql =
        "INSERT OR REPLACE INTO rebuilds (what, next_ticket) SELECT 'entries', id FROM tickets ORDER BY id LIMIT 1";
    tx.execute(sql, [])?;
    Ok(tx.commit()?)
}

/// Computes the entries of the tickets in `stale_entries`, and the names of the creators in `stale_creators`. Both are empty then.
pub(in crate::store) fn refresh(db: &Connection, product: &Product) -> Result<(), StoreError> {
    let stale = "SELECT ticket FROM stale_entries";
    let tickets: Vec<i64> =
        db.prepare_cached(stale)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for ticket in &tickets {
        refresh_entry(db, product, *ticket)?;
    }
    if !tickets.is_empty() {
        db.execute_cached("DELETE FROM stale_entries", [])?;
    }
    let stale = "SELECT person FROM stale_creators";
    let people: Vec<i64> =
        db.prepare_cached(stale)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for person in &people {
        refresh_creator(db, *person)?;
    }
    if !people.is_empty() {
        db.execute_cached("DELETE FROM stale_creators", [])?;
    }
    Ok(())
}

fn refresh_entry(db: &Connection, product: &Product, ticket: i64) -> Result<(), StoreError> {
    let sql = "SELECT n.listed, n.relation, n.unread, n.creator, n.created_at, n.last_activity, n.sort_number,
                t.server_status, t.custom_status, t.user_spoke_last, t.visible,
                (SELECT json_group_object(v.field, v.value) FROM field_values v WHERE v.ticket = t.id)
         FROM tickets t CROSS JOIN history_entries_now n ON n.ticket = t.id WHERE t.id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([ticket])?;
    // A ticket that is gone has taken its entry along.
    let Some(row) = rows.next()? else { return Ok(()) };
    let numbers: Vec<i64> = (0..7).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?;
    let custom = optional_text(row, 8)?;
    let facts = StatusFacts {
        server: status_of(&text(row, 7)?),
        custom: custom.as_deref(),
        label: None,
        user_spoke_last: row.get(9)?,
    };
    // Of a revoked ticket nothing is known.
    let is_visible: bool = row.get(10)?;
    let facts = if is_visible {
        product.entry_facts(&facts, &field_values(&text(row, 11)?))
    } else {
        EntryFacts { status: NO_VALUE, marks: 0, ticket_type: NO_VALUE }
    };
    let [listed, relation, unread, creator, created_at, last_activity, sort_number] = numbers[..] else {
        return Ok(());
    };
    let last = format!("SELECT {SNIPPET_COLUMNS} FROM tickets t {LAST_MESSAGE} WHERE t.id = ?1");
    let mut last = db.prepare_cached(&last)?;
    let mut last = last.query([ticket])?;
    let snippet = last.next()?.map(|row| snippet(row, 0)).transpose()?.flatten();
    let sql = "INSERT INTO history_entries (ticket, listed, relation, status, marks, unread, ticket_type, creator, created_at,
                                            last_activity, sort_number, snippet, snippet_mine)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
               ON CONFLICT (ticket) DO UPDATE SET listed = ?2, relation = ?3, status = ?4, marks = ?5, unread = ?6, ticket_type = ?7,
                                                  creator = ?8, created_at = ?9, last_activity = ?10, sort_number = ?11,
                                                  snippet = ?12, snippet_mine = ?13
               WHERE (listed, relation, status, marks, unread, ticket_type, creator, created_at, last_activity, sort_number,
                      snippet, snippet_mine)
                     IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    let values = params![
        ticket,
        listed,
        relation,
        facts.status,
        facts.marks,
        unread,
        facts.ticket_type,
        creator,
        created_at,
        last_activity,
        sort_number,
        snippet.as_ref().map(|snippet| &snippet.text),
        snippet.as_ref().map(|snippet| snippet.mine)
    ];
    db.execute_cached(sql, values)?;
    let is_known = "SELECT EXISTS (SELECT 1 FROM creators WHERE person = ?1)";
    if !db.query_row_cached(is_known, [creator], |row| row.get::<_, bool>(0))? {
        refresh_creator(db, creator)?;
    }
    Ok(())
}

/// Stores by which name the tickets of a creator are sorted.
fn refresh_creator(db: &Connection, person: i64) -> Result<(), StoreError> {
    let sql = "SELECT name FROM people WHERE id = ?1";
    let name = db.query_row_cached(sql, [person], |row| text(row, 0)).optional()?;
    let sql = "INSERT INTO creators (person, sort_name) VALUES (?1, ?2)
               ON CONFLICT (person) DO UPDATE SET sort_name = ?2 WHERE sort_name <> ?2";
    db.execute_cached(sql, params![person, sort_name(name.as_deref().unwrap_or_default())])?;
    Ok(())
}

//! Which tickets a search may find: those that the history shows in the same view, with the same filter.

use rusqlite::Connection;

use crate::product::Product;
use crate::query::{EntryFilter, Relation, Relations};
use crate::store::StoreError;
use crate::store::outbox::operations::WAITING;
use crate::store::queries::history::{Entries, HistoryQuery, entry_tests};

/// SQL that narrows the tickets `f.ticket` that were found down to those that the history has, in any of its three parts.
pub(in crate::store) struct Shown {
    /// What is joined with `f`.
    pub(super) join: &'static str,
    /// The columns by which the history is ordered. The last one is the ticket's id.
    pub(super) key: [&'static str; 3],
    /// Whether the history has the ticket.
    pub(super) condition: String,
    /// Whether an index of entries has all that is asked.
    pub(super) has_walk: bool,
}

impl Shown {
    /// SQL: the keys of those of the tickets in a JSON array that the history has.
    pub(in crate::store) fn look_up(&self) -> String {
        let Self { join, key: [activity, sort_number, id], condition, .. } = self;
        format!(
            "SELECT {activity}, {sort_number}, {id} FROM (SELECT value AS ticket FROM json_each(?1)) f CROSS JOIN {join}
             WHERE {condition}"
        )
    }

    /// SQL: the keys of the tickets that the history has in its order, the newest first, from an activity and a number for sorting on.
    pub(in crate::store) fn walk(&self) -> String {
        let condition = &self.condition;
        format!(
            "SELECT e.last_activity, e.sort_number, e.ticket FROM history_entries e INDEXED BY entries_activity
             WHERE e.listed = 1 AND (e.last_activity, e.sort_number) <= (?1, ?2) AND {condition}
             ORDER BY e.last_activity DESC, e.sort_number DESC"
        )
    }
}

/// The tickets of a view and a filter.
pub(in crate::store) fn shown(db: &Connection, product: &Product, query: &HistoryQuery) -> Result<Shown, StoreError> {
    let shown = product.entry_filter(&query.filter, query.view.relations);
    let waits = product.entry_filter(&query.filter, query.view.unsent);
    let unsent = EntryFilter { relations: Relations::ALL, ..waits.clone() };
    let has_unsent = waits.relations.has(Relation::Own);
    let is_waiting = |ticket: &str| format!("EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = {ticket} AND {WAITING})");
    if Entries::of(db)? == Entries::Known {
        // Everything that is asked stands in the entry, so no other row is read. What waits is looked for only where it matters.
        let of_unsent = if has_unsent { format!("1{}", entry_tests(&unsent, "e")) } else { "0".to_owned() };
        let (of_shown, of_waits) = (entry_tests(&shown, "e"), entry_tests(&waits, "e"));
        let is_waiting = is_waiting("e.ticket");
        let otherwise = if shown == waits {
            format!("WHEN e.listed = 1{of_shown} THEN 1 ELSE 1{of_waits} AND {is_waiting}")
        } else {
            format!("WHEN {is_waiting} THEN 1{of_waits} ELSE e.listed = 1{of_shown}")
        };
        return Ok(Shown {
            join: "history_entries e ON e.ticket = f.ticket",
            key: ["e.last_activity", "e.sort_number", "e.ticket"],
            condition: format!("CASE WHEN e.listed = 2 THEN {of_unsent} {otherwise} END"),
            has_walk: true,
        });
    }
    // While entries are computed anew, what a view without a filter has is asked of the tickets themselves.
    let table = if query.filter.is_empty() { "history_entries_now" } else { "history_entries" };
    let of = |conditions: &str, filter: &EntryFilter, table: &str| {
        let tests = entry_tests(filter, "e");
        format!("EXISTS (SELECT 1 FROM {table} e WHERE e.ticket = t.id{conditions}{tests})")
    };
    let of_unsent = if has_unsent { of("", &unsent, table) } else { "0".to_owned() };
    Ok(Shown {
        join: "tickets t ON t.id = f.ticket",
        key: ["t.last_activity", "t.sort_number", "t.id"],
        condition: format!(
            "CASE WHEN t.unsent > 0 THEN {of_unsent} WHEN {} THEN {} ELSE {} END",
            is_waiting("t.id"),
            of("", &waits, table),
            of(" AND e.listed = 1", &shown, table)
        ),
        has_walk: false,
    })
}

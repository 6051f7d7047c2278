//! Which tickets a search may find: those that the history shows in the same view, with the same filter.

use rusqlite::Connection;

use crate::product::Product;
use crate::query::{EntryFilter, Relation, Relations};
use crate::store::StoreError;
use crate::store::outbox::operations::WAITING;
use crate::store::queries::history::{Entries, HistoryQuery, entry_tests};

/// SQL: whether the history has the ticket `t`, in any of its three parts.
pub(super) fn is_in(db: &Connection, product: &Product, query: &HistoryQuery) -> Result<String, StoreError> {
    // While entries are computed anew, what a view without a filter has is asked of the tickets themselves.
    let (known, now) = ("history_entries", "history_entries_now");
    let table = if Entries::of(db)? == Entries::Pending && query.filter.is_empty() { now } else { known };
    let of = |table: &str, conditions: &str, filter: &EntryFilter| {
        let tests = entry_tests(filter, "e");
        format!("EXISTS (SELECT 1 FROM {table} e WHERE e.ticket = t.id{conditions}{tests})")
    };
    let shown = product.entry_filter(&query.filter, query.view.relations);
    let waits = product.entry_filter(&query.filter, query.view.unsent);
    let unsent = EntryFilter { relations: Relations::ALL, ..waits.clone() };
    let unsent = if waits.relations.has(Relation::Own) { of(table, "", &unsent) } else { "0".to_owned() };
    Ok(format!(
        "CASE WHEN t.unsent > 0 THEN {unsent}
              WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND {WAITING}) THEN {}
              ELSE {} END",
        of(table, "", &waits),
        of(table, " AND e.listed = 1", &shown)
    ))
}

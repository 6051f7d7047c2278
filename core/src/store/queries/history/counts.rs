//! How many tickets a view has.

use rusqlite::Connection;

use super::sql::{numbers, tests};
use super::view::{Entries, HistoryQuery};
use crate::product::Product;
use crate::query::{Bucket, EntryFilter, HistoryCounts, HistoryView, Relation, Relations, counted};
use crate::store::db::statements::Cached;
use crate::store::outbox::operations::WAITING;
use crate::store::{Store, StoreError};

impl Store {
    /// How many tickets the view of `query` has by the values of its filters. Its order does not matter. It costs the same for any
    /// number of tickets, unless the filter has days.
    pub fn history_counts(&self, query: &HistoryQuery) -> Result<HistoryCounts, StoreError> {
        self.read(|db| {
            let filter = self.product.entry_filter(&query.filter, Relations::ALL);
            let creator = filter.relations;
            let buckets = buckets(db, &filter, query.view)?;
            let all = query.view.relations.or(query.view.unsent);
            let mut counts = counted(&buckets, &EntryFilter { relations: creator, ..filter }, all);
            if Entries::of(db)? == Entries::Pending && query.is_first_order() {
                counts.total = total(db, &self.product, query, Entries::Pending)?;
            }
            Ok(self.product.named_counts(&counts))
        })
    }
}

/// How many tickets the view has.
pub(super) fn total(
    db: &Connection,
    product: &Product,
    query: &HistoryQuery,
    entries: Entries,
) -> Result<u64, StoreError> {
    let HistoryQuery { view, filter, .. } = query;
    let waits = product.entry_filter(filter, view.unsent);
    let shown = product.entry_filter(filter, view.relations);
    let waiting = format!("(SELECT o.ticket FROM outbox o WHERE {WAITING} GROUP BY o.ticket)");
    let unsent = if waits.relations.has(Relation::Own) { "2" } else { "NULL" };
    let own = EntryFilter { relations: Relations::ALL, ..waits.clone() };
    let sql = if entries == Entries::Pending && query.is_first_order() {
        let unsent = if unsent == "2" { "(SELECT count(*) FROM tickets WHERE unsent > 0)" } else { "0" };
        let (shown, waits) = (numbers(shown.relations), numbers(waits.relations));
        format!(
            "SELECT {unsent} + (SELECT count(*) FROM history_entries_now WHERE listed = 1 AND relation IN ({shown}))
                    + (SELECT count(*) FROM history_entries_now n
                       WHERE n.ticket IN {waiting} AND n.listed < 2 AND n.relation IN ({waits})
                         AND NOT (n.listed = 1 AND n.relation IN ({shown})))"
        )
    } else {
        let (source, sum) = if shown.has_days() {
            ("history_entries", "count(*)")
        } else {
            ("history_counts", "ifnull(sum(tickets), 0)")
        };
        format!(
            "SELECT (SELECT {sum} FROM {source} e WHERE e.listed = {unsent}{of_own})
                    + (SELECT {sum} FROM {source} e WHERE e.listed = 1{of_shown})
                    + (SELECT count(*) FROM {waiting} w CROSS JOIN history_entries e ON e.ticket = w.ticket
                       WHERE e.listed < 2{of_waits} AND NOT (e.listed = 1 AND e.relation IN ({shown})))",
            of_own = tests(&own, "e"),
            of_shown = tests(&shown, "e"),
            of_waits = tests(&waits, "e"),
            shown = numbers(shown.relations)
        )
    };
    let total: i64 = db.query_row_cached(&sql, [], |row| row.get(0))?;
    Ok(u64::try_from(total).unwrap_or_default())
}

/// How many tickets of a view have the same values. Of `filter`, only the days are applied.
fn buckets(db: &Connection, filter: &EntryFilter, view: HistoryView) -> Result<Vec<Bucket>, StoreError> {
    let days = EntryFilter {
        created_from: filter.created_from,
        created_until: filter.created_until,
        ..EntryFilter::default()
    };
    let (shown, waits) = (numbers(view.relations), numbers(view.unsent));
    let unsent = if view.unsent.has(Relation::Own) { "2" } else { "NULL" };
    let of_days = tests(&days, "e");
    let columns = "e.relation, e.status, e.marks, e.unread, e.ticket_type";
    let of_view = format!("(e.listed = {unsent} OR e.listed = 1 AND e.relation IN ({shown}))");
    let rows = if days.has_days() {
        format!(
            "SELECT {columns}, count(*) FROM history_entries e WHERE e.listed IN (1, 2) AND {of_view}{of_days} GROUP BY {columns}"
        )
    } else {
        format!("SELECT {columns}, e.tickets FROM history_counts e WHERE e.listed IN (1, 2) AND {of_view}")
    };
    // What waits is counted in more views than the ticket itself.
    let sql = format!(
        "{rows}
         UNION ALL
         SELECT {columns}, 1
         FROM (SELECT o.ticket FROM outbox o WHERE {WAITING} GROUP BY o.ticket) w
              CROSS JOIN history_entries e ON e.ticket = w.ticket
         WHERE e.listed < 2 AND e.relation IN ({waits}) AND NOT (e.listed = 1 AND e.relation IN ({shown})){of_days}"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let buckets = statement.query_map([], |row| {
        Ok(Bucket {
            relation: Relation::of_number(row.get(0)?),
            status: row.get(1)?,
            marks: row.get(2)?,
            unread: row.get(3)?,
            ticket_type: row.get(4)?,
            tickets: u64::try_from(row.get::<_, i64>(5)?).unwrap_or_default(),
        })
    })?;
    Ok(buckets.collect::<Result<_, _>>()?)
}

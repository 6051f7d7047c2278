//! Which tickets a search may find: those that the history shows in the same view.

use rusqlite::Connection;

use crate::query::{HistoryView, Relation, Relations};
use crate::store::StoreError;
use crate::store::outbox::operations::WAITING;
use crate::store::queries::history::Places;

/// SQL: whether a view of the history has the ticket `t`, in any of its three parts.
pub(super) fn is_in(db: &Connection, view: HistoryView) -> Result<String, StoreError> {
    let places = Places::of(db)?;
    let unsent = places == Places::None || view.unsent.has(Relation::Own);
    let of = |table: &str, shown: &str, relations: Relations| {
        let numbers: Vec<String> = relations.iter().map(|relation| relation.number().to_string()).collect();
        let numbers = numbers.join(", ");
        format!("ifnull((SELECT {shown} h.relation IN ({numbers}) FROM {table} h WHERE h.ticket = t.id), 0)")
    };
    let waiting = match places {
        Places::None => "1".to_owned(),
        _ if view.unsent == Relations::ALL => "1".to_owned(),
        _ => of("history_places_now", "", view.unsent),
    };
    let rest = match places {
        Places::None => i64::from(view.relations == Relations::ALL).to_string(),
        Places::Known => of("history_places", "h.shown AND", view.relations),
        Places::Pending => of("history_places_now", "h.shown AND", view.relations),
    };
    Ok(format!(
        "CASE WHEN t.unsent > 0 THEN {}
              WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND {WAITING}) THEN {waiting}
              ELSE {rest} END",
        i64::from(unsent)
    ))
}

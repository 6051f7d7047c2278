//! The place of every ticket in the history: what this user is to it, and whether it is shown at all.
//!
//! # The story
//!
//! A product definition can have scopes, such as "my tickets" and those of the organization (`docs/product.md`, S16), and a
//! day before which nothing is shown (S18). Both decide which tickets a page of the history has, so SQL must know them, and
//! must find them in order. `history_places` has one row for each ticket: this user's relation to it, whether it is shown, and
//! the key of its order. The view `history_places_now` computes such a row, and triggers store it whenever the ticket, its
//! lists or the dates of its escalation change. No statement that writes a ticket has to know of it.
//!
//! Whenever the file is opened, `history_rules` is compared with the definition. A definition that shows everything in one list
//! has no rules; nothing is computed for it. If the rules are others, they are replaced, and a rebuild computes every place
//! anew, as for [`statuses`](super::statuses). Until it has ended, the history asks the view itself.
//!
//! Of a revoked ticket only its number is known, so its place stays as it was. If it holds something that the user has not
//! sent, it becomes the user's own ([`revoke`](crate::store::reconcile::revoke)).

use rusqlite::{Connection, OptionalExtension, params};

use crate::product::HistoryRules;
use crate::store::StoreError;

/// Replaces the file's rules if the definition has others, and begins a rebuild. Costs the same for any number of tickets.
pub(in crate::store) fn install(db: &mut Connection, rules: Option<&HistoryRules>) -> Result<(), StoreError> {
    let sql = "SELECT since_ticket, since_escalation, dates_field FROM history_rules";
    let known = db.query_row(sql, [], |row| {
        Ok(HistoryRules { since_ticket: row.get(0)?, since_escalation: row.get(1)?, dates_field: row.get(2)? })
    });
    if known.optional()?.as_ref() == rules {
        return Ok(());
    }
    let tx = db.transaction()?;
    tx.execute("DELETE FROM history_rules", [])?;
    tx.execute("DELETE FROM rebuilds WHERE what = 'places'", [])?;
    if let Some(rules) = rules {
        let sql = "INSERT INTO history_rules (id, since_ticket, since_escalation, dates_field) VALUES (1, ?1, ?2, ?3)";
        tx.execute(sql, params![rules.since_ticket, rules.since_escalation, rules.dates_field])?;
        let sql = "INSERT INTO rebuilds (what, next_ticket) SELECT 'places', id FROM tickets ORDER BY id LIMIT 1";
        tx.execute(sql, [])?;
    }
    Ok(tx.commit()?)
}

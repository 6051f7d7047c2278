//! List membership: in which of the server's lists each ticket is (`docs/product.md`, S16).
//!
//! # The story
//!
//! Every page of a list stores its tickets as members of that list, with the number of the full reconciliation that has begun
//! last. A ticket that leaves one list and stays in another is shown nowhere as missing. So when a full reconciliation has
//! read a list to its end, the members that it did not show are no longer members.
//!
//! A whole list can be taken from a user: who was an administrator stops being one. Then the server no longer offers the
//! list, and all of its tickets are missing at once, which nobody would believe otherwise
//! ([`full_reconciliation`](super::full_reconciliation)). Their membership becomes one of the list `''`, which explains why they
//! are missing, and the next full reconciliation begins at once. It still asks for each ticket by itself before anything is
//! removed, and whatever shows the ticket again ends that membership.
//!
//! A crash in the middle leaves some members too many. The next full reconciliation, or the next run, removes them.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use crate::model::{TicketId, TicketList, TicketNumber, Unreadable};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

/// How many members one transaction changes.
const SLICE: usize = 200;

impl Store {
    /// Notes which lists the server offers. Those that it offered before and no longer does are gone. True if there were some.
    pub(crate) fn offer_lists(&self, offered: &[TicketList]) -> Result<bool, StoreError> {
        let names: BTreeSet<&str> = offered.iter().map(|list| &*list.0).collect();
        let gone: Vec<String> = self.read(|db| {
            let mut statement = db.prepare_cached("SELECT name FROM lists")?;
            let known: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(known.into_iter().filter(|name| !names.contains(&**name)).collect())
        })?;
        for list in &gone {
            let sql = "UPDATE OR REPLACE list_tickets SET list = ''
                       WHERE rowid IN (SELECT rowid FROM list_tickets WHERE list = ?1 LIMIT ?2)";
            while self.change_members(sql, list, None)? {}
            self.write(Priority::Sync, |edit| {
                edit.tx.execute_cached("DELETE FROM lists WHERE name = ?1", [list])?;
                // The start of a time long ago: the next one is due.
                edit.tx.execute_cached("UPDATE reconciliation SET early = 1, since = min(since, 0)", [])?;
                Ok(())
            })?;
        }
        Ok(!gone.is_empty())
    }

    /// Removes the members of `list` that the running full reconciliation, which has read it to its end, did not find.
    pub(crate) fn forget_absent_members(&self, list: &TicketList) -> Result<(), StoreError> {
        let (number, conclusive): (i64, bool) = self.read(|db| {
            let sql = "SELECT number, NOT inconclusive FROM reconciliation";
            Ok(db.query_row_cached(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })?;
        let sql = "DELETE FROM list_tickets
                   WHERE rowid IN (SELECT rowid FROM list_tickets WHERE list = ?1 AND reconciliation < ?3 LIMIT ?2)";
        while conclusive && self.change_members(sql, &list.0, Some(number))? {}
        Ok(())
    }

    /// Whether it is known why a ticket is missing: this user no longer has the list that it was in.
    pub(crate) fn was_in_a_list_that_is_gone(&self, ticket: TicketId) -> Result<bool, StoreError> {
        self.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM list_tickets WHERE ticket = ?1 AND list = '')";
            Ok(db.query_row_cached(sql, [ticket.0], |row| row.get(0))?)
        })
    }

    /// Changes the next members of a list. True if there may be more.
    fn change_members(&self, sql: &str, list: &str, number: Option<i64>) -> Result<bool, StoreError> {
        let slice = i64::try_from(SLICE).unwrap_or(i64::MAX);
        self.write(Priority::Sync, |edit| {
            let changed = match number {
                Some(number) => edit.tx.execute_cached(sql, params![list, slice, number])?,
                None => edit.tx.execute_cached(sql, params![list, slice])?,
            };
            edit.changes.history |= changed > 0;
            // A thread says how its ticket came to this user.
            edit.changes.every_thread |= changed > 0;
            Ok(changed == SLICE)
        })
    }
}

/// Makes a ticket that a list has shown one of its members.
pub(in crate::store) fn shown_in(
    edit: &mut Edit<'_>,
    list: &TicketList,
    number: TicketNumber,
) -> Result<(), StoreError> {
    let seen = "UPDATE list_tickets SET reconciliation = s.number FROM tickets t, reconciliation s
                WHERE t.number = ?1 AND t.visible AND list_tickets.ticket = t.id AND list_tickets.list = ?2
                  AND list_tickets.reconciliation <> s.number";
    let added = "INSERT INTO list_tickets (ticket, list, reconciliation)
                 SELECT t.id, ?2, s.number FROM tickets t, reconciliation s WHERE t.number = ?1 AND t.visible
                 ON CONFLICT (ticket, list) DO NOTHING RETURNING ticket";
    let change = params![number.0, list.0];
    if edit.tx.execute_cached(seen, change)? == 0 {
        let ticket: Option<TicketId> =
            edit.tx.query_row_cached(added, change, |row| row.get(0).map(TicketId)).optional()?;
        if let Some(ticket) = ticket {
            edit.touch(ticket);
        }
    }
    Ok(())
}

/// The rows that could not be read are members as well.
pub(in crate::store) fn unreadable_in(
    edit: &mut Edit<'_>,
    list: &TicketList,
    unreadable: &Unreadable,
) -> Result<(), StoreError> {
    unreadable.ids.iter().try_for_each(|id| shown_in(edit, list, TicketNumber(*id)))
}

/// The server has shown a ticket, so it is missing no longer.
pub(in crate::store) fn is_not_missing(edit: &Edit<'_>, number: TicketNumber) -> Result<(), StoreError> {
    let sql = "DELETE FROM list_tickets WHERE list = '' AND ticket = (SELECT id FROM tickets WHERE number = ?1)";
    edit.tx.execute_cached(sql, [number.0])?;
    Ok(())
}

//! The people of a ticket, and whether its thread has mails.

use rusqlite::{OptionalExtension, params};

use super::ticket::names_in_copy;
use crate::model::{PersonId, TicketId};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::optional_text;
use crate::store::{Store, StoreError};

impl Store {
    /// The name that the server has shown of a person; `None` if it has shown none.
    pub(crate) fn name_of(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        self.read(|db| {
            let name =
                db.query_row_cached("SELECT name FROM people WHERE id = ?1", [person.0], |row| optional_text(row, 0));
            Ok(name.optional()?.flatten().filter(|name| !name.is_empty()))
        })
    }

    /// The names of a ticket's further users without this user's.
    pub(crate) fn linked_people(&self, ticket: TicketId) -> Result<Vec<String>, StoreError> {
        self.read(|db| names_in_copy(db, ticket))
    }

    /// The names of the users of a ticket: who created it, then its further users, as far as the server shows them. This user
    /// is one of them as well.
    pub(crate) fn users_of(&self, ticket: TicketId) -> Result<Vec<String>, StoreError> {
        self.read(|db| {
            let sql = "SELECT name FROM (
                           SELECT -1 AS place, p.id, p.name FROM tickets t JOIN people p ON p.id = t.requester WHERE t.id = ?1
                           UNION ALL
                           SELECT c.key, p.id, p.name
                           FROM tickets t, json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
                                JOIN people p ON p.id = c.value
                           WHERE t.id = ?1 AND p.id IS NOT t.requester AND NOT p.agent)
                       WHERE name <> '' ORDER BY place";
            let mut statement = db.prepare_cached(sql)?;
            let names = statement.query_map([ticket.0], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    /// Whether the thread of a ticket has a comment that came by none of these channels. One whose channel is not known counts as a
    /// mail.
    pub(crate) fn has_other_channel(&self, ticket: TicketId, channels: &[&str]) -> Result<bool, StoreError> {
        self.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM messages WHERE ticket = ?1
                                      AND (channel IS NULL OR channel NOT IN (SELECT value FROM json_each(?2))))";
            let channels = serde_json::to_string(channels)?;
            Ok(db.query_row_cached(sql, params![ticket.0, channels], |row| row.get(0))?)
        })
    }
}

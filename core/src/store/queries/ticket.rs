//! A ticket without its thread: what the top of the ticket's screen shows.

use rusqlite::{Connection, OptionalExtension};

use super::history::{select, ticket_row};
use crate::model::{
    Delivery, FollowedTicket, MessageId, PendingChange, StatusKind, Ticket, TicketId, TicketNumber, TicketRow,
};
use crate::outbox::{self, Kind};
use crate::product::definition::parts::statuses::MarkPlace;
use crate::product::{Product, names_beside_addresses};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{json, optional_text, text};
use crate::store::outbox::operations::{self, of_ticket};
use crate::store::schedule::pauses;
use crate::store::{OrMissing, Store, StoreError};

impl Store {
    /// Reads a ticket without its thread. Fails with [`StoreError::NoSuchTicket`] if there is none with that id.
    pub fn ticket(&self, ticket: TicketId) -> Result<Ticket, StoreError> {
        self.read(|db| {
            let sql = select("tickets t", "0, 0", "WHERE t.id = ?1");
            let row = db
                .prepare_cached(&sql)?
                .query_row([ticket.0], |row| Ok(ticket_row(row, &self.product, MarkPlace::Detail)));
            let row = row.or_missing(StoreError::NoSuchTicket)??;
            with_details(db, row, &self.product)
        })
    }

    /// The local id of the ticket with the server's number `number`, if the file has it.
    pub fn ticket_by_number(&self, number: TicketNumber) -> Result<Option<TicketId>, StoreError> {
        self.read(|db| {
            let id = db.query_row_cached("SELECT id FROM tickets WHERE number = ?1", [number.0], |row| {
                row.get(0).map(TicketId)
            });
            Ok(id.optional()?)
        })
    }
}

/// Reads the fields of a ticket that its row in the history does not show.
fn with_details(db: &Connection, row: TicketRow, product: &Product) -> Result<Ticket, StoreError> {
    let sql = "SELECT t.issue_type, t.access, t.cc, p.name, ifnull(t.requester = a.person, 1) OR t.unsent > 0,
                      t.thread_as_of IS NOT NULL
                          AND NOT EXISTS (SELECT 1 FROM thread_walks w WHERE w.ticket = t.id AND w.cursor IS NOT NULL),
                      (SELECT o.message FROM outbox o WHERE o.ticket = t.id AND o.kind = 'create'),
                      ifnull(t.can_solve, 1), t.left_out,
                      EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND 'solve' IN (o.kind, o.with_change)),
                      r.email, r.name, r.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id),
                      t.follows, (SELECT f.id FROM tickets f WHERE f.number = t.follows AND f.visible
                                  AND ifnull((SELECT n.listed FROM history_entries_now n WHERE n.ticket = f.id), 1))
               FROM tickets t JOIN account a LEFT JOIN people p ON p.id = t.requester
                              LEFT JOIN requesters r ON r.ticket = t.id WHERE t.id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([row.id.0])?;
    let fields = rows.next()?.ok_or(StoreError::NoSuchTicket)?;
    let mut cc: Vec<String> = json(&text(fields, 2)?);
    cc.extend(names_beside_addresses(&cc, names_in_copy(db, row.id)?));
    let issue_type: Option<String> = fields.get(0)?;
    let creation: Option<i64> = fields.get(6)?;
    let delivery = match creation {
        Some(message) => {
            let operations = operations::of_ticket(db, row.id)?;
            outbox::delivery(outbox::deciding_operation(&operations, MessageId(message)))
        }
        None => Delivery::Sent,
    };
    let created_by_me: bool = fields.get(4)?;
    let can_reply = row.visible && product.reply_allowed(&row.status);
    let changes = changes_of(db, row.id)?;
    let solve_pending: bool = fields.get(9)?;
    let is_solved = row.status.kind == StatusKind::Solved || solve_pending;
    let ticket: Option<i64> = fields.get(14)?;
    let follows = fields.get::<_, Option<i64>>(13)?.map(TicketNumber);
    let follows = follows.map(|number| FollowedTicket { number, ticket: ticket.map(TicketId) });
    Ok(Ticket {
        issue_type: issue_type.and_then(|value| product.issue_type_by_value(&value).map(|known| known.id.clone())),
        access: fields.get(1)?,
        cc,
        created_by: optional_text(fields, 3)?.or(optional_text(fields, 11)?),
        created_by_me,
        can_reply,
        can_solve: product.solve && created_by_me && can_reply && !is_solved && fields.get(7)?,
        solve_pending,
        changes,
        reopens: product.reopens(&row.status),
        thread_complete: fields.get(5)?,
        delivery,
        refresh_problem: pauses::refresh_problem(db, row.id)?,
        left_out: fields.get(8)?,
        answers_go_to: optional_text(fields, 10)?,
        can_remove: fields.get(12)?,
        follows,
        row,
    })
}

/// The names of the people who are copied on a ticket, apart from this user.
pub(super) fn names_in_copy(db: &Connection, ticket: TicketId) -> Result<Vec<String>, StoreError> {
    let sql =
        "SELECT p.name FROM tickets t, json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
               JOIN people p ON p.id = c.value
               WHERE t.id = ?1 AND p.name <> '' AND p.id IS NOT (SELECT person FROM account) ORDER BY c.key";
    let mut statement = db.prepare_cached(sql)?;
    let names = statement.query_map([ticket.0], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The changes of a ticket that are not settled, as a screen shows them.
pub(in crate::store) fn changes_of(db: &Connection, ticket: TicketId) -> Result<Vec<PendingChange>, StoreError> {
    let mut changes = Vec::new();
    for operation in of_ticket(db, ticket)? {
        let kind = match operation.kind {
            Kind::Change(kind) => kind,
            Kind::Create | Kind::Reply | Kind::Upload | Kind::MarkRead => continue,
        };
        let sql = "SELECT addresses, action FROM outbox WHERE id = ?1";
        let (addresses, action): (Option<String>, Option<String>) =
            db.query_row_cached(sql, [operation.id.0], |row| Ok((optional_text(row, 0)?, optional_text(row, 1)?)))?;
        changes.push(PendingChange {
            id: operation.id,
            kind,
            action,
            addresses: addresses.as_deref().map(json).unwrap_or_default(),
            delivery: outbox::delivery(Some(&operation)),
            can_retry: operation.state.can_retry(),
            can_discard: operation.state.can_discard(),
        });
    }
    Ok(changes)
}

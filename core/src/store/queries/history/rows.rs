//! A row of the history, as it stands in the file.

use rusqlite::Row;

use crate::model::{Snippet, TicketId, TicketNumber, TicketRow, Timestamp};
use crate::product::definition::parts::statuses::MarkPlace;
use crate::product::{Product, StatusFacts, TicketFacts, texts_of};
use crate::store::StoreError;
use crate::store::db::columns::{field_values, status_of};
use crate::store::db::unreadable::{optional_text, text};
use crate::store::derived::last_message::{LAST_MESSAGE, SNIPPET_COLUMNS, snippet};
use crate::store::outbox::operations::WAITING;

/// A query of what a row of the history shows, of the tickets `t` in `from`. `key`: two more columns.
pub(in crate::store) fn select(from: &str, key: &str, rest: &str) -> String {
    format!(
        "SELECT t.id, t.number, t.subject, t.server_status, t.user_spoke_last, t.created_at, t.last_activity, t.unread,
                t.has_attachments, t.visible, t.custom_status, {LABEL}, (SELECT p.name FROM people p WHERE p.id = t.requester),
                {REMINDER}, {LINKED}, {SNIPPET_COLUMNS}, NULL, NULL, t.unsent > 0,
                (SELECT count(*) FROM outbox o WHERE o.ticket = t.id AND {WAITING}),
                EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('needs_user', 'may_have_been_sent')),
                n.unsent > 0, n.created_at,
                (SELECT json_group_object(v.field, v.value) FROM field_values v WHERE v.ticket = t.id), {key}
         FROM {from} {LAST_MESSAGE} {rest}"
    )
}

/// The same, of tickets `t` with their entries `e`, of which nothing waits. What the entry says need not be computed again.
pub(in crate::store) fn select_entries(from: &str, key: &str, rest: &str) -> String {
    format!(
        "SELECT t.id, t.number, t.subject, t.server_status, t.user_spoke_last, t.created_at, t.last_activity, t.unread,
                t.has_attachments, t.visible, t.custom_status, {LABEL}, (SELECT p.name FROM people p WHERE p.id = t.requester),
                {REMINDER}, t.visible AND e.relation = 1, e.snippet, e.snippet_mine, NULL, e.marks, e.ticket_type, 0,
                0, 0, NULL, NULL, NULL, {key}
         FROM {from} {rest}"
    )
}

/// SQL: whether it is unread because the user marked it so.
const REMINDER: &str = "t.unread AND EXISTS (SELECT 1 FROM unread_tickets u WHERE u.ticket = t.id AND u.reminder)";

/// What end users read for a ticket's custom status, unless it is the one that tickets have by default.
const LABEL: &str = "CASE WHEN t.custom_status IS NOT NULL
    THEN (SELECT c.label FROM custom_statuses c WHERE c.id = t.custom_status AND NOT c.is_default) END";

/// SQL: whether this user is a further user of the ticket (`docs/product.md`, S16), who did not create it.
const LINKED: &str = "(t.visible AND t.requester IS NOT NULL AND t.requester IS NOT (SELECT person FROM account)
                       AND (EXISTS (SELECT 1 FROM list_tickets l WHERE l.ticket = t.id AND l.list = 'copied')
                            OR EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
                                       WHERE c.value = (SELECT person FROM account))))";

/// The first of the two columns of the key.
pub(super) const KEY: usize = 26;

/// Reads a row of [`select`] or of [`select_entries`].
pub(in crate::store) fn ticket_row(
    row: &Row<'_>,
    product: &Product,
    place: MarkPlace,
) -> Result<TicketRow, StoreError> {
    let (server, custom, label) = (status_of(&text(row, 3)?), optional_text(row, 10)?, optional_text(row, 11)?);
    let status = product.status(&StatusFacts {
        server,
        custom: custom.as_deref(),
        label: label.as_deref().filter(|label| !label.is_empty()),
        user_spoke_last: row.get(4)?,
    });
    let waiting: u32 = row.get(21)?;
    let unsent = waiting > 0 || row.get(20)?;
    let last_activity: i64 = row.get(6)?;
    // The message that waits is the newest one.
    let written: Option<i64> =
        if unsent && row.get::<_, Option<bool>>(23)? == Some(true) { row.get(24)? } else { None };
    let subject = text(row, 2)?;
    let requester = optional_text(row, 12)?.filter(|name| !name.is_empty());
    let visible: bool = row.get(9)?;
    let (ticket_type, marks, snippet) = match row.get::<_, Option<i64>>(18)? {
        Some(marks) => {
            let text = optional_text(row, 15)?;
            let mine = row.get::<_, Option<bool>>(16)? == Some(true);
            let snippet = text.map(|text| Snippet { text, mine });
            (product.type_at(row.get(19)?).map(str::to_owned), product.marks_of(marks, place), snippet)
        }
        // Of a ticket that is no longer visible nothing is known.
        None if !visible => (None, Vec::new(), snippet(row, 15)?),
        None => {
            let values = field_values(&optional_text(row, 25)?.unwrap_or_default());
            let facts =
                TicketFacts { status: Some(status.clone()), fields: texts_of(&values), ..TicketFacts::default() };
            (product.ticket_type(&values).map(str::to_owned), product.marks(&facts, place), snippet(row, 15)?)
        }
    };
    Ok(TicketRow {
        id: TicketId(row.get(0)?),
        number: row.get::<_, Option<i64>>(1)?.map(TicketNumber),
        subject_key: product.subject_key(ticket_type.as_deref(), &subject, requester.is_some()).filter(|_| visible),
        subject,
        requester,
        ticket_type,
        marks,
        status,
        created_at: Timestamp(row.get(5)?),
        last_activity_at: Timestamp(last_activity.max(written.unwrap_or(i64::MIN))),
        unsent,
        snippet,
        unread: row.get(7)?,
        has_attachments: row.get(8)?,
        visible,
        waiting,
        needs_user: row.get(22)?,
        linked: row.get(14)?,
        reminder: row.get(13)?,
        columns: Vec::new(),
    })
}

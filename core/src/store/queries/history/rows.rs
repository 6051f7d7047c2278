//! A row of the history, as it stands in the file.

use rusqlite::Row;

use crate::model::{Attachment, Snippet, TicketId, TicketNumber, TicketRow, Timestamp, clean_snippet};
use crate::product::definition::parts::statuses::MarkPlace;
use crate::product::{Product, StatusFacts, TicketFacts, texts_of};
use crate::store::StoreError;
use crate::store::db::columns::status_of;
use crate::store::db::unreadable::{json, optional_text, text};
use crate::store::derived::entries::field_values;
use crate::store::outbox::operations::WAITING;

/// How much of a message is read for its snippet, in code points. A cluster rarely has more than ten.
const SNIPPET_READ: u32 = 2_000;

/// A query of what a row of the history shows, of the tickets `t` in `from`. `key`: two more columns.
pub(in crate::store) fn select(from: &str, key: &str, rest: &str) -> String {
    format!(
        "SELECT t.id, t.number, t.subject, t.server_status, t.user_spoke_last, t.created_at, t.last_activity, t.unread,
                t.has_attachments, t.visible, t.unsent > 0,
                (SELECT count(*) FROM outbox o WHERE o.ticket = t.id AND {WAITING}),
                EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('needs_user', 'may_have_been_sent')),
                substr(n.body, 1, {SNIPPET_READ}), n.mine, n.unsent > 0, n.created_at,
                CASE WHEN trim(n.body, char(32, 10, 13, 9)) = '' THEN n.attachments END, t.custom_status, {LABEL},
                (SELECT json_group_object(v.field, v.value) FROM field_values v WHERE v.ticket = t.id),
                (SELECT p.name FROM people p WHERE p.id = t.requester), {LINKED},
                t.unread AND EXISTS (SELECT 1 FROM unread_tickets u WHERE u.ticket = t.id AND u.reminder), {key}
         FROM {from}
         LEFT JOIN messages n ON n.id = (SELECT m.id FROM messages m WHERE m.ticket = t.id
                                         ORDER BY m.unsent DESC, m.created_at DESC, m.sort_comment DESC, m.id DESC LIMIT 1)
         {rest}"
    )
}

/// What end users read for a ticket's custom status, unless it is the one that tickets have by default.
pub(super) const LABEL: &str =
    "(SELECT c.label FROM custom_statuses c WHERE c.id = t.custom_status AND NOT c.is_default)";

/// SQL: whether this user is a further user of the ticket (`docs/product.md`, S16), who did not create it.
const LINKED: &str = "(t.visible AND t.requester IS NOT NULL AND t.requester IS NOT (SELECT person FROM account)
                       AND (EXISTS (SELECT 1 FROM list_tickets l WHERE l.ticket = t.id AND l.list = 'copied')
                            OR EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
                                       WHERE c.value = (SELECT person FROM account))))";

/// The first of the two columns of the key.
pub(super) const KEY: usize = 24;

/// Reads a row of [`select`].
pub(in crate::store) fn ticket_row(
    row: &Row<'_>,
    product: &Product,
    place: MarkPlace,
) -> Result<TicketRow, StoreError> {
    let (server, custom, label) = (status_of(&text(row, 3)?), optional_text(row, 18)?, optional_text(row, 19)?);
    let status = product.status(&StatusFacts {
        server,
        custom: custom.as_deref(),
        label: label.as_deref().filter(|label| !label.is_empty()),
        user_spoke_last: row.get(4)?,
    });
    let waiting: u32 = row.get(11)?;
    let unsent = waiting > 0 || row.get(10)?;
    let last_activity: i64 = row.get(6)?;
    // The message that waits is the newest one.
    let written: Option<i64> =
        if unsent && row.get::<_, Option<bool>>(15)? == Some(true) { row.get(16)? } else { None };
    let subject = text(row, 2)?;
    let values = field_values(&text(row, 20)?);
    let requester = optional_text(row, 21)?.filter(|name| !name.is_empty());
    let ticket_type = product.ticket_type(&values).map(str::to_owned);
    let visible: bool = row.get(9)?;
    let facts = TicketFacts { status: Some(status.clone()), fields: texts_of(&values), ..TicketFacts::default() };
    Ok(TicketRow {
        id: TicketId(row.get(0)?),
        number: row.get::<_, Option<i64>>(1)?.map(TicketNumber),
        subject_key: product.subject_key(ticket_type.as_deref(), &subject, requester.is_some()).filter(|_| visible),
        subject,
        requester,
        ticket_type,
        marks: product.marks(&facts, place),
        status,
        created_at: Timestamp(row.get(5)?),
        last_activity_at: Timestamp(last_activity.max(written.unwrap_or(i64::MIN))),
        unsent,
        snippet: snippet(row)?,
        unread: row.get(7)?,
        has_attachments: row.get(8)?,
        visible,
        waiting,
        needs_user: row.get(12)?,
        linked: row.get(22)?,
        reminder: row.get(23)?,
        columns: Vec::new(),
    })
}

fn snippet(row: &Row<'_>) -> Result<Option<Snippet>, StoreError> {
    let Some(body) = optional_text(row, 13)? else { return Ok(None) };
    let mut text = clean_snippet(&body);
    if text.is_empty() {
        let files: Vec<Attachment> = optional_text(row, 17)?.map(|files| json(&files)).unwrap_or_default();
        text = files.first().map(|file| clean_snippet(&file.name)).unwrap_or_default();
    }
    Ok((!text.is_empty()).then_some(Snippet { text, mine: row.get(14)? }))
}

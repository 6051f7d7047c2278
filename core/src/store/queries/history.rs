//! The history: every ticket that is visible to this user, those with something unsent on top, then newest activity first
//! (`docs/product.md`, H2).
//!
//! # The story
//!
//! The history has three parts, one below the other: tickets that were not sent yet, newest first; tickets with a reply or
//! another change that waits or needs the user, the one written last on top; and all others, newest activity first. Each
//! part is a query of its own, because each has an index of its own to follow: the second one follows the outbox, which
//! is small. So a ticket rises when something is written in it, without a change of its row, and is back in its place
//! when that is sent or taken back.
//!
//! A page continues after the last row of the page before, by that row's part and its place in it. So every page costs
//! the same, even at the end of 100,000 tickets, and within a page no row is skipped or doubled if rows move meanwhile.
//!
//! A product can show only some tickets: those of one scope, and those from a day on (`docs/product.md`, S16, S18). What
//! decides about a ticket stands in `history_places`, with an index that has the tickets of each relation in order
//! ([`derived::places`](crate::store::derived::places)). The third part then is one query for each relation of the view, and
//! their rows are merged. While the places are computed anew, the third part looks at each ticket instead.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use crate::model::{
    Attachment, FieldValue, HistoryColumn, Snippet, TicketId, TicketNumber, TicketRow, Timestamp, clean_snippet,
};
use crate::product::definition::parts::statuses::MarkPlace;
use crate::product::{Product, StatusFacts, TicketFacts, texts_of};
use crate::query::{HistoryView, Relation, Relations, cursor, place};
use crate::store::db::columns::status_of;
use crate::store::db::unreadable::{json, optional_text, or_left_out, text};
use crate::store::outbox::operations::WAITING;
use crate::store::{MAX_PAGE, Store, StoreError};

/// How much of a message is read for its snippet, in code points. A cluster rarely has more than ten.
const SNIPPET_READ: u32 = 2_000;

/// Some rows of the history.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HistoryPage {
    /// In the order of the history.
    pub tickets: Vec<TicketRow>,
    /// What each of them shows, in order (`docs/product.md`, S1).
    pub columns: Vec<HistoryColumn>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
    /// How many tickets the view has.
    pub total: u64,
    /// The id of the scope that is shown; `None` if the product has none (`docs/product.md`, S16).
    pub scope: Option<String>,
    /// The ids of the scopes between which this user can switch. Empty if there are not two.
    pub scopes: Vec<String>,
    /// The key of why there is no history (`docs/product.md`, S17); `None` if there is one. Then the page has only what was
    /// not sent.
    pub unavailable: Option<String>,
    /// The key of the note that read marks hold on this device only (`docs/product.md`, W8); `None` if they are shared.
    pub read_marks_key: Option<&'static str>,
}

impl Store {
    /// Up to `limit` (1 to [`MAX_PAGE`]) rows after the cursor `after`, or from the top. An invalid cursor fails with
    /// [`StoreError::InvalidCursor`].
    pub fn history(&self, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        self.history_of(HistoryView::WHOLE, after, limit)
    }

    /// The same, of the tickets of a view.
    pub fn history_of(&self, view: HistoryView, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let [part, mut key, mut number] =
            after.map_or(Ok([0, i64::MAX, i64::MAX]), |after| place(after).ok_or(StoreError::InvalidCursor))?;
        self.read(|db| {
            let places = Places::of(db)?;
            let parts = places.parts(view);
            let first =
                usize::try_from(part).ok().filter(|part| *part < parts.len()).ok_or(StoreError::InvalidCursor)?;
            let (mut tickets, mut last, mut read) = (Vec::new(), None, 0);
            for (part, queries) in (part..).zip(parts.iter().skip(first)) {
                let mut found: Vec<([i64; 2], Option<TicketRow>)> = Vec::new();
                for sql in queries {
                    let mut statement = db.prepare_cached(sql)?;
                    let mut rows = statement.query(params![key, number, limit - read])?;
                    while let Some(row) = rows.next()? {
                        let at = [row.get(KEY)?, row.get(KEY + 1)?];
                        found.push((at, or_left_out(ticket_row(row, &self.product, MarkPlace::List))?));
                    }
                }
                if queries.len() > 1 {
                    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
                    found.truncate(usize::try_from(limit - read).unwrap_or(usize::MAX));
                }
                for (at, row) in found {
                    last = Some([part, at[0], at[1]]);
                    read += 1;
                    tickets.extend(row);
                }
                if read == limit {
                    break;
                }
                [key, number] = [i64::MAX; 2];
            }
            let total: i64 = db.prepare_cached(&places.total(view))?.query_row([], |row| row.get(0))?;
            let next = last.filter(|_| read == limit).map(cursor);
            let total = u64::try_from(total).unwrap_or_default();
            Ok(HistoryPage {
                tickets,
                columns: Vec::new(),
                next,
                total,
                scope: None,
                scopes: Vec::new(),
                unavailable: None,
                read_marks_key: None,
            })
        })
    }
}

/// How the history finds the tickets of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Places {
    /// The product shows every ticket in one list.
    None,
    /// By `history_places`.
    Known,
    /// The places are being computed anew.
    Pending,
}

impl Places {
    pub(in crate::store) fn of(db: &Connection) -> Result<Self, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM history_rules), EXISTS (SELECT 1 FROM rebuilds WHERE what = 'places')";
        let (rules, pending): (bool, bool) =
            db.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(match (rules, pending) {
            (false, _) => Self::None,
            (true, false) => Self::Known,
            (true, true) => Self::Pending,
        })
    }

    /// The queries of the three parts, from the top; of a part with several, their rows are merged. Each takes the key of the
    /// row after which it continues, two numbers, and how many rows it reads.
    pub(in crate::store) fn parts(self, view: HistoryView) -> [Vec<String>; 3] {
        let (rules, whole) = (self != Self::None, view.relations == Relations::ALL);
        let unsent = select(
            "tickets t",
            "t.unsent, t.id",
            "WHERE t.unsent > 0 AND (t.unsent, t.id) < (?1, ?2) ORDER BY t.unsent DESC LIMIT ?3",
        );
        // What waits is shown from whenever it is, and there is little of it.
        let of_view = if rules && view.unsent != Relations::ALL { in_set("t.id", view.unsent) } else { String::new() };
        let waiting = select(
            &format!(
                "(SELECT o.ticket, max(o.id) AS newest FROM outbox o WHERE {WAITING} GROUP BY o.ticket) w
                 CROSS JOIN tickets t ON t.id = w.ticket"
            ),
            "w.newest, t.id",
            &format!("WHERE t.unsent = 0 AND (w.newest, t.id) < (?1, ?2){of_view} ORDER BY w.newest DESC LIMIT ?3"),
        );
        let direct = |more: &str| {
            select(
                "tickets t",
                "t.last_activity, t.sort_number",
                &format!(
                    "WHERE t.unsent = 0 AND (t.last_activity, t.sort_number) < (?1, ?2){more}
                       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND {WAITING})
                     ORDER BY t.last_activity DESC, t.sort_number DESC LIMIT ?3"
                ),
            )
        };
        let rest = match self {
            Self::None if whole => vec![direct("")],
            Self::None => Vec::new(),
            Self::Pending => {
                let shown = " AND (SELECT n.shown FROM history_places_now n WHERE n.ticket = t.id)";
                vec![direct(&format!("{shown}{}", in_set("t.id", view.relations)))]
            }
            Self::Known => view.relations.iter().map(of_relation).collect(),
        };
        let is_own_in = !rules || view.unsent.has(Relation::Own);
        [if is_own_in { vec![unsent] } else { Vec::new() }, vec![waiting], rest]
    }

    /// SQL: from which tables, and under which conditions, the unread tickets `u` of the view are read. It costs as much as
    /// there are unread tickets, and while an older file is being filled in, as much as there are tickets.
    pub(in crate::store) fn unread(self, db: &Connection, view: HistoryView) -> Result<String, StoreError> {
        let pending = "SELECT EXISTS (SELECT 1 FROM rebuilds WHERE what = 'unread')";
        let is_pending: bool = db.prepare_cached(pending)?.query_row([], |row| row.get(0))?;
        let from = if is_pending { "(SELECT id AS ticket FROM tickets WHERE unread) u" } else { "unread_tickets u" };
        let places = match self {
            Self::None if view.relations == Relations::ALL => return Ok(format!("FROM {from}")),
            Self::None => return Ok(format!("FROM {from} WHERE 0")),
            Self::Known => "history_places",
            Self::Pending => "history_places_now",
        };
        let shown = numbers(view.relations);
        Ok(format!(
            "FROM {from}
             WHERE (SELECT h.shown AND h.relation IN ({shown}) FROM {places} h WHERE h.ticket = u.ticket)"
        ))
    }

    /// The query of how many tickets the view has.
    fn total(self, view: HistoryView) -> String {
        let waiting = format!("(SELECT o.ticket FROM outbox o WHERE {WAITING} GROUP BY o.ticket)");
        if self == Self::None {
            return if view.relations == Relations::ALL {
                "SELECT count(*) FROM tickets".to_owned()
            } else {
                format!(
                    "SELECT (SELECT count(*) FROM tickets WHERE unsent > 0) + (SELECT count(*) FROM tickets t WHERE t.unsent = 0 AND t.id IN {waiting})"
                )
            };
        }
        let table = if self == Self::Known { "history_places" } else { "history_places_now" };
        let unsent =
            if view.unsent.has(Relation::Own) { "(SELECT count(*) FROM tickets WHERE unsent > 0)" } else { "0" };
        let (shown, waits) = (numbers(view.relations), numbers(view.unsent));
        format!(
            "SELECT {unsent} + (SELECT count(*) FROM {table} WHERE shown = 1 AND relation IN ({shown}))
                    + (SELECT count(*) FROM history_places_now n
                       WHERE n.ticket IN {waiting} AND n.relation IN ({waits}) AND NOT (n.shown AND n.relation IN ({shown})))"
        )
    }
}

/// The third part of the history, of one relation.
fn of_relation(relation: Relation) -> String {
    select(
        "history_places h CROSS JOIN tickets t ON t.id = h.ticket",
        "h.last_activity, h.sort_number",
        &format!(
            "WHERE h.shown = 1 AND h.relation = {} AND (h.last_activity, h.sort_number) < (?1, ?2)
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = h.ticket AND {WAITING})
             ORDER BY h.last_activity DESC, h.sort_number DESC LIMIT ?3",
            relation.number()
        ),
    )
}

/// SQL: whether the relation of a ticket is in the set.
fn in_set(ticket: &str, set: Relations) -> String {
    format!(" AND (SELECT n.relation FROM history_places_now n WHERE n.ticket = {ticket}) IN ({})", numbers(set))
}

fn numbers(set: Relations) -> String {
    set.iter().map(|relation| relation.number().to_string()).collect::<Vec<_>>().join(", ")
}

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
pub(in crate::store) const LABEL: &str =
    "(SELECT c.label FROM custom_statuses c WHERE c.id = t.custom_status AND NOT c.is_default)";

/// SQL: whether this user is a further user of the ticket (`docs/product.md`, S16), who did not create it.
const LINKED: &str = "(t.visible AND t.requester IS NOT NULL AND t.requester IS NOT (SELECT person FROM account)
                       AND (EXISTS (SELECT 1 FROM list_tickets l WHERE l.ticket = t.id AND l.list = 'copied')
                            OR EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
                                       WHERE c.value = (SELECT person FROM account))))";

/// The first of the two columns of the key.
const KEY: usize = 24;

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
    let values = values(&text(row, 20)?);
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

/// The values of a row's fields. One that this version cannot read is left out.
fn values(json: &str) -> BTreeMap<String, FieldValue> {
    let texts: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    texts.into_iter().filter_map(|(field, value)| Some((field, serde_json::from_str(&value).ok()?))).collect()
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

//! Tickets: their rows and the order of lists.

mod filter;

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde_json::{Value, json};

use super::Result;
use super::people::User;
use crate::account::{ACCESS, CLIENT_REFERENCE, Field, ISSUE_TYPE};
pub use filter::Filter;

/// A ticket, with everything from its thread that an answer needs.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// The ticket number.
    pub id: i64,
    /// The requester's id.
    pub requester_id: i64,
    /// The organization of the requester's account.
    pub organization_id: Option<i64>,
    /// The agent who works on it.
    pub assignee_id: Option<i64>,
    /// The subject.
    pub subject: String,
    /// The body of the first comment.
    pub description: String,
    /// One of the service's six statuses.
    pub status: String,
    /// The custom status that an agent chose.
    pub custom_status_id: Option<i64>,
    /// Any text: the service may answer undocumented values.
    pub priority: Option<String>,
    /// Any text, as above.
    pub kind: Option<String>,
    /// The channel by which it came in; any text, as above.
    pub channel: String,
    /// The tag of the chosen issue type.
    pub issue_type: Option<String>,
    /// The access checkbox.
    pub access: Option<bool>,
    /// The client reference.
    pub client_reference: Option<String>,
    /// The values of the other custom fields that have one, by the field's id.
    pub fields: BTreeMap<i64, Value>,
    /// The closed ticket that this one follows up.
    pub followup_of: Option<i64>,
    /// The users in CC.
    pub cc_ids: Vec<i64>,
    /// Users, each with the newest comment that the user has read.
    pub read_marks: Vec<(i64, i64)>,
    /// Seconds since 1970.
    pub created_at: i64,
    /// Seconds since 1970; private notes and automations move it too.
    pub updated_at: i64,
    /// The position in the order of cursor pages.
    pub shuffle: i64,
}

/// The values of a new ticket.
#[derive(Debug, Clone)]
pub struct NewTicket<'a> {
    /// The number; `None` for the next free one.
    pub id: Option<i64>,
    /// The requester's id.
    pub requester: i64,
    /// The organization of the requester's account.
    pub organization: Option<i64>,
    /// The assignee, if there is one.
    pub assignee: Option<i64>,
    /// The subject.
    pub subject: &'a str,
    /// The status.
    pub status: &'a str,
    /// The priority.
    pub priority: Option<&'a str>,
    /// The type.
    pub kind: Option<&'a str>,
    /// The channel by which it came in.
    pub channel: &'a str,
    /// The tag of the issue type.
    pub issue_type: Option<&'a str>,
    /// The access checkbox.
    pub access: Option<bool>,
    /// The client reference.
    pub client_reference: Option<&'a str>,
    /// The closed ticket that this one follows up.
    pub followup_of: Option<i64>,
    /// Seconds since 1970.
    pub created_at: i64,
    /// Seconds since 1970.
    pub updated_at: i64,
    /// The current order of cursor pages.
    pub salt: u32,
}

/// The order of a list. Ties are broken by number in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// The last change of any kind.
    Updated,
    /// The creation.
    Created,
    /// The status, in the order of a ticket's life.
    Status,
    /// The number.
    Id,
}

/// The first ticket number on an empty server.
pub const FIRST_NUMBER: i64 = 120_001;

const COLUMNS: &str = "t.*,
    coalesce((SELECT body FROM comments WHERE ticket_id = t.id ORDER BY id LIMIT 1), '') AS description,
    (SELECT json_group_object(CAST(field_id AS TEXT), json(value)) FROM field_values WHERE ticket_id = t.id) AS field_values,
    (SELECT group_concat(user_id) FROM ccs WHERE ticket_id = t.id) AS cc_ids,
    (SELECT group_concat(user_id || ':' || comment_id) FROM read_marks WHERE ticket_id = t.id) AS read_marks";

impl Ticket {
    /// Whether the ticket is closed, so that nothing may change any more.
    pub fn is_closed(&self) -> bool {
        self.status == "closed"
    }

    /// The value of a custom field.
    pub fn value_of(&self, field: &Field) -> Value {
        match field.id {
            ISSUE_TYPE => json!(self.issue_type),
            ACCESS => json!(self.access),
            CLIENT_REFERENCE => json!(self.client_reference),
            other => self.fields.get(&other).unwrap_or(&field.initial).clone(),
        }
    }

    fn from_row(row: &Row<'_>) -> Result<Self> {
        let list = |name| -> Result<Vec<String>> {
            Ok(match row.get_ref(name)? {
                ValueRef::Text(parts) => String::from_utf8_lossy(parts).split(',').map(str::to_owned).collect(),
                _ => Vec::new(),
            })
        };
        let cc_ids = list("cc_ids")?;
        let marks = list("read_marks")?;
        let mark = |text: &String| {
            let (user, comment) = text.split_once(':')?;
            Some((user.parse().ok()?, comment.parse().ok()?))
        };
        Ok(Self {
            id: row.get("id")?,
            requester_id: row.get("requester_id")?,
            organization_id: row.get("organization_id")?,
            assignee_id: row.get("assignee_id")?,
            subject: row.get("subject")?,
            description: row.get("description")?,
            status: row.get("status")?,
            custom_status_id: row.get("custom_status_id")?,
            priority: row.get("priority")?,
            kind: row.get("type")?,
            channel: row.get("channel")?,
            issue_type: row.get("issue_type")?,
            access: row.get("access")?,
            client_reference: row.get("client_reference")?,
            fields: serde_json::from_str(&row.get::<_, String>("field_values")?).unwrap_or_default(),
            followup_of: row.get("followup_of")?,
            cc_ids: cc_ids.iter().filter_map(|id| id.parse().ok()).collect(),
            read_marks: marks.iter().filter_map(mark).collect(),
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            shuffle: row.get("shuffle")?,
        })
    }
}

/// Stores how far a user has read a thread. A mark never goes back.
pub fn mark_read(db: &Connection, ticket: i64, user: i64, comment: i64) -> Result<()> {
    db.execute(
        "INSERT INTO read_marks (ticket_id, user_id, comment_id) VALUES (?1, ?2, ?3)
         ON CONFLICT (ticket_id, user_id) DO UPDATE SET comment_id = max(comment_id, excluded.comment_id)",
        params![ticket, user, comment],
    )
    .map(drop)
}

/// Finds a ticket if this user may see it; with `None`, any ticket.
pub fn find(db: &Connection, id: i64, viewer: Option<&User>) -> Result<Option<Ticket>> {
    let (condition, mut values) = Filter { viewer, ..Filter::default() }.to_sql();
    values.push(id.into());
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM tickets t WHERE {condition} AND t.id = ?"))?
        .query_row(params_from_iter(values), Ticket::from_row)
        .optional()
}

/// Whether this user, who is no agent, sees a ticket unless it was hidden from the user.
pub fn is_entitled(db: &Connection, id: i64, user: i64) -> Result<bool> {
    db.prepare_cached(&format!("SELECT 1 FROM tickets t WHERE ({}) AND t.id = ?", filter::SEEN))?
        .exists([user, user, user, user, id])
}

/// How many tickets match.
pub fn count(db: &Connection, filter: &Filter<'_>) -> Result<i64> {
    let (condition, values) = filter.to_sql();
    db.prepare_cached(&format!("SELECT count(*) FROM tickets t WHERE {condition}"))?
        .query_row(params_from_iter(values), |row| row.get(0))
}

/// A page of a list, sorted.
pub fn page(
    db: &Connection,
    filter: &Filter<'_>,
    (by, descending): (SortBy, bool),
    offset: i64,
    limit: i64,
) -> Result<Vec<Ticket>> {
    let key = match by {
        SortBy::Updated => "t.updated_at",
        SortBy::Created => "t.created_at",
        SortBy::Status => "instr('new,open,pending,hold,solved,closed', t.status)",
        SortBy::Id => "t.id",
    };
    let direction = if descending { "DESC" } else { "ASC" };
    let (condition, mut values) = filter.to_sql();
    values.extend([limit.into(), offset.into()]);
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM tickets t WHERE {condition} ORDER BY {key} {direction}, t.id {direction} LIMIT ? OFFSET ?"
    ))?
    .query_map(params_from_iter(values), Ticket::from_row)?
    .collect()
}

/// A page of a list in the order of cursor pages, after the given position.
pub fn shuffled_page(db: &Connection, filter: &Filter<'_>, after: Option<i64>, limit: i64) -> Result<Vec<Ticket>> {
    let (condition, mut values) = filter.to_sql();
    values.extend([after.unwrap_or(-1).into(), limit.into()]);
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM tickets t WHERE {condition} AND t.shuffle > ? ORDER BY t.shuffle LIMIT ?"
    ))?
    .query_map(params_from_iter(values), Ticket::from_row)?
    .collect()
}

/// Changes the order of cursor pages.
pub fn reshuffle(db: &Connection, salt: u32) -> Result<()> {
    db.execute("UPDATE tickets SET shuffle = shuffled(id, ?1)", [salt]).map(drop)
}

/// Writes a ticket and returns its number.
pub fn insert(db: &Connection, new: &NewTicket<'_>) -> Result<i64> {
    db.prepare_cached(
        "INSERT INTO tickets (id, requester_id, organization_id, assignee_id, subject, status, priority, type, channel, issue_type,
                              access, client_reference, followup_of, created_at, updated_at, shuffle)
         SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, shuffled(id, ?16)
         FROM (SELECT coalesce(?1, (SELECT max(id) + 1 FROM tickets), ?17) AS id)
         RETURNING id",
    )?
    .query_row(
        params![
            new.id,
            new.requester,
            new.organization,
            new.assignee,
            new.subject,
            new.status,
            new.priority,
            new.kind,
            new.channel,
            new.issue_type,
            new.access,
            new.client_reference,
            new.followup_of,
            new.created_at,
            new.updated_at,
            new.salt,
            FIRST_NUMBER
        ],
        |row| row.get(0),
    )
}

/// Sets the status and moves `updated_at`. The ticket gets the default custom status of this status, but a solved ticket
/// that is closed keeps its own, because both belong to one category.
pub fn set_status(db: &Connection, id: i64, status: &str, at: i64) -> Result<()> {
    db.execute(
        "UPDATE tickets SET status = ?2, updated_at = max(updated_at, ?3),
                            custom_status_id = CASE WHEN ?2 = 'closed' AND status = 'solved' THEN custom_status_id END
         WHERE id = ?1",
        params![id, status, at],
    )
    .map(drop)
}

/// Sets a custom status with the status of its category, and moves `updated_at`.
pub fn set_custom_status(db: &Connection, id: i64, (custom, category): (i64, &str), at: i64) -> Result<()> {
    db.execute(
        "UPDATE tickets SET status = ?3, custom_status_id = ?2, updated_at = max(updated_at, ?4) WHERE id = ?1",
        params![id, custom, category, at],
    )
    .map(drop)
}

/// Sets the value of a custom field, which can hold it.
pub fn set_field(db: &Connection, id: i64, field: i64, value: &Value) -> Result<()> {
    match field {
        ISSUE_TYPE => db.execute("UPDATE tickets SET issue_type = ?2 WHERE id = ?1", params![id, value.as_str()]),
        ACCESS => db.execute("UPDATE tickets SET access = ?2 WHERE id = ?1", params![id, value.as_bool()]),
        CLIENT_REFERENCE => {
            db.execute("UPDATE tickets SET client_reference = ?2 WHERE id = ?1", params![id, value.as_str()])
        }
        other => db.execute(
            "INSERT OR REPLACE INTO field_values (ticket_id, field_id, value) VALUES (?1, ?2, ?3)",
            params![id, other, value.to_string()],
        ),
    }
    .map(drop)
}

/// Assigns the ticket to an agent unless it is assigned.
pub fn assign_if_free(db: &Connection, id: i64, agent: i64) -> Result<()> {
    db.execute("UPDATE tickets SET assignee_id = coalesce(assignee_id, ?2) WHERE id = ?1", [id, agent]).map(drop)
}

/// Moves `updated_at` and nothing else, as an automation does.
pub fn touch(db: &Connection, id: i64, at: i64) -> Result<()> {
    db.prepare_cached("UPDATE tickets SET updated_at = max(updated_at, ?2) WHERE id = ?1")?.execute([id, at]).map(drop)
}

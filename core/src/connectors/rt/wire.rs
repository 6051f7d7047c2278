//! The service's JSON, as far as the connector reads it.
//!
//! An id can be a number, a text, or an object that holds it. A user's "id" is the login name unless the number is
//! requested. An empty list is often an empty text. Only ids must be right: everything else may be null, missing or odd.

use crate::connectors::json::{Json, Row, Rows};
use crate::model::{Failure, PersonId, RemotePerson, Timestamp};

/// An id, in any of the service's notations.
pub(super) fn id(value: Json<'_>) -> Option<i64> {
    let [inner] = value.fields(["id"]);
    value.integer().or_else(|| inner.integer())
}

/// The id of a row, which must be above zero.
pub(super) fn row_id(row: Json<'_>) -> Option<i64> {
    let [id] = row.fields(["id"]);
    id.id()
}

/// The rows of a page.
pub(super) fn items<'a, T>(page: Json<'a>, read: impl FnMut(Json<'a>) -> Row<T>) -> Result<Rows<T>, Failure> {
    let [items] = page.fields(["items"]);
    items.rows(read).ok_or_else(Failure::misbehaves)
}

/// The fields to request for a ticket, and for the people in it; with its owner, and with the names of those who created it,
/// if the product shows them before a thread was read. Of several lists of fields the service reads the last one only.
pub(super) fn ticket_fields<'a>(with_names: bool) -> impl Iterator<Item = (&'a str, &'a str)> {
    let (fields, requestor) = if with_names {
        ("Subject,Status,Created,LastUpdated,Requestor,Creator,Cc,CustomFields,Owner", PERSON_FIELDS)
    } else {
        ("Subject,Status,Created,LastUpdated,Requestor,Creator,Cc,CustomFields", "id")
    };
    let people = [("fields[Requestor]", requestor), ("fields[Creator]", "id"), ("fields[Cc]", PERSON_FIELDS)];
    let owner = with_names.then_some(("fields[Owner]", PERSON_FIELDS));
    [("fields", fields)].into_iter().chain(people).chain(owner)
}

/// The fields to request for a person.
pub(super) const PERSON_FIELDS: &str = "id,Name,RealName,EmailAddress,Organization";

/// The page of one ticket.
pub(super) struct Detail {
    pub id: Option<i64>,
    pub status: String,
    pub links: Vec<Link>,
}

/// An action that the user may take on a ticket.
pub(super) struct Link {
    pub what: String,
    /// The new status, if the action is a change of status.
    pub to: Option<String>,
}

impl Detail {
    pub(super) fn of(page: Json<'_>) -> Self {
        let [ticket, status, hyperlinks] = page.fields(["id", "Status", "_hyperlinks"]);
        let mut links = Vec::new();
        hyperlinks.each(|link| {
            let [what, to] = link.fields(["ref", "to"]);
            links.extend(what.string().map(|what| Link { what, to: to.string() }));
        });
        Self { id: id(ticket), status: status.string().unwrap_or_default(), links }
    }
}

/// A message of a ticket's history.
pub(super) struct Message {
    pub id: i64,
    /// The author; `None` if the server names nobody.
    pub author: Option<RemotePerson>,
    pub created: Option<Timestamp>,
}

impl Message {
    pub(super) fn is_by(&self, person: Option<PersonId>) -> bool {
        person.is_some() && self.author.as_ref().map(|author| author.id) == person
    }
}

/// Whether a row of this type is a message that everybody who sees the ticket can see.
pub(super) fn is_message(kind: &str) -> bool {
    matches!(kind, "Create" | "Correspond")
}

/// A part of a message: its text, a file, or a container of other parts.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub id: i64,
    /// The message that it belongs to.
    pub message: i64,
    pub content_type: String,
    pub filename: String,
    /// The announced length, in bytes.
    pub length: u64,
    pub headers: String,
}

/// The fields to request for [`Part`].
pub(super) const PART_FIELDS: &str = "TransactionId,ContentType,Filename,ContentLength,Headers";

impl Part {
    pub(super) fn of(row: Json<'_>) -> Row<Self> {
        let [part, message, content_type, filename, length, headers] =
            row.fields(["id", "TransactionId", "ContentType", "Filename", "ContentLength", "Headers"]);
        let (Some(part), Some(message)) = (part.id(), id(message)) else { return Row::Unreadable(None) };
        Row::Read(Self {
            id: part,
            message,
            content_type: content_type.short().unwrap_or_default(),
            filename: filename.text().unwrap_or_default(),
            length: length.size(),
            headers: headers.string().unwrap_or_default(),
        })
    }
}

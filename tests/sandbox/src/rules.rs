//! The server's business rules: what may happen to a ticket, and what follows from it. The API, the page and the
//! helpers share them.

use rusqlite::Connection;
use serde_json::Value;
use thiserror::Error;

use crate::account::{Account, CustomStatus, FEEDBACK_GIVEN, Field};
use crate::store::account;
use crate::store::comments::{self, NewComment};
use crate::store::files::{self, Unusable};
use crate::store::people::{self, User};
use crate::store::satisfaction::{self, Rating};
use crate::store::tickets::{self, NewTicket, Ticket};

/// A message to be written.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Plain text.
    pub body: String,
    /// The author's HTML, if the message was written as HTML.
    pub html: Option<String>,
    /// Tokens of the uploads to attach.
    pub uploads: Vec<String>,
}

/// A ticket to be created.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The subject.
    pub subject: String,
    /// The description.
    pub message: Message,
    /// The people in CC.
    pub copied: Vec<Copied>,
    /// The values of custom fields, by the fields' ids.
    pub fields: Vec<(i64, Value)>,
    /// The ticket that this one follows up. It counts only if it is closed.
    pub followup_of: Option<i64>,
}

/// A person who is copied on a ticket.
#[derive(Debug, Clone)]
pub enum Copied {
    /// A known user.
    Id(i64),
    /// An address, with the name that a new user gets.
    Address {
        /// The e-mail address.
        email: String,
        /// The name; the part of the address before the @ if `None`.
        name: Option<String>,
    },
}

/// Why a rule forbids something.
#[derive(Debug, Error)]
pub enum Refusal {
    /// A required text is blank.
    #[error("{0}: cannot be blank")]
    Blank(&'static str),
    /// The ticket is closed, so nothing may change.
    #[error("Status: closed prevents ticket update")]
    Closed,
    /// This user may not solve this ticket now.
    #[error("Status: the ticket cannot be solved by this user")]
    NotSolvable,
    /// This is neither an e-mail address nor a user.
    #[error("Collaborator: is not a valid email address")]
    Address,
    /// The requester of a request without a token is missing or not valid. Texts as recorded from the service.
    #[error("Requester: {0}")]
    Requester(&'static str),
    /// This upload cannot be attached.
    #[error("Attachment: the upload token is invalid, expired or already used")]
    Upload(Unusable),
    /// The ticket cannot be rated, or not once more.
    #[error("{0}")]
    Satisfaction(&'static str),
    /// A record of a custom object is not valid.
    #[error("{0}")]
    Record(&'static str),
    /// A required custom field is empty.
    #[error("{}: cannot be blank", .0.title)]
    Required(FieldName),
    /// A custom field cannot hold this value.
    #[error("{}: {}", .0.title, .0.complaint())]
    Value(FieldName),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] rusqlite::Error),
}

/// A custom field in a refusal.
#[derive(Debug)]
pub struct FieldName {
    /// The field's id.
    pub id: i64,
    /// Its name, in the language of whoever sent the value.
    pub title: String,
    /// Its type.
    pub kind: String,
}

impl FieldName {
    /// What is wrong with a value that the field cannot hold.
    fn complaint(&self) -> &'static str {
        match self.kind.as_str() {
            "tagger" | "multiselect" => "is not a valid option",
            _ => "is not valid",
        }
    }
}

/// The values that end users may set when they create a request: those of fields that they see and fill in. All others are
/// ignored, as the service is said to do. A value that its field cannot hold, and a required field without one, is refused.
pub fn values_on_creation(
    account: &Account,
    values: &[(i64, Value)],
    locale: &str,
) -> Result<Vec<(i64, Value)>, Refusal> {
    let name = |field: &Field| FieldName {
        id: field.id,
        title: field.titles.in_locale(locale).to_owned(),
        kind: field.kind.clone(),
    };
    let mut kept = Vec::new();
    for field in account.ticket_fields.iter().filter(|field| field.is_for_end_users()) {
        let value = values.iter().rev().find(|(id, _)| *id == field.id).map(|(_, value)| value);
        match value.filter(|value| !value.is_null()) {
            Some(value) if !field.can_hold(value) => return Err(Refusal::Value(name(field))),
            value if field.required && !value.is_some_and(Field::is_filled) => {
                return Err(Refusal::Required(name(field)));
            }
            Some(value) => kept.push((field.id, value.clone())),
            None => {}
        }
    }
    Ok(kept)
}

/// Whether this user may mark the ticket as solved: it is the user's own ticket, and an agent works on it.
pub fn can_be_solved_by(ticket: &Ticket, user: &User) -> bool {
    ticket.requester_id == user.id
        && ticket.assignee_id.is_some()
        && matches!(ticket.status.as_str(), "open" | "pending" | "hold")
}

/// The newest comment that counts as read for this user. If the ticket is accessible to all users of the account, what
/// any of them has read counts.
pub fn read_through(ticket: &Ticket, user: &User) -> Option<i64> {
    let counts = |reader: i64| ticket.access == Some(true) || reader == user.id;
    ticket.read_marks.iter().filter(|(reader, _)| counts(*reader)).map(|(_, comment)| *comment).max()
}

/// Creates a ticket, sends mails to its CC addresses, and returns its number.
pub fn open_ticket(db: &Connection, requester: &User, draft: &Draft, salt: u32, at: i64) -> Result<i64, Refusal> {
    if draft.subject.trim().is_empty() {
        return Err(Refusal::Blank("Subject"));
    }
    // The service documents that the property has no effect with a ticket that is not closed. That it has none with one that
    // the requester does not see is assumed.
    let source = draft.followup_of.map(|source| tickets::find(db, source, Some(requester))).transpose()?.flatten();
    let followup_of = source.filter(Ticket::is_closed).map(|source| source.id);
    let ticket = tickets::insert(
        db,
        &NewTicket {
            id: None,
            requester: requester.id,
            organization: requester.organization_id,
            assignee: None,
            subject: draft.subject.trim(),
            status: "new",
            priority: None,
            kind: None,
            channel: "api",
            issue_type: None,
            access: None,
            client_reference: None,
            followup_of,
            created_at: at,
            updated_at: at,
            salt,
        },
    )?;
    for (field, value) in &draft.fields {
        tickets::set_field(db, ticket, *field, value)?;
    }
    write_comment(db, requester, ticket, &draft.message, at).map_err(|refusal| match refusal {
        Refusal::Blank(_) => Refusal::Blank("Description"),
        other => other,
    })?;
    add_ccs(db, ticket, &draft.copied, at)?;
    Ok(ticket)
}

/// Adds a user's comment. A ticket that was pending, on hold or solved is open again.
pub fn reply(db: &Connection, author: &User, ticket: &Ticket, message: &Message, at: i64) -> Result<i64, Refusal> {
    refuse_if_closed(ticket)?;
    let comment = write_comment(db, author, ticket.id, message, at)?;
    if !author.is_agent() && matches!(ticket.status.as_str(), "pending" | "hold" | "solved") {
        tickets::set_status(db, ticket.id, "open", at)?;
    }
    tickets::touch(db, ticket.id, at)?;
    Ok(comment)
}

/// Marks the ticket as solved for its requester.
pub fn solve(db: &Connection, user: &User, ticket: &Ticket, at: i64) -> Result<(), Refusal> {
    refuse_if_closed(ticket)?;
    if !can_be_solved_by(ticket, user) {
        return Err(Refusal::NotSolvable);
    }
    Ok(tickets::set_status(db, ticket.id, "solved", at)?)
}

/// Stores the rating of a ticket that has none, and does what the company's trigger does: it ticks the field that says so, where
/// the account has it.
pub fn rate(db: &Connection, ticket: &Ticket, rating: &Rating, at: i64) -> Result<(), Refusal> {
    satisfaction::put(db, ticket.id, rating)?;
    if account::read(db)?.ticket_fields.iter().any(|field| field.id == FEEDBACK_GIVEN) {
        tickets::set_field(db, ticket.id, FEEDBACK_GIVEN, &Value::Bool(true))?;
    }
    Ok(tickets::touch(db, ticket.id, at)?)
}

/// Adds people in CC to a ticket that is not closed.
pub fn add_collaborators(db: &Connection, ticket: &Ticket, copied: &[Copied], at: i64) -> Result<(), Refusal> {
    refuse_if_closed(ticket)?;
    add_ccs(db, ticket.id, copied, at)?;
    Ok(tickets::touch(db, ticket.id, at)?)
}

/// Adds an agent's public comment or private note, and sets the status if one is given.
pub fn agent_writes(
    db: &Connection,
    agent: i64,
    ticket: &Ticket,
    (body, public): (&str, bool),
    status: Option<&str>,
    at: i64,
) -> Result<i64, Refusal> {
    refuse_if_closed(ticket)?;
    if body.trim().is_empty() {
        return Err(Refusal::Blank("Comment"));
    }
    let comment = comments::insert(
        db,
        NewComment { ticket: ticket.id, author: agent, body, html: None, public, channel: "web", at },
    )?;
    if public {
        tickets::assign_if_free(db, ticket.id, agent)?;
    }
    if let Some(status) = status {
        tickets::set_status(db, ticket.id, status, at)?;
    }
    tickets::touch(db, ticket.id, at)?;
    Ok(comment)
}

/// Sets the status for an agent.
pub fn set_status(db: &Connection, ticket: &Ticket, status: &str, at: i64) -> Result<(), Refusal> {
    refuse_if_closed(ticket)?;
    Ok(tickets::set_status(db, ticket.id, status, at)?)
}

/// Sets a custom status for an agent, and with it the status of its category.
pub fn set_custom_status(db: &Connection, ticket: &Ticket, status: &CustomStatus, at: i64) -> Result<(), Refusal> {
    refuse_if_closed(ticket)?;
    Ok(tickets::set_custom_status(db, ticket.id, (status.id, &status.category), at)?)
}

/// The agent who answers a ticket: its assignee, or else `otherwise`.
pub fn answering_agent(ticket: &Ticket, otherwise: i64) -> i64 {
    ticket.assignee_id.unwrap_or(otherwise)
}

fn refuse_if_closed(ticket: &Ticket) -> Result<(), Refusal> {
    if ticket.is_closed() { Err(Refusal::Closed) } else { Ok(()) }
}

fn write_comment(db: &Connection, author: &User, ticket: i64, message: &Message, at: i64) -> Result<i64, Refusal> {
    if message.body.trim().is_empty() {
        return Err(Refusal::Blank("Comment"));
    }
    for token in &message.uploads {
        files::usable(db, token, author.id, at)?.map_err(Refusal::Upload)?;
    }
    let comment = comments::insert(
        db,
        NewComment {
            ticket,
            author: author.id,
            body: &message.body,
            html: message.html.as_deref(),
            public: true,
            channel: "api",
            at,
        },
    )?;
    for token in &message.uploads {
        files::attach(db, token, comment)?;
    }
    Ok(comment)
}

fn add_ccs(db: &Connection, ticket: i64, copied: &[Copied], at: i64) -> Result<(), Refusal> {
    for person in copied {
        let user = match person {
            Copied::Id(id) => people::by_id(db, *id)?.ok_or(Refusal::Address)?,
            Copied::Address { email, name } if looks_like_address(email) => {
                people::by_address_or_new(db, email, name.as_deref())?
            }
            Copied::Address { .. } => return Err(Refusal::Address),
        };
        if people::add_cc(db, ticket, user.id)? {
            people::record_mail(db, ticket, &user.email, at)?;
        }
    }
    Ok(())
}

/// Checks an address as leniently as the service: something before and after one @, and no white space.
pub fn looks_like_address(text: &str) -> bool {
    let text = text.trim();
    let parts = text.split_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
        && !text.contains(char::is_whitespace)
}

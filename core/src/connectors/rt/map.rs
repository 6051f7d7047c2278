//! From the service's words to the model's.

use serde_json::Value;

use super::settings::Settings;
use super::wire::{self, Part};
use crate::model::{Attachment, FileState, PersonId, RemotePerson, RemoteTicket, TicketNumber, Timestamp};
use crate::net::answer::moment;

/// The service's own user, who does what its rules say.
const SYSTEM: i64 = 1;

/// The ticket, unless its times are none. It is of whoever created it, unless that was done for somebody else.
pub(super) fn ticket(ticket: wire::Ticket, settings: &Settings) -> Option<RemoteTicket> {
    let fields = &settings.fields;
    let field = |name: &str| ticket.custom_fields.iter().find(|field| field.name == name);
    let text = |name: &str| {
        let values = field(name).map(|field| &field.values)?;
        values.first().and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    // Whatever is not the value that shares shares nothing.
    let access = fields.access.as_ref().and_then(|access| {
        let field = field(&access.name)?;
        Some(field.values.iter().any(|value| value.as_str() == Some(&access.shared)))
    });
    let creator = ticket.creator.id;
    let requester = match ticket.requestor.first() {
        Some(first) if ticket.requestor.iter().all(|person| person.id != creator) => first.id,
        _ => creator,
    };
    Some(RemoteTicket {
        number: TicketNumber(ticket.id.0),
        issue_type: fields.issue_type.as_deref().and_then(text),
        access,
        client_reference: text(&fields.client_reference),
        read_through: None,
        status: settings.status(&ticket.status),
        created_at: moment(&ticket.created)?,
        updated_at: moment(&ticket.last_updated)?,
        requester: PersonId(requester.0),
        subject: ticket.subject,
        description: None,
    })
}

/// An author. Who has no name is known by address, and then by login.
pub(super) fn person(person: wire::Person, settings: &Settings) -> RemotePerson {
    let agent = person.id.0 == SYSTEM || settings.staff.contains(&person.organization);
    let name = [person.real_name, person.email_address, person.name].into_iter().find(|name| !name.trim().is_empty());
    RemotePerson { id: PersonId(person.id.0), name: name.unwrap_or_default(), agent }
}

/// What a part of a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its text.
    Plain,
    /// Its text, as a page.
    Html,
    File,
    /// Holds others together.
    Container,
}

/// Longer texts are files.
const LONGEST_TEXT: u64 = 512 * 1024;

pub(super) fn role(part: &Part) -> Role {
    let kind = part.content_type.to_ascii_lowercase();
    if !part.filename.is_empty() || size(part) > LONGEST_TEXT {
        return Role::File;
    }
    match &*kind {
        "" | "text/plain" => Role::Plain,
        "text/html" => Role::Html,
        _ if kind.starts_with("multipart/") || kind.starts_with("message/") => Role::Container,
        _ => Role::File,
    }
}

pub(super) fn size(part: &Part) -> u64 {
    match &part.content_length {
        Value::String(text) => text.parse().unwrap_or_default(),
        number => number.as_u64().unwrap_or_default(),
    }
}

/// A file. The service keeps texts in UTF-8, whatever they came in, and gives them back as they came, at another length than
/// it says: of such a text the UTF-8 is taken ([`files`](crate::connectors::rt::files)).
pub(super) fn file(part: &Part) -> Attachment {
    let (id, transaction) = (part.id.0, part.transaction_id.0);
    let address = if is_recoded(part) {
        format!("{}/attachment/{id}", crate::connectors::rt::calls::BASE)
    } else {
        format!("/SelfService/Attachment/{transaction}/{id}/file")
    };
    let name = if part.filename.is_empty() {
        format!("attachment-{id}")
    } else {
        crate::connectors::rt::files::name(&part.filename)
    };
    Attachment {
        content_type: crate::connectors::rt::files::media_type(&name, &part.content_type),
        name,
        size: size(part),
        id: Some(id),
        address: Some(address),
        bytes: FileState::OnServer,
    }
}

fn is_recoded(part: &Part) -> bool {
    let before = part.headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("X-RT-Original-Encoding").then(|| value.trim().to_ascii_lowercase())
    });
    before.is_some_and(|encoding| !matches!(&*encoding, "utf-8" | "utf8" | "us-ascii" | "ascii" | ""))
}

/// A time of the service's; its word for none is the beginning of time.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    moment(text).filter(|time| time.0 > 0)
}

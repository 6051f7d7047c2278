//! Maps the service's JSON to types of the model.

use serde_json::Value;

use super::settings::Settings;
use super::wire::{self, Part};
use crate::model::{Attachment, FileState, PersonId, RemotePerson, RemoteTicket, TicketNumber, Timestamp};
use crate::net::answer::moment;

/// The id of the service's own user, who acts for its rules.
const SYSTEM: i64 = 1;

/// The ticket; `None` if one of its times cannot be parsed. Its requester is its creator, unless the creator made it
/// for somebody else.
pub(super) fn ticket(ticket: wire::Ticket, settings: &Settings) -> Option<RemoteTicket> {
    let fields = &settings.fields;
    let field = |name: &str| ticket.custom_fields.iter().find(|field| field.name == name);
    let text = |name: &str| {
        let values = field(name).map(|field| &field.values)?;
        values.first().and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    // Any value other than the one that shares means that the ticket is not shared.
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
        requester: Some(PersonId(requester.0)),
        can_solve: None,
        cc: Vec::new(),
        subject: ticket.subject,
        description: None,
    })
}

/// An author. A person without a name is shown by their e-mail address, and without that by their login name.
pub(super) fn person(person: wire::Person, settings: &Settings) -> RemotePerson {
    let agent = person.id.0 == SYSTEM || settings.staff.contains(&person.organization);
    let name = [person.real_name, person.email_address, person.name].into_iter().find(|name| !name.trim().is_empty());
    RemotePerson { id: PersonId(person.id.0), name: name.unwrap_or_default(), agent }
}

/// The role of a part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The message's text.
    Plain,
    /// The message's text, as HTML.
    Html,
    File,
    /// A part that only contains other parts.
    Container,
}

/// The longest text, in bytes. A longer one is treated as a file.
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

/// A part as an attachment. The service stores texts in UTF-8, whatever encoding they arrived in. It returns them in
/// the original encoding, with a length other than the one it announces. For such a text the UTF-8 version is
/// downloaded ([`files`](crate::connectors::rt::files)).
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
        crate::connectors::rt::files::decoded_name(&part.filename)
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

/// Parses a time. The service writes the beginning of 1970 for a missing time, which gives `None`.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    moment(text).filter(|time| time.0 > 0)
}

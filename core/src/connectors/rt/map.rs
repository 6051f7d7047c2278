//! Maps the service's JSON to types of the model.

use super::calls::BASE;
use super::files::{decoded_name, media_type};
use super::settings::Settings;
use super::wire::{self, Part};
use crate::connectors::json::{Json, Row, nonsense_time, usable_times};
use crate::model::{
    ASSIGNEE, Attachment, FieldValue, PersonId, RemotePerson, RemoteTicket, TicketNumber, Timestamp, clean_name,
};

/// The id of the service's own user, who acts for its rules.
const SYSTEM: i64 = 1;

/// The login name of the service's own user who stands for nobody.
const NOBODY: &str = "Nobody";

/// The most requestors that are named of a ticket.
const MAX_REQUESTORS: usize = 10;
/// The most CCs that are read of a ticket.
const MAX_CCS: usize = 100;
/// The most custom fields that are read of a ticket.
const MAX_FIELDS: usize = 1_000;
/// The largest value of a custom field that is read, in bytes.
const LARGEST_VALUE: usize = 256 * 1024;

/// The ticket. Its requester is its creator, unless the creator made it for somebody else. The names of its CCs are
/// added to `people`, and those of its requestors and its owner where the product shows them. `now` is the time of the
/// answer by the server's clock.
pub(super) fn ticket(
    row: Json<'_>,
    settings: &Settings,
    now: Option<Timestamp>,
    people: &mut Vec<RemotePerson>,
) -> Row<RemoteTicket> {
    let [id, subject, status, created, updated, requestors, creator, copied, custom] =
        row.fields(["id", "Subject", "Status", "Created", "LastUpdated", "Requestor", "Creator", "Cc", "CustomFields"]);
    let Some(number) = id.id() else { return Row::Unreadable(None) };
    let (fields, custom) = (&settings.fields, custom_fields(custom));
    let text = |name: &str| {
        let (mut first, mut is_first) = (None, true);
        custom_values(&custom, name, |value| {
            if std::mem::take(&mut is_first) {
                first = value.short();
            }
        });
        first
    };
    // Any value other than the one that shares means that the ticket is not shared.
    let access = fields.access.as_ref().and_then(|access| {
        let mut shared = false;
        let exists = custom_values(&custom, &access.name, |value| {
            shared |= value.string().as_deref() == Some(&access.shared);
        });
        exists.then_some(shared)
    });
    let creator = wire::id(creator);
    let (mut first, mut is_of_creator, mut named) = (None, false, 0);
    requestors.each(|requestor| {
        let id = wire::id(requestor);
        first = first.or(id);
        is_of_creator |= id.is_some() && id == creator;
        // Without a name it is only an id, which names nobody.
        let known = person(requestor, settings).filter(|known| settings.names && !known.name.is_empty());
        if let Some(known) = known.filter(|_| named < MAX_REQUESTORS) {
            named += 1;
            people.push(known);
        }
    });
    let mut cc = Vec::new();
    copied.each(|copy| {
        if let Some(copy) = person(copy, settings).filter(|copy| !cc.contains(&copy.id) && cc.len() < MAX_CCS) {
            cc.push(copy.id);
            people.push(copy);
        }
    });
    let [owner] = row.fields(["Owner"]);
    let owner = owner_of(owner, settings).filter(|_| settings.names);
    let assignee = owner.as_ref().map(|owner| (ASSIGNEE.to_owned(), FieldValue::Person(owner.id)));
    people.extend(owner);
    let times = [created.time(), updated.time()];
    let [created_at, updated_at] = usable_times(times, now);
    let status = status.short();
    Row::Read(RemoteTicket {
        number: TicketNumber(number),
        subject: subject.line(),
        description: None,
        status: settings.status(status.as_deref().unwrap_or_default()),
        custom_status: status,
        created_at,
        updated_at,
        nonsense_time: nonsense_time(times, now),
        requester: first.filter(|_| !is_of_creator).or(creator).map(PersonId),
        issue_type: fields.issue_type.as_deref().and_then(text),
        access,
        client_reference: text(&fields.client_reference),
        read_through: None,
        // The service says so on the ticket's page only, and a company may allow it without naming it there.
        can_solve: None,
        cc,
        // Agents link tickets for any reason, and a list does not name the links.
        follows: None,
        fields: settings
            .read(|name| {
                let mut values = Vec::new();
                custom_values(&custom, name, |value| {
                    values.extend(value.string_within(LARGEST_VALUE).map(|(text, _)| text));
                });
                values
            })
            .into_iter()
            .chain(assignee)
            .collect(),
    })
}

/// The agent who works on a ticket; `None` while nobody does.
fn owner_of(owner: Json<'_>, settings: &Settings) -> Option<RemotePerson> {
    let [name] = owner.fields(["Name"]);
    person(owner, settings).filter(|_| name.string().as_deref() != Some(NOBODY))
}

/// The custom fields of a ticket: the name and the values of each.
fn custom_fields(list: Json<'_>) -> Vec<(String, Json<'_>)> {
    let mut fields = Vec::new();
    list.each(|field| {
        let [name, values] = field.fields(["name", "values"]);
        fields.extend(name.string().filter(|_| fields.len() < MAX_FIELDS).map(|name| (name, values)));
    });
    fields
}

/// Calls `take` with each value of the custom field with that name. False if the ticket has no such field.
fn custom_values<'a>(custom: &[(String, Json<'a>)], name: &str, mut take: impl FnMut(Json<'a>)) -> bool {
    let mut exists = false;
    for (_, values) in custom.iter().filter(|(known, _)| known == name) {
        exists = true;
        values.each(&mut take);
    }
    exists
}

/// A person; `None` without an id. A person without a name is shown by their e-mail address, and without that by their
/// login name.
pub(super) fn person(person: Json<'_>, settings: &Settings) -> Option<RemotePerson> {
    let [name, real_name, address, organization] = person.fields(["Name", "RealName", "EmailAddress", "Organization"]);
    let id = wire::id(person)?;
    let name = [real_name, address, name].into_iter().map(Json::line).find(|name| !name.is_empty());
    let is_staff = organization.string().is_some_and(|organization| settings.staff.contains(&organization));
    Some(RemotePerson {
        id: PersonId(id),
        name: name.unwrap_or_default(),
        agent: id == SYSTEM || is_staff,
        photo: None,
    })
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
    if !part.filename.is_empty() || part.length > LONGEST_TEXT {
        return Role::File;
    }
    match &*kind {
        "" | "text/plain" => Role::Plain,
        "text/html" => Role::Html,
        _ if kind.starts_with("multipart/") || kind.starts_with("message/") => Role::Container,
        _ => Role::File,
    }
}

/// A part as an attachment. The service stores texts in UTF-8, whatever encoding they arrived in. It returns them in
/// the original encoding, with a length other than the one it announces. For such a text the UTF-8 version is
/// downloaded ([`files`](crate::connectors::rt::files)).
pub(super) fn file(part: &Part) -> Attachment {
    let (id, message) = (part.id, part.message);
    let address = if is_recoded(part) {
        format!("{BASE}/attachment/{id}")
    } else {
        format!("/SelfService/Attachment/{message}/{id}/file")
    };
    let name =
        if part.filename.is_empty() { format!("attachment-{id}") } else { clean_name(&decoded_name(&part.filename)) };
    Attachment {
        content_type: media_type(&name, &part.content_type),
        name,
        size: part.length,
        id: Some(id),
        address: Some(address),
        ..Attachment::default()
    }
}

fn is_recoded(part: &Part) -> bool {
    let before = part.headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("X-RT-Original-Encoding").then(|| value.trim().to_ascii_lowercase())
    });
    before.is_some_and(|encoding| !matches!(&*encoding, "utf-8" | "utf8" | "us-ascii" | "ascii" | ""))
}

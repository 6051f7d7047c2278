//! Maps the service's JSON to types of the model.
//!
//! Ids must be right. Every other field may be null, missing or odd, and fields that are not read here may hold anything,
//! because the service adds fields and values at any time.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use super::attachments::{self, Files};
use super::fields::Fields;
use super::values::{custom_fields, values};
use crate::connectors::json::{Json, Row, nonsense_time, usable_times};
use crate::connectors::text::{LARGEST_HTML, MessageText};
use crate::model::{
    ASSIGNEE, CommentId, Failure, FieldValue, LARGEST_BODY, PersonId, ReasonKind, RemoteComment, RemotePerson,
    RemoteTicket, RemoteUser, ServerStatus, TicketNumber, Timestamp, VIA,
};
use crate::net::Origin;

/// The roles of people who work for the help desk. Every other one, also an unknown one, is an end user's.
const STAFF: [&str; 2] = ["agent", "admin"];

/// The user; `None` if it is the anonymous one, for whom the service answers 200 instead of 401. The anonymous user's id
/// is null. Staff is refused.
pub(super) fn user(answer: Json<'_>) -> Result<Option<RemoteUser>, Failure> {
    let [user] = answer.fields(["user"]);
    let [id, name, email, organization, role] = user.fields(["id", "name", "email", "organization_id", "role"]);
    if id.is_null() && !id.is_missing() {
        return Ok(None);
    }
    let id = PersonId(id.id().ok_or_else(Failure::misbehaves)?);
    // To staff the service answers other things than an end user may see.
    if role.short().is_some_and(|role| STAFF.contains(&role.as_str())) {
        return Err(Failure::needs(ReasonKind::AgentToken));
    }
    Ok(Some(RemoteUser { id, name: name.line(), email: email.short(), organization: organization.id() }))
}

/// What the mapping needs beside the JSON.
#[derive(Clone, Copy)]
pub(super) struct Mapping<'a> {
    pub fields: &'a Fields,
    /// The time of the answer by the server's clock.
    pub now: Option<Timestamp>,
    /// The server. `None` for one to which no token may be sent.
    pub origin: Option<&'a Origin>,
}

impl Mapping<'_> {
    /// A ticket, as it is in a list or by itself.
    pub(super) fn ticket(self, row: Json<'_>) -> Row<RemoteTicket> {
        let [id, subject, description, status, requester, created, updated, of_company @ .., collaborators, email_ccs] =
            row.fields([
                "id",
                "subject",
                "description",
                "status",
                "requester_id",
                "created_at",
                "updated_at",
                "custom_status_id",
                "custom_fields",
                "can_be_solved_by_me",
                // An extension that the service itself does not have, for servers that share read marks.
                "read_through",
                "collaborator_ids",
                "email_cc_ids",
            ]);
        let [custom_status, custom, can_solve, read_through] = of_company;
        let [via, assignee, source] = row.fields(["via", "assignee_id", "followup_source_id"]);
        let Some(number) = id.id() else { return Row::Unreadable(None) };
        let status = status_of(status);
        let custom = custom_fields(custom);
        let of_company = values(custom_status, &custom);
        // A solved ticket cannot be solved once more. That says nothing of the time after a reply has reopened it.
        let is_solved = matches!(status, ServerStatus::Solved | ServerStatus::Closed);
        let can_solve = can_solve.boolean().filter(|can| *can || !is_solved);
        let times = [created.time(), updated.time()];
        let [created_at, updated_at] = usable_times(times, self.now);
        let value = |id: Option<i64>| custom.iter().find(|(field, _)| Some(*field) == id).map(|(_, value)| *value);
        let text = |id| value(id).and_then(Json::short);
        let mut cc = Vec::new();
        for list in [collaborators, email_ccs] {
            list.each(|id| cc.extend(id.integer().map(PersonId).filter(|id| !cc.contains(id) && cc.len() < MAX_CCS)));
        }
        Row::Read(RemoteTicket {
            number: TicketNumber(number),
            subject: subject.line(),
            description: description.string_within(LARGEST_BODY).map(|(text, _)| text),
            status,
            custom_status: of_company.custom_status.map(|id| id.to_string()),
            created_at,
            updated_at,
            nonsense_time: nonsense_time(times, self.now),
            requester: requester.integer().map(PersonId),
            issue_type: text(self.fields.issue_type),
            access: value(self.fields.access).and_then(Json::boolean),
            client_reference: text(self.fields.client_reference),
            read_through: read_through.id().map(CommentId),
            can_solve,
            cc,
            follows: source.id().or_else(|| followed(via)).filter(|source| *source != number).map(TicketNumber),
            fields: self.fields.read(&of_company.fields).into_iter().chain(self.beside(via, assignee)).collect(),
        })
    }

    /// What a ticket says beside its fields, as far as the product asks for it.
    fn beside(self, via: Json<'_>, assignee: Json<'_>) -> impl Iterator<Item = (String, FieldValue)> {
        let via = channel(via).filter(|_| self.fields.channels).map(|via| (VIA, FieldValue::Text(via)));
        let assignee = assignee.id().filter(|_| self.fields.assignee);
        let assignee = assignee.map(|agent| (ASSIGNEE, FieldValue::Person(PersonId(agent))));
        via.into_iter().chain(assignee).map(|(name, value)| (name.to_owned(), value))
    }

    /// A comment. A private note is hidden: end users must not see it, and the server sent it by mistake.
    pub(super) fn comment(self, row: Json<'_>) -> Row<RemoteComment> {
        let [id, author, plain, body, html, public, created, files] =
            row.fields(["id", "author_id", "plain_body", "body", "html_body", "public", "created_at", "attachments"]);
        let [via, kind] = row.fields(["via", "type"]);
        // A call stands in the thread as a comment of a type of its own.
        let spoken = || kind.short().filter(|kind| kind == "VoiceComment").map(|_| "voice".to_owned());
        let channel = channel(via).or_else(spoken).filter(|_| self.fields.channels);
        if matches!(public.text().as_deref(), Some("false" | "0")) {
            return Row::Hidden;
        }
        let Some(id) = id.id() else { return Row::Unreadable(None) };
        // The service may leave one of its texts empty although the others have text.
        let written = [plain, body].into_iter().filter_map(|text| text.string_within(LARGEST_BODY));
        let mut files = Files::of(files, self.origin);
        let text = MessageText::of(written, html.string_within(LARGEST_HTML), &mut |picture| files.picture(picture));
        let is_odd = |text: Json<'_>| !text.is_null() && text.string().is_none();
        if text.body.is_empty() && files.list.is_empty() && [plain, body, html].into_iter().any(is_odd) {
            return Row::Unreadable(Some(id));
        }
        let [created_at, _] = usable_times([created.time(), None], self.now);
        Row::Read(RemoteComment {
            id: CommentId(id),
            author: author.integer().map(PersonId),
            body: text.body,
            structure: text.structure,
            forms: text.forms,
            created_at,
            attachments: files.list,
            shortened: text.shortened,
            channel,
        })
    }
}

/// The channel that a ticket or a comment names.
fn channel(via: Json<'_>) -> Option<String> {
    let [channel] = via.fields(["channel"]);
    channel.short().filter(|channel| !channel.is_empty())
}

/// The ticket that a follow-up follows, where only its channel names that.
fn followed(via: Json<'_>) -> Option<i64> {
    let [source] = via.fields(["source"]);
    let [rel, from] = source.fields(["rel", "from"]);
    let [ticket] = from.fields(["ticket_id"]);
    ticket.id().filter(|_| rel.short().as_deref() == Some("follow_up"))
}

/// The most CCs that are read of a ticket. The service allows 48.
const MAX_CCS: usize = 100;
/// The people listed beside tickets or comments. Agents come with their photos, which the service shows to end users. Photos of
/// end users are not kept.
pub(super) fn people(list: Json<'_>, origin: Option<&Origin>) -> Vec<RemotePerson> {
    let people = list.rows(|row| {
        let [id, name, agent, photo] = row.fields(["id", "name", "agent", "photo"]);
        let agent = agent.boolean().unwrap_or_default();
        let photo = agent.then(|| attachments::photo(photo, origin)).flatten();
        id.integer().map_or(Row::Unreadable(None), |id| {
            Row::Read(RemotePerson { id: PersonId(id), name: name.line(), agent, photo })
        })
    });
    people.map(|people| people.read).unwrap_or_default()
}

pub(super) fn status_of(status: Json<'_>) -> ServerStatus {
    let name = status.string().unwrap_or_default();
    let name: serde::de::value::StrDeserializer<'_, Error> = name.as_str().into_deserializer();
    ServerStatus::deserialize(name).unwrap_or(ServerStatus::Unknown)
}

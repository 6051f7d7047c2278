//! Rows as the service's JSON, including nulls, undocumented fields and undocumented values.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::paging::escape;
use super::text;
use crate::account::{Account, FORM};
use crate::clock::timestamp;
use crate::rules;
use crate::store::Result;
use crate::store::comments::Comment;
use crate::store::files::{self, Attachment};
use crate::store::people::User;
use crate::store::tickets::Ticket;
use crate::users::{self, Role};

/// What an answer about tickets depends on.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The account's set-up.
    pub account: &'a Account,
    /// Whoever sees the answer.
    pub viewer: &'a User,
    /// `http://host:port` as the viewer addressed the server.
    pub origin: &'a str,
}

/// A ticket as the request that the viewer sees.
pub fn request(ticket: &Ticket, View { account, viewer, origin }: View<'_>) -> Value {
    let shown = account.shown_fields().map(|field| json!({ "id": field.id, "value": ticket.value_of(field) }));
    let custom_fields: Vec<Value> = shown.collect();
    let mut request = json!({
        "url": format!("{origin}/api/v2/requests/{}.json", ticket.id),
        "id": ticket.id,
        "status": ticket.status,
        "priority": ticket.priority,
        "type": ticket.kind,
        "subject": ticket.subject,
        "description": ticket.description,
        "organization_id": ticket.organization_id,
        "via": via(ticket),
        "custom_fields": custom_fields,
        "fields": custom_fields,
        "requester_id": ticket.requester_id,
        "collaborator_ids": ticket.cc_ids,
        // A copied agent is a follower, whom the service names only as a collaborator.
        "email_cc_ids": ticket.cc_ids.iter().filter(|id| !users::is_agent(**id)).collect::<Vec<_>>(),
        "is_public": true,
        "due_at": null,
        "can_be_solved_by_me": rules::can_be_solved_by(ticket, viewer),
        // An extension of this server: the newest comment that a user of the account has read.
        "read_through": rules::read_through(ticket, viewer),
        "created_at": timestamp(ticket.created_at),
        "updated_at": timestamp(ticket.updated_at),
        "recipient": null,
        "followup_source_id": ticket.followup_of,
        "assignee_id": ticket.assignee_id,
        "group_id": ticket.assignee_id.map(|_| 360_002_200_111_i64),
        "ticket_form_id": FORM,
        "solved": matches!(ticket.status.as_str(), "solved" | "closed"),
        "sentiment_forecast": { "score": null, "model": "v3-preview" },
    });
    if let Some(id) = account.custom_status(ticket) {
        request["custom_status_id"] = id.into();
    }
    request
}

/// How the ticket came in. A follow-up names the ticket that it follows.
fn via(ticket: &Ticket) -> Value {
    let (from, rel) = match ticket.followup_of {
        Some(source) => (json!({ "ticket_id": source }), json!("follow_up")),
        None => (json!({}), Value::Null),
    };
    json!({ "channel": ticket.channel, "source": { "from": from, "to": {}, "rel": rel } })
}

/// A public comment.
pub fn comment(db: &Connection, comment: &Comment, origin: &str) -> Result<Value> {
    let attachments: Vec<Value> =
        files::of_comment(db, comment.id)?.iter().map(|file| attachment(file, origin)).collect();
    Ok(json!({
        "url": format!("{origin}/api/v2/requests/{}/comments/{}.json", comment.ticket_id, comment.id),
        "id": comment.id,
        "type": "Comment",
        "request_id": comment.ticket_id,
        "author_id": comment.author_id,
        "body": comment.body,
        "html_body": comment.html.clone().unwrap_or_else(|| text::html(&comment.body)),
        "plain_body": comment.body,
        "public": comment.public,
        "attachments": attachments,
        "audit_id": comment.id + 5,
        "via": { "channel": comment.channel, "source": { "from": {}, "to": {}, "rel": null } },
        "metadata": { "system": {}, "custom": {} },
        "created_at": timestamp(comment.created_at),
    }))
}

/// A file.
pub fn attachment(file: &Attachment, origin: &str) -> Value {
    json!({
        "url": format!("{origin}/api/v2/attachments/{}.json", file.id),
        "id": file.id,
        "file_name": file.file_name,
        "content_url": format!("{origin}/attachments/token/{}/?name={}", file.secret, escape(&file.file_name)),
        "mapped_content_url": format!("{origin}/attachments/token/{}/?name={}", file.secret, escape(&file.file_name)),
        "content_type": file.content_type,
        "size": file.size,
        "width": null,
        "height": null,
        "inline": false,
        "deleted": false,
        "malware_access_override": false,
        "malware_scan_result": "malware_not_found",
        "thumbnails": thumbnails(file, origin),
    })
}

/// The small form of a picture. This server makes no pictures smaller, so it has the picture's own bytes.
fn thumbnails(file: &Attachment, origin: &str) -> Value {
    if !file.content_type.starts_with("image/") {
        return json!([]);
    }
    let name = match file.file_name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}_thumb.{ending}"),
        None => format!("{}_thumb", file.file_name),
    };
    let address = format!("{origin}/attachments/token/{}/?name={}", file.secret, escape(&name));
    json!([{
        "id": file.id + 1,
        "file_name": name,
        "content_url": address,
        "mapped_content_url": address,
        "content_type": file.content_type,
        "size": file.size,
        "width": 80,
        "height": 80,
        "inline": false,
        "deleted": false,
    }])
}

/// A user as listed beside comments and requests.
pub fn side_user(user: &User, origin: &str) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "photo": photo(user, origin),
        "agent": user.is_agent(),
        "organization_id": user.organization_id,
    })
}

/// The signed-in user.
pub fn current_user(user: &User, origin: &str) -> Value {
    json!({ "user": {
        "id": user.id,
        "url": format!("{origin}/api/v2/users/{}.json", user.id),
        "name": user.name,
        "email": user.email,
        "created_at": "2022-02-14T08:30:11Z",
        "updated_at": "2025-11-02T16:04:59Z",
        "time_zone": "Berlin",
        "iana_time_zone": "Europe/Berlin",
        "phone": null,
        "shared_phone_number": null,
        "photo": photo(user, origin),
        "locale_id": 8,
        "locale": user.locale,
        "organization_id": user.organization_id,
        "role": if user.is_agent() { "agent" } else { "end-user" },
        "verified": true,
        "authenticity_token": null,
        "user_fields": { "account_role": (user.role == Role::Administrator).then_some("administrator") },
        "last_login_region": "eu-central-9",
    } })
}

/// Agents have a picture; end users have none.
fn photo(user: &User, origin: &str) -> Value {
    if !user.is_agent() {
        return Value::Null;
    }
    json!({
        "id": user.id + 900_000,
        "file_name": "agent.png",
        "content_url": format!("{origin}/photos/agent.png"),
        "content_type": "image/png",
        "width": 80,
        "height": 80,
        "inline": false,
        "thumbnails": [],
    })
}

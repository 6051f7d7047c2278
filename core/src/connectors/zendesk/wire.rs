//! The service's JSON, as far as the connector reads it.
//!
//! An answer without the essential fields (ids, times, the state of paging) is rejected. Every other field may be null
//! or missing, and fields that are not read here may hold anything, because the service adds fields and enum values at
//! any time.

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::fields::FieldIds;
use crate::model::{ServerStatus, Write};

/// `GET /users/me`.
#[derive(Deserialize)]
pub(super) struct Me {
    pub user: MeUser,
}

#[derive(Deserialize)]
pub(super) struct MeUser {
    /// Null for the anonymous user, for whom the service answers 200 instead of 401.
    #[serde(deserialize_with = "nullable")]
    pub id: Option<i64>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    pub email: Option<String>,
    pub organization_id: Option<i64>,
}

/// A single request: the answer to show, create and update.
#[derive(Deserialize)]
pub(super) struct RequestAnswer {
    pub request: Request,
}

/// A page of a sorted list, requested by number.
#[derive(Deserialize)]
pub(super) struct SortedPage {
    pub requests: Vec<Request>,
    /// Null on the last page.
    #[serde(deserialize_with = "nullable")]
    pub next_page: Option<String>,
    /// The number of rows on all pages.
    pub count: Option<u64>,
}

/// A page of a list, requested by cursor.
#[derive(Deserialize)]
pub(super) struct CursorPage {
    pub requests: Vec<Request>,
    #[serde(flatten)]
    pub position: Position,
}

/// The state of paging by cursor.
#[derive(Deserialize)]
pub(super) struct Position {
    pub meta: Meta,
    #[serde(default, deserialize_with = "null_as_default")]
    pub links: Links,
}

#[derive(Deserialize)]
pub(super) struct Meta {
    pub has_more: bool,
    #[serde(deserialize_with = "nullable")]
    pub after_cursor: Option<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct Links {
    pub next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Request {
    pub id: i64,
    #[serde(default, deserialize_with = "null_as_default")]
    pub subject: String,
    pub description: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub status: Option<ServerStatus>,
    pub created_at: String,
    pub updated_at: String,
    pub requester_id: i64,
    /// An extension that the service itself does not have, for servers that share read marks.
    #[serde(default)]
    pub read_through: Option<i64>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub custom_fields: Vec<CustomField>,
}

#[derive(Deserialize)]
pub(super) struct CustomField {
    pub id: i64,
    /// A string, boolean, number, array or null, depending on the field's type.
    #[serde(default)]
    pub value: Value,
}

/// A page of a thread.
#[derive(Deserialize)]
pub(super) struct CommentPage {
    pub comments: Vec<Comment>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub users: Vec<User>,
    #[serde(flatten)]
    pub position: Position,
}

#[derive(Deserialize)]
pub(super) struct Comment {
    pub id: i64,
    pub author_id: i64,
    pub plain_body: Option<String>,
    pub body: Option<String>,
    pub html_body: Option<String>,
    pub public: Option<bool>,
    pub created_at: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
pub(super) struct Attachment {
    pub id: Option<i64>,
    pub content_url: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub file_name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub content_type: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub size: u64,
}

/// The answer to an upload.
#[derive(Deserialize)]
pub(super) struct UploadAnswer {
    pub upload: Upload,
}

#[derive(Deserialize)]
pub(super) struct Upload {
    pub token: String,
    pub expires_at: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub id: i64,
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub agent: bool,
}

/// The body of `POST /requests` or `PUT /requests/{id}`.
pub(super) fn body(write: &Write, fields: FieldIds) -> Value {
    match write {
        Write::Create { subject, description, issue_type, cc, access, reference, uploads } => {
            let custom: Vec<Value> = [
                (fields.issue_type, json!(issue_type)),
                (fields.access, json!(access)),
                (fields.client_reference, json!(reference)),
            ]
            .into_iter()
            .filter_map(|(id, value)| id.map(|id| json!({ "id": id, "value": value })))
            .collect();
            let mut request = json!({ "subject": subject, "comment": comment(description, uploads) });
            if !custom.is_empty() {
                request["custom_fields"] = Value::Array(custom);
            }
            if !cc.is_empty() {
                request["collaborators"] = json!(cc);
            }
            json!({ "request": request })
        }
        Write::Reply { body, uploads } => json!({ "request": { "comment": comment(body, uploads) } }),
        Write::AddCc { addresses } => json!({ "request": { "additional_collaborators": addresses } }),
        // An extension that the service itself does not have: a server that shares read marks offers this path.
        Write::MarkRead { through } => json!({ "read_mark": { "comment_id": through.0 } }),
        Write::Solve => json!({ "request": { "solved": true } }),
    }
}

fn comment(body: &str, uploads: &[String]) -> Value {
    if uploads.is_empty() { json!({ "body": body }) } else { json!({ "body": body, "uploads": uploads }) }
}

/// Whether a body made by [`body`] names uploads.
pub(super) fn names_uploads(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| !body["request"]["comment"]["uploads"].is_null())
}

/// Parses a value that may be null, but whose key must exist.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// Parses null as the default value.
fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

//! The bodies of writes.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::account::Account;
use crate::api::error::ApiError;
use crate::api::text;
use crate::rules::{self, Draft, Message};

#[derive(Debug, Deserialize)]
struct Body<T> {
    request: T,
}

/// As lenient as the service: unknown fields are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewRequest {
    subject: Option<String>,
    comment: CommentIn,
    custom_fields: Vec<FieldIn>,
    collaborators: Vec<Collaborator>,
    via_followup_source_id: Option<i64>,
}

/// A change. An end user cannot change other fields, so they are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangedRequest {
    pub comment: Option<CommentIn>,
    pub solved: Option<bool>,
    pub additional_collaborators: Vec<Collaborator>,
}

/// A comment, as text or as HTML.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CommentIn {
    body: Option<String>,
    html_body: Option<String>,
    uploads: Vec<String>,
}

/// The value of a custom field.
#[derive(Debug, Deserialize)]
pub struct FieldIn {
    id: i64,
    value: Value,
}

/// A person in CC.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Collaborator {
    Address(String),
    Named { email: String },
}

impl From<CommentIn> for Message {
    fn from(comment: CommentIn) -> Self {
        let body = match (&comment.html_body, comment.body) {
            (Some(html), _) => text::plain(html),
            (None, body) => body.unwrap_or_default(),
        };
        Self { body, html: comment.html_body, uploads: comment.uploads }
    }
}

/// The addresses of these people.
pub fn addresses(collaborators: Vec<Collaborator>) -> Vec<String> {
    collaborators
        .into_iter()
        .map(|collaborator| match collaborator {
            Collaborator::Address(email) | Collaborator::Named { email } => email,
        })
        .collect()
}

impl NewRequest {
    /// The ticket that this asks for.
    pub fn into_draft(self, account: &Account, locale: &str) -> Result<Draft, ApiError> {
        let values: Vec<_> = self.custom_fields.into_iter().map(|FieldIn { id, value }| (id, value)).collect();
        Ok(Draft {
            subject: self.subject.unwrap_or_default(),
            message: self.comment.into(),
            addresses: addresses(self.collaborators),
            fields: rules::values_on_creation(account, &values, locale)?,
            followup_of: self.via_followup_source_id,
        })
    }
}

/// The body of `PUT /api/v2/requests/{id}/read_mark`.
#[derive(Debug, Deserialize)]
pub struct ReadMarkBody {
    pub read_mark: ReadMark,
}

/// How far the caller has read.
#[derive(Debug, Deserialize)]
pub struct ReadMark {
    pub comment_id: i64,
}

/// Reads a body `{"request": …}`.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice::<Body<T>>(body)
        .map(|body| body.request)
        .map_err(|_| ApiError::Bad("the body is not of the expected form"))
}

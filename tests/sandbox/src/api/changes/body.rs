//! The bodies of writes.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::account::Account;
use crate::api::error::ApiError;
use crate::api::text;
use crate::rules::{self, Copied, Draft, Message};

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
    email_ccs: Vec<EmailCc>,
    requester: Option<Requester>,
    via_followup_source_id: Option<i64>,
}

/// Whoever creates a request without signing in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Requester {
    pub name: Option<String>,
    pub email: Option<String>,
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

/// A person in CC: a user's id, an address, or an address with a name.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Collaborator {
    Id(i64),
    Address(String),
    Named { name: Option<String>, email: String },
}

impl From<Collaborator> for Copied {
    fn from(collaborator: Collaborator) -> Self {
        match collaborator {
            Collaborator::Id(id) => Self::Id(id),
            Collaborator::Address(email) => Self::Address { email, name: None },
            Collaborator::Named { name, email } => Self::Address { email, name },
        }
    }
}

/// A person in CC, as accounts with "CCs and Followers" prefer it. An end user's update does not have this, so nobody can
/// be taken out of CC: the guide speaks of it, the reference does not.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EmailCc {
    user_id: Option<i64>,
    user_email: Option<String>,
    user_name: Option<String>,
    action: Option<String>,
}

impl EmailCc {
    fn into_copied(self) -> Option<Copied> {
        if self.action.as_deref() == Some("delete") {
            return None;
        }
        let address = self.user_email.map(|email| Copied::Address { email, name: self.user_name });
        self.user_id.map(Copied::Id).or(address)
    }
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

impl NewRequest {
    /// The requester. Whoever is signed in cannot be another one, so it counts only without a token.
    pub fn take_requester(&mut self) -> Option<Requester> {
        self.requester.take()
    }

    /// The ticket that this asks for.
    pub fn into_draft(self, account: &Account, locale: &str) -> Result<Draft, ApiError> {
        let values: Vec<_> = self.custom_fields.into_iter().map(|FieldIn { id, value }| (id, value)).collect();
        let collaborators = self.collaborators.into_iter().map(Copied::from);
        Ok(Draft {
            subject: self.subject.unwrap_or_default(),
            message: self.comment.into(),
            copied: collaborators.chain(self.email_ccs.into_iter().filter_map(EmailCc::into_copied)).collect(),
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

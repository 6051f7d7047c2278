//! Requests of this connector, and the parsing of their answers.

use serde_json::{Value, json};

use super::wire;
use crate::connectors::json::{Document, Json};
use crate::connectors::refusal::{self, Asked};
use crate::model::{Failure, PersonId, RemoteUser};
use crate::net::session::{Call, Service, Session};
use crate::net::{Body, HttpResponse, Method};

/// The path of the interface on the server.
pub(super) const BASE: &str = "/REST/2.0";

/// The largest page that the service returns, in rows.
pub(super) const LARGEST_PAGE: u32 = 100;

/// A request that reads `path`.
pub(super) fn get<'a>(path: &'a str, query: &'a [(&'a str, &'a str)]) -> Call<'a> {
    Call::read(path, query)
}

/// A search by a list of conditions. It changes nothing, although it is a POST.
pub(super) fn search<'a>(path: &'a str, query: &'a [(&'a str, &'a str)], conditions: &Value) -> Call<'a> {
    let body = Body::Json(conditions.to_string().into_bytes());
    Call { method: Method::Post, path, query, headers: Vec::new(), body }
}

/// Conditions that match any of `values`. The service treats several conditions on one field as alternatives.
pub(super) fn conditions(field: &str, values: impl Iterator<Item = i64>) -> Value {
    values.map(|value| json!({ "field": field, "value": value })).collect()
}

/// Sends `call` and returns the answer, which is a success.
pub(super) async fn ask(session: &Session, call: &Call<'_>, asked: Asked) -> Result<HttpResponse, Failure> {
    let answer = session.send(call).await?;
    match failure(&answer, asked) {
        Some(failure) => Err(failure),
        None => Ok(answer),
    }
}

/// The failure that `answer` stands for; `None` if its status is a success. The server may also refuse a change with a
/// 200 and a translated sentence. Therefore a changed ticket is read again
/// ([`write`](mod@crate::connectors::rt::write)).
pub(super) fn failure(answer: &HttpResponse, asked: Asked) -> Option<Failure> {
    refusal::failure(answer, asked, |_| None)
}

/// The JSON of a successful answer.
pub(super) fn document(answer: &HttpResponse) -> Result<Document<'_>, Failure> {
    Document::of(&answer.body).ok_or_else(Failure::misbehaves)
}

/// This service's authentication. A token has the form `1-27-c0ffee…`, where 27 is the user's id. The service has no
/// path for "me". But it shows the page of a user to that user only. So a request for the page of user 27 with this
/// token checks two things: that the token is valid, and that it belongs to user 27.
pub(super) struct AuthToken;

impl Service for AuthToken {
    fn authorization(&self, token: &str) -> String {
        format!("token {token}")
    }

    fn user_path(&self, token: &str) -> Option<String> {
        let mut parts = token.split('-');
        let (_version, user, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let number = user.parse::<u32>().ok().filter(|_| !secret.is_empty() && parts.next().is_none())?;
        Some(format!("{BASE}/user/{number}"))
    }

    fn user(&self, answer: &HttpResponse) -> Result<Option<RemoteUser>, Failure> {
        if let Some(failure) = failure(answer, Asked::Search) {
            return Err(failure);
        }
        let page = document(answer)?;
        let [name, real_name, address] = page.root().fields(["Name", "RealName", "EmailAddress"]);
        let id = wire::row_id(page.root()).ok_or_else(Failure::misbehaves)?;
        Ok(Some(RemoteUser {
            id: PersonId(id),
            name: [real_name, name].into_iter().map(Json::line).find(|name| !name.is_empty()).unwrap_or_default(),
            email: address.short(),
            // An account is a group that the server's own rules share tickets with. Shared tickets are in the only
            // list.
            organization: None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_gives_the_path_of_its_users_page() {
        for (token, path) in [
            ("1-27-01b9a66f04283e7aa32a88b1e5270018", Some("/REST/2.0/user/27")),
            ("1-027-ff", Some("/REST/2.0/user/27")),
            ("1--ff", None),
            ("1-27-", None),
            ("1-27", None),
            ("1-alice-ff", None),
            ("1-27-ff-1", None),
            ("eyJhbGciOi.J9", None),
        ] {
            assert_eq!(AuthToken.user_path(token).as_deref(), path, "{token}");
        }
    }

    #[test]
    fn the_user_is_read_from_the_page() {
        let answer = |status, body: &str| HttpResponse { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        let page = r#"{"id":27,"Name":"alice","RealName":"Alice Archer","EmailAddress":"alice@example.test","Privileged":0,
                       "Organization":"Acme Lettings","Memberships":[],"CustomFields":[],"Disabled":"0"}"#;
        let alice = AuthToken.user(&answer(200, page)).unwrap().unwrap();
        assert_eq!((alice.id, alice.name.as_str()), (PersonId(27), "Alice Archer"));
        assert_eq!(alice.email.as_deref(), Some("alice@example.test"));
        let bare = AuthToken.user(&answer(200, r#"{"id":"9","Name":"zoë","RealName":null}"#)).unwrap().unwrap();
        assert_eq!((bare.id, bare.name.as_str(), bare.email), (PersonId(9), "zoë", None));
        // The page of another user. An agent sees a summary of it.
        assert_eq!(AuthToken.user(&answer(200, r#"{"Privileged":1}"#)), Err(Failure::misbehaves()));
        assert_eq!(AuthToken.user(&answer(403, r#"{"message":"Forbidden"}"#)), Err(Failure::NotAllowed));
    }
}

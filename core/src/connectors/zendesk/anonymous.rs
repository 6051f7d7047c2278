//! A request without signing in, which an administrator allows or not (`docs/product.md`, W11).
//!
//! It is the request that a signed-in user makes, with a `requester` and without a token. Only the answer to it shows
//! anything. An idempotency key is sent as well: the documentation does not say whether it counts here, so nothing
//! relies on it.
//!
//! Two answers mean that the server has it. Usually the answer is the new request, with its number. But the service
//! holds some back until the requester has answered a mail, and the documentation does not say what it answers then. So
//! any other success with a JSON object that is no refusal counts, too, and the ticket has no number here. Anything else
//! with the status of a success, such as the page of a proxy, proves nothing.

use uuid::Uuid;

use super::calls::document;
use super::classify;
use crate::connectors::refusal::{Asked, Refusal};
use crate::model::{Failure, TicketNumber};
use crate::net::session::{Call, Session};
use crate::net::{Body, Method};

/// Sends the body of a new request to `path`. Returns its number, if the answer tells it.
pub(super) async fn deliver(
    session: &Session,
    path: &str,
    body: &[u8],
    key: Uuid,
) -> Result<Option<TicketNumber>, Failure> {
    let call = Call {
        method: Method::Post,
        path,
        query: &[],
        headers: vec![("idempotency-key", key.to_string())],
        body: Body::Json(body.to_vec()),
    };
    let answer = session.send_without_token(&call).await?;
    if let Some(failure) = classify::failure(&answer, Asked::Create) {
        return Err(failure);
    }
    let document = document(&answer)?;
    let [request] = document.root().fields(["request"]);
    let [id] = request.fields(["id"]);
    match id.id() {
        Some(number) => Ok(Some(TicketNumber(number))),
        None if document.root().is_object() && Refusal::of(&answer).is_none() => Ok(None),
        None => Err(Failure::misbehaves()),
    }
}

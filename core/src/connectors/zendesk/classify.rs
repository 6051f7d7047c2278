//! The refusals that only this service makes. Everything else is [`refusal`].

use crate::connectors::refusal::{self, Asked, Refusal};
use crate::model::{Failure, Reached, Reason, ReasonKind, Trouble};
use crate::net::HttpResponse;
use crate::net::answer::try_again;

/// The failure that `answer` stands for; `None` if it is a success.
pub(super) fn failure(answer: &HttpResponse, asked: Asked) -> Option<Failure> {
    refusal::failure(answer, asked, |refusal| own(answer.status, refusal, asked))
}

fn own(status: u16, refusal: &Refusal, asked: Asked) -> Option<Failure> {
    // The server knows this key with another body, so an earlier attempt reached it.
    if refusal.is_named(&["idempoten"]) {
        return Some(Failure::misbehaves());
    }
    // The server does not know the path, which says nothing about the ticket in it.
    if matches!(status, 404 | 410) && refusal.is_named(&["invalidendpoint"]) {
        return Some(try_again(Trouble::Misbehaves, None, Reached::No));
    }
    // No change that the connector sends has the field `status`, so a complaint about that field means that the ticket
    // is closed, in whatever language it is written. Some versions put the complaint elsewhere, in English.
    let says_closed = refusal.is_about_field("status") || refusal.says(&["closed prevents ticket update"]);
    (status == 422 && asked == Asked::Change && says_closed).then(|| Failure::needs(ReasonKind::TicketClosed))
}

/// The failure of a write that named uploads. It is [`Failure::UploadsRefused`] if the server refused the uploads and
/// not the write. Uploads are recognised by the error's name, or by a term that is the same in every language.
pub(super) fn about_uploads(answer: &HttpResponse, failure: Failure) -> Failure {
    const TERMS: [&str; 3] = ["upload", "attachment", "token"];
    match (failure, Refusal::of(answer)) {
        (Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message }), Some(refusal))
            if matches!(answer.status, 400 | 422) && (refusal.is_named(&TERMS) || refusal.says(&TERMS)) =>
        {
            Failure::UploadsRefused { server_message }
        }
        (failure, _) => failure,
    }
}

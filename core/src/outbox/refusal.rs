//! What a refused write means once its ticket was read again.

use super::{Bound, unproven};
use crate::model::{Failure, Reason, ReasonKind, ServerStatus};

/// Whether reading the ticket again can tell more about `failure`, a refusal of a write to it.
#[must_use]
pub fn needs_explaining(failure: &Failure) -> bool {
    match failure {
        Failure::Gone => true,
        Failure::NeedsUser(reason) => reason.kind == ReasonKind::Refused,
        _ => false,
    }
}

/// The cause of a refused write, if the server shows the ticket with this status after the refusal; `None` for a new
/// ticket, which cannot be read. `attempts` were made by now. The server's message is shown to the user, but never
/// interpreted.
///
/// * The ticket is closed: that is the cause.
/// * The ticket was "not there", and is, or is only to be created: nobody can explain the refusal. It may come from a
///   replica that lags, so the write is sent again, within the bound for refusals.
/// * Otherwise the refusal means what it says.
#[must_use]
pub fn explained(failure: Failure, status: Option<ServerStatus>, attempts: u32) -> Failure {
    let is_closed = status == Some(ServerStatus::Closed);
    let closed = |server_message| Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, server_message });
    match failure {
        Failure::NeedsUser(reason) if is_closed => closed(reason.server_message),
        Failure::Gone if is_closed => closed(None),
        Failure::Gone if Bound::Refusals.is_reached(attempts) => Failure::needs(ReasonKind::Refused),
        Failure::Gone => unproven(),
        failure => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_that_is_shown_is_not_gone_and_a_closed_one_is_the_cause() {
        let refused =
            || Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: Some("Nein".to_owned()) });
        assert!(needs_explaining(&Failure::Gone) && needs_explaining(&refused()));
        assert!(!needs_explaining(&Failure::NotAllowed) && !needs_explaining(&Failure::unreachable()));
        for status in [Some(ServerStatus::Open), None] {
            assert_eq!(explained(Failure::Gone, status, 2), unproven());
            assert_eq!(explained(Failure::Gone, status, 3), Failure::needs(ReasonKind::Refused));
            assert_eq!(explained(refused(), status, 1), refused());
        }
        for (failure, words) in [(Failure::Gone, None), (refused(), Some("Nein".to_owned()))] {
            let closed = Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, server_message: words });
            assert_eq!(explained(failure, Some(ServerStatus::Closed), 1), closed);
        }
    }
}

//! What a refused write means once its ticket was read again.

use std::time::Duration;

use super::{Bound, Operation, State, Wait, backoff, decide};
use crate::model::{Failure, Reason, ReasonKind, ServerStatus, Timestamp};
use crate::product::Consistency;

/// Whether reading the ticket again can tell more about `failure`, a refusal of a write to it.
#[must_use]
pub fn needs_explaining(failure: &Failure) -> bool {
    match failure {
        Failure::Gone => true,
        Failure::NeedsUser(reason) => reason.kind == ReasonKind::Refused,
        _ => false,
    }
}

/// What a refused write means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It means this.
    Means(Failure),
    /// The server says that the ticket is not there, and shows it.
    Contradicted,
}

/// The meaning of a refused write, if the server shows the ticket with this status after the refusal; `None` for a new
/// ticket, which cannot be read. The server's message is shown to the user, but never interpreted.
///
/// * The ticket is closed: that is the cause.
/// * The ticket was "not there", and is, or is only to be created: nobody can explain that. [`contradicted`] decides.
/// * Otherwise the refusal means what it says.
#[must_use]
pub fn explained(failure: Failure, status: Option<ServerStatus>) -> Refusal {
    let is_closed = status == Some(ServerStatus::Closed);
    let closed = |server_message| Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, server_message });
    match failure {
        Failure::NeedsUser(reason) if is_closed => Refusal::Means(closed(reason.server_message)),
        Failure::Gone if is_closed => Refusal::Means(closed(None)),
        Failure::Gone => Refusal::Contradicted,
        failure => Refusal::Means(failure),
    }
}

/// Decides what becomes of an operation whose ticket is not there for a write and there for a read. Either answer may come
/// from a replica that lags, so the write is sent again, within the bound for refusals. Before the last attempt the pause is
/// so long that the read after it cannot lag any more: if the ticket was revoked, that read says so.
#[must_use]
pub fn contradicted(operation: &Operation, now: Timestamp, consistency: Consistency, chance: u8) -> Operation {
    let refusals = operation.refusals.saturating_add(1);
    let refused = Operation { refusals, refusal: None, ..operation.clone() };
    refused.not_applied(if Bound::Refusals.is_reached(refusals) {
        decide::refused(None)
    } else {
        let is_last = Bound::Refusals.is_reached(refusals.saturating_add(1));
        let least = if is_last { consistency.visible_after() } else { Duration::ZERO };
        State::Waiting(Wait::new(now, backoff(refusals.saturating_sub(1), chance).max(least)))
    })
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
            assert_eq!(explained(Failure::Gone, status), Refusal::Contradicted);
            assert_eq!(explained(refused(), status), Refusal::Means(refused()));
        }
        for (failure, words) in [(Failure::Gone, None), (refused(), Some("Nein".to_owned()))] {
            let closed = Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, server_message: words });
            assert_eq!(explained(failure, Some(ServerStatus::Closed)), Refusal::Means(closed));
        }
    }
}

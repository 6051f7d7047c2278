//! What a refused write means once its ticket was read again.

use std::time::Duration;

use super::{Bound, Kind, Operation, State, Wait, backoff, decide};
use crate::model::{Chance, Failure, FoundBy, Reason, ReasonKind, ServerStatus, Timestamp};
use crate::product::Consistency;

/// Whether reading the ticket again can tell more about `failure`, a refusal of a write of this kind to it.
#[must_use]
pub fn needs_explaining(kind: Kind, failure: &Failure) -> bool {
    match failure {
        Failure::Gone => true,
        Failure::NeedsUser(reason) if reason.kind == ReasonKind::Refused => true,
        // A ticket that is solved already may be refused as one that is closed, or as one that this user may not solve.
        Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, .. }) | Failure::NotAllowed => gives_status(kind),
        _ => false,
    }
}

/// Whether the operation is done when the ticket has the status that it gives it.
fn gives_status(kind: Kind) -> bool {
    matches!(kind, Kind::Change(change) if change.facts().found_by == Some(FoundBy::Status))
}

/// What a refused write means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It means this.
    Means(Failure),
    /// The server says that the ticket is not there, and shows it; or that it is closed, and shows it as open.
    Contradicted,
    /// There was nothing to do: the ticket has the status that the operation gives it, or an earlier attempt has given
    /// the feedback.
    Done,
}

/// The meaning of a refused write of this kind, if the server shows the ticket with this status after the refusal;
/// `None` for a new ticket, which cannot be read, and for a status that may be stale. The server's message is shown to
/// the user, but never interpreted.
///
/// * The user wants the ticket to be solved, and it is solved or closed: somebody else was faster, or this device did not
///   know of an earlier attempt. The user has what they want.
/// * The ticket is closed: that is the cause.
/// * The ticket was "not there", and is, or is only to be created; or it was "closed", and is open: nobody can explain that.
///   [`contradicted`] decides.
/// * Otherwise the refusal means what it says.
#[must_use]
pub fn explained(kind: Kind, failure: Failure, status: Option<ServerStatus>) -> Refusal {
    let is_closed = status == Some(ServerStatus::Closed);
    let closed = |server_message| Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, server_message });
    match failure {
        _ if gives_status(kind) && (is_closed || status == Some(ServerStatus::Solved)) => Refusal::Done,
        Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, .. }) if gives_status(kind) && !is_closed => {
            Refusal::Contradicted
        }
        Failure::NeedsUser(reason) if is_closed => Refusal::Means(closed(reason.server_message)),
        Failure::Gone if is_closed => Refusal::Means(closed(None)),
        Failure::Gone => Refusal::Contradicted,
        failure => Refusal::Means(failure),
    }
}

/// Decides what becomes of an operation whose ticket is not there (or closed) for a write and there (or open) for a
/// read. Either answer may come from a replica that lags, so the write is sent again, within the bound for refusals.
/// Before the last attempt the pause is so long that the read after it cannot lag any more: if the ticket was revoked,
/// that read says so.
#[must_use]
pub fn contradicted(operation: &Operation, now: Timestamp, consistency: Consistency, chance: Chance) -> Operation {
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
    use crate::model::ChangeKind;

    const REPLY: Kind = Kind::Reply;
    const SOLVE: Kind = Kind::Change(ChangeKind::Solve);

    fn refused(kind: ReasonKind) -> Failure {
        Failure::NeedsUser(Reason { kind, server_message: Some("Nein".to_owned()) })
    }

    #[test]
    fn a_ticket_that_is_shown_is_not_gone_and_a_closed_one_is_the_cause() {
        let refused = || refused(ReasonKind::Refused);
        assert!(needs_explaining(REPLY, &Failure::Gone) && needs_explaining(REPLY, &refused()));
        assert!(!needs_explaining(REPLY, &Failure::NotAllowed) && !needs_explaining(REPLY, &Failure::unreachable()));
        for status in [Some(ServerStatus::Open), None] {
            assert_eq!(explained(REPLY, Failure::Gone, status), Refusal::Contradicted);
            assert_eq!(explained(REPLY, refused(), status), Refusal::Means(refused()));
        }
        for (failure, words) in [(Failure::Gone, None), (refused(), Some("Nein".to_owned()))] {
            let closed = Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, server_message: words });
            assert_eq!(explained(REPLY, failure, Some(ServerStatus::Closed)), Refusal::Means(closed));
        }
    }

    #[test]
    fn solving_a_ticket_that_is_solved_or_closed_is_done_however_it_is_refused() {
        let refusals = || [refused(ReasonKind::TicketClosed), refused(ReasonKind::Refused), Failure::NotAllowed];
        for failure in refusals() {
            assert!(needs_explaining(SOLVE, &failure), "{failure:?}");
            for status in [ServerStatus::Solved, ServerStatus::Closed] {
                assert_eq!(explained(SOLVE, failure.clone(), Some(status)), Refusal::Done, "{failure:?}");
            }
        }
        let open = refusals().map(|failure| explained(SOLVE, failure, Some(ServerStatus::Open)));
        let means = |failure| Refusal::Means(failure);
        assert_eq!(open, [Refusal::Contradicted, means(refused(ReasonKind::Refused)), means(Failure::NotAllowed)]);
    }
}

//! Delivery: what the user sees of an operation's state.

use super::{Kind, Operation, State};
use crate::model::{Delivery, MessageId};

/// The operation that decides what the user sees of a message: its first upload that is not finished, otherwise the
/// operation that sends the message itself.
pub(crate) fn deciding_operation(operations: &[Operation], message: MessageId) -> Option<&Operation> {
    let mut own = operations.iter().filter(|operation| operation.message == Some(message));
    own.find(|operation| operation.kind != Kind::Upload || !matches!(operation.state, State::Sent(_)))
}

/// What the user sees of an operation's state. A message without an operation is on the server.
pub(crate) fn delivery(operation: Option<&Operation>) -> Delivery {
    match operation.map(|operation| &operation.state) {
        None | Some(State::Sent(_)) => Delivery::Sent,
        Some(State::Held(wait)) => Delivery::Held(wait.start.plus(wait.length)),
        Some(State::Queued) => Delivery::Queued,
        Some(State::Sending) => Delivery::Sending,
        Some(State::Waiting(wait)) => Delivery::Waiting(wait.start.plus(wait.length)),
        Some(State::Checking(_)) => Delivery::Checking,
        Some(State::NeedsUser(reason)) => Delivery::NeedsUser(reason.clone()),
        Some(State::MayHaveBeenSent) => Delivery::MayHaveBeenSent,
        Some(State::NotShown) => Delivery::NotShown,
    }
}

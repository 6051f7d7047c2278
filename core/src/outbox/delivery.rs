//! What a user sees of an operation.

use super::{Kind, Operation, State};
use crate::model::{Delivery, MessageId};

/// The row of a message's that is to be seen: the first that is not done. A message waits for its uploads.
pub(crate) fn deciding_operation(operations: &[Operation], message: MessageId) -> Option<&Operation> {
    let mut own = operations.iter().filter(|operation| operation.message == Some(message));
    own.find(|operation| operation.kind != Kind::Upload || !matches!(operation.state, State::Sent(_)))
}

/// What a user sees of an operation's state; a message without one is at the server.
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
    }
}

//! Delivery: what the user sees of an operation's state.

use super::{Kind, Operation, State};
use crate::model::{Delivery, MessageId, ReasonKind};

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

/// Why the message of `operation` needs the user, if the staged file `file` is the reason: the operation is the one that
/// decides what the user sees ([`deciding_operation`]), and `files` is how many files the message has. A reply that the
/// server refuses for its files does not say which one it is, unless there is only one.
pub(crate) fn refusal_of_file(operation: &Operation, file: i64, files: usize) -> Option<ReasonKind> {
    let State::NeedsUser(reason) = &operation.state else { return None };
    let is_about_a_file = matches!(
        reason.kind,
        ReasonKind::AttachmentTooLarge | ReasonKind::AttachmentType | ReasonKind::AttachmentMissing
    );
    let is_this_file = operation.file.map_or(files == 1, |own| own == file);
    (is_about_a_file && is_this_file).then_some(reason.kind)
}

//! What a later operation makes pointless.
//!
//! A user who turns something on and off again, five times without a network, means the last value. Only that one is sent.
//! The transaction that writes a new value also drops those before it that certainly are not on the server. One whose
//! attempt is under way or ambiguous stays: the new value waits behind it until its outcome is known, because the server
//! might otherwise apply the older value last. It is dropped as soon as it turns out not to have been applied.

use super::{Change, Operation, State};

/// Drops the operations that a later one of the same action makes pointless and of which the server has nothing. `all` are
/// operations in the order in which they were written, all of each ticket.
#[must_use]
pub fn replaced(all: &[Operation]) -> Vec<Change> {
    let has_nothing = |state: &State| state.is_to_be_sent() || matches!(state, State::NeedsUser(_));
    let has_later = |index: usize, operation: &Operation| {
        let mut later = all[index + 1..].iter();
        later.any(|later| later.kind == operation.kind && later.lane() == operation.lane())
    };
    let pointless = all.iter().enumerate().filter(|(index, operation)| {
        operation.kind.is_replaced() && has_nothing(&operation.state) && has_later(*index, operation)
    });
    pointless.map(|(_, operation)| Change::Drop(operation.id)).collect()
}

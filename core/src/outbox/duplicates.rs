//! New tickets that look the same.
//!
//! Where the server keeps no reference, a ticket whose answer was lost is recognised by subject and text in a list, which shows
//! no files. Two of them with the same subject and text could be taken for each other: one is believed to have arrived,
//! although it is still on its way, and the other is sent once more; or the files of the one that never arrived are lost. So
//! they are sent one by one: while nobody knows whether one of them arrived, the others wait. One that may have been sent, or
//! came with a copy of the file, is with the user, whose answer, or a list that shows it after all, lets the next one go.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Kind, Operation, State, Wait};
use crate::model::{OperationId, Timestamp};

/// After so long at most it is looked again whether a doubt has ended; the doubt's own looks, and the user, come first.
const RECHECK_AFTER: Duration = Duration::from_mins(15);

/// What a list shows of a new ticket: subject and text, normalised.
pub type Fingerprint = (String, String);

/// Whether some creation is unclear beside another one: only then their looks matter.
#[must_use]
pub fn may_have_duplicates(operations: &[Operation]) -> bool {
    let mut creations = operations.iter().filter(|operation| operation.kind == Kind::Create);
    creations.clone().count() > 1 && creations.any(is_ambiguous)
}

/// Lets the duplicates of what is unclear wait, in `operations` only.
pub fn hold_back_duplicates(operations: &mut [Operation], looks: &BTreeMap<OperationId, Fingerprint>, now: Timestamp) {
    let unclear: Vec<&Fingerprint> = operations
        .iter()
        .filter(|operation| is_ambiguous(operation))
        .filter_map(|unclear| looks.get(&unclear.id))
        .collect();
    for operation in operations {
        let sends = matches!(operation.state, State::Held(_) | State::Queued | State::Waiting(_));
        if sends && looks.get(&operation.id).is_some_and(|look| unclear.contains(&look)) {
            operation.state = State::Waiting(Wait::new(now, RECHECK_AFTER));
        }
    }
}

fn is_ambiguous(operation: &Operation) -> bool {
    operation.restored || matches!(operation.state, State::Sending | State::Checking(_) | State::MayHaveBeenSent)
}

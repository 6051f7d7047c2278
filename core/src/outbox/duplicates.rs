//! Duplicate candidates: pending new tickets that look the same.
//!
//! On a server without client references, sync recognises a new ticket whose answer was lost in a list. A list shows
//! the subject and the description, the ticket's *fingerprint*, but no files. So two new tickets with equal
//! fingerprints could be taken for each other. Then one would count as sent although it never arrived, and its files
//! would be lost; and the other would be sent twice. To prevent this they are sent one by one: while the creation of
//! one of them is ambiguous, the others wait.
//!
//! The others continue when the ambiguity ends. It ends by itself if a read settles the question. If the ticket *may
//! have been sent*, or came with a copy of the file, it ends when the user decides, or when a list shows the ticket
//! after all.

use std::collections::BTreeMap;
use std::time::Duration;

use super::matching::recognise::Text;
use super::{Kind, Operation, State, Wait};
use crate::model::{OperationId, Timestamp};

/// A ticket that is held back is examined again after this long at the latest. The ambiguity usually ends earlier, and
/// then the next run sends it.
const RECHECK_AFTER: Duration = Duration::from_mins(15);

/// What a list shows of a new ticket: what is recognised of its subject and of its description.
pub type Fingerprint = (String, String);

/// The fingerprint of a new ticket.
#[must_use]
pub fn fingerprint(subject: &str, description: &str) -> Fingerprint {
    (Text::of(subject).key(), Text::of(description).key())
}

/// Whether several tickets wait for their creation and one of these creations is ambiguous. The caller needs to load
/// fingerprints only if this is so.
#[must_use]
pub fn may_have_duplicates(operations: &[Operation]) -> bool {
    let mut creations = operations.iter().filter(|operation| operation.kind == Kind::Create);
    creations.clone().count() > 1 && creations.any(is_ambiguous)
}

/// Makes every creation wait whose fingerprint equals that of an ambiguous one. Changes `operations` only; the stored
/// rows keep their state.
pub fn hold_back_duplicates(
    operations: &mut [Operation],
    fingerprints: &BTreeMap<OperationId, Fingerprint>,
    now: Timestamp,
) {
    let ambiguous: Vec<&Fingerprint> = operations
        .iter()
        .filter(|operation| is_ambiguous(operation))
        .filter_map(|operation| fingerprints.get(&operation.id))
        .collect();
    for operation in operations {
        let would_send = operation.state.is_to_be_sent();
        if would_send && fingerprints.get(&operation.id).is_some_and(|fingerprint| ambiguous.contains(&fingerprint)) {
            operation.state = State::Waiting(Wait::new(now, RECHECK_AFTER));
        }
    }
}

/// A ticket without an account is never recognised, so it is never taken for another one.
fn is_ambiguous(operation: &Operation) -> bool {
    !operation.anonymous
        && (operation.restored
            || matches!(operation.state, State::Sending | State::Checking(_) | State::MayHaveBeenSent))
}

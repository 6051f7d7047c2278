//! Operations of a file that is a copy, and therefore cannot be trusted.

use crate::model::Timestamp;
use crate::outbox;
use crate::store::articles::votes;
use crate::store::outbox::apply::{apply, known_of};
use crate::store::outbox::operations;
use crate::store::{Edit, StoreError};

/// Looks for everything on the server that the device with the original may have sent, and asks the user about the
/// rest. Answers about articles that wait are given up. `now` is by the device's clock.
pub(in crate::store) fn recheck(edit: &mut Edit<'_>, now: Timestamp) -> Result<(), StoreError> {
    let operations = operations::select(&edit.tx, "1", [])?;
    let changes = outbox::copied(&operations, known_of(&edit.tx, &operations)?, now);
    apply(edit, &changes)?;
    votes::recheck(edit)
}

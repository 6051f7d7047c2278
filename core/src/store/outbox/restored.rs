//! Operations of a file that is a copy, and therefore cannot be trusted.
//!
//! The device that the copy comes from may have sent an operation since, or may still send it. So everything that was
//! ever attempted is looked for on the server. Nothing is sent without the user. An operation that is not found there,
//! or that was never attempted, waits for the user's answer. If the server shows its result later, the result is still
//! matched with the operation.

use rusqlite::params;

use super::attempts::HIGH_WATER_MARK;
use crate::model::Timestamp;
use crate::store::outbox::operations::touch_all;
use crate::store::{Edit, StoreError};

/// Moves every unsettled creation, reply and solve operation that was ever attempted to *checking*. If `ask_user` is
/// true, an operation of these that the check does not find will need the user, and every other operation that is still
/// to be sent needs the user now. `now` is by the device's clock.
pub(in crate::store) fn recheck(edit: &mut Edit<'_>, now: Timestamp, ask_user: bool) -> Result<(), StoreError> {
    let checking = format!(
        "UPDATE outbox
         SET state = 'checking', wait_start = ?1, wait_length = 0, wait_server_imposed = 0, empty_reads = 0, ended_at = ?1,
             first_missed_at = NULL, restored = ?2, high_water_mark = ifnull(high_water_mark, {HIGH_WATER_MARK})
         WHERE kind IN ('create', 'reply', 'solve') AND state IN ('queued', 'waiting', 'sending', 'checking')
           AND ever_attempted RETURNING ticket"
    );
    touch_all(edit, &checking, params![now.0, ask_user])?;
    // The token of an upload may have been used by the other copy or by another attempt, so the upload is made again.
    // That is not needed if the server has confirmed the message that names it.
    touch_all(
        edit,
        "UPDATE outbox SET state = 'queued'
         WHERE kind = 'upload' AND state IN ('sending', 'sent')
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = outbox.message AND o.kind = 'reply'
                                                            AND o.state = 'sent')
         RETURNING ticket",
        [],
    )?;
    if ask_user {
        // A thread that was never read gives no high-water mark: an older comment with the same text could be taken for
        // this operation.
        let asking = format!(
            "UPDATE outbox
             SET state = 'needs_user', reason = 'restored', server_message = NULL, restored = 1,
                 high_water_mark = CASE WHEN high_water_mark IS NULL AND (SELECT thread_as_of FROM tickets t WHERE t.id = outbox.ticket) IS NOT NULL
                             THEN {HIGH_WATER_MARK} ELSE high_water_mark END
             WHERE state IN ('held', 'queued', 'waiting', 'sending') RETURNING ticket"
        );
        touch_all(edit, &asking, [])?;
    }
    Ok(())
}

//! Rows that cannot be trusted, because their file is a copy.

use rusqlite::params;

use super::attempts::HIGH_WATER_MARK;
use crate::model::Timestamp;
use crate::store::outbox::operations::touch_all;
use crate::store::{Edit, StoreError};

/// Doubts what `edit`'s file says about its rows, because the file is a copy or was rescued: what was ever attempted is
/// looked for. With `ask`, nothing is sent without the user, because whoever made the copy may have sent it: what is not
/// found, and what was never attempted, waits for an answer. Whatever the server shows meanwhile still finds its row.
pub(in crate::store) fn doubt(edit: &mut Edit<'_>, now: Timestamp, ask: bool) -> Result<(), StoreError> {
    let checking = format!(
        "UPDATE outbox
         SET state = 'checking', wait_start = ?1, wait_length = 0, wait_server_imposed = 0, empty_reads = 0, ended_at = ?1,
             first_missed_at = NULL, restored = ?2, high_water_mark = ifnull(high_water_mark, {HIGH_WATER_MARK})
         WHERE kind IN ('create', 'reply', 'solve') AND state IN ('queued', 'waiting', 'sending', 'checking')
           AND ever_attempted RETURNING ticket"
    );
    touch_all(edit, &checking, params![now.0, ask])?;
    // A token may have been used by the other copy, or for another attempt; not by a message that the server took.
    touch_all(
        edit,
        "UPDATE outbox SET state = 'queued'
         WHERE kind = 'upload' AND state IN ('sending', 'sent')
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = outbox.message AND o.kind = 'reply'
                                                            AND o.state = 'sent')
         RETURNING ticket",
        [],
    )?;
    if ask {
        // In a thread that was never read nobody can tell an older comment of the same text from this one.
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

//! Rows that cannot be trusted, because their file is a copy.

use rusqlite::params;

use super::attempts::BASE;
use crate::model::Timestamp;
use crate::store::outbox::operations::touch_all;
use crate::store::{Edit, StoreError};

/// Doubts what `edit`'s file says about its rows, because the file is a copy or was rescued: what was ever attempted is
/// looked for. With `ask`, nothing is sent without the user, because whoever made the copy may have sent it: what is not
/// found, and what was never attempted, waits for an answer. Whatever the desk shows meanwhile still finds its row.
pub(in crate::store) fn doubt(edit: &mut Edit<'_>, now: Timestamp, ask: bool) -> Result<(), StoreError> {
    let checking = format!(
        "UPDATE outbox
         SET state = 'checking', wait_start = ?1, wait_length = 0, wait_firm = 0, reads = 0, ended_at = ?1,
             quiet_since = NULL, restored = ?2, base = ifnull(base, {BASE})
         WHERE kind IN ('create', 'reply', 'solve') AND state IN ('queued', 'waiting', 'sending', 'checking')
           AND begun RETURNING ticket"
    );
    touch_all(edit, &checking, params![now.0, ask])?;
    // A token may have been used by the other copy, or for another attempt; not by a message that the desk took.
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
             SET state = 'needs_user', reason = 'restored', reason_words = NULL, restored = 1,
                 base = CASE WHEN base IS NULL AND (SELECT thread_of FROM tickets t WHERE t.id = outbox.ticket) IS NOT NULL
                             THEN {BASE} ELSE base END
             WHERE state IN ('held', 'queued', 'waiting', 'sending') RETURNING ticket"
        );
        touch_all(edit, &asking, [])?;
    }
    Ok(())
}

//! Documents of what a transaction has written, all together at its end.
//!
//! # The story
//!
//! FTS5 writes what it has in memory whenever a statement with triggers begins, and whenever an id is not higher than the one before. So
//! a trigger that adds each message of a thread makes FTS5 write as often as the thread has messages.
//!
//! 1. Triggers note the ids of new subjects and messages in the table `new_documents`.
//! 2. What is noted has no document. So whatever happens to it before the end of its transaction changes nothing in the index: its text
//!    changes or moves, it is deleted, its ticket is revoked. If the ticket can be seen again, or a rebuild comes to it, it gets its
//!    document there.
//! 3. Every write of the store ends with [`add`]. What is noted and stands there gets its document, and the table is empty again.
//!
//! All of this is one transaction, so a crash or a rollback leaves the table empty. Only another program that writes into the file can
//! leave something noted; the next write of the store adds it.
//!
//! A user who writes waits for step 3 of a transaction of sync. So such a transaction ends when it has
//! [enough text](crate::store::room::decide::NEW_TEXT).

use rusqlite::Connection;

use super::rules;
use crate::store::StoreError;
use crate::store::db::statements::Cached;

/// What came to have a document in another way meanwhile.
const KNOWN: &str =
    "DELETE FROM new_documents WHERE EXISTS (SELECT 1 FROM search_documents d WHERE d.id = new_documents.id)";

/// Of a ticket that was revoked meanwhile, nothing is added.
const DOCUMENTS: &str = "
    INSERT INTO search_documents (id, ticket)
    SELECT n.id, t.id FROM new_documents n CROSS JOIN tickets t ON t.id = -n.id WHERE n.id < 0 AND t.visible
    UNION ALL
    SELECT n.id, t.id FROM new_documents n CROSS JOIN messages m ON m.id = n.id CROSS JOIN tickets t ON t.id = m.ticket
    WHERE n.id > 0 AND t.visible";

/// Within one statement and in the order of their ids FTS5 keeps all of them in memory.
const WORDS: &str = "
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(t.subject || ' ' || ifnull(t.number, ''))
    FROM new_documents n CROSS JOIN search_documents d ON d.id = n.id CROSS JOIN tickets t ON t.id = d.ticket WHERE n.id < 0
    UNION ALL
    SELECT d.id, search_tokens(m.body)
    FROM new_documents n CROSS JOIN search_documents d ON d.id = n.id CROSS JOIN messages m ON m.id = d.id WHERE n.id > 0";

/// Adds what was noted to the index.
pub(in crate::store) fn add(db: &Connection) -> Result<(), StoreError> {
    if !db.query_row_cached("SELECT EXISTS (SELECT 1 FROM new_documents)", [], |row| row.get(0))? {
        return Ok(());
    }
    // The rules may be gone since it was noted. Then a rebuild adds it.
    if rules::is_used(db)? {
        for sql in [KNOWN, DOCUMENTS, WORDS] {
            db.execute_cached(sql, [])?;
        }
    }
    db.execute_cached("DELETE FROM new_documents", [])?;
    Ok(())
}

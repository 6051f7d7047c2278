//! What an operation sends, and the record that an attempt begins.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::model::{CommentId, OperationId, Write, normalise};
use crate::outbox::{Fingerprint, Kind, Operation};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::{Priority, Store, StoreError};

/// SQL for the high-water mark of an outbox row: for a new ticket, the highest ticket number that the file knows,
/// otherwise the newest comment id that it knows of the row's ticket. The server gives both in ascending order.
pub(in crate::store) const HIGH_WATER_MARK: &str =
    "CASE kind WHEN 'create' THEN (SELECT ifnull(max(t.number), 0) FROM tickets t)
    ELSE max((SELECT ifnull(max(m.comment), 0) FROM messages m WHERE m.ticket = outbox.ticket),
             (SELECT ifnull(t.known_through, 0) FROM tickets t WHERE t.id = outbox.ticket)) END";

impl Store {
    /// What an operation writes, for the connector to encode, and the bytes of the earlier attempt if there was one.
    /// The first is `None` for an upload, whose content is a file.
    pub(crate) fn write_of(&self, operation: &Operation) -> Result<(Option<Write>, Option<Vec<u8>>), StoreError> {
        self.read(|db| {
            let sql = "SELECT o.body, o.addresses, m.body, o.through
                       FROM outbox o LEFT JOIN messages m ON m.id = o.message WHERE o.id = ?1";
            let (body, addresses, text, through): (Option<Vec<u8>>, Option<String>, Option<String>, Option<i64>) =
                db.query_row_cached(sql, [operation.id.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?;
            let write = match operation.kind {
                Kind::Upload => None,
                Kind::Reply => {
                    let uploads = uploads_of(db, operation)?;
                    Some(Write::Reply { body: text.ok_or(StoreError::Damaged)?, uploads })
                }
                Kind::AddCc => Some(Write::AddCc { addresses: serde_json::from_str(&addresses.unwrap_or_default())? }),
                Kind::Solve => Some(Write::Solve),
                Kind::Create => Some(create(db, operation, text.ok_or(StoreError::Damaged)?)?),
                Kind::MarkRead => Some(Write::MarkRead { through: CommentId(through.ok_or(StoreError::Damaged)?) }),
            };
            Ok((write, body))
        })
    }

    /// Writes down, durably and before the request leaves, that an attempt begins: its exact bytes, and its high-water
    /// mark, which is at least `newest`. Returns false if the operation must not be sent as it was read, because the
    /// user has taken it back or edited it meanwhile.
    pub(crate) fn begin_attempt(&self, operation: &Operation, body: &[u8], newest: i64) -> Result<bool, StoreError> {
        self.write(Priority::User, |edit| {
            let sql = format!(
                "UPDATE outbox
                 SET state = 'sending', body = ?2, attempts = attempts + 1, empty_reads = 0, ended_at = NULL,
                     first_missed_at = NULL, ever_attempted = 1, high_water_mark = max(?4, ifnull(high_water_mark, 0), {HIGH_WATER_MARK})
                 WHERE id = ?1 AND key = ?3 AND state IN ('queued', 'waiting', 'held')"
            );
            let begins =
                edit.tx.execute_cached(&sql, params![operation.id.0, body, operation.key.to_string(), newest])? == 1;
            if begins {
                edit.touch_outbox(operation.ticket);
            }
            Ok(begins)
        })
    }

    /// The fingerprints of the tickets that wait to be created.
    pub(crate) fn creation_fingerprints(&self) -> Result<BTreeMap<OperationId, Fingerprint>, StoreError> {
        self.read(|db| {
            let sql = "SELECT o.id, t.subject, m.body
                       FROM outbox o JOIN tickets t ON t.id = o.ticket JOIN messages m ON m.id = o.message
                       WHERE o.kind = 'create'";
            let mut statement = db.prepare_cached(sql)?;
            let fingerprints = statement.query_map([], |row| {
                let text = |column| row.get::<_, String>(column).map(|text| normalise(&text));
                Ok((OperationId(row.get(0)?), (text(1)?, text(2)?)))
            })?;
            Ok(fingerprints.collect::<Result<_, _>>()?)
        })
    }
}

/// The tokens of the files that a message names.
fn uploads_of(db: &Connection, operation: &Operation) -> Result<Vec<String>, StoreError> {
    operation.message.map_or(Ok(Vec::new()), |message| staged::tokens_of(db, message))
}

/// The creation of a ticket, with its fields.
fn create(db: &Connection, operation: &Operation, description: String) -> Result<Write, StoreError> {
    let sql = "SELECT subject, issue_type, cc, ifnull(access, 0), ifnull(reference, '') FROM tickets WHERE id = ?1";
    let (subject, issue_type, cc, access, reference): (String, Option<String>, String, bool, String) = db
        .query_row_cached(sql, [operation.ticket.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?;
    Ok(Write::Create {
        subject,
        description,
        issue_type: issue_type.unwrap_or_default(),
        cc: serde_json::from_str(&cc)?,
        access,
        reference,
        uploads: uploads_of(db, operation)?,
    })
}

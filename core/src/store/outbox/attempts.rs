//! What an operation sends.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::model::{ChangeKind, CommentId, OperationId, Structure, TicketNumber, Write};
use crate::outbox::{Fingerprint, Kind, Operation, fingerprint};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{optional_text, text};
use crate::store::outbox::operations::kind_name;
use crate::store::outbox::{anonymous, extras};
use crate::store::{OrMissing, RowFault, Store, StoreError};

impl Store {
    /// What an operation writes, for the connector to encode, and the bytes of the earlier attempt if there was one.
    /// The first is `None` for an upload, whose content is a file. Fails with [`StoreError::NoSuchMessage`] if the user
    /// has taken it back meanwhile, and with [`StoreError::Unreadable`] if it cannot be sent as it is stored.
    pub(crate) fn write_of(&self, operation: &Operation) -> Result<(Option<Write>, Option<Vec<u8>>), StoreError> {
        self.read(|db| {
            let sql = "SELECT o.body, o.addresses, m.body, o.through, o.with_change, o.content, m.structure
                       FROM outbox o LEFT JOIN messages m ON m.id = o.message WHERE o.id = ?1";
            let (body, addresses, written, through, with_change, value, structure) = db
                .query_row_cached(sql, [operation.id.0], |row| {
                    let (body, addresses) = (row.get::<_, Option<Vec<u8>>>(0)?, row.get::<_, Option<String>>(1)?);
                    let (through, with_change) = (row.get::<_, Option<i64>>(3)?, row.get::<_, Option<String>>(4)?);
                    let (value, structure) = (optional_text(row, 5)?, optional_text(row, 6)?);
                    Ok((body, addresses, optional_text(row, 2)?, through, with_change, value, structure))
                })
                .or_missing(StoreError::NoSuchMessage)?;
            let incomplete = StoreError::Unreadable(RowFault::Missing);
            let write = match operation.kind {
                Kind::Upload => None,
                Kind::Reply => {
                    let uploads = uploads_of(db, operation)?;
                    let solves = with_change.as_deref() == Some(kind_name(Kind::Change(ChangeKind::Solve)));
                    let body = written.ok_or(incomplete)?;
                    let structure = structure.and_then(|json| Structure::of_json(&json));
                    Some(Write::Reply { body, structure, uploads, solves })
                }
                Kind::Change(ChangeKind::AddCc) => {
                    Some(Write::AddCc { addresses: serde_json::from_str(&addresses.unwrap_or_default())? })
                }
                Kind::Change(ChangeKind::Solve) => Some(Write::Solve),
                Kind::Change(ChangeKind::Feedback) => Some(Write::Feedback(extras::value(value.as_deref())?)),
                Kind::Change(ChangeKind::Toggle) => Some(Write::Toggle(extras::value(value.as_deref())?)),
                Kind::Create => {
                    let create = create(db, operation, written.ok_or(incomplete.clone())?)?;
                    // What a damaged file gave back may lack who wrote it.
                    let is_whole = !operation.anonymous || matches!(create, Write::Create { requester: Some(_), .. });
                    Some(is_whole.then_some(create).ok_or(incomplete)?)
                }
                Kind::MarkRead => Some(Write::MarkRead { through: CommentId(through.ok_or(incomplete)?) }),
            };
            Ok((write, body))
        })
    }

    /// The fingerprints of the tickets that wait to be created.
    pub(crate) fn creation_fingerprints(&self) -> Result<BTreeMap<OperationId, Fingerprint>, StoreError> {
        self.read(|db| {
            let sql = "SELECT o.id, t.subject, m.body
                       FROM outbox o JOIN tickets t ON t.id = o.ticket JOIN messages m ON m.id = o.message
                       WHERE o.kind = 'create'";
            let mut statement = db.prepare_cached(sql)?;
            let fingerprints = statement
                .query_map([], |row| Ok((OperationId(row.get(0)?), fingerprint(&text(row, 1)?, &text(row, 2)?))))?;
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
    let sql = "SELECT subject, issue_type, cc, ifnull(access, 0), ifnull(reference, ''), follows FROM tickets
               WHERE id = ?1";
    let (subject, issue_type, cc, access, reference, follows) =
        db.query_row_cached(sql, [operation.ticket.0], |row| {
            let (issue_type, cc) = (row.get::<_, Option<String>>(1)?, row.get::<_, String>(2)?);
            let follows = row.get::<_, Option<i64>>(5)?.map(TicketNumber);
            Ok((text(row, 0)?, issue_type, cc, row.get(3)?, row.get(4)?, follows))
        })?;
    Ok(Write::Create {
        subject,
        description,
        issue_type: issue_type.unwrap_or_default(),
        cc: serde_json::from_str(&cc)?,
        access,
        reference,
        follows,
        uploads: uploads_of(db, operation)?,
        requester: anonymous::requester_of(db, operation.ticket)?,
    })
}

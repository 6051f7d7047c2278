//! Cached copies of the server's files: requested by the user, downloaded by sync, opened, and replaced by newer ones.
//!
//! The copies of one account together stay below the product's limit (`cache_bytes`). The copy that was opened longest
//! ago is removed first.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::staged::signed;
use crate::blob::{Complete, FileSink, Transfer};
use crate::model::{Attachment, DownloadProblem, FileState, MessageId, TicketId};
use crate::outbox::{self, Operation};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, OrMissing, Store, StoreError};

/// A file that the user has requested and that is not downloaded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestedDownload {
    pub id: i64,
    pub ticket: TicketId,
    /// The address of the file on the server.
    pub address: String,
    /// In bytes, as the thread announced it; only a hint.
    pub size: u64,
    /// The name of the copy in the cache.
    pub stored_as: String,
    /// How many attempts have failed since it was requested.
    pub attempts: u32,
}

impl Store {
    /// Writes down, durably, that the user requests the file at position `index` of the message's attachments, unless
    /// it is on the device or requested already. Returns its state. `random` becomes the name of the copy.
    ///
    /// Fails with [`StoreError::NoSuchFile`] if there is no attachment at `index`, and with
    /// [`StoreError::NotPossibleNow`] if the server has not shown it yet, or has deleted it.
    pub(crate) fn request_download(
        &self,
        message: MessageId,
        index: u32,
        random: [u8; 16],
    ) -> Result<FileState, StoreError> {
        let (attachment, known) = self.read(|db| Ok((attachment(db, message, index)?, row_of(db, message, index)?)))?;
        let (Some(id), Some(_), false) = (attachment.id, &attachment.address, attachment.deleted) else {
            return Err(StoreError::NotPossibleNow);
        };
        match known.map(|row| row.state) {
            Some(FileState::OnDevice) if self.attachment_file(message, index)?.is_some() => {
                return Ok(FileState::OnDevice);
            }
            Some(FileState::Requested) => return Ok(FileState::Requested),
            _ => {}
        }
        let ending = crate::model::FileType::of_name(&attachment.name).map(|known| format!(".{}", known.ending()));
        let hex = random.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        self.write(Priority::User, |edit| {
            let sql = "INSERT INTO downloads (message, attachment_index, attachment, size, stored_as, state, problem, opened)
                       VALUES (?1, ?2, ?3, ?4, ?5, 'wanted', NULL, (SELECT ifnull(max(opened), 0) + 1 FROM downloads))
                       ON CONFLICT (message, attachment_index)
                       DO UPDATE SET state = excluded.state, problem = excluded.problem, attempts = 0, opened = excluded.opened";
            edit.tx.execute_cached(
                sql,
                params![
                    message.0,
                    index,
                    id,
                    signed(attachment.size),
                    format!("{hex}{}", ending.unwrap_or_default())
                ],
            )?;
            touch(edit, message)
        })?;
        Ok(FileState::Requested)
    }

    /// The path of the copy, if the file is on the device; this counts as opening it. The copy may be removed later, to
    /// make room for others or because the server no longer shows it. A caller that wants to keep the file must copy
    /// it.
    pub fn attachment_file(&self, message: MessageId, index: u32) -> Result<Option<PathBuf>, StoreError> {
        let known = self.read(|db| row_of(db, message, index))?;
        let Some(row) = known.filter(|row| row.state == FileState::OnDevice) else { return Ok(None) };
        let path = self.files.cache().join(&row.stored_as);
        if std::fs::metadata(&path).is_ok_and(|found| found.len() == row.length) {
            self.write(Priority::Sync, |edit| {
                let sql = "UPDATE downloads SET opened = (SELECT max(opened) + 1 FROM downloads)
                           WHERE id = ?1 AND opened < (SELECT max(opened) FROM downloads)";
                Ok(edit.tx.execute_cached(sql, [row.id]).map(drop)?)
            })?;
            return Ok(Some(path));
        }
        // The copy is missing, for example because the system has cleared the cache.
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("DELETE FROM downloads WHERE id = ?1", [row.id])?;
            touch(edit, message)
        })?;
        Ok(None)
    }

    /// The files that are still to be downloaded, in the order of the requests.
    pub(crate) fn requested(&self) -> Result<Vec<RequestedDownload>, StoreError> {
        self.read(|db| {
            let sql = "SELECT d.id, m.ticket,
                              json_extract(CASE WHEN json_valid(m.attachments) THEN m.attachments ELSE '[]' END,
                                           '$[' || d.attachment_index || '].address'), d.size,
                              d.stored_as, d.attempts
                       FROM downloads d JOIN messages m ON m.id = d.message WHERE d.state = 'wanted' ORDER BY d.opened";
            let mut statement = db.prepare_cached(sql)?;
            let requested = statement.query_map([], |row| {
                Ok(RequestedDownload {
                    id: row.get(0)?,
                    ticket: TicketId(row.get(1)?),
                    address: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                    size: unsigned(row.get(3)?),
                    stored_as: row.get(4)?,
                    attempts: row.get(5)?,
                })
            })?;
            Ok(requested.collect::<Result<_, _>>()?)
        })
    }

    /// The sink for the bytes of `requested`. It continues at the resume offset, and calls `on_progress` with the
    /// number of bytes that are there.
    pub(crate) fn sink<'a>(
        &self,
        requested: &RequestedDownload,
        on_progress: &'a (dyn Fn(u64) + Send + Sync),
    ) -> std::io::Result<FileSink<'a>> {
        FileSink::open(&self.files, &requested.stored_as, self.product.cache_bytes, on_progress)
    }

    /// Removes the bytes that were received for `requested`, because they do not belong to that file.
    pub(crate) fn discard_partial(&self, requested: &RequestedDownload) {
        // If they cannot be removed now, the next attempt overwrites them.
        let _ = self.files.remove(&requested.stored_as);
    }

    /// Writes down that the download is complete, and makes room for it. If the row was deleted meanwhile, the file is
    /// removed as well.
    pub(crate) fn finish_download(&self, requested: &RequestedDownload, file: &Complete) -> Result<(), StoreError> {
        let kept = self.write(Priority::Sync, |edit| {
            let sql = "UPDATE downloads SET state = 'here', problem = NULL, attempts = 0, sha256 = ?2, length = ?3,
                                            opened = (SELECT max(opened) + 1 FROM downloads)
                       WHERE id = ?1";
            let args = params![requested.id, file.sha256.as_slice(), signed(file.length)];
            let kept = edit.tx.execute_cached(sql, args)? == 1;
            make_room(edit, self.product.cache_bytes)?;
            edit.touch(requested.ticket);
            Ok(kept)
        })?;
        if !kept {
            // A file that cannot be removed now has no row, so it is removed when the account is opened again.
            let _ = self.files.remove(&requested.stored_as);
        }
        Ok(())
    }

    /// Writes down that an attempt failed: for good with a `problem`, otherwise to be repeated.
    pub(crate) fn fail_download(
        &self,
        requested: &RequestedDownload,
        problem: Option<DownloadProblem>,
    ) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            let sql = "UPDATE downloads
                       SET attempts = attempts + 1, state = CASE WHEN ?2 IS NULL THEN state ELSE 'failed' END, problem = ?2
                       WHERE id = ?1";
            edit.tx.execute_cached(sql, params![requested.id, problem.map(DownloadProblem::name)])?;
            edit.touch(requested.ticket);
            Ok(())
        })?;
        if problem.is_some() {
            let _ = self.files.remove(&requested.stored_as);
        }
        Ok(())
    }
}

/// The part of a row that a screen needs.
struct Download {
    id: i64,
    index: u32,
    /// The length of the copy, if there is one, in bytes.
    length: u64,
    stored_as: String,
    state: FileState,
}

/// Sets the state of each of the message's attachments, for a screen: where its bytes are, and the progress of its
/// transfer.
pub(in crate::store) fn fill_in(
    db: &Connection,
    store: &Store,
    message: MessageId,
    operation: Option<&Operation>,
    attachments: &mut [Attachment],
) -> Result<(), StoreError> {
    if attachments.is_empty() {
        return Ok(());
    }
    for attachment in attachments.iter_mut().filter(|attachment| attachment.deleted) {
        attachment.bytes = FileState::Failed(DownloadProblem::Gone);
    }
    let outgoing = staged::of_message(db, message)?;
    for (attachment, file) in attachments.iter_mut().zip(&outgoing) {
        let progress = store.transfers.of(Transfer::Up(file.id.0));
        attachment.bytes = progress.map_or(FileState::Waiting, FileState::Sending);
        attachment.refused =
            operation.and_then(|operation| outbox::refusal_of_file(operation, file.id.0, outgoing.len()));
    }
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM downloads WHERE message = ?1"))?;
    for row in statement.query_map([message.0], download)? {
        let row = row?;
        let Some(attachment) = attachments.get_mut(row.index as usize) else { continue };
        let progress = store.transfers.of(Transfer::Down(row.id)).filter(|_| row.state == FileState::Requested);
        attachment.bytes = progress.map_or(row.state, FileState::Downloading);
        if row.state == FileState::OnDevice {
            attachment.size = row.length;
        }
    }
    Ok(())
}

const COLUMNS: &str = "id, attachment_index, ifnull(length, size), stored_as, state, problem";

fn row_of(db: &Connection, message: MessageId, index: u32) -> Result<Option<Download>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM downloads WHERE message = ?1 AND attachment_index = ?2");
    Ok(db.prepare_cached(&sql)?.query_row(params![message.0, index], download).optional()?)
}

fn download(row: &Row<'_>) -> rusqlite::Result<Download> {
    let problem: Option<String> = row.get(5)?;
    let state = match row.get_ref(4)?.as_str().unwrap_or_default() {
        "here" => FileState::OnDevice,
        "wanted" => FileState::Requested,
        _ => FileState::Failed(DownloadProblem::from_name(&problem.unwrap_or_default())),
    };
    Ok(Download { id: row.get(0)?, index: row.get(1)?, length: unsigned(row.get(2)?), stored_as: row.get(3)?, state })
}

fn attachment(db: &Connection, message: MessageId, index: u32) -> Result<Attachment, StoreError> {
    let json: rusqlite::Result<String> =
        db.query_row_cached("SELECT attachments FROM messages WHERE id = ?1", [message.0], |row| row.get(0));
    let attachments: Vec<Attachment> = serde_json::from_str(&json.or_missing(StoreError::NoSuchMessage)?)?;
    attachments.into_iter().nth(index as usize).ok_or(StoreError::NoSuchFile)
}

/// Removes the copies that were opened longest ago until the others fit into `limit` bytes.
fn make_room(edit: &Edit<'_>, limit: u64) -> Result<(), StoreError> {
    let sql = "DELETE FROM downloads WHERE id IN (
                   SELECT id FROM (SELECT id, sum(ifnull(length, size)) OVER (ORDER BY opened DESC) AS together
                                   FROM downloads WHERE state = 'here')
                   WHERE together > ?1)";
    edit.tx.execute_cached(sql, [signed(limit)])?;
    Ok(())
}

/// Notes that the thread of `message` changed. The history shows nothing of a download.
fn touch(edit: &mut Edit<'_>, message: MessageId) -> Result<(), StoreError> {
    let ticket =
        edit.tx.query_row_cached("SELECT ticket FROM messages WHERE id = ?1", [message.0], |row| row.get(0))?;
    edit.changes.threads.insert(TicketId(ticket));
    Ok(())
}

fn unsigned(size: i64) -> u64 {
    u64::try_from(size).unwrap_or_default()
}

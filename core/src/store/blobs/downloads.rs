//! Copies of the server's files: wished for, fetched, opened, and pushed out by newer ones.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::staged::signed;
use crate::blob::{FileSink, Transfer};
use crate::model::{Attachment, DownloadProblem, FileState, MessageId, TicketId};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

/// A file that the user asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestedDownload {
    pub id: i64,
    pub ticket: TicketId,
    /// Where the server keeps it.
    pub address: String,
    pub size: u64,
    pub stored_as: String,
    pub attempts: u32,
}

impl Store {
    /// Writes down that the user wants the file at `place` among the message's attachments, unless it is here or asked for
    /// already, and answers where it is. `random` makes its name in the cache.
    ///
    /// A place without a file is [`StoreError::NotFound`], and so is a file that the server has not shown yet.
    pub(crate) fn request_download(
        &self,
        message: MessageId,
        place: u32,
        random: [u8; 16],
    ) -> Result<FileState, StoreError> {
        let (attachment, known) = self.read(|db| Ok((attachment(db, message, place)?, row_of(db, message, place)?)))?;
        let (Some(id), Some(_)) = (attachment.id, &attachment.address) else { return Err(StoreError::NotFound) };
        match known.map(|row| row.state) {
            Some(FileState::OnDevice) if self.attachment_file(message, place)?.is_some() => {
                return Ok(FileState::OnDevice);
            }
            Some(FileState::Requested) => return Ok(FileState::Requested),
            _ => {}
        }
        let too_large = attachment.size > self.product.cache_bytes;
        let state = if too_large { FileState::Failed(DownloadProblem::TooLarge) } else { FileState::Requested };
        let ending = crate::model::FileType::of_name(&attachment.name).map(|known| format!(".{}", known.ending()));
        let hex = random.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        self.write(Priority::User, |edit| {
            let sql = "INSERT INTO downloads (message, attachment_index, attachment, size, stored_as, state, problem, opened)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT ifnull(max(opened), 0) + 1 FROM downloads))
                       ON CONFLICT (message, attachment_index)
                       DO UPDATE SET state = excluded.state, problem = excluded.problem, attempts = 0, opened = excluded.opened";
            edit.tx.execute_cached(
                sql,
                params![
                    message.0,
                    place,
                    id,
                    signed(attachment.size),
                    format!("{hex}{}", ending.unwrap_or_default()),
                    if too_large { "failed" } else { "wanted" },
                    too_large.then_some(DownloadProblem::TooLarge.name())
                ],
            )?;
            make_room(edit, self.product.cache_bytes)?;
            touch(edit, message)
        })?;
        Ok(state)
    }

    /// Where the copy lies, if it is here; it counts as opened now. It stays until newer ones push it out or the server takes it
    /// away: copy what is to be kept.
    pub fn attachment_file(&self, message: MessageId, place: u32) -> Result<Option<PathBuf>, StoreError> {
        let known = self.read(|db| row_of(db, message, place))?;
        let Some(row) = known.filter(|row| row.state == FileState::OnDevice) else { return Ok(None) };
        let path = self.files.cache().join(&row.stored_as);
        if std::fs::metadata(&path).is_ok_and(|found| found.len() == row.size) {
            self.write(Priority::Sync, |edit| {
                let sql = "UPDATE downloads SET opened = (SELECT max(opened) + 1 FROM downloads)
                           WHERE id = ?1 AND opened < (SELECT max(opened) FROM downloads)";
                Ok(edit.tx.execute_cached(sql, [row.id]).map(drop)?)
            })?;
            return Ok(Some(path));
        }
        // Somebody cleared the folder.
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("DELETE FROM downloads WHERE id = ?1", [row.id])?;
            touch(edit, message)
        })?;
        Ok(None)
    }

    /// What is to be fetched, in the order in which it was asked for.
    pub(crate) fn requested(&self) -> Result<Vec<RequestedDownload>, StoreError> {
        self.read(|db| {
            let sql =
                "SELECT d.id, m.ticket, json_extract(m.attachments, '$[' || d.attachment_index || '].address'), d.size,
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

    /// Where the bytes of `requested` go; `told` hears how many are there.
    pub(crate) fn sink<'a>(
        &self,
        requested: &RequestedDownload,
        told: &'a (dyn Fn(u64) + Send + Sync),
    ) -> std::io::Result<FileSink<'a>> {
        FileSink::open(&self.files, &requested.stored_as, requested.size, told)
    }

    /// What came of `requested` is no part of it.
    pub(crate) fn discard_partial(&self, requested: &RequestedDownload) {
        // What cannot be removed now is written over.
        let _ = self.files.remove(&requested.stored_as);
    }

    /// The file is here, whole. Does nothing if its row went meanwhile: then its file goes, too.
    pub(crate) fn finish_download(&self, requested: &RequestedDownload, sha256: &[u8; 32]) -> Result<(), StoreError> {
        let kept = self.write(Priority::Sync, |edit| {
            let sql = "UPDATE downloads SET state = 'here', problem = NULL, attempts = 0, sha256 = ?2 WHERE id = ?1";
            let kept = edit.tx.execute_cached(sql, params![requested.id, sha256.as_slice()])? == 1;
            edit.touch(requested.ticket);
            Ok(kept)
        })?;
        if !kept {
            // What cannot be removed now has no row, and goes at the next opening.
            let _ = self.files.remove(&requested.stored_as);
        }
        Ok(())
    }

    /// An attempt failed: for good, or to be made again.
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

/// A row, as far as a screen goes.
struct Download {
    id: i64,
    place: u32,
    size: u64,
    stored_as: String,
    state: FileState,
}

/// Where the bytes of a message's attachments are, for a screen.
pub(in crate::store) fn fill_in(
    db: &Connection,
    store: &Store,
    message: MessageId,
    attachments: &mut [Attachment],
) -> Result<(), StoreError> {
    if attachments.is_empty() {
        return Ok(());
    }
    let outgoing = staged::of_message(db, message)?;
    for (attachment, file) in attachments.iter_mut().zip(&outgoing) {
        let sent = store.transfers.of(Transfer::Up(file.id.0));
        attachment.bytes = sent.map_or(FileState::Waiting, FileState::Sending);
    }
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM downloads WHERE message = ?1"))?;
    for row in statement.query_map([message.0], download)? {
        let row = row?;
        let Some(attachment) = attachments.get_mut(row.place as usize) else { continue };
        let here = store.transfers.of(Transfer::Down(row.id)).filter(|_| row.state == FileState::Requested);
        attachment.bytes = here.map_or(row.state, FileState::Downloading);
    }
    Ok(())
}

const COLUMNS: &str = "id, attachment_index, size, stored_as, state, problem";

fn row_of(db: &Connection, message: MessageId, place: u32) -> Result<Option<Download>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM downloads WHERE message = ?1 AND attachment_index = ?2");
    Ok(db.prepare_cached(&sql)?.query_row(params![message.0, place], download).optional()?)
}

fn download(row: &Row<'_>) -> rusqlite::Result<Download> {
    let problem: Option<String> = row.get(5)?;
    let state = match row.get_ref(4)?.as_str().unwrap_or_default() {
        "here" => FileState::OnDevice,
        "wanted" => FileState::Requested,
        _ => FileState::Failed(DownloadProblem::from_name(&problem.unwrap_or_default())),
    };
    Ok(Download { id: row.get(0)?, place: row.get(1)?, size: unsigned(row.get(2)?), stored_as: row.get(3)?, state })
}

fn attachment(db: &Connection, message: MessageId, place: u32) -> Result<Attachment, StoreError> {
    let json: String =
        db.query_row_cached("SELECT attachments FROM messages WHERE id = ?1", [message.0], |row| row.get(0))?;
    let attachments: Vec<Attachment> = serde_json::from_str(&json)?;
    attachments.into_iter().nth(place as usize).ok_or(StoreError::NotFound)
}

/// Pushes out what was opened longest ago until the rest fits.
fn make_room(edit: &Edit<'_>, limit: u64) -> Result<(), StoreError> {
    let sql = "DELETE FROM downloads WHERE id IN (
                   SELECT id FROM (SELECT id, sum(size) OVER (ORDER BY opened DESC) AS together FROM downloads
                                   WHERE state <> 'failed')
                   WHERE together > ?1)";
    edit.tx.execute_cached(sql, [signed(limit)])?;
    Ok(())
}

fn touch(edit: &mut Edit<'_>, message: MessageId) -> Result<(), StoreError> {
    let ticket =
        edit.tx.query_row_cached("SELECT ticket FROM messages WHERE id = ?1", [message.0], |row| row.get(0))?;
    edit.changes.threads.insert(TicketId(ticket));
    Ok(())
}

fn unsigned(size: i64) -> u64 {
    u64::try_from(size).unwrap_or_default()
}

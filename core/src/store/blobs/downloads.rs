//! Cached copies of the server's files: requested by the user, downloaded by sync, opened, and replaced by newer ones.
//! They are files of messages, which the user requests one by one; pictures in help articles, which opening the article
//! requests; and [small pictures](super::small_pictures), which a screen requests when it shows them.
//!
//! The copies of one account together stay below the product's limit (`cache_bytes`). The copy that was opened longest
//! ago is removed first. What sync does with what was requested is in [`queue`](super::queue).

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::staged::signed;
use crate::blob::Transfer;
use crate::model::{ArticleId, Attachment, DownloadProblem, FileState, MessageId, PersonId, TicketId};
use crate::outbox::{self, Operation};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

/// What a file of the server's belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileOwner {
    /// A message's attachment.
    Message(MessageId),
    /// A picture in an article.
    Article(ArticleId),
    /// The thumbnail of a message's attachment.
    Thumbnail(MessageId),
    /// A person's photo, at index 0.
    Photo(PersonId),
}

impl FileOwner {
    /// The column of `downloads` with its id.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Article(_) => "article",
            Self::Thumbnail(_) => "thumbnail_of",
            Self::Photo(_) => "person",
        }
    }

    pub(super) fn id(self) -> i64 {
        match self {
            Self::Message(MessageId(id))
            | Self::Thumbnail(MessageId(id))
            | Self::Article(ArticleId(id))
            | Self::Photo(PersonId(id)) => id,
        }
    }

    /// Whether looking at the copy is written down, so that it is kept longer than others. A list shows many small pictures at once, and
    /// looking at them must not write.
    fn counts_as_opened(self) -> bool {
        matches!(self, Self::Message(_) | Self::Article(_))
    }
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
        self.request_file(FileOwner::Message(message), index, random)
    }

    /// Writes down, durably, that the user requests the pictures in an article that are not on the device. Returns whether
    /// there are any. `random` makes a name for a copy.
    pub(crate) fn request_pictures(
        &self,
        article: ArticleId,
        mut random: impl FnMut() -> [u8; 16],
    ) -> Result<bool, StoreError> {
        let owner = FileOwner::Article(article);
        let pictures = self.read(|db| attachments(db, owner))?.unwrap_or_default();
        let mut requested = false;
        for index in (0..).take(pictures.len()) {
            requested |= self.request_file(owner, index, random())? == FileState::Requested;
        }
        Ok(requested)
    }

    fn request_file(&self, owner: FileOwner, index: u32, random: [u8; 16]) -> Result<FileState, StoreError> {
        let (attachment, known) = self.read(|db| Ok((attachment(db, owner, index)?, row_of(db, owner, index)?)))?;
        let (Some(id), Some(_), false) = (attachment.id, &attachment.address, attachment.deleted) else {
            return Err(StoreError::NotPossibleNow);
        };
        match known.map(|row| row.state) {
            Some(FileState::OnDevice) if self.copy_of(owner, index)?.is_some() => {
                return Ok(FileState::OnDevice);
            }
            Some(FileState::Requested) => return Ok(FileState::Requested),
            _ => {}
        }
        let stored_as = stored_as(&attachment.name, random);
        self.write(Priority::User, |edit| {
            let sql = format!(
                "INSERT INTO downloads ({column}, attachment_index, attachment, size, stored_as, state, problem, opened)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'wanted', NULL, (SELECT ifnull(max(opened), 0) + 1 FROM downloads))
                 ON CONFLICT ({column}, attachment_index)
                 DO UPDATE SET state = excluded.state, problem = excluded.problem, attempts = 0, opened = excluded.opened",
                column = owner.column()
            );
            edit.tx.execute_cached(
                &sql,
                params![owner.id(), index, id, signed(attachment.size), stored_as],
            )?;
            touch(edit, owner)
        })?;
        Ok(FileState::Requested)
    }

    /// The path of the copy of the attachment at `index` of the message. `None` if there is no copy on the device, or if
    /// the system has removed it; then the file can be requested again. This call counts as opening the file: what was
    /// opened last is removed last. The copy may be removed later, to make room for others or because the server no longer
    /// shows it. A caller that wants to keep the file must copy it.
    pub fn attachment_file(&self, message: MessageId, index: u32) -> Result<Option<PathBuf>, StoreError> {
        self.copy_of(FileOwner::Message(message), index)
    }

    /// The path of the copy of a picture in an article, as [`attachment_file`](Self::attachment_file).
    pub(crate) fn picture_file(&self, article: ArticleId, index: u32) -> Result<Option<PathBuf>, StoreError> {
        self.copy_of(FileOwner::Article(article), index)
    }

    pub(super) fn copy_of(&self, owner: FileOwner, index: u32) -> Result<Option<PathBuf>, StoreError> {
        let known = self.read(|db| row_of(db, owner, index))?;
        let Some(row) = known.filter(|row| row.state == FileState::OnDevice) else { return Ok(None) };
        let path = self.files.cache().join(&row.stored_as);
        if std::fs::metadata(&path).is_ok_and(|found| found.len() == row.length) {
            if !owner.counts_as_opened() {
                return Ok(Some(path));
            }
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
            touch(edit, owner)
        })?;
        Ok(None)
    }
}

/// The part of a row that a screen needs.
pub(super) struct Download {
    pub id: i64,
    index: u32,
    /// The length of the copy, if there is one, in bytes.
    length: u64,
    stored_as: String,
    pub state: FileState,
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
    fill_in_copies(db, store, FileOwner::Message(message), attachments)
}

/// As [`fill_in`], for what the server has.
pub(in crate::store) fn fill_in_copies(
    db: &Connection,
    store: &Store,
    owner: FileOwner,
    attachments: &mut [Attachment],
) -> Result<(), StoreError> {
    if attachments.is_empty() {
        return Ok(());
    }
    let sql = format!("SELECT {COLUMNS} FROM downloads WHERE {} = ?1", owner.column());
    let mut statement = db.prepare_cached(&sql)?;
    for row in statement.query_map([owner.id()], download)? {
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

pub(super) fn row_of(db: &Connection, owner: FileOwner, index: u32) -> Result<Option<Download>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM downloads WHERE {} = ?1 AND attachment_index = ?2", owner.column());
    Ok(db.prepare_cached(&sql)?.query_row(params![owner.id(), index], download).optional()?)
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

/// The name of a copy: never a word of the user's or of the server's, but with the ending of the type.
pub(super) fn stored_as(name: &str, random: [u8; 16]) -> String {
    let ending = crate::model::FileType::of_name(name).map(|known| format!(".{}", known.ending()));
    let hex = random.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!("{hex}{}", ending.unwrap_or_default())
}

pub(super) fn attachment(db: &Connection, owner: FileOwner, index: u32) -> Result<Attachment, StoreError> {
    let files = attachments(db, owner)?.ok_or(StoreError::NoSuchMessage)?;
    files.into_iter().nth(index as usize).ok_or(StoreError::NoSuchFile)
}

/// The files of a message, or the pictures in an article; `None` if there is no such message or article. A person has none.
fn attachments(db: &Connection, owner: FileOwner) -> Result<Option<Vec<Attachment>>, StoreError> {
    let sql = match owner {
        FileOwner::Message(_) | FileOwner::Thumbnail(_) => "SELECT attachments FROM messages WHERE id = ?1",
        FileOwner::Article(_) => "SELECT pictures FROM articles WHERE id = ?1",
        FileOwner::Photo(_) => return Ok(None),
    };
    let json: Option<String> = db.query_row_cached(sql, [owner.id()], |row| row.get(0)).optional()?;
    Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
}

/// Notes that what shows the file changed. The history shows nothing of a download.
fn touch(edit: &mut Edit<'_>, owner: FileOwner) -> Result<(), StoreError> {
    match owner {
        FileOwner::Message(message) | FileOwner::Thumbnail(message) => {
            let sql = "SELECT ticket FROM messages WHERE id = ?1";
            let ticket = edit.tx.query_row_cached(sql, [message.0], |row| row.get(0))?;
            edit.changes.threads.insert(TicketId(ticket));
        }
        FileOwner::Article(_) => edit.changes.articles = true,
        // Its threads are not known here. Each shows the photo again when it has come.
        FileOwner::Photo(_) => {}
    }
    Ok(())
}

pub(super) fn unsigned(size: i64) -> u64 {
    u64::try_from(size).unwrap_or_default()
}

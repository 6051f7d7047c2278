//! The rows of staged files: files that were copied into the account's folder and wait to be uploaded.
//!
//! A row belongs to a draft until the draft is submitted, then to its message. It is deleted when the message was seen
//! on the server, or with the draft or the message. The story of an attachment, with what a crash leaves behind, is in
//! [`blob`](crate::blob).

use rusqlite::{Connection, Row, params};

use super::attach_error::AttachError;
use crate::blob::{Copied, FileError, check, copy_in};
use crate::bugs::{self, Bug};
use crate::model::{Attachment, AttachmentLimits, DraftFile, DraftId, FileId, FileState, MessageId, Timestamp};
use crate::store::db::pending_deletes;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, OrMissing, RowFault, Store, StoreError};

/// A file that waits to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StagedFile {
    pub id: FileId,
    /// The name of the copy in the folder of outgoing files.
    pub stored_as: String,
    pub name: String,
    pub content_type: String,
    /// In bytes.
    pub size: u64,
}

/// The token that the server has given for an uploaded file. The message that names the file sends it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub text: String,
    /// When the token expires, by the server's clock; `None` if the server does not say.
    pub until: Option<Timestamp>,
}

impl Store {
    /// Copies a picked file into the account's folder and attaches it to `draft`, durably. `random` becomes the name of
    /// the copy. Fails with [`StoreError::NoSuchDraft`] if the draft is not saved.
    pub(crate) fn attach(
        &self,
        draft: &DraftId,
        source: &std::path::Path,
        name: &str,
        random: [u8; 16],
        limits: &AttachmentLimits,
    ) -> Result<DraftFile, AttachError> {
        let attached = self.read(|db| {
            if !is_kept(db, draft)? {
                return Err(StoreError::NoSuchDraft);
            }
            Ok(of_draft(db, draft)?.len())
        })?;
        let checked = check(source, name, attached, limits)?;
        let copied = copy_in(&self.files, checked, random, limits)?;
        let inserted = self.write(Priority::User, |edit| insert(edit, draft, &copied, limits));
        // After an input or output error the row may exist, so the copy must stay. When the account is opened again, a
        // copy without a row is removed, and so is one that cannot be removed now.
        if !matches!(inserted, Ok(Some(_)) | Err(StoreError::Io { .. })) {
            let _ = self.files.remove(&copied.stored_as);
        }
        let id = inserted?.ok_or(FileError::TooMany { limit: limits.max_files })?;
        Ok(DraftFile { id, name: copied.name, content_type: copied.content_type.to_owned(), size: copied.size })
    }

    /// Detaches a file from its draft. Fails with [`StoreError::NoSuchFile`] if there is no such file, or if it was
    /// submitted.
    pub fn detach(&self, file: FileId) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let removed = edit.tx.execute_cached("DELETE FROM files WHERE id = ?1 AND draft IS NOT NULL", [file.0])?;
            if removed == 0 { Err(StoreError::NoSuchFile) } else { Ok(()) }
        })
    }

    /// The files of a draft, in the order in which they were attached.
    pub fn draft_files(&self, draft: &DraftId) -> Result<Vec<DraftFile>, StoreError> {
        let draft_file = |file: StagedFile| DraftFile {
            id: file.id,
            name: file.name,
            content_type: file.content_type,
            size: file.size,
        };
        self.read(|db| Ok(of_draft(db, draft)?.into_iter().map(draft_file).collect()))
    }

    /// The path of a file that the user has attached, until its message was seen on the server; `None` if its copy is
    /// missing.
    pub fn draft_file(&self, file: FileId) -> Result<Option<std::path::PathBuf>, StoreError> {
        Ok(self.staged_path(&self.outgoing(file)?))
    }

    /// Reads one row. Fails with [`StoreError::NoSuchFile`] if there is none.
    pub(crate) fn outgoing(&self, file: FileId) -> Result<StagedFile, StoreError> {
        self.read(|db| {
            db.query_row_cached(&format!("SELECT {COLUMNS} FROM files WHERE id = ?1"), [file.0], outgoing)
                .or_missing(StoreError::NoSuchFile)
        })
    }

    /// The files of a message that was not seen on the server yet, in order.
    pub(crate) fn staged_files_of(&self, message: MessageId) -> Result<Vec<StagedFile>, StoreError> {
        self.read(|db| of_message(db, message))
    }

    /// The path of a file, if it is there with its full size.
    pub(crate) fn staged_path(&self, file: &StagedFile) -> Option<std::path::PathBuf> {
        let path = self.files.outgoing().join(&file.stored_as);
        std::fs::metadata(&path).is_ok_and(|known| known.is_file() && known.len() == file.size).then_some(path)
    }

    /// Removes files without a row, and rows without a draft. Called once, when the store is opened.
    pub(in crate::store) fn remove_orphaned_files(&self) -> Result<(), StoreError> {
        let orphans =
            "SELECT EXISTS (SELECT 1 FROM files WHERE draft IS NOT NULL AND draft NOT IN (SELECT id FROM drafts))";
        if self.read(|db| Ok(db.query_row_cached(orphans, [], |row| row.get::<_, bool>(0))?))? {
            self.write(Priority::User, delete_orphaned_rows)?;
        }
        let names_in = |db: &Connection, table: &str| -> Result<_, StoreError> {
            let mut statement = db.prepare(&format!("SELECT stored_as FROM {table}"))?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        };
        let (outgoing, cached) = self.read(|db| Ok((names_in(db, "files")?, names_in(db, "downloads")?)))?;
        // If a file cannot be removed now, the next opening of the account tries again.
        if self.files.remove_without_row(&outgoing, &cached).is_ok()
            && self.read(|db| Ok(!pending_deletes::pending_deletes(db)?.is_empty()))?
        {
            self.write(Priority::Sync, |edit| {
                Ok(edit.tx.execute_cached("DELETE FROM pending_deletes", []).map(drop)?)
            })?;
        }
        Ok(())
    }
}

const COLUMNS: &str = "id, stored_as, name, content_type, size";

/// Inserts the row of a copied file. Returns `None` if the draft already has the largest number of files.
fn insert(
    edit: &mut Edit<'_>,
    draft: &DraftId,
    file: &Copied,
    limits: &AttachmentLimits,
) -> Result<Option<FileId>, StoreError> {
    // Both were checked before the file was copied. Meanwhile another file may have been attached, or the draft
    // submitted.
    if !is_kept(&edit.tx, draft)? {
        return Err(StoreError::NoSuchDraft);
    }
    if of_draft(&edit.tx, draft)?.len() >= limits.max_files as usize {
        return Ok(None);
    }
    let sql = "INSERT INTO files (draft, stored_as, name, content_type, size, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    edit.tx.execute_cached(
        sql,
        params![draft.0, file.stored_as, file.name, file.content_type, signed(file.size), file.sha256.as_slice()],
    )?;
    Ok(Some(FileId(edit.tx.last_insert_rowid())))
}

/// Whether the draft is saved.
fn is_kept(db: &Connection, draft: &DraftId) -> Result<bool, StoreError> {
    Ok(db.query_row_cached("SELECT EXISTS (SELECT 1 FROM drafts WHERE id = ?1)", [&draft.0], |row| row.get(0))?)
}

/// The files of a draft, in the order in which they were attached.
pub(in crate::store) fn of_draft(db: &Connection, draft: &DraftId) -> Result<Vec<StagedFile>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM files WHERE draft = ?1 ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    Ok(statement.query_map([&draft.0], outgoing)?.collect::<Result<_, _>>()?)
}

/// The files of a message that was not seen on the server yet, in order.
pub(in crate::store) fn of_message(db: &Connection, message: MessageId) -> Result<Vec<StagedFile>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM files WHERE message = ?1 ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    Ok(statement.query_map([message.0], outgoing)?.collect::<Result<_, _>>()?)
}

/// The tokens of the files of a message, in order. A message is sent only after all of its uploads, so this fails with
/// [`StoreError::Unreadable`] if one is missing.
pub(in crate::store) fn tokens_of(db: &Connection, message: MessageId) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT token FROM files WHERE message = ?1 ORDER BY id")?;
    let tokens: Vec<Option<String>> = statement.query_map([message.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if bugs::is_on(Bug::UploadDependencyLost) {
        return Ok(tokens.into_iter().flatten().collect());
    }
    tokens.into_iter().collect::<Option<_>>().ok_or(StoreError::Unreadable(RowFault::Missing))
}

/// Gives the files of a submitted draft to its message, whose row in the thread shows their names. Returns the files in
/// order; each needs an upload.
pub(in crate::store) fn give_to_message(
    edit: &Edit<'_>,
    draft: &DraftId,
    message: MessageId,
) -> Result<Vec<StagedFile>, StoreError> {
    let files = of_draft(&edit.tx, draft)?;
    if files.is_empty() {
        return Ok(files);
    }
    edit.tx
        .execute_cached("UPDATE files SET draft = NULL, message = ?2 WHERE draft = ?1", params![draft.0, message.0])?;
    let shown: Vec<Attachment> = files.iter().map(shown).collect();
    let sql = "UPDATE messages SET attachments = ?2 WHERE id = ?1";
    edit.tx.execute_cached(sql, params![message.0, serde_json::to_string(&shown)?])?;
    let sql = "UPDATE tickets SET has_attachments = 1 WHERE id = (SELECT ticket FROM messages WHERE id = ?1)";
    edit.tx.execute_cached(sql, [message.0])?;
    Ok(files)
}

/// Gives the files of a message that was taken back to its draft. Their tokens are deleted.
pub(in crate::store) fn give_to_draft(edit: &Edit<'_>, message: MessageId, draft: &DraftId) -> Result<(), StoreError> {
    let sql = "UPDATE files SET draft = ?2, message = NULL, token = NULL, token_until = NULL WHERE message = ?1";
    edit.tx.execute_cached(sql, params![message.0, draft.0])?;
    Ok(())
}

/// Deletes the files of a message that the server has.
pub(in crate::store) fn remove(edit: &Edit<'_>, message: MessageId) -> Result<(), StoreError> {
    edit.tx.prepare_cached("DELETE FROM files WHERE message = ?1")?.execute([message.0])?;
    Ok(())
}

/// Deletes the rows of files whose draft is no longer saved.
pub(in crate::store) fn delete_orphaned_rows(edit: &mut Edit<'_>) -> Result<(), StoreError> {
    let sql = "DELETE FROM files WHERE draft IS NOT NULL AND draft NOT IN (SELECT id FROM drafts)";
    edit.tx.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Stores the token of an uploaded file.
pub(in crate::store) fn set_token(edit: &Edit<'_>, file: FileId, token: Option<&Token>) -> Result<(), StoreError> {
    let until = token.and_then(|token| token.until).map(|until| until.0);
    let sql = "UPDATE files SET token = ?2, token_until = ?3 WHERE id = ?1";
    edit.tx.execute_cached(sql, params![file.0, token.map(|token| &token.text), until])?;
    Ok(())
}

/// The attachment that the thread shows for a staged file.
fn shown(file: &StagedFile) -> Attachment {
    Attachment {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: file.size,
        bytes: FileState::Waiting,
        ..Attachment::default()
    }
}

fn outgoing(row: &Row<'_>) -> rusqlite::Result<StagedFile> {
    Ok(StagedFile {
        id: FileId(row.get(0)?),
        stored_as: row.get(1)?,
        name: row.get(2)?,
        content_type: row.get(3)?,
        size: u64::try_from(row.get::<_, i64>(4)?).unwrap_or_default(),
    })
}

/// A size as SQLite stores it.
pub(in crate::store) fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

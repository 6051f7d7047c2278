//! The queue of downloads: what was requested and is not here yet, and how an attempt at it ended.

use rusqlite::params;

use super::downloads::unsigned;
use super::small_pictures;
use super::staged::signed;
use crate::blob::{Complete, FileSink, may_be_page};
use crate::model::{DownloadProblem, TicketId};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

/// A file that was requested and that is not downloaded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestedDownload {
    pub id: i64,
    /// The ticket in whose thread it is; `None` for a picture in an article.
    pub ticket: Option<TicketId>,
    /// Whether the user asked for this file. False for a picture that a screen asked for by itself.
    pub is_asked_for: bool,
    /// The address of the file on the server.
    pub address: String,
    /// In bytes, as the thread announced it; only a hint.
    pub size: u64,
    /// The name of the copy in the cache.
    pub stored_as: String,
    /// How many attempts have failed since it was requested.
    pub attempts: u32,
    /// Whether the file may be a web page, as far as the server has said.
    pub may_be_page: bool,
    /// Whether it is a [small picture](super::small_pictures).
    pub is_small: bool,
}

impl Store {
    /// The files that are still to be downloaded: those that the user asked for, then pictures, each in the order of the requests.
    pub(crate) fn requested(&self) -> Result<Vec<RequestedDownload>, StoreError> {
        self.read(|db| {
            let sql = "SELECT id, ticket,
                              CAST(ifnull(photo, files ->> ('$[' || attachment_index || '].' || field)) AS TEXT),
                              size, stored_as, attempts, message IS NOT NULL, field = 'thumbnail' OR photo IS NOT NULL,
                              CAST(files ->> ('$[' || attachment_index || '].name') AS TEXT),
                              CAST(files ->> ('$[' || attachment_index || '].content_type') AS TEXT)
                       FROM (SELECT d.*, ifnull(m.ticket, d.asked_in) AS ticket, p.photo,
                                    iif(json_valid(ifnull(m.attachments, a.pictures)), ifnull(m.attachments, a.pictures), '[]') AS files,
                                    CASE WHEN d.thumbnail_of IS NULL THEN 'address' ELSE 'thumbnail' END AS field
                             FROM downloads d LEFT JOIN messages m ON m.id = ifnull(d.message, d.thumbnail_of)
                                  LEFT JOIN articles a ON a.id = d.article LEFT JOIN people p ON p.id = d.person
                             WHERE d.state = 'wanted')
                       ORDER BY message IS NULL, opened";
            let mut statement = db.prepare_cached(sql)?;
            let requested = statement.query_map([], |row| {
                let text = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.unwrap_or_default());
                let is_small: bool = row.get(7)?;
                Ok(RequestedDownload {
                    id: row.get(0)?,
                    ticket: row.get::<_, Option<i64>>(1)?.map(TicketId),
                    address: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                    size: unsigned(row.get(3)?),
                    stored_as: row.get(4)?,
                    attempts: row.get(5)?,
                    is_asked_for: row.get(6)?,
                    may_be_page: !is_small && may_be_page(&text(8)?, &text(9)?),
                    is_small,
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
        let cache = self.product.cache_bytes;
        let limit = if requested.is_small { small_pictures::largest(cache) } else { cache };
        FileSink::open(&self.files, &requested.stored_as, limit, requested.may_be_page, on_progress)
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
            note(edit, requested.ticket);
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
            note(edit, requested.ticket);
            Ok(())
        })?;
        if problem.is_some() {
            let _ = self.files.remove(&requested.stored_as);
        }
        Ok(())
    }
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

/// Notes that a transfer went on.
fn note(edit: &mut Edit<'_>, ticket: Option<TicketId>) {
    match ticket {
        Some(ticket) => edit.touch(ticket),
        None => edit.changes.articles = true,
    }
}

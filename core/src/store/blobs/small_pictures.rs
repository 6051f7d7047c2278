//! Small pictures beside what a user reads: the thumbnails of files, and the photos of agents.
//!
//! # The story
//!
//! A screen asks for a small picture when it shows its place ([`Store::thumbnail`], [`Store::author_photo`]). If the picture is on the device,
//! that is all. Otherwise a row of `downloads` is written, sync fetches the picture after the files that the user asked for, and the thread is
//! announced as changed when it has come. So nothing is fetched that nobody looks at, and what was looked at is there without a network.
//!
//! One that cannot be fetched is not asked for again each time it is shown, but when a thread is next opened
//! ([`Store::retry_small_pictures`]). Nobody is told: without it the screen shows the type of the file, or the author's
//! initials.
//!
//! A small picture is small ([`largest`]), so that all that fit on a screen fit into the cache. Otherwise they would displace one another, and
//! each would be asked for again when the next one has come, without end.
//!
//! The address is always one of the server's own; the connector leaves out others.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, params};

use super::downloads::{FileOwner, attachment, row_of, stored_as};
use crate::model::{Attachment, FileState, MessageId, PersonId, SmallPicture};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Store, StoreError};

/// The most bytes that a small picture may have.
const LARGEST: u64 = 256 * 1024;
/// How many small pictures fit into the cache at least. A tablet shows about thirty of them at once.
const FIT: u64 = 64;

/// How many bytes a small picture may have in a cache of this size.
pub(super) fn largest(cache_bytes: u64) -> u64 {
    LARGEST.min(cache_bytes / FIT)
}

/// What becomes of a small picture that a screen wants to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SmallPictureFile {
    /// It is on the device.
    Here(PathBuf),
    /// It was requested just now.
    Requested,
    /// There is none, it is on its way, or it could not be fetched.
    NotHere,
}

impl Store {
    /// The thumbnail of the attachment at position `index` of the message. `random` makes the name of its copy.
    ///
    /// Fails with [`StoreError::NoSuchMessage`] or [`StoreError::NoSuchFile`] if there is no such message or attachment.
    pub(crate) fn thumbnail(
        &self,
        message: MessageId,
        index: u32,
        random: [u8; 16],
    ) -> Result<SmallPictureFile, StoreError> {
        let owner = FileOwner::Thumbnail(message);
        if let Some(known) = self.known(owner, index)? {
            return Ok(known);
        }
        let Attachment { id: Some(id), thumbnail: Some(_), name, .. } = self.read(|db| attachment(db, owner, index))?
        else {
            return Ok(SmallPictureFile::NotHere);
        };
        self.request(owner, index, id, &stored_as(&name, random), None)
    }

    /// The photo of the author of a message. `random` makes the name of its copy.
    pub(crate) fn author_photo(&self, message: MessageId, random: [u8; 16]) -> Result<SmallPictureFile, StoreError> {
        let author: Option<(i64, i64)> = self.read(|db| {
            let sql = "SELECT p.id, m.ticket FROM messages m JOIN people p ON p.id = m.author
                       WHERE m.id = ?1 AND p.photo IS NOT NULL";
            Ok(db.query_row_cached(sql, [message.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
        })?;
        let Some((person, ticket)) = author else { return Ok(SmallPictureFile::NotHere) };
        let owner = FileOwner::Photo(PersonId(person));
        match self.known(owner, 0)? {
            Some(known) => Ok(known),
            None => self.request(owner, 0, person, &stored_as("", random), Some(ticket)),
        }
    }

    /// Lets the small pictures that could not be fetched be requested again.
    pub(crate) fn retry_small_pictures(&self) -> Result<(), StoreError> {
        let failed = "SELECT EXISTS (SELECT 1 FROM downloads WHERE state = 'failed' AND (thumbnail_of IS NOT NULL OR person IS NOT NULL))";
        if self.read(|db| Ok(db.query_row_cached(failed, [], |row| row.get::<_, bool>(0))?))? {
            self.write(Priority::User, |edit| {
                let sql =
                    "DELETE FROM downloads WHERE state = 'failed' AND (thumbnail_of IS NOT NULL OR person IS NOT NULL)";
                Ok(edit.tx.execute_cached(sql, []).map(drop)?)
            })?;
        }
        Ok(())
    }

    /// What is known of a small picture without asking for it; `None` if it was not requested, or if its copy is gone.
    fn known(&self, owner: FileOwner, index: u32) -> Result<Option<SmallPictureFile>, StoreError> {
        Ok(match self.read(|db| row_of(db, owner, index))?.map(|row| row.state) {
            None => None,
            Some(FileState::OnDevice) => self.copy_of(owner, index)?.map(SmallPictureFile::Here),
            Some(_) => Some(SmallPictureFile::NotHere),
        })
    }

    fn request(
        &self,
        owner: FileOwner,
        index: u32,
        id: i64,
        stored_as: &str,
        asked_in: Option<i64>,
    ) -> Result<SmallPictureFile, StoreError> {
        self.write(Priority::User, |edit| {
            let sql = format!(
                "INSERT INTO downloads ({column}, attachment_index, attachment, size, stored_as, state, opened, asked_in)
                 VALUES (?1, ?2, ?3, 0, ?4, 'wanted', (SELECT ifnull(max(opened), 0) + 1 FROM downloads), ?5)
                 ON CONFLICT DO NOTHING",
                column = owner.column()
            );
            edit.tx.execute_cached(&sql, params![owner.id(), index, id, stored_as, asked_in])?;
            Ok(SmallPictureFile::Requested)
        })
    }
}

/// Sets where the thumbnails of a message's attachments are, for a screen.
pub(in crate::store) fn fill_in(
    db: &Connection,
    message: MessageId,
    attachments: &mut [Attachment],
) -> Result<(), StoreError> {
    if attachments.iter().all(|attachment| attachment.thumbnail.is_none()) {
        return Ok(());
    }
    let sql = "SELECT attachment_index FROM downloads WHERE thumbnail_of = ?1 AND state = 'here'";
    let mut statement = db.prepare_cached(sql)?;
    let here: BTreeSet<u32> = statement.query_map([message.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for (index, attachment) in (0..).zip(attachments) {
        attachment.thumbnail_state = match &attachment.thumbnail {
            None => SmallPicture::None,
            Some(_) if here.contains(&index) => SmallPicture::OnDevice,
            Some(_) => SmallPicture::OnServer,
        };
    }
    Ok(())
}

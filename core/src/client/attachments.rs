//! Attachments: files that the user adds to a draft, and files that the user opens. The story is in
//! [`blob`].

use std::path::{Path, PathBuf};

use super::Client;
use crate::blob::{self, SmallerPhoto};
use crate::model::{DraftFile, DraftId, FileId, FileState, MessageId};
use crate::store::{AttachError, SmallPictureFile, StoreError};
use crate::sync::Scope;

impl Client {
    /// Attaches the file at `source` to a draft under `name`. The file is copied durably into the account's folder
    /// before the call returns, and the original is not needed afterwards. The call takes as long as the copy takes, so
    /// do not make it on a thread that draws.
    ///
    /// The draft must have been saved before ([`save_ticket_draft`](Self::save_ticket_draft),
    /// [`save_reply_draft`](Self::save_reply_draft)).
    pub fn attach(&self, draft: &DraftId, source: &Path, name: &str) -> Result<DraftFile, AttachError> {
        let limits = self.product.attachments.as_ref().ok_or(AttachError::Off)?;
        self.store.attach(draft, source, name, self.environment.random(), limits)
    }

    /// How a picked file that [`attach`](Self::attach) refused can be attached after all: as a smaller JPG, which the
    /// caller makes. `None` if it is no photo, if it was refused for another reason than size or type, or if the product
    /// does not offer it. Reads the beginning of the file at `source`; if the file is too large, that and one byte more
    /// than is allowed are enough.
    pub fn smaller_photo(&self, source: &Path, name: &str) -> Option<SmallerPhoto> {
        blob::smaller(source, name, self.product.attachments.as_ref()?)
    }

    /// Removes a file from its draft. [`StoreError::NoSuchFile`] if no draft has this file.
    pub fn detach(&self, file: FileId) -> Result<(), StoreError> {
        self.store.detach(file)
    }

    /// The files of a draft, in the order in which they were attached.
    pub fn draft_files(&self, draft: &DraftId) -> Result<Vec<DraftFile>, StoreError> {
        self.store.draft_files(draft)
    }

    /// The path of a draft's file on this device, for the user to look at; `None` if the copy is missing.
    /// [`StoreError::NoSuchFile`] if there is no such file. Copy it to keep it, and do not change it: it is what will be sent.
    pub fn draft_file(&self, file: FileId) -> Result<Option<PathBuf>, StoreError> {
        self.store.draft_file(file)
    }

    /// Asks for the attachment at `place` (from 0) of a message. The request is durable, and the file is downloaded
    /// when the network allows. Returns where the file is now; later changes are announced as changes of the thread.
    /// [`StoreError::NoSuchFile`] if there is no such file, and [`StoreError::NotPossibleNow`] if the server has not
    /// shown it yet or has deleted it.
    pub fn download(&self, message: MessageId, place: u32) -> Result<FileState, StoreError> {
        let state = self.store.request_download(message, place, self.environment.random())?;
        if state == FileState::Requested {
            self.ask(Scope::Due);
        }
        Ok(state)
    }

    /// The path of a message's attachment (`place` from 0) on this device; `None` if it was not downloaded. The file
    /// counts as opened now. It may be deleted later, when newer files need the room or the server no longer shows it,
    /// so copy it to keep it. Do not change it.
    pub fn attachment_file(&self, message: MessageId, place: u32) -> Result<Option<PathBuf>, StoreError> {
        self.store.attachment_file(message, place)
    }

    /// The path of the small form of the picture at `place` (from 0) of a message's files, if it is on this device.
    /// Otherwise it is asked for, once, and the thread changes when it has come
    /// ([`Attachment::thumbnail_state`](crate::model::Attachment::thumbnail_state)). Call it when its place comes on
    /// screen. The result is also `None` if the picture has no small form, or if that could not be fetched; in the
    /// second case it is asked for again after the next [`thread_opened`](Self::thread_opened). Do not change the file.
    pub fn thumbnail(&self, message: MessageId, place: u32) -> Result<Option<PathBuf>, StoreError> {
        Ok(self.small_picture(self.store.thumbnail(message, place, self.environment.random())?))
    }

    /// The path of the photo of a message's author ([`Message::author_photo`](crate::model::Message::author_photo)), as
    /// [`thumbnail`](Self::thumbnail).
    pub fn author_photo(&self, message: MessageId) -> Result<Option<PathBuf>, StoreError> {
        Ok(self.small_picture(self.store.author_photo(message, self.environment.random())?))
    }

    /// Wakes the transfers alone: nothing else has to be asked because of a picture.
    fn small_picture(&self, file: SmallPictureFile) -> Option<PathBuf> {
        match file {
            SmallPictureFile::Here(path) => return Some(path),
            SmallPictureFile::Requested => self.wake_transfers.notify_one(),
            SmallPictureFile::NotHere => {}
        }
        None
    }
}

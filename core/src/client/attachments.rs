//! Files of messages, to the server and from it. See [`attachments`](crate::blob) for the story.

use std::path::{Path, PathBuf};

use super::Client;
use crate::model::{DraftFile, DraftId, FileId, FileState, MessageId};
use crate::store::{AttachError, StoreError};
use crate::sync::Scope;

impl Client {
    /// Attaches the file at `source` to a draft, under `name`: copied into the account's folder, durably, before the call
    /// returns; the original is not needed afterwards. Takes as long as the copy takes, so not on a thread that draws.
    ///
    /// The draft must have been kept before ([`save_ticket_draft`](Self::save_ticket_draft),
    /// [`save_reply_draft`](Self::save_reply_draft)).
    pub fn attach(&self, draft: &DraftId, source: &Path, name: &str) -> Result<DraftFile, AttachError> {
        let limits = self.product.attachments.as_ref().ok_or(AttachError::Off)?;
        self.store.attach(draft, source, name, self.environment.random(), limits)
    }

    /// Takes a file from its draft. One that is not there is [`StoreError::NotFound`].
    pub fn detach(&self, file: FileId) -> Result<(), StoreError> {
        self.store.detach(file)
    }

    /// The files of a draft, in the order in which they were attached.
    pub fn draft_files(&self, draft: &DraftId) -> Result<Vec<DraftFile>, StoreError> {
        self.store.draft_files(draft)
    }

    /// Asks for the file at `place` (from 0) among a message's attachments, durably: it is fetched when the network allows.
    /// Answers where its bytes are now; watch the thread for the rest. [`StoreError::NotFound`]: there is no such file, or
    /// the server has not shown it yet.
    pub fn download(&self, message: MessageId, place: u32) -> Result<FileState, StoreError> {
        let state = self.store.request_download(message, place, self.environment.random())?;
        if state == FileState::Requested {
            self.ask(Scope::Due);
        }
        Ok(state)
    }

    /// Where the copy of a message's attachment lies on this device, if it is here; it counts as opened now. The file may go
    /// when newer ones need the room, or when the server takes it away: copy what is to be kept, and change nothing in it.
    pub fn attachment_file(&self, message: MessageId, place: u32) -> Result<Option<PathBuf>, StoreError> {
        self.store.attachment_file(message, place)
    }
}

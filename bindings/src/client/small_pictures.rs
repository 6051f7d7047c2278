//! Small pictures beside what a user reads: thumbnails of files, and photos of authors.

use pocketdesk::model::MessageId;

use super::Client;
use crate::errors::ClientError;

#[uniffi::export]
impl Client {
    /// Returns the path of the small form of a picture that is a file of a message; none if it is not on this device.
    /// If the file has a small form, the call then requests it, once, and the thread changes when it has come
    /// (`Attachment.thumbnail`). Call it when the file comes on screen. A small form that could not be fetched is
    /// requested again after the next `thread_opened`. Do not change the file at the path. Throws `NoSuchMessage` if
    /// there is no such message, and `NoSuchFile` if it has no such file.
    pub fn thumbnail(&self, message: i64, index: u32) -> Result<Option<String>, ClientError> {
        self.call(|client| {
            let path = client.thumbnail(MessageId(message), index)?;
            Ok(path.map(|path| path.to_string_lossy().into_owned()))
        })
    }

    /// Returns the path of the photo of a message's author; none if it is not on this device, or if there is no photo
    /// or no such message. A photo that is not here is requested, as in `thumbnail`.
    pub fn author_photo(&self, message: i64) -> Result<Option<String>, ClientError> {
        self.call(|client| {
            let path = client.author_photo(MessageId(message))?;
            Ok(path.map(|path| path.to_string_lossy().into_owned()))
        })
    }
}

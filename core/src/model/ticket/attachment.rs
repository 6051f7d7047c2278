//! The files of messages and of drafts, as a screen shows them.

use crate::model::{FileId, ReasonKind};

/// A file of a message. [`Client::download`](crate::Client::download) identifies it by its index in
/// [`Message::attachments`](crate::model::Message::attachments).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attachment {
    /// The name on the server, or the user's name for it until the file is there.
    pub name: String,
    /// The media type.
    pub content_type: String,
    /// The size, in bytes.
    pub size: u64,
    /// The server's id; `None` until the thread has shown the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The file's address on the server; `None` until the thread has shown the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The address of a small form of the picture on the server; `None` if the server has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
    /// Whether it is a picture that belongs into the text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub inline: bool,
    /// What the server's search for malware found. A file with malware is not opened without a warning.
    #[serde(default, skip_serializing_if = "Scan::is_clean")]
    pub scan: Scan,
    /// Whether the server has deleted it. It cannot be downloaded.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// Where the bytes are now, for a screen. Not stored with the attachment.
    #[serde(skip)]
    pub bytes: FileState,
    /// Where its thumbnail is now, for a screen. Not stored with the attachment.
    #[serde(skip)]
    pub thumbnail_state: SmallPicture,
    /// Why its message needs the user, if this file is the reason. Not stored with the attachment.
    #[serde(skip)]
    pub refused: Option<ReasonKind>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Where the thumbnail of a file or the photo of an author is. It is fetched when a screen asks for it
/// ([`Client::thumbnail`](crate::Client::thumbnail), [`Client::author_photo`](crate::Client::author_photo)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SmallPicture {
    /// There is none.
    #[default]
    None,
    /// On the server. It may be on its way, or could not be fetched.
    OnServer,
    /// On this device.
    OnDevice,
}

/// What the server's search for malware in a file found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scan {
    /// Nothing, or it does not search.
    #[default]
    Clean,
    /// It could not search the file, for example because it has a password.
    Failed,
    /// Malware.
    Malware,
}

impl Scan {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    fn is_clean(&self) -> bool {
        *self == Self::Clean
    }
}

/// Where the bytes of an [`Attachment`] are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", content = "detail", rename_all = "snake_case")]
pub enum FileState {
    /// Only on the server.
    #[default]
    OnServer,
    /// On this device, waiting to be sent with the message.
    Waiting,
    /// On the way to the server. The value is the number of bytes sent so far.
    Sending(u64),
    /// The download was requested and has not started.
    Requested,
    /// On the way to this device. The value is the number of bytes received so far.
    Downloading(u64),
    /// On the server and on this device.
    OnDevice,
    /// The download failed.
    Failed(DownloadProblem),
}

/// Why a download failed. The user can request the file again, which starts another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DownloadProblem {
    /// The server does not have the file, or does not show it to this user.
    Gone,
    /// The device has no space left.
    NoSpace,
    /// The file is larger than the whole cache may be.
    TooLarge,
    /// The server's answers were wrong, again and again.
    Unavailable,
}

impl DownloadProblem {
    /// Every problem, with the name under which it is stored and its strings are found.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Gone, "gone"),
        (Self::NoSpace, "no_space"),
        (Self::TooLarge, "too_large"),
        (Self::Unavailable, "unavailable"),
    ];

    /// The name under which it is stored and its strings are found.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(problem, _)| *problem == self).map_or("unavailable", |(_, name)| name)
    }

    /// The problem with that name. A name stored by a later version is read as [`Unavailable`](Self::Unavailable).
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.iter().find(|(_, n)| *n == name).map_or(Self::Unavailable, |(problem, _)| *problem)
    }
}

/// A file of a draft, already copied to this device.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DraftFile {
    /// The local id, which never changes.
    pub id: FileId,
    /// The name under which it will be sent.
    pub name: String,
    /// The media type.
    pub content_type: String,
    /// The size, in bytes.
    pub size: u64,
}

//! Why a file could not be attached.

use crate::blob::FileError;
use crate::store::StoreError;

/// Why a file could not be attached. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum AttachError {
    /// This server or this product does not take files.
    #[error("files cannot be attached here")]
    Off,
    /// The reason is the file itself, or the folder that it is copied into.
    #[error(transparent)]
    #[serde(untagged)]
    File(#[from] FileError),
    /// The reason is the account's database. [`StoreError::NoSuchDraft`] means that there is no such draft: save the draft
    /// before attaching a file to it.
    #[error(transparent)]
    #[serde(untagged)]
    Store(#[from] StoreError),
}

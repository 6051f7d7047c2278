//! Why a file was not attached.

use crate::blob::FileError;
use crate::store::StoreError;

/// Why a file was not attached. Nothing was kept of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttachError {
    /// This server, or this product, takes no files.
    #[error("files cannot be attached here")]
    Off,
    /// The file itself, or the folder it is copied into.
    #[error(transparent)]
    File(#[from] FileError),
    /// The account's file. [`StoreError::NotFound`]: there is no such draft; save it before attaching to it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

//! Files that are uploaded to a server or downloaded from it.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Failure, Timestamp};

/// A file to upload.
#[derive(Clone)]
pub struct UploadFile {
    /// Its path on this device.
    pub path: PathBuf,
    /// The name that the server should give it.
    pub name: String,
    /// The media type.
    pub content_type: String,
    /// The size, in bytes.
    pub size: u64,
    /// Called with the number of bytes handed to the network so far.
    pub progress: Arc<dyn Fn(u64) + Send + Sync>,
}

/// A file that was uploaded and is not yet named by any message.
#[derive(Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// The token by which a message names the file. It can be used once.
    pub token: String,
    /// When the token expires, by the server's clock, if the server tells.
    pub expires_at: Option<Timestamp>,
}

/// Receives the bytes of a download.
pub trait Sink: Send {
    /// Called once, before the first bytes.
    fn begin(&mut self, start: DownloadStart) -> Result<(), SinkError>;

    /// Called after [`begin`](Self::begin), if the answer says how long the whole file is, in bytes. What a thread said
    /// about the file's size is only a hint.
    fn expect(&mut self, length: u64) -> Result<(), SinkError> {
        let _ = length;
        Ok(())
    }

    /// Called after [`begin`](Self::begin) with the media type that the answer names. The sign-in page of a network or of the server may
    /// come in place of the file.
    fn media_type(&mut self, media_type: &str) -> Result<(), SinkError> {
        let _ = media_type;
        Ok(())
    }

    /// Takes the next bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), SinkError>;
}

/// The byte at which a download starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DownloadStart {
    /// The first byte, although a later one may have been requested.
    Whole,
    /// This resume offset.
    From(u64),
}

/// Why a [`Sink`] accepts no more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    /// The device has no space left.
    #[error("no space left")]
    NoSpace,
    /// The folder does not allow writing.
    #[error("the folder does not allow writing")]
    NotWritable,
    /// The file is larger than a file may be.
    #[error("the file is too large")]
    TooLarge,
    /// These are not the bytes that were requested.
    #[error("these are not the requested bytes")]
    Unexpected,
}

/// Why a download did not complete. The bytes received so far stay in the sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DownloadFailure {
    /// The server or the connection failed.
    Server(Failure),
    /// The sink failed.
    Sink(SinkError),
}

impl From<Failure> for DownloadFailure {
    fn from(failure: Failure) -> Self {
        Self::Server(failure)
    }
}

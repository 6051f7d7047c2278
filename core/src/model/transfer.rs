//! Files, as they travel to a server and from it.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Failure, Timestamp};

/// A file to send.
#[derive(Clone)]
pub struct UploadFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What the server is to call it.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// In bytes.
    pub size: u64,
    /// Hears how many bytes were handed to the network so far.
    pub progress: Arc<dyn Fn(u64) + Send + Sync>,
}

/// A file that the server has, and that no comment names yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// By what a comment names it; once.
    pub token: String,
    /// Until when, by the server's clock, if it says.
    pub expires_at: Option<Timestamp>,
}

/// Where a download's bytes go.
pub trait Sink: Send {
    /// The bytes are about to come. Called once, before the first of them.
    fn begin(&mut self, landing: DownloadStart) -> Result<(), SinkError>;

    /// The next bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), SinkError>;
}

/// From where on the bytes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DownloadStart {
    /// From the beginning, whatever was asked for.
    Whole,
    /// From this byte on.
    From(u64),
}

/// Why a [`Sink`] takes no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    /// No space left on the device.
    #[error("no space left")]
    NoSpace,
    /// The folder does not allow writing.
    #[error("the folder does not allow writing")]
    NotWritable,
    /// Not the bytes that were asked for.
    #[error("these are other bytes")]
    Unexpected,
}

/// Why a download did not reach its end. What came until then is in the sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DownloadFailure {
    /// The server, or the way to it.
    Server(Failure),
    /// The sink.
    Sink(SinkError),
}

impl From<Failure> for DownloadFailure {
    fn from(failure: Failure) -> Self {
        Self::Server(failure)
    }
}

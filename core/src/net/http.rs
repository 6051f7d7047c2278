//! The network as a connector sees it: one request gives one answer. Redirects are not followed, and nothing is
//! retried.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

/// Sends single requests. It follows no redirects, retries nothing, keeps no cookies, and limits the time of an
/// exchange and the size of an answer. An answer may take minutes if it keeps flowing, however slowly. Silence ends the
/// exchange much earlier.
#[async_trait]
pub trait Http: Send + Sync {
    /// Sends `request` and returns the whole answer, whatever its status.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure>;

    /// Sends `request`, and passes the body of a successful answer to `sink` piece by piece, instead of returning it.
    /// The time is limited for each piece, and for the whole by hours only; the size is limited by `sink`. If `sink`
    /// rejects the head or a piece, the exchange ends with [`HttpFailure::Rejected`].
    ///
    /// A network in memory can keep this default implementation.
    async fn fetch(&self, request: HttpRequest, sink: &mut dyn ResponseSink) -> Result<HttpResponse, HttpFailure> {
        let mut answer = self.send(request).await?;
        if answer.is_success() {
            let body = std::mem::take(&mut answer.body);
            sink.head(&answer).and_then(|()| sink.piece(&body)).map_err(|Rejected| HttpFailure::Rejected)?;
        }
        Ok(answer)
    }
}

/// Takes the body of a successful answer.
pub trait ResponseSink: Send {
    /// Called once with the status and headers of a successful answer, before the first piece.
    fn head(&mut self, head: &HttpResponse) -> Result<(), Rejected>;

    /// Takes the next bytes.
    fn piece(&mut self, bytes: &[u8]) -> Result<(), Rejected>;
}

/// A [`ResponseSink`] wants no more bytes. The sink itself knows the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected;

/// The HTTP methods that a help desk needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads an object.
    Get,
    /// Creates an object.
    Post,
    /// Changes an object.
    Put,
    /// Changes an object, or makes it.
    Patch,
    /// Removes an object.
    Delete,
}

impl Method {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request. Its `Debug` output shows neither address nor headers nor body, so that it can be logged.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The whole address, with its query.
    pub url: Url,
    /// The headers, with names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body, which is sent unchanged.
    pub body: Body,
}

/// The body of a request.
#[derive(Clone)]
pub enum Body {
    /// No body.
    Empty,
    /// `application/json`.
    Json(Vec<u8>),
    /// A file. It is read while it is sent and is never wholly in memory.
    File(FileBody),
    /// Several parts in a row, some of them files.
    Multipart(Multipart),
}

/// A body of several parts.
#[derive(Clone)]
pub struct Multipart {
    /// The content type of the whole body.
    pub content_type: String,
    /// The parts, in their order.
    pub parts: Vec<BodyPart>,
}

/// A part of a body.
#[derive(Clone)]
pub enum BodyPart {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// A file. It is read while it is sent and is never wholly in memory.
    File(FileBody),
}

/// A file that is the body of a request, or one part of it.
#[derive(Clone)]
pub struct FileBody {
    /// The path of the file.
    pub path: PathBuf,
    /// The length in bytes. If the file turns out to be shorter, the request is not completed; what a longer one has
    /// beyond it is not sent.
    pub length: u64,
    /// The media type.
    pub content_type: String,
    /// Called with the number of bytes handed to the network so far. It is called often and must not block.
    pub progress: Arc<dyn Fn(u64) + Send + Sync>,
}

impl Body {
    /// Reads all bytes, for a network in memory.
    pub fn read(&self) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Empty => Ok(Vec::new()),
            Self::Json(bytes) => Ok(bytes.clone()),
            Self::File(file) => std::fs::read(&file.path),
            Self::Multipart(body) => {
                let mut whole = Vec::new();
                for piece in &body.parts {
                    match piece {
                        BodyPart::Bytes(bytes) => whole.extend_from_slice(bytes),
                        BodyPart::File(file) => whole.append(&mut std::fs::read(&file.path)?),
                    }
                }
                Ok(whole)
            }
        }
    }

    /// The value of the header `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        match self {
            Self::Empty => None,
            Self::Json(_) => Some("application/json"),
            Self::File(file) => Some(&file.content_type),
            Self::Multipart(body) => Some(&body.content_type),
        }
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// An answer. Its `Debug` output shows only the status.
#[derive(Clone)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body; empty if a [`ResponseSink`] has taken it.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// Whether the status is 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first header with that name, which must be in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The length of the whole body in bytes, if the header says it. The length of a compressed body does not count,
    /// because it is not the length of what was compressed.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        let length = self.header("content-length").filter(|_| self.header("content-encoding").is_none());
        length?.trim().parse().ok()
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpFailure {
    /// The request was not sent: no network, no such host, connection refused, no agreement on TLS, or a file of its
    /// body that cannot be opened.
    #[error("the server was not reached")]
    NotSent,
    /// The request was sent, or may have been, and the connection broke before the whole answer came back.
    #[error("the connection broke")]
    Broken,
    /// The request was sent, or may have been, and the whole answer did not come back in time.
    #[error("the answer did not come in time")]
    TimedOut,
    /// The answer was larger than allowed.
    #[error("the answer was too large")]
    TooLarge,
    /// The [`ResponseSink`] rejected the rest of the answer.
    #[error("the rest of the answer was rejected")]
    Rejected,
}

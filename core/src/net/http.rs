//! The network, as a connector sees it: one request, one answer, nothing followed, nothing retried.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

/// Sends one request. Follows no redirect, retries nothing, keeps no cookie, and bounds its time and the answer's size.
#[async_trait]
pub trait Http: Send + Sync {
    /// The whole answer, whatever its status.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure>;

    /// The same, but the body of a success goes to `intake` piece by piece, and is not in the answer. Bounded in time for each
    /// piece, not for the whole; bounded in size by `intake`. What refuses a piece ends the exchange
    /// ([`HttpFailure::Rejected`]).
    ///
    /// A network in memory may leave this as it is.
    async fn fetch(&self, request: HttpRequest, intake: &mut dyn ResponseSink) -> Result<HttpResponse, HttpFailure> {
        let mut answer = self.send(request).await?;
        if answer.is_success() {
            let body = std::mem::take(&mut answer.body);
            intake.head(&answer).and_then(|()| intake.piece(&body)).map_err(|Rejected| HttpFailure::Rejected)?;
        }
        Ok(answer)
    }
}

/// Where the body of a success goes.
pub trait ResponseSink: Send {
    /// Status and headers came, and they are a success. Called once, before the first piece.
    fn head(&mut self, head: &HttpResponse) -> Result<(), Rejected>;

    /// The next bytes.
    fn piece(&mut self, bytes: &[u8]) -> Result<(), Rejected>;
}

/// An [`ResponseSink`] does not want the rest. Why is known to the intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected;

/// The methods that a help desk needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// As it stands on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// A request. Its `Debug` shows neither address nor headers nor body, so that it may stand in a log.
#[derive(Clone)]
pub struct HttpRequest {
    /// What to do.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Sent as it is.
    pub body: Body,
}

/// The body of a request.
#[derive(Clone)]
pub enum Body {
    /// None.
    Empty,
    /// `application/json`.
    Json(Vec<u8>),
    /// A file, read while it is sent and never whole in memory.
    File(FileBody),
    /// Several pieces one behind the other, files among them.
    Multipart(Multipart),
}

/// A body of several pieces.
#[derive(Clone)]
pub struct Multipart {
    /// Of the whole.
    pub content_type: String,
    /// In their order.
    pub parts: Vec<BodyPart>,
}

/// A part of a body.
#[derive(Clone)]
pub enum BodyPart {
    /// In memory.
    Bytes(Vec<u8>),
    /// Read while it is sent and never whole in memory.
    File(FileBody),
}

/// A file as the body of a request, or a part of it.
#[derive(Clone)]
pub struct FileBody {
    /// Where it lies.
    pub path: PathBuf,
    /// How long it is, in bytes. A file of another length is not sent to its end.
    pub length: u64,
    /// Its media type.
    pub content_type: String,
    /// Hears how many bytes were handed to the network so far. Called often; must not block.
    pub progress: Arc<dyn Fn(u64) + Send + Sync>,
}

impl Body {
    /// All bytes, for a network in memory.
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

    /// What its `Content-Type` says.
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

/// An answer. Its `Debug` shows the status only.
#[derive(Clone)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first header of that (lower-case) name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
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
    /// The request never left: no network, no such host, refused, no agreement on TLS.
    #[error("the server was not reached")]
    NotSent,
    /// It left, or may have; no whole answer came back in time.
    #[error("the connection broke")]
    Broken,
    /// The answer was larger than allowed.
    #[error("the answer was too large")]
    TooLarge,
    /// Whoever took the answer's bytes did not want the rest.
    #[error("the rest of the answer was not wanted")]
    Rejected,
}

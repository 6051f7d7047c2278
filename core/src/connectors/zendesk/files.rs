//! Uploads, and downloads of attachments.
//!
//! The `content_url` of an attachment is an address on the server. The server redirects it to the storage that holds
//! the file. The storage refuses a request that carries the server's token. So this module follows the redirects itself
//! and sends the token only with the first request. It follows at most [`MAX_REDIRECTS`] redirects, and only to https
//! (or to http on this device).

use super::calls::{Call, ask, document};
use super::classify;
use crate::connectors::refusal::Asked;
use crate::model::{DownloadFailure, DownloadStart, Failure, Sink, SinkError, UploadFile, Uploaded};
use crate::net::session::Session;
use crate::net::{Body, FileBody, HttpResponse, Rejected, ResponseSink};

/// The largest number of redirects. More than this means a loop.
const MAX_REDIRECTS: u32 = 5;

pub(super) async fn upload(session: &Session, file: &UploadFile) -> Result<Uploaded, Failure> {
    let body = FileBody {
        path: file.path.clone(),
        length: file.size,
        content_type: file.content_type.clone(),
        progress: file.progress.clone(),
    };
    let query = [("filename", &*file.name)];
    let call = Call { asked: Asked::Upload, path: "/api/v2/uploads", query: &query, body: Body::File(body), key: None };
    let answer = ask(session, call).await?;
    // Something took the bytes and gives nothing by which a message could name them.
    let without_token = || Failure::Unexplained { server_message: None };
    let document = document(&answer).map_err(|_| without_token())?;
    let [upload] = document.root().fields(["upload"]);
    let [token, expires_at] = upload.fields(["token", "expires_at"]);
    let token = token.words().ok_or_else(without_token)?;
    Ok(Uploaded { token, expires_at: expires_at.time() })
}

pub(super) async fn download(
    session: &Session,
    address: &str,
    offset: u64,
    sink: &mut dyn Sink,
) -> Result<(), DownloadFailure> {
    let mut url = session.resolve(address).ok_or_else(Failure::misbehaves)?;
    let mut headers = vec![("accept", "*/*".to_owned())];
    if offset > 0 {
        headers.push(("range", format!("bytes={offset}-")));
    }
    for redirect in 0..=MAX_REDIRECTS {
        let mut receiver = Ranged { sink: &mut *sink, failed: None };
        let outcome = session.fetch(&url, &headers, redirect == 0, &mut receiver).await;
        if let Some(error) = receiver.failed {
            return Err(DownloadFailure::Sink(error));
        }
        let answer = outcome?;
        match answer.status {
            200 | 206 => return Ok(()),
            301 | 302 | 303 | 307 | 308 => {
                let next = answer.header("location").and_then(|location| url.join(location).ok());
                let next = next.and_then(|next| session.resolve(next.as_str()));
                url = next.ok_or_else(Failure::misbehaves)?;
            }
            // The part on this device is not part of the file on the server.
            416 => return Err(DownloadFailure::Sink(SinkError::Unexpected)),
            403 | 404 | 410 if redirect > 0 => return Err(Failure::Gone.into()),
            _ => return Err(classify::failure(&answer, Asked::Object).unwrap_or_else(Failure::misbehaves).into()),
        }
    }
    Err(Failure::misbehaves().into())
}

/// Passes the answer's bytes to the sink, with the byte at which they start.
struct Ranged<'a> {
    sink: &'a mut dyn Sink,
    failed: Option<SinkError>,
}

impl Ranged<'_> {
    fn keep(&mut self, done: Result<(), SinkError>) -> Result<(), Rejected> {
        done.map_err(|error| {
            self.failed = Some(error);
            Rejected
        })
    }
}

impl ResponseSink for Ranged<'_> {
    fn head(&mut self, head: &HttpResponse) -> Result<(), Rejected> {
        let start = match head.status {
            206 => head.header("content-range").and_then(first_byte).map(DownloadStart::From),
            200 => Some(DownloadStart::Whole),
            _ => None,
        };
        let started = start.map_or(Err(SinkError::Unexpected), |start| self.sink.begin(start));
        let length =
            if head.status == 206 { head.header("content-range").and_then(whole_length) } else { head.length() };
        let typed = started.and_then(|()| self.sink.media_type(head.header("content-type").unwrap_or_default()));
        let done = typed.and_then(|()| length.map_or(Ok(()), |length| self.sink.expect(length)));
        self.keep(done)
    }

    fn piece(&mut self, bytes: &[u8]) -> Result<(), Rejected> {
        let done = self.sink.write(bytes);
        self.keep(done)
    }
}

/// The first byte of a `Content-Range`: 1024 for `bytes 1024-2047/4096`.
fn first_byte(range: &str) -> Option<u64> {
    range.trim().strip_prefix("bytes")?.trim().split_once('-')?.0.trim().parse().ok()
}

/// The length of the whole file in a `Content-Range`: 4096 for `bytes 1024-2047/4096`.
fn whole_length(range: &str) -> Option<u64> {
    range.rsplit_once('/')?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{first_byte, whole_length};

    #[test]
    fn the_first_byte_is_read_from_a_range() {
        for (range, expected) in [
            ("bytes 1024-2047/4096", Some(1024)),
            ("bytes 0-0/*", Some(0)),
            ("bytes */4096", None),
            ("pages 1-2/3", None),
            ("", None),
        ] {
            assert_eq!(first_byte(range), expected, "{range}");
        }
        assert_eq!(whole_length("bytes 1024-2047/4096"), Some(4096));
        assert_eq!(whole_length("bytes 0-0/*"), None);
    }
}
